/* One certificate read: OpenSSL's room, with cert_file.c and signature.c. */
#include "cert.h"

#include <stdlib.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include "cert_parse.h"
#include "hash.h"
#include "limit.h"
#include "text.h"

/* OpenSSL can do without much that it finds no memory for, a certificate's key or a part of itself,
 * and says nothing: so its allocations are watched. */
static bool no_memory;

/* Where certificates are read: OpenSSL makes a key of what it reads where it can, nine tenths of all the work. */
static OSSL_LIB_CTX *bare;

static void *
watched(void *memory, size_t n)
{
	no_memory = no_memory || (memory == NULL && n > 0);
	return memory;
}

static void *
watched_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return watched(malloc(n), n);
}

static void *
watched_realloc(void *old, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return watched(realloc(old, n), n);
}

static void
plain_free(void *memory, const char *file, int line)
{
	(void)file;
	(void)line;
	free(memory);
}

bool
cert_drain_errors(void)
{
	bool failed;

	ERR_clear_error(); /* allocates, the first time */
	failed = no_memory;
	no_memory = false;
	return failed;
}

static struct slice
slice_of_string(const ASN1_STRING *string)
{
	return slice_of(ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));
}

/* oid_text gives OpenSSL's long name, or the dotted numbers of what it does not know. */
static char *
oid_text(const ASN1_OBJECT *oid)
{
	char text[LIMIT_TEXT] = "";

	OBJ_obj2txt(text, sizeof(text), oid, 0);
	return text_escape_string(text);
}

/* name_text writes a distinguished name. The pair of BIOs has a fixed size, so that printing a huge
 * name ends where its text would be cut anyway. */
static char *
name_text(X509_NAME *name)
{
	const unsigned long kept_for_us = ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_ESC_MSB;
	char raw[LIMIT_TEXT + 1];
	BIO *in, *out;
	int n;

	if (BIO_new_bio_pair(&in, sizeof(raw), &out, 1) != 1)
		return NULL;
	X509_NAME_print_ex(in, name, 0, XN_FLAG_RFC2253 & ~kept_for_us);
	n = BIO_read(out, raw, sizeof(raw));
	BIO_free(in);
	BIO_free(out);
	return text_escape_name(slice_of(raw, n > 0 ? (size_t)n : 0));
}

/* last_cn gives the most specific CN; true without one where there is none that is text. */
static bool
last_cn(X509_NAME *name, char **out)
{
	unsigned char *utf8;
	int at = -1, next, n;

	while ((next = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0)
		at = next;
	if (at < 0)
		return true;
	n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n < 0)
		return true;
	*out = text_escape(slice_of(utf8, (size_t)n));
	OPENSSL_free(utf8);
	return *out != NULL;
}

static bool
read_name(X509_NAME *name, char **text, char **cn, uint8_t id[SHA1_SIZE])
{
	const unsigned char *der;
	size_t der_len;

	*text = name_text(name);
	return *text != NULL && last_cn(name, cn) &&
	       X509_NAME_get0_der(name, &der, &der_len) == 1 && SHA1(der, der_len, id) != NULL;
}

/* rsa_bits reads an RSAPublicKey, two numbers (RFC 8017 appendix A.1.1); 0 where that is not what is there. */
static unsigned
rsa_bits(const unsigned char *key, long n)
{
	ASN1_SEQUENCE_ANY *numbers = d2i_ASN1_SEQUENCE_ANY(NULL, &key, n);
	unsigned bits = 0;

	if (sk_ASN1_TYPE_num(numbers) == 2 && ASN1_TYPE_get(sk_ASN1_TYPE_value(numbers, 0)) == V_ASN1_INTEGER &&
	    ASN1_TYPE_get(sk_ASN1_TYPE_value(numbers, 1)) == V_ASN1_INTEGER) {
		BIGNUM *modulus = ASN1_INTEGER_to_BN(sk_ASN1_TYPE_value(numbers, 0)->value.integer, NULL);
		bits = modulus == NULL || BN_is_negative(modulus) ? 0 : (unsigned)BN_num_bits(modulus);
		BN_free(modulus);
	}
	sk_ASN1_TYPE_pop_free(numbers, ASN1_TYPE_free);
	return bits;
}

