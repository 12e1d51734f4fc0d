/* One phone from all that names it. */
#include "tests/events.h"

#define OFFER SUITES(0xc030, 0x0035)

static void
a_phone_by_its_announcement(void **state)
{
	const struct phone *phone;

	(void)state;
	announces(5, 5); /* frame 1 */
	tls_from(5, 1, OFFER);
	tls_from(6, 1, OFFER);
	phone = phone_named("SEP001122334405");
	assert_true(phone->is_phone);
	assert_string_equal(phone->name_from, "CDP");
	assert_int_equal(phone->name_at.frame, 1);
	assert_string_equal(phone->model, "CP-8861");
	assert_string_equal(phone->software, "sip88xx.12-8-1");
	assert_int_equal(phone->n_visits, 1);
	assert_int_equal(phone->visits[0].matters, MATTERS_PHONE);
	assert_int_equal(visit_at(6, 1)->matters, 0);
	assert_int_equal(judged()->others, 1);
}

static void
a_phone_by_its_frames(void **state)
{
	struct handshake *own, *pc;

	(void)state;
	announces(5, 0);
	own = tls_from(5, 1, OFFER);
	has_mac(&own->client, 5);
	pc = tls_from(6, 1, OFFER);
	has_mac(&pc->client, 6);
	assert_string_equal(visit_at(5, 1)->phone->name, "SEP001122334405");
	assert_string_equal(visit_at(6, 1)->phone->name, "");
	assert_int_equal(visit_at(6, 1)->matters, 0);
}

static void
another_machine_with_its_address(void **state)
{
	struct handshake *pc;

	(void)state;
	announces(5, 5);
	pc = tls_from(5, 1, OFFER);
	has_mac(&pc->client, 6);
	assert_false(visit_at(5, 1)->phone->is_phone);
}

static void
a_phone_that_changes_its_address(void **state)
{
	const struct phone *phone;

	(void)state;
	gets_lease(5, 1, 5, 150);
	tls_from(5, 1, OFFER);
	gets_lease(5, 2, 7, 150);
	tls_from(7, 1, OFFER);
	phone = phone_named("SEP001122334405");
	assert_int_equal(judged()->n_phones, 1);
	assert_int_equal(phone->n_addresses, 2);
	assert_string_equal(phone->addresses[1].known.from, "DHCP");
	assert_int_equal(phone->n_visits, 1);
	assert_int_equal(phone->visits[0].n, 2);
}

static void
an_address_that_changes_its_phone(void **state)
{
	(void)state;
	gets_lease(5, 1, 5, 150);
	tls_from(5, 1, OFFER);
	gets_lease(6, 2, 5, 150);
	tls_from(5, 2, OFFER);
	assert_int_equal(phone_named("SEP001122334405")->n_visits, 1);
	assert_int_equal(phone_named("SEP001122334405")->visits[0].server.b[15], 1);
	assert_int_equal(phone_named("SEP001122334406")->visits[0].server.b[15], 2);
}

static void
a_phone_by_its_file(void **state)
{
	(void)state;
	is_refused(asks_for(5, false, "SEP001122334405.cnf.xml"), 1);
	tls_from(5, 1, OFFER);
	assert_string_equal(visit_at(5, 1)->phone->name, "SEP001122334405");
	assert_string_equal(visit_at(5, 1)->phone->name_from, "file name");
}

/* Its frames are on this wire: who asks for its file from elsewhere is not it. */
static void
somebody_elses_file(void **state)
{
	struct event *asked;

	(void)state;
	announces(5, 5);
	asked = is_refused(asks_for(6, false, "SEP001122334405.cnf.xml"), 1);
	has_mac(&asked->client, 6);
	tls_from(6, 1, OFFER);
	assert_string_equal(visit_at(6, 1)->phone->name, "");
	assert_int_equal(phone_named("SEP001122334405")->n_events, 1);
}

/* Behind NAT, or by a tool: the files are the phones', the address is none's. */
static void
files_of_two_phones_from_one_address(void **state)
{
	(void)state;
	asks_for(9, false, "SEP001122334405.cnf.xml");
	asks_for(9, false, "SEP001122334406.cnf.xml");
	tls_from(9, 1, OFFER);
	assert_false(visit_at(9, 1)->phone->is_phone);
	assert_int_equal(phone_named("SEP001122334406")->n_events, 1);
}

