/* Handshakes gathered by phone and gateway: the ring that holds them, their order, the verdicts. */
#include "tests/facts.h"

#define GATEWAY "198.51.100.1"
#define OFFER SUITES(0xc030, 0x0035)

static struct handshake *
shown(uint8_t phone, uint8_t gateway, const struct cert *cert)
{
	struct handshake *tls = tls_from(phone, gateway, OFFER);

	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, CERTS(cert));
	return tls;
}

static void
nothing_is_nothing(void **state)
{
	(void)state;
	assert_int_equal(judged()->n_phones, 0);
	assert_int_equal(judged()->n_findings, 0);
	assert_int_equal(judged()->others, 0);
	cases_free(NULL);
}

/* add_plain adds a handshake of one client at one server, with nothing in it. */
static void
add_plain(uint32_t id)
{
	struct handshake *handshake = handshake_new();

	assert_non_null(handshake);
	handshake->id = id;
	handshake->client.ip = v4(10, 0, 0, 5);
	handshake->server.ip = v4(198, 51, 100, 1);
	cases_add(facts.cases, handshake, &facts.tally);
}

/* The one that ended first goes first, whenever it began: here the one with the highest id. */
static void
the_oldest_goes_for_a_new_one(void **state)
{
	const struct visit *visit;

	(void)state;
	add_plain(LIMIT_HANDSHAKES + 3);
	for (uint32_t id = LIMIT_HANDSHAKES; id > 0; id--)
		add_plain(id);
	assert_int_equal(facts.tally.evicted_handshakes, 1);
	add_plain(LIMIT_HANDSHAKES + 2);
	add_plain(LIMIT_HANDSHAKES + 1);
	assert_int_equal(facts.tally.evicted_handshakes, 3);
	visit = visit_at(5, 1);
	assert_int_equal(visit->n, LIMIT_HANDSHAKES);
	for (uint32_t i = 0; i + 2 < LIMIT_HANDSHAKES; i++)
		assert_int_equal(visit->handshakes[i]->id, i + 1);
	assert_int_equal(visit->handshakes[LIMIT_HANDSHAKES - 2]->id, LIMIT_HANDSHAKES + 1);
	assert_int_equal(visit->handshakes[LIMIT_HANDSHAKES - 1]->id, LIMIT_HANDSHAKES + 2);
}

/* add_heavy adds a handshake whose CertificateRequest names as many authorities as may be, each at length. */
static void
add_heavy(uint32_t id)
{
	struct handshake *handshake = handshake_new();
	struct cert_request_fact *request = &handshake->cert_request;

	handshake->id = id;
	request->authorities = calloc(LIMIT_AUTHORITIES, sizeof(request->authorities[0]));
	assert_non_null(request->authorities);
	for (request->n_authorities = 0; request->n_authorities < LIMIT_AUTHORITIES; request->n_authorities++) {
		char *text = calloc(1, LIMIT_TEXT + 1);
		assert_non_null(text);
		memset(text, 'x', LIMIT_TEXT);
		request->authorities[request->n_authorities] = text;
	}
	cases_add(facts.cases, handshake, &facts.tally);
}

static void
heavy_ones_are_fewer(void **state)
{
	const uint32_t fit = LIMIT_FACTS / (LIMIT_AUTHORITIES * (LIMIT_TEXT + 1 + sizeof(char *)));

	(void)state;
	for (uint32_t id = 1; id <= fit; id++)
		add_heavy(id);
	assert_int_equal(facts.tally.evicted_handshakes, 0);
	add_heavy(fit + 1);
	assert_int_equal(facts.tally.evicted_handshakes, 1);
	assert_int_equal(judged()->phones[0].visits[0].handshakes[0]->id, 2);
}

static void
the_oldest_is_forgotten(void **state)
{
	(void)state;
	assert_false(cases_forget(facts.cases, &facts.tally));
	add_plain(1);
	add_plain(2);
	assert_true(cases_forget(facts.cases, &facts.tally));
	assert_int_equal(facts.tally.evicted_handshakes, 1);
	assert_int_equal(visit_at(5, 1)->n, 1);
	assert_int_equal(visit_at(5, 1)->handshakes[0]->id, 2);
}

