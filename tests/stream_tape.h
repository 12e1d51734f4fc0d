/* A tape that records what a stream gives out, and a hand that makes its segments: for test_stream.c,
 * test_stream_random.c and the fuzzer. What is said at an offset is always the same bytes, so the tape
 * knows a wrong one when it sees it, however long the stream. */
#ifndef TESTS_STREAM_TAPE_H
#define TESTS_STREAM_TAPE_H

#include <stdlib.h>

#include "src/stream/stream.h"

#define TAPE_HOLES 256
#define TAPE_PERIOD 65521 /* a prime: no two nearby offsets look alike */

struct tape_hole {
	uint64_t off, len;
	enum hole_why why;
};

struct tape_dir {
	uint64_t next, data; /* bytes told in all; of them, not in holes */
	uint64_t shift;      /* where offset 0 of the stream lies in what is said */
	struct tape_hole hole[TAPE_HOLES];
	size_t n_holes;
	unsigned fins, rsts;
	bool rst_plain;
	uint64_t fin_at, rst_at, rst_frame;
};

struct tape {
	struct tape_dir dir[2];
	struct stream *stream;
	uint32_t isn[2];
	uint64_t acked[2];    /* by the other side: what its segments carry */
	uint64_t done_after;  /* call stream_done in the data callback that gets here; 0: never */
	uint64_t frame, data_frame; /* of the last segment; that of the last bytes */
	bool wrong;           /* anything that must never be */
};

/* under_valgrind says that everything takes thirty times as long, and malloc is not ours. */
static inline bool
under_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

static inline const uint8_t *
tape_said(unsigned dir, uint64_t off)
{
	static uint8_t said[2][2 * TAPE_PERIOD];

	if (said[0][0] == 0) {
		uint32_t x = 2463534242;

		for (size_t i = 0; i < 2 * TAPE_PERIOD; i++) {
			x ^= x << 13;
			x ^= x >> 17;
			x ^= x << 5;
			said[i & 1][i / 2] = said[i & 1][TAPE_PERIOD + i / 2] = (uint8_t)(x >> 24 | 1);
		}
	}
	return said[dir] + off % TAPE_PERIOD;
}

static inline bool
tape_is_said(unsigned dir, uint64_t off, struct slice bytes)
{
	for (struct slice part; bytes.n > 0; off += part.n)
		if (!slice_take(&bytes, slice_first(bytes, TAPE_PERIOD).n, &part) ||
		    memcmp(part.p, tape_said(dir, off), part.n) != 0)
			return false;
	return true;
}

static inline void
tape_data(void *arg, unsigned dir, uint64_t off, struct slice bytes, struct when when)
{
	struct tape *t = arg;
	struct tape_dir *d = &t->dir[dir];

	if (stream_is_done(t->stream) || off != d->next || bytes.n == 0 || when.frame != t->frame ||
	    !tape_is_said(dir, d->shift + off, bytes))
		t->wrong = true;
	d->next += bytes.n;
	d->data += bytes.n;
	t->data_frame = when.frame;
	if (t->done_after != 0 && d->next >= t->done_after)
		stream_done(t->stream);
}

/* Neighbouring holes of one kind are one hole. */
static inline void
tape_hole(void *arg, unsigned dir, uint64_t off, uint64_t len, enum hole_why why, struct when when)
{
	struct tape *t = arg;
	struct tape_dir *d = &t->dir[dir];
	struct tape_hole *last = d->n_holes > 0 ? &d->hole[d->n_holes - 1] : NULL;

	if (stream_is_done(t->stream) || off != d->next || len == 0 || when.frame != t->frame)
		t->wrong = true;
	d->next += len;
	if (last != NULL && last->why == why && last->off + last->len == off)
		last->len += len;
	else if (d->n_holes < TAPE_HOLES)
		d->hole[d->n_holes++] = (struct tape_hole){.off = off, .len = len, .why = why};
}

static inline void
tape_fin(void *arg, unsigned dir, struct when when)
{
	struct tape *t = arg;

	if (stream_is_done(t->stream) || when.frame != t->frame)
		t->wrong = true;
	t->dir[dir].fins++;
	t->dir[dir].fin_at = t->dir[dir].next;
}

static inline void
tape_rst(void *arg, unsigned dir, bool plain, struct when when)
{
	struct tape *t = arg;

	if (stream_is_done(t->stream) || when.frame > t->frame)
		t->wrong = true;
	t->dir[dir].rst_frame = when.frame;
	t->dir[dir].rst_plain = plain;
	t->dir[dir].rsts++;
	t->dir[dir].rst_at = t->dir[dir].next;
}

static const struct stream_ops tape_ops = {.data = tape_data, .hole = tape_hole, .fin = tape_fin, .rst = tape_rst};

static inline struct when
tape_when(struct tape *t)
{
	return (struct when){.frame = ++t->frame, .us = (int64_t)t->frame};
}

/* tape_header makes the header of a segment that begins at offset off of what dir says. */
static inline struct tcp_header
tape_header(const struct tape *t, unsigned dir, uint8_t flags, uint64_t off)
{
	return (struct tcp_header){
		.src_port = dir ? 443 : 50000,
		.dst_port = dir ? 50000 : 443,
		.seq = t->isn[dir] + (flags & TCP_SYN ? 0 : 1) + (uint32_t)off,
		.ack = flags & TCP_ACK ? t->isn[!dir] + 1 + (uint32_t)t->acked[!dir] : 0,
		.flags = flags,
	};
}

/* tape_cut sends len bytes from offset off, of which the capture holds captured; in an allocation of its own,
 * so that reading on is seen. */
static inline void
tape_cut(struct tape *t, unsigned dir, uint8_t flags, uint64_t off, size_t len, size_t captured)
{
	struct tcp_header tcp = tape_header(t, dir, flags, off);
	uint8_t *copy = malloc(captured + 1);

	if (copy == NULL)
		abort();
	for (size_t at = 0; at < captured; at += TAPE_PERIOD) {
		size_t n = captured - at < TAPE_PERIOD ? captured - at : TAPE_PERIOD;
		memcpy(copy + at, tape_said(dir, off + at), n);
	}
	stream_segment(t->stream, dir, &tcp, slice_of(copy, captured), len, tape_when(t));
	free(copy);
}

static inline void
tape_say(struct tape *t, unsigned dir, uint64_t off, size_t len)
{
	tape_cut(t, dir, TCP_ACK, off, len, len);
}

static inline void
tape_flags(struct tape *t, unsigned dir, uint8_t flags, uint64_t off)
{
	tape_cut(t, dir, flags, off, 0, 0);
}

/* tape_ack makes the other side acknowledge what dir said up to off. */
static inline void
tape_ack(struct tape *t, unsigned dir, uint64_t off)
{
	t->acked[dir] = off;
	tape_flags(t, !dir, TCP_ACK, t->dir[!dir].shift + t->dir[!dir].next);
}

/* tape_open makes the stream and its three-way handshake. */
static inline void
tape_open(struct tape *t, struct streams *engine, uint32_t isn0, uint32_t isn1, bool handshake)
{
	*t = (struct tape){.isn = {isn0, isn1}};
	t->stream = stream_new(engine, t);
	if (t->stream == NULL)
		abort();
	if (!handshake)
		return;
	tape_flags(t, 0, TCP_SYN, 0);
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	tape_flags(t, 0, TCP_ACK, 0);
}

#endif
