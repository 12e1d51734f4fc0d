/* Bytes at their offsets in; bytes in order and holes out. */
#include "reorder.h"

#include "libnids.h"
#include "limit.h"
#include "runs.h"

/* libnids must hear of every 2^29 bytes. */
#define ANCHOR_STEP (UINT64_C(1) << 28)

/* What a waiting piece costs beside its bytes: libnids's node, and what two allocations add. */
#define PIECE_COST 128

/* What the queue of a direction takes of LIMIT_STREAM_QUEUES. */
static size_t
cost(const struct runs *r)
{
	return r->bytes + (size_t)r->pieces * PIECE_COST;
}

void
reorder_release(struct stream *s)
{
	struct streams *engine = s->engine;

	libnids_let_go(&s->nids);
	for (unsigned dir = 0; dir < 2; dir++) {
		struct runs *r = &s->half[dir].runs;

		engine->waiting -= cost(r);
		runs_clear(r);
	}
	engine->free[engine->n_free++] = s->nids.number;
}

void
reorder_give_up(struct stream *s, size_t bytes)
{
	s->engine->lost += bytes + s->half[0].runs.bytes + s->half[1].runs.bytes;
	stream_done(s);
}

static void
advance(struct stream *s, struct runs *r, uint64_t next)
{
	s->engine->waiting -= cost(r);
	runs_advance(r, next);
	s->engine->waiting += cost(r);
}

void
reorder_bytes(void *arg, unsigned dir, struct slice bytes)
{
	struct stream *s = arg;
	struct streams *engine = s->engine;
	struct runs *r = &s->half[dir].runs;
	uint64_t off = r->next;

	if (engine->filler || s->done) {
		engine->filler = false;
		return;
	}
	advance(s, r, off + bytes.n);
	engine->ops.data(s->arg, dir, off, bytes, engine->when);
}

/* Bytes in order need no libnids while none of the stream wait: most streams never need it. */
static bool
passes(const struct stream *s, unsigned dir, uint64_t off)
{
	return !s->nids.connected && off == s->half[dir].runs.next;
}

static bool
feed(struct stream *s, unsigned dir, uint64_t off, struct slice bytes)
{
	const uint64_t begin[2] = {s->half[0].runs.next, s->half[1].runs.next};

	return (s->nids.connected || libnids_connect(&s->nids, begin)) && libnids_feed(&s->nids, dir, off, bytes, s);
}

/* give lets bytes out, or has libnids keep them, and sees to it that all which should come out did. */
static void
give(struct stream *s, unsigned dir, uint64_t off, struct slice bytes)
{
	struct runs *r = &s->half[dir].runs;
	const bool in_order = off <= r->next, waits = r->n > 0;
	bool fed = true;

	s->engine->fed = s;
	if (passes(s, dir, off))
		reorder_bytes(s, dir, bytes);
	else
		fed = feed(s, dir, off, bytes);
	s->engine->fed = NULL;
	s->engine->filler = false;
	s->engine->out_of_memory |= !fed;
	if (s->done)
		reorder_release(s);
	else if (!fed || (in_order && r->next < off + bytes.n) || (r->n > 0 && r->run[0].kind == RUN_WAITING))
		reorder_give_up(s, waits ? 0 : bytes.n);
	else if (s->half[0].runs.pieces + s->half[1].runs.pieces == 0)
		libnids_let_go(&s->nids);
	else if (r->next - s->nids.anchor[dir] >= ANCHOR_STEP)
		libnids_anchor(&s->nids, dir, r->next);
}

/* skip makes a direction go on behind a hole, which ends at end. What waits there comes out behind one byte of
 * filler, the hole's last: libnids looks at its queue only when a segment joins it. */
