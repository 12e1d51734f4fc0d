/* Rules about what was offered and what was chosen. */
#include "tests/finding_check.h"

#define GATEWAY "198.51.100.1"
#define EC_SUITE 0xc02c
#define RSA_SUITE 0x0035
#define OLD_PHONE SUITES(0x0035, 0x002f, 0x00ff)

static void
a_gateway_that_accepts_no_suite(void **state)
{
	const struct finding *finding;

	(void)state;
	alerts(tls_from(5, 1, SUITES(0x0a0a, EC_SUITE, RSA_SUITE, 0x9999, 0x00ff)), SIDE_SERVER,
	       ALERT_HANDSHAKE_FAILURE);
	finding = raised("no-shared-cipher", ERROR_PROVEN, "1 2");
	compares(finding, "", "ECDHE-ECDSA-AES256-GCM-SHA384|AES256-SHA|0x9999");
	assert_null(strstr(finding->detail, "79xx"));
	not_raised("fatal-alert");
}

static void
a_79xx_phone_knows_two_suites(void **state)
{
	(void)state;
	alerts(tls_from(5, 1, OLD_PHONE), SIDE_SERVER, ALERT_INSUFFICIENT_SECURITY);
	says(raised("no-shared-cipher", ERROR_PROVEN, "1 2"), "a 79xx phone knows no others");
}

/* The client's own alert, another alert, one behind the ServerHello, behind a hello that was asked for with a suite
 * chosen already, or where the hello was not seen. */
static void
a_suite_was_shared(void **state)
{
	struct handshake *tls;

	(void)state;
	alerts(tls_from(5, 1, OLD_PHONE), SIDE_CLIENT, ALERT_HANDSHAKE_FAILURE);
	alerts(tls_from(5, 1, OLD_PHONE), SIDE_SERVER, 80);
	tls = tls_from(5, 1, OLD_PHONE);
	answers(tls, RSA_SUITE);
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	tls = tls_from(5, 1, SUITES(0x1301));
	tls->hello_retry = (struct hello_retry_fact){.at = next(tls, SIDE_SERVER), .version = 0x0304};
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	tls = tls_from(5, 1, OLD_PHONE);
	tls->client_hello.at.frame = 0;
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	not_raised("no-shared-cipher");
	raised("fatal-alert", ERROR_PROVEN, "2 4 7 10 12");
}

/* The ServerHello and the rest of its flight, or not all of that, lie in a hole: what stands behind them tells. */
static void
a_suite_was_shared_in_a_hole(void **state)
{
	struct handshake *tls = tls_from(5, 1, OLD_PHONE);

	(void)state;
	loses(tls, SIDE_SERVER, 2, MISSING_SERVER_HELLO);
	exchanges_key(tls);
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	tls = tls_from(5, 1, OLD_PHONE);
	loses(tls, SIDE_SERVER, 2, MISSING_SERVER_HELLO);
	shows(tls, SIDE_SERVER, CERTS(cert_of("RSA", "gw", "gw")));
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	tls = tls_from(5, 1, OLD_PHONE);
	loses(tls, SIDE_SERVER, 2, MISSING_SERVER_HELLO);
	tls->server_hello_done = next(tls, SIDE_SERVER);
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	tls = tls_from(5, 1, OLD_PHONE);
	loses(tls, SIDE_SERVER, 2, MISSING_SERVER_HELLO);
	shows(tls, SIDE_CLIENT, (const struct cert *const[]){NULL});
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	not_raised("no-shared-cipher");
}

/* Behind the server's close it is a consequence. */
static void
an_alert_behind_a_close_is_no_cause(void **state)
{
	struct handshake *tls = tls_from(5, 1, OLD_PHONE);

	(void)state;
	closes(tls, SIDE_CLIENT);
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	not_raised("no-shared-cipher");
	not_raised("fatal-alert");
	raised("handshake-aborted", WARNING_LIKELY, "1 2");
}

static void
a_version_that_the_gateway_refuses(void **state)
{
	struct handshake *tls = tls_from(5, 1, OLD_PHONE);
	const struct finding *finding;

	(void)state;
	tls->client_hello.version = 0x0301;
	alerts(tls, SIDE_SERVER, ALERT_PROTOCOL_VERSION);
	finding = raised("protocol-version", ERROR_PROVEN, "1 2");
	compares(finding, "", "TLSv1");
	says(finding, "The gateway ended the handshake with protocol_version");
	not_raised("fatal-alert");
	not_raised("no-shared-cipher");
}

