/* What phones download: configurations and trust lists, made here with keys and certificates of OpenSSL's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <libxml/parser.h>

#include "dissectors/trust_list.h"
#include "src/limit.h"
#include "src/trust/phone_file.h"
#include "tests/allocations.h"
#include "tests/prefixes.h"
#include "tests/signer_make.h"

#define SERIAL TEXT("\x5f\x2d\x7c\x1b")
#define OTHER_SERIAL TEXT("\x01\x02")
#define CONFIG                                                                            \
	"<device><vpnGroup><mtu>1290</mtu><url1>https://asa.example.test/phonevpn</url1>" \
	"<certHash1>5X6B6plUwUSXZnjQ4kGM33mpMXY=</certHash1></vpnGroup></device>"
#define CONFIG_NAME "SEP001122334455.cnf.xml.sgn"

static struct cert_store *store;
static struct signer cucm, other;

/* ---- making files ---- */

static void
sign(struct made *made, const struct signer *signer, const char *file_name, struct slice body)
{
	struct header_parts parts = {
		.major = 1,
		.minor = 2,
		.signer = "CN=cucm;O=Example",
		.issuer = "CN=cucm;O=Example",
		.file_name = file_name,
		.digest = 1,
		.modulus = 1,
		.time = 1459541662,
		.body = body,
	};

	signer_signs(signer, made, parts, EVP_sha1());
}

static void
add_record(struct made *made, int role, const struct signer *of)
{
	struct record_parts parts = {
		.role = role,
		.dns_name = "cucm.example.test",
		.subject = "CN=cucm;O=Example",
		.issuer = "CN=cucm;O=Example",
		.serial = of->serial,
		.certificate = signer_der(of),
		.ip = TEXT("\xc0\x00\x02\x14"),
	};

	made_record(made, &parts);
}

/* make_ctl makes a list with a signer's certificate in two roles, signed by it. */
static void
make_ctl(struct made *made, const struct signer *signer, const char *file_name)
{
	struct made records = {.n = 0};

	add_record(&records, ROLE_SAST, signer);
	add_record(&records, ROLE_CCM_TFTP, signer);
	sign(made, signer, file_name, made_slice(&records));
}

static struct phone_file *
read_made(const char *name, const struct made *made)
{
	struct phone_file *file = phone_file_read(name, made_slice(made), store);

	assert_non_null(file);
	assert_string_equal(file->name, name);
	assert_int_equal(file->n, made->n);
	assert_memory_equal(file->bytes, made->bytes, made->n);
	return file;
}

static struct phone_file *
read_text(const char *name, const char *text)
{
	struct phone_file *file = phone_file_read(name, slice_of(text, strlen(text)), store);

	assert_non_null(file);
	return file;
}

/* read_list reads a list of one record, signed by its certificate. */
static struct phone_file *
read_list_of(const char *name, int role, const struct signer *of)
{
	struct made records = {.n = 0}, made = {.n = 0};

	add_record(&records, role, of);
	sign(&made, of, name, made_slice(&records));
	return read_made(name, &made);
}

static int
setup(void **state)
{
	(void)state;
	store = cert_store_new(0);
	return store == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	cert_store_free(store);
	return 0;
}

/* ---- names ---- */

