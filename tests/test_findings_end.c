/* Rules about the other ends of a handshake: another gateway, an alert that nothing explains, no alert, holes. */
#include "tests/finding_check.h"

#define GATEWAY "198.51.100.1"
#define RSA_SUITE 0x0035
#define OFFER SUITES(0x1301, 0xc030, RSA_SUITE)

static struct handshake *
shown(uint8_t gateway, const struct cert *cert)
{
	struct handshake *tls = tls_from(5, gateway, OFFER);

	answers(tls, RSA_SUITE);
	shows(tls, SIDE_SERVER, CERTS(cert));
	return tls;
}

static void
a_phone_that_is_sent_on(void **state)
{
	const struct finding *finding;

	(void)state;
	given_gateway(GATEWAY, 0);
	goes_on(shown(1, cert_of("RSA", "gw1", "gw1"))); /* 1 to 6 */
	later(29);
	alerts(shown(2, cert_of("RSA", "gw2", "gw2")), SIDE_CLIENT, ALERT_UNKNOWN_CA); /* 7 to 10 */
	finding = raised("gateway-changes", WARNING_LIKELY, "3 9");
	compares(finding, "CN=gw1", "CN=gw2");
	assert_ptr_equal(finding->visit, visit_at(5, 2));
}

/* Not to a server that shows the same certificate, nor after 30 seconds, nor from one that it never reached. */
static void
a_phone_that_is_not_sent_on(void **state)
{
	const struct cert *cert = cert_of("RSA", "gw1", "gw1"), *other = cert_of("RSA", "gw2", "gw2");

	(void)state;
	given_gateway(GATEWAY, 0);
	goes_on(shown(1, cert));
	goes_on(shown(2, cert));
	later(30);
	goes_on(shown(3, other));
	resets(shown(4, other), SIDE_CLIENT);
	not_raised("gateway-changes");
}

static void
a_failed_visit_sends_nobody_on(void **state)
{
	(void)state;
	given_gateway(GATEWAY, 0);
	resets(shown(1, cert_of("RSA", "gw1", "gw1")), SIDE_CLIENT);
	goes_on(shown(2, cert_of("RSA", "gw2", "gw2")));
	not_raised("gateway-changes");
}

/* Another program on the same host, another port, or two servers of which none is a gateway. */
static void
other_connections_are_not_sent_on(void **state)
{
	const struct cert *cert = cert_of("RSA", "gw1", "gw1"), *other = cert_of("RSA", "gw2", "gw2");
	struct handshake *tls;

	(void)state;
	given_gateway(GATEWAY, 0);
	goes_on(shown(1, cert));
	tls = tls_from(5, 2, SUITES(RSA_SUITE, 0xc030));
	answers(tls, RSA_SUITE);
	shows(tls, SIDE_SERVER, CERTS(other));
	shown(3, other)->server.port = 8443;
	not_raised("gateway-changes");
}

static void
nobody_is_sent_on_between_unknown_servers(void **state)
{
	(void)state;
	goes_on(shown(1, cert_of("RSA", "one", "one")));
	goes_on(shown(2, cert_of("RSA", "two", "two")));
	not_raised("gateway-changes");
}

static const struct cert *
nonsense(void)
{
	struct cert *cert = cert_of("RSA", "", "");

	cert->parsed = cert->has_dates = cert->self_signed = false;
	cert->subject = cert->issuer = cert->subject_cn = cert->issuer_cn = NULL;
	cert->key_type = cert->signature = NULL;
	return cert;
}

/* What a gateway shows may be no certificate at all. */
static void
a_phone_that_is_sent_to_nonsense(void **state)
{
	(void)state;
	given_gateway(GATEWAY, 0);
	goes_on(shown(1, nonsense()));
	goes_on(shown(2, cert_of("RSA", "gw2", "gw2")));
	goes_on(shown(3, nonsense()));
	assert_int_equal(judged()->n_findings, 2);
	assert_string_equal(judged()->findings[0].rule->id, "gateway-changes");
	compares(&judged()->findings[0], "", "CN=gw2");
	assert_string_equal(judged()->findings[1].rule->id, "gateway-changes");
	compares(&judged()->findings[1], "", "");
}

static void
an_alert_that_nothing_explains(void **state)
{
	struct handshake *tls = shown(1, cert_of("RSA", "gw", "gw"));
	const struct finding *finding;

	(void)state;
	exchanges_key(tls);
	alerts(tls, SIDE_SERVER, 80);
	finding = raised("fatal-alert", ERROR_PROVEN, "5");
	compares(finding, "", "internal_error");
	says(finding, "The server ended the handshake with the alert internal_error (80).");
	not_raised("handshake-aborted");
}

