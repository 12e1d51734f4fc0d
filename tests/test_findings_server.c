/* Rules about the gateway's certificate: what raises them, and what is near and must not. */
#include "tests/finding_check.h"

#define GATEWAY "198.51.100.1"
#define EC_SUITE 0xc02c
#define RSA_SUITE 0x0035
#define OFFER SUITES(EC_SUITE, RSA_SUITE, 0x00ff)
#define TEMPORARY "ASA Temporary Self Signed Certificate"

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
a_temporary_ec_certificate(void **state)
{
	const struct cert *rsa = cert_of("RSA", "gw", "gw"), *ec = cert_of("EC", TEMPORARY, TEMPORARY);
	const struct finding *finding;

	(void)state;
	pins(given_config("SEP001122334455", GATEWAY), rsa, SHA1_SIZE);
	alerts(shown(5, 1, EC_SUITE, CERTS(ec)), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	finding = raised("ec-certificate", ERROR_PROVEN, "2 3 4");
	compares(finding, "AQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AgICAgICAgICAgICAgICAgICAgI=");
	says(finding, "ECDHE-ECDSA-AES256-GCM-SHA384");
	says(finding, "CN=" TEMPORARY);
	raised("cert-hash-mismatch", ERROR_PROVEN, "3 4");
	not_raised("server-certificate-rejected");
	not_raised("fatal-alert");
}

static void
an_ec_certificate_that_the_client_left(void **state)
{
	(void)state;
	resets(shown(5, 1, EC_SUITE, CERTS(cert_of("EC", "gw", "gw"))), SIDE_CLIENT);
	raised("ec-certificate", ERROR_LIKELY, "2 3 4");
	not_raised("cert-hash-mismatch");
	not_raised("handshake-aborted");
}

/* The RSA one may have been shown to another phone; a hash that does not fit makes it a proof. */
static void
an_ec_certificate_where_rsa_was_shown(void **state)
{
	const struct cert *rsa = cert_of("RSA", "gw", "CA"), *ec = cert_of("EC", "gw", "CA");

	(void)state;
	goes_on(shown(6, 1, RSA_SUITE, CERTS(rsa)));                             /* 1 to 6 */
	alerts(shown(5, 1, EC_SUITE, CERTS(ec)), SIDE_CLIENT, ALERT_UNKNOWN_CA); /* 7 to 10 */
	says(raised("ec-certificate", ERROR_LIKELY, "3 8 9 10"), "in frame 3 it had shown an RSA one");
}

static void
an_ec_certificate_beside_the_pinned_rsa_one(void **state)
{
	const struct cert *rsa = cert_of("RSA", "gw", "CA"), *ec = cert_of("EC", "gw", "CA");

	(void)state;
	given_hash(rsa);
	goes_on(shown(5, 1, RSA_SUITE, CERTS(rsa)));
	closes(shown(5, 1, EC_SUITE, CERTS(ec)), SIDE_CLIENT);
	raised("ec-certificate", ERROR_PROVEN, "3 8 9 10");
	says(raised("cert-hash-mismatch", ERROR_PROVEN, "9 10"), "The EC certificate above fits none");
}

static void
no_ec_finding_where_the_client_went_on(void **state)
{
	(void)state;
	given_hash(cert_of("RSA", "gw", "gw"));
	goes_on(shown(5, 1, EC_SUITE, CERTS(cert_of("EC", TEMPORARY, TEMPORARY))));
	not_raised("ec-certificate");
	says(raised("cert-hash-mismatch", WARNING_PROVEN, "3"), "the client went on all the same");
}

static void
no_ec_finding_where_a_hash_fits(void **state)
{
	const struct cert *leaf = cert_of("EC", "gw", "CA"), *ca = cert_of("EC", "CA", "CA");

	(void)state;
	pins(given_config("", GATEWAY), leaf, SHA1_SIZE);
	alerts(shown(5, 1, EC_SUITE, CERTS(leaf, ca)), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	not_raised("ec-certificate");
	not_raised("cert-hash-mismatch");
	raised("server-certificate-rejected", ERROR_PROVEN, "3 4");
}

/* A CA's EC certificate is no accident of the ASA, and nobody is known to trust another one; nor is it about the
 * certificate where the client had taken it, or where the other gateway shows an RSA one. */
static void
no_ec_finding_without_a_reason(void **state)
{
	const struct cert *leaf = cert_of("EC", "gw", "CA"), *own = cert_of("EC", "gw", "gw");
	struct handshake *tls;

	(void)state;
	goes_on(shown(5, 2, RSA_SUITE, CERTS(cert_of("RSA", "other", "CA"))));
	alerts(shown(5, 1, EC_SUITE, CERTS(leaf)), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	tls = shown(6, 1, EC_SUITE, CERTS(own));
	exchanges_key(tls);
	resets(tls, SIDE_CLIENT);
	resets(shown(7, 1, EC_SUITE, CERTS(own)), SIDE_SERVER);
	not_raised("ec-certificate");
}

static void
a_renewed_certificate(void **state)
{
	const struct cert *old = cert_of("RSA", "gw", "gw"), *renewed = cert_of("RSA", "gw", "gw");
	const struct finding *finding;

	(void)state;
	pins(given_config("", GATEWAY), old, SHA1_SIZE);
	alerts(shown(5, 1, RSA_SUITE, CERTS(renewed)), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	finding = raised("cert-hash-mismatch", ERROR_PROVEN, "3 4");
	compares(finding, "AQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AgICAgICAgICAgICAgICAgICAgI=");
	says(finding, "CN=gw, which fits none");
	not_raised("ec-certificate");
	not_raised("server-certificate-rejected");
	assert_int_equal(visit_at(5, 1)->verdict, VERDICT_FAILING);
}

/* To another phone: its gateway is this one's too. */
static void
a_certificate_that_was_shown_elsewhere(void **state)
{
	const struct cert *fits = cert_of("RSA", "gw", "CA");

	(void)state;
	given_hash(fits);
	goes_on(shown(6, 1, RSA_SUITE, CERTS(fits)));
	resets(shown(5, 1, RSA_SUITE, CERTS(cert_of("RSA", "gw", "gw"))), SIDE_CLIENT);
	says(raised("cert-hash-mismatch", ERROR_PROVEN, "9 10"), "the certificate that fits was shown in frame 3.");
}

/* certHash1 to certHash10: one that fits is enough, of whatever digest, of whatever certificate that was sent. */
static void
one_hash_of_many_is_enough(void **state)
{
	const struct cert *old = cert_of("RSA", "gw", "CA"), *leaf = cert_of("RSA", "gw", "CA");
	const struct cert *ca = cert_of("RSA", "CA", "CA");
	struct phone_config *config = given_config("", GATEWAY);

	(void)state;
	pins(config, old, SHA1_SIZE);
	pins(config, ca, SHA256_SIZE);
	alerts(shown(5, 1, RSA_SUITE, CERTS(leaf, ca)), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	not_raised("cert-hash-mismatch");
	assert_int_equal(report_trusted(judged(), visit_at(5, 1), visit_at(5, 1)->handshakes[0]), TRUST_ISSUER);
}

static void
the_leaf_is_told_in_the_digest_of_the_hashes(void **state)
{
	const struct cert *old = cert_of("RSA", "gw", "gw"), *leaf = cert_of("RSA", "gw", "gw");
	char text[HASH_BASE64_SIZE];

	(void)state;
	pins(given_config("", GATEWAY), old, SHA512_SIZE);
	resets(shown(5, 1, RSA_SUITE, CERTS(leaf)), SIDE_CLIENT);
	hash_base64(leaf->sha512, SHA512_SIZE, text);
	assert_string_equal(raised("cert-hash-mismatch", ERROR_PROVEN, "3 4")->actual[0], text);
}

/* No hash at all, or none that can be compared: unknown, not failed. */
static void
an_unknown_hash_is_no_mismatch(void **state)
{
	const struct cert *leaf = cert_of("RSA", "gw", "gw");
	struct phone_config *config = given_config("", GATEWAY);

	(void)state;
	pins(config, leaf, SHA1_SIZE);
	config->hashes[0].form = HASH_BAD;
	alerts(shown(5, 1, RSA_SUITE, CERTS(leaf)), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	not_raised("cert-hash-mismatch");
	assert_int_equal(report_trusted(judged(), visit_at(5, 1), visit_at(5, 1)->handshakes[0]), TRUST_UNKNOWN);
}

/* The certificate that fits may lie in the hole. */
static void
a_chain_with_a_hole_is_likely(void **state)
{
	struct handshake *tls;

	(void)state;
	pins(given_config("", GATEWAY), cert_of("RSA", "CA", "CA"), SHA1_SIZE);
	tls = shown(5, 1, RSA_SUITE, CERTS(cert_of("RSA", "gw", "CA")));
	loses(tls, SIDE_SERVER, 11, MISSING_SERVER_CERTIFICATES);
	assert_true(raised("cert-hash-mismatch", ERROR_LIKELY, "3")->tainted);
	not_raised("chain-incomplete");
}

/* --cert-hash, and a PC's browser beside: nothing tells which of the servers is the gateway, but a client that
 * refuses. */
static void
several_servers_and_nothing_tells(void **state)
{
	const struct cert *pinned = cert_of("RSA", "gw", "gw");
	const struct cert *one = cert_of("RSA", "one", "CA"), *other = cert_of("RSA", "other", "CA");

	(void)state;
	given_hash(pinned);
	goes_on(shown(5, 1, RSA_SUITE, CERTS(one)));                                /* 1 to 6 */
	resets(shown(5, 2, RSA_SUITE, CERTS(other)), SIDE_CLIENT);                  /* 7 to 10 */
	alerts(shown(5, 3, RSA_SUITE, CERTS(other)), SIDE_CLIENT, ALERT_UNKNOWN_CA); /* 11 to 14 */
	raised("cert-hash-mismatch", ERROR_LIKELY, "13 14");
}

static void
one_server_and_nothing_tells(void **state)
{
	(void)state;
	given_hash(cert_of("RSA", "gw", "gw"));
	resets(shown(5, 1, RSA_SUITE, CERTS(cert_of("RSA", "one", "CA"))), SIDE_CLIENT);
	raised("cert-hash-mismatch", ERROR_PROVEN, "3 4");
}

/* A phone's TLS to CUCM, and to any other server, is no business of the VPN's hashes. */
static void
other_servers_of_the_phone_are_not_held_against_the_hashes(void **state)
{
	const struct cert *pinned = cert_of("RSA", "gw", "gw"), *cucm = cert_of("RSA", "cucm", "cucm");
	struct handshake *tls;

	(void)state;
	pins(given_config("", GATEWAY), pinned, SHA1_SIZE);
	goes_on(shown(5, 1, RSA_SUITE, CERTS(pinned)));
	tls = shown(5, 2, RSA_SUITE, CERTS(cucm));
	tls->server.port = 5061;
	alerts(tls, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	tls = tls_from(5, 3, SUITES(0xc030));
	answers(tls, 0xc030);
	shows(tls, SIDE_SERVER, CERTS(cucm));
	resets(tls, SIDE_CLIENT);
	assert_int_not_equal(visit_at(5, 2)->matters & MATTERS_VOICE, 0);
	assert_int_not_equal(visit_at(5, 3)->matters & MATTERS_PHONE, 0);
	not_raised("cert-hash-mismatch");
}

/* Two phones, two gateways: what fits the one's hashes is nothing to the other. */
static void
another_phones_hash_is_not_shown_elsewhere(void **state)
{
	const struct cert *first = cert_of("RSA", "first", "first"), *old = cert_of("RSA", "second", "second");
	const struct finding *finding;

	(void)state;
	pins(given_config("SEP000000000001", "198.51.100.1"), first, SHA1_SIZE);
	pins(given_config("SEP000000000002", "198.51.100.2"), old, SHA1_SIZE);
	goes_on(shown(5, 1, RSA_SUITE, CERTS(first)));
	resets(shown(6, 2, RSA_SUITE, CERTS(cert_of("RSA", "second", "second"))), SIDE_CLIENT);
	finding = raised("cert-hash-mismatch", ERROR_PROVEN, "9 10");
	compares(finding, "AgICAgICAgICAgICAgICAgICAgI=", "AwMDAwMDAwMDAwMDAwMDAwMDAwM=");
	says(finding, "fits none of the phone's hashes.");
}

/* Where only the server's packets were captured, its certificate speaks all the same. */
static void
one_direction_shows_the_mismatch(void **state)
{
	struct handshake *tls;

	(void)state;
	given_hash(cert_of("RSA", "gw", "gw"));
	tls = shown(5, 1, RSA_SUITE, CERTS(cert_of("RSA", "gw", "gw")));
	free(tls->client_hello.ciphers);
	tls->client_hello = (struct client_hello_fact){.at.frame = 0};
	tls->saw[SIDE_CLIENT] = false;
	closes(tls, SIDE_SERVER);
	raised("cert-hash-mismatch", ERROR_PROVEN, "3");
	not_raised("handshake-aborted");
	not_raised("fatal-alert");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_temporary_ec_certificate),
		FACTS_TEST(an_ec_certificate_that_the_client_left),
		FACTS_TEST(an_ec_certificate_where_rsa_was_shown),
		FACTS_TEST(an_ec_certificate_beside_the_pinned_rsa_one),
		FACTS_TEST(no_ec_finding_where_the_client_went_on),
		FACTS_TEST(no_ec_finding_where_a_hash_fits),
		FACTS_TEST(no_ec_finding_without_a_reason),
		FACTS_TEST(a_renewed_certificate),
		FACTS_TEST(a_certificate_that_was_shown_elsewhere),
		FACTS_TEST(one_hash_of_many_is_enough),
		FACTS_TEST(the_leaf_is_told_in_the_digest_of_the_hashes),
		FACTS_TEST(an_unknown_hash_is_no_mismatch),
		FACTS_TEST(a_chain_with_a_hole_is_likely),
		FACTS_TEST(several_servers_and_nothing_tells),
		FACTS_TEST(one_server_and_nothing_tells),
		FACTS_TEST(other_servers_of_the_phone_are_not_held_against_the_hashes),
		FACTS_TEST(another_phones_hash_is_not_shown_elsewhere),
		FACTS_TEST(one_direction_shows_the_mismatch),
	};

	return cmocka_run_group_tests_name("findings: the gateway's certificate", tests, NULL, NULL);
}
