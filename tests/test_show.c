/* What --show says of phones' files, as text and as JSON. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "dissectors/trust_list.h"
#include "src/limit.h"
#include "src/show.h"
#include "tests/allocations.h"
#include "tests/signer_make.h"

#define SERIAL TEXT("\x5f\x2d\x7c\x1b")
#define SECRET "hunter2"
#define CONFIG                                                                                                         \
	"<device><deviceProtocol>SIP</deviceProtocol><sshUserId>admin</sshUserId><sshPassword>" SECRET "</sshPassword>" \
	"<certHash>d41d8cd98f00b204e9800998ecf8427e</certHash><deviceSecurityMode>1</deviceSecurityMode>"             \
	"<loadInformation>sip88xx.12-5-1SR3-74</loadInformation>"                                                     \
	"<vpnGroup><mtu>1290</mtu><failConnectTime>30</failConnectTime><authMethod>2</authMethod>"                    \
	"<autoNetDetect>1</autoNetDetect><enableHostIDCheck>0</enableHostIDCheck>"                                    \
	"<url1>https://asa.example.test/phonevpn</url1><url2>/</url2><credentials><hashAlg>0</hashAlg>"               \
	"<certHash1>5X6B6plUwUSXZnjQ4kGM33mpMXY=</certHash1>"                                                         \
	"<certHash2>E5:7E:81:EA:99:54:C1:44:97:66:78:D0:E2:41:8C:DF:79:A9:31:76</certHash2>"                          \
	"<certHash3>nonsense</certHash3></credentials></vpnGroup></device>"

static struct signer cucm;
static char folder[] = "test_show.XXXXXX";
static const struct trust nobody = {.n_lists = 0};

/* ---- making files ---- */

static void
write_file(const char *name, struct slice bytes)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
	fclose(file);
}

static void
sign(const char *name, const char *file_name, struct slice body)
{
	struct header_parts parts = {
		.major = 1,
		.minor = 2,
		.signer_major = 1,
		.signer_minor = 1,
		.signer = "CN=cucm",
		.issuer = "CN=ca",
		.file_name = file_name,
		.digest = 1,
		.modulus = 1,
		.time = 1459541662,
		.body = body,
	};
	struct made made = {.n = 0};

	signer_signs(&cucm, &made, parts, EVP_sha1());
	write_file(name, made_slice(&made));
}

static struct record_parts
record_of(int role)
{
	return (struct record_parts){
		.role = role,
		.dns_name = "cucm.example.test",
		.subject = "CN=cucm",
		.issuer = "CN=cucm",
		.serial = cucm.serial,
		.certificate = signer_der(&cucm),
		.ip = TEXT("\xc0\x00\x02\x14"),
	};
}

static void
make_files(void)
{
	struct record_parts sast = record_of(ROLE_SAST), tftp = record_of(ROLE_CCM_TFTP),
			    hashed = {.role = 99,
				      .serial = TEXT("\1\2"),
				      .hash = TEXT("01234567890123456789"),
				      .ip = TEXT("12345")},
			    bare = {.role = -1};
	struct made records = {.n = 0};

	made_record(&records, &sast);
	made_record(&records, &tftp);
	made_record(&records, &hashed);
	made_record(&records, &bare);
	sign("CTLFile.tlv", "CTLFile.tlv", made_slice(&records));
	write_file("SEP001122334455.cnf.xml", TEXT(CONFIG));
	sign("SEP001122334455.cnf.xml.sgn", "SEP001122334455.cnf.xml.sgn", TEXT(CONFIG));
	write_file("words", TEXT("no phone's file\x1b[2J"));
}

/* said gives what show writes, to be freed; it answers good. */
static char *
said(char **paths, size_t n, const struct trust *trust, enum show_form form, bool good)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	assert_int_equal(show(to, paths, n, trust, form), good);
	fclose(to);
	assert_null(strstr(text, SECRET));
	return text;
}

static void
check(char **paths, size_t n, enum show_form form, const char *expected)
{
	char *text = said(paths, n, &nobody, form, true);

	assert_string_equal(text, expected);
	free(text);
}

static void
contains(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in\n%s", part, text);
}

/* ---- text ---- */

#define CONFIG_TEXT                                                                                         \
	"  phone    SEP001122334455, SIP, firmware sip88xx.12-5-1SR3-74, not secure\n"                      \
	"           its own certificate has the MD5 d41d8cd98f00b204e9800998ecf8427e\n"                     \
	"  url      https://asa.example.test/phonevpn\n"                                                    \
	"           /\n"                                                                                    \
	"  trusts   5X6B6plUwUSXZnjQ4kGM33mpMXY= (SHA-1)\n"                                                 \
	"           E5:7E:81:EA:99:54:C1:44:97:66:78:D0:E2:41:8C:DF:79:A9:31:76 (SHA-1 in hex, which a phone\n" \
	"           does not take: write it in Base64)\n"                                                   \
	"           nonsense (no hash at all)\n"                                                            \
	"  vpn      login by certificate, host ID check off, network detection on, MTU 1290, seconds to\n" \
	"           connect 30, hashAlg 0\n"

