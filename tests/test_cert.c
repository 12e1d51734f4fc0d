/* Certificates, made here by OpenSSL and compared with what OpenSSL says of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/core_names.h>
#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "src/trust/cert.h"
#include "src/limit.h"
#include "tests/allocations.h"

static struct cert_store *store;
static EVP_PKEY *ec_key;

/* ---- making certificates ---- */

static X509_NAME *
name_of(const char *cn)
{
	X509_NAME *name = X509_NAME_new();

	X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, (const uint8_t *)"US", -1, -1, 0);
	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const uint8_t *)"Example, Inc.", -1,
				   -1, 0);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const uint8_t *)cn, -1, -1, 0);
	return name;
}

/* An unsigned certificate with everything in it; issuer NULL: its own. */
static X509 *
x509_new(EVP_PKEY *key, X509_NAME *subject, X509_NAME *issuer)
{
	X509 *x509 = X509_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();

	X509_set_version(x509, 2);
	ASN1_INTEGER_set_uint64(serial, 0xfedcba9876543210);
	X509_set_serialNumber(x509, serial);
	ASN1_INTEGER_free(serial);
	ASN1_TIME_set_string(X509_getm_notBefore(x509), "160401201422Z");
	ASN1_TIME_set_string(X509_getm_notAfter(x509), "20500101000000Z");
	X509_set_subject_name(x509, subject);
	X509_set_issuer_name(x509, issuer == NULL ? subject : issuer);
	X509_set_pubkey(x509, key);
	return x509;
}

static void
add_extension(X509 *x509, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	assert_non_null(extension);
	X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
}

/* der_of signs a certificate and gives its DER; both are gone after. */
static struct slice
der_of(X509 *x509, EVP_PKEY *signer)
{
	unsigned char *der = NULL;
	const EVP_MD *digest = EVP_PKEY_is_a(signer, "ED25519") ? NULL : EVP_sha256();
	int n;

	assert_true(X509_sign(x509, signer, digest) > 0);
	n = i2d_X509(x509, &der);
	assert_true(n > 0);
	X509_free(x509);
	return slice_of(der, (size_t)n);
}

static void
der_free(struct slice der)
{
	OPENSSL_free((void *)(uintptr_t)der.p);
}

/* One with these names, self-signed by default. */
static struct slice
der_named(X509_NAME *subject, X509_NAME *issuer)
{
	struct slice der = der_of(x509_new(ec_key, subject, issuer), ec_key);

	X509_NAME_free(subject);
	X509_NAME_free(issuer);
	return der;
}

static struct slice
der_plain(void)
{
	return der_named(name_of("asa.example.test"), NULL);
}

/* replace puts bytes of the same length in place of others that occur once or more. */
static void
replace(struct slice der, const void *old, const void *new, size_t n)
{
	uint8_t *p = (uint8_t *)(uintptr_t)der.p, *end = p + der.n;
	bool found = false;

	while ((p = memmem(p, (size_t)(end - p), old, n)) != NULL) {
		memcpy(p, new, n);
		p += n;
		found = true;
	}
	assert_true(found);
}

