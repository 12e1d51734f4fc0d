/* Signatures of files for phones, made here by OpenSSL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/err.h>

#include "src/trust/cert.h"
#include "src/trust/signature.h"
#include "tests/allocations.h"
#include "tests/signer_make.h"

#define SERIAL TEXT("\x5f\x2d")

static struct header_parts
parts_of(uint8_t digest)
{
	return (struct header_parts){.major = 1, .digest = digest, .file_name = "a", .body = TEXT("<device/>")};
}

/* check holds a file against a certificate. */
static enum signature_check
check(struct slice bytes, struct slice der)
{
	struct signed_file file;
	struct dis_at at;
	enum signature_check answer;

	assert_int_equal(signed_file_dissect(bytes, &file, &at), DIS_OK);
	answer = signature_check(&file, der);
	assert_int_equal(ERR_peek_error(), 0);
	return answer;
}

/* Security levels have no say: phones have keys of 512 and 1024 bits, and SHA-1. */
static void
all_lengths_and_digests(void **state)
{
	static const unsigned bits[] = {512, 1024, 2048};
	static const struct {
		uint8_t number;
		const EVP_MD *(*digest)(void);
		enum signature_check answer;
	} rows[] = {
		{SIGNED_SHA1, EVP_sha1, SIGNATURE_FITS},     {SIGNED_SHA256, EVP_sha256, SIGNATURE_FITS},
		{SIGNED_SHA512, EVP_sha512, SIGNATURE_FITS}, {SIGNED_SHA512, EVP_sha384, SIGNATURE_FITS},
		{4, EVP_sha512, SIGNATURE_FITS},	     {SIGNED_SHA512, EVP_sha256, SIGNATURE_WRONG},
		{SIGNED_SHA1, EVP_sha256, SIGNATURE_WRONG},  {4, EVP_sha1, SIGNATURE_UNCHECKED},
		{0, EVP_sha1, SIGNATURE_UNCHECKED},	     {5, EVP_sha512, SIGNATURE_UNCHECKED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		struct signer signer = signer_make(bits[i], "cucm", SERIAL);

		for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
			struct made made = {.n = 0};

			if (bits[i] == 512 && EVP_MD_get_size(rows[k].digest()) > 32)
				continue; /* does not fit into the key */
			signer_signs(&signer, &made, parts_of(rows[k].number), rows[k].digest());
			assert_int_equal(check(made_slice(&made), signer_der(&signer)), rows[k].answer);
		}
		signer_free(&signer);
	}
}

/* Every bit counts but those of the signature's own tag and length, and those that break the header. */
static void
any_change_is_found(void **state)
{
	struct signer signer = signer_make(1024, "cucm", SERIAL);
	struct made made = {.n = 0};
	size_t wrong = 0;

	(void)state;
	signer_signs(&signer, &made, parts_of(SIGNED_SHA1), EVP_sha1());
	for (size_t i = 0; i < made.n; i++) {
		struct signed_file file;
		struct dis_at at;

		made.bytes[i] ^= 0x10;
		if (signed_file_dissect(made_slice(&made), &file, &at) == DIS_OK) {
			enum signature_check answer = signature_check(&file, signer_der(&signer));
			assert_int_not_equal(answer, SIGNATURE_FITS);
			wrong += answer == SIGNATURE_WRONG;
		}
		made.bytes[i] ^= 0x10;
	}
	assert_true(wrong > 150);
	assert_int_equal(check(made_slice(&made), signer_der(&signer)), SIGNATURE_FITS);
	made.n--;
	assert_int_equal(check(made_slice(&made), signer_der(&signer)), SIGNATURE_WRONG);
	signer_free(&signer);
}

static void
certificates_of_others(void **state)
{
	struct signer signer = signer_make(1024, "cucm", SERIAL), other = signer_make(1024, "cucm", SERIAL),
		      longer = signer_make(2048, "cucm", SERIAL),
		      ec = signer_certify(EVP_EC_gen("P-256"), "cucm", SERIAL, EVP_sha256());
	struct header_parts parts = parts_of(SIGNED_SHA1);
	struct made made = {.n = 0}, unsigned_file = {.n = 0};

	(void)state;
	signer_signs(&signer, &made, parts, EVP_sha1());
	assert_int_equal(check(made_slice(&made), signer_der(&other)), SIGNATURE_WRONG);
	assert_int_equal(check(made_slice(&made), signer_der(&longer)), SIGNATURE_WRONG);
	assert_int_equal(check(made_slice(&made), signer_der(&ec)), SIGNATURE_UNCHECKED);
	assert_int_equal(check(made_slice(&made), TEXT("no certificate")), SIGNATURE_UNCHECKED);
	assert_int_equal(check(made_slice(&made), slice_of(signer.der, 100)), SIGNATURE_UNCHECKED);
	assert_int_equal(check(made_slice(&made), slice_of(NULL, 0)), SIGNATURE_UNCHECKED);
	made_file(&unsigned_file, &parts);
	assert_int_equal(check(made_slice(&unsigned_file), signer_der(&signer)), SIGNATURE_UNCHECKED);
	signer_free(&signer);
	signer_free(&other);
	signer_free(&longer);
	signer_free(&ec);
}

/* Each allocation in turn fails: there is the right answer, or none. */
static void
no_memory_is_said(void **state)
{
	struct signer signer = signer_make(1024, "cucm", SERIAL);
	struct made made = {.n = 0};
	struct signed_file file;
	struct dis_at at;
	bool failed = true;
	size_t none = 0;

	(void)state;
	signer_signs(&signer, &made, parts_of(SIGNED_SHA1), EVP_sha1());
	assert_int_equal(signed_file_dissect(made_slice(&made), &file, &at), DIS_OK);
	for (size_t nth = 1; failed; nth++) {
		enum signature_check answer;

		allocations_fail(nth);
		answer = signature_check(&file, signer_der(&signer));
		failed = allocations_failed();
		assert_int_equal(answer, failed ? SIGNATURE_NO_MEMORY : SIGNATURE_FITS);
		none += failed;
	}
	assert_true(none > 50);
	signer_free(&signer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_lengths_and_digests),
		cmocka_unit_test(any_change_is_found),
		cmocka_unit_test(certificates_of_others),
		cmocka_unit_test(no_memory_is_said),
	};

	cert_store_free(cert_store_new(0)); /* watches OpenSSL's allocations, which it must from the first */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
