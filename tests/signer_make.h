/* Who signs files for phones: a key and its certificate, made by OpenSSL. */
#ifndef TESTS_SIGNER_MAKE_H
#define TESTS_SIGNER_MAKE_H

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "tests/tlv_make.h"

struct signer {
	EVP_PKEY *key;
	struct slice serial;
	uint8_t der[2048];
	size_t der_len;
};

/* must stops a test that OpenSSL leaves alone. */
static inline void
must(bool done)
{
	if (!done)
		abort();
}

/* signer_certify gives a key, which becomes the signer's, a certificate of this name and serial number. */
static inline struct signer
signer_certify(EVP_PKEY *key, const char *cn, struct slice serial, const EVP_MD *digest)
{
	struct signer signer = {.key = key, .serial = serial};
	X509 *x509 = X509_new();
	X509_NAME *name = X509_get_subject_name(x509);
	BIGNUM *number = BN_bin2bn(serial.p, (int)serial.n, NULL);
	uint8_t *out = signer.der;
	int n;

	must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)cn, -1, -1, 0) == 1);
	must(X509_set_version(x509, 2) == 1 && X509_set_issuer_name(x509, name) == 1);
	must(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL);
	must(ASN1_TIME_set_string(X509_getm_notBefore(x509), "160401201422Z") == 1);
	must(ASN1_TIME_set_string(X509_getm_notAfter(x509), "20500101000000Z") == 1);
	must(X509_set_pubkey(x509, key) == 1 && X509_sign(x509, key, digest) > 0);
	n = i2d_X509(x509, NULL);
	must(n > 0 && (size_t)n <= sizeof(signer.der));
	signer.der_len = (size_t)i2d_X509(x509, &out);
	BN_free(number);
	X509_free(x509);
	return signer;
}

static inline struct signer
signer_make(unsigned bits, const char *cn, struct slice serial)
{
	return signer_certify(EVP_RSA_gen(bits), cn, serial, EVP_sha1());
}

static inline void
signer_free(struct signer *signer)
{
	EVP_PKEY_free(signer->key);
}

static inline struct slice
signer_der(const struct signer *signer)
{
	return slice_of(signer->der, signer->der_len);
}

/* signer_signs makes a file of these parts with its serial number and signature in it. */
static inline void
signer_signs(const struct signer *signer, struct made *made, struct header_parts parts, const EVP_MD *digest)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t begin = made->n, at, n = (size_t)EVP_PKEY_get_size(signer->key);

	if (parts.serial.n == 0)
		parts.serial = signer->serial;
	parts.signature_len = n;
	at = made_file(made, &parts);
	must(EVP_DigestSignInit(context, NULL, digest, NULL, signer->key) == 1);
	must(EVP_DigestSignUpdate(context, made->bytes + begin, at - 3 - begin) == 1);
	must(EVP_DigestSignUpdate(context, made->bytes + at + n, made->n - at - n) == 1);
	must(EVP_DigestSignFinal(context, made->bytes + at, &n) == 1);
	EVP_MD_CTX_free(context);
}

#endif