static void
a_full_ring_loses_nothing(void **state)
{
	(void)state;
	for (uint32_t id = 1; id <= LIMIT_HANDSHAKES; id++)
		add_plain(id);
	assert_int_equal(facts.tally.evicted_handshakes, 0);
	assert_int_equal(visit_at(5, 1)->n, LIMIT_HANDSHAKES);
}

/* By first frame, however they ended: phones, their visits, and the handshakes of each. */
static void
order_is_by_id(void **state)
{
	/* id, phone, server */
	static const uint8_t ends[][3] = {{4, 6, 2}, {2, 5, 2}, {5, 5, 1}, {1, 6, 1}, {3, 6, 2}};
	const struct report *report;

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		tls_from(ends[i][1], ends[i][2], OFFER)->id = ends[i][0];
	report = judged();
	assert_int_equal(report->n_phones, 2);
	assert_int_equal(report->phones[0].ip.b[15], 6);
	assert_int_equal(report->phones[1].ip.b[15], 5);
	assert_int_equal(report->phones[0].n_visits, 2);
	assert_int_equal(report->phones[0].visits[0].server.b[15], 1);
	assert_int_equal(report->phones[0].visits[1].server.b[15], 2);
	assert_int_equal(report->phones[0].visits[1].n, 2);
	assert_int_equal(report->phones[0].visits[1].handshakes[0]->id, 3);
	assert_int_equal(report->phones[0].visits[1].handshakes[1]->id, 4);
	assert_int_equal(report->phones[1].visits[0].server.b[15], 2);
	assert_ptr_equal(report->phones[1].visits[1].phone, &report->phones[1]);
}

/* Many of each: the growing arrays. */
static void
many_phones_and_visits(void **state)
{
	(void)state;
	for (uint8_t i = 0; i < 35; i++) {
		tls_from(i, 1, OFFER);
		tls_from(1, (uint8_t)(100 + i), OFFER);
	}
	assert_int_equal(judged()->n_phones, 35);
	for (uint8_t i = 0; i < 35; i++) {
		assert_int_equal(visit_at(i, 1)->n, 1);
		assert_int_equal(visit_at(1, (uint8_t)(100 + i))->n, 1);
	}
}

static void
a_visit_has_its_first_port(void **state)
{
	struct handshake *first = tls_from(5, 1, OFFER);

	(void)state;
	first->server.port = 8443;
	first->client.has_mac = true;
	first->client.mac[5] = 7;
	tls_from(5, 1, OFFER);
	assert_int_equal(visit_at(5, 1)->port, 8443);
	assert_int_equal(visit_at(5, 1)->n, 2);
	assert_true(visit_at(5, 1)->phone->has_mac);
	assert_int_equal(visit_at(5, 1)->phone->mac[5], 7);
}

static void
tls_before_dtls(void **state)
{
	struct handshake *unanswered, *last, *dtls;

	(void)state;
	answers(tls_from(5, 1, OFFER), 0x0035);
	last = tls_from(5, 1, OFFER);
	answers(last, 0x0035);
	unanswered = tls_from(5, 1, OFFER);
	dtls = dtls_from(5, 1, SUITES(0x0035));
	answers(dtls, 0x0035);
	answers(unanswered, 0xc030); /* too late for this one */
	assert_ptr_equal(report_tls_of(visit_at(5, 1), dtls), last);
}

static void
dtls_alone(void **state)
{
	struct handshake *dtls;

	(void)state;
	answers(dtls_from(5, 1, SUITES(0x0035)), 0x0035);
	dtls = dtls_from(5, 1, SUITES(0x0035));
	answers(tls_from(5, 2, OFFER), 0x0035);
	assert_null(report_tls_of(visit_at(5, 1), dtls));
}

