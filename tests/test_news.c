/* Findings as they arise: each once, when it is worse once more, and none that the end may not say. */
#include "src/watch/news.h"
#include "tests/so_far.h"

#define OFFER SUITES(0xc02c, 0x0035)
#define SECOND INT64_C(1000000)
#define HOST "vpn.example.com"
#define CONFIG "SEP001122334405.cnf.xml"

static struct news news;
static char said[512];

static int
setup(void **state)
{
	news = (struct news){.n = 0};
	return so_far_setup(state);
}

static int
teardown(void **state)
{
	news_free(&news);
	return facts_teardown(state);
}

#define NEWS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static void
say(void *arg, const struct finding *finding)
{
	(void)arg;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%s %s", said[0] != '\0' ? ", " : "",
		 severity_name(finding->severity), finding->rule->id);
}

/* hears wants this said of all that was told so far. */
static void
hears(const char *expected)
{
	said[0] = '\0';
	assert_true(news_read(&news, so_far(), facts.now.us, say, NULL));
	assert_string_equal(said, expected);
}

static struct handshake *
shown(uint8_t phone, const struct cert *cert)
{
	struct handshake *tls = tls_from(phone, 1, OFFER);

	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, CERTS(cert));
	return tls;
}

static void
refuses(uint8_t phone, const struct cert *cert)
{
	alerts(shown(phone, cert), SIDE_CLIENT, ALERT_UNKNOWN_CA);
}

static void
once_is_enough(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	given_gateway("198.51.100.1", 0);
	hears("");
	refuses(5, cert);
	hears("error server-certificate-rejected");
	assert_int_equal(news.due_us, INT64_MAX);
	hears("");
	refuses(5, cert);
	hears("");
	refuses(6, cert);
	hears("error server-certificate-rejected");
}

/* Nothing of the gateway is seen at first, and so the capture may not show it. */
static void
worse_is_said_again(void **state)
{
	(void)state;
	is_repeated(dtls_from(5, 1, SUITES(0x0035)));
	hears("warning dtls-unanswered");
	is_repeated(dtls_from(5, 1, SUITES(0x0035)));
	hears("");
	goes_on(shown(5, cert_of("RSA", "gw", "gw")));
	hears("error dtls-unanswered");
	hears("");
}

/* A client by its address; when its name is known, it is the same. */
static void
a_name_is_no_news(void **state)
{
	(void)state;
	given_gateway("198.51.100.1", 0);
	refuses(5, cert_of("RSA", "gw", "gw"));
	hears("error server-certificate-rejected");
	announces(5, 5);
	hears("");
	assert_string_equal(facts.report->findings[0].phone->name, "SEP001122334405");
}

/* Whether a web server's visitor is a phone is not known before one is. */
static void
nothing_tells_who_matters(void **state)
{
	(void)state;
	refuses(5, cert_of("RSA", "web", "web"));
	hears("");
	announces(6, 6);
	hears("");
	refuses(6, cert_of("RSA", "gw", "gw"));
	hears("error server-certificate-rejected");
	announces(5, 5);
	hears("error server-certificate-rejected");
}

static void
all_matter(void **state)
{
	(void)state;
	facts.trust.all = true;
	refuses(5, cert_of("RSA", "web", "web"));
	hears("error server-certificate-rejected");
}

/* Of several visits that nothing tells apart, none is held against a hash. */
static void
all_matter_and_a_hash_is_given(void **state)
{
	(void)state;
	facts.trust.all = true;
	given_hash(cert_of("RSA", "gw", "gw"));
	goes_on(shown(5, cert_of("RSA", "web", "web")));
	hears("");
	assert_int_equal(facts.report->n_findings, 1);
	goes_on(tls_from(5, 2, OFFER));
	hears("");
	assert_int_equal(facts.report->n_findings, 0);
}

/* The gateway's name may be resolved yet, to another address. */
static void
only_the_port_tells(void **state)
{
	struct phone_config *config = given_config("SEP001122334405", HOST);

	(void)state;
	pins(config, cert_of("RSA", "gw", "gw"), SHA1_SIZE);
	announces(5, 5);
	refuses(5, cert_of("RSA", "web", "web"));
	hears("");
	assert_int_equal(facts.report->n_findings, 1);
	assert_true(facts.report->findings[0].visit->assumed);
	is_answered(looks_up(5, HOST), 0, 9);
	hears("");
}

