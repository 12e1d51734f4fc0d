/* The session's own room: shared by session.c, session_message.c and decided.c; dtls.c has one in each flow. */
#ifndef SRC_TLS_SESSION_ROOM_H
#define SRC_TLS_SESSION_ROOM_H

#include "conclude.h"
#include "session.h"

struct session {
	struct session_host *host;
	const struct ends *ends;
	bool dtls;
	int client_dir; /* -1: not known yet */
	struct handshake *handshake; /* the one that is open, or NULL */
	size_t weight;		     /* of it, as counted in host->held of its part */
	struct when fin[2], rst[2]; /* by direction */
	unsigned records_after;
	bool has_random; /* of the last ClientHello, in an ended handshake too */
	uint8_t random[32];
	struct session **decided; /* its place among host->decided; NULL: none */
	bool waits; /* for bytes that are missing */
	bool over;
	struct damage damage;
};

/* session_side says who sends in a direction: as messages told, else whoever opened the connection, else whoever has
 * the lower port is the server. */
enum side session_side(const struct session *session, unsigned dir);

/* session_open gives the handshake that is open, beginning one where there is none; NULL when out of memory. */
struct handshake *session_open(struct session *session, struct when when);

/* session_weigh counts what the handshake that is open has come to hold. */
void session_weigh(struct session *session);

#endif
