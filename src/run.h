/* One input from its opening to its report. */
#ifndef SRC_RUN_H
#define SRC_RUN_H

#include "export/export.h"
#include "options.h"
#include "watch/watch.h"
#include "workers/workers.h"

/* What goes on from input to input. */
struct run {
	const struct options *options;
	struct cert_store *certs;
	struct export *export; /* of --export; NULL: none */
	struct watch *watch;   /* of --watch; NULL: there is a report */
	uint64_t seed;
	uint32_t handshakes; /* ids given so far */
	bool findings;       /* some at or above --fail-on */
	struct workers *workers; /* they read; NULL: this process does */
	bool over;	     /* nothing more is to be read: libraries may be half begun, or a worker is gone */
};

/* run_file analyses one capture file, run_live a live capture, which it closes, and which it has left to its workers where there are any; the report goes to stdout.
 * EXIT_NOTHING, EXIT_INPUT or EXIT_INTERFACE; the reason has been said. Signals are heeded meanwhile: see signals.h. */
int run_file(struct run *run, const char *path);
int run_live(struct run *run, struct capture *capture);

#endif
