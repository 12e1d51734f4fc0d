/* The rules about what the network gave the phone. */
#include "tests/events.h"

#define OFFER SUITES(0xc030, 0x0035)
#define CONFIG "SEP001122334405.cnf.xml"
#define HOST "vpn.example.com"

static const char told[] = "<device><vpnGroup><autoNetDetect>1</autoNetDetect><addresses><url1>https://" HOST
			   "/v</url1></addresses></vpnGroup></device>";

static struct handshake *
comes_up(uint8_t phone)
{
	struct handshake *tls = tls_from(phone, 1, OFFER);

	answers(tls, 0x0035);
	goes_on(tls);
	return tls;
}

static void
no_server(void **state)
{
	(void)state;
	gets_lease(5, 1, 5, 0);
	later(40);
	raised("no-tftp-server", WARNING_PROVEN, "4");
}

static void
no_server_for_a_moment(void **state)
{
	(void)state;
	gets_lease(5, 1, 5, 0);
	raised("no-tftp-server", WARNING_LIKELY, "4");
}

static void
a_server_in_either_option(void **state)
{
	(void)state;
	gets_lease(5, 1, 5, 150);
	gets_lease(6, 1, 6, 66);
	not_raised("no-tftp-server");
}

/* The phone knows one by hand. */
static void
no_server_and_a_request(void **state)
{
	(void)state;
	gets_lease(5, 1, 5, 0);
	asks_for(5, false, CONFIG);
	not_raised("no-tftp-server");
}

static void
a_lease_that_is_prolonged(void **state)
{
	(void)state;
	leases(5, DHCP_REQUEST, 1, 0, 0)->lease.client = v4(10, 0, 0, 5);
	leases(5, DHCP_ACK, 1, 5, 0);
	later(40);
	not_raised("no-tftp-server");
}

static void
another_boot_server(void **state)
{
	(void)state;
	leases(5, DHCP_REQUEST, 1, 0, 0);
	leases(5, DHCP_ACK, 1, 5, 0)->lease.next_server = v4(10, 1, 0, 1);
	not_raised("no-tftp-server");
}

static void
no_server_at_home(void **state)
{
	(void)state;
	given_gateway("198.51.100.1", 0);
	gets_lease(5, 1, 5, 0);
	comes_up(5);
	raised("no-tftp-server", SEVERITY_INFO, CERTAINTY_LIKELY, "4");
}

static void
a_name_that_is_not(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	is_answered(looks_up(5, HOST), DNS_NXDOMAIN, 0);
	says(raised("dns-failure", ERROR_PROVEN, "4 5"), "NXDOMAIN");
	assert_int_equal(phone_named("SEP001122334405")->verdict, VERDICT_FAILING);
}

static void
a_silent_name(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	looks_up(5, HOST);
	later(31);
	raised("dns-failure", ERROR_PROVEN, "4");
}

static void
a_silent_name_for_a_moment(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	looks_up(5, HOST);
	later(3);
	raised("dns-failure", ERROR_LIKELY, "4");
}

static void
a_capture_that_ends(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	looks_up(5, HOST);
	not_raised("dns-failure");
}

static void
another_name(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	is_answered(looks_up(5, HOST ".home"), DNS_NXDOMAIN, 0);
	is_answered(looks_up(5, HOST), DNS_NOERROR, 1);
	not_raised("dns-failure");
}

static void
a_name_found_at_last(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	is_answered(looks_up(5, HOST), DNS_SERVFAIL, 0);
	is_answered(looks_up(5, HOST), DNS_NOERROR, 1);
	not_raised("dns-failure");
}

static void
a_pcs_names(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	is_answered(looks_up(6, HOST), DNS_NXDOMAIN, 0);
	not_raised("dns-failure");
}

/* Nothing names the client but that it asks for the gateway. */
static void
a_given_configuration(void **state)
{
	(void)state;
	given_config("SEP001122334405", HOST);
	is_answered(looks_up(7, HOST), DNS_NXDOMAIN, 0);
	raised("dns-failure", ERROR_PROVEN, "1 2");
}

static void
it_was_reached_all_the_same(void **state)
{
	(void)state;
	given_config("SEP001122334405", HOST);
	is_answered(looks_up(5, HOST), DNS_NXDOMAIN, 0);
	comes_up(5)->client_hello.server_name = copy(HOST);
	not_raised("dns-failure");
}

/* Inside it was well; at home, with another address, the name is unknown. */
static void
a_name_lost_later(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	is_answered(looks_up(5, HOST), DNS_NOERROR, 1);
	comes_up(5); /* frames 6 to 10 */
	is_answered(looks_up(5, HOST), DNS_NXDOMAIN, 0);
	is_answered(looks_up(5, HOST), DNS_NXDOMAIN, 0);
	raised("dns-failure", ERROR_PROVEN, "11 12 13 14");
}

