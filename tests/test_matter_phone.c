/* Who the phone is, and which configuration speaks for its visits. */
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
	struct handshake *login;

	(void)state;
	pins(given_config("", GATEWAY), cert_of("RSA", "gw", "CA"), SHA1_SIZE);
	tls_from(5, 7, OFFER);
	login = tls_from(5, 1, OFFER);
	answers(login, 0x0035);
	goes_on(login);
	tls_from(5, 2, OFFER);
	tls_from(5, 3, OTHER_OFFER);
	tls_from(5, 4, OFFER)->server.port = 8443;
	dtls_from(5, 6, SUITES(0x0035));
	assert_null(visit_at(5, 7)->config); /* before it */
	assert_ptr_equal(visit_at(5, 2)->config, &facts.config[0]);
	assert_null(visit_at(5, 2)->host);
	assert_null(visit_at(5, 3)->config);
	assert_null(visit_at(5, 4)->config);
	assert_ptr_equal(visit_at(5, 6)->config, &facts.config[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_phone_by_its_certificate),
		FACTS_TEST(a_phone_without_a_model),
		FACTS_TEST(a_phone_of_another_make),
		FACTS_TEST(a_client_certificate_that_is_no_phones),
		FACTS_TEST(the_first_configuration_is_its_own),
		FACTS_TEST(the_second_configuration_is_its_own),
		FACTS_TEST(its_own_configuration_names_another_gateway),
		FACTS_TEST(two_configurations_and_two_phones),
		FACTS_TEST(a_certificate_names_better_than_a_configuration),
		FACTS_TEST(a_configuration_without_a_name),
		FACTS_TEST(a_phone_that_is_sent_on),
	};

	return cmocka_run_group_tests_name("matter: who the phone is", tests, NULL, NULL);
}