/* get gives a certificate and frees its DER; the queue of errors must be empty after. */
static const struct cert *
get(struct slice der)
{
	const struct cert *cert = cert_store_get(store, der);

	assert_non_null(cert);
	assert_int_equal(ERR_peek_error(), 0);
	der_free(der);
	return cert;
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

/* ---- what a good one says ---- */

static void
every_field(void **state)
{
	X509_NAME *subject = name_of("asa.example.test"), *issuer = name_of("Test Root");
	X509 *x509 = x509_new(ec_key, subject, issuer);
	const struct cert *cert;
	uint8_t digest[EVP_MAX_MD_SIZE];
	struct slice der;

	(void)state;
	add_extension(x509, NID_subject_alt_name,
		      "DNS:asa.example.test,email:a@b,IP:192.0.2.10,DNS:*.vpn.test,IP:2001:db8::1");
	der = der_of(x509, ec_key);
	cert = cert_store_get(store, der);
	assert_true(cert->parsed);
	assert_int_equal(cert->der_len, der.n);
	EVP_Digest(der.p, der.n, digest, NULL, EVP_sha1(), NULL);
	assert_memory_equal(cert->sha1, digest, SHA1_SIZE);
	EVP_Digest(der.p, der.n, digest, NULL, EVP_sha256(), NULL);
	assert_memory_equal(cert->sha256, digest, SHA256_SIZE);
	EVP_Digest(der.p, der.n, digest, NULL, EVP_sha512(), NULL);
	assert_memory_equal(cert->sha512, digest, SHA512_SIZE);
	EVP_Digest(der.p, der.n, digest, NULL, EVP_md5(), NULL);
	assert_true(cert->has_md5);
	assert_memory_equal(cert->md5, digest, MD5_SIZE);
	X509_NAME_digest(subject, EVP_sha1(), digest, NULL);
	assert_memory_equal(cert->subject_id, digest, SHA1_SIZE);
	X509_NAME_digest(issuer, EVP_sha1(), digest, NULL);
	assert_memory_equal(cert->issuer_id, digest, SHA1_SIZE);
	assert_string_equal(cert->key_type, "EC");
	assert_int_equal(cert->key_bits, 256);
	assert_string_equal(cert->curve, "prime256v1");
	assert_string_equal(cert->subject, "CN=asa.example.test,O=Example\\, Inc.,C=US");
	assert_string_equal(cert->issuer, "CN=Test Root,O=Example\\, Inc.,C=US");
	assert_string_equal(cert->subject_cn, "asa.example.test");
	assert_string_equal(cert->issuer_cn, "Test Root");
	assert_string_equal(cert->serial, "fedcba9876543210");
	assert_true(cert->has_dates);
	assert_int_equal(cert->not_before, 1459541662);
	assert_int_equal(cert->not_after, 2524608000);
	assert_string_equal(cert->signature, "ecdsa-with-SHA256");
	assert_false(cert->self_signed);
	assert_int_equal(cert->n_dns_names, 2);
	assert_string_equal(cert->dns_names[0], "asa.example.test");
	assert_string_equal(cert->dns_names[1], "*.vpn.test");
	assert_int_equal(cert->n_ip_addresses, 2);
	assert_string_equal(cert->ip_addresses[0], "192.0.2.10");
	assert_string_equal(cert->ip_addresses[1], "2001:db8::1");
	assert_false(cert->alt_names_cut);
	cert_unref(cert);
	der_free(der);
	X509_NAME_free(subject);
	X509_NAME_free(issuer);
}

/* check_key makes a certificate with a key and looks at how the key is named. */
static void
check_key(EVP_PKEY *key, EVP_PKEY *signer, const char *type, unsigned bits, const char *curve)
{
	X509_NAME *name = name_of("key");
	const struct cert *cert = get(der_of(x509_new(key, name, NULL), signer));

	assert_string_equal(cert->key_type, type);
	assert_int_equal(cert->key_bits, bits);
	if (curve == NULL)
		assert_null(cert->curve);
	else
		assert_string_equal(cert->curve, curve);
	cert_unref(cert);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
}

/* A key with its curve spelt out, as some old devices have it. */
static EVP_PKEY *
explicit_key(void)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
	EVP_PKEY *key = NULL;

	EVP_PKEY_keygen_init(context);
	EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_secp384r1);
	EVP_PKEY_CTX_set_ec_param_enc(context, OPENSSL_EC_EXPLICIT_CURVE);
	EVP_PKEY_keygen(context, &key);
	EVP_PKEY_CTX_free(context);
	assert_non_null(key);
	return key;
}

/* A key whose point has one coordinate. */
static EVP_PKEY *
compressed_key(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	assert_int_equal(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
							OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_COMPRESSED), 1);
	return key;
}

static EVP_PKEY *
pss_key(void)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA_PSS, NULL);
	EVP_PKEY *key = NULL;

	EVP_PKEY_keygen_init(context);
	EVP_PKEY_CTX_set_rsa_keygen_bits(context, 1024);
	EVP_PKEY_keygen(context, &key);
	EVP_PKEY_CTX_free(context);
	assert_non_null(key);
	return key;
}

