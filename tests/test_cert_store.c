/* Certificates kept, and read from files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "src/trust/cert.h"
#include "src/trust/hash.h"
#include "src/limit.h"
#include "tests/allocations.h"

/* ---- the store; whether a certificate can be read makes no difference to it ---- */

static const struct cert *
get_number(struct cert_store *store, uint32_t number)
{
	const struct cert *cert = cert_store_get(store, slice_of(&number, sizeof(number)));

	assert_non_null(cert);
	return cert;
}

static void
same_bytes_give_the_same_one(void **state)
{
	struct cert_store *store = cert_store_new(0);
	const struct cert *one = get_number(store, 1), *two = get_number(store, 2);
	const struct cert *again = get_number(store, 1);

	(void)state;
	assert_ptr_equal(one, again);
	assert_ptr_not_equal(one, two);
	assert_ptr_equal(cert_ref(one), one);
	assert_null(cert_ref(NULL));
	cert_unref(NULL);
	cert_unref(one);
	cert_unref(one);
	cert_store_free(store);
	cert_store_free(NULL);
	/* what is held outlives the store */
	assert_int_equal(again->der_len, sizeof(uint32_t));
	assert_int_equal(two->der_len, sizeof(uint32_t));
	cert_unref(again);
	cert_unref(two);
}

static void
a_full_store_forgets_the_least_recently_asked(void **state)
{
	struct cert_store *store = cert_store_new(0);
	const struct cert *kept = get_number(store, 0), *forgotten = get_number(store, 1), *again;

	(void)state;
	for (uint32_t i = 2; i < LIMIT_CERTS; i++)
		cert_unref(get_number(store, i));
	cert_unref(get_number(store, 0));
	cert_unref(get_number(store, LIMIT_CERTS)); /* one too many: 1 goes, 0 was asked since */
	again = get_number(store, 0);
	assert_ptr_equal(again, kept);
	cert_unref(again);
	again = get_number(store, 1);
	assert_ptr_not_equal(again, forgotten);
	assert_memory_equal(again->sha256, forgotten->sha256, SHA256_SIZE);
	cert_unref(again);
	cert_unref(forgotten);
	cert_unref(kept);
	cert_store_free(store);
}

/* What is forgotten counts for as long as it lives; where that is too much, nothing is kept but the last one. */
static void
what_lives_is_counted(void **state)
{
	enum { MOST = LIMIT_CERT_BYTES / sizeof(struct cert) + 1 };
	static const struct cert *held[MOST];
	struct cert_store *store = cert_store_new(0);
	size_t one;

	(void)state;
	held[0] = get_number(store, 0);
	one = cert_store_held(store);
	assert_int_equal(one, held[0]->size);
	assert_true(one >= sizeof(struct cert));
	for (uint32_t i = 1; i < MOST; i++)
		held[i] = get_number(store, i);
	assert_int_equal(cert_store_held(store), MOST * one);
	assert_true(cert_store_held(store) > LIMIT_CERT_BYTES);
	cert_unref(held[MOST - 2]); /* nobody else has it, and the store has forgotten it */
	assert_int_equal(cert_store_held(store), (MOST - 1) * one);
	cert_unref(held[MOST - 1]);
	assert_int_equal(cert_store_held(store), (MOST - 1) * one);
	for (uint32_t i = 0; i + 2 < MOST; i++)
		cert_unref(held[i]);
	assert_int_equal(cert_store_held(store), one);
	cert_store_free(store);
}

/* Whatever their length, and wherever they differ. */
static void
other_bytes_give_another(void **state)
{
	struct cert_store *store = cert_store_new(UINT64_C(0x0123456789abcdef));
	const struct cert *certs[48][2];
	uint8_t bytes[48] = {0};

	(void)state;
	for (size_t i = 0; i < 48; i++) {
		certs[i][0] = cert_store_get(store, slice_of(bytes, i));
		bytes[i] = 1;
		certs[i][1] = cert_store_get(store, slice_of(bytes, sizeof(bytes)));
		bytes[i] = 0;
		assert_int_equal(certs[i][0]->der_len, i);
		assert_memory_equal(certs[i][0]->der, bytes, i);
		assert_int_equal(certs[i][1]->der[i], 1);
		assert_int_equal(certs[i][1]->size, certs[0][0]->size + sizeof(bytes));
	}
	for (size_t i = 0; i < 48; i++) {
		cert_unref(certs[i][0]);
		cert_unref(certs[i][1]);
	}
	cert_store_free(store);
}

