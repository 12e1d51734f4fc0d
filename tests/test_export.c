/* --export: what lies in the directory afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/allocations.h"
#include "tests/exporting.h"

static void
configurations(void **state)
{
	struct export *export = open_it(false);
	struct stat stat;

	(void)state;
	put_config(export, "SEP001122334455.cnf.xml", "<device><sshPassword>cisco</sshPassword></device>");
	put_config(export, "SEP001122334466.cnf.xml", "<device><psk>x</psk></device>");
	put_bytes(export, "Ring.xml", PHONE_FILE_OTHER, "other", 5);
	check_file("SEP001122334455.cnf.xml", "<device><sshPassword>*****</sshPassword></device>");
	assert_int_equal(lstat(path_of("SEP001122334455.cnf.xml"), &stat), 0);
	assert_int_equal(stat.st_mode & 07777, 0600);
	assert_int_equal(lstat(dir, &stat), 0);
	assert_int_equal(stat.st_mode & 07777, 0700);
	assert_int_equal(count_files(), 2);
	assert_int_equal(times_said("no longer fits"), 1);
	assert_true(export_close(export));
	assert_int_equal(times_said("2 files written to"), 1);
}

static void
signed_and_encrypted_ones(void **state)
{
	static char header[] = "<psk>";
	static const char xml[] = "<psk>x</psk>";
	struct phone_file file = {.kind = PHONE_FILE_CONFIG, .seal_state = SEAL_GOOD, .name = "a.cnf.xml.sgn"};
	struct event event = {.kind = EVENT_TRANSFER};
	struct export *export = open_it(false);
	char bytes[64];

	(void)state;
	file.n = (size_t)snprintf(bytes, sizeof bytes, "%s%s", header, xml);
	bytes[1] = '\0'; /* in the header, where it may be */
	file.bytes = (uint8_t *)bytes;
	file.seal.header_length = (uint16_t)strlen(header);
	event.transfer.content = &file;
	export_event(export, &event);
	assert_int_equal(bytes[strlen(header) + strlen("<psk>")], 'x'); /* a copy was blanked */
	file.name = "b.cnf.xml.enc.sgn";
	file.seal.encrypted = true;
	file.cut = true;
	bytes[1] = 'p';
	export_event(export, &event);
	check_file("a.cnf.xml.sgn", "<");
	check_file("b.cnf.xml.enc.sgn.part", "<psk><psk>x</psk>");
	file.seal.encrypted = false;
	file.seal.header_length = UINT16_MAX; /* a lie, or it was cut inside */
	file.name = "c.cnf.xml.sgn";
	export_event(export, &event);
	check_file("c.cnf.xml.sgn.part", "<psk>******</psk>");
	assert_true(export_close(export));
}

static void
text_that_cannot_be_searched(void **state)
{
	static const char wide[] = "\xff\xfe<\0p\0s\0k\0>\0x\0<\0/\0p\0s\0k\0>\0";
	struct export *export = open_it(false);

	(void)state;
	put_bytes(export, "SEP001122334455.cnf.xml", PHONE_FILE_CONFIG, wide, sizeof wide - 1);
	assert_int_equal(count_files(), 0);
	assert_int_equal(times_said("SEP001122334455.cnf.xml is not written"), 1);
	assert_true(export_close(export));
}

static void
put_handshake(struct export *export, const struct cert *server, const struct cert *client)
{
	struct cert_fact facts[2] = {{.cert = server}, {.cert = client}};
	struct handshake handshake = {.id = 1};

	for (unsigned side = 0; side < 2; side++)
		handshake.certs[SIDE_SERVER - side] = (struct cert_list_fact){.certs = &facts[side], .n = 1};
	export_handshake(export, &handshake);
}

static void
certificates(void **state)
{
	struct cert_store *store = cert_store_new(0);
	struct export *export = open_it(false);
	const struct cert *server, *client;
	struct list_record record = {.has_role = true};
	struct phone_file list = {
		.kind = PHONE_FILE_CTL, .name = "CTLFile.tlv", .bytes = (uint8_t[]){'l'}, .n = 1, .records = &record, .n_records = 1};
	struct event event = {.kind = EVENT_TRANSFER};

	(void)state;
	server = cert_store_get(store, slice_of("0123456789012345678901234567890123456789012345678", 49));
	client = cert_store_get(store, slice_of("y", 1));
	record.cert = client;
	event.transfer.content = &list;
	put_handshake(export, server, server);
	export_event(export, &event);
	put_handshake(export, server, client);
	assert_int_equal(count_files(), 5);
	check_file("CTLFile.tlv", "l");
	check_file("certificate-95cb0bfd.cer", "y"); /* SHA-1 of "y" */
	check_file("certificate-95cb0bfd.pem", "-----BEGIN CERTIFICATE-----\neQ==\n-----END CERTIFICATE-----\n");
	check_file("certificate-ef4e9839.pem",
		   "-----BEGIN CERTIFICATE-----\nMDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3\n"
		   "OA==\n-----END CERTIFICATE-----\n");
	assert_true(export_close(export));
	export_handshake(NULL, NULL);
	export_event(NULL, NULL);
	assert_true(export_close(NULL));
	cert_unref(server);
	cert_unref(client);
	cert_store_free(store);
}

/* It is said, and the rest goes on. */
static void
no_memory(void **state)
{
	struct cert_store *store = cert_store_new(0);
	const struct cert *cert;
	bool failed = true;

	(void)state;
	cert = cert_store_get(store, slice_of("y", 1));
	for (size_t nth = 1; failed; nth++) {
		struct export *export;
		bool good = false;

		allocations_fail(nth);
		export = export_open(dir, false);
		put_config(export, "SEP001122334455.cnf.xml", "<psk>x</psk>");
		put_handshake(export, cert, cert);
		if (export != NULL)
			good = export_close(export);
		failed = allocations_failed();
		assert_int_equal(good, !failed);
	}
	assert_int_equal(count_files(), 3);
	cert_unref(cert);
	cert_store_free(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(configurations),
		IN_A_DIRECTORY(signed_and_encrypted_ones),
		IN_A_DIRECTORY(text_that_cannot_be_searched),
		IN_A_DIRECTORY(certificates),
		IN_A_DIRECTORY(no_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
