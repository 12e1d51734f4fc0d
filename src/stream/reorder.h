/* One stream's bytes, behind stream.h: what is new goes through libnids, what never came is told as a hole. */
#ifndef SRC_STREAM_REORDER_H
#define SRC_STREAM_REORDER_H

#include "libnids.h"
#include "limit.h"
#include "numbering.h"
#include "runs.h"
#include "stream.h"

struct mark {
	uint64_t at; /* after the byte before this offset */
	bool seen, told;
};

struct half {
	struct numbering number;
	struct runs runs;
	struct mark fin, rst;
	struct when rst_when;
	bool rst_fits; /* its number was known to be no earlier than the next */
};

struct stream {
	struct streams *engine;
	void *arg;
	struct libnids_stream nids;
	struct half half[2];
	uint32_t segments; /* so far */
	bool done;
};

struct streams {
	struct stream_ops ops;
	struct stream *fed; /* libnids has its segment */
	bool filler;	    /* what comes out of libnids is not of the stream */
	struct when when;   /* of the segment in work */
	uint64_t lost;
	bool out_of_memory;
	size_t waiting; /* bytes in all queues, with their cost */
	size_t n_free;	/* numbers for streams that libnids may know */
	uint16_t free[LIMIT_STREAMS];
};

/* reorder_bytes is what libnids's room calls. */
void reorder_bytes(void *arg, unsigned dir, struct slice bytes);

/* reorder_take hands over what is new of the bytes at off. */
void reorder_take(struct stream *s, unsigned dir, uint64_t off, struct slice bytes);

/* reorder_take_cut notes that the capture has nothing of the bytes from off to stop. */
void reorder_take_cut(struct stream *s, unsigned dir, uint64_t off, uint64_t stop);

/* reorder_ripe says that the next bytes are a hole that no copy is expected for any more, with something behind it. */
bool reorder_ripe(const struct stream *s, unsigned dir);

/* reorder_close_hole gives up what is missing before the next bytes, but nothing from limit on. */
void reorder_close_hole(struct stream *s, unsigned dir, uint64_t limit);

/* reorder_give_up is for a stream that cannot be followed: no memory, or libnids did not take a segment. So many bytes
 * are lost with it, and its queues. */
void reorder_give_up(struct stream *s, size_t bytes);

/* reorder_release gives back all that a stream holds but itself and its numbering. */
void reorder_release(struct stream *s);

#endif
