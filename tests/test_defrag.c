/* defrag.h: order, copies, overlap, limits; and at random against a naive model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "src/stream/defrag.h"
#include "src/limit.h"

#define SECOND INT64_C(1000000)

static int64_t now;

static int
begin(void **state)
{
	now = 1700000000 * SECOND;
	*state = defrag_new();
	return *state == NULL;
}

static int
end(void **state)
{
	defrag_free(*state);
	return 0;
}

/* What a datagram says: another thing in each. */
static uint8_t
said(uint32_t id, size_t off)
{
	return (uint8_t)((off * 2654435761U + id * 40503U) >> 11);
}

static struct ip_header
header(uint8_t version, uint32_t id)
{
	struct ip_header ip = {.version = version, .protocol = IP_UDP, .fragment = true, .id = id};

	memset(ip.src.b, 1, sizeof(ip.src.b));
	memset(ip.dst.b, 2, sizeof(ip.dst.b));
	return ip;
}

/* Bytes in an allocation of their own: reading past them is seen. */
static bool
give(struct defrag *defrag, struct ip_header ip, size_t off, size_t len, size_t captured, bool more, struct slice *out)
{
	uint8_t *bytes = malloc(captured + 1);
	bool complete;

	assert_non_null(bytes);
	for (size_t i = 0; i < captured; i++)
		bytes[i + 1] = said(ip.id, off + i);
	ip.offset = (uint16_t)off;
	ip.more = more;
	complete = defrag_add(defrag, &ip, slice_of(bytes + 1, captured), len,
			      (struct when){.frame = 1, .us = now}, out);
	free(bytes);
	return complete;
}

static void
waits(struct defrag *defrag, struct ip_header ip, size_t off, size_t len, bool more)
{
	struct slice out;

	assert_false(give(defrag, ip, off, len, len, more, &out));
}

static void
completes(struct defrag *defrag, struct ip_header ip, size_t off, size_t len, bool more, size_t whole)
{
	struct slice out;
	uint8_t byte;

	assert_true(give(defrag, ip, off, len, len, more, &out));
	assert_int_equal(out.n, whole);
	for (size_t i = 0; slice_u8(&out, &byte); i++)
		assert_int_equal(byte, said(ip.id, i));
}

static void
counts(struct defrag *defrag, struct defrag_counts want)
{
	struct defrag_counts got = defrag_counts(defrag);

	assert_int_equal(got.overlapping, want.overlapping);
	assert_int_equal(got.cut, want.cut);
	assert_int_equal(got.aged, want.aged);
	assert_int_equal(got.evicted, want.evicted);
	assert_int_equal(got.incomplete, want.incomplete);
}

