/* The rules about CUCM and Unity Connection. */
#include "tests/events.h"

#define OFFER SUITES(0xc030, 0x0035)

static struct cert *callmanager, *unity;

/* CUCM, 10.0.0.7, at Unity Connection, 198.51.100.8; both show certificates. */
static struct handshake *
mutual(uint16_t port)
{
	struct handshake *tls = tls_from(7, 8, OFFER);

	callmanager = cert_of("RSA", "cucm-pub", "cucm-pub");
	unity = cert_of("RSA", "cuc", "cuc");
	tls->server.port = port;
	answers(tls, 0x0035);
	shows(tls, SIDE_SERVER, CERTS(unity));
	asks(tls, NULL);
	shows(tls, SIDE_CLIENT, CERTS(callmanager));
	return tls;
}

/* A CTL with one certificate, fetched by Unity Connection before. */
static struct event *
fetches_ctl(struct cert *cert)
{
	struct event *event = brings(asks_for(8, false, "CTLFile.tlv"), "no trust list");
	struct phone_file *list = event->transfer.content;

	event->client.ip = v4(198, 51, 100, 8);
	list->kind = PHONE_FILE_CTL;
	list->cut = false;
	list->broken = NULL;
	list->records = calloc(1, sizeof(list->records[0]));
	assert_non_null(list->records);
	list->n_records = 1;
	list->records[0].cert = cert_ref(cert);
	return event;
}

static void
cucm_refuses(void **state)
{
	(void)state;
	alerts(mutual(5061), SIDE_CLIENT, ALERT_UNKNOWN_CA); /* frames 1 to 6 */
	says(raised("cucm-trust", ERROR_LIKELY, "3 6"), "CN=cuc"); /* on 5061 anybody may call */
	not_raised("cuc-trust");
	not_raised("server-certificate-rejected");
}

static void
unity_refuses(void **state)
{
	(void)state;
	alerts(mutual(2443), SIDE_SERVER, ALERT_UNKNOWN_CA);
	says(raised("cuc-trust", ERROR_PROVEN, "5 6"), "CN=cucm-pub");
	not_raised("cucm-trust");
	not_raised("client-certificate-rejected");
	not_raised("trust-list-mismatch");
}

static void
another_alert(void **state)
{
	(void)state;
	alerts(mutual(5061), SIDE_SERVER, ALERT_CERTIFICATE_EXPIRED);
	not_raised("cuc-trust");
	assert_non_null(find("client-certificate-rejected"));
}

static void
another_port(void **state)
{
	(void)state;
	alerts(mutual(443), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	not_raised("cucm-trust");
}

/* Unity Connection may open the connection itself: it is who asked for a CTL. */
static void
unity_is_the_client(void **state)
{
	(void)state;
	is_refused(asks_for(7, false, "CTLFile.tlv"), 1); /* frames 1 and 2 */
	alerts(mutual(5061), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	raised("cuc-trust", ERROR_PROVEN, "5 8");
	not_raised("cucm-trust");
}

static void
a_phone_refuses(void **state)
{
	(void)state;
	announces(7, 7);
	alerts(mutual(5061), SIDE_CLIENT, ALERT_UNKNOWN_CA);
	not_raised("cucm-trust");
	not_raised("cuc-trust");
	assert_non_null(find("server-certificate-rejected"));
}

static void
an_old_ctl(void **state)
{
	struct cert *old = cert_of("RSA", "cucm-pub", "cucm-pub");
	const struct finding *finding;

	(void)state;
	fetches_ctl(old); /* frames 1 to 3 */
	alerts(mutual(5061), SIDE_SERVER, ALERT_UNKNOWN_CA); /* 4 to 9 */
	finding = raised("trust-list-mismatch", WARNING_PROVEN, "3 8");
	assert_string_equal(finding->source, "CTLFile.tlv");
	raised("cuc-trust", ERROR_PROVEN, "8 9");
}

static void
a_ctl_that_fits(void **state)
{
	struct handshake *tls;

	(void)state;
	facts.now.frame = 10;
	tls = mutual(5061);
	goes_on(tls);
	facts.now.frame = 0;
	fetches_ctl(callmanager);
	not_raised("trust-list-mismatch");
	not_raised("cuc-trust");
}

/* Who fetched it is nobody of these two. */
static void
somebody_elses_ctl(void **state)
{
	(void)state;
	fetches_ctl(cert_of("RSA", "cucm-pub", "cucm-pub"))->client.ip = v4(10, 0, 0, 99);
	goes_on(mutual(5061));
	not_raised("trust-list-mismatch");
}

static void
a_ctl_without_certificates(void **state)
{
	struct event *event;

	(void)state;
	event = fetches_ctl(cert_of("RSA", "cucm-pub", "cucm-pub"));
	cert_unref(event->transfer.content->records[0].cert);
	event->transfer.content->records[0].cert = NULL;
	goes_on(mutual(5061));
	not_raised("trust-list-mismatch");
}

static void
a_ctl_that_came_later(void **state)
{
	struct handshake *tls;

	(void)state;
	tls = mutual(5061);
	goes_on(tls);
	fetches_ctl(cert_of("RSA", "cucm-pub", "cucm-pub"));
	not_raised("trust-list-mismatch");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(cucm_refuses),
		FACTS_TEST(unity_refuses),
		FACTS_TEST(another_alert),
		FACTS_TEST(another_port),
		FACTS_TEST(unity_is_the_client),
		FACTS_TEST(a_phone_refuses),
		FACTS_TEST(an_old_ctl),
		FACTS_TEST(a_ctl_that_fits),
		FACTS_TEST(somebody_elses_ctl),
		FACTS_TEST(a_ctl_without_certificates),
		FACTS_TEST(a_ctl_that_came_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
