/* What --watch says of phones: that they begin and cease to fail, and whether a hash fits. */
#include "tests/watch_tape.h"

#define HOST "vpn.example.com"

static void
who_is_well_is_silent(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	given_gateway("198.51.100.1", 0);
	hears("");
	comes_in(5, cert);
	hears("new-leaf CN=gw");
	comes_in(5, cert);
	comes_in(6, cert);
	hears("");
}

static void
failing_begins_and_ends(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	given_gateway("198.51.100.1", 0);
	refuses(5, cert);
	hears("new-leaf CN=gw, .5 failing server-certificate-rejected");
	refuses(5, cert);
	hears("");
	comes_in(5, cert);
	hears(".5 well server-certificate-rejected");
	comes_in(5, cert);
	hears("");
	refuses(5, cert);
	hears(".5 failing server-certificate-rejected");
}

static void
failing_otherwise(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");
	struct handshake *tls;

	(void)state;
	given_gateway("198.51.100.1", 0);
	refuses(5, cert);
	hears("new-leaf CN=gw, .5 failing server-certificate-rejected");
	tls = tls_from(5, 1, OFFER);
	alerts(tls, SIDE_SERVER, ALERT_HANDSHAKE_FAILURE);
	hears(".5 failing no-shared-cipher");
	comes_in(5, cert);
	hears(".5 well no-shared-cipher");
}

/* What the capture does not show the end of says nothing, and a warning about what goes well is no failure. */
static void
the_last_handshake_counts(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	cert->not_after = facts.now.us / 1000000 + FACTS_DAY / 2;
	given_gateway("198.51.100.1", 0);
	comes_in(5, cert);
	hears("new-leaf CN=gw, expires CN=gw");
	assert_int_equal(facts.report->n_findings, 1);
	refuses(5, cert);
	hears(".5 failing server-certificate-rejected");
	shown(5, cert);
	hears("");
	comes_in(5, cert);
	shown(5, cert);
	hears(".5 well server-certificate-rejected");
}

static void
dtls_fails_by_itself(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");
	struct handshake *dtls;

	(void)state;
	comes_in(5, cert);
	is_repeated(dtls_from(5, 1, SUITES(0x0035)));
	hears("new-leaf CN=gw, .5 failing dtls-unanswered");
	comes_in(5, cert);
	hears("");
	dtls = dtls_from(5, 1, SUITES(0x0035));
	answers(dtls, 0x0035);
	goes_on(dtls);
	hears(".5 well dtls-unanswered");
}

/* An EC certificate may come to be explained: after a minute it is what it is. */
static void
doubts_are_waited_for(void **state)
{
	(void)state;
	given_gateway("198.51.100.1", 0);
	refuses(5, cert_of("EC", "gw", "gw2"));
	hears("new-leaf CN=gw");
	assert_int_equal(due_us, facts.now.us + 60 * 1000000);
	later(59);
	hears("");
	later(1);
	hears(".5 failing server-certificate-rejected");
	later(60);
	hears("");
}

static void
a_phone_alone(void **state)
{
	struct event *asked;

	(void)state;
	given_config("SEP001122334405", HOST);
	announces(5, 5);
	asked = looks_up(5, HOST);
	is_answered(asked, DNS_NXDOMAIN, 0);
	hears("");
	later(60);
	hears("05 failing dns-failure");
	later(HOUR);
	announces(5, 5);
	hears("");
	asked = looks_up(5, HOST);
	is_answered(asked, DNS_NOERROR, 1);
	hears("05 well dns-failure");
}

/* Whoever is known by an address is the same when he has a name. */
static void
a_name_is_no_change(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	given_gateway("198.51.100.1", 0);
	refuses(5, cert);
	hears("new-leaf CN=gw, .5 failing server-certificate-rejected");
	announces(5, 5);
	hears("");
	comes_in(5, cert);
	hears("05 well server-certificate-rejected");
}

static void
nothing_tells_who_matters(void **state)
{
	(void)state;
	refuses(5, cert_of("RSA", "web", "web"));
	hears("");
	later(120);
	hears("");
	facts.trust.all = true;
	hears("new-leaf CN=web, .5 failing server-certificate-rejected");
}

/* ---- hashes ---- */

static void
a_hash_that_no_longer_fits(void **state)
{
	struct cert *old = cert_of("RSA", "old", "old"), *new = cert_of("RSA", "new", "new");
	struct phone_config *config = given_config("SEP001122334405", "198.51.100.1");

	(void)state;
	pins(config, old, SHA1_SIZE);
	announces(5, 5);
	comes_in(5, old);
	hears("new-leaf CN=old");
	comes_in(5, new);
	hears("new-leaf CN=new, 05 misfit CN=new");
	comes_in(5, new);
	hears("");
	pins(config, new, SHA1_SIZE);
	hears("05 fits CN=new");
}

static void
a_hash_that_never_fitted(void **state)
{
	(void)state;
	pins(given_config("SEP001122334405", "198.51.100.1"), cert_of("RSA", "old", "old"), SHA1_SIZE);
	announces(5, 5);
	refuses(5, cert_of("RSA", "new", "new"));
	hears("new-leaf CN=new, 05 misfit CN=new, 05 failing cert-hash-mismatch");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WATCH_TEST(who_is_well_is_silent),
		WATCH_TEST(failing_begins_and_ends),
		WATCH_TEST(failing_otherwise),
		WATCH_TEST(the_last_handshake_counts),
		WATCH_TEST(dtls_fails_by_itself),
		WATCH_TEST(doubts_are_waited_for),
		WATCH_TEST(a_phone_alone),
		WATCH_TEST(a_name_is_no_change),
		WATCH_TEST(nothing_tells_who_matters),
		WATCH_TEST(a_hash_that_no_longer_fits),
		WATCH_TEST(a_hash_that_never_fitted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
