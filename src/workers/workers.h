/* Several processes share one input, and tell their parent what they find; here it is put in the one order that a single reader has
 * it in, and numbered.
 *
 * Of a live capture the order is that of time stamps, for each says now and then how far it has come, and one that does not for a
 * second is not waited for. What is found is said as it arises, from what all have come to. */
#ifndef SRC_WORKERS_WORKERS_H
#define SRC_WORKERS_WORKERS_H

#include "gather.h"
#include "worker.h"

struct workers;

/* workers_start has n workers beside this process, LIMIT_WORKERS at the most. It returns in all of them: in a worker, which is deaf
 * to signals and says nothing on stderr any more, worker has its share and *workers is NULL; in their parent worker's share is of
 * none. False, and the reason has been said. */
bool workers_start(unsigned n, struct workers **workers, struct worker *worker);

/* Where what they find goes. */
struct workers_to {
	struct gather *gather;
	struct tally *tally; /* of all */
	struct cert_store *certs;
	uint32_t *handshakes; /* numbers given so far */
	const struct capture *live; /* the capture that they share, left to them; NULL: they read files */
	struct decided_copies *open; /* live: room for those that are looked at before they are over */
	void (*meanwhile)(void *arg); /* called now and then, for signals */
	void *arg;
};

enum workers_answer {
	WORKERS_READ,
	WORKERS_NOT_READ,      /* the input cannot be opened */
	WORKERS_LOST,	       /* one is gone: what the others found is there */
	WORKERS_INTERFACE_LOST, /* live: none is left */
	WORKERS_OUT_OF_MEMORY, /* here or there */
};

/* workers_read hears all that they find in the next input. What is wrong has been said, but for WORKERS_OUT_OF_MEMORY. */
enum workers_answer workers_read(struct workers *workers, const struct workers_to *to);

/* workers_end sends them home. */
void workers_end(struct workers *workers);

#endif
