/* Names of exported files, whatever the wire calls them; and passwords, which stay behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/export/export_blank.h"
#include "src/export/export_name.h"

/* ---- names ---- */

static void
check_name(const struct export_name *name, unsigned number, const char *expected)
{
	char text[EXPORT_NAME_SIZE];

	export_name_write(name, number, text);
	assert_string_equal(text, expected);
}

static void
check_file(const char *path, const char *expected)
{
	struct export_name name = export_name_of_file(path, false);

	check_name(&name, 1, expected);
}

static void
of_files(void **state)
{
	(void)state;
	check_file("SEP001122334455.cnf.xml.sgn", "SEP001122334455.cnf.xml.sgn");
	check_file("New_Zealand/g3-tones.xml.sgn", "g3-tones.xml.sgn");
	check_file("../../etc/passwd", "passwd");
	check_file("/etc/passwd", "passwd");
	check_file("..", "_.");
	check_file("../..", "_.");
	check_file(".", "_");
	check_file(".bashrc", "_bashrc");
	check_file("--force", "_-force");
	check_file("", "unnamed");
	check_file("folder/", "unnamed");
	check_file("%00", "_00");
	check_file("SEP%00.cnf.xml", "SEP_00.cnf.xml");
	check_file("..\\..\\x", "_._.._x");
	check_file("a b;c|d$(e)`f`\n\"g\"*?~", "a_b_c_d__e__f___g____");
	check_file("t\xc3\xa9l\xff", "t__l_");
}

static void
of_what_differs(void **state)
{
	struct export_name name = export_name_of_file("a/SEP001122334455.cnf.xml.sgn", false);

	(void)state;
	check_name(&name, 2, "SEP001122334455-2.cnf.xml.sgn");
	check_name(&name, 99, "SEP001122334455-99.cnf.xml.sgn");
	name = export_name_of_file("noend", false);
	check_name(&name, 3, "noend-3");
	name = export_name_of_file(".hidden.xml", false);
	check_name(&name, 2, "_hidden-2.xml");
}

static void
of_parts(void **state)
{
	struct export_name name = export_name_of_file("ITLFile.tlv", true);

	(void)state;
	check_name(&name, 1, "ITLFile.tlv.part");
	check_name(&name, 2, "ITLFile-2.tlv.part");
}

/* 4 KiB of anything still make a name, and what stands last in it is ours. */
static void
that_are_long(void **state)
{
	static const char *const fillings[] = {"A", ".", "a.", "/", "../", "%2e", "\xff", "-"};
	char path[4097], text[EXPORT_NAME_SIZE];

	(void)state;
	for (size_t f = 0; f < sizeof fillings / sizeof fillings[0]; f++) {
		struct export_name name;

		for (size_t i = 0; i < sizeof path - 1; i++)
			path[i] = fillings[f][i % strlen(fillings[f])];
		path[sizeof path - 1] = '\0';
		name = export_name_of_file(path, true);
		export_name_write(&name, 4000000000U, text);
		assert_in_range(strlen(text), 1, 255);
		assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"),
				 strlen(text));
		assert_true(text[0] != '.' && text[0] != '-');
		assert_string_equal(text + strlen(text) - strlen(".part"), ".part");
	}
}

static void
of_certificates(void **state)
{
	struct cert cert = {.sha1 = {0xe5, 0x7e, 0x81, 0xea, 0x99}, .subject_cn = "vpn.example.com"};
	struct export_name name = export_name_of_cert(&cert, ".cer");
	char cn[2000];

	(void)state;
	check_name(&name, 1, "vpn.example.com-e57e81ea.cer");
	check_name(&name, 2, "vpn.example.com-e57e81ea-2.cer");
	cert.subject_cn = "../*.example.com";
	name = export_name_of_cert(&cert, ".pem");
	check_name(&name, 1, "_.__.example.com-e57e81ea.pem");
	cert.subject_cn = NULL;
	name = export_name_of_cert(&cert, ".cer");
	check_name(&name, 1, "certificate-e57e81ea.cer");
	memset(cn, 'x', sizeof cn - 1);
	cn[sizeof cn - 1] = '\0';
	cert.subject_cn = cn;
	name = export_name_of_cert(&cert, ".cer");
	assert_int_equal(strlen(name.stem), 80 + strlen("-e57e81ea"));
}

