/* CDP and LLDP packets as events: who speaks, and what is kept of it. */
#include "src/story/announcements.h"
#include "tests/allocations.h"
#include "tests/story_tape.h"

enum { PHONE = 0xc0000237 };

static const uint8_t MAC[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55};

/* ---- CDP: facts sheet cisco-phones, section 4 ---- */

static size_t
cdp_field(struct bytes *out, uint16_t type)
{
	put(out, 2, type);
	return put(out, 2, 0);
}

/* Its length counts from its type. */
static void
end_cdp_field(struct bytes *out, size_t length)
{
	put_at(out, length, 2, out->n - length + 2);
}

static void
cdp_number(struct bytes *out, uint16_t type, size_t width, uint64_t value)
{
	size_t length = cdp_field(out, type);

	put(out, width, value);
	end_cdp_field(out, length);
}

static void
cdp_text(struct bytes *out, uint16_t type, const char *text)
{
	size_t length = cdp_field(out, type);

	put_text(out, text);
	end_cdp_field(out, length);
}

/* A phone that asks for a voice VLAN. */
static void
put_cdp(struct bytes *out)
{
	size_t length;

	out->n = 0;
	put(out, 4, 0x02b40000);
	cdp_text(out, 1, "SEP001122334455");
	length = cdp_field(out, 2);
	put(out, 4, 1);
	put(out, 5, UINT64_C(0x0101cc0004));
	put(out, 4, PHONE);
	end_cdp_field(out, length);
	cdp_text(out, 3, "Port 1");
	cdp_number(out, 4, 4, 0x490);
	cdp_text(out, 5, "sip88xx.12-5-1");
	cdp_text(out, 6, "Cisco IP Phone 8861");
	cdp_number(out, 15, 4, 0x20020001);
}

/* ---- LLDP ---- */

static size_t
lldp_field(struct bytes *out, unsigned type)
{
	return put(out, 2, type << 9);
}

static void
end_lldp_field(struct bytes *out, size_t head)
{
	put_at(out, head + 1, 1, out->n - head - 2);
}

static void
lldp_text(struct bytes *out, unsigned type, size_t width, uint64_t before, const char *text)
{
	size_t head = lldp_field(out, type);

	put(out, width, before);
	put_text(out, text);
	end_lldp_field(out, head);
}

/* chassis and port are a field's bytes each: the subtype, then the id. */
static void
put_lldp(struct bytes *out, const char *chassis, size_t n_chassis, const char *port, size_t n_port)
{
	size_t head;

	out->n = 0;
	head = lldp_field(out, 1);
	put_bytes(out, chassis, n_chassis);
	end_lldp_field(out, head);
	head = lldp_field(out, 2);
	put_bytes(out, port, n_port);
	end_lldp_field(out, head);
	head = lldp_field(out, 3);
	put(out, 2, 180);
	end_lldp_field(out, head);
	lldp_text(out, 5, 0, 0, "SEP001122334455");
	lldp_text(out, 6, 0, 0, "Cisco IP Phone CP-8861");
	head = lldp_field(out, 7);
	put(out, 4, 0x00240024); /* bridge and phone */
	end_lldp_field(out, head);
}

#define PUT_LLDP(out, chassis, port) put_lldp(out, chassis, sizeof(chassis) - 1, port, sizeof(port) - 1)

/* ---- tests ---- */

static struct packet
packet_of(enum packet_kind kind, const struct bytes *bytes)
{
	/* Nothing of IP was read. */
	struct packet packet = story_packet_of(kind, 0x01020304, 0x05060708);

	packet.ip.version = 0;
	packet.has_speaker = true;
	memcpy(packet.speaker, MAC, sizeof(MAC));
	packet.payload = slice_of(bytes->b, bytes->n);
	packet.payload_len = bytes->n;
	return packet;
}

static void
send(struct story_tape *tape, enum packet_kind kind, const struct bytes *bytes)
{
	struct packet packet = packet_of(kind, bytes);

	announcements_packet(&tape->host, &packet, story_next(tape, 1));
}

