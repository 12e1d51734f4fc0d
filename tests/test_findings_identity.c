/* Rules about who somebody is: the host that the url names, and the phone by its own certificate. */
#include "tests/finding_check.h"

#define GATEWAY "198.51.100.1"

static struct handshake *
shown(uint8_t phone, uint8_t gateway, const struct cert *const *certs)
{
	struct handshake *tls = tls_from(phone, gateway, SUITES(0x0035, 0x00ff));

	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, certs);
	return tls;
}

static void
a_host_that_the_certificate_does_not_name(void **state)
{
	static char *names[] = {"*.example.com", "vpn.example.org"}, *addresses[] = {"192.0.2.1"};
	struct cert *cert = cert_of("RSA", "vpn.example.com", "CA");
	const struct finding *finding;
	struct handshake *tls;

	(void)state;
	cert->dns_names = names;
	cert->n_dns_names = 2;
	cert->ip_addresses = addresses;
	cert->n_ip_addresses = 1;
	given_config("", "vpn.example.com")->enable_host_id_check = 1;
	tls = shown(5, 1, CERTS(cert));
	tls->client_hello.server_name = strdup("vpn.example.com");
	alerts(tls, SIDE_CLIENT, ALERT_BAD_CERTIFICATE);
	finding = raised("host-id-mismatch", ERROR_PROVEN, "3");
	compares(finding, "vpn.example.com", "*.example.com|vpn.example.org|192.0.2.1");
	not_raised("server-certificate-rejected");
}

/* Nobody checks it, or the client went on all the same. */
static void
a_host_that_nobody_compares(void **state)
{
	struct phone_config *config = given_config("", GATEWAY);
	const struct finding *finding;

	(void)state;
	config->enable_host_id_check = 0;
	resets(shown(5, 1, CERTS(cert_of("RSA", "gw", "CA"))), SIDE_CLIENT);
	finding = raised("host-id-mismatch", INFO_PROVEN, "3");
	compares(finding, GATEWAY, "gw");
	says(finding, "does not ask the phone to check this");
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_FAILING);
}

static void
a_host_that_was_accepted(void **state)
{
	(void)state;
	given_config("", GATEWAY)->enable_host_id_check = 1;
	goes_on(shown(5, 1, CERTS(cert_of("RSA", "gw", "CA"))));
	raised("host-id-mismatch", INFO_PROVEN, "3");
}

/* By name in any case, by address, by CN where there are no other names, and unknown where names were left out. */
static void
hosts_that_are_named(void **state)
{
	static char *names[] = {"other.example.com", "VPN.example.com"}, *addresses[] = {GATEWAY}, *other[] = {"x"};
	struct cert *by_name = cert_of("RSA", "gw", "CA"), *by_address = cert_of("RSA", "gw", "CA");
	struct cert *by_cn = cert_of("RSA", GATEWAY, "CA"), *cut = cert_of("RSA", "gw", "CA");
	struct handshake *tls;

	(void)state;
	by_name->dns_names = names;
	by_name->n_dns_names = 2;
	by_address->ip_addresses = addresses;
	by_address->n_ip_addresses = 1;
	cut->dns_names = other;
	cut->n_dns_names = 1;
	cut->alt_names_cut = true;
	given_config("", "vpn.example.com")->enable_host_id_check = 1;
	given_config("", GATEWAY)->enable_host_id_check = 1;
	tls = shown(5, 2, CERTS(by_name));
	tls->client_hello.server_name = strdup("vpn.example.com");
	resets(tls, SIDE_CLIENT);
	resets(shown(5, 1, CERTS(by_address)), SIDE_CLIENT);
	resets(shown(5, 1, CERTS(by_cn)), SIDE_CLIENT);
	resets(shown(5, 1, CERTS(cut)), SIDE_CLIENT);
	not_raised("host-id-mismatch");
	assert_string_equal(visit_at(5, 2)->host, "vpn.example.com");
}

/* The host is not compared with a CN beside other names, nor with anything where no url names the gateway. */
static void
a_cn_beside_other_names(void **state)
{
	static char *names[] = {"gw.example.com"};
	struct cert *cert = cert_of("RSA", GATEWAY, "CA");

	(void)state;
	cert->dns_names = names;
	cert->n_dns_names = 1;
	given_config("", GATEWAY)->enable_host_id_check = 1;
	resets(shown(5, 1, CERTS(cert)), SIDE_CLIENT);
	resets(shown(5, 2, CERTS(cert_of("RSA", "gw", "CA"))), SIDE_CLIENT);
	compares(raised("host-id-mismatch", ERROR_PROVEN, "3"), GATEWAY, "gw.example.com");
}

/* The phone's own certificate, refused. */
static struct handshake *
client_shown(const char *authority, const char *issuer, uint8_t code)
{
	struct handshake *tls = shown(5, 1, CERTS(cert_of("RSA", "gw", "gw")));

	asks(tls, authority);
	shows(tls, SIDE_CLIENT, CERTS(cert_of("RSA", "CP-8861-SEP001122334455", issuer)));
	alerts(tls, SIDE_SERVER, code);
	return tls;
}

