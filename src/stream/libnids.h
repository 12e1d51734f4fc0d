/* libnids's own room, behind stream.h: bytes at their offsets go in, in any order; bytes in order come out.
 *
 * libnids is one global instance, so this room is too. It is shown nothing but packets that are made here: streams
 * opened properly, segments without FIN or RST, never more streams than its pool holds. */
#ifndef SRC_STREAM_LIBNIDS_H
#define SRC_STREAM_LIBNIDS_H

#include "dissectors/slice.h"

/* One stream in libnids's eyes. Zeroed but for its number: not connected. */
struct libnids_stream {
	uint16_t number; /* its address, below LIMIT_STREAMS, no two alike */
	bool connected;
	uint64_t anchor[2]; /* of each direction: the offset that the other side acknowledges */
};

/* libnids_open begins; false when out of memory, or when it is open already. What comes out goes to bytes, with the
 * arg that was given with the segment; bytes must not call this room. */
bool libnids_open(void (*bytes)(void *arg, unsigned dir, struct slice bytes));
void libnids_close(void);

/* libnids_connect opens a stream whose directions begin at off[0] and off[1]. False when out of memory. */
bool libnids_connect(struct libnids_stream *s, const uint64_t off[2]);

/* libnids_feed gives bytes, at most LIBNIDS_BYTES_MAX and none of which lies before what came out: they come out, and all
 * that waited for them, before it returns. False when out of memory: the stream can only be let go then. */
#define LIBNIDS_BYTES_MAX 2047
bool libnids_feed(struct libnids_stream *s, unsigned dir, uint64_t off, struct slice bytes, void *arg);

/* libnids_anchor makes a direction go on at off, whatever came before; what waits stays. libnids counts in 32 bits: it
 * must be called every 2^29 bytes at the latest. */
void libnids_anchor(struct libnids_stream *s, unsigned dir, uint64_t off);

/* libnids_let_go frees all that libnids holds of a stream. Not while it has a segment. */
void libnids_let_go(struct libnids_stream *s);

#endif