static void
kinds_by_name(void **state)
{
	static const struct {
		const char *name;
		enum phone_file_kind kind;
		const char *phone;
	} rows[] = {
		{"SEP001122334455.cnf.xml", PHONE_FILE_CONFIG, "SEP001122334455"},
		{"sep00112233aabb.CNF.XML", PHONE_FILE_CONFIG, "SEP00112233AABB"},
		{"SEP001122334455.cnf.xml.sgn", PHONE_FILE_CONFIG, "SEP001122334455"},
		{"SEP001122334455.cnf.xml.enc.sgn", PHONE_FILE_CONFIG, "SEP001122334455"},
		{"SEP001122334455.cnf.xml.enc", PHONE_FILE_CONFIG, "SEP001122334455"},
		{"old-SEP001122334455.home.cnf.xml", PHONE_FILE_CONFIG, "SEP001122334455"},
		{"a/b/SEP001122334455.cnf.xml", PHONE_FILE_CONFIG, "SEP001122334455"},
		{"SEP001122334455/phone.cnf.xml", PHONE_FILE_OTHER, ""},
		{"XMLDefault.cnf.xml", PHONE_FILE_OTHER, ""},
		{"SEP001122334455.xml", PHONE_FILE_OTHER, "SEP001122334455"},
		{"CTLSEP001122334455.tlv", PHONE_FILE_CTL, "SEP001122334455"},
		{"/CTLFile.tlv", PHONE_FILE_CTL, ""},
		{"ctlfile.TLV", PHONE_FILE_CTL, ""},
		{"ITLSEP001122334455.tlv", PHONE_FILE_ITL, "SEP001122334455"},
		{"ITLFile.tlv", PHONE_FILE_ITL, ""},
		{"CTLFile.tlv.old", PHONE_FILE_OTHER, ""},
		{"CTLSEP0011223344556.tlv", PHONE_FILE_CTL, ""},
		{"g3-tones.xml", PHONE_FILE_OTHER, ""},
		{"", PHONE_FILE_OTHER, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char phone[PHONE_NAME_SIZE] = "x";

		assert_int_equal(phone_file_kind_of_name(rows[i].name, phone), rows[i].kind);
		assert_string_equal(phone, rows[i].phone);
	}
}

static void
static_names(void **state)
{
	(void)state;
	assert_string_equal(phone_file_kind_name(PHONE_FILE_CONFIG), "configuration");
	assert_string_equal(phone_file_kind_name(PHONE_FILE_CTL), "CTL");
	assert_string_equal(phone_file_kind_name(PHONE_FILE_ITL), "ITL");
	assert_string_equal(phone_file_kind_name(PHONE_FILE_OTHER), "other");
	assert_string_equal(seal_state_name(SEAL_NONE), "unsigned");
	assert_string_equal(seal_state_name(SEAL_UNVERIFIED), "not verified");
	assert_string_equal(seal_state_name(SEAL_GOOD), "good");
	assert_string_equal(seal_state_name(SEAL_BAD), "bad");
	assert_string_equal(seal_digest_name(1), "SHA-1");
	assert_string_equal(seal_digest_name(2), "SHA-256");
	assert_string_equal(seal_digest_name(3), "SHA-512");
	assert_null(seal_digest_name(4));
}

/* ---- what stands in them ---- */

static void
plain_configuration(void **state)
{
	struct phone_file *file = read_text("SEP001122334455.cnf.xml", CONFIG);

	(void)state;
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_string_equal(file->phone, "SEP001122334455");
	assert_int_equal(file->seal_state, SEAL_NONE);
	assert_null(file->broken);
	assert_false(file->cut);
	assert_non_null(file->config);
	assert_null(file->config_error);
	assert_int_equal(file->config->mtu, 1290);
	assert_string_equal(file->config->name, "SEP001122334455");
	assert_true(phone_file_verify(file, file));
	assert_int_equal(file->seal_state, SEAL_NONE);
	assert_false(phone_file_is_list(file));
	phone_file_free(file);
}

static void
signed_configuration(void **state)
{
	struct made made = {.n = 0};
	struct phone_file *file;

	(void)state;
	sign(&made, &cucm, CONFIG_NAME, TEXT(CONFIG));
	file = read_made("SEP001122334455.cnf.xml", &made);
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_int_equal(file->seal_state, SEAL_UNVERIFIED);
	assert_null(file->verified_by);
	assert_int_equal(file->seal.major, 1);
	assert_int_equal(file->seal.minor, 2);
	assert_int_equal(file->seal.header_length, made.n - strlen(CONFIG));
	assert_int_equal(file->seal.signer_major, 0);
	assert_string_equal(file->seal.signer, "CN=cucm;O=Example");
	assert_string_equal(file->seal.signer_issuer, "CN=cucm;O=Example");
	assert_string_equal(file->seal.signer_serial, "5f2d7c1b");
	assert_int_equal(file->seal.digest, 1);
	assert_int_equal(file->seal.key_bits, 1024);
	assert_string_equal(file->seal.file_name, CONFIG_NAME);
	assert_true(file->seal.has_time);
	assert_int_equal(file->seal.time, 1459541662);
	assert_false(file->seal.encrypted);
	assert_non_null(file->config);
	assert_int_equal(file->config->n_urls, 1);
	phone_file_free(file);

	/* its own name is enough */
	made.n = 0;
	sign(&made, &cucm, CONFIG_NAME, TEXT("nothing like it"));
	file = read_made("download", &made);
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_string_equal(file->phone, "");
	assert_null(file->config);
	assert_string_equal(file->config_error, "not a phone configuration: no readable XML in it");
	phone_file_free(file);
}

static void
trust_list(void **state)
{
	struct made made = {.n = 0};
	struct phone_file *file;

	(void)state;
	make_ctl(&made, &cucm, "CTLFile.tlv");
	file = read_made("CTLSEP001122334455.tlv", &made);
	assert_int_equal(file->kind, PHONE_FILE_CTL);
	assert_true(phone_file_is_list(file));
	assert_string_equal(file->phone, "SEP001122334455");
	assert_null(file->config);
	assert_null(file->config_error);
	assert_null(file->broken);
	assert_false(file->cut);
	assert_int_equal(file->n_records, 2);
	assert_true(file->records[1].has_role);
	assert_int_equal(file->records[1].role, ROLE_CCM_TFTP);
	assert_string_equal(file->records[1].dns_name, "cucm.example.test");
	assert_string_equal(file->records[1].subject, "CN=cucm;O=Example");
	assert_string_equal(file->records[1].issuer, "CN=cucm;O=Example");
	assert_string_equal(file->records[1].serial, "5f2d7c1b");
	assert_true(file->records[1].has_ip);
	assert_false(file->records[1].odd_address);
	assert_string_equal(file->records[1].cert->subject, "CN=cucm");
	assert_string_equal(file->records[1].cert->serial, "5f2d7c1b");
	assert_ptr_equal(file->records[1].cert, file->records[0].cert);
	phone_file_free(file);
	file = phone_file_read("CTLFile.tlv", made_slice(&made), NULL);
	assert_int_equal(file->n_records, 2);
	assert_null(file->records[0].cert);
	phone_file_free(file);
}

static void
which_list(void **state)
{
	static const struct {
		const char *name, *file_name;
		int role;
		enum phone_file_kind kind;
	} rows[] = {
		{"ITLSEP001122334455.tlv", "ITLFile.tlv", ROLE_SAST, PHONE_FILE_ITL},
		{"download", "ITLFile.tlv", ROLE_SAST, PHONE_FILE_ITL},
		{"CTLFile.tlv", "ITLFile.tlv", ROLE_SAST, PHONE_FILE_ITL},
		{"ITLFile.tlv", NULL, ROLE_SAST, PHONE_FILE_ITL},
		{"download", NULL, ROLE_TVS, PHONE_FILE_ITL},
		{"download", NULL, ROLE_SAST, PHONE_FILE_CTL},
		{"SEP001122334455.cnf.xml", NULL, ROLE_SAST, PHONE_FILE_CTL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct made records = {.n = 0}, made = {.n = 0};
		struct phone_file *file;

		add_record(&records, rows[i].role, &cucm);
		sign(&made, &cucm, rows[i].file_name, made_slice(&records));
		file = read_made(rows[i].name, &made);
		assert_int_equal(file->kind, rows[i].kind);
		phone_file_free(file);
	}
}

static void
strange_records(void **state)
{
	static const uint8_t zeros[SHA1_SIZE];
	struct record_parts bare = {.role = -1},
			    hashed = {.role = ROLE_TVS,
				      .serial = TEXT("\0\0\1\2"),
				      .hash = slice_of(zeros, sizeof(zeros)),
				      .ip = TEXT("\xc0\0\2\x14\0")},
			    garbage = {.role = 9, .dns_name = "\x1b[2J", .certificate = TEXT("none")};
	struct made records = {.n = 0}, made = {.n = 0};
	struct phone_file *file;

	(void)state;
	made_record(&records, &bare);
	made_record(&records, &hashed);
	made_record(&records, &garbage);
	sign(&made, &cucm, "ITLFile.tlv", made_slice(&records));
	file = read_made("ITLFile.tlv", &made);
	assert_int_equal(file->n_records, 3);
	assert_false(file->records[0].has_role);
	assert_null(file->records[0].cert);
	assert_null(file->records[0].serial);
	assert_int_equal(file->records[1].hash_len, SHA1_SIZE);
	assert_true(file->records[1].odd_address);
	assert_false(file->records[1].has_ip);
	assert_string_equal(file->records[1].serial, "0102");
	assert_string_equal(file->records[2].dns_name, "\\x1b[2J");
	assert_false(file->records[2].cert->parsed);
	assert_true(phone_file_verify(file, file));
	assert_int_equal(file->seal_state, SEAL_UNVERIFIED);
	phone_file_free(file);
}

static void
encrypted(void **state)
{
	struct header_parts parts = {.major = 2, .digest = 1, .encrypted = true, .body = TEXT("\x8f\x11\x03\x04")};
	struct made made = {.n = 0};
	struct phone_file *file, *list = read_list_of("CTLFile.tlv", ROLE_TFTP, &cucm);

	(void)state;
	signer_signs(&cucm, &made, parts, EVP_sha1());
	file = read_made("SEP001122334455.cnf.xml.enc.sgn", &made);
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_true(file->seal.encrypted);
	assert_null(file->config);
	assert_null(file->config_error);
	assert_null(file->broken);
	assert_true(phone_file_verify(file, list));
	assert_int_equal(file->seal_state, SEAL_GOOD);
	assert_string_equal(file->verified_by, "record 1 (TFTP) of CTLFile.tlv");
	phone_file_free(file);
	phone_file_free(list);

	file = read_text("SEP001122334455.cnf.xml.enc", "\x8f\x11\x03");
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_int_equal(file->seal_state, SEAL_NONE);
	assert_string_equal(file->config_error,
			    "encrypted configuration (.enc.sgn): ask CUCM for the clear one");
	phone_file_free(file);
}

/* ---- who signed them ---- */

static void
check_seal(struct phone_file *file, const struct phone_file *list, enum seal_state state, const char *by)
{
	assert_true(phone_file_verify(file, list));
	assert_int_equal(file->seal_state, state);
	if (by == NULL)
		assert_null(file->verified_by);
	else
		assert_string_equal(file->verified_by, by);
}

static void
a_list_vouches_for_itself_and_others(void **state)
{
	struct made ctl = {.n = 0}, config = {.n = 0};
	struct phone_file *list, *file;

	(void)state;
	make_ctl(&ctl, &cucm, "CTLFile.tlv");
	list = read_made("lists/CTLFile.tlv", &ctl);
	check_seal(list, list, SEAL_GOOD, "record 1 (SAST) of lists/CTLFile.tlv");
	sign(&config, &cucm, CONFIG_NAME, TEXT(CONFIG));
	file = read_made(CONFIG_NAME, &config);
	check_seal(file, file, SEAL_UNVERIFIED, NULL);
	check_seal(file, list, SEAL_GOOD, "record 2 (CCM+TFTP) of lists/CTLFile.tlv");
	phone_file_free(file);

	config.bytes[config.n - 1] ^= 1;
	file = read_made(CONFIG_NAME, &config);
	check_seal(file, list, SEAL_BAD, "record 2 (CCM+TFTP) of lists/CTLFile.tlv");
	phone_file_free(file);
	phone_file_free(list);

	ctl.bytes[ctl.n - 1] ^= 1;
	list = read_made("CTLFile.tlv", &ctl);
	assert_int_equal(list->n_records, 2);
	check_seal(list, list, SEAL_BAD, "record 1 (SAST) of CTLFile.tlv");
	phone_file_free(list);
}

static void
the_role_that_signs_comes_first(void **state)
{
	struct made records = {.n = 0}, ctl = {.n = 0};
	struct phone_file *list;

	(void)state;
	add_record(&records, ROLE_TFTP, &cucm);
	add_record(&records, ROLE_SAST, &cucm);
	sign(&ctl, &cucm, "CTLFile.tlv", made_slice(&records));
	list = read_made("CTLFile.tlv", &ctl);
	check_seal(list, list, SEAL_GOOD, "record 2 (SAST) of CTLFile.tlv");
	phone_file_free(list);
}

static void
a_stranger_vouches_for_nobody(void **state)
{
	struct made config = {.n = 0};
	struct phone_file *file, *list = read_list_of("CTLFile.tlv", ROLE_CCM_TFTP, &other);

	(void)state;
	sign(&config, &cucm, CONFIG_NAME, TEXT(CONFIG));
	file = read_made(CONFIG_NAME, &config);
	check_seal(file, list, SEAL_UNVERIFIED, NULL);
	phone_file_free(list);

	/* its serial number, but not its key: bad, until the right one comes */
	other.serial = SERIAL;
	other = signer_certify(other.key, "other", SERIAL, EVP_sha1());
	list = read_list_of("ITLFile.tlv", ROLE_TVS, &other);
	check_seal(file, list, SEAL_BAD, "record 1 (TVS) of ITLFile.tlv");
	phone_file_free(list);
	list = read_list_of("CTLFile.tlv", 77, &cucm);
	check_seal(file, list, SEAL_GOOD, "record 1 (role 77) of CTLFile.tlv");
	phone_file_free(list);
	list = read_list_of("CTLFile.tlv", -1, &other);
	check_seal(file, list, SEAL_GOOD, "record 1 (role 77) of CTLFile.tlv");
	phone_file_free(list);
	phone_file_free(file);
	other = signer_certify(other.key, "other", OTHER_SERIAL, EVP_sha1());
}

static void
serial_numbers_are_numbers(void **state)
{
	struct header_parts parts = {.major = 1, .digest = 1, .serial = TEXT("\0\0\x5f\x2d\x7c\x1b"), .body = TEXT(CONFIG)};
	struct made config = {.n = 0}, records = {.n = 0}, ctl = {.n = 0};
	struct record_parts of_record = {.role = -1, .serial = SERIAL, .certificate = signer_der(&other)};
	struct phone_file *file, *list = read_list_of("CTLFile.tlv", -1, &cucm);

	(void)state;
	signer_signs(&cucm, &config, parts, EVP_sha1());
	file = read_made(CONFIG_NAME, &config);
	assert_string_equal(file->seal.signer_serial, "5f2d7c1b");
	check_seal(file, list, SEAL_GOOD, "record 1 of CTLFile.tlv");
	phone_file_free(file);
	phone_file_free(list);

	/* the record's number counts as the certificate's does; and all are tried */
	parts.serial = SERIAL;
	config.n = 0;
	signer_signs(&other, &config, parts, EVP_sha1());
	add_record(&records, ROLE_TFTP, &cucm);
	made_record(&records, &of_record);
	sign(&ctl, &cucm, "CTLFile.tlv", made_slice(&records));
	list = read_made("CTLFile.tlv", &ctl);
	file = read_made(CONFIG_NAME, &config);
	check_seal(file, list, SEAL_GOOD, "record 2 of CTLFile.tlv");
	phone_file_free(list);

	/* and the certificate's does where the record has none */
	of_record.serial = slice_of(NULL, 0);
	parts.serial = other.serial;
	records.n = ctl.n = config.n = 0;
	signer_signs(&other, &config, parts, EVP_sha1());
	made_record(&records, &of_record);
	sign(&ctl, &cucm, "CTLFile.tlv", made_slice(&records));
	list = read_made("CTLFile.tlv", &ctl);
	phone_file_free(file);
	file = read_made(CONFIG_NAME, &config);
	check_seal(file, list, SEAL_GOOD, "record 1 of CTLFile.tlv");
	phone_file_free(file);
	phone_file_free(list);
}

/* Without a serial number the role decides, and a signature that does not fit proves nothing. */
static void
signers_without_a_number(void **state)
{
	struct made config = {.n = 0};
	struct signer nameless = cucm;
	struct phone_file *file, *list;

	(void)state;
	nameless.serial = slice_of(NULL, 0);
	sign(&config, &nameless, CONFIG_NAME, TEXT(CONFIG));
	file = read_made(CONFIG_NAME, &config);
	assert_null(file->seal.signer_serial);
	list = read_list_of("CTLFile.tlv", ROLE_TFTP, &other);
	check_seal(file, list, SEAL_UNVERIFIED, NULL);
	phone_file_free(list);
	list = read_list_of("CTLFile.tlv", ROLE_CAPF, &cucm);
	check_seal(file, list, SEAL_UNVERIFIED, NULL);
	phone_file_free(list);
	list = read_list_of("CTLFile.tlv", ROLE_TFTP, &cucm);
	check_seal(file, list, SEAL_GOOD, "record 1 (TFTP) of CTLFile.tlv");
	phone_file_free(list);
	phone_file_free(file);
}

static void
digests_nobody_knows(void **state)
{
	struct header_parts parts = {.major = 1, .digest = 9, .body = TEXT(CONFIG)};
	struct made config = {.n = 0};
	struct phone_file *file, *list = read_list_of("CTLFile.tlv", ROLE_TFTP, &cucm);

	(void)state;
	signer_signs(&cucm, &config, parts, EVP_sha1());
	file = read_made(CONFIG_NAME, &config);
	check_seal(file, list, SEAL_UNVERIFIED, NULL);
	phone_file_free(file);
	phone_file_free(list);
}

/* A list of many certificates with one number: some are tried. */
static void
many_signers(void **state)
{
	struct record_parts parts = {.role = -1, .serial = SERIAL, .certificate = signer_der(&other)};
	struct made config = {.n = 0}, records = {.n = 0}, ctl = {.n = 0};
	struct phone_file *file, *list;

	(void)state;
	for (int i = 0; i < LIMIT_SIGNERS; i++)
		made_record(&records, &parts);
	add_record(&records, ROLE_SAST, &cucm);
	sign(&ctl, &cucm, "CTLFile.tlv", made_slice(&records));
	list = read_made("CTLFile.tlv", &ctl);
	sign(&config, &cucm, CONFIG_NAME, TEXT(CONFIG));
	file = read_made(CONFIG_NAME, &config);
	check_seal(file, list, SEAL_BAD, "record 1 of CTLFile.tlv");
	check_seal(list, list, SEAL_GOOD, "record 9 (SAST) of CTLFile.tlv");
	phone_file_free(file);
	phone_file_free(list);
}

static void
who_is_listed(void **state)
{
	struct made records = {.n = 0}, made = {.n = 0};
	const struct cert *cert = cert_store_get(store, signer_der(&cucm)),
			  *stranger = cert_store_get(store, signer_der(&other));
	struct record_parts hashed = {.role = ROLE_CCM, .hash = slice_of(cert->sha1, SHA1_SIZE)};
	struct phone_file *whole = read_list_of("CTLFile.tlv", ROLE_CCM, &cucm), *by_hash;

	(void)state;
	made_record(&records, &hashed);
	sign(&made, &cucm, "CTLFile.tlv", made_slice(&records));
	by_hash = read_made("CTLFile.tlv", &made);
	assert_true(phone_file_lists(whole, cert));
	assert_false(phone_file_lists(whole, stranger));
	assert_true(phone_file_lists(by_hash, cert));
	assert_false(phone_file_lists(by_hash, stranger));
	phone_file_free(whole);
	phone_file_free(by_hash);
	cert_unref(cert);
	cert_unref(stranger);
}

/* ---- damaged ones ---- */

static void
cut_files(void **state)
{
	struct made ctl = {.n = 0}, config = {.n = 0};
	struct phone_file *file, *list;

	(void)state;
	make_ctl(&ctl, &cucm, "CTLFile.tlv");
	list = read_made("CTLFile.tlv", &ctl);
	ctl.n -= 100;
	file = read_made("CTLFile.tlv", &ctl);
	assert_true(file->cut);
	assert_null(file->broken);
	assert_int_equal(file->n_records, 1);
	check_seal(file, list, SEAL_UNVERIFIED, NULL);
	phone_file_free(file);

	sign(&config, &cucm, CONFIG_NAME, TEXT(CONFIG));
	config.n -= 20;
	file = read_made(CONFIG_NAME, &config);
	assert_true(file->cut);
	assert_non_null(file->config);
	assert_true(file->config->partial);
	check_seal(file, list, SEAL_UNVERIFIED, NULL);
	phone_file_free(file);
	config.n = 100;
	file = read_made(CONFIG_NAME, &config);
	assert_true(file->cut);
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_int_equal(file->seal_state, SEAL_UNVERIFIED);
	assert_string_equal(file->seal.signer, "CN=cucm;O=Example");
	assert_null(file->config);
	assert_null(file->config_error);
	check_seal(file, list, SEAL_UNVERIFIED, NULL);
	phone_file_free(file);
	phone_file_free(list);

	file = read_text("ITLFile.tlv", "<device><loadInformation>");
	assert_true(file->cut);
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_null(file->broken);
	assert_string_equal(file->config_error, "damaged or cut short before any <vpnGroup>: fetch it again");
	phone_file_free(file);
}

static void
broken_files(void **state)
{
	struct made ctl = {.n = 0}, config = {.n = 0};
	struct phone_file *file;

	(void)state;
	make_ctl(&ctl, &cucm, "CTLFile.tlv");
	made_add(&ctl, "\x0d", 1);
	file = read_made("CTLFile.tlv", &ctl);
	assert_string_equal(file->broken, "trust_list.record");
	assert_false(file->cut);
	assert_int_equal(file->n_records, 2);
	check_seal(file, file, SEAL_BAD, "record 1 (SAST) of CTLFile.tlv");
	phone_file_free(file);

	sign(&config, &cucm, CONFIG_NAME, TEXT(CONFIG));
	config.bytes[11] = 0xff; /* a span that is not looked at, and the next that is */
	config.bytes[14] = 0xff;
	file = read_made(CONFIG_NAME, &config);
	assert_string_equal(file->broken, "signed_file.signer_name");
	assert_non_null(file->config);
	assert_int_equal(file->seal_state, SEAL_UNVERIFIED);
	phone_file_free(file);

	file = read_text("CTLFile.tlv", "<html>404</html>");
	assert_int_equal(file->kind, PHONE_FILE_CTL);
	assert_string_equal(file->broken, "signed_file.version");
	assert_int_equal(file->seal_state, SEAL_NONE);
	assert_null(file->config_error);
	phone_file_free(file);
	config.n = 0;
	sign(&config, &cucm, "ITLFile.tlv", slice_of(NULL, 0));
	file = read_made("ITLFile.tlv", &config);
	assert_string_equal(file->broken, "trust_list.record");
	phone_file_free(file);
}

static void
other_files(void **state)
{
	struct phone_file *file = read_text("download", "no phone's file");

	(void)state;
	assert_int_equal(file->kind, PHONE_FILE_OTHER);
	assert_string_equal(file->config_error, "not a phone configuration: no readable XML in it");
	assert_null(file->broken);
	phone_file_free(file);
	file = read_text("download", CONFIG);
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	phone_file_free(file);
	file = read_text("CTLFile.tlv", CONFIG);
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_null(file->broken);
	phone_file_free(file);
	file = read_text("SEP001122334455.cnf.xml", "");
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_string_equal(file->config_error, "empty file: fetch it again");
	assert_false(file->cut);
	phone_file_free(file);
}

static void
walk(struct slice prefix, void *arg)
{
	const struct made *made = arg;
	struct phone_file *file = phone_file_read("CTLFile.tlv", prefix, store);

	assert_non_null(file);
	assert_int_equal(file->n, prefix.n);
	assert_int_equal(file->kind, PHONE_FILE_CTL);
	assert_true(phone_file_verify(file, file));
	assert_int_equal(file->seal_state, prefix.n == 0 ? SEAL_NONE : prefix.n == made->n ? SEAL_GOOD : SEAL_UNVERIFIED);
	/* nothing, or a header and nothing more, is no list */
	assert_int_equal(file->broken != NULL, prefix.n == 0 || prefix.n == file->seal.header_length);
	assert_int_equal(file->cut, file->broken == NULL && prefix.n < made->n);
	phone_file_free(file);
}

static void
stays_inside_every_prefix(void **state)
{
	struct made made = {.n = 0}, records = {.n = 0};

	(void)state;
	add_record(&records, ROLE_SAST, &cucm);
	sign(&made, &cucm, "CTLFile.tlv", made_slice(&records));
	every_prefix(made.bytes, made.n, walk, &made);
}

static void
long_lists_are_bounded(void **state)
{
	struct record_parts parts = {.role = ROLE_CCM, .dns_name = "a"};
	struct made records = {.n = 0}, made = {.n = 0};
	struct phone_file *file;

	(void)state;
	for (int i = 0; i < LIMIT_LIST_RECORDS + 5; i++)
		made_record(&records, &parts);
	records.n -= 1;
	sign(&made, &cucm, "CTLFile.tlv", made_slice(&records));
	file = read_made("CTLFile.tlv", &made);
	assert_int_equal(file->n_records, LIMIT_LIST_RECORDS);
	assert_true(file->cut);
	assert_true(phone_file_weight(file) > made.n + LIMIT_LIST_RECORDS * sizeof(struct list_record));
	phone_file_free(file);
}

/* ---- files ---- */

static void
files(void **state)
{
	char name[] = "test_phone_file.XXXXXX";
	int fd = mkstemp(name);
	const char *why = "";
	struct phone_file *file;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, CONFIG, strlen(CONFIG)), strlen(CONFIG));
	close(fd);
	file = phone_file_open(name, store, &why);
	assert_int_equal(file->kind, PHONE_FILE_CONFIG);
	assert_string_equal(file->name, name);
	phone_file_free(file);
	unlink(name);
	assert_null(phone_file_open(name, store, &why));
	assert_string_equal(why, "No such file or directory");
}

