/* Rules about certificates by themselves: dates, chain, strength, and those that cannot be seen. */
#include "tests/finding_check.h"

#define GATEWAY "198.51.100.1"
#define NOW (FACTS_START / 1000000)
#define OFFER SUITES(0x0035, 0x00ff)

static struct handshake *
shown(uint8_t phone, uint8_t gateway, const struct cert *const *certs)
{
	struct handshake *tls = tls_from(phone, gateway, OFFER);

	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, certs);
	return tls;
}

static struct cert *
dated(int64_t not_before, int64_t not_after)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	cert->not_before = not_before;
	cert->not_after = not_after;
	return cert;
}

static void
an_expired_certificate_that_was_refused(void **state)
{
	const struct finding *finding;

	(void)state;
	alerts(shown(5, 1, CERTS(dated(0, NOW - 3 * FACTS_DAY))), SIDE_CLIENT, ALERT_CERTIFICATE_EXPIRED);
	finding = raised("certificate-expired", ERROR_PROVEN, "3 4");
	says(finding, "CN=gw ended 3 days before it was shown.");
	not_raised("server-certificate-rejected");
	not_raised("certificate-expiring");
}

/* Phones that pin a hash do not look at dates; nor does a reset behind the key exchange speak of them. */
static void
an_expired_certificate_that_nobody_minds(void **state)
{
	const struct cert *leaf = dated(0, NOW - 1);
	struct handshake *tls;

	(void)state;
	goes_on(shown(5, 1, CERTS(leaf)));
	tls = shown(5, 1, CERTS(leaf));
	exchanges_key(tls);
	resets(tls, SIDE_CLIENT);
	raised("certificate-expired", WARNING_PROVEN, "3 9");
}

/* The client may have another clock, or the chain's CA have expired. */
static void
a_client_that_says_expired(void **state)
{
	(void)state;
	alerts(shown(5, 1, CERTS(dated(0, NOW + 400 * FACTS_DAY))), SIDE_CLIENT, ALERT_CERTIFICATE_EXPIRED);
	says(raised("certificate-expired", ERROR_LIKELY, "3 4"), "look at the client's clock");
	not_raised("server-certificate-rejected");
}

static void
the_last_second_of_a_certificate(void **state)
{
	(void)state;
	goes_on(shown(5, 1, CERTS(dated(0, NOW))));
	not_raised("certificate-expired");
	says(raised("certificate-expiring", WARNING_PROVEN, "3"), "CN=gw ends 0 days after it was shown.");
}

static void
thirty_days_left(void **state)
{
	(void)state;
	goes_on(shown(5, 1, CERTS(dated(0, NOW + 30 * FACTS_DAY))));
	raised("certificate-expiring", WARNING_PROVEN, "3");
}

static void
more_than_thirty_days_left(void **state)
{
	(void)state;
	goes_on(shown(5, 1, CERTS(dated(0, NOW + 30 * FACTS_DAY + 1))));
	goes_on(shown(5, 1, CERTS(dated(NOW + FACTS_DAY, NOW + 1)))); /* upside down: says nothing */
	not_raised("certificate-expiring");
	not_raised("certificate-expired");
}

static void
a_certificate_of_tomorrow(void **state)
{
	(void)state;
	resets(shown(5, 1, CERTS(dated(NOW + 2 * FACTS_DAY, NOW + 400 * FACTS_DAY))), SIDE_CLIENT);
	says(raised("certificate-not-yet-valid", ERROR_PROVEN, "3 4"), "begins 2 days after");
}

static void
a_certificate_of_this_second(void **state)
{
	(void)state;
	goes_on(shown(5, 1, CERTS(dated(NOW, NOW + 400 * FACTS_DAY))));
	not_raised("certificate-not-yet-valid");
}

/* A clock that was never set is no clock to judge by; --now is. */
static void
a_capture_of_1970(void **state)
{
	const struct cert *future = dated(NOW, NOW + FACTS_DAY);

	(void)state;
	facts.now.us = 5000000;
	goes_on(shown(5, 1, CERTS(future)));
	not_raised("certificate-not-yet-valid");
	not_raised("certificate-expired");
	not_raised("certificate-expiring");
}

static void
a_capture_of_1970_and_the_time(void **state)
{
	(void)state;
	facts.now.us = 5000000;
	facts.trust.has_now = true;
	facts.trust.now = NOW;
	goes_on(shown(5, 1, CERTS(dated(0, NOW - FACTS_DAY))));
	raised("certificate-expired", WARNING_PROVEN, "3");
}

