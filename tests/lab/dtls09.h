/* Cisco's DTLS 0.9 (OpenSSL's DTLS1_BAD_VER, 0x0100) on the gateway's side: OpenSSL has a client
 * for it and no server. It resumes a session whose secret both sides know from inside TLS, and that
 * is all it can. */
#ifndef LAB_DTLS09_H
#define LAB_DTLS09_H

#include "end.h"

#define DTLS09_SECRET 48
#define DTLS09_SESSION 32

struct dtls09 {
	/* What it is like. */
	const uint8_t *secret; /* X-DTLS-Master-Secret */
	bool verifies; /* answers a first ClientHello by a HelloVerifyRequest, as an ASA does */
	bool silent_after_verify;
	bool forgetful; /* answers with another session id */
	uint16_t suite; /* the suite it answers with; 0: the one offered */
	/* Where it stands. */
	uint8_t mac_key[20], key[32];
	int key_size;
	uint64_t sequence; /* of the next record in epoch 1 */
};

/* dtls09_hear takes one datagram and appends the answer, if any, to out as one datagram. */
void dtls09_hear(struct dtls09 *server, const uint8_t *p, size_t n, struct flight *out);

#endif
