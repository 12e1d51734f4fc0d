/* One worker, as its parent hears it: what it tells, one thing after the other, and what may come next. It is believed
 * nothing: what cannot be, and what is longer than anything could be, is the last that is heard of it. */
#ifndef SRC_WORKERS_LISTENER_H
#define SRC_WORKERS_LISTENER_H

#include "told.h"

/* The run's number of a handshake that its worker has begun; 0: it was told of. */
struct listener_id {
	uint32_t own, given;
};

struct listener {
	int from; /* -1: nothing more will be read */
	bool over; /* the input that is read, as far as this one knows */
	bool lost; /* it is gone, or not to be believed */
	bool ended; /* gone */
	bool out_of_memory; /* here */
	struct told_end end;
	struct tally tally; /* what it has counted */
	bool counted;	    /* since this was last set to false */
	bool has_head; /* there is something that was told; else its turn is not before next */
	enum told_kind kind;
	struct turn next;
	struct slice head; /* what is left of it to read */
	uint8_t *bytes; /* what was read, from begin on not yet heard */
	size_t begin, n, room;
	uint32_t begun; /* handshakes of this input */
	struct listener_id ids[2 * LIMIT_FOLLOWED]; /* from first_id on, in their order */
	size_t first_id, end_ids, n_open;
};

/* listener_begin waits for another input. */
void listener_begin(struct listener *listener);

/* listener_hear looks for the next head in what was read; what was counted, and the end, it takes at once. False where there is
 * nothing whole. */
bool listener_hear(struct listener *listener);

/* listener_read reads what is there, where there is no head. */
void listener_read(struct listener *listener);

/* listener_number gives numbers behind last to the handshakes that the head says have begun, and the new last. */
uint32_t listener_number(struct listener *listener, uint32_t last);

/* listener_handshake, listener_decided, listener_event and listener_notice read the head; NULL where it was bad or there was no memory.
 * What is read belongs to the caller. */
struct handshake *listener_handshake(struct listener *listener, struct cert_store *certs, struct carry_words *words);
struct handshake *listener_decided(struct listener *listener, struct cert_store *certs, struct carry_words *words, bool *anew);
struct event *listener_event(struct listener *listener, struct cert_store *certs, struct carry_words *words);
char *listener_notice(struct listener *listener, bool *own);

void listener_free(struct listener *listener);

#endif