/* A clock older than its version of TLS is none either; TLS 1.0 is old enough for 1999. */
static void
clocks_older_than_their_protocol(void **state)
{
	const struct cert *future = dated(NOW, NOW + 400 * FACTS_DAY);

	(void)state;
	facts.now.us = INT64_C(946684799000000); /* 1999 */
	goes_on(shown(5, 1, CERTS(future)));
	answers(tls_from(5, 1, OFFER), 0x0035);
	facts.told[1]->server_hello.version = 0x0301;
	shows(facts.told[1], SIDE_SERVER, CERTS(future)); /* frame 9 */
	raised("certificate-not-yet-valid", WARNING_PROVEN, "9");
}

/* What cannot be read has no date, and what only hashes of bytes are known of raises nothing at all. */
static void
a_certificate_that_does_not_parse(void **state)
{
	static const char *const ids[] = {"certificate-expired", "certificate-not-yet-valid", "certificate-expiring",
					  "chain-incomplete", "chain-order", "weak-crypto", "host-id-mismatch",
					  "ec-certificate"};
	struct cert *cert = cert_of("RSA", "gw", "CA");

	(void)state;
	cert->parsed = cert->has_dates = false;
	cert->key_type = cert->subject = cert->issuer = cert->subject_cn = cert->issuer_cn = cert->signature = NULL;
	cert->not_after = 0;
	cert->key_bits = 0;
	pins(given_config("", GATEWAY), cert_of("RSA", "old", "old"), SHA1_SIZE);
	facts.config[0].enable_host_id_check = 1;
	resets(shown(5, 1, CERTS(cert, cert)), SIDE_CLIENT);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		not_raised(ids[i]);
	says(raised("cert-hash-mismatch", ERROR_PROVEN, "3 4"), "a certificate that does not parse");
}

static void
a_leaf_without_its_issuer(void **state)
{
	const struct finding *finding;

	(void)state;
	goes_on(shown(5, 1, CERTS(cert_of("RSA", "gw", "Issuing CA"), cert_of("RSA", "Root CA", "Root CA"))));
	finding = raised("chain-incomplete", WARNING_PROVEN, "3");
	compares(finding, "CN=Issuing CA", "");
	not_raised("chain-order");
}

/* Self-signed is normal for an ASA, a root may be left out, and what lies in a hole is unknown. */
static void
chains_that_are_whole(void **state)
{
	const struct cert *leaf = cert_of("RSA", "gw", "Issuing CA");
	const struct cert *issuing = cert_of("RSA", "Issuing CA", "Root CA");

	(void)state;
	goes_on(shown(5, 1, CERTS(cert_of("RSA", "gw", "gw"))));
	goes_on(shown(5, 1, CERTS(leaf, issuing)));
	goes_on(shown(5, 1, CERTS(leaf, issuing, cert_of("RSA", "Root CA", "Root CA"), leaf)));
	loses(shown(5, 1, CERTS(leaf)), SIDE_SERVER, 11, MISSING_SERVER_CERTIFICATES);
	loses(shown(5, 1, CERTS(leaf, leaf, issuing)), SIDE_SERVER, 11, MISSING_SERVER_CERTIFICATES);
	not_raised("chain-incomplete");
	not_raised("chain-order");
}

static void
certificates_in_the_wrong_order(void **state)
{
	const struct cert *leaf = cert_of("RSA", "gw", "Issuing CA");
	const struct cert *issuing = cert_of("RSA", "Issuing CA", "Root CA");
	const struct cert *root = cert_of("RSA", "Root CA", "Root CA");
	const struct finding *finding;

	(void)state;
	goes_on(shown(5, 1, CERTS(leaf, root, issuing)));
	finding = raised("chain-order", WARNING_PROVEN, "3");
	compares(finding, "CN=Issuing CA", "CN=Root CA");
	says(finding, "Behind CN=gw should come CN=Issuing CA, but CN=Root CA does.");
	not_raised("chain-incomplete");
}

static void
weak_ciphers_and_certificates(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "CA");
	struct handshake *tls = tls_from(5, 1, SUITES(0x0005));

	(void)state;
	answers(tls, 0x0005);
	tls->server_hello.version = 0x0300;
	cert->key_bits = 1024;
	cert->signature = "sha1WithRSAEncryption";
	shows(tls, SIDE_SERVER, CERTS(cert));
	goes_on(tls);
	compares(raised("weak-crypto", INFO_PROVEN, "2 3"), "",
		 "SSLv3|TLS_RSA_WITH_RC4_128_SHA|RSA key of 1024 bits|sha1WithRSAEncryption");
}

