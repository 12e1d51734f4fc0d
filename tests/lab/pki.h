/* Everybody's certificates: made anew in each run, keys thrown away at its end. */
#ifndef LAB_PKI_H
#define LAB_PKI_H

#include <openssl/x509.h>

enum who {
	NOBODY,
	GATEWAY_RSA,	 /* an ASA's own self-signed RSA certificate */
	GATEWAY_RENEWED, /* what came after it */
	GATEWAY_OTHER,	 /* another gateway of the same company */
	GATEWAY_EC,	 /* what an ASA 9.4(1) makes up when it has no EC certificate */
	GATEWAY_EXPIRED,
	GATEWAY_FUTURE,
	GATEWAY_EXPIRING,
	GATEWAY_ISSUED, /* bought from ISSUING_CA */
	GATEWAY_WILDCARD,
	GATEWAY_WEAK, /* 1024 bits, SHA-1 */
	ROOT_CA,
	ISSUING_CA,
	MANUFACTURING_CA,
	CAPF,
	PHONE_MIC,
	PHONE_LSC,
	PHONE_2_LSC,
	CUCM, /* the CallManager certificate */
	CUCM_RENEWED,
	TVS,	  /* CUCM's trust verification service */
	CUC_ROOT, /* Unity Connection's own root */
	CUC,
	WEB_SERVER,
	WHO_COUNT,
};

struct identity {
	EVP_PKEY *key;
	X509 *cert;
};

/* pki gives somebody's key and certificate, made when first asked for. */
const struct identity *pki(enum who who);

/* PKI_HASH_SIZE is room for the Base64 of a SHA-1, with its NUL. */
#define PKI_HASH_SIZE 29

/* pki_hash writes the certHash1 of a certificate: Base64 of the SHA-1 of its DER. */
void pki_hash(const X509 *cert, char out[PKI_HASH_SIZE]);

/* pki_free throws all keys away. */
void pki_free(void);

#endif