static void
a_search_domain(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG),
	       "<device><vpnGroup><addresses><url1>https://asa/v</url1></addresses></vpnGroup></device>");
	is_answered(looks_up(5, "asa"), DNS_NXDOMAIN, 0);
	is_answered(looks_up(5, "asa.example.com"), DNS_NOERROR, 1);
	comes_up(5);
	not_raised("dns-failure");
	assert_string_equal(visit_at(5, 1)->host, "asa");
}

/* A TCP connection to the gateway that never came to be. */
static struct event *
knocks(uint8_t phone, uint8_t gateway)
{
	struct event *event = tells(EVENT_KNOCK, phone);

	event->server = (struct endpoint){.ip = v4(198, 51, 100, gateway), .port = 443};
	return event;
}

static void
a_gateway_that_is_silent(void **state)
{
	struct event *event;

	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	is_answered(looks_up(5, HOST), DNS_NOERROR, 1);
	event = knocks(5, 1);
	event->knock.asked.n = 2;
	ends(event);
	says(raised("gateway-unreachable", ERROR_PROVEN, "6 7"), HOST " 3 times");
}

static void
a_gateway_that_refuses(void **state)
{
	struct event *event;

	(void)state;
	given_config("SEP001122334477", "198.51.100.1");
	event = knocks(7, 1);
	event->knock.refused = ends(event);
	raised("gateway-unreachable", ERROR_PROVEN, "1 2");
}

static void
a_gateway_behind_a_filter(void **state)
{
	struct event *event;

	(void)state;
	given_gateway("198.51.100.1", 443);
	event = knocks(5, 1);
	event->knock.unreachable = ends(event);
	event->knock.unreachable_type = 3;
	event->knock.unreachable_code = 13;
	says(raised("gateway-unreachable", ERROR_PROVEN, "1 2"), "a filter on the way prohibits it");
}

static void
a_gateway_that_answers_later(void **state)
{
	(void)state;
	given_gateway("198.51.100.1", 443);
	knocks(5, 1)->knock.asked.n = 2;
	comes_up(5);
	not_raised("gateway-unreachable");
}

static void
another_server_that_is_silent(void **state)
{
	(void)state;
	given_gateway("198.51.100.1", 443);
	knocks(5, 9)->knock.asked.n = 2;
	knocks(5, 1)->server.port = 8443;
	not_raised("gateway-unreachable");
}

static struct event *
pings(uint8_t phone, bool answered)
{
	struct event *event = tells(EVENT_PING, phone);

	if (answered)
		event->ping.answered = ends(event);
	return event;
}

static void
at_home(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	pings(5, true);
	raised("auto-network-detect", INFO_PROVEN, "4 5");
}

static void
not_at_home(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	pings(5, false);
	not_raised("auto-network-detect");
}

static void
it_starts_all_the_same(void **state)
{
	(void)state;
	given_gateway("198.51.100.1", 0);
	brings(asks_for(5, false, CONFIG), told);
	pings(5, true);
	comes_up(5);
	not_raised("auto-network-detect");
}

/* Somebody else's answer says nothing about home. */
static void
another_ping(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), told);
	pings(5, true)->server.ip = v4(10, 0, 0, 254);
	not_raised("auto-network-detect");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(no_server),
		FACTS_TEST(no_server_for_a_moment),
		FACTS_TEST(a_server_in_either_option),
		FACTS_TEST(no_server_and_a_request),
		FACTS_TEST(a_lease_that_is_prolonged),
		FACTS_TEST(another_boot_server),
		FACTS_TEST(no_server_at_home),
		FACTS_TEST(a_name_that_is_not),
		FACTS_TEST(a_silent_name),
		FACTS_TEST(a_silent_name_for_a_moment),
		FACTS_TEST(a_capture_that_ends),
		FACTS_TEST(another_name),
		FACTS_TEST(a_name_found_at_last),
		FACTS_TEST(a_pcs_names),
		FACTS_TEST(a_given_configuration),
		FACTS_TEST(it_was_reached_all_the_same),
		FACTS_TEST(a_name_lost_later),
		FACTS_TEST(a_search_domain),
		FACTS_TEST(a_gateway_that_is_silent),
		FACTS_TEST(a_gateway_that_refuses),
		FACTS_TEST(a_gateway_behind_a_filter),
		FACTS_TEST(a_gateway_that_answers_later),
		FACTS_TEST(another_server_that_is_silent),
		FACTS_TEST(at_home),
		FACTS_TEST(not_at_home),
		FACTS_TEST(it_starts_all_the_same),
		FACTS_TEST(another_ping),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