static EVP_PKEY *
dsa_key(void)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_DSA, NULL);
	EVP_PKEY *parameters = NULL, *key = NULL;

	EVP_PKEY_paramgen_init(context);
	EVP_PKEY_CTX_set_dsa_paramgen_bits(context, 1024);
	EVP_PKEY_paramgen(context, &parameters);
	EVP_PKEY_CTX_free(context);
	context = EVP_PKEY_CTX_new(parameters, NULL);
	EVP_PKEY_keygen_init(context);
	EVP_PKEY_keygen(context, &key);
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(parameters);
	assert_non_null(key);
	return key;
}

static void
kinds_of_keys(void **state)
{
	(void)state;
	check_key(EVP_EC_gen("secp521r1"), ec_key, "EC", 521, "secp521r1");
	check_key(EVP_EC_gen("brainpoolP256r1"), ec_key, "EC", 256, "brainpoolP256r1");
	check_key(explicit_key(), ec_key, "EC", 384, NULL);
	check_key(compressed_key(), ec_key, "EC", 256, "prime256v1");
	check_key(EVP_RSA_gen(1024), ec_key, "RSA", 1024, NULL);
	check_key(EVP_RSA_gen(1021), ec_key, "RSA", 1021, NULL);
	check_key(pss_key(), ec_key, "RSA-PSS", 1024, NULL);
	check_key(dsa_key(), ec_key, "DSA", 1024, NULL);
	check_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), ec_key, "Ed25519", 256, NULL);
	check_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED448"), ec_key, "Ed448", 456, NULL);
}

static void
signatures(void **state)
{
	EVP_PKEY *rsa = EVP_RSA_gen(1024), *edwards = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	X509_NAME *name = name_of("signed");
	const struct cert *cert = get(der_of(x509_new(ec_key, name, NULL), rsa));

	(void)state;
	assert_string_equal(cert->signature, "sha256WithRSAEncryption");
	cert_unref(cert);
	cert = get(der_of(x509_new(ec_key, name, NULL), edwards));
	assert_string_equal(cert->signature, "ED25519");
	cert_unref(cert);
	X509_NAME_free(name);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(edwards);
}

/* ---- names ---- */

/* openssl_text is OpenSSL's own writing, for names of plain characters. */
static void
check_like_openssl(X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char expected[LIMIT_TEXT] = "";
	const struct cert *cert;

	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
	assert_true(BIO_read(bio, expected, sizeof(expected) - 1) >= 0 ||
		    X509_NAME_entry_count(name) == 0);
	BIO_free(bio);
	cert = get(der_named(name, NULL));
	assert_string_equal(cert->subject, expected);
	assert_string_equal(cert->issuer, expected);
	cert_unref(cert);
}

static void
names_as_openssl_writes_them(void **state)
{
	X509_NAME *name = name_of("a");

	(void)state;
	check_like_openssl(X509_NAME_new());
	check_like_openssl(name_of("ASA Temporary Self Signed Certificate"));
	check_like_openssl(name_of("# a+b,c;d<e>\"f\"\\g "));
	X509_NAME_add_entry_by_txt(name, "serialNumber", MBSTRING_ASC,
				   (const uint8_t *)"PID:CP-8861 SN:FCH00000000", -1, 0, 0);
	X509_NAME_add_entry_by_txt(name, "UID", MBSTRING_ASC, (const uint8_t *)"multi", -1, -1, -1);
	X509_NAME_add_entry_by_txt(name, "1.2.3.4", MBSTRING_ASC, (const uint8_t *)"unknown", -1,
				   -1, 0);
	check_like_openssl(name);
}

/* add_cn adds a CN of any bytes in any string type, past OpenSSL's checks of length and contents.
 */
static void
add_cn(X509_NAME *name, int type, const void *bytes, size_t n)
{
	X509_NAME_ENTRY *entry = X509_NAME_ENTRY_create_by_NID(
		NULL, NID_commonName, V_ASN1_PRINTABLESTRING, (const uint8_t *)"x", 1);
	ASN1_STRING *data = X509_NAME_ENTRY_get_data(entry);

	ASN1_STRING_set(data, bytes, (int)n);
	data->type = type;
	X509_NAME_add_entry(name, entry, -1, 0);
	X509_NAME_ENTRY_free(entry);
}

static void
check_cn(int type, const void *bytes, size_t n, const char *cn, const char *subject)
{
	X509_NAME *name = X509_NAME_new();
	const struct cert *cert;

	add_cn(name, type, bytes, n);
	cert = get(der_named(name, NULL));
	assert_string_equal(cert->subject_cn, cn);
	assert_string_equal(cert->subject, subject);
	cert_unref(cert);
}

