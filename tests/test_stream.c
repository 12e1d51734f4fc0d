/* stream.h, case by case: order, overlap, loss, streams without their beginning, and their ends. */
#include <dlfcn.h>
#include <pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "src/limit.h"
#include "stream_tape.h"

struct bench {
	struct streams *engine;
	struct tape t;
};

static int
begin(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->engine = streams_new(&tape_ops);
	assert_non_null(b->engine);
	tape_open(&b->t, b->engine, 0x12345678, 0xfffff000, true);
	*state = b;
	return 0;
}

/* For streams whose beginning is the case. */
static int
begin_unopened(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->engine = streams_new(&tape_ops);
	assert_non_null(b->engine);
	tape_open(&b->t, b->engine, 0x12345678, 0x9abcdef0, false);
	*state = b;
	return 0;
}

static int
end(void **state)
{
	struct bench *b = *state;

	assert_false(b->t.wrong);
	assert_int_equal(streams_lost(b->engine), 0);
	stream_close(b->t.stream);
	streams_free(b->engine);
	free(b);
	return 0;
}

static struct tape *
tape_of(void **state)
{
	return &((struct bench *)*state)->t;
}

/* All of dir came, with nothing missing. */
static void
whole(const struct tape *t, unsigned dir, uint64_t len)
{
	assert_int_equal(t->dir[dir].next, len);
	assert_int_equal(t->dir[dir].data, len);
	assert_int_equal(t->dir[dir].n_holes, 0);
}

static void
hole_is(const struct tape *t, unsigned dir, size_t i, uint64_t off, uint64_t len, enum hole_why why)
{
	assert_true(i < t->dir[dir].n_holes);
	assert_int_equal(t->dir[dir].hole[i].off, off);
	assert_int_equal(t->dir[dir].hole[i].len, len);
	assert_int_equal(t->dir[dir].hole[i].why, why);
}

/* So many segments pass that have nothing to say. */
static void
pass(struct tape *t, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		tape_flags(t, 0, TCP_ACK, t->dir[0].shift + t->dir[0].next);
}

/* ---- what libnids is shown ---- */

void nids_pcap_handler(unsigned char *user, struct pcap_pkthdr *frame, unsigned char *packet);

static uint64_t shown, malformed;

/* Headers without options but on a SYN, nothing that ends a stream, addresses that are its number. */
static bool
well_formed(struct slice packet)
{
	struct slice ip = slice_first(packet, 20), s = packet;
	uint64_t word, sum = 0, length, sender, receiver, ports, flags, window;

	if (!slice_skip(&s, 2) || !slice_uint(&s, 2, &length) || !slice_skip(&s, 8) || !slice_uint(&s, 4, &sender) ||
	    !slice_uint(&s, 4, &receiver) || !slice_uint(&s, 4, &ports) || !slice_skip(&s, 8) ||
	    !slice_uint(&s, 2, &flags) || !slice_uint(&s, 2, &window))
		return false;
	while (slice_uint(&ip, 2, &word))
		sum += word;
	return (sum & 0xffff) + (sum >> 16) == 0xffff && length == packet.n && sender == receiver && sender >= 1 &&
	       sender <= LIMIT_STREAMS && (ports == 0x10002 || ports == 0x20001) && window == 0xffff &&
	       (flags == 0x6002 || flags == 0x6012 || flags == 0x5010);
}

/* Stands before libnids's own. */
void
nids_pcap_handler(unsigned char *user, struct pcap_pkthdr *frame, unsigned char *packet)
{
	static void (*libnids)(unsigned char *user, struct pcap_pkthdr *frame, unsigned char *packet);

	if (libnids == NULL)
		*(void **)&libnids = dlsym(RTLD_NEXT, "nids_pcap_handler");
	shown++;
	malformed += frame->caplen != frame->len || !well_formed(slice_of(packet, frame->caplen));
	libnids(user, frame, packet);
}

static void
libnids_was_shown_nothing_else(void **state)
{
	(void)state;
	assert_true(shown > 1000);
	assert_int_equal(malformed, 0);
}

static void
libnids_hears_of_a_stream_while_bytes_wait(void **state)
{
	struct tape *t = tape_of(state);
	uint64_t before = shown;

	tape_say(t, 0, 0, 500);
	tape_say(t, 1, 0, 60000);
	tape_ack(t, 1, 61000); /* before its bytes */
	tape_say(t, 1, 60000, 1000);
	assert_int_equal(shown, before);
	tape_say(t, 1, 62000, 1000);
	tape_say(t, 0, 500, 100);
	assert_int_equal(shown, before + 5); /* three of them open it */
	tape_say(t, 1, 61000, 1000);
	assert_int_equal(shown, before + 6);
	tape_say(t, 1, 63000, 1000);
	tape_say(t, 0, 600, 100);
	assert_int_equal(shown, before + 6);
	whole(t, 0, 700);
	whole(t, 1, 64000);
}

/* ---- order ---- */