/* The first fatal alert decides; a second one is an echo. */
static void
the_first_fatal_alert_decides(void **state)
{
	struct handshake *tls = shown(1, cert_of("RSA", "gw", "gw"));

	(void)state;
	alerts(tls, SIDE_CLIENT, 112);
	tls->alerts[0].level = ALERT_WARNING;
	alerts(tls, SIDE_SERVER, 80);
	alerts(tls, SIDE_CLIENT, ALERT_UNKNOWN_CA);
	compares(raised("fatal-alert", ERROR_PROVEN, "5"), "", "internal_error");
	not_raised("server-certificate-rejected");
}

/* Goodbyes, even at fatal level; an alert behind the other side's close; one in a connection that was up. */
static void
alerts_that_are_no_cause(void **state)
{
	const struct cert *cert = cert_of("RSA", "gw", "gw");
	struct handshake *tls;

	(void)state;
	alerts(shown(1, cert), SIDE_CLIENT, ALERT_CLOSE_NOTIFY);
	alerts(shown(1, cert), SIDE_CLIENT, ALERT_USER_CANCELED);
	tls = tls_from(5, 1, OFFER);
	closes(tls, SIDE_SERVER);
	alerts(tls, SIDE_CLIENT, ALERT_DECODE_ERROR);
	tls = shown(1, cert);
	goes_on(tls);
	alerts(tls, SIDE_SERVER, 80);
	not_raised("fatal-alert");
	says(raised("handshake-aborted", WARNING_LIKELY, "9 10"), "The server closed the connection");
}

/* Behind its own close a side's alert is its last word. */
static void
an_alert_behind_its_senders_close(void **state)
{
	struct handshake *tls = shown(1, cert_of("RSA", "gw", "gw"));

	(void)state;
	closes(tls, SIDE_CLIENT);
	alerts(tls, SIDE_CLIENT, ALERT_DECODE_ERROR);
	raised("fatal-alert", ERROR_PROVEN, "5");
}

/* Who ended it, how, and where: what the place suggests. */
static void
broken_off(void (*tell)(struct handshake *tls), const char *frames, const char *how, const char *where)
{
	void *state = NULL;
	const struct finding *finding;

	assert_int_equal(facts_setup(&state), 0);
	tell(tls_from(5, 1, OFFER));
	finding = raised("handshake-aborted", WARNING_LIKELY, frames);
	says(finding, how);
	says(finding, where);
	not_raised("fatal-alert");
	facts_teardown(&state);
}

static void
server_closes_behind_the_hello(struct handshake *tls)
{
	closes(tls, SIDE_SERVER);
	closes(tls, SIDE_CLIENT);
}

static void
client_resets_behind_the_hello(struct handshake *tls)
{
	resets(tls, SIDE_CLIENT);
}

static void
server_resets_behind_its_hello(struct handshake *tls)
{
	answers(tls, RSA_SUITE);
	resets(tls, SIDE_SERVER);
}

static void
client_closes_behind_the_certificate(struct handshake *tls)
{
	answers(tls, RSA_SUITE);
	shows(tls, SIDE_SERVER, CERTS(cert_of("RSA", "gw", "gw")));
	closes(tls, SIDE_CLIENT);
}

static void
server_closes_behind_its_certificate(struct handshake *tls)
{
	answers(tls, RSA_SUITE);
	shows(tls, SIDE_SERVER, CERTS(cert_of("RSA", "gw", "gw")));
	closes(tls, SIDE_SERVER);
}

static void
client_resets_behind_its_certificate(struct handshake *tls)
{
	answers(tls, RSA_SUITE);
	shows(tls, SIDE_SERVER, CERTS(cert_of("RSA", "gw", "gw")));
	shows(tls, SIDE_CLIENT, CERTS(cert_of("RSA", "phone", "CAPF-1")));
	resets(tls, SIDE_CLIENT);
}

static void
server_resets_behind_the_key_exchange(struct handshake *tls)
{
	answers(tls, RSA_SUITE);
	shows(tls, SIDE_SERVER, CERTS(cert_of("RSA", "gw", "gw")));
	exchanges_key(tls);
	resets(tls, SIDE_SERVER);
}

/* In TLS 1.2 what a client encrypts stands behind its Finished: it has taken the certificate, and says goodbye. */
static void
client_gives_up_behind_its_finished(struct handshake *tls)
{
	answers(tls, RSA_SUITE);
	shows(tls, SIDE_SERVER, CERTS(cert_of("RSA", "gw", "gw")));
	exchanges_key(tls);
	tls->encrypted[SIDE_CLIENT] = next(tls, SIDE_CLIENT);
	tls->encrypted_alert[SIDE_CLIENT] = next(tls, SIDE_CLIENT);
	closes(tls, SIDE_CLIENT);
}

