/* DHCP messages as events: who the client is, and who the server. */
#include "src/story/leases.h"
#include "tests/allocations.h"
#include "tests/story_tape.h"

enum { PHONE = 0x0a000007, SERVER = 0x0a000002, RELAY = 0x0a000001, EVERYBODY = 0xffffffff };

static const uint8_t MAC[6] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55};

/* A message up to its options, and the first of them. */
static void
put_message(struct bytes *out, uint8_t type, uint32_t ciaddr, uint32_t yiaddr, uint32_t giaddr)
{
	bool reply = type == DHCP_OFFER || type == DHCP_ACK;

	out->n = 0;
	put(out, 4, reply ? 0x02010600 : 0x01010600);
	put(out, 4, 0x12345678);
	put(out, 4, 0);
	put(out, 4, ciaddr);
	put(out, 4, yiaddr);
	put(out, 4, 0);
	put(out, 4, giaddr);
	put_bytes(out, MAC, sizeof(MAC));
	for (unsigned i = 0; i < 10 + 64 + 128; i++)
		put(out, 1, 0);
	put(out, 4, 0x63825363);
	put(out, 3, 0x350100 | type);
}

static void
put_option(struct bytes *out, uint8_t code, const void *p, size_t n)
{
	put(out, 1, code);
	put(out, 1, n);
	put_bytes(out, p, n);
}

static bool
send(struct story_tape *tape, uint32_t src, uint32_t dst, const struct bytes *bytes)
{
	struct packet packet = story_udp(src, 68, dst, 67, bytes);

	return leases_datagram(&tape->host, &packet, story_next(tape, 1));
}

static void
a_client_asks_everybody(void **state)
{
	struct story_tape tape;
	struct bytes bytes;
	const struct event *event;

	(void)state;
	story_begin(&tape);
	put_message(&bytes, DHCP_REQUEST, 0, 0, 0);
	put_option(&bytes, 12, "SEP001122334455", 15);
	put_option(&bytes, 60, "Cisco Systems, Inc. IP Phone CP-8861\x1b", 37);
	put_option(&bytes, 50, "\x0a\0\0\x07", 4);
	put(&bytes, 1, 255);
	assert_true(send(&tape, 0, EVERYBODY, &bytes));
	assert_int_equal(tape.n, 1);
	event = tape.events[0];
	assert_int_equal(event->kind, EVENT_LEASE);
	assert_true(event->at.frame == 1 && event->last.frame == 1);
	assert_false(ip_is_set(&event->client.ip));
	assert_true(event->client.has_mac);
	assert_memory_equal(event->client.mac, MAC, sizeof(MAC));
	assert_int_equal(event->client.port, 68);
	assert_false(ip_is_set(&event->server.ip) || event->server.has_mac);
	assert_int_equal(event->server.port, 67);
	assert_int_equal(event->vlan[0], STORY_VLAN);
	assert_true(event->lease.type == DHCP_REQUEST && !event->lease.reply && event->lease.xid == 0x12345678);
	assert_true(event->lease.has_mac);
	assert_memory_equal(event->lease.mac, MAC, sizeof(MAC));
	story_assert_ip(&event->lease.requested, PHONE);
	assert_string_equal(event->lease.host_name, "SEP001122334455");
	assert_string_equal(event->lease.vendor_class, "Cisco Systems, Inc. IP Phone CP-8861\\x1b");
	assert_true(event->lease.tftp_name == NULL && event->lease.boot_file == NULL && event->lease.boot_server == NULL);
	story_end(&tape);
}

static void
an_answer_names_tftp_servers(void **state)
{
	struct story_tape tape;
	struct bytes bytes;
	const struct event *event;

	(void)state;
	story_begin(&tape);
	put_message(&bytes, DHCP_ACK, 0, PHONE, 0);
	put_option(&bytes, 54, "\x0a\0\0\x02", 4);
	put_option(&bytes, 66, "tftp.example.com", 16);
	put_option(&bytes, 150, "\x0a\0\0\x05\x0a\0\0\x06", 8);
	put(&bytes, 1, 255);
	assert_true(send(&tape, SERVER + 1, EVERYBODY, &bytes));
	event = tape.events[0];
	story_assert_ip(&event->client.ip, PHONE);
	assert_memory_equal(event->client.mac, MAC, sizeof(MAC));
	story_assert_ip(&event->server.ip, SERVER);
	assert_true(event->server.has_mac && event->server.mac[5] == SERVER + 1 - 0x0a000000);
	assert_true(event->lease.reply && event->lease.option_66 && event->lease.option_150);
	assert_string_equal(event->lease.tftp_name, "tftp.example.com");
	assert_int_equal(event->lease.n_tftp, 2);
	story_assert_ip(&event->lease.tftp[1], 0x0a000006);
	story_assert_ip(&event->lease.yours, PHONE);
	story_assert_ip(&event->lease.server, SERVER);
	story_end(&tape);
}