static void
in_order_both_ways(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 0, 517);
	tape_say(t, 1, 0, 1400);
	tape_say(t, 1, 1400, 1400);
	assert_int_equal(t->data_frame, t->frame);
	tape_say(t, 0, 517, 93);
	whole(t, 0, 610);
	whole(t, 1, 2800);
	assert_true(stream_started(t->stream));
}

static void
out_of_order_carries_the_frame_that_freed_it(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 300, 100);
	tape_say(t, 0, 200, 100);
	tape_say(t, 0, 100, 100);
	assert_int_equal(t->dir[0].next, 0);
	tape_say(t, 0, 0, 100);
	whole(t, 0, 400);
	assert_int_equal(t->data_frame, t->frame);
}

static void
retransmission_with_other_cuts(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 0, 100);
	tape_say(t, 0, 0, 250);
	tape_say(t, 0, 50, 100);
	tape_say(t, 0, 249, 2);
	whole(t, 0, 251);
}

static void
overlap_in_the_queue(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 200, 100);
	tape_say(t, 0, 400, 100);
	tape_say(t, 0, 150, 400); /* round both, and between them */
	tape_say(t, 0, 250, 200);
	tape_say(t, 0, 50, 60);
	tape_say(t, 0, 90, 80);
	assert_int_equal(t->dir[0].next, 0);
	tape_say(t, 0, 0, 51);
	whole(t, 0, 550);
}

static void
one_byte_segments(void **state)
{
	struct tape *t = tape_of(state);

	for (uint64_t off = 0; off < 300; off += 10) {
		for (uint64_t i = 9; i > 0; i--)
			tape_say(t, 1, off + i, 1);
		tape_say(t, 1, off, 1);
	}
	whole(t, 1, 300);
}

static void
long_segments_are_cut(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 1, 0, 200000);
	tape_say(t, 1, 230000, 30000); /* waits in many pieces */
	assert_int_equal(t->dir[1].next, 200000);
	tape_say(t, 1, 200000, 30000);
	whole(t, 1, 260000);
	tape_say(t, 1, 330000, 70000); /* longer than any queue: its hole is closed for it */
	assert_int_equal(t->dir[1].next, 400000);
	hole_is(t, 1, 0, 260000, 70000, HOLE_NEVER_CAPTURED);
}

static void
keep_alives(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 0, 100);
	tape_say(t, 0, 99, 1);
	tape_flags(t, 0, TCP_ACK, 99);
	tape_say(t, 0, 99, 0);
	tape_ack(t, 0, 100);
	tape_say(t, 0, 100, 10);
	whole(t, 0, 110);
}

static void
sequence_numbers_wrap(void **state)
{
	struct tape *t = tape_of(state); /* direction 1 wraps at offset 4095 */

	tape_say(t, 1, 0, 4000);
	tape_say(t, 1, 5000, 1000);
	tape_say(t, 1, 4000, 90);
	tape_ack(t, 1, 6000);
	tape_say(t, 1, 4090, 910);
	whole(t, 1, 6000);
}

/* ---- holes ---- */

static void
acknowledged_hole_is_closed_after_patience(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 1, 0, 100);
	tape_say(t, 1, 200, 100);
	pass(t, 100); /* nothing proves it lost */
	assert_int_equal(t->dir[1].next, 100);
	tape_ack(t, 1, 300);
	pass(t, LIMIT_HOLE_PATIENCE - 1);
	assert_int_equal(t->dir[1].next, 100);
	pass(t, 1);
	assert_int_equal(t->dir[1].next, 300);
	assert_int_equal(t->dir[1].n_holes, 1);
	hole_is(t, 1, 0, 100, 100, HOLE_NEVER_CAPTURED);
	assert_int_equal(t->data_frame, t->frame);
}

static void
acknowledgement_before_the_bytes(void **state)
{
	struct tape *t = tape_of(state);

	tape_ack(t, 1, 300);
	tape_say(t, 1, 200, 100);
	tape_ack(t, 1, 500);
	pass(t, LIMIT_HOLE_PATIENCE - 3);
	tape_say(t, 1, 0, 200);
	tape_say(t, 1, 300, 200);
	whole(t, 1, 500);
}

static void
every_hole_has_its_own_patience(void **state)
{
	struct tape *t = tape_of(state);

	for (unsigned i = 0; i < 5; i++)
		tape_say(t, 1, 100 + i * 200, 100);
	tape_ack(t, 1, 1000);
	pass(t, LIMIT_HOLE_PATIENCE);
	assert_int_equal(t->dir[1].next, 1000);
	assert_int_equal(t->dir[1].n_holes, 5);
}

static void
acknowledged_hole_with_nothing_behind_waits_for_the_next_data(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 1, 0, 100);
	tape_ack(t, 1, 300);
	pass(t, 100);
	assert_int_equal(t->dir[1].next, 100);
	tape_say(t, 1, 300, 50);
	assert_int_equal(t->dir[1].next, 350);
	hole_is(t, 1, 0, 100, 200, HOLE_NEVER_CAPTURED);
}