static void
names_of_all_alphabets(void **state)
{
	(void)state;
	check_cn(V_ASN1_UTF8STRING, "Z\xc3\xbcrich", 7, "Z\xc3\xbcrich", "CN=Z\xc3\xbcrich");
	check_cn(V_ASN1_T61STRING, "Z\xfcrich", 6, "Z\xc3\xbcrich", "CN=Z\xc3\xbcrich");
	check_cn(V_ASN1_BMPSTRING, "\x67\x71\x4e\xac", 4, "\xe6\x9d\xb1\xe4\xba\xac",
		 "CN=\xe6\x9d\xb1\xe4\xba\xac");
	check_cn(V_ASN1_UNIVERSALSTRING, "\0\1\xf4\xde", 4, "\xf0\x9f\x93\x9e",
		 "CN=\xf0\x9f\x93\x9e");
}

static void
hostile_names(void **state)
{
	static char big[65536];
	const struct cert *cert;
	X509_NAME *name = X509_NAME_new();

	(void)state;
	check_cn(V_ASN1_UTF8STRING, "good\0.evil", 10, "good\\x00.evil", "CN=good\\x00.evil");
	check_cn(V_ASN1_IA5STRING, "\x1b]0;x\a\r\n", 8, "\\x1b]0;x\\x07\\x0d\\x0a",
		 "CN=\\x1b]0\\;x\\x07\\x0d\\x0a");
	check_cn(V_ASN1_UTF8STRING, "a\xe2\x80\xaex", 5, "a\\u202ex", "CN=a\\u202ex");
	check_cn(V_ASN1_UTF8STRING, "a\\x1b", 5, "a\\\\x1b", "CN=a\\\\x1b");
	check_cn(V_ASN1_UTF8STRING, "", 0, "", "CN=");
	memset(big, 'A', sizeof(big));
	add_cn(name, V_ASN1_UTF8STRING, "first", 5);
	add_cn(name, V_ASN1_UTF8STRING, big, sizeof(big));
	cert = get(der_named(name, NULL));
	assert_int_equal(strlen(cert->subject), LIMIT_TEXT);
	assert_int_equal(strlen(cert->subject_cn), LIMIT_TEXT);
	assert_memory_equal(cert->subject, "CN=AAAA", 7);
	assert_string_equal(cert->subject + LIMIT_TEXT - 4, "A...");
	cert_unref(cert);
}

static void
the_last_cn_counts(void **state)
{
	X509_NAME *name = name_of("first");
	const struct cert *cert;

	(void)state;
	add_cn(name, V_ASN1_UTF8STRING, "last", 4);
	cert = get(der_named(name, X509_NAME_new()));
	assert_string_equal(cert->subject, "CN=last,CN=first,O=Example\\, Inc.,C=US");
	assert_string_equal(cert->subject_cn, "last");
	assert_string_equal(cert->issuer, "");
	assert_null(cert->issuer_cn);
	cert_unref(cert);
}

static void
names_alone(void **state)
{
	uint8_t junk[4 * LIMIT_TEXT];
	X509_NAME *name = name_of("Test Root");
	unsigned char *der = NULL;
	size_t n = (size_t)i2d_X509_NAME(name, &der);
	char *text = cert_name_text(slice_of(der, n));

	(void)state;
	assert_string_equal(text, "CN=Test Root,O=Example\\, Inc.,C=US");
	free(text);
	for (size_t cut = 0; cut < n; cut++) {
		char *hex = cert_name_text(slice_of(der, cut));
		assert_int_equal(strlen(hex), 2 * cut);
		assert_int_equal(ERR_peek_error(), 0);
		free(hex);
	}
	memset(junk, 0xab, sizeof(junk));
	text = cert_name_text(slice_of(junk, sizeof(junk)));
	assert_int_equal(strlen(text), LIMIT_TEXT);
	assert_string_equal(text + LIMIT_TEXT - 4, "a...");
	free(text);
	text = cert_name_text(slice_of("0\0z", 3));
	assert_string_equal(text, "30007a");
	free(text);
	OPENSSL_free(der);
	X509_NAME_free(name);
}

