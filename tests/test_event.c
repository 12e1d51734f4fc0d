/* What is told before the handshake, held, weighed and compared. */
#include "src/story/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/allocations.h"

static char *
copy(const char *text)
{
	char *out = strdup(text);

	assert_non_null(out);
	return out;
}

/* Its texts are so many bytes, with their NULs. */
static void
weigh_and_free(struct event *event, size_t bytes)
{
	assert_int_equal(event_weight(event), sizeof(*event) + bytes);
	event_free(event);
}

/* The sanitizer sees that nothing is left. */
static void
each_kind_holds_its_texts(void **state)
{
	struct event *event;

	(void)state;
	event = event_new(EVENT_ANNOUNCEMENT);
	assert_true(event->announcement.voice_vlan == -1 && event->announcement.native_vlan == -1);
	event->announcement.name = copy("SEP001122334455");
	event->announcement.model = copy("CP-8861");
	event->announcement.software = copy("sip88xx");
	event->announcement.port = copy("1");
	event->announcement.serial = copy("F");
	event->announcement.chassis = copy("c");
	weigh_and_free(event, 16 + 8 + 8 + 2 + 2 + 2);
	event = event_new(EVENT_LEASE);
	event->lease.host_name = copy("h");
	event->lease.vendor_class = copy("vc");
	event->lease.tftp_name = copy("tftp");
	event->lease.boot_server = copy("s");
	event->lease.boot_file = copy("f");
	weigh_and_free(event, 2 + 3 + 5 + 2 + 2);
	event = event_new(EVENT_TRANSFER);
	event->transfer.file = copy("CTLFile.tlv");
	event->transfer.mode = copy("octet");
	event->transfer.message = copy("File not found");
	weigh_and_free(event, 12 + 6 + 15);
	event = event_new(EVENT_LOOKUP);
	event->lookup.name = copy("a.b");
	event->lookup.alias = copy("c");
	weigh_and_free(event, 4 + 2);
	event = event_new(EVENT_PING);
	assert_int_equal(event->kind, EVENT_PING);
	weigh_and_free(event, 0);
	event_free(NULL);
}

static void
content_weighs_too(void **state)
{
	static const char bytes[] = "no file that a phone knows";
	struct cert_store *certs = cert_store_new(0);
	struct event *event = event_new(EVENT_TRANSFER);

	(void)state;
	event->transfer.content = phone_file_read("ITLFile.tlv", slice_of(bytes, sizeof(bytes)), certs);
	assert_non_null(event->transfer.content);
	assert_true(event_weight(event) >= sizeof(*event) + sizeof(bytes));
	event_free(event);
	cert_store_free(certs);
}

static struct event *
announcement(void)
{
	struct event *event = event_new(EVENT_ANNOUNCEMENT);

	event->client.has_mac = true;
	event->client.mac[5] = 1;
	event->announcement.name = copy("SEP001122334455");
	event->announcement.model = copy("CP-8861");
	event->announcement.has_ip = event->announcement.phone = true;
	event->announcement.ip.b[15] = 7;
	return event;
}

static void
drop(char **text)
{
	free(*text);
	*text = NULL;
}

static void
only_the_same_is_the_same(void **state)
{
	enum { DIFFERENCES = 12 };
	struct event *said = announcement();

	(void)state;
	for (unsigned i = 0; i <= DIFFERENCES; i++) {
		struct event *other = announcement();
		struct announcement *more = &other->announcement;

		other->at.frame = 99;
		other->vlans = 1;
		other->client.mac[5] = (uint8_t)(i == 1 ? 2 : 1);
		other->client.has_mac = i != 2;
		more->lldp = i == 3;
		more->phone = i != 4;
		more->voice_vlan = i == 5 ? 100 : -1;
		more->native_vlan = i == 6 ? 100 : -1;
		more->has_ip = i != 7;
		more->ip.b[15] = i == 8 ? 8 : 7;
		if (i == 9)
			more->name[14] = '6';
		if (i == 10)
			drop(&more->model);
		if (i == 11)
			more->software = copy("sip88xx");
		if (i == 12)
			more->chassis = copy("");
		assert_int_equal(event_says_the_same(said, other), i == 0);
		assert_int_equal(event_says_the_same(other, said), i == 0);
		event_free(other);
	}
	event_free(said);
}

static void
only_announcements_say_the_same(void **state)
{
	struct event *ping = event_new(EVENT_PING), *said = announcement();

	(void)state;
	assert_false(event_says_the_same(ping, ping));
	assert_false(event_says_the_same(said, ping));
	event_free(ping);
	event_free(said);
}

static void
small_things(void **state)
{
	struct ip_addr ip = {{0}};

	(void)state;
	assert_false(ip_is_set(&ip));
	ip.b[15] = 1;
	assert_true(ip_is_set(&ip));
	assert_string_equal(transfer_outcome_name(TRANSFER_DONE), "done");
	assert_string_equal(transfer_outcome_name(TRANSFER_REFUSED), "refused");
	assert_string_equal(transfer_outcome_name(TRANSFER_UNANSWERED), "unanswered");
	assert_string_equal(transfer_outcome_name(TRANSFER_BROKEN), "broken");
	assert_string_equal(transfer_outcome_name(TRANSFER_INCOMPLETE), "incomplete");
	allocations_fail(1);
	assert_null(event_new(EVENT_PING));
	assert_true(allocations_failed());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_holds_its_texts),
		cmocka_unit_test(content_weighs_too),
		cmocka_unit_test(only_the_same_is_the_same),
		cmocka_unit_test(only_announcements_say_the_same),
		cmocka_unit_test(small_things),
	};

	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
