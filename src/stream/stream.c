/* TCP streams: what a segment says of its stream. reorder.c gets the bytes out in order. */
#include "stream.h"

#include <stdlib.h>

#include "libnids.h"
#include "limit.h"
#include "numbering.h"
#include "reorder.h"
#include "runs.h"

/* ---- a stream's life ---- */

struct streams *
streams_new(const struct stream_ops *ops)
{
	struct streams *engine = calloc(1, sizeof(*engine));

	if (engine == NULL)
		return NULL;
	if (!libnids_open(reorder_bytes)) {
		free(engine);
		return NULL;
	}
	engine->ops = *ops;
	for (uint16_t i = 0; i < LIMIT_STREAMS; i++)
		engine->free[engine->n_free++] = i;
	return engine;
}

void
streams_free(struct streams *engine)
{
	if (engine == NULL)
		return;
	libnids_close();
	free(engine);
}

uint64_t
streams_lost(const struct streams *engine)
{
	return engine->lost;
}

bool
streams_out_of_memory(const struct streams *engine)
{
	return engine->out_of_memory;
}

struct stream *
stream_new(struct streams *engine, void *arg)
{
	struct stream *s;

	if (engine->n_free == 0)
		return NULL;
	s = malloc(sizeof(*s));
	if (s == NULL)
		return NULL;
	*s = (struct stream){.engine = engine, .arg = arg, .nids.number = engine->free[--engine->n_free]};
	return s;
}

void
stream_done(struct stream *s)
{
	if (s->done)
		return;
	s->done = true;
	if (s->engine->fed != s)
		reorder_release(s);
}

bool
stream_is_done(const struct stream *s)
{
	return s->done;
}

void
stream_close(struct stream *s)
{
	stream_done(s);
	free(s);
}

bool
stream_started(const struct stream *s)
{
	return s->half[0].number.from == NUMBERING_SYN || s->half[1].number.from == NUMBERING_SYN;
}

bool
stream_restarts(const struct stream *s, unsigned dir, const struct tcp_header *tcp)
{
	const struct numbering *own = &s->half[dir].number, *peer = &s->half[!dir].number;

	if ((tcp->flags & (TCP_SYN | TCP_RST)) != TCP_SYN)
		return false;
	if (own->from != NUMBERING_UNKNOWN && numbering_is(own, tcp->seq))
		return false;
	/* Another answer to the same SYN is no other connection. */
	if ((tcp->flags & TCP_ACK) && peer->from != NUMBERING_UNKNOWN)
		return !numbering_answers(peer, tcp->ack);
	return own->from != NUMBERING_UNKNOWN;
}

/* ---- one segment ---- */

/* payload_at finds a segment's place: len bytes from seq on, the first of which were captured. */
static void
payload_at(struct stream *s, unsigned dir, uint32_t seq, struct slice captured, uint64_t len)
{
	struct half *h = &s->half[dir];
	uint64_t next = h->runs.next, have, stop;
	int64_t off = numbering_offset(&h->number, seq, next);

	if (off + (int64_t)len <= (int64_t)next || off - (int64_t)runs_end(&h->runs) > LIMIT_STREAM_REACH)
		return;
	h->number.settled = true;
	stop = (uint64_t)(off + (int64_t)len);
	if (off < (int64_t)next) {
		if (!slice_skip(&captured, next - (uint64_t)off))
			captured.n = 0;
		off = (int64_t)next;
	}
	have = (uint64_t)off + captured.n;
	reorder_take(s, dir, (uint64_t)off, captured);
	reorder_take_cut(s, dir, have, stop);
}

/* acknowledged notes that all before ack was sent, and has arrived. */
static void
acknowledged(struct stream *s, unsigned dir, uint32_t ack)
{
	struct half *h = &s->half[dir];
	struct runs *r = &h->runs;
	int64_t off = numbering_offset(&h->number, ack, r->next);
	uint64_t end;

	if (off <= (int64_t)r->next || off - (int64_t)runs_end(r) > LIMIT_STREAM_REACH)
		return;
	end = (uint64_t)off;
	if (h->fin.seen && end > h->fin.at)
		end = h->fin.at; /* a FIN has a number too */
	while (end > runs_end(r) && runs_full(r) && !s->done)
		reorder_close_hole(s, dir, UINT64_MAX);
	if (!s->done && !runs_cover(r, end)) {
		s->engine->out_of_memory = true;
		reorder_give_up(s, 0);
	}
	runs_prove(r, end, s->segments);
}

static void
fin_at(struct stream *s, unsigned dir, uint32_t seq)
{
	struct half *h = &s->half[dir];
	struct runs *r = &h->runs;
	int64_t off = numbering_offset(&h->number, seq, r->next);

	if (h->fin.told || off < (int64_t)r->next || off - (int64_t)runs_end(r) > LIMIT_STREAM_REACH)
		return;
	h->fin = (struct mark){.at = (uint64_t)off, .seen = true};
	runs_truncate(r, h->fin.at);
}

/* A reset need not continue its side's numbers: that of a refused connection is 0, a late one has the number that
 * the other side expects. */
static void
rst_at(struct stream *s, unsigned dir, uint32_t seq)
{
	struct half *h = &s->half[dir];
	uint64_t next = h->runs.next;
	int64_t off = numbering_offset(&h->number, seq, next);

	if (h->rst.told)
		return;
	h->rst_fits = h->number.settled || h->number.from == NUMBERING_SYN;
	if (!h->rst_fits)
		off = (int64_t)next;
	if (off - (int64_t)runs_end(&h->runs) > LIMIT_STREAM_REACH || (int64_t)next - off > LIMIT_STREAM_REACH)
		return;
	h->rst_fits = h->rst_fits && off >= (int64_t)next;
	if (!h->rst.seen)
		h->rst_when = s->engine->when;
	h->rst = (struct mark){.at = off > (int64_t)next ? (uint64_t)off : next, .seen = true};
}