static void
a_configuration(void **state)
{
	char *paths[] = {"SEP001122334455.cnf.xml"};

	(void)state;
	check(paths, 1, SHOW_TEXT, "SEP001122334455.cnf.xml: configuration, 707 bytes\n  signed   no\n" CONFIG_TEXT);
}

static void
a_signed_one_and_its_list(void **state)
{
	char *paths[] = {"SEP001122334455.cnf.xml.sgn", "CTLFile.tlv"};
	char *text = said(paths, 2, &nobody, SHOW_TEXT, true);

	(void)state;
	contains(text, "  signed   2016-04-01 20:14:22 UTC, SHA-1, RSA 1024 bits, as SEP001122334455.cnf.xml.sgn, header\n"
		       "           version 1.2 of 232 bytes, signer version 1.1\n"
		       "  by       CN=cucm, serial 5f2d7c1b, issued by CN=ca\n"
		       "           the signature is good: it fits record 2 (CCM+TFTP) of CTLFile.tlv\n" CONFIG_TEXT "\n"
		       "CTLFile.tlv: CTL, ");
	contains(text, "the signature is good: it fits record 1 (SAST) of CTLFile.tlv\n"
		       "  record   1, SAST, cucm.example.test, 192.0.2.20\n"
		       "           CN=cucm, serial 5f2d7c1b, issued by itself\n"
		       "           certificate of ");
	contains(text, "  record   2, CCM+TFTP, cucm.example.test, 192.0.2.20, the certificate of record 1\n"
		       "  record   3, role 99, an address of a length that none has\n"
		       "           (no name), serial 0102\n"
		       "           only the certificate's hash: 3031323334353637383930313233343536373839\n"
		       "  record   4, no role\n"
		       "           no certificate\n");
	free(text);
}

static void
damage(void **state)
{
	char *paths[] = {"CTLFile.tlv", "cut.tlv", "CTLbad.tlv", "SEP001122334455.cnf.xml.sgn"};
	uint8_t bytes[8192];
	FILE *file = fopen("CTLFile.tlv", "rb");
	size_t n = fread(bytes, 1, sizeof(bytes), file);
	char *text;

	(void)state;
	fclose(file);
	write_file("cut.tlv", slice_of(bytes, n - 20));
	bytes[n - 25] ^= 1; /* in the hash of the third record */
	write_file("CTLbad.tlv", slice_of(bytes, n));
	text = said(paths + 1, 3, &nobody, SHOW_TEXT, true);
	contains(text, "the signature is not verified: the file is cut short\n  damage   it ends in the middle\n");
	contains(text, "the signature is bad: it does not fit record 1 (SAST) of CTLbad.tlv\n");
	contains(text, "the signature is good: it fits record 2 (CCM+TFTP) of cut.tlv\n");
	free(text);
	/* a list that somebody changed speaks for nobody */
	text = said(paths + 2, 2, &nobody, SHOW_TEXT, true);
	contains(text, "the signature is not verified: no certificate of its signer is at hand; give --trust-list\n");
	free(text);
	text = said(paths + 2, 1, &nobody, SHOW_STYLED, true);
	contains(text, "the signature is\033[1;31m bad\033[0m: it");
	free(text);
	unlink("cut.tlv");
	unlink("CTLbad.tlv");
}

static void
what_cannot_be_shown(void **state)
{
	char *paths[] = {"words", "missing", "CTLFile.tlv"};
	char *text = said(paths, 3, &nobody, SHOW_TEXT, false);

	(void)state;
	assert_null(strstr(text, "words"));
	assert_int_equal(strncmp(text, "CTLFile.tlv: CTL, ", 18), 0);
	free(text);
}

/* ---- JSON ---- */

#define CONFIG_JSON                                                                                                   \
	"\"configuration\":{\"phone\":\"SEP001122334455\",\"firmware\":\"sip88xx.12-5-1SR3-74\",\"protocol\":\"SIP\"," \
	"\"vpn_group\":true,\"urls\":[{\"url\":\"https://asa.example.test/phonevpn\",\"host\":\"asa.example.test\","   \
	"\"port\":443},{\"url\":\"/\"}],\"hashes\":[{\"hash\":\"5X6B6plUwUSXZnjQ4kGM33mpMXY=\",\"usable\":true,"       \
	"\"form\":\"Base64\",\"digest_name\":\"SHA-1\"},{\"hash\":"                                                   \
	"\"E5:7E:81:EA:99:54:C1:44:97:66:78:D0:E2:41:8C:DF:79:A9:31:76\",\"usable\":false,\"form\":\"hex\","           \
	"\"digest_name\":\"SHA-1\"},{\"hash\":\"nonsense\",\"usable\":false}],\"host_id_check\":0,\"auth_method\":2,"  \
	"\"auto_net_detect\":1,\"hash_alg\":0,\"fail_connect_time\":30,\"mtu\":1290,\"security_mode\":1,"              \
	"\"own_certificate_md5\":\"d41d8cd98f00b204e9800998ecf8427e\"}"

