/* The rules about files that the phone asked for, and about what stands in them. */
#include "tests/events.h"

#define OFFER SUITES(0xc030, 0x0035)
#define CONFIG "SEP001122334405.cnf.xml"
#define WHOLE "<device><vpnGroup><credentials><certHash1>AQEBAQEBAQEBAQEBAQEBAQEBAQE=</certHash1></credentials></vpnGroup></device>"

static void
a_configuration_that_is_not_there(void **state)
{
	(void)state;
	is_refused(asks_for(5, true, CONFIG ".sgn"), 404);
	is_refused(asks_for(5, false, CONFIG ".sgn"), 1);
	is_refused(asks_for(5, false, "XMLDefault.cnf.xml"), 1);
	compares(raised("tftp-not-found", WARNING_PROVEN, "3 4"), CONFIG ".sgn", "File not found");
	raised("http-not-found", WARNING_PROVEN, "1 2");
	not_raised("tftp-timeout");
	assert_int_equal(phone_named("SEP001122334405")->verdict, VERDICT_UNKNOWN);
}

static void
it_came_by_another_way(void **state)
{
	(void)state;
	is_refused(asks_for(5, true, CONFIG ".sgn"), 404);
	is_refused(asks_for(5, false, CONFIG ".sgn"), 1);
	asks_for(5, false, CONFIG);
	brings(asks_for(5, false, CONFIG), WHOLE);
	not_raised("http-not-found");
	not_raised("tftp-not-found");
	not_raised("tftp-timeout");
}

static void
another_phones_success(void **state)
{
	(void)state;
	is_refused(asks_for(5, false, CONFIG), 1);
	brings(asks_for(6, false, "SEP001122334406.cnf.xml"), WHOLE);
	raised("tftp-not-found", WARNING_PROVEN, "1 2");
}

static void
a_trust_list_that_is_missing(void **state)
{
	(void)state;
	is_refused(asks_for(5, false, "CTLSEP001122334405.tlv"), 1);
	raised("tftp-not-found", INFO_PROVEN, "1 2");
	not_raised("ctl-missing");
}

/* A missing CTL is no part of the warning about the configuration. */
static void
both_are_missing(void **state)
{
	(void)state;
	is_refused(asks_for(5, false, "CTLSEP001122334405.tlv"), 1);
	is_refused(asks_for(5, false, CONFIG), 1);
	raised("tftp-not-found", WARNING_PROVEN, "3 4");
}

static void
the_ctl_of_unity_connection(void **state)
{
	(void)state;
	is_refused(asks_for(5, false, "CTLFile.tlv"), 1);
	raised("ctl-missing", WARNING_PROVEN, "1 2");
	not_raised("tftp-not-found");
}

static void
silence(void **state)
{
	struct event *event;

	(void)state;
	event = asks_for(5, false, CONFIG);
	event->transfer.asked.n = 2;
	event->transfer.asked.last = ends(event);
	says(raised("tftp-timeout", WARNING_PROVEN, "1 2"), "and again");
}

static void
silence_once(void **state)
{
	(void)state;
	asks_for(5, false, CONFIG);
	raised("tftp-timeout", WARNING_LIKELY, "1");
}

static void
a_transfer_that_stopped(void **state)
{
	struct event *event;

	(void)state;
	event = asks_for(5, false, CONFIG);
	event->transfer.outcome = TRANSFER_BROKEN;
	event->transfer.size = 1024;
	says(raised("tftp-timeout", WARNING_LIKELY, "1"), "1024 bytes");
}

static void
a_capture_that_ends(void **state)
{
	(void)state;
	asks_for(5, false, CONFIG)->transfer.outcome = TRANSFER_INCOMPLETE;
	not_raised("tftp-timeout");
}

static void
no_vpn(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), "<device><fullConfig>true</fullConfig></device>");
	raised("no-vpn-group", INFO_PROVEN, "1 3");
}

static void
part_of_a_configuration(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), "<device><fullConfig>false</fullConfig></device>");
	not_raised("no-vpn-group");
}

static void
no_vpn_in_the_given_one(void **state)
{
	(void)state;
	given_config("SEP001122334405", NULL)->has_vpn_group = false;
	tls_from(5, 1, OFFER);
	raised("no-vpn-group", INFO_PROVEN, "");
}

/* Of several clients, nothing tells whose it is. */
static void
no_vpn_for_somebody(void **state)
{
	(void)state;
	given_config("SEP001122334405", NULL)->has_vpn_group = false;
	tls_from(5, 1, OFFER);
	tls_from(6, 1, OFFER);
	not_raised("no-vpn-group");
}

#define WITH_HASH(hash) "<device><vpnGroup><credentials><certHash1>" hash "</certHash1></credentials></vpnGroup></device>"

static void
a_hash_in_hex(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), WITH_HASH("01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01"));
	compares(raised("config-hash-unusable", WARNING_PROVEN, "1 3"), "AQEBAQEBAQEBAQEBAQEBAQEBAQE=",
		 "01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01:01");
}

static void
a_hash_that_is_none(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), WITH_HASH("AQEBAQ=="));
	says(raised("config-hash-unusable", WARNING_PROVEN, "1 3"), "AQEBAQ==");
}

static void
good_hashes(void **state)
{
	(void)state;
	brings(asks_for(5, false, CONFIG), WHOLE);
	not_raised("config-hash-unusable");
	not_raised("no-vpn-group");
}

static void
a_wrong_signature(void **state)
{
	struct event *event;

	(void)state;
	event = brings(asks_for(5, false, CONFIG ".sgn"), WHOLE);
	event->transfer.content->seal_state = SEAL_BAD;
	event->transfer.content->verified_by = copy("record 1 (SAST) of CTLFile.tlv");
	says(raised("signature-wrong", WARNING_PROVEN, "1 3"), "record 1 (SAST) of CTLFile.tlv");
}

static void
a_signature_of_a_part(void **state)
{
	struct event *event;

	(void)state;
	event = brings(asks_for(5, false, CONFIG ".sgn"), WHOLE);
	event->transfer.content->seal_state = SEAL_BAD;
	event->transfer.content->cut = true;
	not_raised("signature-wrong");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FACTS_TEST(a_configuration_that_is_not_there),
		FACTS_TEST(it_came_by_another_way),
		FACTS_TEST(another_phones_success),
		FACTS_TEST(a_trust_list_that_is_missing),
		FACTS_TEST(both_are_missing),
		FACTS_TEST(the_ctl_of_unity_connection),
		FACTS_TEST(silence),
		FACTS_TEST(silence_once),
		FACTS_TEST(a_transfer_that_stopped),
		FACTS_TEST(a_capture_that_ends),
		FACTS_TEST(no_vpn),
		FACTS_TEST(part_of_a_configuration),
		FACTS_TEST(no_vpn_in_the_given_one),
		FACTS_TEST(no_vpn_for_somebody),
		FACTS_TEST(a_hash_in_hex),
		FACTS_TEST(a_hash_that_is_none),
		FACTS_TEST(good_hashes),
		FACTS_TEST(a_wrong_signature),
		FACTS_TEST(a_signature_of_a_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
