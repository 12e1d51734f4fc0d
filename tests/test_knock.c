/* TCP connections that never came to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "src/limit.h"
#include "src/story/knock.h"

static struct told {
	struct event *event;
	size_t n;
} told;

static void
over(void *arg, struct event *event)
{
	(void)arg;
	event_free(told.event);
	told.event = event;
	told.n++;
}

static struct story_host host = {.over = over};

/* One connection: its packets come a second apart. */
static struct attempt {
	struct knock knock;
	struct when now;
} attempt;

static int
setup(void **state)
{
	(void)state;
	told = (struct told){.event = NULL};
	attempt = (struct attempt){.now = {0, 1000000}};
	host.out_of_memory = false;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	event_free(told.event);
	return 0;
}

static void
sends(bool client, uint8_t flags)
{
	struct packet packet = {.kind = PACKET_TCP, .tcp = {.flags = flags}};

	attempt.now.frame++;
	attempt.now.us += 1000000;
	knock_packet(&attempt.knock, &host, &packet, client, attempt.now);
}

static void
fails_by_icmp(uint8_t code)
{
	struct icmp_header icmp = {.type = 3, .code = code, .unreachable = true};

	attempt.now.frame++;
	knock_unreachable(&attempt.knock, &host, &icmp, attempt.now);
}

static const struct knock_fact *
ends(void)
{
	struct ends ends = {.opener = 1, .vlans = 1, .vlan = {110}};

	ends.end[0].port = 443;
	ends.end[1].port = 50000;
	knock_end(&attempt.knock, &host, &ends);
	return told.n > 0 ? &told.event->knock : NULL;
}

static void
silence(void **state)
{
	const struct knock_fact *knock;

	(void)state;
	sends(true, TCP_SYN);
	sends(true, TCP_SYN);
	sends(true, TCP_SYN);
	knock = ends();
	assert_non_null(knock);
	assert_int_equal(knock->asked.n, 2);
	assert_int_equal(told.event->at.frame, 1);
	assert_int_equal(told.event->last.frame, 3);
	assert_int_equal(told.event->client.port, 50000);
	assert_int_equal(told.event->server.port, 443);
	assert_int_equal(told.event->vlan[0], 110);
}

static void
a_single_syn(void **state)
{
	(void)state;
	sends(true, TCP_SYN);
	assert_null(ends());
}

/* A span port's copy is no second one. */
static void
a_copy(void **state)
{
	(void)state;
	sends(true, TCP_SYN);
	attempt.now.us += LIMIT_SPAN_COPY_MICROSECONDS - 1000000;
	sends(true, TCP_SYN);
	assert_null(attempt.knock.trouble);
	attempt.now.us += LIMIT_SPAN_COPY_MICROSECONDS - 1000000 + 1;
	sends(true, TCP_SYN);
	assert_int_equal(attempt.knock.trouble->asked.n, 1);
	assert_non_null(ends());
}

static void
refused(void **state)
{
	(void)state;
	sends(true, TCP_SYN);
	sends(false, TCP_RST | TCP_ACK);
	assert_non_null(ends());
	assert_int_equal(told.event->knock.refused.frame, 2);
	assert_int_equal(told.event->last.frame, 2);
}

static void
filtered(void **state)
{
	(void)state;
	sends(true, TCP_SYN);
	fails_by_icmp(13);
	fails_by_icmp(3);
	assert_non_null(ends());
	assert_int_equal(told.event->knock.unreachable.frame, 2);
	assert_int_equal(told.event->knock.unreachable_code, 13);
}

static void
answered(void **state)
{
	(void)state;
	sends(true, TCP_SYN);
	sends(true, TCP_SYN);
	sends(false, TCP_SYN | TCP_ACK);
	sends(false, TCP_RST);
	assert_null(ends());
}

static void
from_the_middle(void **state)
{
	(void)state;
	sends(true, TCP_ACK);
	sends(true, TCP_ACK);
	sends(false, TCP_RST);
	assert_null(ends());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(silence, setup, teardown),
		cmocka_unit_test_setup_teardown(a_single_syn, setup, teardown),
		cmocka_unit_test_setup_teardown(a_copy, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(filtered, setup, teardown),
		cmocka_unit_test_setup_teardown(answered, setup, teardown),
		cmocka_unit_test_setup_teardown(from_the_middle, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