/* ---- who signed it ---- */

/* check_self_signed makes one with these key identifiers and the authority's serial; NULL: without.
 */
static void
check_self_signed(const char *own, const char *authority, const char *serial, bool expected)
{
	X509_NAME *name = name_of("self");
	X509 *x509 = x509_new(ec_key, name, NULL);
	const struct cert *cert;

	if (own != NULL)
		add_extension(x509, NID_subject_key_identifier, own);
	if (authority != NULL) {
		AUTHORITY_KEYID *id = AUTHORITY_KEYID_new();
		id->keyid = ASN1_OCTET_STRING_new();
		ASN1_OCTET_STRING_set(id->keyid, (const uint8_t *)authority,
				      (int)strlen(authority));
		id->serial = serial == NULL ? NULL : s2i_ASN1_INTEGER(NULL, serial);
		X509_add1_ext_i2d(x509, NID_authority_key_identifier, id, 0, 0);
		AUTHORITY_KEYID_free(id);
	}
	cert = get(der_of(x509, ec_key));
	assert_int_equal(cert->self_signed, expected);
	cert_unref(cert);
	X509_NAME_free(name);
}

static void
self_signed(void **state)
{
	const struct cert *cert = get(der_named(name_of("leaf"), name_of("Root")));

	(void)state;
	assert_false(cert->self_signed);
	cert_unref(cert);
	check_self_signed(NULL, NULL, NULL, true);
	check_self_signed("61:62", NULL, NULL, true);
	check_self_signed(NULL, "ab", NULL, true);
	check_self_signed("61:62", "ab", NULL, true);
	check_self_signed("61:62", "cd", NULL, false);
	check_self_signed("61:62", "ab", "0xfedcba9876543210", true);
	check_self_signed("61:62", "ab", "1", false);
	check_self_signed(NULL, "ab", "1", false);
}

static void
who_issued_whom(void **state)
{
	const struct cert *root = get(der_named(name_of("Root"), NULL));
	const struct cert *leaf = get(der_named(name_of("leaf"), name_of("Root")));
	const struct cert *junk = get(slice_of(OPENSSL_memdup("x", 1), 1));

	(void)state;
	assert_true(cert_issued(root, leaf));
	assert_true(cert_issued(root, root));
	assert_false(cert_issued(leaf, root));
	assert_false(cert_issued(junk, junk));
	cert_unref(root);
	cert_unref(leaf);
	cert_unref(junk);
}

static void
check_phone(const char *cn, const char *expected)
{
	const struct cert *cert = get(der_named(name_of(cn), NULL));
	char name[16] = "";

	assert_int_equal(cert_phone_name(cert, name), expected != NULL);
	assert_string_equal(name, expected == NULL ? "" : expected);
	cert_unref(cert);
}

static void
phones(void **state)
{
	const struct cert *junk = get(slice_of(OPENSSL_memdup("x", 1), 1));
	char name[16];

	(void)state;
	check_phone("CP-8861-SEP001122334455", "SEP001122334455");
	check_phone("CP-7962G-SEP8CB64F576113", "SEP8CB64F576113");
	check_phone("SEP001122aabbcc", "SEP001122AABBCC");
	check_phone("CP-8861-SEP0011223344", NULL);
	check_phone("CP-8861-SEP0011223344556", NULL);
	check_phone("CP-8861-SEP00112233445G", NULL);
	check_phone("CP-8861-XSEP001122334455", NULL);
	check_phone("asa.example.test", NULL);
	check_phone("S", NULL);
	assert_false(cert_phone_name(junk, name));
	cert_unref(junk);
}

/* ---- what is strange, and what is hostile ---- */