static void
verdicts(void **state)
{
	const struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	goes_on(shown(1, 1, cert));
	exchanges_key(shown(2, 1, cert)); /* and then the capture ends */
	resets(shown(3, 1, cert), SIDE_SERVER);
	resets(shown(4, 1, cert), SIDE_SERVER);
	goes_on(shown(4, 1, cert)); /* one that was established counts more */
	goes_on(shown(5, 1, cert));
	resets(shown(5, 1, cert), SIDE_SERVER);
	goes_on(shown(6, 1, cert));
	alerts(shown(6, 1, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA); /* but less than an error */
	goes_on(dtls_from(7, 1, SUITES(0x0035)));		  /* DTLS alone says little */
	resets(dtls_from(8, 1, SUITES(0x0035)), SIDE_SERVER);
	assert_int_equal(visit_at(1, 1)->verdict, VERDICT_OK);
	assert_int_equal(visit_at(2, 1)->verdict, VERDICT_UNKNOWN);
	assert_int_equal(visit_at(3, 1)->verdict, VERDICT_FAILING);
	assert_int_equal(visit_at(4, 1)->verdict, VERDICT_OK);
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_OK);
	assert_int_equal(visit_at(6, 1)->verdict, VERDICT_FAILING);
	assert_int_equal(visit_at(7, 1)->verdict, VERDICT_UNKNOWN);
	assert_int_equal(visit_at(8, 1)->verdict, VERDICT_UNKNOWN);
	assert_string_equal(verdict_name(VERDICT_OK), "ok");
	assert_string_equal(verdict_name(VERDICT_FAILING), "failing");
	assert_string_equal(verdict_name(VERDICT_UNKNOWN), "unknown");
}

