/* Pings: those of one kind are one event. */
#include "src/story/pings.h"
#include "tests/allocations.h"
#include "tests/story_tape.h"

enum { PHONE = 0x0a000007, SERVER = 0x0a000002, OTHER = 0x0a000003 };

struct tape {
	struct story_tape story;
	struct pings *pings;
	size_t held;
};

static void
begin(struct tape *tape)
{
	story_begin(&tape->story);
	tape->pings = pings_new(&tape->story.host);
	assert_non_null(tape->pings);
}

static void
end(struct tape *tape)
{
	pings_free(tape->pings);
	story_end(&tape->story);
}

static void
send(struct tape *tape, int64_t ms, uint32_t server, bool reply, uint16_t sequence)
{
	struct packet packet = story_echo(PHONE, server, reply, sequence);

	pings_packet(tape->pings, &packet, story_next(&tape->story, ms));
}

static void
finish(struct tape *tape)
{
	pings_finish(tape->pings, tape->story.now);
	assert_int_equal(pings_held(tape->pings), 0);
}

/* One event's frames: first, last, how many more requests, and its first reply. */
static void
expect(const struct tape *tape, size_t i, uint64_t at, uint64_t last, size_t more, uint64_t answered)
{
	const struct event *event = tape->story.events[i];

	assert_true(i < tape->story.n);
	assert_int_equal(event->kind, EVENT_PING);
	story_assert_ip(&event->client.ip, PHONE);
	assert_int_equal(event->at.frame, at);
	assert_int_equal(event->last.frame, last);
	assert_int_equal(event->ping.asked.n, more);
	assert_int_equal(event->ping.answered.frame, answered);
}

static void
answered_ones_are_one(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	for (uint16_t i = 0; i < 3; i++) {
		send(&tape, 1000, SERVER, false, i);
		send(&tape, 2, SERVER, true, i);
	}
	assert_int_equal(tape.story.n, 0);
	assert_int_equal(pings_held(tape.pings), sizeof(struct event));
	finish(&tape);
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 1, 6, 2, 2);
	assert_int_equal(tape.story.events[0]->ping.asked.frames[0], 3);
	assert_int_equal(tape.story.events[0]->ping.asked.last.frame, 5);
	story_assert_ip(&tape.story.events[0]->server.ip, SERVER);
	assert_true(tape.story.events[0]->server.mac[5] == 2 && tape.story.events[0]->server.port == 0);
	assert_true(tape.story.events[0]->vlans == 1);
	end(&tape);
}

static void
unanswered_ones_are_one(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	for (uint16_t i = 0; i < 4; i++)
		send(&tape, 1000, SERVER, false, i);
	finish(&tape);
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 1, 4, 3, 0);
	end(&tape);
}

/* Answered, then not, then answered again. */
static void
kinds_are_apart(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	send(&tape, 0, SERVER, false, 1);
	send(&tape, 2, SERVER, true, 1);
	send(&tape, 1000, SERVER, false, 2);
	assert_int_equal(tape.story.n, 0);
	send(&tape, 1000, SERVER, false, 3);
	assert_int_equal(tape.story.n, 1);
	send(&tape, 1000, SERVER, false, 4);
	send(&tape, 2, SERVER, true, 4);
	assert_int_equal(tape.story.n, 2);
	finish(&tape);
	assert_int_equal(tape.story.n, 3);
	expect(&tape, 0, 1, 2, 0, 2);
	expect(&tape, 1, 3, 4, 1, 0);
	expect(&tape, 2, 5, 6, 0, 6);
	end(&tape);
}

static void
silence_ends_them(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	send(&tape, 0, SERVER, false, 1);
	send(&tape, 0, OTHER, false, 1);
	send(&tape, 2, SERVER, true, 1);
	send(&tape, 1000, SERVER, false, 2);
	pings_age(tape.pings, story_next(&tape.story, 9000));
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 2, 2, 0, 0);
	pings_age(tape.pings, story_next(&tape.story, 1001));
	assert_int_equal(tape.story.n, 3);
	expect(&tape, 1, 1, 3, 0, 3);
	expect(&tape, 2, 4, 4, 0, 0);
	assert_int_equal(pings_held(tape.pings), 0);
	end(&tape);
}

/* Nobody knows what would have become of the last request. */
static void
the_end_of_the_input_is_no_silence(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	send(&tape, 0, SERVER, false, 1);
	send(&tape, 2, SERVER, true, 1);
	send(&tape, 1000, SERVER, false, 2);
	finish(&tape);
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 1, 3, 1, 2);
	end(&tape);
}

static void
copies_count_once(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	for (uint16_t i = 0; i < 2; i++) {
		send(&tape, 1000, SERVER, false, i);
		send(&tape, 0, SERVER, false, i);
		send(&tape, 2, SERVER, true, i);
		send(&tape, 0, SERVER, true, i);
		send(&tape, 0, SERVER, false, i);
	}
	finish(&tape);
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 1, 8, 1, 3);
	end(&tape);
}