static void
an_announcement_once(void **state)
{
	(void)state;
	announces(5, 5);
	announces(5, 5);
	announces(5, 7);
	assert_int_equal(phone_named("SEP001122334405")->n_events, 2);
}

static void
a_switch_is_no_phone(void **state)
{
	struct event *event;

	(void)state;
	event = announces(5, 5);
	free(event->announcement.name);
	event->announcement.name = copy("Switch");
	event->announcement.phone = false;
	event->announcement.voice_vlan = 110;
	announces(6, 6);
	assert_int_equal(judged()->n_phones, 1);
	assert_int_equal(phone_named("SEP001122334406")->voice_vlan, 110);
}

#define CONFIG_OF(host, hash) \
	"<device><vpnGroup><addresses><url1>https://" host "/v</url1></addresses><credentials><certHash1>" hash \
	"</certHash1></credentials></vpnGroup></device>"

/* The certificate number 1's SHA-1 is 01 twenty times. */
#define HASH_1 "AQEBAQEBAQEBAQEBAQEBAQEBAQE="
#define HASH_2 "AgICAgICAgICAgICAgICAgICAgI="

static struct handshake *
shown(uint8_t phone, const struct cert *cert)
{
	struct handshake *tls = tls_from(phone, 1, OFFER);

	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, CERTS(cert));
	return tls;
}

