/* Rules about DTLS and the TLS that it inherits its session from. */
#include "tests/finding_check.h"

#define GATEWAY "198.51.100.1"
#define GCM_SUITE 0xc030 /* ECDHE-RSA-AES256-GCM-SHA384 */
#define CBC_SUITE 0x0035 /* AES256-SHA */

/* logged_in is the TLS before DTLS: six frames, its ServerHello in the second. */
static struct handshake *
logged_in(uint8_t phone, uint8_t gateway, uint32_t suite)
{
	struct handshake *tls = tls_from(phone, gateway, SUITES(GCM_SUITE, CBC_SUITE));

	answers(tls, suite);
	shows(tls, SIDE_SERVER, CERTS(cert_of("RSA", "gw", "gw")));
	goes_on(tls);
	return tls;
}

/* "Old session cipher not returned": the phone made its session up from the cipher of TLS. */
static void
a_phone_refuses_its_own_session(void **state)
{
	const struct finding *finding;
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, GCM_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE, 0x00ff));
	answers(dtls, CBC_SUITE);
	alerts(dtls, SIDE_CLIENT, ALERT_ILLEGAL_PARAMETER);
	finding = raised("dtls-cipher-divergence", ERROR_PROVEN, "2 7 8 9");
	compares(finding, "ECDHE-RSA-AES256-GCM-SHA384", "AES256-SHA");
	says(finding, "old session cipher not returned");
	assert_int_equal(finding->n_handshakes, 2);
	assert_int_equal(finding->handshakes[0], 1);
	assert_int_equal(finding->handshakes[1], 2);
	not_raised("fatal-alert");
	not_raised("dtls-cipher-not-offered");
	not_raised("dtls-session-not-resumed");
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_FAILING);
}

static void
a_divergence_and_silence(void **state)
{
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, GCM_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	is_repeated(dtls);
	raised("dtls-cipher-divergence", ERROR_LIKELY, "2 7");
	raised("dtls-unanswered", ERROR_PROVEN, "7 8");
}

/* Newer clients take the suite from the gateway's header, and cope. */
static void
a_divergence_that_works(void **state)
{
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, GCM_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	answers(dtls, CBC_SUITE);
	goes_on(dtls);
	says(raised("dtls-cipher-divergence", WARNING_PROVEN, "2 7 8"), "this client copes");
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_OK);
}

/* One that works and one that was refused: the worst stands, and says so. */
static void
a_divergence_that_works_once(void **state)
{
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, GCM_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	answers(dtls, CBC_SUITE);
	goes_on(dtls);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE)); /* 12 */
	answers(dtls, CBC_SUITE);
	alerts(dtls, SIDE_CLIENT, ALERT_ILLEGAL_PARAMETER);
	says(raised("dtls-cipher-divergence", ERROR_PROVEN, "2 7 8 12 13 14"), "old session cipher");
}

/* What ICMP, a server's alert, and an unknown end say of a divergence: it may be something else. */
static void
divergences_with_another_end(void **state)
{
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, GCM_SUITE);
	dtls_from(5, 1, SUITES(CBC_SUITE));
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	dtls->unreachable = next(dtls, SIDE_CLIENT);
	is_repeated(dtls);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	alerts(dtls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	assert_null(strstr(raised("dtls-cipher-divergence", WARNING_LIKELY, "2 7 8 11 12")->detail, "refuses"));
}

/* A failure that is not the phone's own must not be told as its refusal. */
static void
a_divergence_that_the_server_ended(void **state)
{
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, GCM_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE));
	alerts(dtls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	says(raised("dtls-cipher-divergence", WARNING_LIKELY, "2 7 8"), "does not come up");
	raised("no-shared-cipher", ERROR_PROVEN, "7 8");
}

/* The phone expects the suite that it offered: another one is the gateway's fault ("wrong cipher returned"). */
static void
a_dtls_suite_that_was_not_offered(void **state)
{
	const struct finding *finding;
	struct handshake *dtls;

	(void)state;
	logged_in(5, 1, CBC_SUITE);
	dtls = dtls_from(5, 1, SUITES(CBC_SUITE, 0x00ff));
	answers(dtls, 0x002f);
	alerts(dtls, SIDE_CLIENT, ALERT_ILLEGAL_PARAMETER);
	finding = raised("dtls-cipher-not-offered", ERROR_PROVEN, "7 8 9");
	compares(finding, "AES256-SHA", "AES128-SHA");
	says(finding, "DTLS ServerHello chose AES128-SHA");
	not_raised("dtls-cipher-divergence");
	not_raised("fatal-alert");
}

