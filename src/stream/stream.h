/* TCP streams put back in order: the door to libnids, and all that anyone knows of it. What a segment says of its
 * stream is read in stream.c; numbering.c knows where its numbers lie, runs.c what is missing before them, reorder.c
 * lets bytes and holes out, and libnids.c is libnids's own room.
 *
 * Bytes that come in order are let out as they are; libnids knows a stream only while some of its bytes wait for
 * others. It is never shown a packet from the wire. Each segment is re-headed into a normalised IPv4/TCP packet
 * whose addresses name the stream, so that IPv6, VLANs, streams without a SYN, one direction alone, bad checksums,
 * offload and lying windows lose nothing (docs/architecture.md).
 *
 * A hole is a run of bytes that the capture never saw. It is closed when the other side's ACK proves that
 * they arrived and LIMIT_HOLE_PATIENCE more segments did not bring them, when the stream ends, or when the queue
 * behind it grows to LIMIT_STREAM_QUEUE or LIMIT_STREAM_PIECES. What the capture cut off a segment is such a hole
 * from the start: the segment proves it. Bytes that waited in a queue carry the frame that freed them.
 *
 * Without a SYN, offset 0 is the other side's lowest acknowledgement or the first byte seen, whichever is lower. Numbers
 * further ahead than LIMIT_STREAM_REACH, or behind, never move a stream. */
#ifndef SRC_STREAM_STREAM_H
#define SRC_STREAM_STREAM_H

#include "dissectors/slice.h"
#include "dissectors/transport.h"
#include "when.h"

enum hole_why { HOLE_NEVER_CAPTURED, HOLE_CUT };

/* dir is 0 or 1: the caller's name for a direction. off counts a direction's bytes from 0. when is that of the segment
 * in work: an end that waited for bytes stands behind them, a reset behind its own side's FIN. A reset is plain when its number is the very next
 * one, its side has not closed before, and bytes of neither side are missing: another may be stale, or the other side's
 * FIN is on its way. */
struct stream_ops {
	void (*data)(void *arg, unsigned dir, uint64_t off, struct slice bytes, struct when when);
	void (*hole)(void *arg, unsigned dir, uint64_t off, uint64_t len, enum hole_why why, struct when when);
	void (*fin)(void *arg, unsigned dir, struct when when); /* after all the bytes before it */
	void (*rst)(void *arg, unsigned dir, bool plain, struct when when);
};

struct stream;
struct streams;

/* streams_new makes the one engine (libnids is a global): ops are called from within stream_segment and
 * stream_flush. NULL when out of memory, or when there is one already. */
struct streams *streams_new(const struct stream_ops *ops);
void streams_free(struct streams *engine); /* all its streams must have been closed */

/* stream_new begins a stream, for its first packet; ops get arg. NULL when out of memory, or when
 * LIMIT_STREAMS are open: the caller closes one and tries again. */
struct stream *stream_new(struct streams *engine, void *arg);

/* stream_segment takes one segment as captured: payload_len is the length that its headers give, payload what
 * the capture holds of it; the rest is a HOLE_CUT. Callbacks may come from within; they may call
 * stream_done, and nothing else of this room. */
void stream_segment(struct stream *stream, unsigned dir, const struct tcp_header *tcp, struct slice payload,
		    size_t payload_len, struct when when);

/* stream_flush closes every hole and delivers all that is queued, as at the end of the capture. */
void stream_flush(struct stream *stream, struct when when);

/* stream_done says, from a callback or outside one, that no more bytes are wanted. */
void stream_done(struct stream *stream);
bool stream_is_done(const struct stream *stream);

/* stream_restarts says whether a segment begins another connection on the same ports: a SYN with a number that
 * is not this stream's. */
bool stream_restarts(const struct stream *stream, unsigned dir, const struct tcp_header *tcp);

/* stream_started says whether the stream's SYN or SYN+ACK was seen: false is "from the middle". */
bool stream_started(const struct stream *stream);

/* stream_waits says whether bytes are missing before others that came, and may still come. */
bool stream_waits(const struct stream *stream);

/* stream_close lets it go; nothing is flushed. Not from within a callback. */
void stream_close(struct stream *stream);

/* stream_lost counts what libnids refused or the room gave up: bytes of queue, never silent. */
uint64_t streams_lost(const struct streams *engine);

/* streams_out_of_memory says whether a stream was ever given up because there was no memory, here or in libnids. */
bool streams_out_of_memory(const struct streams *engine);

#endif