static void
flush_closes_every_hole(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 100, 100);
	tape_say(t, 0, 300, 100);
	tape_ack(t, 1, 77); /* acknowledged, never seen */
	tape_ack(t, 0, 401); /* a FIN has a number too: not a byte */
	stream_flush(t->stream, tape_when(t));
	assert_int_equal(t->dir[0].next, 400);
	assert_int_equal(t->dir[0].n_holes, 2);
	hole_is(t, 0, 0, 0, 100, HOLE_NEVER_CAPTURED);
	hole_is(t, 0, 1, 200, 100, HOLE_NEVER_CAPTURED);
	hole_is(t, 1, 0, 0, 77, HOLE_NEVER_CAPTURED);
	stream_flush(t->stream, tape_when(t));
	tape_say(t, 0, 400, 10); /* and it goes on */
	assert_int_equal(t->dir[0].next, 410);
}

static void
queue_of_bytes_is_bounded(void **state)
{
	struct tape *t = tape_of(state);
	uint64_t off = 100;

	while (off - 100 + 1400 <= LIMIT_STREAM_QUEUE) {
		tape_say(t, 1, off, 1400);
		off += 1400;
		assert_int_equal(t->dir[1].next, 0);
	}
	tape_say(t, 1, off, 1400);
	assert_int_equal(t->dir[1].next, off + 1400);
	hole_is(t, 1, 0, 0, 100, HOLE_NEVER_CAPTURED);
}

static void
queue_of_pieces_is_bounded(void **state)
{
	struct tape *t = tape_of(state);

	for (unsigned i = 0; i < LIMIT_STREAM_PIECES; i++)
		tape_say(t, 1, 1 + 2 * i, 1);
	assert_int_equal(t->dir[1].next, 0);
	for (unsigned i = LIMIT_STREAM_PIECES; i < 1000; i++)
		tape_say(t, 1, 1 + 2 * i, 1);
	assert_int_equal(t->dir[1].next, 2 * (1000 - LIMIT_STREAM_PIECES));
	stream_flush(t->stream, tape_when(t));
	assert_int_equal(t->dir[1].next, 2000);
	assert_int_equal(t->dir[1].data, 1000);
}

static void
bytes_cut_by_the_capture(void **state)
{
	struct tape *t = tape_of(state);

	tape_cut(t, 1, TCP_ACK, 0, 1400, 42);
	assert_int_equal(t->dir[1].next, 42);
	tape_say(t, 1, 1400, 100);
	pass(t, LIMIT_HOLE_PATIENCE - 2);
	assert_int_equal(t->dir[1].next, 42);
	pass(t, 1);
	assert_int_equal(t->dir[1].next, 1500);
	hole_is(t, 1, 0, 42, 1358, HOLE_CUT);
	tape_cut(t, 1, TCP_ACK, 1500, 500, 0); /* its headers alone */
	tape_say(t, 1, 2100, 100);
	stream_flush(t->stream, tape_when(t));
	assert_int_equal(t->dir[1].n_holes, 3);
	hole_is(t, 1, 1, 1500, 500, HOLE_CUT);
	hole_is(t, 1, 2, 2000, 100, HOLE_NEVER_CAPTURED);
	assert_int_equal(t->dir[1].next, 2200);
}

static void
another_copy_fills_what_was_cut(void **state)
{
	struct tape *t = tape_of(state);

	tape_cut(t, 1, TCP_ACK, 0, 1000, 42);
	tape_cut(t, 1, TCP_ACK, 1000, 1000, 42);
	tape_cut(t, 1, TCP_ACK, 500, 1500, 100);
	tape_say(t, 1, 0, 550);
	assert_int_equal(t->dir[1].next, 600);
	tape_say(t, 1, 600, 1400);
	whole(t, 1, 2000);
}

static void
a_capture_of_headers_alone_is_no_burden(void **state)
{
	struct tape *t = tape_of(state);

	for (unsigned i = 0; i < 1000; i++)
		tape_cut(t, 1, TCP_ACK, i * 1400, 1400, i % 3);
	stream_flush(t->stream, tape_when(t));
	assert_int_equal(t->dir[1].next, 1400000);
	assert_int_equal(t->dir[1].data, 999);
}

static void
closing_a_hole_spares_the_bytes_at_hand(void **state)
{
	struct tape *t = tape_of(state);

	for (unsigned i = 0; i < LIMIT_STREAM_PIECES; i++)
		tape_say(t, 1, 10000 + 2 * i, 1);
	tape_say(t, 1, 5000, 100); /* in the middle of the hole that must be closed for it */
	assert_int_equal(t->dir[1].next, 5100);
	hole_is(t, 1, 0, 0, 5000, HOLE_NEVER_CAPTURED);
	tape_say(t, 1, 5100, 4900);
	assert_int_equal(t->dir[1].next, 10001);
}

static void
bytes_further_ahead_than_the_reach(void **state)
{
	struct tape *t = tape_of(state);
	const uint64_t reach = LIMIT_STREAM_REACH;

	tape_ack(t, 1, reach);
	tape_ack(t, 1, 2 * reach);
	tape_say(t, 1, reach + 1000, 100); /* acknowledged they may be, but not wait there */
	assert_int_equal(t->dir[1].next, reach);
	stream_flush(t->stream, tape_when(t));
	assert_int_equal(t->dir[1].data, 100);
	assert_int_equal(t->dir[1].next, 2 * reach);
}

