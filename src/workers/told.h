/* What a worker tells its parent, through a pipe: a length of four bytes, a byte for what it is, its turn, and itself. */
#ifndef SRC_WORKERS_TOLD_H
#define SRC_WORKERS_TOLD_H

#include "carry.h"
#include "pipeline.h"
#include "tally.h"

enum told_kind {
	TOLD_BEGUN,     /* so many handshakes more */
	TOLD_HANDSHAKE, /* one is over; its id counts those that this worker has begun */
	TOLD_EVENT,
	TOLD_DECIDED,   /* one that is decided and not over; whether those of before are to be forgotten, and it */
	TOLD_NOTICE,    /* what is to be said of a live capture: told_notice */
	TOLD_PASSED, /* nothing of an earlier turn will follow; what was counted so far */
	TOLD_END,    /* the input is over */
};

/* How reading an input ended. */
struct told_end {
	bool opened;	     /* else sentence says why not */
	bool lost;	     /* no interface is left */
	bool out_of_memory;
	char *sentence; /* what is wrong with it, escaped; NULL: nothing */
};

/* told_count carries what was counted. */
void told_count(struct carry *carry, struct tally *tally);

/* told_add adds to a sum what one worker has counted since it was added last; times do not add up. */
void told_add(struct tally *sum, const struct tally *now, const struct tally *last);

/* told_notice carries a sentence, and whether it is about this worker's own share of the capture alone. What is read is the
 * caller's. */
void told_notice(struct carry *carry, bool *own, char **sentence);

/* told_end carries it; what is read, its sentence is the caller's. */
void told_end(struct carry *carry, struct told_end *end);

#endif
