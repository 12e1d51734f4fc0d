/* Who changes to and fro must not flood. */
#ifndef SRC_WATCH_FLAPS_H
#define SRC_WATCH_FLAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "limit.h"

/* Zeroed is a good beginning. */
struct flaps {
	int64_t last_us[LIMIT_CHANGES_AN_HOUR]; /* of the last changes, as a ring */
	unsigned n; /* changes so far */
	bool flapping;
};

/* What is to be said of a change. */
enum flaps_say { FLAPS_CHANGE, FLAPS_BEGINNING, FLAPS_NOTHING };

/* flaps_change counts one. FLAPS_BEGINNING: it is one too many within an hour. */
enum flaps_say flaps_change(struct flaps *flaps, int64_t now_us);

/* flaps_calm says that flapping is over: nothing changed for LIMIT_CALM_SECONDS. Where it is not, *due_us becomes when it
 * will be, if that is earlier. */
bool flaps_calm(struct flaps *flaps, int64_t now_us, int64_t *due_us);

#endif