static void
an_lsc_that_the_gateway_does_not_trust(void **state)
{
	const struct finding *finding;

	(void)state;
	client_shown("CN=Cisco Manufacturing CA SHA2", "CAPF-91d43ef6", ALERT_UNKNOWN_CA);
	finding = raised("client-certificate-rejected", ERROR_PROVEN, "4 5 6");
	compares(finding, "CN=Cisco Manufacturing CA SHA2", "CN=CAPF-91d43ef6");
	says(finding, "an LSC");
	says(finding, "does not name this CA");
	not_raised("fatal-alert");
	not_raised("client-certificate-missing");
}

static void
a_mic_that_the_gateway_refuses(void **state)
{
	(void)state;
	client_shown("CN=Cisco Manufacturing CA SHA2", "Cisco Manufacturing CA SHA2", ALERT_CERTIFICATE_EXPIRED);
	says(raised("client-certificate-rejected", ERROR_PROVEN, "4 5 6"), "a MIC (made by Cisco, SHA-2 chain)");
	says(find("client-certificate-rejected"), "names this CA among");
	not_raised("certificate-expired");
}

static void
kinds_of_client_certificates(void **state)
{
	(void)state;
	client_shown(NULL, "Cisco Manufacturing CA", ALERT_BAD_CERTIFICATE);
	says(raised("client-certificate-rejected", ERROR_PROVEN, "4 5 6"), "SHA-1 chain");
	says(find("client-certificate-rejected"), "named no CA");
}

static void
another_kind_of_client_certificate(void **state)
{
	(void)state;
	client_shown(NULL, "CAPF", ALERT_BAD_CERTIFICATE);
	says(find("client-certificate-rejected"), "of neither CAPF nor Cisco");
}

/* The client's own alert, one that is not about certificates, and none at all. */
static void
no_client_certificate_was_rejected(void **state)
{
	struct handshake *tls;

	(void)state;
	tls = client_shown(NULL, "CAPF-1", ALERT_HANDSHAKE_FAILURE);
	tls = client_shown(NULL, "CAPF-1", ALERT_UNKNOWN_CA);
	tls->alerts[0].from = SIDE_CLIENT;
	tls = client_shown(NULL, "CAPF-1", ALERT_UNKNOWN_CA);
	tls->n_alerts = 0;
	resets(tls, SIDE_SERVER);
	not_raised("client-certificate-rejected");
	says(raised("handshake-aborted", WARNING_LIKELY, "13 15 19"), "behind the client's certificate");
}

static struct handshake *
empty_client_certificate(void)
{
	struct handshake *tls = shown(5, 1, CERTS(cert_of("RSA", "gw", "gw")));

	asks(tls, "CN=CAPF-91d43ef6");
	shows(tls, SIDE_CLIENT, (const struct cert *const[]){NULL});
	return tls;
}

static void
an_empty_client_certificate(void **state)
{
	const struct finding *finding;

	(void)state;
	alerts(empty_client_certificate(), SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	finding = raised("client-certificate-missing", ERROR_PROVEN, "4 5 6");
	compares(finding, "CN=CAPF-91d43ef6", "");
	not_raised("client-certificate-rejected");
	not_raised("fatal-alert");
}

static void
an_empty_client_certificate_and_a_close(void **state)
{
	(void)state;
	closes(empty_client_certificate(), SIDE_SERVER);
	raised("client-certificate-missing", ERROR_LIKELY, "4 5 6");
	not_raised("handshake-aborted");
}

static void
a_client_certificate_is_required(void **state)
{
	struct handshake *tls = tls_from(5, 1, SUITES(0x1301));

	(void)state;
	answers(tls, 0x1301);
	tls->server_hello.version = 0x0304;
	alerts(tls, SIDE_SERVER, ALERT_CERTIFICATE_REQUIRED);
	raised("client-certificate-missing", ERROR_PROVEN, "3");
}

/* The gateway did without one, or it was the client that left. */
static void
no_client_certificate_is_missed(void **state)
{
	(void)state;
	goes_on(empty_client_certificate());
	alerts(empty_client_certificate(), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	resets(empty_client_certificate(), SIDE_CLIENT);
	closes(client_shown(NULL, "CAPF-1", ALERT_HANDSHAKE_FAILURE), SIDE_SERVER);
	not_raised("client-certificate-missing");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_host_that_the_certificate_does_not_name),
		FACTS_TEST(a_host_that_nobody_compares),
		FACTS_TEST(a_host_that_was_accepted),
		FACTS_TEST(hosts_that_are_named),
		FACTS_TEST(a_cn_beside_other_names),
		FACTS_TEST(an_lsc_that_the_gateway_does_not_trust),
		FACTS_TEST(a_mic_that_the_gateway_refuses),
		FACTS_TEST(kinds_of_client_certificates),
		FACTS_TEST(another_kind_of_client_certificate),
		FACTS_TEST(no_client_certificate_was_rejected),
		FACTS_TEST(an_empty_client_certificate),
		FACTS_TEST(an_empty_client_certificate_and_a_close),
		FACTS_TEST(a_client_certificate_is_required),
		FACTS_TEST(no_client_certificate_is_missed),
	};

	return cmocka_run_group_tests_name("findings: who is who", tests, NULL, NULL);
}