/* ec_bits knows the curves that there are, by a point of their size, uncompressed (SEC 1 section 2.3.3); 0: another. */
static unsigned
ec_bits(int curve, const unsigned char *point, int n)
{
	static const struct {
		int nid, bits;
	} curves[] = {{NID_X9_62_prime256v1, 256}, {NID_secp384r1, 384}, {NID_secp521r1, 521}};

	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (curves[i].nid == curve && n == 1 + 2 * ((curves[i].bits + 7) / 8) && point[0] == 0x04)
			return (unsigned)curves[i].bits;
	return 0;
}

/* bits_by_decoder has OpenSSL make a key of it, which takes longer than all the rest. */
static unsigned
bits_by_decoder(const X509_PUBKEY *spki)
{
	unsigned char *der = NULL;
	int n = i2d_X509_PUBKEY(spki, &der), bits = 0;
	const unsigned char *p = der;
	EVP_PKEY *key = n > 0 ? d2i_PUBKEY(NULL, &p, n) : NULL;

	if (key != NULL)
		bits = EVP_PKEY_bits(key);
	EVP_PKEY_free(key);
	OPENSSL_free(der);
	return bits > 0 ? (unsigned)bits : 0;
}

/* read_key names the key by its OID, which also stands where the key cannot be read. */
static bool
read_key(X509 *x509, struct cert *cert)
{
	static const struct {
		int nid;
		const char *name;
	} types[] = {
		{EVP_PKEY_RSA, "RSA"},	       {EVP_PKEY_EC, "EC"},   {EVP_PKEY_ED25519, "Ed25519"},
		{EVP_PKEY_RSA_PSS, "RSA-PSS"}, {EVP_PKEY_DSA, "DSA"}, {EVP_PKEY_ED448, "Ed448"},
	};
	const X509_PUBKEY *spki = X509_get_X509_PUBKEY(x509);
	const unsigned char *key;
	X509_ALGOR *algorithm;
	const ASN1_OBJECT *oid;
	const void *parameters;
	int key_len, type, nid, curve = NID_undef;

	X509_PUBKEY_get0_param(NULL, &key, &key_len, &algorithm, spki);
	X509_ALGOR_get0(&oid, &type, &parameters, algorithm);
	nid = OBJ_obj2nid(oid);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]) && cert->key_type == NULL; i++)
		if (types[i].nid == nid &&
		    (cert->key_type = text_escape_string(types[i].name)) == NULL)
			return false;
	if (cert->key_type == NULL && (cert->key_type = oid_text(oid)) == NULL)
		return false;
	if (nid == EVP_PKEY_RSA)
		cert->key_bits = rsa_bits(key, key_len);
	if (nid == EVP_PKEY_EC && type == V_ASN1_OBJECT) {
		curve = OBJ_obj2nid(parameters);
		cert->key_bits = ec_bits(curve, key, key_len);
		cert->curve = curve == NID_undef ? oid_text(parameters) : text_escape_string(OBJ_nid2sn(curve));
		if (cert->curve == NULL)
			return false;
	}
	if (cert->key_bits == 0)
		cert->key_bits = bits_by_decoder(spki);
	return true;
}

static bool
read_seconds(const ASN1_TIME *time, int64_t *out)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(time, &tm) != 1)
		return false;
	*out = timegm(&tm);
	return true;
}

static bool
read_signature(X509 *x509, struct cert *cert)
{
	const X509_ALGOR *algorithm;
	const ASN1_OBJECT *oid;

	X509_get0_signature(NULL, &algorithm, x509);
	X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
	cert->signature = oid_text(oid);
	return cert->signature != NULL;
}

static bool
read_serial(X509 *x509, struct cert *cert)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);

	cert->serial = cert_hex(ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER ? "-" : "",
				slice_of_string(serial));
	return cert->serial != NULL;
}

/* extension gives the first extension of a kind, where it can be read. */
static void *
extension(X509 *x509, int nid)
{
	int at = -1;
	return X509_get_ext_d2i(x509, nid, NULL, &at);
}

static bool
is_self_signed(X509 *x509)
{
	ASN1_OCTET_STRING *own;
	AUTHORITY_KEYID *issuer;
	bool other = false;

	if (X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) != 0)
		return false;
	own = extension(x509, NID_subject_key_identifier);
	issuer = extension(x509, NID_authority_key_identifier);
	if (issuer != NULL && issuer->keyid != NULL && own != NULL)
		other = ASN1_OCTET_STRING_cmp(issuer->keyid, own) != 0;
	if (issuer != NULL && issuer->serial != NULL && !other)
		other = ASN1_INTEGER_cmp(issuer->serial, X509_get0_serialNumber(x509)) != 0;
	ASN1_OCTET_STRING_free(own);
	AUTHORITY_KEYID_free(issuer);
	return !other;
}

