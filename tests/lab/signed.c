/* TLVs, facts sheet cisco-phones, section 2: tag (1), length (2), value; some only span those
 * behind them. */
#include "signed.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

enum tag {
	TAG_VERSION = 1,
	TAG_HEADER_LENGTH = 2,
	TAG_SIGNER = 3,
	TAG_SIGNER_NAME = 4,
	TAG_SIGNER_SERIAL = 5,
	TAG_SIGNER_ISSUER = 6,
	TAG_SIGNATURE_INFO = 7,
	TAG_DIGEST = 8,
	TAG_ALGORITHM_INFO = 9,
	TAG_ALGORITHM = 10,
	TAG_MODULUS = 11,
	TAG_SIGNATURE = 12,
	TAG_PADDING = 13,
	TAG_FILE_NAME = 14,
	TAG_TIME = 15,
	TAG_ENCRYPTION = 16,
	TAG_IV_INFO = 17,
	TAG_IV_UNKNOWN = 18,
	TAG_IV = 19,
	TAG_PAD_COUNT = 20,
	TAG_KEY_INFO = 21,
	TAG_KEY_UNKNOWN = 22,
	TAG_KEY_BITS = 23,
	TAG_KEY_ALGORITHM = 24,
	TAG_KEY = 25,
	TAG_CLEAR_DIGEST = 26,
	TAG_CLEAR_HASH = 27,
	TAG_SIGNER_VERSION = 28,
};

enum record_tag {
	RECORD_LENGTH = 1,
	RECORD_DNS_NAME = 2,
	RECORD_SUBJECT = 3,
	RECORD_ROLE = 4,
	RECORD_ISSUER = 5,
	RECORD_SERIAL = 6,
	RECORD_KEY = 7,
	RECORD_SIGNATURE = 8,
	RECORD_CERTIFICATE = 9,
	RECORD_ADDRESS = 10,
	RECORD_HASH = 11,
	RECORD_HASH_DIGEST = 12,
};

enum { DIGEST_SHA1 = 1, DIGEST_SHA512 = 3 };

#define AES_BLOCK 16
#define PAD 0x0d

/* How the body is encrypted; clear is what it was. */
struct cipher {
	enum who phone;
	uint8_t key[AES_BLOCK], iv[AES_BLOCK];
	const struct bytes *clear;
};

static size_t
open_tlv(struct bytes *out, unsigned tag)
{
	put(out, 1, tag);
	return put(out, 2, 0);
}

static void
close_tlv(struct bytes *out, size_t length)
{
	put_length(out, length, 2);
}

static void
put_tlv(struct bytes *out, unsigned tag, const void *p, size_t n)
{
	put(out, 1, tag);
	put(out, 2, n);
	put_bytes(out, p, n);
}

static void
put_tlv_number(struct bytes *out, unsigned tag, size_t width, uint64_t value)
{
	put(out, 1, tag);
	put(out, 2, width);
	put(out, width, value);
}

/* A name as CUCM writes it: "CN=cucm;OU=Voice", its last part first, and a NUL. */
static void
put_name(struct bytes *out, unsigned tag, const X509_NAME *name)
{
	size_t length = open_tlv(out, tag);

	for (int i = X509_NAME_entry_count(name); i-- > 0;) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);

		put_text(out, OBJ_nid2sn(OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry))));
		put(out, 1, '=');
		put_bytes(out, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
		if (i > 0)
			put(out, 1, ';');
	}
	put(out, 1, 0);
	close_tlv(out, length);
}

static void
put_serial(struct bytes *out, unsigned tag, const X509 *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);

	put_tlv(out, tag, ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
}

static void
put_signer(struct bytes *out, const struct seal *seal)
{
	const X509 *cert = pki(seal->signer)->cert;
	size_t length;

	if (seal->newer)
		put_tlv_number(out, TAG_SIGNER_VERSION, 2, 0x0101);
	length = open_tlv(out, TAG_SIGNER);
	put_name(out, TAG_SIGNER_NAME, X509_get_subject_name(cert));
	put_serial(out, TAG_SIGNER_SERIAL, cert);
	put_name(out, TAG_SIGNER_ISSUER, X509_get_issuer_name(cert));
	close_tlv(out, length);
}

