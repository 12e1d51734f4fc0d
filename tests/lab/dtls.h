/* A DTLS conversation on the wire: OpenSSL's client against our DTLS 0.9 server or OpenSSL's own
 * DTLS 1.2 one. */
#ifndef LAB_DTLS_H
#define LAB_DTLS_H

#include "dtls09.h"
#include "talk.h"

/* A turn's flight may be changed before it goes out: datagrams swapped, or lost. */
typedef void dtls_tamper(enum side from, unsigned turn, struct flight *flight);

struct dtls {
	struct lab *lab;
	struct party party[2];
	uint16_t port[2];
	int version;		   /* DTLS1_BAD_VER or DTLS1_2_VERSION */
	const char *suite;	   /* X-DTLS-CipherSuite: all that the client offers */
	const char *session_suite; /* that of the session it fakes; NULL: the same */
	uint8_t secret[DTLS09_SECRET], session[DTLS09_SESSION];
	struct dtls09 gateway;
	struct end end[2]; /* in DTLS 0.9 the server's has only its out */
	unsigned turns;
	dtls_tamper *tamper;
	int mtu;
};

/* dtls_init sets up a call with a new secret and session id; what differs is the caller's to set.
 */
void dtls_init(struct dtls *dtls, struct lab *lab, const struct party *client,
	       const struct party *server);

/* dtls_resume runs AnyConnect's resumption until neither side has more to say; true when the client
 * is up. */
bool dtls_resume(struct dtls *dtls);

/* dtls_full runs a full DTLS 1.2 handshake with HelloVerifyRequest and certificates. */
bool dtls_full(struct dtls *dtls);

/* dtls_blocked lets the client repeat its ClientHello, after 1, 2, 4... seconds, times in all;
 * refused: a host says each time that nobody is at that port. */
void dtls_blocked(struct dtls *dtls, unsigned times, bool refused);

/* dtls_repeat lets the seconds pass, and both ends' timers run off; what they say again goes out.
 */
void dtls_repeat(struct dtls *dtls, unsigned seconds);

/* dtls_alive sends a dead peer detection and gets its answer; DTLS 0.9 only. */
void dtls_alive(struct dtls *dtls);

void dtls_free(struct dtls *dtls);

#endif