static void
in_any_order(void **state)
{
	static const unsigned order[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (uint32_t i = 0; i < 12; i++) {
		struct ip_header ip = header(i % 2 ? 6 : 4, i);

		for (unsigned j = 0; j < 3; j++) {
			unsigned part = order[i / 2][j];
			size_t len = part == 2 ? 13 : 1480;

			if (j < 2)
				waits(*state, ip, part * 1480, len, part < 2);
			else
				completes(*state, ip, part * 1480, len, part < 2, 2973);
		}
	}
	counts(*state, (struct defrag_counts){0});
}

static void
datagrams_are_told_apart(void **state)
{
	struct ip_header ip[6];

	for (unsigned i = 0; i < 6; i++)
		ip[i] = header(4, 7);
	ip[1].id = 8;
	ip[2].protocol = IP_TCP;
	ip[3].src.b[15] = 9;
	ip[4].dst.b[15] = 9;
	ip[5].version = 6;
	for (unsigned i = 0; i < 6; i++)
		waits(*state, ip[i], 0, 8 * (i + 1), true);
	for (unsigned i = 0; i < 6; i++)
		completes(*state, ip[i], 8 * (i + 1), 5, false, 8 * (i + 1) + 5);
}

static void
protocol_of_ipv6_is_the_first_parts(void **state)
{
	struct ip_header ip = header(6, 7);

	ip.protocol = IP_TCP;
	waits(*state, ip, 8, 8, false);
	ip.protocol = IP_UDP;
	completes(*state, ip, 0, 8, true, 16);
	assert_int_equal(defrag_protocol(*state), IP_UDP);
	ip.id = 8;
	waits(*state, ip, 0, 8, true);
	ip.protocol = IP_TCP;
	completes(*state, ip, 8, 8, false, 16);
	assert_int_equal(defrag_protocol(*state), IP_UDP);
}

static void
copies_are_ignored(void **state)
{
	struct ip_header ip = header(4, 7);

	for (unsigned i = 0; i < 3; i++) {
		waits(*state, ip, 16, 5, false);
		waits(*state, ip, 0, 8, true);
	}
	completes(*state, ip, 8, 8, true, 21);
	for (unsigned i = 0; i < 3; i++) { /* a span port sends every frame twice */
		waits(*state, ip, 8, 8, true);
		waits(*state, ip, 16, 5, false);
	}
	counts(*state, (struct defrag_counts){0});
	now += (LIMIT_DATAGRAM_COPY_SECONDS + 1) * SECOND; /* its number is used again */
	waits(*state, ip, 0, 8, true);
	completes(*state, ip, 8, 5, false, 13);
	counts(*state, (struct defrag_counts){0});
}

/* Some senders number every datagram alike: what is no copy of the complete one begins another. */
static void
a_number_is_used_again_at_once(void **state)
{
	struct ip_header ip = header(4, 7);
	uint8_t other[16] = {1, 2, 3};
	struct slice out;

	waits(*state, ip, 0, 8, true);
	completes(*state, ip, 8, 8, false, 16);
	ip.more = true;
	assert_false(defrag_add(*state, &ip, slice_of(other, 8), 8, (struct when){.us = now}, &out));
	ip.more = false;
	ip.offset = 8;
	assert_true(defrag_add(*state, &ip, slice_of(other + 8, 8), 8, (struct when){.us = now}, &out));
	assert_int_equal(out.n, 16);
	assert_memory_equal(out.p, other, 16);
	counts(*state, (struct defrag_counts){0});
}

static void
a_copy_that_disagrees_drops(void **state)
{
	struct ip_header ip = header(4, 7);
	struct slice out;
	uint8_t other[8] = {0};

	waits(*state, ip, 0, 8, true);
	ip.more = true;
	assert_false(defrag_add(*state, &ip, slice_of(other, 8), 8, (struct when){.us = now}, &out));
	waits(*state, ip, 8, 8, false);
	counts(*state, (struct defrag_counts){.overlapping = 1});
}

/* Each of these, after [16, 32) with more and before the rest, drops the datagram, whatever comes then. */
static void
overlaps_drop(void **state)
{
	static const struct {
		size_t off, len;
		bool more;
	} bad[] = {
		{8, 16, true},  {24, 16, true}, {16, 8, true},  {24, 8, true},   {8, 32, true},   {16, 24, true},
		{0, 24, false}, {8, 8, false},  {16, 16, false}, {24, 3, false}, {8, 9, true},	  {65528, 8, false},
		{65528, 16, true}, {40, 9, true},
	};

	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ip_header ip = header(i % 2 ? 6 : 4, 100 + i);

		waits(*state, ip, 16, 16, true);
		waits(*state, ip, bad[i].off, bad[i].len, bad[i].more);
		counts(*state, (struct defrag_counts){.overlapping = i + 1});
		waits(*state, ip, 0, 16, true);
		waits(*state, ip, 32, 8, false);
		waits(*state, ip, 16, 16, true);
	}
}

static void
nothing_behind_the_last(void **state)
{
	struct ip_header ip = header(4, 7);

	waits(*state, ip, 16, 5, false);
	waits(*state, ip, 24, 8, true);
	counts(*state, (struct defrag_counts){.overlapping = 1});
	ip.id = 8;
	waits(*state, ip, 16, 5, false);
	waits(*state, ip, 16, 8, false); /* two different last ones */
	counts(*state, (struct defrag_counts){.overlapping = 2});
	ip.id = 10;
	waits(*state, ip, 16, 5, false);
	waits(*state, ip, 24, 8, false); /* a last one behind the last */
	counts(*state, (struct defrag_counts){.overlapping = 3});
	ip.id = 9;
	waits(*state, ip, 16, 8, false);
	waits(*state, ip, 0, 24, true); /* as long as the whole, and more to follow */
	counts(*state, (struct defrag_counts){.overlapping = 4});
}