/* Gives the place of the signature, which is not made yet. */
static size_t
put_signature(struct bytes *out, const struct seal *seal)
{
	size_t n = (size_t)EVP_PKEY_get_size(pki(seal->signer)->key), length, inner;

	length = open_tlv(out, TAG_SIGNATURE_INFO);
	put_tlv_number(out, TAG_DIGEST, 1, seal->sha512 ? DIGEST_SHA512 : DIGEST_SHA1);
	inner = open_tlv(out, TAG_ALGORITHM_INFO);
	put_tlv_number(out, TAG_ALGORITHM, 1, 0); /* RSA */
	put_tlv_number(out, TAG_MODULUS, 1, n == 128 ? 1 : 2);
	close_tlv(out, inner);
	close_tlv(out, length);
	length = open_tlv(out, TAG_SIGNATURE);
	put_zeros(out, n);
	close_tlv(out, length);
	return length + 2;
}

/* The body's key goes to the phone alone, by the key of its certificate. */
static void
put_key(struct bytes *out, const struct cipher *cipher)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(pki(cipher->phone)->key, NULL);
	unsigned char wrapped[512];
	size_t n = sizeof(wrapped);

	if (context == NULL || EVP_PKEY_encrypt_init(context) != 1 ||
	    EVP_PKEY_encrypt(context, wrapped, &n, cipher->key, sizeof(cipher->key)) != 1)
		lab_die("cannot wrap a key");
	EVP_PKEY_CTX_free(context);
	put_tlv(out, TAG_KEY, wrapped, n);
}

static void
put_cipher(struct bytes *out, const struct cipher *cipher)
{
	size_t length = open_tlv(out, TAG_ENCRYPTION), inner = open_tlv(out, TAG_IV_INFO);
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned n;

	put_tlv_number(out, TAG_IV_UNKNOWN, 1, 0);
	put_tlv(out, TAG_IV, cipher->iv, sizeof(cipher->iv));
	put_tlv_number(out, TAG_PAD_COUNT, 2, AES_BLOCK - cipher->clear->n % AES_BLOCK);
	close_tlv(out, inner);
	inner = open_tlv(out, TAG_KEY_INFO);
	put_tlv_number(out, TAG_KEY_UNKNOWN, 1, 0);
	put_tlv_number(out, TAG_KEY_BITS, 2, 2048);
	put_tlv_number(out, TAG_KEY_ALGORITHM, 1, 1); /* AES */
	put_key(out, cipher);
	close_tlv(out, inner);
	close_tlv(out, length);
	EVP_Digest(cipher->clear->b, cipher->clear->n, hash, &n, EVP_sha1(), NULL);
	put_tlv_number(out, TAG_CLEAR_DIGEST, 1, DIGEST_SHA1);
	put_tlv(out, TAG_CLEAR_HASH, hash, n);
}

/* Signs all but the signature's own TLV, and puts the signature in its place. */
static void
sign(struct bytes *out, const struct seal *seal, size_t place)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY *key = pki(seal->signer)->key;
	size_t n = (size_t)EVP_PKEY_get_size(key), behind = place + n;

	if (context == NULL ||
	    EVP_DigestSignInit(context, NULL, seal->sha512 ? EVP_sha512() : EVP_sha1(), NULL,
			       key) != 1 ||
	    EVP_DigestSignUpdate(context, out->b, place - 3) != 1 ||
	    EVP_DigestSignUpdate(context, out->b + behind, out->n - behind) != 1 ||
	    EVP_DigestSignFinal(context, out->b + place, &n) != 1)
		lab_die("cannot sign");
	EVP_MD_CTX_free(context);
}

static void
put_file(struct bytes *out, const struct seal *seal, const struct bytes *body,
	 const struct cipher *cipher)
{
	size_t header, place;

	put_tlv_number(out, TAG_VERSION, 2,
		       cipher != NULL ? 0x0200
		       : seal->minor  ? 0x0102
				      : 0x0100);
	put_tlv_number(out, TAG_HEADER_LENGTH, 2, 0);
	header = out->n - 2;
	put_signer(out, seal);
	place = put_signature(out, seal);
	put(out, 1, TAG_FILE_NAME);
	put(out, 2, strlen(seal->file_name) + 1);
	put_bytes(out, seal->file_name, strlen(seal->file_name) + 1);
	put_tlv_number(out, TAG_TIME, 4, LAB_TIME - 3 * 86400);
	if (cipher != NULL)
		put_cipher(out, cipher);
	while (out->n % 4 != 0)
		put(out, 1, TAG_PADDING);
	put_at(out, header, 2, out->n);
	put_bytes(out, body->b, body->n);
	sign(out, seal, place);
}

