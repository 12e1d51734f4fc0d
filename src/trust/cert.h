/* Certificates: OpenSSL's room. Each distinct certificate is parsed once and kept, never changed, until
 * nobody uses it any more. */
#ifndef SRC_TRUST_CERT_H
#define SRC_TRUST_CERT_H

#include <sys/queue.h>

#include "dissectors/slice.h"

enum { MD5_SIZE = 16, SHA1_SIZE = 20, SHA256_SIZE = 32, SHA512_SIZE = 64 };

/* All text is escaped: printable UTF-8 of at most LIMIT_TEXT bytes, control characters as \xHH. NULL: not there. What
 * is needed each time that a certificate is shown comes first and lies together. */
struct cert {
	uint64_t hash; /* this and the next three: the store's own */
	struct cert_store *store;
	unsigned refs;
	bool asked; /* for again, since it came or was last passed over */
	uint8_t *der; /* as sent */
	size_t der_len;
	uint8_t *json; /* how JSON writes it, once cert_keep_json was given that */
	size_t json_len;
	size_t size; /* of all this in memory, without json */
	struct cert *next; /* in its bucket; this and the next: the store's own */
	STAILQ_ENTRY(cert) newer;
	uint8_t sha1[SHA1_SIZE], sha256[SHA256_SIZE], sha512[SHA512_SIZE]; /* of the DER as sent */
	bool has_md5; /* an OpenSSL that is bound to FIPS has none */
	uint8_t md5[MD5_SIZE];
	bool parsed; /* false: OpenSSL cannot read the DER; all below is empty */
	char *key_type; /* "RSA", "EC", "DSA", "RSA-PSS", "Ed25519", "Ed448", else OpenSSL's name of the OID, or its numbers */
	unsigned key_bits; /* 0: the key cannot be read */
	char *curve; /* OpenSSL's short name or an OID, EC keys only; NULL where the key spells its curve out */
	char *subject, *issuer; /* RFC 2253 with spaces kept in order: "CN=...,O=..." */
	char *subject_cn, *issuer_cn; /* the last CN */
	char *serial; /* lower-case hex */
	bool has_dates;
	int64_t not_before, not_after; /* seconds since 1970 UTC */
	char *signature; /* OpenSSL's long name: "ecdsa-with-SHA256" */
	bool self_signed; /* issuer is subject, and the key identifiers do not speak against it */
	char **dns_names, **ip_addresses; /* subjectAltName, in order */
	size_t n_dns_names, n_ip_addresses;
	bool alt_names_cut; /* there are more, beyond LIMIT_ALT_NAMES or LIMIT_ALT_TEXT */
	uint8_t subject_id[SHA1_SIZE], issuer_id[SHA1_SIZE]; /* SHA-1 of the DER names: who issued whom */
};

struct cert_store;

/* cert_store_new makes an empty store; seed makes hashing unpredictable and changes nothing else. NULL when out of memory. */
struct cert_store *cert_store_new(uint64_t seed);
void cert_store_free(struct cert_store *store);

/* cert_store_get gives the certificate of these bytes, parsing it at its first time. The caller owns one
 * reference and gives it back with cert_unref. NULL when out of memory. A full store (LIMIT_CERTS, LIMIT_CERT_BYTES)
 * forgets those that were not asked for again, the oldest first, which live on with whoever holds them. */
const struct cert *cert_store_get(struct cert_store *store, struct slice der);

/* cert_store_held gives the bytes of all certificates of a store that live, be they forgotten or not. */
size_t cert_store_held(const struct cert_store *store);

/* cert_sha256 hashes any bytes; a store must be there. False when out of memory. */
bool cert_sha256(struct slice bytes, uint8_t out[SHA256_SIZE]);

/* cert_ref takes one more reference; cert_unref gives one back. Both take NULL. */
const struct cert *cert_ref(const struct cert *cert);
void cert_unref(const struct cert *cert);

/* cert_keep_json keeps with a certificate what JSON says of it, which is the same each time. Nothing happens without memory,
 * beyond LIMIT_CERT_JSON, or where the certificate is of no store. */
void cert_keep_json(const struct cert *cert, struct slice json);

/* cert_issued says whether issuer's subject is leaf's issuer, by name. */
bool cert_issued(const struct cert *issuer, const struct cert *leaf);

/* cert_phone_name says whether a certificate is a Cisco phone's own, by its subject's CN, and copies its "SEP" name
 * (15 characters in upper case and a NUL) out of one like CP-8861-SEP001122334455 or SEP001122334455. */
bool cert_phone_name(const struct cert *cert, char name[16]);

/* cert_name_text writes a DER distinguished name as subject and issuer are written; the caller frees it.
 * NULL when out of memory; a name that does not parse gives its hex. */
char *cert_name_text(struct slice der_name);

/* cert_file_read reads the first certificate of a PEM or DER file into the store. NULL with *why set to static
 * or strerror text when it cannot. */
const struct cert *cert_file_read(struct cert_store *store, const char *path, const char **why);

#endif