/* ---- memory ---- */

/* no_memory has each allocation in turn fail: a file and list are read and held against each other, or it is told. */
static void
no_memory(const char *name, const struct made *made, const struct made *ctl)
{
	bool failed = true;
	size_t none = 0;

	for (size_t nth = 1; failed; nth++) {
		struct cert_store *empty = cert_store_new(0);
		struct phone_file *file, *list;

		allocations_fail(nth);
		file = phone_file_read(name, made_slice(made), empty);
		list = phone_file_read("CTLFile.tlv", made_slice(ctl), empty);
		if (file == NULL || list == NULL || !phone_file_verify(file, list))
			none++;
		else
			assert_int_equal(file->seal_state, SEAL_GOOD);
		failed = allocations_failed();
		if (!failed)
			assert_int_equal(file->seal_state, SEAL_GOOD);
		phone_file_free(file);
		phone_file_free(list);
		cert_store_free(empty);
	}
	assert_true(none > 100);
}

static void
no_memory_is_said(void **state)
{
	struct made ctl = {.n = 0}, config = {.n = 0};

	(void)state;
	make_ctl(&ctl, &cucm, "CTLFile.tlv");
	sign(&config, &cucm, CONFIG_NAME, TEXT(CONFIG));
	no_memory("CTLFile.tlv", &ctl, &ctl);
	no_memory(CONFIG_NAME, &config, &ctl);
}

