/* Reading one certificate: the door between cert.c and cert_store.c, and nobody else's. */
#ifndef SRC_TRUST_CERT_PARSE_H
#define SRC_TRUST_CERT_PARSE_H

#include "cert.h"

/* cert_begin makes OpenSSL ready; false when out of memory, and then nothing else may be asked of it. */
bool cert_begin(void);

/* cert_sha256 hashes the DER; false when out of memory. */
bool cert_sha256(struct slice der, uint8_t out[SHA256_SIZE]);

/* cert_parse reads a certificate without references, for cert_free; sha256 is its hash. NULL when
 * out of memory: a DER that cannot be read gives a certificate that is not parsed. */
struct cert *cert_parse(struct slice der, const uint8_t sha256[SHA256_SIZE]);
void cert_free(struct cert *cert);

#endif
