/* Names of numbers on the wire. The tables stand in names_table.h, which names.py makes from public registries. */
#ifndef DISSECTORS_NAMES_H
#define DISSECTORS_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* How a suite's server proves itself. */
enum cipher_auth {
	AUTH_UNKNOWN, /* a suite not in the table */
	AUTH_ANY,     /* TLS 1.3: the suite does not say */
	AUTH_RSA,
	AUTH_ECDSA,
	AUTH_DSS,
	AUTH_PSK, /* no certificate; RSA_PSK is AUTH_RSA */
	AUTH_ANON,
	AUTH_OTHER, /* Kerberos, SRP, GOST, ECJPAKE */
};

enum cipher_weakness {
	WEAK_NULL = 1,
	WEAK_EXPORT = 2,
	WEAK_RC4 = 4,
	WEAK_3DES = 8,
	WEAK_DES = 16,
	WEAK_ANON = 32,
};

struct cipher_name {
	uint16_t value;
	uint8_t auth;     /* enum cipher_auth */
	uint8_t weak;     /* enum cipher_weakness, or-ed */
	bool ec_exchange; /* ECDH or ECDHE */
	bool cbc;
	const char *iana;    /* "TLS_RSA_WITH_AES_256_CBC_SHA" */
	const char *openssl; /* "AES256-SHA"; NULL where OpenSSL never had it */
};

/* cipher_lookup finds a suite; NULL where it is not registered. */
const struct cipher_name *cipher_lookup(uint16_t value);

/* version_name names a TLS or DTLS version on the wire: "TLSv1.2", "DTLSv0.9"; NULL where unknown. Drafts of
 * TLS 1.3 (0x7fXX) are "TLSv1.3". */
const char *version_name(uint16_t version);

/* alert_name names an alert code: "unknown_ca"; "unknown" where it is not registered. */
const char *alert_name(uint8_t code);

/* group_name names an IANA supported group: "x25519", "secp256r1"; NULL where it is not registered. */
const char *group_name(uint16_t group);

#endif
