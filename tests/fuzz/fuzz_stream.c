/* stream.h under segments of any kind. The input is a list of segments, 8 bytes each and what they carry is made up:
 * a byte is told by its direction and sequence number, so that a wrong one is seen; holes and bytes must lie without
 * a gap, ends come once, and nothing may be lost. */
#include <stdlib.h>

#include "src/limit.h"
#include "src/stream/reorder.h"

struct seen {
	struct stream *stream;
	uint64_t next[2];
	unsigned fins[2], rsts[2];
	uint8_t done_at; /* stream_done is called in this callback */
	uint8_t callbacks;
	bool inside; /* a call that may call back */
};

static void
require(bool ok)
{
	if (!ok)
		__builtin_trap();
}

/* said gives what a direction says from a number on, up to 64 KiB of it; it begins again every MiB. */
static const uint8_t *
said(unsigned dir, uint32_t seq)
{
	static uint8_t bytes[2][(1 << 20) + 65536];

	if (bytes[0][1] == 0)
		for (uint32_t i = 0; i < sizeof(bytes[0]); i++) {
			bytes[0][i] = (uint8_t)((i & 0xfffff) * 2654435761U >> 24);
			bytes[1][i] = bytes[0][i] ^ 85;
		}
	return bytes[dir] + (seq & 0xfffff);
}

static struct seen *
called(void *arg)
{
	struct seen *seen = arg;

	require(seen->inside && !stream_is_done(seen->stream));
	return seen;
}

static void
leave(struct seen *seen)
{
	if (++seen->callbacks == seen->done_at)
		stream_done(seen->stream);
}

static void
on_data(void *arg, unsigned dir, uint64_t off, struct slice bytes, struct when when)
{
	struct seen *seen = called(arg);
	uint32_t seq = seen->stream->half[dir].number.first + (uint32_t)off;

	(void)when;
	require(off == seen->next[dir] && bytes.n > 0);
	seen->next[dir] += bytes.n;
	require(slice_starts(bytes, said(dir, seq), bytes.n));
	leave(seen);
}

static void
on_hole(void *arg, unsigned dir, uint64_t off, uint64_t len, enum hole_why why, struct when when)
{
	struct seen *seen = called(arg);

	(void)when;
	require(off == seen->next[dir] && len > 0 && (why == HOLE_CUT || why == HOLE_NEVER_CAPTURED));
	seen->next[dir] += len;
	leave(seen);
}

static void
on_fin(void *arg, unsigned dir, struct when when)
{
	struct seen *seen = called(arg);

	(void)when;
	require(++seen->fins[dir] == 1);
	leave(seen);
}

static void
on_rst(void *arg, unsigned dir, bool plain, struct when when)
{
	struct seen *seen = called(arg);

	(void)plain;
	(void)when;
	require(++seen->rsts[dir] == 1);
	leave(seen);
}

/* What the room says of itself must be so after every segment. */
static void
consistent(const struct stream *s)
{
	size_t waiting = 0;

	for (unsigned dir = 0; dir < 2; dir++) {
		const struct runs *r = &s->half[dir].runs;
		uint64_t at = r->next;
		unsigned pieces = 0;
		size_t bytes = 0;

		for (unsigned i = 0; i < r->n; i++) {
			require(r->run[i].end > at);
			if (r->run[i].kind == RUN_WAITING) {
				require(i > 0);
				pieces++;
				bytes += r->run[i].end - at;
			}
			at = r->run[i].end;
		}
		require(pieces == r->pieces && bytes == r->bytes);
		require(pieces <= LIMIT_STREAM_PIECES && bytes <= LIMIT_STREAM_QUEUE);
		require(at - r->next <= UINT64_MAX / 2);
		waiting += bytes + (size_t)pieces * 128;
	}
	require(waiting == s->engine->waiting);
}

/* A small number near 0 on either side, scaled by 2 bits: 1, 2^8, 2^16 or 2^20. */
static uint32_t
scaled(uint16_t number, unsigned scale)
{
	static const unsigned shift[] = {0, 8, 16, 20};

	return (uint32_t)(int16_t)number << shift[scale & 3];
}

/* uint1 direction;  uint1 cut;  uint6 flags;
 * uint1 flush_before;  uint1 skip_restarts;  uint1 relative;  uint1 long;  uint2 ack_scale;  uint2 number_scale;
 * int16 number;  uint16 length;  int16 ack; */
static void
segment(struct seen *seen, const uint32_t isn[2], struct slice in)
{
	struct tcp_header tcp = {.src_port = 1, .dst_port = 2};
	uint8_t first = 0, how = 0;
	uint16_t number = 0, length = 0, ack = 0;
	unsigned dir;
	size_t captured;
	uint8_t *bytes;

	slice_u8(&in, &first);
	slice_u8(&in, &how);
	slice_u16(&in, &number);
	slice_u16(&in, &length);
	slice_u16(&in, &ack);
	dir = first >> 7;
	length = how & 16 ? length : length & 2047;
	tcp.flags = first & 0x1f;
	tcp.seq = isn[dir] + scaled(number, how);
	tcp.ack = isn[!dir] + scaled(ack, how >> 2);
	if (how & 32) { /* where the stream is */
		tcp.seq += (uint32_t)seen->next[dir];
		tcp.ack += (uint32_t)seen->next[!dir];
	}
	captured = first & 0x40 ? length / 3 : length;
	if ((how & 64) && stream_restarts(seen->stream, dir, &tcp))
		return;
	if (how & 128)
		stream_flush(seen->stream, (struct when){.frame = 1});
	bytes = malloc(captured + 1); /* of its own, so that reading on is seen */
	if (bytes == NULL)
		abort();
	memcpy(bytes, said(dir, tcp.seq + (tcp.flags & TCP_SYN ? 1 : 0)), captured);
	stream_segment(seen->stream, dir, &tcp, slice_of(bytes, captured), length, (struct when){.frame = 1});
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stream_ops ops = {.data = on_data, .hole = on_hole, .fin = on_fin, .rst = on_rst};
	static struct streams *engine;
	struct slice in = slice_of(data, size), one;
	struct seen seen = {.inside = true};
	const uint32_t isn[2] = {0x10000, 0xfffffe00};

	if (engine == NULL)
		engine = streams_new(&ops);
	if (engine == NULL)
		abort();
	seen.stream = stream_new(engine, &seen);
	if (seen.stream == NULL)
		abort();
	slice_u8(&in, &seen.done_at);
	while (slice_take(&in, 8, &one)) {
		segment(&seen, isn, one);
		consistent(seen.stream);
	}
	stream_flush(seen.stream, (struct when){.frame = 2});
	if (!stream_is_done(seen.stream))
		for (unsigned dir = 0; dir < 2; dir++)
			require(seen.next[dir] == seen.stream->half[dir].runs.next &&
				seen.stream->half[dir].runs.n <= 1);
	seen.inside = false;
	stream_close(seen.stream);
	require(streams_lost(engine) == 0 && engine->waiting == 0 && engine->n_free == LIMIT_STREAMS);
	return 0;
}