static void
keys_nobody_knows(void **state)
{
	struct slice der = der_plain();
	const struct cert *cert;

	(void)state;
	replace(der, "\x2a\x86\x48\xce\x3d\x02\x01", "\x2a\x86\x48\xce\x3d\x02\x63", 7);
	cert = get(der);
	assert_true(cert->parsed);
	assert_string_equal(cert->key_type, "1.2.840.10045.2.99");
	assert_int_equal(cert->key_bits, 0);
	assert_null(cert->curve);
	cert_unref(cert);

	der = der_plain();
	replace(der, "\x2a\x86\x48\xce\x3d\x03\x01\x07", "\x2a\x86\x48\xce\x3d\x03\x01\x63", 8);
	replace(der, "\x2a\x86\x48\xce\x3d\x04\x03\x02", "\x2a\x86\x48\xce\x3d\x04\x03\x63", 8);
	cert = get(der);
	assert_true(cert->parsed);
	assert_string_equal(cert->key_type, "EC");
	assert_int_equal(cert->key_bits, 0);
	assert_string_equal(cert->curve, "1.2.840.10045.3.1.99");
	assert_string_equal(cert->signature, "1.2.840.10045.4.3.99");
	cert_unref(cert);
}

/* break_key puts other bytes into the place of the first ones of an RSA key of 1024 bits, behind the length of its
 * BIT STRING and the bits that are not used. */
static void
break_key(const char *from, const char *to, size_t n)
{
	EVP_PKEY *key = EVP_RSA_gen(1024);
	X509_NAME *name = name_of("broken");
	struct slice der = der_of(x509_new(key, name, NULL), ec_key);
	const struct cert *cert;

	replace(der, from, to, n);
	cert = get(der);
	assert_true(cert->parsed);
	assert_string_equal(cert->key_type, "RSA");
	assert_int_equal(cert->key_bits, 0);
	cert_unref(cert);
	X509_NAME_free(name);
	EVP_PKEY_free(key);
}

static void
keys_that_cannot_be_read(void **state)
{
	struct slice der = der_plain();
	const struct cert *cert;

	(void)state;
	break_key("\x03\x81\x8d\0\x30\x81\x89\x02", "\x03\x81\x8d\0\x31\x81\x89\x02", 8); /* a set */
	break_key("\x30\x81\x89\x02\x81\x81", "\x30\x81\x8a\x02\x81\x81", 6); /* one byte too long */
	break_key("\x30\x81\x89\x02\x81\x81", "\x30\x81\x89\x04\x81\x81", 6); /* no number */
	break_key("\x02\x03\1\0\1", "\x04\x03\1\0\1", 5); /* no exponent */
	replace(der, "\x03\x42\0\x04", "\x03\x42\0\x05", 4);
	cert = get(der);
	assert_string_equal(cert->curve, "prime256v1");
	assert_int_equal(cert->key_bits, 0);
	cert_unref(cert);
}

static void
check_dates(const char *from, const char *to, bool known, int64_t not_before, int64_t not_after)
{
	struct slice der = der_plain();
	const struct cert *cert;

	replace(der, "160401201422Z", from, 13);
	replace(der, "20500101000000Z", to, 15);
	cert = get(der);
	assert_true(cert->parsed);
	assert_int_equal(cert->has_dates, known);
	if (known) {
		assert_int_equal(cert->not_before, not_before);
		assert_int_equal(cert->not_after, not_after);
	}
	cert_unref(cert);
}

static void
strange_dates(void **state)
{
	(void)state;
	check_dates("500101000000Z", "99991231235959Z", true, -631152000, 253402300799);
	check_dates("491231235959Z", "00000101000000Z", true, 2524607999, -62167219200);
	check_dates("160230000000Z", "20500101000000Z", false, 0, 0);
	check_dates("160401201422Z", "20501301000000Z", false, 0, 0);
	check_dates("xxxxxxxxxxxxx", "20500101000000Z", false, 0, 0);
	check_dates("160401201422Z", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", false, 0, 0);
}

static void
check_serial(const char *decimal, const char *expected)
{
	X509_NAME *name = name_of("serial");
	X509 *x509 = x509_new(ec_key, name, NULL);
	ASN1_INTEGER *serial = s2i_ASN1_INTEGER(NULL, decimal);
	const struct cert *cert;

	X509_set_serialNumber(x509, serial);
	cert = get(der_of(x509, ec_key));
	assert_string_equal(cert->serial, expected);
	cert_unref(cert);
	ASN1_INTEGER_free(serial);
	X509_NAME_free(name);
}

static void
serials(void **state)
{
	(void)state;
	check_serial("0", "00");
	check_serial("1", "01");
	check_serial("128", "80");
	check_serial("-256", "-0100");
	check_serial("0x5f2d7c1be3a94d0688a17d2b4c9e6f31", "5f2d7c1be3a94d0688a17d2b4c9e6f31");
}

/* with_alt_names makes one with n DNS names of this text, and one address of any length in front.
 */
static const struct cert *
with_alt_names(const char *text, size_t n, const char *address, size_t address_len)
{
	X509_NAME *name = name_of("many");
	X509 *x509 = x509_new(ec_key, name, NULL);
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	const struct cert *cert;

	for (size_t i = 0; i <= n; i++) {
		GENERAL_NAME *one = GENERAL_NAME_new();
		ASN1_STRING *string = i == 0 ? ASN1_OCTET_STRING_new() : ASN1_IA5STRING_new();
		if (i == 0)
			ASN1_STRING_set(string, address, (int)address_len);
		else
			ASN1_STRING_set(string, text, (int)strlen(text));
		GENERAL_NAME_set0_value(one, i == 0 ? GEN_IPADD : GEN_DNS, string);
		sk_GENERAL_NAME_push(names, one);
	}
	X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, 0);
	GENERAL_NAMES_free(names);
	cert = get(der_of(x509, ec_key));
	X509_NAME_free(name);
	return cert;
}

