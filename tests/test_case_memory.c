/* Findings without memory: whichever allocation fails, there is no report, no crash and no leak. */
#include "tests/allocations.h"
#include "tests/facts.h"

/* tell is a story in which many rules have something to say. */
static void
tell(void)
{
	const struct cert *old = cert_of("RSA", "gw", "gw");
	struct cert *ec = cert_of("EC", "ASA Temporary Self Signed Certificate", "CA");
	struct handshake *handshake;

	ec->signature = "ecdsa-with-SHA1";
	pins(given_config("SEP001122334455", "198.51.100.1"), old, SHA1_SIZE);
	facts.config[0].enable_host_id_check = 1;
	handshake = tls_from(5, 1, SUITES(0xc02c, 0x0035));
	answers(handshake, 0xc02c);
	shows(handshake, SIDE_SERVER, CERTS(ec, cert_of("RSA", "other", "other")));
	asks(handshake, "CN=CAPF-1");
	shows(handshake, SIDE_CLIENT, CERTS(cert_of("RSA", "CP-8861-SEP001122334455", "CAPF-2")));
	alerts(handshake, SIDE_SERVER, ALERT_UNKNOWN_CA);
	handshake = dtls_from(5, 1, SUITES(0x0035));
	is_repeated(handshake);
	alerts(tls_from(6, 2, SUITES(0x0035)), SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	facts.trust.all = true;
}

static void
no_memory_is_no_report(void **state)
{
	const struct report *report = NULL;
	size_t nth;

	(void)state;
	for (nth = 1; report == NULL; nth++) {
		facts_setup(state);
		tell();
		for (size_t i = 0; i < facts.n; i++) {
			assert_true(conclude(facts.told[i], &facts.damage[i], facts.now));
			cases_add(facts.cases, facts.told[i], &facts.tally);
		}
		allocations_fail(nth);
		report = cases_report(facts.cases, &facts.tally);
		assert_int_equal(report == NULL, allocations_failed());
		facts.report = cases_report(facts.cases, &facts.tally); /* with memory again, it is all there */
		assert_non_null(facts.report);
		assert_true(facts.report->n_findings > 8);
		if (report == NULL)
			facts_teardown(state);
	}
	facts_teardown(state);
	assert_true(nth > 40);
}

static void
no_memory_for_a_collection(void **state)
{
	const struct trust trust = {.n_configs = 0};

	(void)state;
	for (size_t nth = 1; nth <= 2; nth++) {
		allocations_fail(nth);
		assert_null(cases_new(&trust));
		assert_true(allocations_failed());
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory_is_no_report),
		cmocka_unit_test(no_memory_for_a_collection),
	};

	return cmocka_run_group_tests_name("case without memory", tests, NULL, NULL);
}