static void
a_phone_announces_itself_by_cdp(void **state)
{
	struct story_tape tape;
	struct bytes bytes;
	const struct event *event;
	const struct announcement *said;

	(void)state;
	story_begin(&tape);
	put_cdp(&bytes);
	send(&tape, PACKET_CDP, &bytes);
	assert_int_equal(tape.n, 1);
	event = tape.events[0];
	said = &event->announcement;
	assert_int_equal(event->kind, EVENT_ANNOUNCEMENT);
	assert_true(event->at.frame == 1 && event->last.frame == 1 && event->vlan[0] == STORY_VLAN);
	assert_true(event->client.has_mac && event->client.port == 0);
	assert_memory_equal(event->client.mac, MAC, sizeof(MAC));
	story_assert_ip(&event->client.ip, PHONE);
	assert_false(event->server.has_mac || ip_is_set(&event->server.ip));
	assert_false(said->lldp);
	assert_true(said->phone && said->has_ip);
	story_assert_ip(&said->ip, PHONE);
	assert_string_equal(said->name, "SEP001122334455");
	assert_string_equal(said->model, "Cisco IP Phone 8861");
	assert_string_equal(said->software, "sip88xx.12-5-1");
	assert_string_equal(said->port, "Port 1");
	assert_true(said->serial == NULL && said->chassis == NULL);
	assert_true(said->native_vlan == -1 && said->voice_vlan == -1);
	story_end(&tape);
}

static void
a_switch_says_its_vlans(void **state)
{
	struct story_tape tape;
	struct bytes bytes = {.n = 0};
	struct packet packet;
	struct ends ends;

	(void)state;
	story_begin(&tape);
	put(&bytes, 4, 0x02b40000);
	cdp_text(&bytes, 1, "sw1");
	cdp_number(&bytes, 10, 2, 20);
	cdp_number(&bytes, 14, 3, 0x010064);
	packet = packet_of(PACKET_CDP, &bytes);
	packet.has_speaker = false;
	ends = ends_of(&packet, 0);
	assert_false(ip_is_set(&ends.end[0].ip) || ip_is_set(&ends.end[1].ip));
	announcements_packet(&tape.host, &packet, story_next(&tape, 1));
	assert_int_equal(tape.events[0]->announcement.native_vlan, 20);
	assert_int_equal(tape.events[0]->announcement.voice_vlan, 100);
	assert_false(tape.events[0]->announcement.phone || tape.events[0]->announcement.has_ip);
	assert_false(tape.events[0]->client.has_mac || ip_is_set(&tape.events[0]->client.ip));
	story_end(&tape);
}

static void
a_phone_announces_itself_by_lldp(void **state)
{
	struct story_tape tape;
	struct bytes bytes;
	const struct announcement *said;

	(void)state;
	story_begin(&tape);
	PUT_LLDP(&bytes, "\x05\x01\xc0\x00\x02\x37", "\x07" "001122334455:P1");
	lldp_text(&bytes, 127, 4, 0x0012bb06, "boot88xx");
	lldp_text(&bytes, 127, 4, 0x0012bb07, "sip88xx.12-5-1");
	lldp_text(&bytes, 127, 4, 0x0012bb08, "FCH12345678");
	lldp_text(&bytes, 127, 4, 0x0012bb0a, "CP-8861");
	lldp_text(&bytes, 127, 8, 0x0012bb0201000000 | 0x40 << 16 | 100 << 9, "");
	send(&tape, PACKET_LLDP, &bytes);
	assert_int_equal(tape.n, 1);
	said = &tape.events[0]->announcement;
	assert_true(said->lldp && said->phone && said->has_ip);
	assert_memory_equal(tape.events[0]->client.mac, MAC, sizeof(MAC));
	story_assert_ip(&tape.events[0]->client.ip, PHONE);
	assert_string_equal(said->name, "SEP001122334455");
	assert_string_equal(said->model, "CP-8861");
	assert_string_equal(said->software, "sip88xx.12-5-1");
	assert_string_equal(said->serial, "FCH12345678");
	assert_string_equal(said->chassis, "192.0.2.55");
	assert_string_equal(said->port, "001122334455:P1");
	assert_int_equal(said->native_vlan, -1);
	story_end(&tape);
}

