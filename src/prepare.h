/* Between the command line and the first byte from outside: what it names is opened, then the sandbox entered. */
#ifndef SRC_PREPARE_H
#define SRC_PREPARE_H

#include "export/export.h"
#include "options.h"
#include "workers/workers.h"

/* What is open besides the files, which whoever reads them takes from sandbox/opened.h. */
struct prepared {
	struct capture *live;  /* of -i; NULL: none */
	struct capture *shares[LIMIT_WORKERS]; /* of it, until there are workers who take them */
	struct export *export; /* of --export; NULL: none */
	struct capture_filters *filters;
	struct capture_outputs *outputs;
	struct capture_owner owner; /* of what is written */
	struct workers *workers; /* of --workers; NULL: this process reads itself */
	struct worker worker;	 /* a share of more than none: this process is one of them */
};

/* prepare opens all, starts the workers, enters the sandbox, and there reads what the phone trusts, which workers do not. It returns
 * in each of them too. EXIT_NOTHING, or what to exit with; the reason has been said. prepare_end closes what is left of it either way. */
int prepare(struct options *options, struct prepared *out);
void prepare_end(struct prepared *prepared);

#endif
