/* stream.h against a naive model: what two sides say is cut, shuffled, repeated, overlapped, acknowledged and lost at
 * random. Every byte that was given comes out, once and in its place; the holes are exactly what never was given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "stream_tape.h"

#define STREAMS 4000
#define EVENTS_MAX 4096
#define SAID_MAX 60000

/* No segment is later than SHUFFLE others, and none repeats what is older than RECENT: patience must suffice. */
#define SHUFFLE 5
#define RECENT 6

struct event {
	unsigned place; /* in the capture, no two alike */
	unsigned dir;
	uint8_t flags;
	uint32_t off, len, captured, acked;
};

enum given { NEVER, CUT, GIVEN };

struct model {
	uint32_t random;
	struct event event[EVENTS_MAX];
	size_t n;
	uint32_t said[2], stop[2]; /* by each side so far, and in the end */
	uint32_t before[2]; /* said by each before what it says now */
	uint32_t recent[2][RECENT]; /* before, at each of the last segments, the last one first */
	bool fin[2];
	uint32_t acked[2]; /* the highest captured */
	uint32_t top[2];   /* the end of the highest segment captured */
	uint8_t given[2][SAID_MAX + 1];
	/* in percent */
	unsigned loss, cut, repeat, again, ack;
	uint32_t longest;
};

static uint32_t
roll(struct model *m, uint32_t below)
{
	m->random ^= m->random << 13;
	m->random ^= m->random >> 17;
	m->random ^= m->random << 5;
	return below == 0 ? 0 : m->random % below;
}

static bool
chance(struct model *m, unsigned percent)
{
	return roll(m, 100) < percent;
}

/* add puts a segment into the capture. */
static void
add(struct model *m, struct event e)
{
	if (m->n == EVENTS_MAX)
		return;
	for (unsigned dir = 0; dir < 2; dir++) {
		memmove(m->recent[dir] + 1, m->recent[dir], (RECENT - 1) * sizeof(m->recent[dir][0]));
		m->recent[dir][0] = m->before[dir];
	}
	e.place = ((unsigned)m->n + roll(m, SHUFFLE)) * EVENTS_MAX + (unsigned)m->n;
	m->event[m->n++] = e;
	for (uint32_t i = 0; i < e.len; i++) {
		uint8_t *given = &m->given[e.dir][e.off + i];
		uint8_t now = i < e.captured ? GIVEN : CUT;

		if (*given < now)
			*given = now;
	}
	if (e.len > 0 && m->top[e.dir] < e.off + e.len)
		m->top[e.dir] = e.off + e.len;
	if (e.flags & TCP_FIN)
		m->fin[e.dir] = true;
	if ((e.flags & TCP_ACK) && m->acked[!e.dir] < e.acked)
		m->acked[!e.dir] = e.acked;
}

static void
add_data(struct model *m, unsigned dir, uint32_t off, uint32_t len)
{
	uint32_t captured = chance(m, m->cut) ? roll(m, len) : len;

	if (!chance(m, m->loss))
		add(m, (struct event){.dir = dir, .flags = TCP_ACK, .off = off, .len = len, .captured = captured,
				      .acked = m->said[!dir]});
}

/* One side says something new, perhaps repeats something of late, and the other perhaps acknowledges it. */
static void
speak(struct model *m, unsigned dir)
{
	uint32_t len = 1 + roll(m, m->longest), off = m->said[dir];

	if (len > m->stop[dir] - off)
		len = m->stop[dir] - off;
	m->before[dir] = off;
	m->said[dir] += len;
	add_data(m, dir, off, len);
	if (chance(m, m->again))
		add_data(m, dir, off, len);
	if (chance(m, m->repeat)) {
		uint32_t from = m->recent[dir][RECENT - 1];

		from += roll(m, m->said[dir] - from);
		add_data(m, dir, from, 1 + roll(m, m->said[dir] - from));
	}
	if (chance(m, m->ack))
		add(m, (struct event){.dir = !dir, .flags = TCP_ACK, .off = m->said[!dir], .acked = m->said[dir]});
	m->before[dir] = m->said[dir];
}