/* What JSON says is kept once, for as long as the certificate lives, and never weighs on what is forgotten. */
static void
json_is_kept_with_it(void **state)
{
	enum { PART = LIMIT_CERT_JSON / 2 };
	static const char text[PART];
	struct cert_store *store = cert_store_new(0);
	const struct cert *first = get_number(store, 1), *second = get_number(store, 2), *third = get_number(store, 3);
	const struct cert of_no_store = {.json = NULL};
	size_t held = cert_store_held(store);

	(void)state;
	cert_keep_json(&of_no_store, slice_of("a", 1));
	assert_null(of_no_store.json);
	cert_keep_json(first, slice_of("", 0));
	assert_null(first->json);
	cert_keep_json(first, slice_of("first", 5));
	cert_keep_json(first, slice_of("again", 5));
	assert_int_equal(first->json_len, 5);
	assert_memory_equal(first->json, "first", 5);
	cert_keep_json(second, slice_of(text, PART));
	assert_int_equal(second->json_len, PART);
	cert_keep_json(third, slice_of(text, PART)); /* five bytes too many */
	assert_null(third->json);
	cert_keep_json(third, slice_of(text, PART - 5));
	assert_int_equal(third->json_len, PART - 5);
	assert_int_equal(cert_store_held(store), held);
	cert_store_free(store);
	cert_unref(third);
	cert_unref(second);
	assert_memory_equal(first->json, "first", 5);
	cert_unref(first);
}

/* It is made anew where there was no memory; what dies makes room. */
static void
json_can_be_kept_later(void **state)
{
	static const char text[LIMIT_CERT_JSON];
	struct cert_store *store = cert_store_new(0);
	const struct cert *cert = get_number(store, 0), *forgotten = get_number(store, 1);

	(void)state;
	allocations_fail(1);
	cert_keep_json(cert, slice_of("a", 1));
	assert_true(allocations_failed());
	assert_null(cert->json);
	cert_keep_json(forgotten, slice_of(text, sizeof text));
	assert_non_null(forgotten->json);
	cert_keep_json(cert, slice_of("a", 1));
	assert_null(cert->json);
	for (uint32_t i = 2; i <= LIMIT_CERTS + 1; i++)
		cert_unref(get_number(store, i));
	cert_unref(forgotten);
	cert_keep_json(cert, slice_of("a", 1));
	assert_int_equal(cert->json_len, 1);
	cert_unref(cert);
	cert_store_free(store);
}

static void
no_memory_is_said(void **state)
{
	bool failed = true;

	(void)state;
	allocations_fail(1);
	assert_null(cert_store_new(0));
	assert_true(allocations_failed());
	for (size_t nth = 1; failed; nth++) {
		struct cert_store *store = cert_store_new(0);
		const struct cert *cert;
		allocations_fail(nth);
		cert = cert_store_get(store, slice_of("x", 1));
		failed = allocations_failed();
		assert_int_equal(cert == NULL, failed);
		cert_unref(cert);
		cert_unref(get_number(store, 1));
		cert_store_free(store);
	}
}

/* ---- files ---- */

static char file_name[] = "test_cert_store.XXXXXX";
static struct slice der;
static char pem[4096];

static void
make_certificate(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509 = X509_new();
	unsigned char *bytes = NULL;
	BIO *bio = BIO_new(BIO_s_mem());
	int n;

	X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
				   (const uint8_t *)"asa.example.test", -1, -1, 0);
	X509_gmtime_adj(X509_getm_notBefore(x509), 0);
	X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
	X509_set_pubkey(x509, key);
	X509_sign(x509, key, EVP_sha256());
	n = i2d_X509(x509, &bytes);
	assert_true(n > 0);
	der = slice_of(bytes, (size_t)n);
	PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_128_cbc(), "x", 1, NULL, NULL);
	PEM_write_bio_PUBKEY(bio, key);
	PEM_write_bio_X509(bio, x509);
	assert_true(BIO_read(bio, pem, sizeof(pem) - 1) > 0);
	BIO_free(bio);
	X509_free(x509);
	EVP_PKEY_free(key);
}

/* read_bytes writes a file and reads its certificate; expected NULL: there is none, and why says
 * so. */
static void
read_bytes(const void *bytes, size_t n, bool expected)
{
	struct cert_store *store = cert_store_new(0);
	FILE *file = fopen(file_name, "wb");
	const char *why = NULL;
	const struct cert *cert;

	assert_int_equal(fwrite(bytes, 1, n, file), n);
	fclose(file);
	cert = cert_file_read(store, file_name, &why);
	if (expected) {
		const struct cert *same = cert_store_get(store, der);
		assert_ptr_equal(cert, same);
		assert_string_equal(cert->subject_cn, "asa.example.test");
		cert_unref(same);
	} else {
		assert_null(cert);
		assert_string_equal(why, "no certificate in PEM or DER form");
	}
	cert_unref(cert);
	cert_store_free(store);
}

