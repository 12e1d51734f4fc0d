/* Names asked for by DNS: queries and answers in every order, and what nobody answers. */
#include "src/story/lookups.h"
#include "tests/allocations.h"
#include "tests/story_tape.h"

enum { PHONE = 0x0a000007, OTHER = 0x0a000008, FIRST = 0x0a000035, SECOND = 0x0a000036, GATEWAY = 0xc6336401 };
enum { PORT = 40000 };

static const char NAME[] = "vpn.example.com";

struct tape {
	struct story_tape story;
	struct lookups *lookups;
};

static void
begin(struct tape *tape)
{
	story_begin(&tape->story);
	tape->lookups = lookups_new(&tape->story.host);
	assert_non_null(tape->lookups);
}

static void
end(struct tape *tape)
{
	lookups_free(tape->lookups);
	story_end(&tape->story);
}

static void
ask(struct tape *tape, int64_t ms, uint32_t server, uint16_t port, uint16_t id, const char *name, uint16_t type)
{
	struct bytes bytes;
	struct packet packet;

	story_dns(&bytes, id, STORY_QUERY, name, type, 0);
	packet = story_udp(PHONE, port, server, 53, &bytes);
	assert_true(lookups_datagram(tape->lookups, &packet, story_next(&tape->story, ms)));
}

static void
answer_with(struct tape *tape, int64_t ms, uint32_t server, uint16_t port, const struct bytes *bytes)
{
	struct packet packet = story_udp(server, 53, PHONE, port, bytes);

	assert_true(lookups_datagram(tape->lookups, &packet, story_next(&tape->story, ms)));
}

/* An answer with an address, or with an error and none. */
static void
answer(struct tape *tape, int64_t ms, uint32_t server, uint16_t port, uint16_t id, unsigned rcode)
{
	struct bytes bytes;

	story_dns(&bytes, id, STORY_ANSWER | rcode, NAME, DNS_A, rcode == DNS_NOERROR);
	if (rcode == DNS_NOERROR)
		story_put_address(&bytes, GATEWAY);
	answer_with(tape, ms, server, port, &bytes);
}

static const struct lookup *
given(const struct tape *tape, size_t i)
{
	assert_true(i < tape->story.n);
	assert_int_equal(tape->story.events[i]->kind, EVENT_LOOKUP);
	return &tape->story.events[i]->lookup;
}

static void
an_answer_ends_it(void **state)
{
	struct tape tape;
	const struct event *event;
	struct bytes bytes;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, "VPN.Example.COM", DNS_A);
	assert_int_equal(tape.story.n, 0);
	assert_true(lookups_held(tape.lookups) > sizeof(struct event));
	story_dns(&bytes, 1, STORY_ANSWER, NAME, DNS_A, 4);
	story_put_alias(&bytes, "a.example.net");
	story_put_alias(&bytes, "b\xff.example.net");
	story_put_address(&bytes, GATEWAY);
	story_put_address(&bytes, GATEWAY + 1);
	answer_with(&tape, 20, FIRST, PORT, &bytes);
	assert_int_equal(tape.story.n, 1);
	assert_int_equal(lookups_held(tape.lookups), 0);
	event = tape.story.events[0];
	assert_int_equal(event->at.frame, 1);
	assert_int_equal(event->last.frame, 2);
	story_assert_ip(&event->client.ip, PHONE);
	story_assert_ip(&event->server.ip, FIRST);
	assert_int_equal(event->client.port, PORT);
	assert_int_equal(event->server.port, 53);
	assert_true(event->client.has_mac && event->client.mac[5] == 0x07 && event->server.mac[5] == 0x35);
	assert_true(event->vlans == 1 && event->vlan[0] == STORY_VLAN);
	assert_string_equal(event->lookup.name, NAME);
	assert_string_equal(event->lookup.alias, "b\\255.example.net");
	assert_int_equal(event->lookup.type, DNS_A);
	assert_int_equal(event->lookup.asked.n, 0);
	assert_int_equal(event->lookup.answered.frame, 2);
	assert_int_equal(event->lookup.rcode, DNS_NOERROR);
	assert_int_equal(event->lookup.n_ips, 2);
	story_assert_ip(&event->lookup.ips[1], GATEWAY + 1);
	end(&tape);
}

/* Also with another id, from another port, and to another server. */
static void
repeats_are_one_lookup(void **state)
{
	struct tape tape;
	const struct lookup *lookup;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	ask(&tape, 1, FIRST, PORT, 1, NAME, DNS_A);
	ask(&tape, 5000, FIRST, PORT + 1, 2, NAME, DNS_A);
	ask(&tape, 5000, SECOND, PORT + 2, 3, NAME, DNS_A);
	answer(&tape, 20, SECOND, PORT + 2, 3, DNS_NOERROR);
	assert_int_equal(tape.story.n, 1);
	lookup = given(&tape, 0);
	assert_int_equal(lookup->asked.n, 3);
	assert_int_equal(lookup->asked.frames[0], 2);
	assert_int_equal(lookup->asked.frames[2], 4);
	assert_int_equal(lookup->asked.last.frame, 4);
	assert_int_equal(lookup->answered.frame, 5);
	story_assert_ip(&tape.story.events[0]->server.ip, FIRST);
	end(&tape);
}

