/* Which visits matter, and why. */
#include "tests/facts.h"

#define GATEWAY "198.51.100.1"
#define OFFER SUITES(0xc030, 0x0035)
#define OTHER_OFFER SUITES(0x1301, 0xc030)

static struct handshake *
shown(uint8_t phone, uint8_t gateway, const struct cert *cert)
{
	struct handshake *tls = tls_from(phone, gateway, OFFER);

	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, CERTS(cert));
	return tls;
}

static void
matters(uint8_t phone, uint8_t gateway, unsigned why)
{
	assert_int_equal(visit_at(phone, gateway)->matters, why);
}

static void
a_gateway_by_its_address(void **state)
{
	(void)state;
	given_config("", GATEWAY);
	tls_from(5, 1, OFFER);
	tls_from(6, 2, OFFER);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(6, 2, 0);
	assert_int_equal(judged()->others, 1);
	assert_ptr_equal(visit_at(5, 1)->config, &facts.config[0]);
	assert_string_equal(visit_at(5, 1)->host, GATEWAY);
	assert_null(visit_at(6, 2)->config);
	assert_null(visit_at(6, 2)->host);
}

static void
a_gateway_by_its_ipv6_address(void **state)
{
	struct handshake *tls = tls_from(5, 1, OFFER);

	(void)state;
	given_gateway("2001:db8::1", 0);
	tls->server.ip = (struct ip_addr){{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
	tls_from(5, 2, OFFER)->server.ip = (struct ip_addr){{0x20, 0x01, 0x0d, 0xb8, [15] = 2}};
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(5, 2, MATTERS_PHONE);
}

static void
a_gateway_by_the_name_asked_for(void **state)
{
	(void)state;
	given_config("", "vpn.example.com");
	tls_from(5, 1, OFFER)->client_hello.server_name = strdup("VPN.example.com");
	tls_from(6, 2, OFFER)->client_hello.server_name = strdup("www.vpn.example.com");
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(6, 2, 0);
}

static void
a_gateway_by_its_certificates_names(void **state)
{
	static char *names[] = {"a.example.com", "vpn.example.com"}, *wildcard[] = {"*.example.com"};
	struct cert *by_name = cert_of("RSA", "gw", "CA"), *by_cn = cert_of("RSA", "vpn.example.com", "CA");
	struct cert *by_wildcard = cert_of("RSA", "gw", "CA");

	(void)state;
	by_name->dns_names = names;
	by_name->n_dns_names = 2;
	by_wildcard->dns_names = wildcard;
	by_wildcard->n_dns_names = 1;
	given_gateway("vpn.example.com", 0);
	shown(5, 1, by_name);
	shown(6, 2, by_cn);
	shown(7, 3, by_wildcard);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(6, 2, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(7, 3, 0);
}

/* The port counts for TLS; DTLS may have another. */
static void
a_gateway_on_one_port(void **state)
{
	(void)state;
	given_gateway(GATEWAY, 8443);
	tls_from(5, 1, OFFER);
	tls_from(6, 1, OFFER)->server.port = 8443;
	matters(5, 1, 0);
	matters(6, 1, MATTERS_GATEWAY | MATTERS_PHONE);
}

static void
a_gateways_dtls_on_another_port(void **state)
{
	(void)state;
	given_gateway(GATEWAY, 8443);
	hellos(true, 5, 1, OFFER);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE);
}

static void
a_gateway_by_a_certificate_that_is_trusted(void **state)
{
	const struct cert *leaf = cert_of("RSA", "gw", "CA"), *ca = cert_of("RSA", "CA", "CA");
	struct handshake *tls;

	(void)state;
	pins(given_config("", NULL), ca, SHA256_SIZE);
	tls = tls_from(5, 1, OFFER);
	shows(tls, SIDE_SERVER, CERTS(leaf, ca));
	shown(6, 2, leaf);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(6, 2, 0);
	assert_ptr_equal(visit_at(5, 1)->config, &facts.config[0]);
	assert_null(visit_at(5, 1)->host);
}

static void
a_gateway_by_a_given_hash(void **state)
{
	const struct cert *leaf = cert_of("RSA", "gw", "CA"), *other = cert_of("RSA", "other", "CA");

	(void)state;
	given_hash(other);
	given_hash(leaf);
	facts.given[0].form = HASH_BAD;
	shown(5, 1, leaf);
	shown(6, 2, other);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(6, 2, 0);
	assert_null(visit_at(5, 1)->config);
}

/* What one client knows for its gateway is one for the others, though they see something else there. */
static void
a_gateway_of_another_client(void **state)
{
	const struct cert *leaf = cert_of("RSA", "gw", "gw");
	struct handshake *tls;

	(void)state;
	given_hash(leaf);
	shown(5, 1, cert_of("RSA", "gw", "gw"));
	shown(6, 1, leaf);
	tls = shown(7, 1, leaf);
	tls->server.port = 993;
	free(tls->certs[SIDE_SERVER].certs);
	tls->certs[SIDE_SERVER] = (struct cert_list_fact){.n = 0};
	cert_unref(leaf);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(6, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(7, 1, 0);
	assert_int_equal(report_trusted(judged(), visit_at(5, 1), visit_at(5, 1)->handshakes[0]), TRUST_NONE);
}

static void
the_shape_of_anyconnect(void **state)
{
	static const uint32_t one[] = {0x0035, 0x00ff, 0x5600, 0x0a0a, 0}, psk[] = {0x00a8, 0x00a9, 0x00ff, 0};
	static const uint32_t two[] = {0x0035, 0x002f, 0}, mixed[] = {0x00a8, 0x0035, 0}, none[] = {0x00ff, 0};
	static const struct {
		const uint32_t *offer;
		bool is;
	} shapes[] = {{one, true}, {psk, true}, {two, false}, {mixed, false}, {none, false}};
	struct handshake *dtls;

	(void)state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		assert_int_equal(handshake_is_anyconnect(dtls_from(5, 1, shapes[i].offer)), shapes[i].is);
	dtls = dtls_from(5, 1, one);
	dtls->client_hello.session_id_len = 0;
	assert_false(handshake_is_anyconnect(dtls));
	dtls->client_hello.session_id_len = 32;
	dtls->dtls = false;
	assert_false(handshake_is_anyconnect(dtls));
	dtls->dtls = true;
	dtls->client_hello.at.frame = 0;
	assert_false(handshake_is_anyconnect(dtls));
}

/* The phone of an AnyConnect handshake matters wherever it goes, and its gateway whoever comes. */
static void
an_anyconnect_visit(void **state)
{
	(void)state;
	tls_from(5, 1, OFFER);
	dtls_from(5, 1, SUITES(0x0035));
	tls_from(5, 2, OTHER_OFFER);
	tls_from(6, 1, OTHER_OFFER);
	tls_from(6, 2, OTHER_OFFER);
	tls_from(7, 2, OTHER_OFFER);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_ANYCONNECT | MATTERS_PHONE);
	matters(5, 2, MATTERS_PHONE);
	matters(6, 1, MATTERS_GATEWAY | MATTERS_PHONE);
	matters(6, 2, MATTERS_PHONE);
	matters(7, 2, 0);
	assert_int_equal(judged()->others, 1);
}

/* CUCM and Unity Connection; neither makes its client a phone. */
static void
voice_ports(void **state)
{
	(void)state;
	tls_from(5, 1, OFFER)->server.port = 5061;
	tls_from(5, 2, OFFER)->server.port = 2443;
	tls_from(5, 3, OFFER)->server.port = 5060;
	hellos(true, 5, 4, OFFER)->server.port = 5061;
	matters(5, 1, MATTERS_VOICE);
	matters(5, 2, MATTERS_VOICE);
	matters(5, 3, 0);
	matters(5, 4, 0);
}

/* All reasons stand beside each other. */
static void
a_visit_that_matters_for_every_reason(void **state)
{
	const struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	facts.trust.all = true;
	given_gateway(GATEWAY, 0);
	given_hash(cert);
	pins(given_config("", GATEWAY), cert, SHA1_SIZE);
	tls_from(5, 1, OFFER)->server.port = 5061;
	dtls_from(5, 1, SUITES(0x0035));
	tls_from(5, 1, OFFER)->server.port = 2443;
	shown(5, 1, cert);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_ANYCONNECT | MATTERS_VOICE | MATTERS_PHONE | MATTERS_ALL);
}

static void
where_nothing_tells_all_matter(void **state)
{
	(void)state;
	tls_from(5, 1, OFFER);
	tls_from(6, 2, OFFER);
	tls_from(6, 2, OFFER);
	matters(5, 1, MATTERS_ALL);
	matters(6, 2, MATTERS_ALL);
	assert_int_equal(judged()->others, 0);
}

static void
all_matter_where_asked(void **state)
{
	(void)state;
	facts.trust.all = true;
	given_gateway(GATEWAY, 0);
	tls_from(5, 1, OFFER);
	tls_from(6, 2, OFFER);
	matters(5, 1, MATTERS_GATEWAY | MATTERS_PHONE | MATTERS_ALL);
	matters(6, 2, MATTERS_ALL);
	assert_int_equal(judged()->others, 0);
}

static void
others_are_counted_by_handshakes(void **state)
{
	(void)state;
	given_gateway(GATEWAY, 0);
	tls_from(5, 1, OFFER);
	for (size_t i = 0; i < 3; i++)
		tls_from(6, 2, OFFER);
	assert_int_equal(visit_at(6, 2)->n, 3);
	assert_int_equal(judged()->others, 3);
}

static void
same_offers(void **state)
{
	struct handshake *a = tls_from(5, 1, OFFER), *b = tls_from(5, 1, OFFER);

	(void)state;
	assert_true(handshake_same_offer(a, b));
	b->client_hello.ciphers[1]++;
	assert_false(handshake_same_offer(a, b));
	assert_false(handshake_same_offer(a, tls_from(5, 1, SUITES(0xc030, 0x0035, 0x002f))));
	a->client_hello.n_ciphers = b->client_hello.n_ciphers = 0;
	assert_false(handshake_same_offer(a, b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_gateway_by_its_address),
		FACTS_TEST(a_gateway_by_its_ipv6_address),
		FACTS_TEST(a_gateway_by_the_name_asked_for),
		FACTS_TEST(a_gateway_by_its_certificates_names),
		FACTS_TEST(a_gateway_on_one_port),
		FACTS_TEST(a_gateways_dtls_on_another_port),
		FACTS_TEST(a_gateway_by_a_certificate_that_is_trusted),
		FACTS_TEST(a_gateway_by_a_given_hash),
		FACTS_TEST(a_gateway_of_another_client),
		FACTS_TEST(the_shape_of_anyconnect),
		FACTS_TEST(an_anyconnect_visit),
		FACTS_TEST(voice_ports),
		FACTS_TEST(a_visit_that_matters_for_every_reason),
		FACTS_TEST(where_nothing_tells_all_matter),
		FACTS_TEST(all_matter_where_asked),
		FACTS_TEST(others_are_counted_by_handshakes),
		FACTS_TEST(same_offers),
	};

	return cmocka_run_group_tests_name("matter", tests, NULL, NULL);
}