static void
what_the_phone_received(void **state)
{
	struct cert *cert = cert_of("RSA", "asa", "ca");
	const struct visit *visit;
	const struct finding *finding;

	(void)state;
	brings(asks_for(5, false, "SEP001122334405.cnf.xml"), CONFIG_OF("198.51.100.1", HASH_2)); /* frames 1 to 3 */
	alerts(shown(5, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA); /* 4 to 7 */
	visit = visit_at(5, 1);
	assert_true(visit->told);
	assert_string_equal(visit->host, "198.51.100.1");
	finding = raised("cert-hash-mismatch", ERROR_PROVEN, "3 6 7");
	compares(finding, HASH_2, HASH_1);
	assert_string_equal(finding->source, "SEP001122334405.cnf.xml");
	assert_int_equal(finding->source_at.frame, 3);
}

/* What it was told after a handshake does not speak for it. */
static void
a_configuration_that_is_renewed(void **state)
{
	struct cert *cert = cert_of("RSA", "asa", "ca");
	struct handshake *refused, *well;

	(void)state;
	brings(asks_for(5, false, "SEP001122334405.cnf.xml"), CONFIG_OF("198.51.100.1", HASH_2));
	refused = shown(5, cert);
	alerts(refused, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	brings(asks_for(5, true, "SEP001122334405.cnf.xml"), CONFIG_OF("198.51.100.1", HASH_1));
	well = shown(5, cert);
	goes_on(well);
	assert_int_equal(report_trusted(judged(), visit_at(5, 1), refused), TRUST_NONE);
	assert_int_equal(report_trusted(judged(), visit_at(5, 1), well), TRUST_LEAF);
	assert_int_equal(find("cert-hash-mismatch")->n_handshakes, 1);
}

static void
dns_tells_the_gateway(void **state)
{
	struct cert *cert = cert_of("RSA", "other", "ca");

	(void)state;
	brings(asks_for(5, false, "SEP001122334405.cnf.xml"), CONFIG_OF("vpn.example.com", HASH_2));
	is_answered(looks_up(5, "vpn.example.com"), DNS_NOERROR, 1);
	alerts(shown(5, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_int_equal(visit_at(5, 1)->matters, MATTERS_GATEWAY | MATTERS_PHONE);
	raised("cert-hash-mismatch", ERROR_PROVEN, "3 8 9");
}

/* Nothing on the wire resolves the name: what the phone breaks off on its port is taken for the gateway. */
static void
a_gateway_that_is_assumed(void **state)
{
	struct cert *cert = cert_of("RSA", "other", "ca");

	(void)state;
	brings(asks_for(5, false, "SEP001122334405.cnf.xml"), CONFIG_OF("vpn.example.com", HASH_2));
	alerts(shown(5, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_true(visit_at(5, 1)->assumed);
	raised("cert-hash-mismatch", ERROR_LIKELY, "3 6 7");
}

static void
no_gateway_is_assumed_where_all_went_well(void **state)
{
	struct cert *cert = cert_of("RSA", "other", "ca");

	(void)state;
	brings(asks_for(5, false, "SEP001122334405.cnf.xml"), CONFIG_OF("vpn.example.com", HASH_2));
	goes_on(shown(5, cert));
	assert_false(visit_at(5, 1)->assumed);
	not_raised("cert-hash-mismatch");
}

/* It got its configuration inside, and calls from outside, where nothing names it. */
static void
a_phone_that_went_on_elsewhere(void **state)
{
	struct cert *cert = cert_of("RSA", "other", "ca");
	const struct finding *finding;

	(void)state;
	brings(asks_for(5, false, "SEP001122334405.cnf.xml"), CONFIG_OF("198.51.100.1", HASH_2));
	alerts(shown(77, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_false(visit_at(77, 1)->phone->is_phone);
	finding = raised("cert-hash-mismatch", ERROR_PROVEN, "3 6 7");
	assert_int_equal(finding->source_at.frame, 3);
}

/* The phone is here: a PC at its gateway is another matter. */
static void
a_pc_at_the_gateway(void **state)
{
	struct cert *cert = cert_of("RSA", "other", "ca");

	(void)state;
	brings(asks_for(5, false, "SEP001122334405.cnf.xml"), CONFIG_OF("198.51.100.1", HASH_2));
	shown(5, cert);
	shown(77, cert);
	assert_null(visit_at(77, 1)->config);
}

/* DHCP tells that it is no phone: what it does at the phone's gateway is its own affair. */
static void
a_pc_that_says_so(void **state)
{
	struct event *event;
	struct handshake *pc;

	(void)state;
	given_gateway("198.51.100.1", 0);
	announces(5, 5);
	event = leases(6, DHCP_REQUEST, 1, 0, 0);
	free(event->lease.host_name);
	event->lease.host_name = copy("LAPTOP-7");
	pc = tls_from(6, 1, OFFER);
	has_mac(&pc->client, 6);
	shown(5, cert_of("RSA", "asa", "ca"));
	assert_int_equal(visit_at(6, 1)->matters, 0);
	assert_int_equal(visit_at(5, 1)->matters, MATTERS_GATEWAY | MATTERS_PHONE);
}

static void
a_pc_alone(void **state)
{
	struct event *event;
	struct handshake *pc;

	(void)state;
	given_gateway("198.51.100.1", 0);
	event = leases(6, DHCP_REQUEST, 1, 0, 0);
	free(event->lease.host_name);
	event->lease.host_name = copy("LAPTOP-7");
	pc = tls_from(6, 1, OFFER);
	has_mac(&pc->client, 6);
	assert_int_not_equal(visit_at(6, 1)->matters, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_phone_by_its_announcement),
		FACTS_TEST(a_phone_by_its_frames),
		FACTS_TEST(another_machine_with_its_address),
		FACTS_TEST(a_phone_that_changes_its_address),
		FACTS_TEST(an_address_that_changes_its_phone),
		FACTS_TEST(a_phone_by_its_file),
		FACTS_TEST(somebody_elses_file),
		FACTS_TEST(files_of_two_phones_from_one_address),
		FACTS_TEST(an_announcement_once),
		FACTS_TEST(a_switch_is_no_phone),
		FACTS_TEST(what_the_phone_received),
		FACTS_TEST(a_configuration_that_is_renewed),
		FACTS_TEST(dns_tells_the_gateway),
		FACTS_TEST(a_gateway_that_is_assumed),
		FACTS_TEST(no_gateway_is_assumed_where_all_went_well),
		FACTS_TEST(a_phone_that_went_on_elsewhere),
		FACTS_TEST(a_pc_at_the_gateway),
		FACTS_TEST(a_pc_that_says_so),
		FACTS_TEST(a_pc_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
