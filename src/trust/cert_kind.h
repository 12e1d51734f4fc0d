/* Which of Cisco's certificates a phone's own is, by its issuer (facts sheet cisco-phones, section 5). */
#ifndef SRC_TRUST_CERT_KIND_H
#define SRC_TRUST_CERT_KIND_H

#include "cert.h"

enum cert_kind {
	CERT_KIND_OTHER,
	CERT_KIND_MIC, /* manufacturer installed */
	CERT_KIND_LSC, /* locally significant, made by CUCM's CAPF */
};

enum cert_kind cert_kind(const struct cert *cert);

/* cert_kind_name gives "MIC" or "LSC"; NULL for another. */
const char *cert_kind_name(enum cert_kind kind);

/* cert_kind_words says in words what it is: "a MIC (made by Cisco, SHA-2 chain)". */
const char *cert_kind_words(const struct cert *cert);

#endif
