/* Handshakes that are decided and not over: an alert, a reset or a close has ended them, and what follows it may take minutes
 * to be known. */
#ifndef SRC_TLS_DECIDED_H
#define SRC_TLS_DECIDED_H

#include "fact.h"
#include "limit.h"

struct session;

/* Zeroed is a good beginning. */
struct decided {
	struct session *list[LIMIT_DECIDED]; /* NULL: none */
	size_t next; /* place for the next one, where the oldest is */
	size_t n;
	bool news; /* there is one more */
};

/* decided_add keeps a session in mind in the place of the oldest; decided_remove lets go of it. Both may come again. */
void decided_add(struct decided *decided, struct session *session);
void decided_remove(struct decided *decided, struct session *session);

/* Copies of such handshakes, for who wants to look at them now. What they point to is the sessions', but for what is missing.
 * Zeroed is a good beginning. */
struct decided_copies {
	struct handshake list[LIMIT_DECIDED];
	size_t n;
};

void decided_copies_clear(struct decided_copies *copies);

#endif
