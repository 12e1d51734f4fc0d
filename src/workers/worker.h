/* One of several processes that share one input, a file or a live capture: it tells its parent what comes of its share.
 *
 * A file it reads to the end, and follows what is its own (share.h). Of a live capture it has nothing but its share
 * (capture_open_shared), and all of that is its own, the story too; ten times a second at the least it says how far it has come, so that
 * nobody waits for it where nothing happens. */
#ifndef SRC_WORKERS_WORKER_H
#define SRC_WORKERS_WORKER_H

#include "options.h"
#include "share.h"

struct worker {
	struct share share;
	struct capture *live; /* its share of a live capture, NULL: files are read */
	int to_parent; /* what is told is written there */
	int asked;     /* the parent writes nothing there: where it closes its end, the worker is to stop */
};

/* worker_read reads the capture, or every input of the command line, to its end, to the limit, or until it is to stop, and says nothing
 * to anybody but its parent. It answers what to exit with. */
int worker_read(const struct worker *worker, const struct options *options);

#endif
