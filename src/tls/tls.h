/* The TLS records of one TCP stream, read as they come: nothing waits for a whole record but its header. */
#ifndef SRC_TLS_TLS_H
#define SRC_TLS_TLS_H

#include "session.h"
#include "stream/stream.h"

struct tls;

/* tls_new begins a stream. It looks for the first handshake of either direction: at the first byte, behind opening
 * words that lead to TLS, or anywhere where the stream is seen from the middle. ends must outlive it, and go on saying
 * which directions were seen. NULL when out of memory. */
struct tls *tls_new(struct session_host *host, struct assembly_budget *budget, const struct ends *ends);

/* tls_free finishes the handshake that is open. */
void tls_free(struct tls *tls, struct when when);

/* What the stream brings, in order; dir is 0 or 1. */
void tls_data(struct tls *tls, unsigned dir, struct slice bytes, struct when when);
void tls_hole(struct tls *tls, unsigned dir, uint64_t off, uint64_t len, bool cut, struct when when);
void tls_fin(struct tls *tls, unsigned dir, struct when when);
void tls_rst(struct tls *tls, unsigned dir, bool plain, struct when when);

/* tls_waits says whether bytes of the stream are missing that may still come. */
void tls_waits(struct tls *tls, bool waits);

/* tls_done says that nothing more is to be learned: the stream is not TLS, or its handshake is over. */
bool tls_done(const struct tls *tls);

#endif