static void
an_offer_is_no_address(void **state)
{
	struct story_tape tape;
	struct bytes bytes;

	(void)state;
	story_begin(&tape);
	put_message(&bytes, DHCP_OFFER, 0, PHONE, 0);
	assert_true(send(&tape, SERVER, EVERYBODY, &bytes));
	assert_false(ip_is_set(&tape.events[0]->client.ip));
	story_assert_ip(&tape.events[0]->lease.yours, PHONE);
	story_assert_ip(&tape.events[0]->server.ip, SERVER);
	story_end(&tape);
}

static void
a_renewal_asks_its_server(void **state)
{
	struct story_tape tape;
	struct bytes bytes;

	(void)state;
	story_begin(&tape);
	put_message(&bytes, DHCP_REQUEST, PHONE, 0, 0);
	assert_true(send(&tape, PHONE, SERVER, &bytes));
	story_assert_ip(&tape.events[0]->client.ip, PHONE);
	story_assert_ip(&tape.events[0]->server.ip, SERVER);
	assert_true(tape.events[0]->server.has_mac && tape.events[0]->server.mac[5] == 2);
	story_end(&tape);
}

/* The relay's own addresses are nobody's here. */
static void
a_relay_is_not_the_client(void **state)
{
	struct story_tape tape;
	struct bytes bytes;

	(void)state;
	story_begin(&tape);
	put_message(&bytes, DHCP_DISCOVER, 0, 0, RELAY);
	put_at(&bytes, 1, 1, 6);
	assert_true(send(&tape, RELAY, SERVER, &bytes));
	assert_false(ip_is_set(&tape.events[0]->client.ip));
	assert_memory_equal(tape.events[0]->client.mac, MAC, sizeof(MAC));
	story_assert_ip(&tape.events[0]->lease.relay, RELAY);
	put_at(&bytes, 1, 1, 32); /* InfiniBand */
	assert_true(send(&tape, RELAY, SERVER, &bytes));
	assert_false(tape.events[1]->client.has_mac || tape.events[1]->lease.has_mac);
	story_end(&tape);
}

/* What a cut message lacks may be just what matters. */
static void
what_is_cut_or_no_dhcp_is_passed_over(void **state)
{
	struct story_tape tape;
	struct bytes bytes;
	struct packet packet;

	(void)state;
	story_begin(&tape);
	put_message(&bytes, DHCP_ACK, 0, PHONE, 0);
	packet = story_udp(SERVER, 67, PHONE, 68, &bytes);
	packet.payload_len += 100;
	assert_false(leases_datagram(&tape.host, &packet, story_next(&tape, 1)));
	put_at(&bytes, 0, 1, 22);
	assert_false(send(&tape, SERVER, PHONE, &bytes));
	assert_int_equal(tape.n, 0);
	story_end(&tape);
}

static void
no_memory_is_said(void **state)
{
	bool failed = true;
	size_t nth;
	struct bytes bytes;

	(void)state;
	put_message(&bytes, DHCP_ACK, 0, PHONE, 0);
	put_at(&bytes, 44, 4, 0x61626364);
	put_at(&bytes, 108, 4, 0x61626364);
	put_option(&bytes, 12, "a", 1);
	put_option(&bytes, 60, "a", 1);
	put_option(&bytes, 66, "a", 1);
	for (nth = 1; failed; nth++) {
		struct story_tape tape;

		story_begin(&tape);
		allocations_fail(nth);
		assert_true(send(&tape, SERVER, PHONE, &bytes));
		failed = allocations_failed();
		assert_int_equal(tape.host.out_of_memory, failed);
		assert_int_equal(tape.n, !failed);
		story_end(&tape);
	}
	assert_true(nth > 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_asks_everybody),
		cmocka_unit_test(an_answer_names_tftp_servers),
		cmocka_unit_test(an_offer_is_no_address),
		cmocka_unit_test(a_renewal_asks_its_server),
		cmocka_unit_test(a_relay_is_not_the_client),
		cmocka_unit_test(what_is_cut_or_no_dhcp_is_passed_over),
		cmocka_unit_test(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("leases", tests, NULL, NULL);
}
