/* The facts of one handshake: what was seen, each thing with the frame that proves it. Facts have no opinion:
 * that is for finding.h. A handshake is filled by session.c while it runs, and never changes after. */
#ifndef SRC_TLS_FACT_H
#define SRC_TLS_FACT_H

#include "trust/cert.h"
#include "dissectors/packet.h"
#include "limit.h"
#include "when.h"

enum side { SIDE_CLIENT, SIDE_SERVER };

enum outcome {
	OUTCOME_INCOMPLETE,  /* the capture does not show the end */
	OUTCOME_ESTABLISHED, /* both sides switched to encryption and went on */
	OUTCOME_FAILED,      /* fatal alert, reset, or closed in the middle */
	OUTCOME_UNANSWERED,  /* nothing came back */
};

struct endpoint {
	struct ip_addr ip;
	uint16_t port;
	bool has_mac;
	uint8_t mac[6];
};

/* Frames of copies of one packet, the first LIMIT_REPEATS of them. */
struct repeats {
	uint64_t frames[LIMIT_REPEATS];
	size_t n;       /* all, not only those kept */
	struct when last;
};

/* The same of a handshake's message (DTLS retransmissions), of which most have none. */
struct copies {
	uint64_t *frames;
	size_t n;
	struct when last;
};

struct client_hello_fact {
	struct when at; /* frame 0: not seen; and so in all below */
	uint16_t version; /* the legacy field */
	bool sslv2;
	uint8_t session_id_len, cookie_len;
	uint32_t *ciphers; /* as sent, GREASE and signals too; 3-byte values where sslv2 */
	size_t n_ciphers;
	uint16_t *versions; /* supported_versions as sent */
	size_t n_versions;
	char *server_name; /* escaped; NULL: none */
	uint8_t session_id[32];
	struct copies repeats;
};

struct server_hello_fact {
	struct when at;
	uint16_t version; /* negotiated: supported_versions where present */
	uint16_t legacy_version;
	uint32_t cipher; /* 3 bytes in SSLv2: the first both know */
	uint8_t session_id_len;
	uint8_t session_id[32];
	struct copies repeats;
};

/* TLS 1.3's HelloRetryRequest. */
struct hello_retry_fact {
	struct when at;
	uint32_t cipher; /* 0: the drafts' own message names none */
	uint16_t version;
};

/* DTLS's HelloVerifyRequest. */
struct hello_verify_fact {
	struct when at;
	uint16_t version;
};

struct cert_fact {
	struct when at;
	const struct cert *cert; /* one reference is the handshake's */
};

struct cert_list_fact {
	struct when at; /* of the Certificate message; set for an empty one too */
	struct cert_fact *certs; /* in the order sent */
	size_t n;
};

struct cert_request_fact {
	struct when at;
	char **authorities; /* escaped names */
	size_t n_authorities;
};

struct alert_fact {
	struct when at;
	enum side from;
	uint8_t level, code;
};

/* A hole that touched this handshake. */
struct hole_fact {
	struct when at; /* the frame at which it was given up */
	enum side from;
	uint64_t offset; /* of its first byte in the direction's stream; DTLS: in the message */
	uint64_t length;
	bool cut;        /* the frame was cut by the snap length; else never captured */
	uint8_t message; /* enum handshake_type it lay in, 255 where unknown */
};

enum missing_what {
	MISSING_CLIENT_HELLO,
	MISSING_SERVER_HELLO,
	MISSING_SERVER_CERTIFICATES,
	MISSING_CLIENT_CERTIFICATES,
};

#define MISSING_WHATS 4

enum missing_why {
	WHY_RESUMED,
	WHY_TLS13_ENCRYPTED,
	WHY_HOLE,
	WHY_CUT,
	WHY_NOT_SEEN_FROM_START,
	WHY_ANONYMOUS,
	WHY_ONE_DIRECTION, /* nothing at all was seen from this side */
	WHY_NOT_SENT,      /* the handshake ended before it */
	WHY_CAPTURE_END,   /* the capture ended before it */
	WHY_LIMIT,         /* given up at a limit of limit.h */
	WHY_MALFORMED,     /* a message that cannot be read */
};

struct missing_fact {
	enum missing_what what;
	enum missing_why why;
	uint64_t offset, length; /* WHY_HOLE, WHY_CUT */
	const char *field;       /* WHY_MALFORMED: static text of struct dis_at */
};