/* Where an RSA certificate comes to be seen, the EC one explains it. */
static void
another_may_explain_it(void **state)
{
	(void)state;
	given_gateway("198.51.100.1", 0);
	refuses(5, cert_of("EC", "gw", "ca"));
	hears("warning chain-incomplete");
	goes_on(shown(6, cert_of("RSA", "gw", "gw")));
	hears("error ec-certificate");
}

/* Its gateway's hash may be known, and only not yet be known to be this one's. */
static void
a_hash_may_explain_it(void **state)
{
	struct phone_config *config = given_config("SEP001122334405", HOST);
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	pins(config, cert, SHA1_SIZE);
	announces(6, 6);
	refuses(6, cert_of("RSA", "other", "other"));
	hears("");
	goes_on(shown(5, cert));
	hears("error cert-hash-mismatch");
}

static void
a_file_may_come_later(void **state)
{
	(void)state;
	is_refused(asks_for(5, false, CONFIG), 1);
	hears("");
	assert_int_equal(news.due_us, facts.now.us + 60 * SECOND);
	later(59);
	hears("");
	later(1);
	hears("warning tftp-not-found");
	assert_int_equal(news.due_us, INT64_MAX);
	later(100);
	hears("");
}

static void
it_came_later(void **state)
{
	(void)state;
	is_refused(asks_for(5, true, CONFIG), 404);
	hears("");
	later(59);
	brings(asks_for(5, false, CONFIG), "<device><vpnGroup></vpnGroup></device>");
	hears("");
	later(1);
	hears("");
	assert_int_equal(news.due_us, INT64_MAX);
}

/* Of what was said of a phone, a part is mended. */
static void
half_of_it_is_mended(void **state)
{
	(void)state;
	is_refused(asks_for(5, false, "CTLSEP001122334405.tlv"), 1);
	is_refused(asks_for(5, false, "ITLSEP001122334405.tlv"), 1);
	hears("");
	later(60);
	hears("info tftp-not-found");
	asks_for(5, false, "ITLSEP001122334405.tlv")->transfer.outcome = TRANSFER_DONE;
	hears("");
	assert_int_equal(facts.report->n_findings, 1);
	is_refused(asks_for(5, false, "ITLSEP001122334405.tlv"), 1);
	hears("");
}

/* Who asks for a file, or comes to a gateway, takes it back: that is for the end. */
static void
some_wait_for_the_end(void **state)
{
	(void)state;
	announces(5, 0);
	gets_lease(5, 1, 5, 0);
	later(3600);
	hears("");
	assert_int_equal(facts.report->n_findings, 1);
	assert_string_equal(facts.report->findings[0].rule->id, "no-tftp-server");
	assert_int_equal(news.due_us, INT64_MAX);
}

/* What was given proves nothing of this wire. */
static void
no_frame_is_no_news(void **state)
{
	struct phone_config *config = given_config("SEP001122334405", HOST);

	(void)state;
	config->has_vpn_group = false;
	announces(5, 5);
	hears("");
	assert_int_equal(facts.report->n_findings, 1);
	later(3600);
	hears("");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		NEWS_TEST(once_is_enough),
		NEWS_TEST(worse_is_said_again),
		NEWS_TEST(a_name_is_no_news),
		NEWS_TEST(nothing_tells_who_matters),
		NEWS_TEST(all_matter),
		NEWS_TEST(all_matter_and_a_hash_is_given),
		NEWS_TEST(only_the_port_tells),
		NEWS_TEST(another_may_explain_it),
		NEWS_TEST(a_hash_may_explain_it),
		NEWS_TEST(a_file_may_come_later),
		NEWS_TEST(it_came_later),
		NEWS_TEST(half_of_it_is_mended),
		NEWS_TEST(some_wait_for_the_end),
		NEWS_TEST(no_frame_is_no_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
