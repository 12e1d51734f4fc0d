/* One end of a connection: a real OpenSSL client or server that hears and speaks through memory. */
#ifndef LAB_END_H
#define LAB_END_H

#include <openssl/ssl.h>

#include "bytes.h"
#include "pki.h"
#include "wire.h"

/* What OpenSSL calls a session id context: sessions of one are not resumed in another. */
#define END_SESSION_CONTEXT "the lab"

/* How a party takes the other's certificate. */
enum trust {
	TRUST_ANY,
	TRUST_HASH,  /* as a phone does: the leaf's or its issuer's hash is known, or unknown_ca */
	TRUST_CHAIN, /* as a browser or a gateway does: up to a known CA; a server then asks for one
		      */
};

/* How a party ends a handshake that it does not like. */
enum manner { MANNER_ALERT, MANNER_FIN, MANNER_RST };

#define PARTY_CHAIN 4

/* A party: who it is, and what it offers. Zero means OpenSSL's default, or nobody. */
struct party {
	const struct host *host;
	uint16_t port;
	int least, most; /* protocol versions */
	const char *ciphers, *groups, *server_name;
	enum who shows[PARTY_CHAIN]; /* its certificate, then what it sends along */
	enum who also;		     /* a server's second certificate, with another kind of key */
	enum trust trust;
	enum who trusts;
	enum manner refuses;
	bool last_words;	 /* writes an alert when the other hangs up, as OpenSSL 3 does */
	const char *checks_host; /* a name that the certificate must bear, wildcards refused */
	size_t mss;		 /* 0: 1380, as an ASA says */
	int fragment;		 /* most bytes in a record */
	bool tickets;
};

/* What an end wants to be sent; in DTLS each write is a datagram of its own. */
#define FLIGHT_WRITES 64
struct flight {
	struct bytes bytes;
	size_t ends[FLIGHT_WRITES]; /* where each write ends */
	size_t writes;
};

struct end {
	const struct party *party;
	SSL_CTX *context;
	SSL *ssl;
	struct flight out;
	bool up;     /* its handshake is done */
	bool failed; /* it gave up, or heard that the other did */
};

/* end_new makes an end for TLS, or for DTLS in exactly version dtls where that is not 0. */
void end_new(struct end *end, enum side side, const struct party *party, int dtls);
void end_free(struct end *end);

/* end_hear gives an end bytes off the wire; a whole datagram in DTLS. */
void end_hear(struct end *end, const uint8_t *p, size_t n);

/* end_step lets an end go on with its handshake, or read what came; out fills. */
void end_step(struct end *end);

/* end_say lets an end that is up encrypt some application data into out. */
void end_say(struct end *end, const void *p, size_t n);

/* flight_write appends one write; flight_datagram gives the nth. */
void flight_write(struct flight *flight, const uint8_t *p, size_t n);
const uint8_t *flight_datagram(const struct flight *flight, size_t nth, size_t *n);
void flight_clear(struct flight *flight);

#endif