static void
another_number_is_no_copy(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	for (uint16_t i = 0; i < 3; i++)
		send(&tape, 0, SERVER, false, i);
	finish(&tape);
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 1, 3, 2, 0);
	end(&tape);
}

/* A phone that counts nothing. */
static void
one_number_for_all_is_no_copy(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	send(&tape, 0, SERVER, false, 0);
	send(&tape, 1000, SERVER, false, 0);
	send(&tape, 2000, SERVER, false, 0);
	finish(&tape);
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 1, 3, 2, 0);
	end(&tape);
}

static void
late_replies_are_replies(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	send(&tape, 0, SERVER, false, 1);
	send(&tape, 1000, SERVER, true, 9); /* of a request that nobody saw */
	send(&tape, 1000, SERVER, false, 2);
	send(&tape, 500, SERVER, true, 1);
	send(&tape, 500, SERVER, true, 1);
	finish(&tape);
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 1, 4, 1, 4);
	end(&tape);
}

static void
a_reply_alone_is_a_ping(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	send(&tape, 0, SERVER, true, 1);
	send(&tape, 0, SERVER, true, 1);
	send(&tape, 1000, SERVER, false, 2);
	send(&tape, 1, SERVER, true, 2);
	finish(&tape);
	assert_int_equal(tape.story.n, 1);
	expect(&tape, 0, 1, 4, 1, 1);
	story_assert_ip(&tape.story.events[0]->server.ip, SERVER);
	end(&tape);
}

static void
open_ones_are_bounded(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	for (uint32_t i = 0; i < 10000; i++)
		send(&tape, 0, 0x0b000000 + i, false, 1);
	assert_int_equal(tape.story.n, 10000 - LIMIT_PINGS);
	assert_int_equal(tape.story.tally.evicted_events, 10000 - LIMIT_PINGS);
	story_assert_ip(&tape.story.events[7]->server.ip, 0x0b000007);
	assert_int_equal(pings_held(tape.pings), LIMIT_PINGS * sizeof(struct event));
	finish(&tape);
	assert_int_equal(tape.story.n, 10000);
	end(&tape);
}

static void
no_memory_is_said(void **state)
{
	bool failed = true;
	size_t nth;

	(void)state;
	for (nth = 1; failed; nth++) {
		struct tape tape;

		story_begin(&tape.story);
		allocations_fail(nth);
		tape.pings = pings_new(&tape.story.host);
		if (tape.pings != NULL) {
			send(&tape, 0, SERVER, false, 1);
			send(&tape, 1000, SERVER, false, 2);
			send(&tape, 1, SERVER, true, 2);
			send(&tape, 1, OTHER, true, 1);
			finish(&tape);
		}
		failed = allocations_failed();
		assert_int_equal(tape.story.host.out_of_memory || tape.pings == NULL, failed);
		if (!failed)
			assert_int_equal(tape.story.n, 3);
		end(&tape);
	}
	assert_true(nth > 4);
}

/* Whoever takes an event may let go of it, and ask what the others hold. */
static void
ask_what_is_held(void *arg, struct event *event)
{
	struct tape *tape = arg;
	size_t held;

	event_free(event);
	tape->story.n++;
	held = pings_held(tape->pings);
	assert_in_range(held, 0, tape->held - 1);
	tape->held = held;
}

static void
what_is_given_is_held_no_more(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	send(&tape, 0, SERVER, false, 1);
	send(&tape, 0, OTHER, false, 1);
	send(&tape, 0, PHONE, false, 1);
	send(&tape, 2000, PHONE, false, 2);
	send(&tape, 2000, PHONE, false, 3);
	tape.story.host.over = ask_what_is_held;
	tape.story.host.arg = &tape;
	tape.held = pings_held(tape.pings);
	finish(&tape);
	assert_int_equal(tape.story.n, 3);
	tape.story.n = 0;
	end(&tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answered_ones_are_one),
		cmocka_unit_test(unanswered_ones_are_one),
		cmocka_unit_test(kinds_are_apart),
		cmocka_unit_test(silence_ends_them),
		cmocka_unit_test(the_end_of_the_input_is_no_silence),
		cmocka_unit_test(copies_count_once),
		cmocka_unit_test(another_number_is_no_copy),
		cmocka_unit_test(one_number_for_all_is_no_copy),
		cmocka_unit_test(late_replies_are_replies),
		cmocka_unit_test(a_reply_alone_is_a_ping),
		cmocka_unit_test(open_ones_are_bounded),
		cmocka_unit_test(what_is_given_is_held_no_more),
		cmocka_unit_test(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("pings", tests, NULL, NULL);
}