static void
a_cut_fragment_drops(void **state)
{
	struct ip_header ip = header(4, 7);
	struct slice out;

	assert_false(give(*state, ip, 8, 8, 7, true, &out));
	waits(*state, ip, 0, 8, true);
	waits(*state, ip, 8, 8, true);
	waits(*state, ip, 16, 8, false);
	counts(*state, (struct defrag_counts){.cut = 1});
}

static void
a_dropped_datagram_is_remembered_until_it_ages(void **state)
{
	struct ip_header ip = header(4, 7);
	struct slice out;

	assert_false(give(*state, ip, 8, 8, 7, true, &out));
	now += LIMIT_DATAGRAM_SECONDS * SECOND;
	waits(*state, ip, 0, 8, true);
	waits(*state, ip, 8, 8, false);
	now += 1;
	waits(*state, ip, 0, 8, true);
	completes(*state, ip, 8, 8, false, 16);
}

static void
old_datagrams_go(void **state)
{
	struct ip_header ip = header(4, 7);

	waits(*state, ip, 0, 8, true);
	now += LIMIT_DATAGRAM_SECONDS * SECOND;
	waits(*state, ip, 8, 8, true); /* just in time; and no new lease */
	now += 1;
	waits(*state, ip, 16, 8, false);
	counts(*state, (struct defrag_counts){.aged = 1, .incomplete = 1});
	now -= 1000 * SECOND; /* time may go back */
	completes(*state, ip, 0, 16, true, 24);
}

static void
the_longest_silent_makes_way(void **state)
{
	for (uint32_t id = 0; id < LIMIT_DATAGRAMS; id++)
		waits(*state, header(4, id), 0, 8, true);
	waits(*state, header(4, 0), 8, 8, true);
	waits(*state, header(4, LIMIT_DATAGRAMS), 0, 8, true); /* number 1 goes */
	counts(*state, (struct defrag_counts){.evicted = 1, .incomplete = LIMIT_DATAGRAMS});
	completes(*state, header(4, 0), 16, 8, false, 24);
	completes(*state, header(4, 2), 8, 8, false, 16);
	waits(*state, header(4, 1), 8, 8, false);
}

static void
bytes_are_bounded(void **state)
{
	const uint32_t fit = LIMIT_DATAGRAM_BYTES / 65536;
	struct slice out;

	assert_false(give(*state, header(4, 1000), 8, 8, 7, true, &out)); /* dropped: it has no bytes to give up */
	for (uint32_t id = 0; id < fit + 10; id++)
		waits(*state, header(4, id), 60000, 8, false); /* 8 bytes, and room for all before */
	waits(*state, header(4, 1000), 0, 8, true);
	counts(*state, (struct defrag_counts){.cut = 1, .evicted = 10, .incomplete = fit});
	completes(*state, header(4, 10), 0, 60000, true, 60008);
}

static void
the_longest_datagram(void **state)
{
	struct ip_header ip = header(6, 7);

	waits(*state, ip, 65528, 7, false);
	completes(*state, ip, 0, 65528, true, 65535);
	ip.id = 8;
	for (size_t off = 65528; off > 0; off -= 8) /* 8191 parts, the last one first */
		waits(*state, ip, off, off == 65528 ? 7 : 8, off < 65528);
	completes(*state, ip, 0, 8, true, 65535);
}

static void
a_fragment_inside_a_datagram(void **state)
{
	struct ip_header outer = header(4, 7), inner = header(4, 7);
	struct slice out, again;

	waits(*state, outer, 0, 48, true);
	assert_true(give(*state, outer, 48, 8, 8, false, &out));
	inner.id = 9;
	inner.more = true;
	assert_true(slice_skip(&out, 8));
	assert_false(defrag_add(*state, &inner, out, 48, (struct when){.us = now}, &again));
}