/* ---- numbers that are not the stream's ---- */

static void
stale_numbers_never_move_the_stream(void **state)
{
	static const uint64_t far[] = {
		LIMIT_STREAM_REACH + 101, UINT64_C(1) << 30, (UINT64_C(1) << 30) + 100,
		UINT64_C(1) << 31, (UINT64_C(1) << 32) - (UINT64_C(1) << 30), (UINT64_C(1) << 32) - 50,
	};
	struct tape *t = tape_of(state);

	tape_say(t, 0, 0, 100);
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		tape_say(t, 0, 100 + far[i], 20);
		tape_cut(t, 0, TCP_ACK | TCP_FIN, 100 + far[i], 10, 10);
		tape_flags(t, 0, TCP_RST, 100 + far[i] - (i == 5 ? LIMIT_STREAM_REACH : 0));
		tape_ack(t, 0, 100 + far[i]);
		assert_int_equal(t->dir[0].next, 100);
	}
	pass(t, 2 * LIMIT_HOLE_PATIENCE);
	tape_say(t, 0, 100, 100);
	whole(t, 0, 200);
	stream_flush(t->stream, tape_when(t));
	whole(t, 0, 200);
	assert_int_equal(t->dir[0].fins + t->dir[0].rsts, 0);
}

static void
two_answers_with_different_numbers(void **state)
{
	struct tape *t = tape_of(state);
	const uint32_t lie = 0x77777777, truth = t->isn[1];

	tape_flags(t, 0, TCP_SYN, 0);
	t->isn[1] = lie;
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	t->isn[1] = truth;
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	tape_flags(t, 0, TCP_ACK, 0);
	t->isn[1] = lie;
	tape_say(t, 1, 50, 100);
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0); /* again, and too late */
	tape_say(t, 1, 0, 100);
	t->isn[1] = truth;
	tape_say(t, 1, 0, 300);
	whole(t, 1, 300);
}

static void
the_first_of_two_answers_may_be_the_one(void **state)
{
	struct tape *t = tape_of(state); /* its handshake has been */
	struct tcp_header other = tape_header(t, 1, TCP_SYN | TCP_ACK, 0);

	other.seq += 1000;
	assert_false(stream_restarts(t->stream, 1, &other));
	stream_segment(t->stream, 1, &other, slice_of(NULL, 0), 0, tape_when(t));
	tape_flags(t, 0, TCP_ACK, 0);
	tape_say(t, 1, 0, 300);
	whole(t, 1, 300);
}

static void
a_syn_in_another_numbering_says_nothing(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header other;

	tape_say(t, 0, 0, 100);
	other = tape_header(t, 0, TCP_SYN, 0);
	other.seq += 500;
	stream_segment(t->stream, 0, &other, slice_of("lie", 3), 3, tape_when(t));
	stream_flush(t->stream, tape_when(t));
	whole(t, 0, 100);
}

static void
a_stream_that_has_begun_keeps_its_numbers(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header early, rival, ack;

	tape_flags(t, 0, TCP_SYN, 0);
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	early = tape_header(t, 1, TCP_ACK, 0);
	early.seq -= 10; /* begins before the first byte */
	stream_segment(t->stream, 1, &early, slice_of(tape_said(1, TAPE_PERIOD - 10), 100), 100, tape_when(t));
	assert_int_equal(t->dir[1].next, 90);
	rival = tape_header(t, 1, TCP_SYN | TCP_ACK, 0);
	rival.seq += 100000;
	stream_segment(t->stream, 1, &rival, slice_of(NULL, 0), 0, tape_when(t));
	ack = tape_header(t, 0, TCP_ACK, 0);
	ack.ack += 100000;
	stream_segment(t->stream, 0, &ack, slice_of(NULL, 0), 0, tape_when(t));
	tape_say(t, 1, 90, 100);
	whole(t, 1, 190);
}

static void
restarts(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header syn = tape_header(t, 0, TCP_SYN, 0), answer = tape_header(t, 1, TCP_SYN | TCP_ACK, 0);
	struct tcp_header other = syn, data = tape_header(t, 0, TCP_ACK, 1000000000);

	assert_false(stream_restarts(t->stream, 0, &syn));
	assert_false(stream_restarts(t->stream, 1, &answer));
	assert_false(stream_restarts(t->stream, 0, &data));
	other.seq += 64000;
	assert_true(stream_restarts(t->stream, 0, &other));
	other.flags |= TCP_RST;
	assert_false(stream_restarts(t->stream, 0, &other));
	answer.seq += 5; /* another numbering, the same SYN */
	assert_false(stream_restarts(t->stream, 1, &answer));
	answer.ack += 1000000;
	assert_true(stream_restarts(t->stream, 1, &answer));
	tape_say(t, 0, 0, 10);
	assert_false(stream_restarts(t->stream, 0, &syn));
	stream_done(t->stream);
	assert_false(stream_restarts(t->stream, 0, &syn));
	syn.seq++;
	assert_true(stream_restarts(t->stream, 0, &syn));
}