/* An id that was not asked with, another port, another type and another name are no answers: the four are their own. */
static void
only_its_own_answer_answers(void **state)
{
	struct tape tape;
	struct bytes bytes;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	answer(&tape, 1, FIRST, PORT, 2, DNS_NOERROR);
	answer(&tape, 1, FIRST, PORT + 1, 1, DNS_NOERROR);
	story_dns(&bytes, 1, STORY_ANSWER, NAME, DNS_AAAA, 0);
	answer_with(&tape, 1, FIRST, PORT, &bytes);
	story_dns(&bytes, 1, STORY_ANSWER, "vpn.example.org", DNS_A, 0);
	answer_with(&tape, 1, FIRST, PORT, &bytes);
	assert_int_equal(tape.story.n, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(tape.story.events[i]->at.frame, 2 + i);
	lookups_finish(tape.lookups, tape.story.now);
	assert_int_equal(tape.story.n, 5);
	assert_int_equal(tape.story.events[4]->at.frame, 1);
	assert_int_equal(given(&tape, 4)->answered.frame, 0);
	end(&tape);
}

static void
an_answer_alone_is_a_lookup(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	answer(&tape, 0, FIRST, PORT, 1, DNS_NXDOMAIN);
	assert_int_equal(tape.story.n, 1);
	assert_int_equal(tape.story.events[0]->at.frame, 1);
	story_assert_ip(&tape.story.events[0]->client.ip, PHONE);
	story_assert_ip(&tape.story.events[0]->server.ip, FIRST);
	assert_int_equal(tape.story.events[0]->server.port, 53);
	assert_int_equal(given(&tape, 0)->answered.frame, 1);
	assert_int_equal(given(&tape, 0)->asked.n, 0);
	assert_int_equal(given(&tape, 0)->rcode, DNS_NXDOMAIN);
	assert_int_equal(given(&tape, 0)->n_ips, 0);
	end(&tape);
}

static void
copies_of_what_is_over_are_passed_over(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	ask(&tape, 0, SECOND, PORT, 1, NAME, DNS_A);
	answer(&tape, 20, FIRST, PORT, 1, DNS_NOERROR);
	answer(&tape, 0, FIRST, PORT, 1, DNS_NOERROR);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	answer(&tape, 3000, SECOND, PORT, 1, DNS_NXDOMAIN);
	lookups_finish(tape.lookups, tape.story.now);
	assert_int_equal(tape.story.n, 1);
	assert_int_equal(given(&tape, 0)->asked.n, 1);
	end(&tape);
}

/* A phone may ask two servers at once; a span port may show each query twice. */
static void
span_copies_count_once(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	ask(&tape, 0, SECOND, PORT, 1, NAME, DNS_A);
	ask(&tape, 0, SECOND, PORT, 1, NAME, DNS_A);
	ask(&tape, 1, SECOND, PORT, 1, NAME, DNS_A);
	ask(&tape, 0, SECOND, PORT, 2, NAME, DNS_A);
	answer(&tape, 1, FIRST, PORT, 1, DNS_NOERROR);
	assert_int_equal(tape.story.n, 1);
	assert_int_equal(given(&tape, 0)->asked.n, 3);
	assert_int_equal(given(&tape, 0)->asked.frames[0], 3);
	assert_int_equal(given(&tape, 0)->asked.frames[1], 5);
	assert_int_equal(given(&tape, 0)->asked.frames[2], 6);
	end(&tape);
}

/* By another id, or by the same one a while later. */
static void
asked_again_after_an_answer_is_another(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	answer(&tape, 20, FIRST, PORT, 1, DNS_NOERROR);
	ask(&tape, 20, FIRST, PORT, 2, NAME, DNS_A);
	answer(&tape, 20, FIRST, PORT, 2, DNS_NOERROR);
	ask(&tape, 2000, FIRST, PORT, 2, NAME, DNS_A);
	answer(&tape, 20, FIRST, PORT, 2, DNS_NOERROR);
	assert_int_equal(tape.story.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(tape.story.events[i]->at.frame, 1 + 2 * i);
		assert_int_equal(given(&tape, i)->answered.frame, 2 + 2 * i);
		assert_int_equal(given(&tape, i)->asked.n, 0);
	}
	end(&tape);
}

static void
another_server_may_know_better(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	answer(&tape, 20, FIRST, PORT, 1, DNS_SERVFAIL);
	assert_int_equal(tape.story.n, 0);
	ask(&tape, 20, SECOND, PORT, 2, NAME, DNS_A);
	answer(&tape, 20, SECOND, PORT, 2, DNS_NOERROR);
	assert_int_equal(tape.story.n, 1);
	assert_int_equal(given(&tape, 0)->answered.frame, 4);
	assert_int_equal(given(&tape, 0)->rcode, DNS_NOERROR);
	assert_int_equal(given(&tape, 0)->n_ips, 1);

	ask(&tape, 2000, FIRST, PORT, 3, NAME, DNS_A);
	answer(&tape, 20, FIRST, PORT, 3, DNS_SERVFAIL);
	answer(&tape, 20, SECOND, PORT, 3, DNS_REFUSED);
	lookups_finish(tape.lookups, tape.story.now);
	assert_int_equal(tape.story.n, 2);
	assert_int_equal(given(&tape, 1)->rcode, DNS_REFUSED);
	assert_int_equal(given(&tape, 1)->answered.frame, 7);
	end(&tape);
}

static void
silence_ends_it(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	ask(&tape, 0, FIRST, PORT, 2, NAME, DNS_AAAA);
	ask(&tape, 5000, FIRST, PORT, 1, NAME, DNS_A);
	lookups_age(tape.lookups, story_next(&tape.story, 25000));
	assert_int_equal(tape.story.n, 0);
	lookups_age(tape.lookups, story_next(&tape.story, 1));
	assert_int_equal(tape.story.n, 1);
	assert_int_equal(given(&tape, 0)->type, DNS_AAAA);
	assert_int_equal(tape.story.events[0]->last.frame, 2);
	lookups_age(tape.lookups, story_next(&tape.story, 5000));
	assert_int_equal(tape.story.n, 2);
	assert_int_equal(given(&tape, 1)->type, DNS_A);
	assert_int_equal(given(&tape, 1)->asked.n, 1);
	assert_int_equal(tape.story.events[1]->last.frame, 3);
	assert_int_equal(lookups_held(tape.lookups), 0);
	end(&tape);
}

static void
unreachable_is_of_its_port(void **state)
{
	struct tape tape;
	struct packet error;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	ask(&tape, 0, FIRST, PORT, 2, NAME, DNS_AAAA);
	ask(&tape, 0, FIRST, PORT + 1, 3, "other.example.com", DNS_A);
	error = story_unreachable(OTHER, PORT, FIRST, 53);
	lookups_unreachable(tape.lookups, &error.icmp, story_next(&tape.story, 1));
	error = story_unreachable(PHONE, PORT, FIRST, 69);
	lookups_unreachable(tape.lookups, &error.icmp, story_next(&tape.story, 1));
	error = story_unreachable(PHONE, PORT, FIRST, 53);
	lookups_unreachable(tape.lookups, &error.icmp, story_next(&tape.story, 1));
	lookups_unreachable(tape.lookups, &error.icmp, story_next(&tape.story, 1));
	answer(&tape, 1, FIRST, PORT, 1, DNS_NOERROR);
	lookups_finish(tape.lookups, tape.story.now);
	assert_int_equal(tape.story.n, 3);
	assert_int_equal(given(&tape, 0)->unreachable.frame, 6);
	assert_int_equal(given(&tape, 0)->answered.frame, 8);
	assert_int_equal(given(&tape, 1)->type, DNS_AAAA);
	assert_int_equal(given(&tape, 1)->unreachable.frame, 6);
	assert_int_equal(tape.story.events[1]->last.frame, 7);
	assert_int_equal(given(&tape, 2)->unreachable.frame, 0);
	end(&tape);
}

static void
addresses_are_bounded(void **state)
{
	struct tape tape;
	struct bytes bytes;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	story_dns(&bytes, 1, STORY_ANSWER | STORY_TRUNCATED, NAME, DNS_A, 1000);
	for (uint32_t i = 0; i < 1000; i++)
		story_put_address(&bytes, GATEWAY + i);
	put_at(&bytes, 6, 2, 1001);
	story_put_alias(&bytes, "too.far.example.net");
	answer_with(&tape, 1, FIRST, PORT, &bytes);
	assert_int_equal(given(&tape, 0)->n_ips, LIMIT_ANSWERS);
	assert_null(given(&tape, 0)->alias);
	assert_true(given(&tape, 0)->truncated);
	end(&tape);
}

/* Each is DNS, or looks like it, and makes nothing. */
static void
others_are_passed_over(void **state)
{
	struct tape tape;
	struct bytes bytes;
	struct packet packet;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, 16); /* TXT */
	story_dns(&bytes, 1, STORY_QUERY, NAME, DNS_A, 0);
	put_at(&bytes, bytes.n - 2, 2, 3); /* CHAOS */
	packet = story_udp(PHONE, PORT, FIRST, 53, &bytes);
	assert_true(lookups_datagram(tape.lookups, &packet, story_next(&tape.story, 1)));
	story_dns(&bytes, 1, STORY_QUERY, NAME, DNS_A, 0);
	packet = story_udp(FIRST, 53, PHONE, PORT, &bytes);
	assert_true(lookups_datagram(tape.lookups, &packet, story_next(&tape.story, 1)));
	story_dns(&bytes, 1, STORY_ANSWER, NAME, DNS_A, 0);
	packet = story_udp(PHONE, PORT, FIRST, 53, &bytes);
	assert_true(lookups_datagram(tape.lookups, &packet, story_next(&tape.story, 1)));
	packet.payload.n = 11;
	assert_false(lookups_datagram(tape.lookups, &packet, story_next(&tape.story, 1)));
	assert_int_equal(lookups_held(tape.lookups), 0);
	lookups_finish(tape.lookups, tape.story.now);
	assert_int_equal(tape.story.n, 0);
	end(&tape);
}

