/* What was counted on the way: the last line on stderr, and the summary object. */
#ifndef SRC_TALLY_H
#define SRC_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "drops.h"

struct tally {
	const char *input; /* its name; NULL where it is the only one, so that a file and a pipe give the same bytes */
	uint64_t packets, bytes;
	struct drops dropped;
	uint64_t unreadable; /* frames of an unknown link type, or broken in their headers */
	uint64_t cut;        /* frames cut by the snap length */
	uint64_t flows;      /* flows with payload that were looked at */
	uint64_t handshakes, tls, dtls, certificates;
	uint64_t holes, hole_bytes;
	uint64_t evicted_flows, evicted_handshakes, evicted_events, over_limit; /* given up at a limit of limit.h */
	uint64_t fragments_lost; /* IP datagrams that never came together */
	bool damaged; /* the input ended in the middle */
	int64_t first_us, last_us;
};

#endif
