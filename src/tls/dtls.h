/* The DTLS datagrams of one UDP flow. */
#ifndef SRC_TLS_DTLS_H
#define SRC_TLS_DTLS_H

#include "session.h"

struct dtls;

/* dtls_new begins a flow whose first datagram opens a handshake (dtls_record_opens). NULL when out of memory. */
struct dtls *dtls_new(struct session_host *host, struct assembly_budget *budget, const struct ends *ends);

/* dtls_free finishes the handshake that is open. */
void dtls_free(struct dtls *dtls, struct when when);

/* dtls_datagram takes one datagram; cut says that the capture holds only its beginning. */
void dtls_datagram(struct dtls *dtls, unsigned dir, struct slice datagram, bool cut, struct when when);

/* dtls_unreachable takes an ICMP error about this flow. */
void dtls_unreachable(struct dtls *dtls, uint8_t type, uint8_t code, struct when when);

/* dtls_last gives the frame of the last of these. */
uint64_t dtls_last(const struct dtls *dtls);

/* dtls_done says that the handshake is over. */
bool dtls_done(const struct dtls *dtls);

/* dtls_settled says that the handshake is established, and nothing but what may follow it is waited for. */
bool dtls_settled(const struct dtls *dtls);

#endif
