/* The door to what is read beside TLS: which packet is whose, when things end, and that all stays bounded. */
#include "src/story/story.h"
#include "tests/allocations.h"
#include "tests/story_tape.h"

enum { PHONE = 0x0a000007, SERVER = 0x0a000002, EVERYBODY = 0xffffffff };
enum { PORT = 40000, TFTP = 69 };

static const char NAME[] = "vpn.example.com";

struct tape {
	struct story_tape tape;
	struct story *story;
};

static void
begin(struct tape *tape)
{
	story_begin(&tape->tape);
	tape->story = story_new(&tape->tape.host);
	assert_non_null(tape->story);
}

static void
end(struct tape *tape)
{
	story_free(tape->story);
	story_end(&tape->tape);
}

/* A frame that is nobody's, after so many milliseconds. */
static void
pass(struct tape *tape, int64_t ms)
{
	story_age(tape->story, story_next(&tape->tape, ms));
}

static bool
take(struct tape *tape, const struct packet *packet)
{
	struct when now = story_next(&tape->tape, 1);

	story_age(tape->story, now);
	return story_packet(tape->story, packet, now);
}

static bool
take_udp(struct tape *tape, uint32_t src, uint16_t src_port, uint32_t dst, uint16_t dst_port, const struct bytes *bytes)
{
	struct packet packet = story_udp(src, src_port, dst, dst_port, bytes);

	return take(tape, &packet);
}

static bool
take_query(struct tape *tape, uint16_t id, const char *name)
{
	struct bytes bytes;

	story_dns(&bytes, id, STORY_QUERY, name, DNS_A, 0);
	return take_udp(tape, PHONE, PORT, SERVER, 53, &bytes);
}

static bool
take_request(struct tape *tape, uint16_t port, const char *file)
{
	struct bytes bytes = {.n = 0};

	put(&bytes, 2, 1);
	put_bytes(&bytes, file, strlen(file) + 1);
	put_bytes(&bytes, "octet", 6);
	return take_udp(tape, PHONE, port, SERVER, TFTP, &bytes);
}

static bool
take_discover(struct tape *tape, uint32_t xid)
{
	struct bytes bytes = {.n = 0};

	put(&bytes, 4, 0x01010600);
	put(&bytes, 4, xid);
	while (bytes.n < 236)
		put(&bytes, 4, 0);
	put(&bytes, 4, 0x63825363);
	put(&bytes, 3, 0x350101);
	return take_udp(tape, 0, 68, EVERYBODY, 67, &bytes);
}

static bool
take_cdp(struct tape *tape, uint64_t speaker)
{
	struct packet packet = story_packet_of(PACKET_CDP, 0, 0);
	struct bytes bytes = {.n = 0};

	packet.ip.version = 0;
	packet.has_speaker = true;
	for (unsigned i = 0; i < 6; i++)
		packet.speaker[i] = (uint8_t)(speaker >> 8 * i);
	put(&bytes, 4, 0x02b40000);
	put(&bytes, 4, 0x00010007);
	put_text(&bytes, "sw1");
	packet.payload = slice_of(bytes.b, bytes.n);
	packet.payload_len = bytes.n;
	return take(tape, &packet);
}

static bool
take_lldp(struct tape *tape)
{
	struct packet packet = story_packet_of(PACKET_LLDP, 0, 0);
	struct bytes bytes = {.n = 0};

	packet.ip.version = 0;
	put(&bytes, 6, UINT64_C(0x020407737731)); /* chassis "sw1" */
	put(&bytes, 4, 0x04020731);
	put(&bytes, 4, 0x06020078);
	packet.payload = slice_of(bytes.b, bytes.n);
	packet.payload_len = bytes.n;
	return take(tape, &packet);
}

static bool
take_ping(struct tape *tape, uint32_t server, bool reply)
{
	struct packet packet = story_echo(PHONE, server, reply, 1);

	return take(tape, &packet);
}

static void
each_packet_finds_its_reader(void **state)
{
	static const enum event_kind kinds[] = {EVENT_ANNOUNCEMENT, EVENT_ANNOUNCEMENT, EVENT_LEASE, EVENT_TRANSFER,
						EVENT_LOOKUP, EVENT_PING};
	struct tape tape;

	(void)state;
	begin(&tape);
	assert_true(take_ping(&tape, SERVER, false));
	assert_int_equal(story_held(tape.story), sizeof(struct event));
	assert_true(take_ping(&tape, SERVER, true));
	assert_true(take_query(&tape, 1, NAME));
	assert_int_equal(story_held(tape.story), 2 * sizeof(struct event) + sizeof(NAME));
	assert_true(take_request(&tape, PORT, "CTLFile.tlv"));
	assert_true(take_cdp(&tape, 1));
	assert_true(take_lldp(&tape));
	assert_true(take_discover(&tape, 1));
	assert_int_equal(tape.tape.n, 3);
	assert_true(story_held(tape.story) >= 3 * sizeof(struct event));
	story_finish(tape.story, tape.tape.now);
	assert_int_equal(tape.tape.n, 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(tape.tape.events[i]->kind, kinds[i]);
	assert_int_equal(story_held(tape.story), 0);
	end(&tape);
}

/* A VPN on port 53 is still a VPN. */
static void
others_are_left_to_others(void **state)
{
	static const uint16_t ports[] = {53, 67, 68, 443};
	struct bytes bytes = {.n = 0};
	struct tape tape;
	struct packet packet;

	(void)state;
	begin(&tape);
	put(&bytes, 8, UINT64_C(0x16fefd0000000000));
	put(&bytes, 8, UINT64_C(0x000000100100000c));
	put(&bytes, 8, 0);
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		assert_false(take_udp(&tape, PHONE, PORT, SERVER, ports[i], &bytes));
		assert_false(take_udp(&tape, SERVER, ports[i], PHONE, PORT, &bytes));
	}
	packet = story_packet_of(PACKET_OTHER, PHONE, SERVER);
	assert_false(take(&tape, &packet));
	packet = story_unreachable(PHONE, PORT, SERVER, 443);
	assert_false(take(&tape, &packet));
	packet.icmp = (struct icmp_header){.type = 5};
	assert_false(take(&tape, &packet));
	story_finish(tape.story, tape.tape.now);
	assert_int_equal(tape.tape.n, 0);
	end(&tape);
}