static void
files_in_both_forms(void **state)
{
	char text[2 * sizeof(pem)];
	uint8_t longer[4096];

	(void)state;
	read_bytes(der.p, der.n, true);
	read_bytes(pem, strlen(pem), true); /* behind a key that nobody asks a password for */
	snprintf(text, sizeof(text), "Certificate:\r\n    Data:\n%s%s",
		 strstr(pem, "-----BEGIN CERT"), pem);
	read_bytes(text, strlen(text), true);
	memcpy(longer, der.p, der.n);
	longer[der.n] = '\n';
	read_bytes(longer, der.n + 1, true);
}

static void
files_without_a_certificate(void **state)
{
	(void)state;
	read_bytes("", 0, false);
	read_bytes("hello", 5, false);
	read_bytes(der.p, der.n - 1, false);
	read_bytes("0\x03\x02\x01\x05", 5, false);
	read_bytes(pem, (size_t)(strstr(pem, "-----BEGIN CERT") - pem), false);
	read_bytes(pem, strlen(pem) - 40, false);
	read_bytes("-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n", 63, false);
}

static void
files_that_cannot_be_read(void **state)
{
	struct cert_store *store = cert_store_new(0);
	const char *why;

	(void)state;
	unlink(file_name);
	assert_null(cert_file_read(store, file_name, &why));
	assert_string_equal(why, "No such file or directory");
	assert_null(cert_file_read(store, ".", &why));
	assert_string_equal(why, "Is a directory");
	assert_null(cert_file_read(store, "/dev/zero", &why));
	assert_string_equal(why, "too big");
	cert_store_free(store);
}

static void
no_memory_for_a_file(void **state)
{
	struct cert_store *store = cert_store_new(0);
	FILE *file = fopen(file_name, "wb");
	const char *why;
	bool failed = true;

	(void)state;
	fwrite(pem, 1, strlen(pem), file);
	fclose(file);
	for (size_t nth = 1; failed; nth++) {
		const struct cert *cert;
		allocations_fail(nth);
		cert = cert_file_read(store, file_name, &why);
		failed = allocations_failed();
		if (cert == NULL)
			assert_string_equal(why, "Cannot allocate memory");
		assert_true(cert != NULL || failed);
		cert_unref(cert);
	}
	cert_store_free(store);
}

/* ---- the samples that lie beside the project ---- */

static void
check_sample(struct cert_store *store, const char *root, const char *name, const char *sha1,
	     const char *base64)
{
	char path[4096], hex[HASH_HEX_SIZE];
	const char *why = "";
	const struct cert *from_der, *from_pem;
	struct hash hash;

	snprintf(path, sizeof(path), "%s/../shared/samples/certs/%s.der", root, name);
	from_der = cert_file_read(store, path, &why);
	snprintf(path, sizeof(path), "%s/../shared/samples/certs/%s.pem", root, name);
	from_pem = cert_file_read(store, path, &why);
	assert_non_null(from_der);
	assert_ptr_equal(from_der, from_pem);
	hash_hex(from_der->sha1, SHA1_SIZE, hex);
	assert_string_equal(hex, sha1);
	assert_int_equal(hash_parse(base64, &hash), HASH_BASE64);
	assert_true(hash_fits(&hash, from_der));
	cert_unref(from_der);
	cert_unref(from_pem);
}

static void
samples(void **state)
{
	const char *root = getenv("srcdir") == NULL ? "." : getenv("srcdir");
	char path[4096], line[512], name[64], sha1[64], base64[64];
	struct cert_store *store;
	FILE *file;
	size_t n = 0;

	(void)state;
	snprintf(path, sizeof(path), "%s/../shared/samples/EXPECTED.txt", root);
	file = fopen(path, "r");
	if (file == NULL) {
		print_message("SKIP: %s is not there\n", path);
		skip();
	}
	store = cert_store_new(0);
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "cert %63s der=%*u sha1=%63s certHash=%63s", name, sha1, base64) ==
		    3) {
			check_sample(store, root, name, sha1, base64);
			n++;
		}
	assert_true(n > 0);
	fclose(file);
	cert_store_free(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bytes_give_the_same_one),
		cmocka_unit_test(a_full_store_forgets_the_least_recently_asked),
		cmocka_unit_test(what_lives_is_counted),
		cmocka_unit_test(other_bytes_give_another),
		cmocka_unit_test(json_is_kept_with_it),
		cmocka_unit_test(json_can_be_kept_later),
		cmocka_unit_test(no_memory_is_said),
		cmocka_unit_test(files_in_both_forms),
		cmocka_unit_test(files_without_a_certificate),
		cmocka_unit_test(files_that_cannot_be_read),
		cmocka_unit_test(no_memory_for_a_file),
		cmocka_unit_test(samples),
	};
	int fd = mkstemp(file_name), status;

	if (fd < 0)
		return 99;
	close(fd);
	make_certificate();
	status = cmocka_run_group_tests(tests, NULL, NULL);
	OPENSSL_free((void *)(uintptr_t)der.p);
	unlink(file_name);
	return status;
}
