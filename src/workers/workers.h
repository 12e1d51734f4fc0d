/* Several processes read the same input, each its share of it (share.h), and tell their parent what they find; here it is put
 * in the one order that a single reader has it in, and numbered. */
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
	void (*meanwhile)(void *arg); /* called now and then, for signals */
	void *arg;
};

enum workers_answer {
	WORKERS_READ,
	WORKERS_NOT_READ,      /* the input cannot be opened */
	WORKERS_LOST,	       /* one is gone: what the others found is there */
	WORKERS_OUT_OF_MEMORY, /* here or there */
};

/* workers_read hears all that they find in the next input. What is wrong has been said, but for WORKERS_OUT_OF_MEMORY. */
enum workers_answer workers_read(struct workers *workers, const struct workers_to *to);

/* workers_end sends them home. */
void workers_end(struct workers *workers);

#endif