static void
skip(struct stream *s, unsigned dir, uint64_t end)
{
	struct runs *r = &s->half[dir].runs;
	bool waits;

	advance(s, r, end);
	waits = r->n > 0 && r->run[0].kind == RUN_WAITING;
	if (s->nids.connected)
		libnids_anchor(&s->nids, dir, waits ? end - 1 : end);
	if (waits) {
		s->engine->filler = true;
		give(s, dir, end - 1, slice_of("", 1));
	}
}

void
reorder_close_hole(struct stream *s, unsigned dir, uint64_t limit)
{
	struct half *h = &s->half[dir];
	struct runs *r = &h->runs;
	uint64_t off = r->next;
	uint64_t end = r->n > 0 && r->run[0].end < limit ? r->run[0].end : limit;
	bool cut = r->n > 0 && r->run[0].kind == RUN_CUT;

	h->number.settled = true;
	s->engine->ops.hole(s->arg, dir, off, end - off, cut ? HOLE_CUT : HOLE_NEVER_CAPTURED, s->engine->when);
	if (!s->done)
		skip(s, dir, end);
}

/* crowded says that n bytes more must not wait, or not so far from the next. */
static bool
crowded(const struct stream *s, const struct runs *r, uint64_t off, size_t n)
{
	return runs_full(r) || r->pieces >= LIMIT_STREAM_PIECES || r->bytes + n > LIMIT_STREAM_QUEUE ||
	       s->engine->waiting + n + PIECE_COST > LIMIT_STREAM_QUEUES || off - r->next > LIMIT_STREAM_REACH;
}

bool
reorder_ripe(const struct stream *s, unsigned dir)
{
	const struct half *h = &s->half[dir];
	const struct runs *r = &h->runs;

	return r->n > 0 && r->run[0].proven != 0 && s->segments - r->run[0].proven >= LIMIT_HOLE_PATIENCE &&
	       (r->n > 1 || h->fin.seen || h->rst.seen);
}

static bool
claim(struct stream *s, struct runs *r, enum run_kind kind, uint64_t from, uint64_t end)
{
	bool ok;

	s->engine->waiting -= cost(r);
	ok = runs_claim(r, kind, from, end, kind == RUN_CUT ? s->segments : 0);
	s->engine->waiting += cost(r);
	if (!ok) {
		s->engine->out_of_memory = true;
		reorder_give_up(s, end - from);
	}
	return ok;
}

void
reorder_take(struct stream *s, unsigned dir, uint64_t off, struct slice bytes)
{
	struct runs *r = &s->half[dir].runs;
	const uint64_t stop = off + bytes.n;

	if (bytes.n > 0 && passes(s, dir, off)) {
		give(s, dir, off, bytes);
		return;
	}
	for (uint64_t at = off; at < stop && !s->done;) {
		uint64_t from = at > r->next ? at : r->next, end = stop;
		struct slice piece = bytes;

		if (!runs_open(r, RUN_WAITING, &from, &end))
			return;
		if (end - from > LIBNIDS_BYTES_MAX)
			end = from + LIBNIDS_BYTES_MAX;
		if (from > r->next && crowded(s, r, from, end - from)) {
			reorder_close_hole(s, dir, from);
			continue;
		}
		if ((r->n > 0 || from > r->next) && !claim(s, r, RUN_WAITING, from, end))
			return;
		slice_skip(&piece, from - off);
		give(s, dir, from, slice_first(piece, end - from));
		at = end;
	}
}

void
reorder_take_cut(struct stream *s, unsigned dir, uint64_t off, uint64_t stop)
{
	struct runs *r = &s->half[dir].runs;

	while (off < stop && !s->done) {
		uint64_t from = off > r->next ? off : r->next, end = stop;

		if (!runs_open(r, RUN_CUT, &from, &end))
			return;
		if (runs_full(r) || from - r->next > LIMIT_STREAM_REACH)
			reorder_close_hole(s, dir, from > r->next ? from : end);
		else if (!claim(s, r, RUN_CUT, from, end))
			return;
		else
			off = end;
	}
}