static void
a_line_of_json(void **state)
{
	char *paths[] = {"SEP001122334455.cnf.xml"};

	(void)state;
	check(paths, 1, SHOW_JSON,
	      "{\"schema\":1,\"event\":\"file\",\"name\":\"SEP001122334455.cnf.xml\",\"kind\":\"configuration\","
	      "\"phone\":\"SEP001122334455\",\"size\":707,\"signature\":\"unsigned\"," CONFIG_JSON "}\n");
}

static void
signatures_in_json(void **state)
{
	char *paths[] = {"CTLFile.tlv", "SEP001122334455.cnf.xml.sgn"};
	char *text = said(paths, 2, &nobody, SHOW_JSON, true);

	(void)state;
	contains(text, "\"kind\":\"CTL\",\"size\":");
	contains(text, "\"signature\":\"good\",\"verified_by\":\"record 1 (SAST) of CTLFile.tlv\",\"header\":"
		       "{\"version\":\"1.2\",\"length\":216,\"signer_version\":\"1.1\",\"signer\":\"CN=cucm\","
		       "\"signer_serial\":\"5f2d7c1b\",\"signer_issuer\":\"CN=ca\",\"digest\":1,"
		       "\"digest_name\":\"SHA-1\",\"key_bits\":1024,\"file_name\":\"CTLFile.tlv\","
		       "\"time\":\"2016-04-01T20:14:22.000000Z\"},\"records\":[{\"role\":0,\"role_name\":\"SAST\","
		       "\"dns_name\":\"cucm.example.test\",\"subject\":\"CN=cucm\",\"issuer\":\"CN=cucm\","
		       "\"serial\":\"5f2d7c1b\",\"certificate\":{\"sha1\":\"");
	contains(text, "\"key_type\":\"RSA\",\"key_bits\":1024,\"not_before\":\"2016-04-01T20:14:22.000000Z\","
		       "\"not_after\":\"2050-01-01T00:00:00.000000Z\"},\"address\":\"192.0.2.20\"},{\"role\":2,");
	contains(text, "{\"role\":99,\"serial\":\"0102\",\"hash\":\"3031323334353637383930313233343536373839\","
		       "\"odd_address\":true},{}]}\n{\"schema\":1,");
	contains(text, "\"verified_by\":\"record 2 (CCM+TFTP) of CTLFile.tlv\"");
	contains(text, "Z\"}," CONFIG_JSON "}\n");
	free(text);
}

static void
lists_that_the_user_gave(void **state)
{
	struct cert_store *store = cert_store_new(0);
	const char *why;
	struct phone_file *list = phone_file_open("CTLFile.tlv", store, &why);
	struct trust trust = {.lists = &list, .n_lists = 1};
	char *paths[] = {"SEP001122334455.cnf.xml.sgn"};
	char *text = said(paths, 1, &trust, SHOW_JSON, true);

	(void)state;
	contains(text, "\"signature\":\"good\",\"verified_by\":\"record 2 (CCM+TFTP) of CTLFile.tlv\"");
	free(text);
	phone_file_free(list);
	cert_store_free(store);
}

/* ---- memory ---- */

/* Each allocation in turn fails: all is said, or nothing that is not true. */
static void
no_memory_is_said(void **state)
{
	char *paths[] = {"CTLFile.tlv", "SEP001122334455.cnf.xml.sgn"}, text[16384];
	char *whole = said(paths, 2, &nobody, SHOW_TEXT, true);
	int errors = open("/dev/null", O_WRONLY), stderr_fd = dup(STDERR_FILENO);
	bool failed = true;
	size_t none = 0;

	(void)state;
	assert_true(errors >= 0 && stderr_fd >= 0 && dup2(errors, STDERR_FILENO) >= 0);
	for (size_t nth = 1; failed; nth++) {
		FILE *to = fmemopen(text, sizeof(text), "w");
		bool good;

		allocations_fail(nth);
		good = show(to, paths, 2, &nobody, SHOW_TEXT);
		failed = allocations_failed();
		fclose(to);
		if (good)
			assert_string_equal(text, whole);
		none += !good;
	}
	assert_true(dup2(stderr_fd, STDERR_FILENO) >= 0);
	close(errors);
	close(stderr_fd);
	assert_true(none > 100);
	free(whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_configuration),
		cmocka_unit_test(a_signed_one_and_its_list),
		cmocka_unit_test(damage),
		cmocka_unit_test(what_cannot_be_shown),
		cmocka_unit_test(a_line_of_json),
		cmocka_unit_test(signatures_in_json),
		cmocka_unit_test(lists_that_the_user_gave),
		cmocka_unit_test(no_memory_is_said),
	};
	int status;

	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return 99;
	cert_store_free(cert_store_new(0)); /* watches OpenSSL's allocations, which it must from the first */
	cucm = signer_make(1024, "cucm", SERIAL);
	make_files();
	status = cmocka_run_group_tests(tests, NULL, NULL);
	signer_free(&cucm);
	unlink("CTLFile.tlv");
	unlink("SEP001122334455.cnf.xml");
	unlink("SEP001122334455.cnf.xml.sgn");
	unlink("words");
	return chdir("..") == 0 && rmdir(folder) == 0 ? status : 99;
}
