/* The conversations of the workloads, each had once by real OpenSSL ends. */
#ifndef BENCH_RECORD_H
#define BENCH_RECORD_H

#include "script.h"

/* record_handshake is a phone's TLS handshake, twelve packets with the reset at its end; the gateway shows its
 * certificate number nth. */
void record_handshake(struct script *out, unsigned nth);

/* record_bulk is a handshake and then one to two megabytes, of which every fourth goes up. */
void record_bulk(struct script *out, unsigned nth);

/* record_resumption is AnyConnect's DTLS 0.9: HelloVerifyRequest, and a session resumed; record_dtls is a full handshake
 * of DTLS 1.2. */
void record_resumption(struct script *out, unsigned nth);
void record_dtls(struct script *out, unsigned nth);

/* record_keystrokes is TCP of next to nothing: some bytes, and then acknowledgements alone; record_pings is UDP
 * likewise. */
void record_keystrokes(struct script *out, unsigned nth);
void record_pings(struct script *out, unsigned nth);

/* record_voice is a frame of G.711 each way, record_quic a datagram each way. */
void record_voice(struct script *out, unsigned nth);
void record_quic(struct script *out, unsigned nth);

/* record_lookup is a DNS query and its answer. */
void record_lookup(struct script *out, unsigned nth);

/* record_neighbours is what a phone and a switch say by CDP, and who has an address by ARP. */
void record_neighbours(struct script *out, unsigned nth);

/* record_done throws all keys away. */
void record_done(void);

#endif