/* ---- passwords ---- */

static void
check_blank(const char *xml, size_t n, const char *expected)
{
	/* a block of its own size, so that a step too far is seen */
	uint8_t *bytes = malloc(strlen(xml) + 1);

	assert_non_null(bytes);
	memcpy(bytes, xml, strlen(xml));
	assert_int_equal(export_blank(bytes, strlen(xml)), n);
	assert_int_equal(strlen(xml), strlen(expected));
	assert_memory_equal(bytes, expected, strlen(xml));
	free(bytes);
}

static void
what_is_blanked(void **state)
{
	(void)state;
	check_blank("<sshUserId>admin</sshUserId><sshPassword>cisco</sshPassword>", 1,
		    "<sshUserId>admin</sshUserId><sshPassword>*****</sshPassword>");
	check_blank("<adminPassword>a</adminPassword><PASSWD>b</PASSWD><passphrase>c</passphrase><psk>d</psk>", 4,
		    "<adminPassword>*</adminPassword><PASSWD>*</PASSWD><passphrase>*</passphrase><psk>*</psk>");
	check_blank("<wepKey1>a</wepKey1><clientSecret>b</clientSecret><pin>1234</pin><userPin>5</userPin>", 4,
		    "<wepKey1>*</wepKey1><clientSecret>*</clientSecret><pin>****</pin><userPin>*</userPin>");
	check_blank("<ns:sshPassword a='>' b=\"/>\">x</ns:sshPassword>", 1,
		    "<ns:sshPassword a='>' b=\"/>\">*</ns:sshPassword>");
	check_blank("<sshPassword>\r\n  two words\r\n</sshPassword >", 1,
		    "<sshPassword>\r\n  *********\r\n</sshPassword >");
}

static void
what_hides_it(void **state)
{
	(void)state;
	check_blank("<!-- <sshPassword>old</sshPassword> -->", 1, "<!-- <sshPassword>***</sshPassword> -->");
	check_blank("<sshPassword><![CDATA[</x>]]></sshPassword>", 1, "<sshPassword>****************</sshPassword>");
	check_blank("<sshPassword><b>x</b></sshPassword>", 1, "<sshPassword>********</sshPassword>");
	check_blank("<sshPassword>never closed <a>b</a>", 1, "<sshPassword>*********************");
	check_blank("<sshPassword a=\">secret</sshPassword>", 1, "<sshPassword a=\">******</sshPassword>");
	check_blank("<sshPassword\n>x</sshPassword>", 1, "<sshPassword\n>*</sshPassword>");
	check_blank("<sshPassword a=\"<b>x</sshPassword>\">", 1, "<sshPassword a=\"<b>*</sshPassword>\">");
	check_blank("<psk:>a</psk:>", 1, "<psk:>*</psk:>");
	check_blank("<<sshPassword>x</sshPassword>", 1, "<<sshPassword>*</sshPassword>");
}

static void
what_is_left(void **state)
{
	static const char *const texts[] = {
		"",
		"<",
		"<sshPassword",
		"<sshPassword></sshPassword>",
		"<sshPassword> \n </sshPassword>",
		"<sshPassword/><a>b</a>",
		"<sshPassword nil='true' /><a>b</a>",
		"<pswdPersistent>0</pswdPersistent><credentials><certHash1>x</certHash1></credentials>",
		"<pinned>1</pinned><spinner>2</spinner><mapping>3</mapping>",
		"password=x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		check_blank(texts[i], 0, texts[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_files),	   cmocka_unit_test(of_what_differs),
		cmocka_unit_test(of_parts),	   cmocka_unit_test(that_are_long),
		cmocka_unit_test(of_certificates), cmocka_unit_test(what_is_blanked),
		cmocka_unit_test(what_hides_it),   cmocka_unit_test(what_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
