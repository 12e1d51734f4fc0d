/* The rule about a certificate that the client refused: what raises it, and what is near and must not. */
#include "tests/finding_check.h"

#define GATEWAY "198.51.100.1"
#define RSA_SUITE 0x0035
#define OFFER SUITES(0xc02c, RSA_SUITE, 0x00ff)

/* shown is a handshake up to the server's Certificate: three frames. */
static struct handshake *
shown(uint8_t phone, uint8_t gateway, uint32_t suite, const struct cert *const *certs)
{
	struct handshake *tls = tls_from(phone, gateway, OFFER);

	answers(tls, suite);
	shows(tls, SIDE_SERVER, certs);
	return tls;
}

static void
a_refused_certificate(void **state)
{
	const struct finding *finding;

	(void)state;
	alerts(shown(5, 1, RSA_SUITE, CERTS(cert_of("RSA", "gw", "CA"))), SIDE_CLIENT, ALERT_BAD_CERTIFICATE);
	finding = raised("server-certificate-rejected", ERROR_PROVEN, "3 4");
	compares(finding, "", "bad_certificate");
	says(finding, "certificate CN=gw with the alert bad_certificate (42)");
	not_raised("fatal-alert");
}

static void
a_refused_certificate_that_does_not_parse(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "CA");

	(void)state;
	cert->parsed = false;
	cert->subject = NULL;
	alerts(shown(5, 1, RSA_SUITE, CERTS(cert)), SIDE_CLIENT, ALERT_BAD_CERTIFICATE);
	says(raised("server-certificate-rejected", ERROR_PROVEN, "3 4"), "server's certificate with the alert");
}

/* 42 to 48 and 51 are about certificates; 47 is not, and 45 has a rule of its own. */
static void
which_alerts_refuse_a_certificate(void **state)
{
	static const struct {
		uint8_t code;
		const char *id;
	} cases[] = {
		{40, "fatal-alert"}, {42, "server-certificate-rejected"}, {43, "server-certificate-rejected"},
		{44, "server-certificate-rejected"}, {45, "certificate-expired"}, {46, "server-certificate-rejected"},
		{47, "fatal-alert"}, {48, "server-certificate-rejected"}, {49, "fatal-alert"}, {50, "fatal-alert"},
		{51, "server-certificate-rejected"}, {80, "fatal-alert"},
	};
	const struct cert *leaf = cert_of("RSA", "gw", "gw");
	const uint8_t n = sizeof(cases) / sizeof(cases[0]);

	(void)state;
	for (uint8_t i = 0; i < n; i++)
		alerts(shown(5, i, RSA_SUITE, CERTS(leaf)), SIDE_CLIENT, cases[i].code);
	assert_int_equal(judged()->n_findings, n);
	for (uint8_t i = 0; i < n; i++) {
		assert_ptr_equal(judged()->findings[i].visit, visit_at(5, i));
		assert_string_equal(judged()->findings[i].rule->id, cases[i].id);
	}
}

/* TLS 1.3 hides the certificate; the client's alert may still stand in clear. */
static void
a_hidden_certificate_is_refused(void **state)
{
	struct handshake *tls = tls_from(5, 1, SUITES(0x1301));

	(void)state;
	given_gateway(GATEWAY, 0);
	answers(tls, 0x1301);
	tls->server_hello.version = 0x0304;
	alerts(tls, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	raised("server-certificate-rejected", ERROR_PROVEN, "3");
	says(raised("certificate-hidden", INFO_PROVEN, "2"), "TLSv1.3");
}

/* The server's alert, one behind the server's close, one in a resumed session: none speaks of a certificate shown. */
static void
what_refuses_no_server_certificate(void **state)
{
	const struct cert *leaf = cert_of("RSA", "gw", "CA");
	struct handshake *tls;

	(void)state;
	alerts(shown(5, 1, RSA_SUITE, CERTS(leaf)), SIDE_SERVER, ALERT_UNKNOWN_CA);
	tls = shown(5, 2, RSA_SUITE, CERTS(leaf));
	closes(tls, SIDE_SERVER);
	alerts(tls, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	tls = tls_from(5, 3, OFFER);
	answers(tls, RSA_SUITE);
	tls->ccs[SIDE_SERVER] = tls->encrypted[SIDE_SERVER] = next(tls, SIDE_SERVER);
	alerts(tls, SIDE_CLIENT, ALERT_DECRYPT_ERROR);
	not_raised("server-certificate-rejected");
}

/* A phone that comes back all day: what is named is bounded, what is explained is not. */
static void
seventy_refusals_have_one_cause(void **state)
{
	const struct cert *leaf = cert_of("RSA", "gw", "gw");

	(void)state;
	given_hash(cert_of("RSA", "old", "old"));
	for (size_t i = 0; i < LIMIT_EVIDENCE + 6; i++)
		alerts(shown(5, 1, RSA_SUITE, CERTS(leaf)), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	assert_int_equal(judged()->n_findings, 1);
	assert_string_equal(judged()->findings[0].rule->id, "cert-hash-mismatch");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_refused_certificate),
		FACTS_TEST(a_refused_certificate_that_does_not_parse),
		FACTS_TEST(which_alerts_refuse_a_certificate),
		FACTS_TEST(a_hidden_certificate_is_refused),
		FACTS_TEST(what_refuses_no_server_certificate),
		FACTS_TEST(seventy_refusals_have_one_cause),
	};

	return cmocka_run_group_tests_name("findings: a certificate that was refused", tests, NULL, NULL);
}