static void
a_fragment_of_nothing_is_nothing(void **state)
{
	struct ip_header ip = header(4, 7);

	waits(*state, ip, 8, 0, true);
	waits(*state, ip, 8, 0, false);
	counts(*state, (struct defrag_counts){0});
}

/* ---- at random ---- */

#define DATAGRAMS 20
#define PARTS 4000

struct part {
	uint32_t id;
	size_t off, len;
	bool more;
};

struct model {
	uint32_t random;
	size_t whole[DATAGRAMS];
	bool complete[DATAGRAMS];
	struct part part[PARTS];
	size_t n;
};

static size_t
roll(struct model *m, size_t below)
{
	m->random = m->random * 1664525 + 1013904223;
	return (m->random >> 8) % below;
}

/* One datagram in parts of random length, each sent up to four times. */
static void
cut_up(struct model *m, uint32_t id)
{
	m->whole[id] = 1 + roll(m, 6000);
	m->complete[id] = false;
	for (size_t off = 0, len; off < m->whole[id]; off += len) {
		len = 8 * (1 + roll(m, 190));
		if (len > m->whole[id] - off)
			len = m->whole[id] - off;
		for (size_t copies = 1 + roll(m, 4); copies > 0 && m->n < PARTS; copies--)
			m->part[m->n++] = (struct part){id, off, len, off + len < m->whole[id]};
	}
}

static void
shuffle(struct model *m)
{
	for (size_t i = m->n; i > 1; i--) {
		size_t j = roll(m, i);
		struct part last = m->part[i - 1];

		m->part[i - 1] = m->part[j];
		m->part[j] = last;
	}
}

/* Twenty datagrams at once: each completes once, with its bytes, whatever order its parts come in. */
static void
random_datagrams(void **state)
{
	struct model *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	for (uint32_t round = 0; round < 500; round++) {
		m->n = 0;
		for (uint32_t id = 0; id < DATAGRAMS; id++)
			cut_up(m, id);
		shuffle(m);
		for (size_t i = 0; i < m->n; i++) {
			const struct part *p = &m->part[i];
			struct ip_header ip = header(round % 2 ? 6 : 4, round * DATAGRAMS + p->id);
			struct slice out;
			uint8_t byte;

			if (!give(*state, ip, p->off, p->len, p->len, p->more, &out))
				continue;
			assert_false(m->complete[p->id]);
			m->complete[p->id] = true;
			assert_int_equal(out.n, m->whole[p->id]);
			for (size_t off = 0; slice_u8(&out, &byte); off++)
				assert_int_equal(byte, said(ip.id, off));
		}
		for (uint32_t id = 0; id < DATAGRAMS; id++)
			assert_true(m->complete[id]);
	}
	counts(*state, (struct defrag_counts){0});
	free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(in_any_order, begin, end),
		cmocka_unit_test_setup_teardown(datagrams_are_told_apart, begin, end),
		cmocka_unit_test_setup_teardown(protocol_of_ipv6_is_the_first_parts, begin, end),
		cmocka_unit_test_setup_teardown(copies_are_ignored, begin, end),
		cmocka_unit_test_setup_teardown(a_number_is_used_again_at_once, begin, end),
		cmocka_unit_test_setup_teardown(a_copy_that_disagrees_drops, begin, end),
		cmocka_unit_test_setup_teardown(overlaps_drop, begin, end),
		cmocka_unit_test_setup_teardown(nothing_behind_the_last, begin, end),
		cmocka_unit_test_setup_teardown(a_cut_fragment_drops, begin, end),
		cmocka_unit_test_setup_teardown(a_dropped_datagram_is_remembered_until_it_ages, begin, end),
		cmocka_unit_test_setup_teardown(old_datagrams_go, begin, end),
		cmocka_unit_test_setup_teardown(the_longest_silent_makes_way, begin, end),
		cmocka_unit_test_setup_teardown(bytes_are_bounded, begin, end),
		cmocka_unit_test_setup_teardown(the_longest_datagram, begin, end),
		cmocka_unit_test_setup_teardown(a_fragment_inside_a_datagram, begin, end),
		cmocka_unit_test_setup_teardown(a_fragment_of_nothing_is_nothing, begin, end),
		cmocka_unit_test_setup_teardown(random_datagrams, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
