/* Rules about DTLS that does not come up: a session that the gateway does not know, and silence. */
#include "tests/finding_check.h"

#define CBC_SUITE 0x0035 /* AES256-SHA */

/* logged_in is the TLS before DTLS: six frames, its ServerHello in the second. */
static struct handshake *
logged_in(uint8_t phone, uint8_t gateway, uint32_t suite)
{
	struct handshake *tls = tls_from(phone, gateway, SUITES(0xc030, CBC_SUITE));

	answers(tls, suite);
	shows(tls, SIDE_SERVER, CERTS(cert_of("RSA", "gw", "gw")));
	goes_on(tls);
	return tls;
}

static struct handshake *
not_resumed(void)
{
	struct handshake *dtls;

	logged_in(5, 1, CBC_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	answers(dtls, CBC_SUITE);
	memset(dtls->server_hello.session_id, 7, 32);
	return dtls;
}

static void
a_session_that_the_gateway_does_not_know(void **state)
{
	struct handshake *dtls = not_resumed();

	(void)state;
	is_repeated(dtls);
	is_repeated(dtls);
	assert_true(copies_add(&dtls->server_hello.repeats, next(dtls, SIDE_SERVER)));
	says(raised("dtls-session-not-resumed", ERROR_PROVEN, "7 8 10 11"), "(2 times)");
	not_raised("dtls-unanswered");
	not_raised("dtls-cipher-divergence");
}

static void
a_session_with_no_id_at_all(void **state)
{
	struct handshake *dtls = not_resumed();

	(void)state;
	dtls->server_hello.session_id_len = 0;
	is_repeated(dtls);
	raised("dtls-session-not-resumed", ERROR_PROVEN, "7 8 9");
}

/* No repetition yet, an echo, a tunnel that works, an alert that says why. */
static void
sessions_that_are_not_forgotten(void **state)
{
	struct handshake *dtls = not_resumed();

	(void)state;
	dtls = not_resumed();
	memcpy(dtls->server_hello.session_id, dtls->client_hello.session_id, 32);
	is_repeated(dtls);
	dtls = not_resumed();
	is_repeated(dtls);
	goes_on(dtls);
	dtls = not_resumed();
	is_repeated(dtls);
	alerts(dtls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	not_raised("dtls-session-not-resumed");
}

static void
a_gateway_that_does_not_answer(void **state)
{
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, CBC_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	for (size_t i = 0; i < 3; i++)
		is_repeated(dtls);
	says(raised("dtls-unanswered", ERROR_PROVEN, "7 8 9 10"),
	     "4 DTLS ClientHellos to UDP port 443, and no answer.");
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_FAILING);
}

/* No more copies are named than were noted. */
static void
a_client_that_does_not_give_up(void **state)
{
	const struct finding *finding;
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, CBC_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	for (size_t i = 0; i < LIMIT_REPEATS + 3; i++)
		is_repeated(dtls);
	finding = raised("dtls-unanswered", ERROR_PROVEN, "7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23");
	assert_int_equal(finding->n_frames, 1 + LIMIT_REPEATS);
	says(finding, "20 DTLS ClientHellos");
}

/* Silence behind a HelloVerifyRequest is silence too. */
static void
silence_behind_a_verify_request(void **state)
{
	struct handshake *dtls = dtls_from(5, 1, SUITES(CBC_SUITE));

	(void)state;
	dtls->first_hello.at = dtls->client_hello.at;
	dtls->hello_verify.at = next(dtls, SIDE_SERVER);
	dtls->client_hello.at = next(dtls, SIDE_CLIENT);
	is_repeated(dtls);
	says(raised("dtls-unanswered", ERROR_PROVEN, "3 4"), "behind a HelloVerifyRequest");
}

/* Dropped packets may have been the answer. */
static void
silence_where_packets_were_dropped(void **state)
{
	(void)state;
	facts.tally.dropped.kernel = 1;
	logged_in(5, 1, CBC_SUITE);
	is_repeated(dtls_from(5, 1, SUITES(CBC_SUITE)));
	assert_true(raised("dtls-unanswered", ERROR_LIKELY, "7 8")->tainted);
}

static void
silence_while_no_packets_were_dropped(void **state)
{
	const int64_t after = FACTS_START + INT64_C(3600) * 1000000;

	(void)state;
	drops_add(&facts.tally.dropped, 1, 0, after, after + 1);
	logged_in(5, 1, CBC_SUITE);
	is_repeated(dtls_from(5, 1, SUITES(CBC_SUITE)));
	assert_false(raised("dtls-unanswered", ERROR_PROVEN, "7 8")->tainted);
}

/* Nothing of the gateway is in the capture at all: the span port may show one direction alone. */
static void
silence_where_nothing_is_seen_of_the_gateway(void **state)
{
	(void)state;
	is_repeated(dtls_from(5, 1, SUITES(CBC_SUITE)));
	raised("dtls-unanswered", WARNING_LIKELY, "1 2");
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_UNKNOWN);
}

