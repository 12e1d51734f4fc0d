/* The story of each phone. */
#include "tests/events.h"

#define OFFER SUITES(0xc030, 0x0035)
#define CONFIG "SEP001122334405.cnf.xml"

static void
is_told(const struct phone *phone, const char *expected)
{
	char text[2048] = "";

	for (size_t s = 0; s < phone->n_steps; s++) {
		const struct step *step = &phone->timeline[s];
		char line[256];

		snprintf(line, sizeof(line), "%s%llu %s %s%s", s == 0 ? "" : "|", (unsigned long long)step->at.frame,
			 step_name(step->kind), step_result_name(step->result), step->first_failed ? "!" : "");
		strncat(text, line, sizeof(text) - strlen(text) - 1);
	}
	assert_string_equal(text, expected);
}

static void
reads(const struct phone *phone, size_t step, const char *text)
{
	assert_true(step < phone->n_steps);
	assert_string_equal(phone->timeline[step].text, text);
}

static void
a_whole_story(void **state)
{
	const struct phone *phone;
	struct handshake *tls;
	struct event *ping;

	(void)state;
	given_gateway("198.51.100.1", 0);
	announces(5, 0); /* 1 */
	gets_lease(5, 1, 5, 150); /* 2 to 5 */
	ping = tells(EVENT_PING, 5); /* 6 */
	is_refused(asks_for(5, false, "CTLSEP001122334405.tlv"), 1); /* 7, 8 */
	brings(asks_for(5, true, CONFIG), "<device><vpnGroup><credentials/></vpnGroup></device>"); /* 9 to 11 */
	is_answered(looks_up(5, "vpn.example.com"), DNS_NOERROR, 1); /* 12, 13 */
	tls = tls_from(5, 1, OFFER); /* 14 */
	answers(tls, 0x0035);
	goes_on(tls);
	assert_int_equal(ping->ping.answered.frame, 0);
	phone = phone_named("SEP001122334405");
	is_told(phone, "1 identity said|5 address ok|6 ping said|7 trust-list said|9 configuration ok|12 name ok|14 tls ok|18 end ok");
	reads(phone, 0, "CDP: SEP001122334405, Cisco IP Phone 8861, sip88xx.12-8-1");
	reads(phone, 1, "DHCP gives 10.0.0.5; TFTP server 10.1.0.1 (option 150), from 10.0.0.254");
	reads(phone, 2, "ping to 10.1.0.1: no answer");
	reads(phone, 3, "TFTP CTLSEP001122334405.tlv from 10.1.0.1: 1 File not found");
	reads(phone, 4, "HTTP " CONFIG " from 10.1.0.1: 52 bytes, 0 urls and 0 hashes");
	reads(phone, 5, "DNS vpn.example.com: 198.51.100.1");
	reads(phone, 6, "TLSv1.2 with 198.51.100.1 port 443, AES256-SHA: established");
	reads(phone, 7, "TLS is up");
	assert_int_equal(phone->timeline[0].after_us, 0);
	assert_int_equal(phone->timeline[1].after_us, 4000);
}

/* The first that failed is marked, what comes of it is not. */
static void
where_it_failed(void **state)
{
	struct cert *cert = cert_of("RSA", "asa", "ca");
	struct handshake *tls;

	(void)state;
	is_refused(asks_for(5, false, CONFIG), 1);
	tls = tls_from(5, 1, OFFER);
	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, CERTS(cert));
	alerts(tls, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	is_told(phone_named("SEP001122334405"), "1 configuration failed!|3 tls failed|6 end failed");
	reads(phone_named("SEP001122334405"), 1,
	      "TLSv1.2 with 198.51.100.1 port 443, AES256-SHA: failed, the client sent unknown_ca");
}

static void
dhcp_alone(void **state)
{
	(void)state;
	leases(5, DHCP_DISCOVER, 1, 0, 0);
	leases(5, DHCP_DISCOVER, 1, 0, 0);
	leases(5, DHCP_REQUEST, 2, 0, 0);
	leases(5, DHCP_NAK, 2, 0, 0);
	is_told(phone_named("SEP001122334405"), "2 address unknown|4 address failed|4 end unknown");
	reads(phone_named("SEP001122334405"), 0, "DHCP DISCOVER, and no answer");
}

/* A browser behind the phone has no story. */
static void
a_pc(void **state)
{
	const struct report *report;

	(void)state;
	announces(5, 5);
	tls_from(6, 1, OFFER);
	report = judged();
	assert_int_equal(report->n_phones, 2);
	assert_int_equal(report->phones[1].n_steps, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_whole_story),
		FACTS_TEST(where_it_failed),
		FACTS_TEST(dhcp_alone),
		FACTS_TEST(a_pc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