static int
by_place(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

static void
invent(struct model *m, uint32_t seed)
{
	static const uint32_t longest[] = {1, 3, 40, 700, 1448, 5000};

	*m = (struct model){.random = seed * 2654435761U + 1};
	m->loss = roll(m, 3) == 0 ? 0 : roll(m, 30);
	m->cut = roll(m, 3) == 0 ? roll(m, 100) : 0;
	m->repeat = roll(m, 50);
	m->again = roll(m, 30);
	m->ack = roll(m, 4) == 0 ? 0 : roll(m, 100);
	m->longest = longest[roll(m, 6)];
	for (unsigned dir = 0; dir < 2; dir++) {
		m->stop[dir] = roll(m, m->longest * 100);
		if (m->stop[dir] > SAID_MAX)
			m->stop[dir] = SAID_MAX;
	}
	while (m->said[0] < m->stop[0] || m->said[1] < m->stop[1]) {
		unsigned dir = roll(m, 2);
		if (m->said[dir] < m->stop[dir])
			speak(m, dir);
	}
	for (unsigned dir = 0; dir < 2; dir++)
		if (chance(m, 60)) {
			if (!chance(m, m->loss))
				add(m, (struct event){.dir = dir, .flags = TCP_ACK | TCP_FIN, .off = m->said[dir],
						      .acked = m->said[!dir]});
			if (chance(m, m->ack))
				add(m, (struct event){.dir = !dir, .flags = TCP_ACK, .off = m->said[!dir],
						      .acked = m->said[dir] + 1});
		}
	qsort(m->event, m->n, sizeof(m->event[0]), by_place);
}

/* Three ways to begin: a handshake, its second half, or nothing but acknowledgements. */
static void
start(struct tape *t, struct streams *engine, struct model *m)
{
	unsigned how = roll(m, 3);
	/* now and then the numbers wrap */
	uint32_t isn0 = chance(m, 30) ? 0U - roll(m, 3000) : roll(m, UINT32_MAX);
	uint32_t isn1 = chance(m, 30) ? 0U - roll(m, 3000) : roll(m, UINT32_MAX);

	tape_open(t, engine, isn0, isn1, how == 0);
	if (how == 1)
		tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	if (how == 2) {
		tape_flags(t, 0, TCP_ACK, 0);
		tape_flags(t, 1, TCP_ACK, 0);
	}
}

static bool
hole_as_expected(const struct model *m, unsigned dir, const struct tape_hole *hole)
{
	for (uint64_t off = hole->off; off < hole->off + hole->len; off++)
		if (m->given[dir][off] != (hole->why == HOLE_CUT ? CUT : NEVER))
			return false;
	return true;
}

/* compare says what is wrong in a direction, NULL when nothing is. */
static const char *
compare(const struct model *m, const struct tape *t, unsigned dir)
{
	const struct tape_dir *d = &t->dir[dir];
	uint64_t stop = m->top[dir], given = 0;

	if (m->fin[dir])
		stop = m->stop[dir];
	/* The last number acknowledged may have been a FIN's that was not captured. */
	if (m->acked[dir] > stop && !m->fin[dir])
		stop = d->next == m->acked[dir] - 1 ? m->acked[dir] - 1 : m->acked[dir];
	if (d->next != stop)
		return "its end";
	if (d->fins != m->fin[dir] || (d->fins > 0 && d->fin_at != stop))
		return "its FIN";
	for (uint64_t off = 0; off < stop; off++)
		given += m->given[dir][off] == GIVEN;
	if (d->data != given)
		return "the number of bytes that came out";
	if (d->n_holes == TAPE_HOLES)
		return NULL; /* not all were kept */
	for (size_t i = 0; i < d->n_holes; i++)
		if (!hole_as_expected(m, dir, &d->hole[i]))
			return "a hole";
	return NULL;
}

static void
random_streams(void **state)
{
	struct streams *engine = streams_new(&tape_ops);
	struct model *m = malloc(sizeof(*m));
	struct tape *t = malloc(sizeof(*t));
	const uint32_t step = under_valgrind() ? 8 : 1;

	(void)state;
	assert_non_null(engine);
	for (uint32_t seed = 1; seed <= STREAMS; seed += step) {
		invent(m, seed);
		start(t, engine, m);
		for (size_t i = 0; i < m->n; i++) {
			const struct event *e = &m->event[i];

			t->acked[!e->dir] = e->acked;
			tape_cut(t, e->dir, e->flags, e->off, e->len, e->captured);
		}
		stream_flush(t->stream, tape_when(t));
		for (unsigned dir = 0; dir < 2; dir++) {
			const char *wrong = t->wrong ? "a byte" : compare(m, t, dir);

			if (wrong != NULL)
				fail_msg("seed %u, direction %u: %s", (unsigned)seed, dir, wrong);
		}
		stream_close(t->stream);
	}
	assert_int_equal(streams_lost(engine), 0);
	streams_free(engine);
	free(m);
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(random_streams)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