static void
client_sends_something_encrypted(struct handshake *tls)
{
	offers(tls, 0x0304);
	answers(tls, 0x1301);
	tls->server_hello.version = 0x0304;
	tls->encrypted_alert[SIDE_CLIENT] = next(tls, SIDE_CLIENT);
	closes(tls, SIDE_CLIENT);
}

static void
connections_broken_off(void **state)
{
	(void)state;
	broken_off(server_closes_behind_the_hello, "1 2", "The server closed", "that shares no cipher");
	broken_off(client_resets_behind_the_hello, "1 2", "The client reset", "before the server had answered");
	broken_off(server_resets_behind_its_hello, "1 3", "The server reset", ", behind the ServerHello.");
	broken_off(client_closes_behind_the_certificate, "1 3 4", "The client closed", "that pins another one");
	broken_off(server_closes_behind_its_certificate, "1 3 4", "The server closed", "behind its own certificate");
	broken_off(client_resets_behind_its_certificate, "1 3 5", "The client reset", "behind its own certificate");
	broken_off(server_resets_behind_the_key_exchange, "1 3 5", "The server reset",
		   "behind the client's key exchange.");
	broken_off(client_gives_up_behind_its_finished, "1 3 6", "The client closed",
		   "has taken the server's certificate");
	broken_off(client_sends_something_encrypted, "1 3", "The client closed", "a record of an alert's length");
}

/* A close behind a handshake that went well, one that an error explains, a capture that just ends, and a close of
 * which only one direction was captured. */
static void
connections_not_broken_off(void **state)
{
	const struct cert *cert = cert_of("EC", "gw", "gw");
	struct handshake *tls = shown(1, cert);

	(void)state;
	goes_on(tls);
	closes(tls, SIDE_CLIENT);
	resets(shown(2, cert), SIDE_CLIENT); /* the EC certificate explains it */
	shown(3, cert);
	tls = tls_from(5, 4, OFFER);
	tls->saw[SIDE_SERVER] = false;
	closes(tls, SIDE_CLIENT);
	not_raised("handshake-aborted");
	raised("ec-certificate", ERROR_LIKELY, "9 10 11");
}

static void
bytes_that_are_not_in_the_capture(void **state)
{
	struct handshake *tls = tls_from(5, 1, OFFER);
	const struct finding *finding;

	(void)state;
	answers(tls, RSA_SUITE);
	loses(tls, SIDE_SERVER, 11, MISSING_SERVER_CERTIFICATES);
	loses(tls, SIDE_SERVER, 12, MISSING_SERVER_CERTIFICATES);
	finding = raised("capture-loss", WARNING_PROVEN, "3 4");
	says(finding, "50 bytes of the Certificate, from the server, are not in the capture.");
	assert_true(finding->tainted);
}

static void
bytes_that_were_cut_off(void **state)
{
	struct handshake *tls = tls_from(5, 1, OFFER);

	(void)state;
	loses(tls, SIDE_CLIENT, 255, MISSING_CLIENT_CERTIFICATES);
	tls->holes[0].cut = true;
	says(raised("capture-loss", WARNING_PROVEN, "2"), "of the handshake, from the client, were cut off");
}

/* Where a direction was not captured at all, nothing was lost of it. */
static void
a_direction_that_was_not_captured(void **state)
{
	struct handshake *tls = tls_from(5, 1, OFFER);

	(void)state;
	loses(tls, SIDE_SERVER, 11, MISSING_SERVER_CERTIFICATES);
	tls->saw[SIDE_SERVER] = false;
	not_raised("capture-loss");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_phone_that_is_sent_on),
		FACTS_TEST(a_phone_that_is_not_sent_on),
		FACTS_TEST(a_failed_visit_sends_nobody_on),
		FACTS_TEST(other_connections_are_not_sent_on),
		FACTS_TEST(nobody_is_sent_on_between_unknown_servers),
		FACTS_TEST(a_phone_that_is_sent_to_nonsense),
		FACTS_TEST(an_alert_that_nothing_explains),
		FACTS_TEST(the_first_fatal_alert_decides),
		FACTS_TEST(alerts_that_are_no_cause),
		FACTS_TEST(an_alert_behind_its_senders_close),
		cmocka_unit_test(connections_broken_off),
		FACTS_TEST(connections_not_broken_off),
		FACTS_TEST(bytes_that_are_not_in_the_capture),
		FACTS_TEST(bytes_that_were_cut_off),
		FACTS_TEST(a_direction_that_was_not_captured),
	};

	return cmocka_run_group_tests_name("findings: ends", tests, NULL, NULL);
}