/* ---- ends ---- */

static void
fin_after_the_bytes_before_it(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 1, 0, 100);
	tape_cut(t, 1, TCP_ACK | TCP_FIN, 200, 50, 50);
	tape_cut(t, 1, TCP_ACK | TCP_FIN, 200, 50, 50);
	assert_int_equal(t->dir[1].fins, 0);
	tape_say(t, 1, 100, 100);
	assert_int_equal(t->dir[1].fins, 1);
	assert_int_equal(t->dir[1].fin_at, 250);
	tape_flags(t, 1, TCP_ACK | TCP_FIN, 250);
	tape_ack(t, 1, 251);
	tape_flags(t, 0, TCP_ACK | TCP_FIN, 0);
	stream_flush(t->stream, tape_when(t));
	whole(t, 1, 250);
	assert_int_equal(t->dir[0].fins, 1);
	assert_int_equal(t->dir[1].fins, 1);
}

static void
fin_acknowledged_before_it_is_seen(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 1, 0, 100);
	tape_ack(t, 1, 101);
	tape_flags(t, 1, TCP_ACK | TCP_FIN, 100);
	whole(t, 1, 100);
	assert_int_equal(t->dir[1].fins, 1);
}

static void
fin_behind_a_hole(void **state)
{
	struct tape *t = tape_of(state);

	tape_flags(t, 1, TCP_ACK | TCP_FIN, 100);
	tape_flags(t, 0, TCP_ACK | TCP_FIN, 50);
	tape_ack(t, 1, 101);
	pass(t, LIMIT_HOLE_PATIENCE);
	assert_int_equal(t->dir[1].fins, 1);
	hole_is(t, 1, 0, 0, 100, HOLE_NEVER_CAPTURED);
	assert_int_equal(t->dir[0].fins, 0);
	stream_flush(t->stream, tape_when(t));
	assert_int_equal(t->dir[0].fins, 1);
	assert_int_equal(t->dir[0].fin_at, 50);
}

static void
bytes_before_a_reset(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 1, 0, 100);
	tape_flags(t, 1, TCP_RST, 150);
	tape_flags(t, 1, TCP_RST, 150);
	assert_int_equal(t->dir[1].rsts, 0);
	tape_say(t, 1, 100, 50);
	assert_int_equal(t->dir[1].rsts, 1);
	assert_int_equal(t->dir[1].rst_at, 150);
	assert_true(t->dir[1].rst_plain);
	tape_flags(t, 0, TCP_RST | TCP_ACK, 0);
	tape_flags(t, 0, TCP_RST | TCP_ACK, 0);
	assert_int_equal(t->dir[0].rsts, 1);
}

static void
stale_reset(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 0, 100);
	tape_flags(t, 0, TCP_RST, 99);
	assert_int_equal(t->dir[0].rsts, 1);
	assert_false(t->dir[0].rst_plain);
}

static void
reset_beside_a_hole(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 0, 100);
	tape_say(t, 1, 50, 100);
	tape_flags(t, 0, TCP_RST, 100);
	assert_int_equal(t->dir[0].rsts, 1);
	assert_false(t->dir[0].rst_plain);
}

/* A client that has closed and still gets data resets, with the number behind its FIN. */
static void
reset_behind_a_fin(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 0, 100);
	tape_flags(t, 0, TCP_ACK | TCP_FIN, 100);
	tape_say(t, 1, 0, 50);
	tape_flags(t, 0, TCP_RST, 101);
	assert_int_equal(t->dir[0].rsts, 1);
	assert_int_equal(t->dir[0].rst_frame, t->frame);
	assert_int_equal(t->dir[0].rst_at, 100);
	assert_false(t->dir[0].rst_plain); /* the other side is about to close */
}

static void
reset_before_the_fin_before_it(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 0, 0, 100);
	tape_flags(t, 0, TCP_RST, 101);
	assert_int_equal(t->dir[0].rsts, 0);
	tape_flags(t, 0, TCP_ACK | TCP_FIN, 100);
	assert_int_equal(t->dir[0].fins, 1);
	assert_int_equal(t->dir[0].rsts, 1);
	assert_int_equal(t->dir[0].rst_frame, t->frame);
}

static void
reset_in_the_dark(void **state)
{
	struct tape *t = tape_of(state);
	uint64_t own;

	tape_say(t, 0, 0, 100);
	tape_flags(t, 0, TCP_RST, 200);
	own = t->frame;
	tape_say(t, 1, 0, 100);
	tape_say(t, 1, 200, 100);
	tape_flags(t, 1, TCP_RST, 400);
	assert_int_equal(t->dir[0].rsts + t->dir[1].rsts, 0);
	stream_flush(t->stream, tape_when(t));
	assert_int_equal(t->dir[0].rst_frame, own);
	assert_int_equal(t->dir[1].rsts, 1);
	assert_int_equal(t->dir[1].rst_at, 300);
	assert_int_equal(t->dir[1].rst_frame, t->frame); /* bytes were freed before it */
	hole_is(t, 1, 0, 100, 100, HOLE_NEVER_CAPTURED);
}