static void
ids_are_written_as_what_they_are(void **state)
{
	struct story_tape tape;
	struct bytes bytes;

	(void)state;
	story_begin(&tape);
	PUT_LLDP(&bytes, "\x04\x00\x11\x22\x33\x44\x55", "\x03\x00\x11\x22\x33\x44\x56");
	send(&tape, PACKET_LLDP, &bytes);
	assert_string_equal(tape.events[0]->announcement.chassis, "00:11:22:33:44:55");
	assert_string_equal(tape.events[0]->announcement.port, "00:11:22:33:44:56");
	assert_string_equal(tape.events[0]->announcement.model, "Cisco IP Phone CP-8861");
	assert_null(tape.events[0]->announcement.software);
	PUT_LLDP(&bytes, "\x05\x02\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07", "\x03short");
	lldp_text(&bytes, 127, 4, 0x0012bb06, "boot88xx");
	send(&tape, PACKET_LLDP, &bytes);
	assert_string_equal(tape.events[1]->announcement.chassis, "2001:db8::7");
	assert_string_equal(tape.events[1]->announcement.port, "short");
	assert_string_equal(tape.events[1]->announcement.software, "boot88xx");
	PUT_LLDP(&bytes, "\x05\x01xyz", "\x07\x1b[2J");
	send(&tape, PACKET_LLDP, &bytes);
	assert_string_equal(tape.events[2]->announcement.chassis, "\\x01xyz");
	assert_string_equal(tape.events[2]->announcement.port, "\\x1b[2J");
	story_end(&tape);
}

static void
what_stands_before_a_cut_counts(void **state)
{
	struct story_tape tape;
	struct bytes bytes;

	(void)state;
	story_begin(&tape);
	put_cdp(&bytes);
	bytes.n = 30;
	send(&tape, PACKET_CDP, &bytes);
	assert_string_equal(tape.events[0]->announcement.name, "SEP001122334455");
	bytes.n = 12;
	send(&tape, PACKET_CDP, &bytes);
	PUT_LLDP(&bytes, "\x07me", "\x07x");
	bytes.n = 6;
	send(&tape, PACKET_LLDP, &bytes);
	assert_int_equal(tape.n, 2);
	assert_string_equal(tape.events[1]->announcement.chassis, "me");
	bytes.n = 4;
	send(&tape, PACKET_LLDP, &bytes);
	assert_int_equal(tape.n, 2);
	story_end(&tape);
}

static void
no_memory_is_said(void **state)
{
	bool failed = true;
	size_t nth;
	struct bytes cdp, lldp;

	(void)state;
	put_cdp(&cdp);
	PUT_LLDP(&lldp, "\x04\x00\x11\x22\x33\x44\x55", "\x03\x00\x11\x22\x33\x44\x56");
	for (nth = 1; failed; nth++) {
		struct story_tape tape;

		story_begin(&tape);
		allocations_fail(nth);
		send(&tape, PACKET_CDP, &cdp);
		send(&tape, PACKET_LLDP, &lldp);
		failed = allocations_failed();
		assert_int_equal(tape.host.out_of_memory, failed);
		if (!failed)
			assert_int_equal(tape.n, 2);
		story_end(&tape);
	}
	assert_true(nth > 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_phone_announces_itself_by_cdp),
		cmocka_unit_test(a_switch_says_its_vlans),
		cmocka_unit_test(a_phone_announces_itself_by_lldp),
		cmocka_unit_test(ids_are_written_as_what_they_are),
		cmocka_unit_test(what_stands_before_a_cut_counts),
		cmocka_unit_test(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("announcements", tests, NULL, NULL);
}