static char *
library_strdup(const char *text)
{
	char *copy = allocations_malloc(strlen(text) + 1);
	return copy == NULL ? NULL : strcpy(copy, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_by_name),
		cmocka_unit_test(static_names),
		cmocka_unit_test(plain_configuration),
		cmocka_unit_test(signed_configuration),
		cmocka_unit_test(trust_list),
		cmocka_unit_test(which_list),
		cmocka_unit_test(strange_records),
		cmocka_unit_test(encrypted),
		cmocka_unit_test(a_list_vouches_for_itself_and_others),
		cmocka_unit_test(the_role_that_signs_comes_first),
		cmocka_unit_test(a_stranger_vouches_for_nobody),
		cmocka_unit_test(serial_numbers_are_numbers),
		cmocka_unit_test(signers_without_a_number),
		cmocka_unit_test(digests_nobody_knows),
		cmocka_unit_test(many_signers),
		cmocka_unit_test(who_is_listed),
		cmocka_unit_test(cut_files),
		cmocka_unit_test(broken_files),
		cmocka_unit_test(other_files),
		cmocka_unit_test(stays_inside_every_prefix),
		cmocka_unit_test(long_lists_are_bounded),
		cmocka_unit_test(files),
		cmocka_unit_test(no_memory_is_said),
	};
	int status;

	if (xmlMemSetup(free, allocations_malloc, allocations_realloc, library_strdup) != 0)
		return 99;
	cert_store_free(cert_store_new(0)); /* watches OpenSSL's allocations, which it must from the first */
	cucm = signer_make(1024, "cucm", SERIAL);
	other = signer_make(1024, "other", OTHER_SERIAL);
	status = cmocka_run_group_tests(tests, setup, teardown);
	signer_free(&cucm);
	signer_free(&other);
	return status;
}