static void
refused_connection(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header rst;

	tape_flags(t, 0, TCP_SYN, 0);
	rst = tape_header(t, 1, TCP_RST | TCP_ACK, 0);
	rst.seq = 0;
	stream_segment(t->stream, 1, &rst, slice_of(NULL, 0), 0, tape_when(t));
	assert_int_equal(t->dir[1].rsts, 1);
	assert_int_equal(t->dir[0].rsts, 0);
}

static void
reset_of_a_side_that_never_spoke(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header rst;

	t->acked[1] = 5000;
	tape_say(t, 0, 0, 100);
	rst = tape_header(t, 1, TCP_RST, 5000);
	rst.seq += 1U << 30;
	stream_segment(t->stream, 1, &rst, slice_of(NULL, 0), 0, tape_when(t));
	assert_int_equal(t->dir[1].rsts, 1);
}

static void
done_in_a_callback(void **state)
{
	struct tape *t = tape_of(state);

	tape_say(t, 1, 500, 100);
	tape_say(t, 1, 600, 100);
	tape_say(t, 1, 800, 100);
	tape_say(t, 0, 5, 100);
	t->done_after = 550;
	tape_cut(t, 1, TCP_ACK | TCP_FIN, 0, 500, 500);
	assert_true(stream_is_done(t->stream));
	assert_int_equal(t->dir[1].next, 600);
	tape_say(t, 1, 700, 100);
	tape_flags(t, 0, TCP_RST, 0);
	stream_flush(t->stream, tape_when(t));
	stream_done(t->stream);
	assert_int_equal(t->dir[1].next, 600);
	assert_int_equal(t->dir[0].next, 0);
}

/* ---- beginnings ---- */

static void
from_the_middle(void **state)
{
	struct tape *t = tape_of(state);

	t->dir[0].shift = 5000;
	t->acked[1] = 7000;
	tape_say(t, 0, 5000, 100);
	whole(t, 0, 100);
	assert_false(stream_started(t->stream));
	t->dir[1].shift = 7000; /* direction 0 said where direction 1 goes on */
	tape_say(t, 1, 8400, 100);
	assert_int_equal(t->dir[1].next, 0);
	tape_say(t, 1, 7000, 1400);
	whole(t, 1, 1500);
	tape_say(t, 0, 4000, 500); /* before all that was seen */
	tape_say(t, 0, 5100, 10);
	whole(t, 0, 110);
}

static void
from_the_middle_the_lower_number_counts(void **state)
{
	struct tape *t = tape_of(state);

	t->dir[0].shift = 4000;
	tape_flags(t, 0, TCP_ACK, 5000); /* 1000 bytes are on the way */
	tape_ack(t, 0, 4000);
	tape_say(t, 0, 4500, 500);
	tape_say(t, 0, 4000, 500);
	whole(t, 0, 1000);
}

static void
from_the_middle_with_a_retransmission(void **state)
{
	struct tape *t = tape_of(state);

	t->dir[0].shift = 3000;
	tape_ack(t, 0, 4000);
	tape_say(t, 0, 3000, 500);
	tape_say(t, 0, 3500, 500);
	whole(t, 0, 1000);
}

static void
from_the_middle_offset_0_stays_once_it_is_told(void **state)
{
	struct tape *t = tape_of(state);

	t->dir[0].shift = 4000;
	tape_ack(t, 0, 4000);
	tape_ack(t, 0, 4100);
	stream_flush(t->stream, tape_when(t));
	hole_is(t, 0, 0, 0, 100, HOLE_NEVER_CAPTURED);
	tape_say(t, 0, 3000, 100); /* too late */
	tape_say(t, 0, 4100, 100);
	assert_int_equal(t->dir[0].next, 200);
}

static void
from_the_middle_with_keep_alives(void **state)
{
	struct tape *t = tape_of(state);

	t->dir[0].shift = t->dir[1].shift = 1000;
	tape_flags(t, 0, TCP_ACK, 999); /* none and one byte, one too low */
	tape_ack(t, 0, 1000);
	tape_say(t, 0, 999, 1);
	tape_say(t, 0, 1000, 50);
	whole(t, 0, 50);
}

static void
answer_alone(void **state)
{
	struct tape *t = tape_of(state);

	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	tape_say(t, 1, 100, 100);
	tape_say(t, 0, 50, 50); /* the answer says where the client begins */
	assert_int_equal(t->dir[0].next, 0);
	assert_int_equal(t->dir[1].next, 0);
	tape_say(t, 0, 0, 50);
	tape_say(t, 1, 0, 100);
	whole(t, 0, 100);
	whole(t, 1, 200);
	assert_true(stream_started(t->stream));
}

static void
syn_sent_again_is_the_same(void **state)
{
	struct tape *t = tape_of(state);

	tape_flags(t, 0, TCP_SYN, 0);
	tape_flags(t, 0, TCP_SYN, 0);
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	tape_say(t, 0, 0, 100);
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	tape_say(t, 1, 0, 100);
	tape_flags(t, 0, TCP_SYN, 0);
	tape_say(t, 0, 100, 100);
	whole(t, 0, 200);
	whole(t, 1, 100);
}