void
signed_put(struct bytes *out, const struct seal *seal, const struct bytes *body)
{
	put_file(out, seal, body, NULL);
}

void
signed_put_encrypted(struct bytes *out, const struct seal *seal, const struct bytes *body,
		     enum who phone)
{
	struct cipher cipher = {.phone = phone, .clear = body};
	struct bytes padded = *body, encrypted = {.n = 0};
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int n;

	do
		put(&padded, 1, PAD);
	while (padded.n % AES_BLOCK != 0);
	if (context == NULL || RAND_bytes(cipher.key, sizeof(cipher.key)) != 1 ||
	    RAND_bytes(cipher.iv, sizeof(cipher.iv)) != 1 ||
	    EVP_EncryptInit_ex(context, EVP_aes_128_cbc(), NULL, cipher.key, cipher.iv) != 1 ||
	    EVP_CIPHER_CTX_set_padding(context, 0) != 1 ||
	    EVP_EncryptUpdate(context, encrypted.b, &n, padded.b, (int)padded.n) != 1)
		lab_die("cannot encrypt");
	EVP_CIPHER_CTX_free(context);
	encrypted.n = (size_t)n;
	put_file(out, seal, &encrypted, &cipher);
}

static void
put_key_and_signature(struct bytes *out, const X509 *cert)
{
	const ASN1_BIT_STRING *signature;
	unsigned char *key = NULL;
	int n = i2d_PublicKey(X509_get0_pubkey(cert), &key);

	if (n <= 0)
		lab_die("no public key");
	put_tlv(out, RECORD_KEY, key, (size_t)n);
	OPENSSL_free(key);
	X509_get0_signature(&signature, NULL, cert);
	put_tlv(out, RECORD_SIGNATURE, ASN1_STRING_get0_data(signature),
		(size_t)ASN1_STRING_length(signature));
}

static void
put_certificate(struct bytes *out, X509 *cert, bool hash_alone)
{
	unsigned char hash[EVP_MAX_MD_SIZE], *der = NULL;
	unsigned hash_n;
	int n = i2d_X509(cert, &der);

	if (n <= 0 || X509_digest(cert, EVP_sha1(), hash, &hash_n) != 1)
		lab_die("no certificate");
	if (hash_alone) {
		put_tlv(out, RECORD_HASH, hash, hash_n);
		put_tlv_number(out, RECORD_HASH_DIGEST, 1, DIGEST_SHA1);
	} else {
		put_tlv(out, RECORD_CERTIFICATE, der, (size_t)n);
	}
	OPENSSL_free(der);
}

static void
put_record(struct bytes *out, const struct record *record)
{
	X509 *cert = record->who != NOBODY ? pki(record->who)->cert : NULL;
	size_t start = out->n;

	put_tlv_number(out, RECORD_LENGTH, 2, 0);
	if (record->dns_name != NULL)
		put_tlv(out, RECORD_DNS_NAME, record->dns_name, strlen(record->dns_name) + 1);
	if (cert != NULL)
		put_name(out, RECORD_SUBJECT, X509_get_subject_name(cert));
	put_tlv_number(out, RECORD_ROLE, 2, record->role);
	if (cert != NULL) {
		put_name(out, RECORD_ISSUER, X509_get_issuer_name(cert));
		put_serial(out, RECORD_SERIAL, cert);
		put_key_and_signature(out, cert);
		put_certificate(out, cert, record->hash_alone);
	}
	if (record->host != NULL)
		put_tlv(out, RECORD_ADDRESS, record->host->ip, record->odd_address ? 5 : 4);
	put_at(out, start + 3, 2, out->n - start);
}

void
signed_put_list(struct bytes *out, const struct seal *seal, const struct record *records, size_t n)
{
	struct bytes body = {.n = 0};

	for (size_t i = 0; i < n; i++)
		put_record(&body, &records[i]);
	signed_put(out, seal, &body);
}