/* Ten thousand that nobody answers: the oldest go first, as they stand. */
static void
open_ones_are_bounded(void **state)
{
	struct tape tape;
	char name[32];

	(void)state;
	begin(&tape);
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "n%u.example.com", i);
		ask(&tape, 0, FIRST, PORT, (uint16_t)i, name, DNS_A);
	}
	assert_int_equal(tape.story.n, 10000 - LIMIT_LOOKUPS);
	assert_int_equal(tape.story.tally.evicted_events, 10000 - LIMIT_LOOKUPS);
	assert_string_equal(given(&tape, 0)->name, "n0.example.com");
	assert_string_equal(given(&tape, 7)->name, "n7.example.com");
	assert_true(lookups_held(tape.lookups) < LIMIT_LOOKUPS * (sizeof(struct event) + 32));
	lookups_finish(tape.lookups, tape.story.now);
	assert_int_equal(tape.story.n, 10000);
	end(&tape);
}

static void
those_that_are_over_make_way_first(void **state)
{
	struct tape tape;
	char name[32];
	struct bytes bytes;

	(void)state;
	begin(&tape);
	ask(&tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "n%u.example.com", i);
		ask(&tape, 0, FIRST, PORT, (uint16_t)i, name, DNS_A);
		story_dns(&bytes, (uint16_t)i, STORY_ANSWER, name, DNS_A, 0);
		answer_with(&tape, 0, FIRST, PORT, &bytes);
	}
	assert_int_equal(tape.story.tally.evicted_events, 0);
	assert_int_equal(tape.story.n, 10000);
	answer(&tape, 0, FIRST, PORT, 1, DNS_NOERROR);
	assert_int_equal(tape.story.n, 10001);
	assert_int_equal(lookups_held(tape.lookups), 0);
	end(&tape);
}

