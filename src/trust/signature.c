/* Signatures held against a certificate: OpenSSL's room, with cert.c and cert_file.c. */
#include "signature.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "cert_parse.h"

/* An old tool wrote 3 for SHA-384, and 4 for SHA-512. */
#define OLD_SHA512 4

static const struct {
	uint8_t number; /* tag 8 */
	const EVP_MD *(*digest)(void);
} digests[] = {
	{SIGNED_SHA1, EVP_sha1},     {SIGNED_SHA256, EVP_sha256}, {SIGNED_SHA512, EVP_sha512},
	{SIGNED_SHA512, EVP_sha384}, {OLD_SHA512, EVP_sha512},
};

/* hold takes the two ends of the file, without the signature between them. An OpenSSL that is told to
 * refuse a digest leaves it unchecked. */
static enum signature_check
hold(const struct signed_file *file, EVP_PKEY *key, const EVP_MD *digest)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	enum signature_check answer = SIGNATURE_UNCHECKED;

	if (context != NULL && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
	    EVP_DigestVerifyUpdate(context, file->before.p, file->before.n) == 1 &&
	    EVP_DigestVerifyUpdate(context, file->behind.p, file->behind.n) == 1)
		answer = EVP_DigestVerifyFinal(context, file->signature.p, file->signature.n) == 1
				 ? SIGNATURE_FITS
				 : SIGNATURE_WRONG;
	EVP_MD_CTX_free(context);
	return answer;
}

static enum signature_check
check_key(const struct signed_file *file, EVP_PKEY *key)
{
	enum signature_check answer = SIGNATURE_UNCHECKED;

	if (key == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || file->signature.n == 0)
		return SIGNATURE_UNCHECKED;
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
		enum signature_check one;
		if (digests[i].number != file->digest)
			continue;
		one = hold(file, key, digests[i].digest());
		if (one == SIGNATURE_FITS)
			return SIGNATURE_FITS;
		if (one == SIGNATURE_WRONG && digests[i].number != OLD_SHA512)
			answer = SIGNATURE_WRONG;
	}
	return answer;
}

enum signature_check
signature_check(const struct signed_file *file, struct slice certificate)
{
	const unsigned char *p = certificate.p;
	X509 *x509 = d2i_X509(NULL, &p, (long)certificate.n);
	enum signature_check answer = SIGNATURE_UNCHECKED;

	if (x509 != NULL)
		answer = check_key(file, X509_get0_pubkey(x509));
	X509_free(x509);
	return cert_drain_errors() ? SIGNATURE_NO_MEMORY : answer;
}