/* All lists and texts are the handshake's own. Where there is nothing they are NULL. */
struct handshake {
	size_t size; /* bytes of the one block that it lies in with them, since handshake_pack; 0: each has its own */
	uint32_t id; /* counts from 1 over a run, by first frame */
	bool dtls;
	enum outcome outcome;
	struct endpoint client, server;
	bool roles_known; /* false: who is the client was guessed from ports */
	uint16_t vlan[LINK_MAX_VLANS];
	size_t vlans;
	struct when first, last;

	struct client_hello_fact client_hello; /* the last one; the one answered */
	struct client_hello_fact first_hello;  /* the one before a retry or verify request */
	struct hello_retry_fact hello_retry;
	struct hello_verify_fact hello_verify;
	struct server_hello_fact server_hello;
	struct cert_list_fact certs[2]; /* by enum side of the sender */
	struct cert_request_fact cert_request;
	struct when server_key_exchange;
	uint16_t curve; /* named group of ServerKeyExchange, 0: none */
	struct when server_hello_done, client_key_exchange, cert_verify;
	struct when ccs[2];       /* ChangeCipherSpec, TLS 1.3's dummies left out */
	struct when encrypted[2]; /* first encrypted handshake record: Finished, or in TLS 1.3 any */
	struct when app_data[2];  /* first application data that cannot be handshake */
	struct when encrypted_alert[2]; /* an alert that cannot be read */
	struct alert_fact *alerts;
	size_t n_alerts;
	struct when fin[2], rst[2]; /* TCP, by the side that sent it */
	struct when unreachable; /* ICMP said that nobody takes the client's packets */
	uint8_t unreachable_code, unreachable_type;
	bool resumed;
	bool from_start; /* the flow's first packets are in the capture */
	bool saw[2];     /* any packet of this flow from this side */
	struct hole_fact *holes;
	size_t n_holes;
	struct missing_fact *missing; /* up to one of each enum missing_what */
	size_t n_missing;
};

/* repeats_add notes one more copy. */
void repeats_add(struct repeats *repeats, struct when when);

/* handshake_new makes an empty one; NULL when out of memory. */
struct handshake *handshake_new(void);
void handshake_free(struct handshake *handshake);

/* handshake_fetch asks for one that was packed and is soon to be freed: that reads of it, and the next one is put in its place;
 * handshake_fetch_certs, once it is there, for its lists of certificates. */
void handshake_fetch(const struct handshake *handshake);
void handshake_fetch_certs(const struct handshake *handshake);

/* handshake_pack moves one that changes no more into a block of just its size, which makes it cheap to keep and to free.
 * NULL when out of memory: then it is freed. */
struct handshake *handshake_pack(struct handshake *handshake);

/* client_hello_clear frees its lists and texts. */
void client_hello_clear(struct client_hello_fact *hello);

/* These note one more, as far as there are limits up to LIMIT_REPEATS, LIMIT_ALERTS and LIMIT_HOLES. False when out of memory. */
bool copies_add(struct copies *copies, struct when when);
bool handshake_add_alert(struct handshake *handshake, struct alert_fact alert);
bool handshake_add_hole(struct handshake *handshake, struct hole_fact hole);
bool handshake_add_missing(struct handshake *handshake, struct missing_fact missing);

/* handshake_weight gives the bytes that its lists and texts take; handshake_certs_weight, those of its certificates,
 * though others may share them. */
size_t handshake_weight(const struct handshake *handshake);
size_t handshake_certs_weight(const struct handshake *handshake);

/* handshake_fatal gives the first fatal alert by time, NULL when there is none. */
const struct alert_fact *handshake_fatal(const struct handshake *handshake);

/* handshake_version gives the version agreed on, or what was offered where nothing was agreed; 0 where unknown. */
uint16_t handshake_version(const struct handshake *handshake);

/* handshake_leaf gives the first certificate of a side, NULL when there is none. */
const struct cert *handshake_leaf(const struct handshake *handshake, enum side side);

/* Static names as the output contract has them: "established", "resumed", "server_certificates". */
const char *outcome_name(enum outcome outcome);
const char *missing_what_name(enum missing_what what);
const char *missing_why_name(enum missing_why why);
const char *side_name(enum side side);

#endif