static void
silence_where_nothing_tells(void **state)
{
	(void)state;
	is_repeated(dtls_from(5, 1, SUITES(CBC_SUITE, 0x002f)));
	not_raised("dtls-unanswered");
}

/* A lone hello at the end of a capture: the answer may come. */
static void
a_lone_hello(void **state)
{
	(void)state;
	logged_in(5, 1, CBC_SUITE);
	dtls_from(5, 1, SUITES(CBC_SUITE));
	later(2);
	not_raised("dtls-unanswered");
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_OK);
}

static void
a_hello_that_waits_three_seconds(void **state)
{
	(void)state;
	logged_in(5, 1, CBC_SUITE);
	dtls_from(5, 1, SUITES(CBC_SUITE));
	later(3);
	raised("dtls-unanswered", ERROR_PROVEN, "7");
}

static struct handshake *
refused_by_icmp(uint8_t type, uint8_t code)
{
	struct handshake *dtls = dtls_from(5, 1, SUITES(CBC_SUITE));

	dtls->unreachable = next(dtls, SIDE_CLIENT);
	dtls->unreachable_type = type;
	dtls->unreachable_code = code;
	return dtls;
}

/* ICMP is an answer: one hello is enough. */
static void
a_port_that_nobody_listens_on(void **state)
{
	(void)state;
	refused_by_icmp(3, 3);
	says(raised("dtls-unanswered", ERROR_PROVEN, "1 2"), "(type 3, code 3: nobody listens");
}

static void
a_port_that_a_firewall_closes(void **state)
{
	(void)state;
	refused_by_icmp(3, 13);
	says(raised("dtls-unanswered", ERROR_PROVEN, "1 2"), "code 13: a filter on the way prohibits it)");
}

/* ICMPv6 counts otherwise; an address may bear any byte. */
static void
a_port_that_nobody_listens_on_in_ipv6(void **state)
{
	struct handshake *dtls = refused_by_icmp(1, 4);

	(void)state;
	dtls->server.ip = (struct ip_addr){{0x20, 0x01, 0x0d, 0xb8, [10] = 0xff, [15] = 1}};
	says(raised("dtls-unanswered", ERROR_PROVEN, "1 2"), "code 4: nobody listens");
}

/* An ICMP error about another datagram than the hello, which was answered. */
static void
icmp_behind_an_answer(void **state)
{
	struct handshake *dtls = refused_by_icmp(3, 3);

	(void)state;
	answers(dtls, CBC_SUITE);
	goes_on(dtls);
	not_raised("dtls-unanswered");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_session_that_the_gateway_does_not_know),
		FACTS_TEST(a_session_with_no_id_at_all),
		FACTS_TEST(sessions_that_are_not_forgotten),
		FACTS_TEST(a_gateway_that_does_not_answer),
		FACTS_TEST(a_client_that_does_not_give_up),
		FACTS_TEST(silence_behind_a_verify_request),
		FACTS_TEST(silence_where_packets_were_dropped),
		FACTS_TEST(silence_while_no_packets_were_dropped),
		FACTS_TEST(silence_where_nothing_is_seen_of_the_gateway),
		FACTS_TEST(silence_where_nothing_tells),
		FACTS_TEST(a_lone_hello),
		FACTS_TEST(a_hello_that_waits_three_seconds),
		FACTS_TEST(a_port_that_nobody_listens_on),
		FACTS_TEST(a_port_that_a_firewall_closes),
		FACTS_TEST(a_port_that_nobody_listens_on_in_ipv6),
		FACTS_TEST(icmp_behind_an_answer),
	};

	return cmocka_run_group_tests_name("findings: DTLS without an answer", tests, NULL, NULL);
}