static void
a_version_that_the_client_refuses(void **state)
{
	struct handshake *tls = tls_from(5, 1, OLD_PHONE);
	const struct finding *finding;

	(void)state;
	answers(tls, RSA_SUITE);
	tls->server_hello.version = 0x0301;
	alerts(tls, SIDE_CLIENT, ALERT_PROTOCOL_VERSION);
	finding = raised("protocol-version", ERROR_PROVEN, "1 2 3");
	compares(finding, "TLSv1", "TLSv1.2");
	says(finding, "The client ended");
}

static void
a_version_that_was_not_offered(void **state)
{
	struct handshake *tls = tls_from(5, 1, OLD_PHONE);

	(void)state;
	tls->client_hello.version = 0x0301;
	answers(tls, RSA_SUITE);
	tls->server_hello.version = 0x0303;
	resets(tls, SIDE_CLIENT);
	says(raised("protocol-version", ERROR_PROVEN, "1 2 3"), "did not offer");
}

/* Lower is always allowed, supported_versions hides the true offer, DTLS counts downwards, 0.9 is below all. */
static void
versions_that_were_offered(void **state)
{
	static const uint16_t pairs[][2] = {{0x0303, 0x0301}, {0x0303, 0x0303}, {0xfefd, 0xfeff}, {0x0100, 0x0100}};
	struct handshake *tls;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		tls = hellos(pairs[i][0] == 0xfefd || pairs[i][0] == 0x0100, 5, 1, OLD_PHONE);
		tls->client_hello.version = pairs[i][0];
		answers(tls, RSA_SUITE);
		tls->server_hello.version = pairs[i][1];
		alerts(tls, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	}
	tls = tls_from(5, 1, SUITES(0x1301));
	offers(tls, 0x0304);
	answers(tls, 0x1301);
	tls->server_hello.version = 0x0304;
	alerts(tls, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	tls = tls_from(5, 1, OLD_PHONE);
	tls->client_hello.version = 0x0002;
	tls->client_hello.sslv2 = true;
	answers(tls, RSA_SUITE);
	tls->server_hello.version = 0x0301;
	alerts(tls, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	not_raised("protocol-version");
}

static void
a_dtls_version_that_was_not_offered(void **state)
{
	struct handshake *dtls = dtls_from(5, 1, SUITES(RSA_SUITE));

	(void)state;
	answers(dtls, RSA_SUITE);
	dtls->server_hello.version = 0xfeff;
	alerts(dtls, SIDE_CLIENT, ALERT_ILLEGAL_PARAMETER);
	raised("protocol-version", ERROR_PROVEN, "1 2 3");
}

static void
a_suite_that_was_not_offered(void **state)
{
	struct handshake *tls = tls_from(5, 1, SUITES(0x0a0a, RSA_SUITE, 0x002f, 0x5600));
	const struct finding *finding;

	(void)state;
	answers(tls, 0x000a);
	alerts(tls, SIDE_CLIENT, ALERT_ILLEGAL_PARAMETER);
	finding = raised("dtls-cipher-not-offered", ERROR_PROVEN, "1 2 3");
	compares(finding, "AES256-SHA|AES128-SHA", "DES-CBC3-SHA");
	says(finding, "The gateway's TLS ServerHello chose DES-CBC3-SHA");
	not_raised("fatal-alert");
}

static void
a_suite_that_was_not_offered_and_no_alert(void **state)
{
	struct handshake *tls = tls_from(5, 1, OLD_PHONE);

	(void)state;
	answers(tls, 0x000a);
	raised("dtls-cipher-not-offered", ERROR_PROVEN, "1 2");
}

/* An offer that was not kept whole, one that was not seen, SSLv2's list of what both know, and a client that went
 * on. */
static void
suites_that_may_have_been_offered(void **state)
{
	static uint32_t long_offer[LIMIT_CIPHERS + 1];
	struct handshake *tls;

	(void)state;
	for (uint32_t i = 0; i < LIMIT_CIPHERS; i++)
		long_offer[i] = 0xfe00;
	answers(tls_from(5, 1, long_offer), RSA_SUITE);
	tls = tls_from(5, 1, OLD_PHONE);
	tls->client_hello.at.frame = 0;
	answers(tls, 0x000a);
	tls = tls_from(5, 1, SUITES(0x010080));
	answers(tls, 0x030080);
	tls->server_hello.version = 0x0002;
	tls = tls_from(5, 1, OLD_PHONE);
	answers(tls, 0x000a);
	goes_on(tls);
	not_raised("dtls-cipher-not-offered");
}

static struct handshake *
shown(const uint32_t *offer, const char *key_type)
{
	struct handshake *tls = tls_from(5, 1, offer);

	given_gateway(GATEWAY, 0);
	answers(tls, offer[0]);
	if (key_type != NULL)
		shows(tls, SIDE_SERVER, CERTS(cert_of(key_type, "gw", "CA")));
	goes_on(tls);
	return tls;
}

static void
both_offered_and_ec_shown(void **state)
{
	(void)state;
	shown(SUITES(EC_SUITE, RSA_SUITE), "EC");
	says(raised("ec-cipher-on-rsa-phone", INFO_PROVEN, "1 3"),
	     "suites for RSA and EC certificates, the gateway showed an EC one: the gateway would show an RSA one "
	     "only");
}

static void
both_offered_and_both_shown(void **state)
{
	(void)state;
	shown(SUITES(EC_SUITE, RSA_SUITE), "EC");
	shown(SUITES(EC_SUITE, RSA_SUITE), "RSA");
	says(raised("ec-cipher-on-rsa-phone", INFO_PROVEN, "1 3"), "both kinds: with both on the gateway");
}

static void
rsa_offered_and_ec_shown(void **state)
{
	(void)state;
	shown(OLD_PHONE, "EC");
	says(raised("ec-cipher-on-rsa-phone", INFO_PROVEN, "1 3"), "RSA certificates, the gateway showed an EC one");
}

static void
ec_offered_and_nothing_shown(void **state)
{
	struct handshake *tls = tls_from(5, 1, SUITES(EC_SUITE));

	(void)state;
	given_gateway(GATEWAY, 0);
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	says(raised("ec-cipher-on-rsa-phone", INFO_PROVEN, "1"),
	     "EC certificates, the gateway showed none: a gateway with an RSA certificate alone cannot answer it");
}

/* RSA offered and shown is what everybody expects, and TLS 1.3's suites say nothing. */
static void
nothing_to_say_of_rsa(void **state)
{
	(void)state;
	shown(SUITES(EC_SUITE, RSA_SUITE), "RSA");
	shown(SUITES(0xc030), "RSA"); /* ECDHE, but authenticated by RSA */
	shown(SUITES(EC_SUITE), NULL)->server_hello.version = 0x0304;
	not_raised("ec-cipher-on-rsa-phone");
}

/* DTLS inherits its suite, and what another gateway shows is its own. */
static void
nothing_to_say_of_others(void **state)
{
	struct handshake *tls;

	(void)state;
	dtls_from(5, 1, SUITES(EC_SUITE));
	dtls_from(6, 2, SUITES(EC_SUITE));
	tls = tls_from(7, 3, OLD_PHONE);
	answers(tls, RSA_SUITE);
	shows(tls, SIDE_SERVER, CERTS(cert_of("EC", "gw", "CA")));
	shown(OLD_PHONE, "RSA");
	not_raised("ec-cipher-on-rsa-phone");
}

static void
nothing_to_say_of_other_servers(void **state)
{
	(void)state;
	shown(SUITES(EC_SUITE, RSA_SUITE), "EC");
	facts.trust.n_gateways = 0;
	not_raised("ec-cipher-on-rsa-phone");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_gateway_that_accepts_no_suite),
		FACTS_TEST(a_79xx_phone_knows_two_suites),
		FACTS_TEST(a_suite_was_shared),
		FACTS_TEST(a_suite_was_shared_in_a_hole),
		FACTS_TEST(an_alert_behind_a_close_is_no_cause),
		FACTS_TEST(a_version_that_the_gateway_refuses),
		FACTS_TEST(a_version_that_the_client_refuses),
		FACTS_TEST(a_version_that_was_not_offered),
		FACTS_TEST(versions_that_were_offered),
		FACTS_TEST(a_dtls_version_that_was_not_offered),
		FACTS_TEST(a_suite_that_was_not_offered),
		FACTS_TEST(a_suite_that_was_not_offered_and_no_alert),
		FACTS_TEST(suites_that_may_have_been_offered),
		FACTS_TEST(both_offered_and_ec_shown),
		FACTS_TEST(both_offered_and_both_shown),
		FACTS_TEST(rsa_offered_and_ec_shown),
		FACTS_TEST(ec_offered_and_nothing_shown),
		FACTS_TEST(nothing_to_say_of_rsa),
		FACTS_TEST(nothing_to_say_of_others),
		FACTS_TEST(nothing_to_say_of_other_servers),
	};

	return cmocka_run_group_tests_name("findings: ciphers and versions", tests, NULL, NULL);
}