static void
one_direction_alone(void **state)
{
	struct tape *t = tape_of(state);

	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	for (unsigned i = 0; i < 40; i++) {
		tape_cut(t, 1, TCP_ACK, i * 1000, 1000, 1000);
		t->acked[0] += 10;
	}
	tape_say(t, 1, 41000, 100); /* a hole that nobody acknowledges */
	pass(t, 0);
	whole(t, 1, 40000);
	stream_flush(t->stream, tape_when(t));
	assert_int_equal(t->dir[1].next, 41100);
	hole_is(t, 1, 0, 40000, 1000, HOLE_NEVER_CAPTURED);
	hole_is(t, 0, 0, 0, 400, HOLE_NEVER_CAPTURED); /* it said what it had got of the other */
}

static void
data_on_the_syn(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header syn = tape_header(t, 0, TCP_SYN, 0);

	stream_segment(t->stream, 0, &syn, slice_of(tape_said(0, 0), 200), 200, tape_when(t));
	assert_int_equal(t->dir[0].next, 200);
	t->acked[0] = 200;
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	tape_say(t, 1, 100, 100); /* before the handshake's last ACK */
	tape_say(t, 1, 0, 100);
	tape_say(t, 0, 200, 100);
	whole(t, 0, 300);
	whole(t, 1, 200);
}

static void
data_on_the_syn_not_accepted(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header syn = tape_header(t, 0, TCP_SYN, 0);

	stream_segment(t->stream, 0, &syn, slice_of(tape_said(0, 0), 200), 200, tape_when(t));
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0); /* acknowledges none of it */
	tape_flags(t, 0, TCP_ACK, 0);
	tape_say(t, 0, 0, 150);
	tape_say(t, 0, 150, 150);
	whole(t, 0, 300);
	assert_true(stream_started(t->stream));
}

static void
data_on_the_answer(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header answer;

	tape_flags(t, 0, TCP_SYN, 0);
	answer = tape_header(t, 1, TCP_SYN | TCP_ACK, 0);
	stream_segment(t->stream, 1, &answer, slice_of(tape_said(1, 0), 100), 100, tape_when(t));
	tape_say(t, 1, 100, 100);
	whole(t, 1, 200);
}

static void
an_answer_to_another_syn_is_ignored(void **state)
{
	struct tape *t = tape_of(state);
	struct tcp_header answer;

	tape_flags(t, 0, TCP_SYN, 0);
	answer = tape_header(t, 1, TCP_SYN | TCP_ACK, 0);
	answer.ack += 1000000;
	answer.seq += 50;
	assert_true(stream_restarts(t->stream, 1, &answer));
	stream_segment(t->stream, 1, &answer, slice_of(NULL, 0), 0, tape_when(t));
	tape_flags(t, 1, TCP_SYN | TCP_ACK, 0);
	tape_say(t, 1, 100, 100);
	tape_say(t, 1, 0, 100);
	whole(t, 1, 200);
}

/* ---- length ---- */

static void
offsets_over_4_gib(void **state)
{
	struct tape *t = tape_of(state);
	const uint64_t step = LIMIT_STREAM_REACH, far = 300 * step; /* 4.7 GiB */

	for (uint64_t off = step; off <= far; off += step)
		tape_ack(t, 1, off);
	tape_say(t, 1, far + 100, 100);
	tape_say(t, 1, far, 100);
	assert_int_equal(t->dir[1].next, far + 200);
	assert_int_equal(t->dir[1].data, 200);
	hole_is(t, 1, 0, 0, far, HOLE_NEVER_CAPTURED);
	tape_say(t, 0, 0, 100);
	whole(t, 0, 100);
}

static void
streams_over_4_gib(void **state)
{
	struct tape *t = tape_of(state);
	const uint64_t stop = UINT64_C(4400000000);

	if (under_valgrind())
		skip(); /* ten minutes under valgrind */
	for (uint64_t off = 0; off < stop; off += 50000) {
		tape_say(t, 1, off + 25000, 25000);
		tape_say(t, 1, off, 25000);
	}
	whole(t, 1, stop);
}

/* ---- the engine ---- */

static void
one_engine_at_a_time(void **state)
{
	struct streams *engine = streams_new(&tape_ops);

	(void)state;
	assert_non_null(engine);
	assert_null(streams_new(&tape_ops));
	streams_free(engine);
	engine = streams_new(&tape_ops);
	assert_non_null(engine);
	streams_free(engine);
	streams_free(NULL);
}

