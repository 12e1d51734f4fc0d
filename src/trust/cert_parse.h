/* Reading one certificate: the door between cert.c, cert_file.c, cert_store.c and signature.c, and nobody else's. */
#ifndef SRC_TRUST_CERT_PARSE_H
#define SRC_TRUST_CERT_PARSE_H

#include "cert.h"

/* cert_begin makes OpenSSL ready; false when out of memory, and then nothing else may be asked of
 * it. */
bool cert_begin(void);

/* cert_drain_errors leaves OpenSSL's queue of errors empty; true when an allocation of its failed
 * since the last time. */
bool cert_drain_errors(void);

/* cert_parse reads a certificate without references, for cert_free. NULL when out of memory: a DER that cannot be read
 * gives a certificate that is not parsed. */
struct cert *cert_parse(struct slice der);
void cert_free(struct cert *cert);

/* cert_hex writes bytes behind a sign, as much of them as LIMIT_TEXT leaves; NULL when out of
 * memory. */
char *cert_hex(const char *sign, struct slice bytes);

/* cert_add_alt_name keeps a DNS name or an address as far as the limits go, *room being what is
 * left of LIMIT_ALT_TEXT; false when out of memory. */
bool cert_add_alt_name(struct cert *cert, bool dns, struct slice bytes, size_t *room);

#endif