/* Whether a direction's reset, which has been reached, is plain. */
static bool
reset_is_plain(const struct stream *s, unsigned dir)
{
	return s->half[dir].rst_fits && !s->half[dir].fin.seen && s->half[0].runs.n == 0 && s->half[1].runs.n == 0;
}

/* These report the ends that have been reached, or all that were seen. */

static void
tell_fin(struct stream *s, unsigned dir, bool all)
{
	struct half *h = &s->half[dir];

	if (s->done || !h->fin.seen || h->fin.told || (!all && h->runs.next < h->fin.at))
		return;
	h->fin.told = true;
	s->engine->ops.fin(s->arg, dir, s->engine->when);
}

static void
tell_rst(struct stream *s, unsigned dir, bool all, struct when when)
{
	struct half *h = &s->half[dir];
	bool behind_fin = h->fin.told && h->rst.at == h->fin.at + 1; /* a FIN has a number too */

	if (s->done || !h->rst.seen || h->rst.told || (!all && !behind_fin && h->runs.next < h->rst.at))
		return;
	h->rst.told = true;
	s->engine->ops.rst(s->arg, dir, !all && reset_is_plain(s, dir), when);
}

/* Offset 0 has moved before any byte was taken: what was noted by offset is void. */
static void
renumbered(struct half *h)
{
	runs_clear(&h->runs);
	h->fin.seen = h->fin.told;
	h->rst.seen = h->rst.told;
}

/* learn takes from a segment what it says about both directions' numbers. False when it is of another numbering. */
static bool
learn(struct stream *s, unsigned dir, const struct tcp_header *tcp, uint32_t seq, uint64_t len)
{
	struct half *own = &s->half[dir], *peer = &s->half[!dir];
	bool syn = tcp->flags & TCP_SYN, moved = syn && numbering_syn(&own->number, tcp->seq);

	if (!syn || own->number.first == seq) {
		if (len > 0)
			moved |= numbering_data(&own->number, seq, len);
		else
			numbering_own(&own->number, seq);
	}
	if (moved)
		renumbered(own);
	if ((tcp->flags & TCP_ACK) && numbering_ack(&peer->number, tcp->ack))
		renumbered(peer);
	return !syn || own->number.first == seq;
}

/* A SYN+ACK must answer the SYN, where that was seen. */
static bool
belongs(const struct stream *s, unsigned dir, const struct tcp_header *tcp)
{
	const struct numbering *peer = &s->half[!dir].number;
	const uint8_t both = TCP_SYN | TCP_ACK;

	return (tcp->flags & both) != both || peer->from != NUMBERING_SYN || numbering_answers(peer, tcp->ack);
}

static void
followed(struct stream *s, unsigned dir, const struct tcp_header *tcp, struct slice payload, uint64_t len)
{
	uint32_t seq = tcp->seq + (tcp->flags & TCP_SYN ? 1 : 0);

	if (!learn(s, dir, tcp, seq, len))
		return;
	if (tcp->flags & TCP_ACK)
		acknowledged(s, !dir, tcp->ack);
	if (len > 0 && !s->done)
		payload_at(s, dir, seq, payload, len);
	if ((tcp->flags & TCP_FIN) && !s->done)
		fin_at(s, dir, seq + (uint32_t)len);
}

/* Most directions are, most of the time: nothing waits, and no end is in sight. */
static bool
is_quiet(const struct half *h)
{
	return h->runs.n == 0 && !h->fin.seen && !h->rst.seen;
}

void
stream_segment(struct stream *s, unsigned dir, const struct tcp_header *tcp, struct slice payload, size_t payload_len,
	       struct when when)
{
	if (s->done || !belongs(s, dir, tcp))
		return;
	s->engine->when = when;
	s->segments++;
	if (tcp->flags & TCP_RST)
		rst_at(s, dir, tcp->seq);
	else
		followed(s, dir, tcp, slice_first(payload, payload_len), payload_len);
	for (dir = 0; dir < 2; dir++) {
		if (is_quiet(&s->half[dir]))
			continue;
		while (!s->done && reorder_ripe(s, dir))
			reorder_close_hole(s, dir, UINT64_MAX);
		tell_fin(s, dir, false);
		tell_rst(s, dir, false, when);
	}
}

/* One byte acknowledged and never seen, with nothing behind it, was a FIN. */
static bool
only_a_fin(const struct half *h)
{
	const struct runs *r = &h->runs;

	return r->n == 1 && r->run[0].kind == RUN_MISSING && r->run[0].end - r->next == 1 && !h->fin.seen;
}

bool
stream_waits(const struct stream *s)
{
	for (unsigned dir = 0; dir < 2; dir++)
		if (s->half[dir].runs.n > 0 && !only_a_fin(&s->half[dir]))
			return true;
	return false;
}

/* A reset with nothing missing before it but numbers has its own frame. */
void
stream_flush(struct stream *s, struct when when)
{
	s->engine->when = when;
	for (unsigned dir = 0; dir < 2; dir++) {
		struct half *h = &s->half[dir];
		const uint64_t next = h->runs.next;

		while (!s->done && h->runs.n > 0 && !only_a_fin(h))
			reorder_close_hole(s, dir, UINT64_MAX);
		if (!s->done && h->fin.seen && h->runs.next < h->fin.at)
			reorder_close_hole(s, dir, h->fin.at);
		tell_fin(s, dir, true);
		tell_rst(s, dir, true, h->runs.next > next ? when : h->rst_when);
	}
}
