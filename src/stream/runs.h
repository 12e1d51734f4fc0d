/* What lies behind the next byte of a direction: which runs of bytes wait there, and which are missing.
 *
 * The runs lie without a gap from next to the end of all that is known; none when everything came in order. */
#ifndef SRC_STREAM_RUNS_H
#define SRC_STREAM_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A run can only turn into a later kind. */
enum run_kind {
	RUN_MISSING, /* never captured so far */
	RUN_CUT,     /* captured without its bytes */
	RUN_WAITING, /* its bytes wait for those before them */
};

struct run {
	uint64_t end; /* its start is the end of the run before it, or next */
	uint32_t proven; /* not waiting: the segment that proved it was sent and arrived; 0: none did */
	enum run_kind kind;
};

struct runs {
	uint64_t next;   /* offset: all before it has been told */
	struct run *run; /* owned; NULL while nothing is out of order */
	unsigned n, room;
	unsigned pieces; /* waiting runs */
	size_t bytes;    /* in them */
};

/* runs_end gives the end of all that is known. */
uint64_t runs_end(const struct runs *r);

/* runs_full says that there may be no room for runs_claim and runs_cover. What is claimed at next needs none when it
 * is advanced over at once. */
bool runs_full(const struct runs *r);

/* runs_open finds the first part of [*from, *end) that is of an earlier kind than kind, within one run or behind
 * them all. False: there is none. */
bool runs_open(const struct runs *r, enum run_kind kind, uint64_t *from, uint64_t *end);

/* runs_claim gives a part that runs_open found its new kind. There must be room. False when out of memory. */
bool runs_claim(struct runs *r, enum run_kind kind, uint64_t from, uint64_t end, uint32_t proven);

/* runs_cover notes what is not known up to end as missing. There must be room. False when out of memory. */
bool runs_cover(struct runs *r, uint64_t end);

/* runs_prove says that all before end was sent and has arrived, as segment number proven shows. */
void runs_prove(struct runs *r, uint64_t end, uint32_t proven);

/* runs_truncate forgets what is missing behind end: the direction ended there. */
void runs_truncate(struct runs *r, uint64_t end);

/* runs_advance moves next, over whatever lies before it. */
void runs_advance(struct runs *r, uint64_t next);

/* runs_clear forgets all runs; next stays. */
void runs_clear(struct runs *r);

#endif