static void
weak_signatures(void **state)
{
	static const char *const signatures[] = {"md5WithRSAEncryption", "ecdsa-with-SHA1", "dsaWithSHA1",
						 "ecdsa-with-SHA256", "sha512WithRSAEncryption"};

	(void)state;
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		struct cert *cert = cert_of("EC", "gw", "CA");
		cert->signature = (char *)(uintptr_t)signatures[i];
		goes_on(shown(5, 1, CERTS(cert)));
	}
	compares(raised("weak-crypto", INFO_PROVEN, "3 9 15"), "", "md5WithRSAEncryption|ecdsa-with-SHA1|dsaWithSHA1");
}

/* A self-signed certificate's own signature guards nothing; 256 bits are many for an EC key; a key that OpenSSL
 * cannot read has an unknown length, not none. */
static void
what_is_strong_enough(void **state)
{
	struct cert *own = cert_of("RSA", "gw", "gw"), *unread = cert_of("RSA", "gw", "CA");

	(void)state;
	own->signature = "sha1WithRSAEncryption";
	unread->key_bits = 0;
	goes_on(shown(5, 1, CERTS(own)));
	goes_on(shown(5, 1, CERTS(unread)));
	goes_on(shown(5, 1, CERTS(cert_of("EC", "gw", "CA"))));
	not_raised("weak-crypto");
}

/* SSLv2's suites have 3 bytes: 0x010080 is no 0x0080. */
static void
an_sslv2_server(void **state)
{
	struct handshake *tls = tls_from(5, 1, SUITES(0x010080, 0x030080));

	(void)state;
	tls->client_hello.sslv2 = true;
	answers(tls, 0x010001);
	tls->server_hello.version = 0x0002;
	compares(raised("weak-crypto", INFO_PROVEN, "2"), "", "SSLv2");
}

/* TLS 1.2, a server that only asks for another hello, and where nobody asked about hashes. */
static void
no_hidden_certificate(void **state)
{
	struct handshake *tls;

	(void)state;
	given_gateway(GATEWAY, 0);
	goes_on(shown(5, 1, CERTS(cert_of("RSA", "gw", "gw"))));
	tls = tls_from(5, 1, SUITES(0x1301));
	tls->hello_retry = (struct hello_retry_fact){.at = next(tls, SIDE_SERVER), .version = 0x0304};
	not_raised("certificate-hidden");
}

static struct handshake *
hidden(void)
{
	struct handshake *tls = tls_from(5, 1, SUITES(0x1301));

	answers(tls, 0x1301);
	tls->server_hello.version = 0x0304;
	return tls;
}

static void
nobody_asked_about_a_hidden_certificate(void **state)
{
	(void)state;
	hidden();
	not_raised("certificate-hidden");
}

static void
a_hash_asks_about_a_hidden_certificate(void **state)
{
	(void)state;
	given_hash(cert_of("RSA", "gw", "gw"));
	hidden()->server_hello.version = 0x7f17; /* a draft's */
	raised("certificate-hidden", INFO_PROVEN, "2");
	not_raised("cert-hash-mismatch");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(an_expired_certificate_that_was_refused),
		FACTS_TEST(an_expired_certificate_that_nobody_minds),
		FACTS_TEST(a_client_that_says_expired),
		FACTS_TEST(the_last_second_of_a_certificate),
		FACTS_TEST(thirty_days_left),
		FACTS_TEST(more_than_thirty_days_left),
		FACTS_TEST(a_certificate_of_tomorrow),
		FACTS_TEST(a_certificate_of_this_second),
		FACTS_TEST(a_capture_of_1970),
		FACTS_TEST(a_capture_of_1970_and_the_time),
		FACTS_TEST(clocks_older_than_their_protocol),
		FACTS_TEST(a_certificate_that_does_not_parse),
		FACTS_TEST(a_leaf_without_its_issuer),
		FACTS_TEST(chains_that_are_whole),
		FACTS_TEST(certificates_in_the_wrong_order),
		FACTS_TEST(weak_ciphers_and_certificates),
		FACTS_TEST(weak_signatures),
		FACTS_TEST(what_is_strong_enough),
		FACTS_TEST(an_sslv2_server),
		FACTS_TEST(no_hidden_certificate),
		FACTS_TEST(nobody_asked_about_a_hidden_certificate),
		FACTS_TEST(a_hash_asks_about_a_hidden_certificate),
	};

	return cmocka_run_group_tests_name("findings: certificates", tests, NULL, NULL);
}