/* All that allocates. */
static void
tell(struct tape *tape)
{
	struct bytes bytes;

	ask(tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	ask(tape, 0, FIRST, PORT, 1, NAME, DNS_A);
	story_dns(&bytes, 1, STORY_ANSWER | DNS_SERVFAIL, NAME, DNS_A, 1);
	story_put_alias(&bytes, "a.example.net");
	answer_with(tape, 0, FIRST, PORT, &bytes);
	answer_with(tape, 0, FIRST, PORT, &bytes);
	answer(tape, 0, FIRST, PORT, 2, DNS_NOERROR);
	lookups_finish(tape->lookups, tape->story.now);
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
		tape.lookups = lookups_new(&tape.story.host);
		if (tape.lookups != NULL)
			tell(&tape);
		failed = allocations_failed();
		assert_int_equal(tape.story.host.out_of_memory || tape.lookups == NULL, failed);
		if (!failed)
			assert_int_equal(tape.story.n, 2);
		end(&tape);
	}
	assert_true(nth > 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_ends_it),
		cmocka_unit_test(repeats_are_one_lookup),
		cmocka_unit_test(only_its_own_answer_answers),
		cmocka_unit_test(an_answer_alone_is_a_lookup),
		cmocka_unit_test(copies_of_what_is_over_are_passed_over),
		cmocka_unit_test(span_copies_count_once),
		cmocka_unit_test(asked_again_after_an_answer_is_another),
		cmocka_unit_test(another_server_may_know_better),
		cmocka_unit_test(silence_ends_it),
		cmocka_unit_test(unreachable_is_of_its_port),
		cmocka_unit_test(addresses_are_bounded),
		cmocka_unit_test(others_are_passed_over),
		cmocka_unit_test(open_ones_are_bounded),
		cmocka_unit_test(those_that_are_over_make_way_first),
		cmocka_unit_test(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("lookups", tests, NULL, NULL);
}