/* All the streams there may be, each with something in libnids, in two turns, and one too many. */
static void
as_many_streams_as_the_limit(void **state)
{
	struct streams *engine = streams_new(&tape_ops);
	struct tape *tapes = calloc(LIMIT_STREAMS, sizeof(*tapes));

	(void)state;
	for (unsigned turn = 0; turn < 2; turn++) {
		for (uint32_t i = 0; i < LIMIT_STREAMS; i++) {
			tape_open(&tapes[i], engine, i, ~i, i % 2);
			tape_say(&tapes[i], i % 2, 0, 100);
			tape_say(&tapes[i], 0, 2000, 100);
		}
		assert_null(stream_new(engine, NULL));
		for (uint32_t i = 0; i < LIMIT_STREAMS; i++) {
			tape_say(&tapes[i], i % 2, 100, 100);
			assert_int_equal(tapes[i].dir[i % 2].data, 200);
			assert_false(tapes[i].wrong);
		}
		stream_done(tapes[7].stream); /* done: room for another */
		stream_close(stream_new(engine, NULL));
		for (uint32_t i = 0; i < LIMIT_STREAMS; i++)
			stream_close(tapes[i].stream);
	}
	assert_int_equal(streams_lost(engine), 0);
	streams_free(engine);
	free(tapes);
}

/* The queues of all streams together are bounded: at the limit, holes close and nothing is lost. */
static void
all_queues_are_bounded(void **state)
{
	const size_t n = LIMIT_STREAM_QUEUES / 40000;
	struct streams *engine = streams_new(&tape_ops);
	struct tape *tapes = calloc(n, sizeof(*tapes));
	size_t closed = 0;

	(void)state;
	for (uint32_t i = 0; i < n; i++) {
		tape_open(&tapes[i], engine, i, ~i, true);
		for (unsigned j = 0; j < 29; j++)
			tape_say(&tapes[i], 1, 100 + j * 1400, 1400);
	}
	for (size_t i = 0; i < n; i++) {
		closed += tapes[i].dir[1].n_holes;
		assert_false(tapes[i].wrong);
		stream_flush(tapes[i].stream, tape_when(&tapes[i]));
		assert_int_equal(tapes[i].dir[1].data, 29 * 1400);
		stream_close(tapes[i].stream);
	}
	assert_in_range(closed, 1, n / 4);
	assert_int_equal(streams_lost(engine), 0);
	streams_free(engine);
	free(tapes);
}

#define OPENED(f) cmocka_unit_test_setup_teardown(f, begin, end)
#define UNOPENED(f) cmocka_unit_test_setup_teardown(f, begin_unopened, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OPENED(in_order_both_ways),
		OPENED(out_of_order_carries_the_frame_that_freed_it),
		OPENED(retransmission_with_other_cuts),
		OPENED(overlap_in_the_queue),
		OPENED(one_byte_segments),
		OPENED(long_segments_are_cut),
		OPENED(keep_alives),
		OPENED(sequence_numbers_wrap),
		OPENED(acknowledged_hole_is_closed_after_patience),
		OPENED(acknowledgement_before_the_bytes),
		OPENED(every_hole_has_its_own_patience),
		OPENED(acknowledged_hole_with_nothing_behind_waits_for_the_next_data),
		OPENED(flush_closes_every_hole),
		OPENED(queue_of_bytes_is_bounded),
		OPENED(queue_of_pieces_is_bounded),
		OPENED(bytes_cut_by_the_capture),
		OPENED(another_copy_fills_what_was_cut),
		OPENED(a_capture_of_headers_alone_is_no_burden),
		OPENED(closing_a_hole_spares_the_bytes_at_hand),
		OPENED(bytes_further_ahead_than_the_reach),
		OPENED(stale_numbers_never_move_the_stream),
		OPENED(a_syn_in_another_numbering_says_nothing),
		UNOPENED(a_stream_that_has_begun_keeps_its_numbers),
		UNOPENED(two_answers_with_different_numbers),
		OPENED(the_first_of_two_answers_may_be_the_one),
		OPENED(restarts),
		OPENED(fin_after_the_bytes_before_it),
		OPENED(fin_acknowledged_before_it_is_seen),
		OPENED(fin_behind_a_hole),
		OPENED(bytes_before_a_reset),
		OPENED(stale_reset),
		OPENED(reset_beside_a_hole),
		OPENED(reset_behind_a_fin),
		OPENED(reset_before_the_fin_before_it),
		OPENED(reset_in_the_dark),
		UNOPENED(refused_connection),
		UNOPENED(reset_of_a_side_that_never_spoke),
		OPENED(done_in_a_callback),
		UNOPENED(from_the_middle),
		UNOPENED(from_the_middle_the_lower_number_counts),
		UNOPENED(from_the_middle_with_a_retransmission),
		UNOPENED(from_the_middle_offset_0_stays_once_it_is_told),
		UNOPENED(from_the_middle_with_keep_alives),
		UNOPENED(answer_alone),
		UNOPENED(syn_sent_again_is_the_same),
		UNOPENED(one_direction_alone),
		UNOPENED(data_on_the_syn),
		UNOPENED(data_on_the_syn_not_accepted),
		UNOPENED(data_on_the_answer),
		UNOPENED(an_answer_to_another_syn_is_ignored),
		OPENED(offsets_over_4_gib),
		OPENED(streams_over_4_gib),
		cmocka_unit_test(one_engine_at_a_time),
		cmocka_unit_test(as_many_streams_as_the_limit),
		cmocka_unit_test(all_queues_are_bounded),
		OPENED(libnids_hears_of_a_stream_while_bytes_wait),
		cmocka_unit_test(libnids_was_shown_nothing_else), /* by all before it */
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
