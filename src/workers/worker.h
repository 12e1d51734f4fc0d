/* One of several processes that read the same input: it follows its share of it, and tells its parent what comes of that. */
#ifndef SRC_WORKERS_WORKER_H
#define SRC_WORKERS_WORKER_H

#include "options.h"
#include "share.h"

struct worker {
	struct share share;
	int to_parent; /* what is told is written there */
	int asked;     /* the parent writes nothing there: where it closes its end, the worker is to stop */
};

/* worker_read reads every input of the command line, to its end, to the limit, or until it is to stop, and says nothing to
 * anybody but its parent. It answers what to exit with. */
int worker_read(const struct worker *worker, const struct options *options);

#endif