/* The error is another's too. */
static void
unreachable_reaches_all(void **state)
{
	struct tape tape;
	struct packet packet;

	(void)state;
	begin(&tape);
	take_query(&tape, 1, NAME);
	take_request(&tape, PORT + 1, "CTLFile.tlv");
	packet = story_unreachable(PHONE, PORT, SERVER, 53);
	assert_false(take(&tape, &packet));
	packet = story_unreachable(PHONE, PORT + 1, SERVER, TFTP);
	assert_false(take(&tape, &packet));
	packet.icmp.quoted.protocol = IP_TCP;
	packet.icmp.dst_port = 53;
	packet.icmp.src_port = PORT;
	assert_false(take(&tape, &packet));
	story_finish(tape.story, tape.tape.now);
	assert_int_equal(tape.tape.n, 2);
	assert_int_equal(tape.tape.events[0]->transfer.unreachable.frame, 4);
	assert_int_equal(tape.tape.events[1]->lookup.unreachable.frame, 3);
	assert_int_equal(tape.tape.events[1]->last.frame, 3);
	end(&tape);
}

/* Time goes on with any frame. */
static void
silence_ends_things(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	take_query(&tape, 1, NAME);
	take_ping(&tape, SERVER, false);
	take_request(&tape, PORT, "CTLFile.tlv");
	for (unsigned i = 0; i < 11; i++)
		pass(&tape, 1000);
	assert_int_equal(tape.tape.n, 1);
	assert_int_equal(tape.tape.events[0]->kind, EVENT_PING);
	for (unsigned i = 0; i < 20; i++)
		pass(&tape, 1000);
	assert_int_equal(tape.tape.n, 2);
	assert_int_equal(tape.tape.events[1]->kind, EVENT_LOOKUP);
	for (unsigned i = 0; i < 60; i++)
		pass(&tape, 1000);
	assert_int_equal(tape.tape.n, 3);
	assert_int_equal(tape.tape.events[2]->kind, EVENT_TRANSFER);
	end(&tape);
}

/* A clock that is set back is no silence, and ends nothing for ever. */
static void
a_clock_may_go_back(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	take_query(&tape, 1, NAME);
	pass(&tape, -2000000000000);
	assert_int_equal(tape.tape.n, 0);
	take_ping(&tape, SERVER, false);
	pass(&tape, 11000);
	assert_int_equal(tape.tape.n, 1);
	pass(&tape, 2000000020000);
	assert_int_equal(tape.tape.n, 2);
	end(&tape);
}

static void
what_is_open_is_given_at_the_end_alone(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape);
	take_query(&tape, 1, NAME);
	take_ping(&tape, SERVER, false);
	take_request(&tape, PORT, "CTLFile.tlv");
	end(&tape);
	assert_int_equal(tape.tape.n, 0);
}

static void
floods_stay_bounded(void **state)
{
	enum { MANY = 10000 };
	const size_t most = LIMIT_LOOKUPS + LIMIT_PINGS + LIMIT_TRANSFERS;
	struct tape tape;
	char name[32];

	(void)state;
	begin(&tape);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "n%u.example.com", i);
		take_query(&tape, (uint16_t)i, name);
		take_ping(&tape, 0x0b000000 + i, false);
		take_request(&tape, (uint16_t)(20000 + i), name);
		take_cdp(&tape, i);
		take_discover(&tape, i);
		if (i % 100 == 0)
			assert_true(story_held(tape.story) < most * 2 * sizeof(struct event));
	}
	story_finish(tape.story, tape.tape.now);
	assert_int_equal(tape.tape.n, 5 * MANY);
	assert_int_equal(story_held(tape.story), 0);
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
		size_t before = 0;

		story_begin(&tape.tape);
		allocations_fail(nth);
		tape.story = story_new(&tape.tape.host);
		if (tape.story != NULL) {
			take_query(&tape, 1, NAME);
			take_cdp(&tape, 1);
			take_discover(&tape, 1);
			before = tape.tape.n;
			story_finish(tape.story, tape.tape.now);
		}
		failed = allocations_failed();
		assert_int_equal(tape.tape.host.out_of_memory || tape.story == NULL, failed);
		assert_int_equal(tape.tape.n, failed ? before : 3);
		end(&tape);
	}
	assert_true(nth > 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_packet_finds_its_reader),
		cmocka_unit_test(others_are_left_to_others),
		cmocka_unit_test(unreachable_reaches_all),
		cmocka_unit_test(silence_ends_things),
		cmocka_unit_test(a_clock_may_go_back),
		cmocka_unit_test(what_is_open_is_given_at_the_end_alone),
		cmocka_unit_test(floods_stay_bounded),
		cmocka_unit_test(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