static void
many_alt_names(void **state)
{
	const struct cert *cert =
		with_alt_names("a.test", LIMIT_ALT_NAMES - 1, "\x0a\0\0\1\xff\0\0\0", 8);
	char long_name[LIMIT_TEXT + 1];

	(void)state;
	assert_int_equal(cert->n_dns_names, LIMIT_ALT_NAMES - 1);
	assert_string_equal(cert->ip_addresses[0], "0a000001ff000000");
	assert_false(cert->alt_names_cut);
	cert_unref(cert);

	cert = with_alt_names("a.test", 5000, "\x0a\0\0\1", 4);
	assert_int_equal(cert->n_dns_names, LIMIT_ALT_NAMES - 1);
	assert_string_equal(cert->ip_addresses[0], "10.0.0.1");
	assert_true(cert->alt_names_cut);
	cert_unref(cert);

	memset(long_name, 'a', LIMIT_TEXT);
	long_name[LIMIT_TEXT] = '\0';
	cert = with_alt_names(long_name, 100, "", 0);
	assert_int_equal(cert->n_dns_names, LIMIT_ALT_TEXT / LIMIT_TEXT);
	assert_string_equal(cert->ip_addresses[0], "");
	assert_true(cert->alt_names_cut);
	cert_unref(cert);

	cert = with_alt_names("evil\x1b[0m", 1, "\x0a\0\0\1", 4);
	assert_string_equal(cert->dns_names[0], "evil\\x1b[0m");
	cert_unref(cert);
}

/* check_hashed says that a DER is hashed as sent, whatever else can be read of it. */
static const struct cert *
check_hashed(struct slice der)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	const struct cert *cert = cert_store_get(store, der);

	assert_non_null(cert);
	assert_int_equal(ERR_peek_error(), 0);
	assert_int_equal(cert->der_len, der.n);
	EVP_Digest(der.p, der.n, digest, NULL, EVP_sha1(), NULL);
	assert_memory_equal(cert->sha1, digest, SHA1_SIZE);
	EVP_Digest(der.p, der.n, digest, NULL, EVP_sha512(), NULL);
	assert_memory_equal(cert->sha512, digest, SHA512_SIZE);
	return cert;
}

static void
cut_certificates_keep_their_hashes(void **state)
{
	struct slice der = der_plain();

	(void)state;
	for (size_t n = 0; n < der.n; n++) {
		const struct cert *cert = check_hashed(slice_first(der, n));
		assert_false(cert->parsed);
		assert_null(cert->subject);
		cert_unref(cert);
	}
	der_free(der);
}

static void
trailing_bytes_are_hashed_too(void **state)
{
	struct slice der = der_plain();
	uint8_t *longer = malloc(der.n + 3);
	const struct cert *cert;

	(void)state;
	memcpy(longer, der.p, der.n);
	memcpy(longer + der.n, "end", 3);
	cert = check_hashed(slice_of(longer, der.n + 3));
	assert_true(cert->parsed);
	assert_string_equal(cert->subject_cn, "asa.example.test");
	cert_unref(cert);
	free(longer);
	der_free(der);
}