static struct handshake *
not_diverging(uint32_t tls_suite, const uint32_t *dtls_suites)
{
	struct handshake *dtls;

	logged_in(5, 1, tls_suite);
	dtls = dtls_from(5, 1, dtls_suites);
	is_repeated(dtls);
	return dtls;
}

static void
the_same_suite_is_no_divergence(void **state)
{
	(void)state;
	not_diverging(CBC_SUITE, SUITES(CBC_SUITE, 0x00ff, 0x5600));
	not_raised("dtls-cipher-divergence");
}

/* PSK-NEGOTIATE is a handshake of its own: nothing is inherited, however many suites it offers. */
static void
psk_is_no_divergence(void **state)
{
	(void)state;
	not_diverging(GCM_SUITE, SUITES(0x00a8, 0x00a9));
	assert_int_not_equal(visit_at(5, 1)->matters & MATTERS_ANYCONNECT, 0);
	not_raised("dtls-cipher-divergence");
	raised("dtls-unanswered", ERROR_PROVEN, "7 8");
}

static void
one_psk_suite_is_no_divergence(void **state)
{
	struct handshake *dtls = not_diverging(GCM_SUITE, SUITES(0x00a8));

	(void)state;
	answers(dtls, 0x00a8);
	dtls->server_hello.session_id_len = 0;
	not_raised("dtls-cipher-divergence");
	not_raised("dtls-session-not-resumed");
}

/* A browser's DTLS: no session, a list of suites. */
static void
another_dtls_is_no_divergence(void **state)
{
	(void)state;
	given_gateway(GATEWAY, 0);
	not_diverging(GCM_SUITE, SUITES(CBC_SUITE))->client_hello.session_id_len = 0;
	not_diverging(GCM_SUITE, SUITES(CBC_SUITE, 0x002f));
	not_raised("dtls-cipher-divergence");
}

static void
tls13_is_no_divergence(void **state)
{
	struct handshake *tls = logged_in(5, 1, 0x1302);

	(void)state;
	tls->server_hello.version = 0x0304;
	is_repeated(dtls_from(5, 1, SUITES(CBC_SUITE)));
	not_raised("dtls-cipher-divergence");
}

/* TLS after DTLS, of another phone, or at another gateway is not what DTLS inherits from. */
static void
other_tls_is_no_divergence(void **state)
{
	(void)state;
	logged_in(6, 1, GCM_SUITE);
	logged_in(5, 2, GCM_SUITE);
	is_repeated(dtls_from(5, 1, SUITES(CBC_SUITE)));
	logged_in(5, 1, GCM_SUITE);
	not_raised("dtls-cipher-divergence");
}

/* A phone logs in over one connection and makes the tunnel over another: the last ServerHello counts, even where
 * its connection began first. */
static void
the_last_server_hello_counts(void **state)
{
	struct handshake *first = tls_from(5, 1, SUITES(CBC_SUITE)), *second = tls_from(5, 1, SUITES(GCM_SUITE));

	(void)state;
	answers(second, GCM_SUITE);
	answers(first, CBC_SUITE);
	is_repeated(dtls_from(5, 1, SUITES(CBC_SUITE)));
	assert_ptr_equal(report_tls_of(visit_at(5, 1), facts.told[2]), first);
	not_raised("dtls-cipher-divergence");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_phone_refuses_its_own_session),
		FACTS_TEST(a_divergence_and_silence),
		FACTS_TEST(a_divergence_that_works),
		FACTS_TEST(a_divergence_that_works_once),
		FACTS_TEST(divergences_with_another_end),
		FACTS_TEST(a_divergence_that_the_server_ended),
		FACTS_TEST(a_dtls_suite_that_was_not_offered),
		FACTS_TEST(the_same_suite_is_no_divergence),
		FACTS_TEST(psk_is_no_divergence),
		FACTS_TEST(one_psk_suite_is_no_divergence),
		FACTS_TEST(another_dtls_is_no_divergence),
		FACTS_TEST(tls13_is_no_divergence),
		FACTS_TEST(other_tls_is_no_divergence),
		FACTS_TEST(the_last_server_hello_counts),
	};

	return cmocka_run_group_tests_name("findings: DTLS beside TLS", tests, NULL, NULL);
}