/* A phone is as its worst visit; an error at one does not speak for the next. */
static void
a_phone_is_as_its_worst_visit(void **state)
{
	const struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	alerts(shown(5, 1, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	goes_on(shown(5, 2, cert));
	shown(6, 1, cert);
	goes_on(shown(6, 2, cert));
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_FAILING);
	assert_int_equal(visit_at(5, 2)->verdict, VERDICT_OK);
	assert_int_equal(visit_at(5, 1)->phone->verdict, VERDICT_FAILING);
	assert_int_equal(visit_at(6, 1)->verdict, VERDICT_UNKNOWN);
	assert_int_equal(visit_at(6, 1)->phone->verdict, VERDICT_OK);
}

/* What does not matter is not judged. */
static void
others_are_not_judged(void **state)
{
	(void)state;
	given_gateway(GATEWAY, 0);
	goes_on(shown(5, 1, cert_of("RSA", "gw", "gw")));
	alerts(shown(6, 2, cert_of("RSA", "www", "CA")), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_int_equal(visit_at(6, 2)->verdict, VERDICT_UNKNOWN);
	assert_int_equal(judged()->n_findings, 0);
	assert_int_equal(judged()->others, 1);
}

/* Findings stand by phone, visit, and order of the table. */
static void
findings_in_order(void **state)
{
	const struct cert *weak = cert_of("RSA", "gw", "CA");
	const struct report *report;
	size_t f = 0;

	(void)state;
	facts.certs[0].cert.key_bits = 1024;
	for (uint8_t phone = 7; phone > 5; phone--)
		for (uint8_t gateway = 1; gateway < 3; gateway++)
			alerts(shown(phone, gateway, weak), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	report = judged();
	assert_int_equal(report->n_findings, 12);
	for (uint8_t phone = 7; phone > 5; phone--)
		for (uint8_t gateway = 1; gateway < 3; gateway++) {
			assert_ptr_equal(report->findings[f].visit, visit_at(phone, gateway));
			assert_string_equal(report->findings[f++].rule->id, "server-certificate-rejected");
			assert_string_equal(report->findings[f++].rule->id, "chain-incomplete");
			assert_string_equal(report->findings[f++].rule->id, "weak-crypto");
		}
}

static void
drops_taint_all(void **state)
{
	(void)state;
	facts.tally.dropped.interface = 3;
	alerts(shown(5, 1, cert_of("RSA", "gw", "gw")), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_int_equal(judged()->n_findings, 1);
	assert_true(judged()->findings[0].tainted);
}

static void
drops_shortly_before_taint(void **state)
{
	(void)state;
	drops_add(&facts.tally.dropped, 1, 0, FACTS_START - 2, FACTS_START - 1);
	alerts(shown(5, 1, cert_of("RSA", "gw", "gw")), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_true(judged()->findings[0].tainted);
}

static void
drops_an_hour_later_taint_nothing(void **state)
{
	const int64_t after = FACTS_START + INT64_C(3600) * 1000000;

	(void)state;
	drops_add(&facts.tally.dropped, 1, 0, after, after + 1);
	alerts(shown(5, 1, cert_of("RSA", "gw", "gw")), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_false(judged()->findings[0].tainted);
}

static void
no_drops_taint_nothing(void **state)
{
	(void)state;
	alerts(shown(5, 1, cert_of("RSA", "gw", "gw")), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_false(judged()->findings[0].tainted);
}

static void
the_time_is_the_last_packets(void **state)
{
	(void)state;
	tls_from(5, 1, OFFER);
	later(100);
	assert_int_equal(judged()->now, FACTS_START / 1000000 + 100);
}

static void
the_time_is_given(void **state)
{
	(void)state;
	facts.trust.has_now = true;
	facts.trust.now = -5;
	assert_int_equal(judged()->now, -5);
}

/* A live capture reports again and again; each report is whole, and the last one is gone. */
static void
a_second_report(void **state)
{
	const struct cert *cert = cert_of("RSA", "gw", "gw");
	const struct report *report;

	(void)state;
	alerts(shown(5, 1, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_int_equal(judged()->n_findings, 1);
	alerts(shown(6, 1, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_true(conclude(facts.told[1], &facts.damage[1], facts.now));
	cases_add(facts.cases, facts.told[1], &facts.tally);
	report = cases_report(facts.cases, &facts.tally);
	assert_non_null(report);
	assert_int_equal(report->n_phones, 2);
	assert_int_equal(report->n_findings, 2);
	assert_int_equal(report->findings[0].n_handshakes, 1);
	assert_int_equal(report->phones[0].visits[0].n, 1);
}

static void
note_hash(void *arg, const struct config_hash *hash)
{
	strcat(arg, hash->text);
	strcat(arg, " ");
}

/* Those given for all, then those of the configuration that speaks for the visit; a visit elsewhere has none. */
static void
whose_hashes_count(void **state)
{
	char *given, *pinned, text[256] = "", expected[256];

	(void)state;
	given_hash(cert_of("RSA", "a", "a"));
	pins(given_config("", GATEWAY), cert_of("RSA", "b", "b"), SHA1_SIZE);
	pins(given_config("", "198.51.100.2"), cert_of("RSA", "c", "c"), SHA1_SIZE);
	given = facts.given[0].text;
	pinned = facts.config[0].hashes[0].text;
	tls_from(5, 1, OFFER);
	tls_from(6, 3, OFFER);
	report_hashes(judged(), visit_at(5, 1), NULL, note_hash, text);
	snprintf(expected, sizeof(expected), "%s %s ", given, pinned);
	assert_string_equal(text, expected);
	*text = '\0';
	report_hashes(judged(), visit_at(6, 3), NULL, note_hash, text);
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(nothing_is_nothing),
		FACTS_TEST(the_oldest_goes_for_a_new_one),
		FACTS_TEST(heavy_ones_are_fewer),
		FACTS_TEST(the_oldest_is_forgotten),
		FACTS_TEST(a_full_ring_loses_nothing),
		FACTS_TEST(order_is_by_id),
		FACTS_TEST(many_phones_and_visits),
		FACTS_TEST(a_visit_has_its_first_port),
		FACTS_TEST(tls_before_dtls),
		FACTS_TEST(dtls_alone),
		FACTS_TEST(verdicts),
		FACTS_TEST(a_phone_is_as_its_worst_visit),
		FACTS_TEST(others_are_not_judged),
		FACTS_TEST(findings_in_order),
		FACTS_TEST(drops_taint_all),
		FACTS_TEST(drops_shortly_before_taint),
		FACTS_TEST(drops_an_hour_later_taint_nothing),
		FACTS_TEST(no_drops_taint_nothing),
		FACTS_TEST(the_time_is_the_last_packets),
		FACTS_TEST(the_time_is_given),
		FACTS_TEST(a_second_report),
		FACTS_TEST(whose_hashes_count),
	};

	return cmocka_run_group_tests_name("case", tests, NULL, NULL);
}