static void
names_that_are_no_text_are_not_parsed(void **state)
{
	struct slice der = der_plain();
	const struct cert *cert;

	(void)state;
	replace(der, "asa.example", "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6\xf5", 11);
	cert = check_hashed(der);
	assert_false(cert->parsed);
	cert_unref(cert);
	der_free(der);
}

static void
damaged_bytes_do_no_harm(void **state)
{
	struct slice der = der_plain();
	uint8_t *damaged = malloc(der.n);
	uint32_t random = 7;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		memcpy(damaged, der.p, der.n);
		for (int i = 0; i <= round % 4; i++) {
			random = random * 1103515245 + 12345;
			damaged[(random >> 8) % der.n] ^= (uint8_t)(1u << (random >> 29));
		}
		cert_unref(check_hashed(slice_of(damaged, der.n)));
	}
	free(damaged);
	der_free(der);
}

/* ---- memory ---- */

/* Each allocation in turn fails: there is a whole certificate, or none. */
static void
no_memory_is_said(void **state)
{
	X509_NAME *name = name_of("asa.example.test");
	X509 *x509 = x509_new(ec_key, name, NULL);
	struct slice der;
	bool failed = true;
	size_t none = 0;

	(void)state;
	add_extension(x509, NID_subject_alt_name, "DNS:asa.example.test,IP:192.0.2.10");
	der = der_of(x509, ec_key);
	for (size_t nth = 1; failed; nth++) {
		struct cert_store *empty = cert_store_new(0);
		const struct cert *cert;
		allocations_fail(nth);
		cert = cert_store_get(empty, der);
		failed = allocations_failed();
		assert_int_equal(ERR_peek_error(), 0);
		none += cert == NULL;
		if (cert != NULL) {
			assert_true(cert->parsed && cert->has_dates);
			assert_string_equal(cert->subject,
					    "CN=asa.example.test,O=Example\\, Inc.,C=US");
			assert_int_equal(cert->key_bits, 256);
			assert_int_equal(cert->n_dns_names, 1);
			assert_int_equal(cert->n_ip_addresses, 1);
		}
		cert_unref(cert);
		cert_store_free(empty);
	}
	assert_true(none > 50);
	der_free(der);
	X509_NAME_free(name);
}

static void
no_memory_for_a_name(void **state)
{
	X509_NAME *name = name_of("Test Root");
	unsigned char *der = NULL;
	size_t n = (size_t)i2d_X509_NAME(name, &der);
	bool failed = true;

	(void)state;
	for (size_t nth = 1; failed; nth++) {
		char *text;
		allocations_fail(nth);
		text = cert_name_text(slice_of(der, n));
		failed = allocations_failed();
		if (text != NULL)
			assert_string_equal(text, "CN=Test Root,O=Example\\, Inc.,C=US");
		assert_true(text != NULL || failed);
		free(text);
	}
	OPENSSL_free(der);
	X509_NAME_free(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field),
		cmocka_unit_test(kinds_of_keys),
		cmocka_unit_test(signatures),
		cmocka_unit_test(names_as_openssl_writes_them),
		cmocka_unit_test(names_of_all_alphabets),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(the_last_cn_counts),
		cmocka_unit_test(names_alone),
		cmocka_unit_test(self_signed),
		cmocka_unit_test(who_issued_whom),
		cmocka_unit_test(phones),
		cmocka_unit_test(keys_nobody_knows),
		cmocka_unit_test(keys_that_cannot_be_read),
		cmocka_unit_test(strange_dates),
		cmocka_unit_test(serials),
		cmocka_unit_test(many_alt_names),
		cmocka_unit_test(cut_certificates_keep_their_hashes),
		cmocka_unit_test(trailing_bytes_are_hashed_too),
		cmocka_unit_test(names_that_are_no_text_are_not_parsed),
		cmocka_unit_test(damaged_bytes_do_no_harm),
		cmocka_unit_test(no_memory_is_said),
		cmocka_unit_test(no_memory_for_a_name),
	};
	int status;

	cert_store_free(cert_store_new(0)); /* watches OpenSSL's allocations, which it must from the first */
	ec_key = EVP_EC_gen("P-256");
	status = cmocka_run_group_tests(tests, setup, teardown);
	EVP_PKEY_free(ec_key);
	return status;
}
