/* Which visits matter, who the phone is, and which configuration speaks for it. */
#include "tests/facts.h"

#define GATEWAY "198.51.100.1"
#define OFFER SUITES(0xc030, 0x0035)
#define OTHER_OFFER SUITES(0x1301, 0xc030)
#define PHONE_CN "CP-8861-SEP001122334455"

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

/* The client shows a certificate; the visit of phone 5 at server 9. */
static void
shows_itself(const char *cn)
{
	struct handshake *tls = tls_from(5, 9, OTHER_OFFER);

	asks(tls, NULL);
	shows(tls, SIDE_CLIENT, CERTS(cert_of("RSA", cn, "CAPF-1")));
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

static void
a_phone_by_its_certificate(void **state)
{
	const struct phone *phone;

	(void)state;
	shows_itself(PHONE_CN); /* frames 1 to 3 */
	tls_from(5, 1, OFFER);
	tls_from(6, 1, OFFER);
	matters(5, 9, MATTERS_PHONE);
	matters(5, 1, MATTERS_PHONE);
	matters(6, 1, 0);
	phone = visit_at(5, 1)->phone;
	assert_string_equal(phone->name, "SEP001122334455");
	assert_string_equal(phone->name_from, "certificate");
	assert_string_equal(phone->model, "CP-8861");
	assert_int_equal(phone->name_at.frame, 3);
	assert_null(phone->config);
	assert_string_equal(visit_at(6, 1)->phone->name, "");
	assert_null(visit_at(6, 1)->phone->name_from);
}

/* A name without a model, or with something else before it. */
static void
a_phone_without_a_model(void **state)
{
	(void)state;
	shows_itself("SEP001122334455");
	assert_string_equal(visit_at(5, 9)->phone->name, "SEP001122334455");
	assert_null(visit_at(5, 9)->phone->model);
}

static void
a_phone_of_another_make(void **state)
{
	(void)state;
	shows_itself("XP-8861-SEP001122334455");
	assert_string_equal(visit_at(5, 9)->phone->name, "SEP001122334455");
	assert_null(visit_at(5, 9)->phone->model);
}

static void
a_client_certificate_that_is_no_phones(void **state)
{
	(void)state;
	shows_itself("alice");
	tls_from(6, 1, OFFER)->server.port = 5061;
	matters(5, 9, 0);
	assert_null(visit_at(5, 9)->phone->model);
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

/* Two configurations name the gateway; the phone's certificate says which of them is its own. */
static void
two_configurations_and_one_phone(uint8_t own)
{
	const struct cert *first = cert_of("RSA", "first", "CA"), *second = cert_of("RSA", "second", "CA");

	pins(given_config(own == 0 ? "SEP001122334455" : "SEP000000000000", GATEWAY), first, SHA1_SIZE);
	pins(given_config(own == 1 ? "SEP001122334455" : "SEP000000000000", GATEWAY), second, SHA1_SIZE);
	shows_itself(PHONE_CN);
	shown(5, 1, first);
	assert_ptr_equal(visit_at(5, 1)->phone->config, &facts.config[own]);
	assert_ptr_equal(visit_at(5, 1)->config, &facts.config[own]);
	assert_string_equal(visit_at(5, 1)->host, GATEWAY);
	assert_int_equal(report_trusted(judged(), visit_at(5, 1), visit_at(5, 1)->handshakes[0]),
			 own == 0 ? TRUST_LEAF : TRUST_NONE);
	assert_null(visit_at(5, 9)->config);
}

static void
the_first_configuration_is_its_own(void **state)
{
	(void)state;
	two_configurations_and_one_phone(0);
}

static void
the_second_configuration_is_its_own(void **state)
{
	(void)state;
	two_configurations_and_one_phone(1);
}

/* Another phone's configuration names the gateway; what this one trusts stands in its own. */
static void
its_own_configuration_names_another_gateway(void **state)
{
	const struct cert *cert = cert_of("RSA", "gw", "CA");

	(void)state;
	pins(given_config("SEP000000000000", GATEWAY), cert, SHA1_SIZE);
	pins(given_config("SEP001122334455", "198.51.100.7"), cert_of("RSA", "other", "CA"), SHA1_SIZE);
	shows_itself(PHONE_CN);
	shown(5, 1, cert);
	assert_ptr_equal(visit_at(5, 1)->config, &facts.config[1]);
	assert_null(visit_at(5, 1)->host);
	assert_int_equal(report_trusted(judged(), visit_at(5, 1), visit_at(5, 1)->handshakes[0]), TRUST_NONE);
}

/* Two phones, each at the gateway of its own configuration. */
static void
two_configurations_and_two_phones(void **state)
{
	(void)state;
	given_config("SEP000000000001", "198.51.100.1");
	given_config("SEP000000000002", "198.51.100.2");
	tls_from(5, 2, OFFER);
	tls_from(6, 1, OFFER);
	assert_ptr_equal(visit_at(5, 2)->config, &facts.config[1]);
	assert_ptr_equal(visit_at(6, 1)->config, &facts.config[0]);
	assert_string_equal(visit_at(5, 2)->phone->name, "SEP000000000002");
	assert_string_equal(visit_at(5, 2)->phone->name_from, "configuration");
	assert_int_equal(visit_at(5, 2)->phone->name_at.frame, 0);
}

static void
a_certificate_names_better_than_a_configuration(void **state)
{
	(void)state;
	given_config("SEP000000000001", GATEWAY);
	shows_itself(PHONE_CN);
	tls_from(5, 1, OFFER);
	assert_string_equal(visit_at(5, 1)->phone->name, "SEP001122334455");
	assert_string_equal(visit_at(5, 1)->phone->name_from, "certificate");
}

static void
a_configuration_without_a_name(void **state)
{
	(void)state;
	given_config("", GATEWAY);
	tls_from(5, 1, OFFER);
	assert_ptr_equal(visit_at(5, 1)->phone->config, &facts.config[0]);
	assert_string_equal(visit_at(5, 1)->phone->name, "");
	assert_null(visit_at(5, 1)->phone->name_from);
}

/* Where the same software goes on to from a gateway, the configuration goes with it: not to another port, and not
 * with another program on the same host. */
static void
a_phone_that_is_sent_on(void **state)
{
	(void)state;
	pins(given_config("", GATEWAY), cert_of("RSA", "gw", "CA"), SHA1_SIZE);
	tls_from(5, 1, OFFER);
	tls_from(5, 2, OFFER);
	tls_from(5, 3, OTHER_OFFER);
	tls_from(5, 4, OFFER)->server.port = 8443;
	dtls_from(5, 6, SUITES(0x0035));
	assert_ptr_equal(visit_at(5, 2)->config, &facts.config[0]);
	assert_null(visit_at(5, 2)->host);
	assert_null(visit_at(5, 3)->config);
	assert_null(visit_at(5, 4)->config);
	assert_ptr_equal(visit_at(5, 6)->config, &facts.config[0]);
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
		FACTS_TEST(a_phone_by_its_certificate),
		FACTS_TEST(a_phone_without_a_model),
		FACTS_TEST(a_phone_of_another_make),
		FACTS_TEST(a_client_certificate_that_is_no_phones),
		FACTS_TEST(a_visit_that_matters_for_every_reason),
		FACTS_TEST(where_nothing_tells_all_matter),
		FACTS_TEST(all_matter_where_asked),
		FACTS_TEST(others_are_counted_by_handshakes),
		FACTS_TEST(the_first_configuration_is_its_own),
		FACTS_TEST(the_second_configuration_is_its_own),
		FACTS_TEST(its_own_configuration_names_another_gateway),
		FACTS_TEST(two_configurations_and_two_phones),
		FACTS_TEST(a_certificate_names_better_than_a_configuration),
		FACTS_TEST(a_configuration_without_a_name),
		FACTS_TEST(a_phone_that_is_sent_on),
		FACTS_TEST(same_offers),
	};

	return cmocka_run_group_tests_name("matter", tests, NULL, NULL);
}