static bool
read_alt_names(X509 *x509, struct cert *cert)
{
	GENERAL_NAMES *names = extension(x509, NID_subject_alt_name);
	size_t room = LIMIT_ALT_TEXT;
	bool ok = true;

	for (int i = 0; ok && i < sk_GENERAL_NAME_num(names); i++) {
		int type;
		const ASN1_STRING *value =
			GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
		if (type == GEN_DNS || type == GEN_IPADD)
			ok = cert_add_alt_name(cert, type == GEN_DNS, slice_of_string(value),
					       &room);
	}
	GENERAL_NAMES_free(names);
	return ok;
}

/* read_fields fills what a certificate says; false when out of memory. */
static bool
read_fields(X509 *x509, struct cert *cert)
{
	cert->parsed = true;
	cert->has_dates = read_seconds(X509_get0_notBefore(x509), &cert->not_before) &&
			  read_seconds(X509_get0_notAfter(x509), &cert->not_after);
	cert->self_signed = is_self_signed(x509);
	return read_name(X509_get_subject_name(x509), &cert->subject, &cert->subject_cn,
			 cert->subject_id) &&
	       read_name(X509_get_issuer_name(x509), &cert->issuer, &cert->issuer_cn,
			 cert->issuer_id) &&
	       read_key(x509, cert) && read_serial(x509, cert) && read_signature(x509, cert) &&
	       read_alt_names(x509, cert);
}

/* bare_new makes a context in which OpenSSL knows no algorithms. */
static OSSL_LIB_CTX *
bare_new(void)
{
	OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();

	if (context != NULL && OSSL_PROVIDER_load(context, "null") == NULL) {
		OSSL_LIB_CTX_free(context);
		return NULL;
	}
	return context;
}

/* Where its default context could not be made, OpenSSL 3 goes on with it all the same, and crashes. What this machine's
 * openssl.cnf says shall change no answer, and in the sandbox it could not be read. */
bool
cert_begin(void)
{
	bool ok;

	CRYPTO_set_mem_functions(watched_malloc, watched_realloc, plain_free);
	ok = OSSL_LIB_CTX_get0_global_default() != NULL && OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1;
	if (ok && bare == NULL)
		bare = bare_new();
	return !cert_drain_errors() && ok && bare != NULL;
}

bool
cert_sha256(struct slice bytes, uint8_t out[SHA256_SIZE])
{
	bool ok = SHA256(bytes.p, bytes.n, out) != NULL;

	return !cert_drain_errors() && ok;
}

struct cert *
cert_parse(struct slice der)
{
	struct cert *cert = calloc(1, sizeof(*cert));
	const unsigned char *p = der.p;
	struct slice rest = der;
	X509 *x509;
	bool ok;

	if (cert == NULL || (cert->der = malloc(der.n > 0 ? der.n : 1)) == NULL) {
		cert_free(cert);
		return NULL;
	}
	slice_copy(&rest, cert->der, der.n);
	cert->der_len = der.n;
	ok = SHA1(der.p, der.n, cert->sha1) != NULL && SHA256(der.p, der.n, cert->sha256) != NULL &&
	     SHA512(der.p, der.n, cert->sha512) != NULL;
	cert->has_md5 = EVP_Digest(der.p, der.n, cert->md5, NULL, EVP_md5(), NULL) == 1;
	x509 = (X509 *)ASN1_item_d2i_ex(NULL, &p, (long)der.n, ASN1_ITEM_rptr(X509), bare, NULL);
	if (ok && x509 != NULL)
		ok = read_fields(x509, cert);
	X509_free(x509);
	if (cert_drain_errors() || !ok) {
		cert_free(cert);
		return NULL;
	}
	return cert;
}

char *
cert_name_text(struct slice der_name)
{
	const unsigned char *p = der_name.p;
	X509_NAME *name = d2i_X509_NAME(NULL, &p, (long)der_name.n);
	bool whole = name != NULL && (size_t)(p - der_name.p) == der_name.n;
	char *text = whole ? name_text(name) : cert_hex("", der_name);

	X509_NAME_free(name);
	if (cert_drain_errors()) {
		free(text);
		return NULL;
	}
	return text;
}
