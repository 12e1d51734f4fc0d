/* What keeps --watch within bounds: who changes to and fro, who is too many, who is forgotten. */
#include "tests/watch_tape.h"

#define CONFIG "SEP001122334405.cnf.xml"

static void
to_and_fro(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	given_gateway("198.51.100.1", 0);
	for (unsigned i = 0; i < LIMIT_CHANGES_AN_HOUR; i++) {
		(i % 2 == 0 ? refuses : comes_in)(5, cert);
		later(300);
		assert_non_null(strstr(hear(so_far()), i % 2 == 0 ? ".5 failing" : ".5 well"));
	}
	refuses(5, cert);
	hears(".5 flapping");
	assert_int_equal(due_us, facts.now.us + LIMIT_CALM_SECONDS * INT64_C(1000000));
	later(300);
	comes_in(5, cert);
	refuses(6, cert);
	hears(".6 failing server-certificate-rejected");
	later(300);
	refuses(5, cert);
	hears("");
	later(LIMIT_CALM_SECONDS);
	hears(".5 calm server-certificate-rejected");
	comes_in(5, cert);
	hears(".5 well server-certificate-rejected");
}

static void
slow_changes_are_no_flapping(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	given_gateway("198.51.100.1", 0);
	for (unsigned i = 0; i < 3 * LIMIT_CHANGES_AN_HOUR; i++) {
		(i % 2 == 0 ? refuses : comes_in)(5, cert);
		later(HOUR / LIMIT_CHANGES_AN_HOUR);
		assert_non_null(strstr(hear(so_far()), i % 2 == 0 ? ".5 failing" : ".5 well"));
	}
}

/* A report of so many phones that fail, in a table by hand: the cases hold fewer. */
static void
begin_crowd(struct report *report, size_t n)
{
	static struct handshake handshake;
	static struct handshake *handshakes = &handshake;
	static uint32_t id = 1;
	const struct rule *rule = rule_find("fatal-alert");
	struct visit *visits = calloc(n, sizeof(*visits));

	handshake = (struct handshake){.id = id, .outcome = OUTCOME_FAILED, .last = facts.now};
	*report = (struct report){.trust = &facts.trust, .n_phones = n, .n_findings = n};
	report->phones = calloc(n, sizeof(*report->phones));
	report->findings = calloc(n, sizeof(*report->findings));
	assert_true(visits != NULL && report->phones != NULL && report->findings != NULL);
	for (size_t i = 0; i < n; i++) {
		report->phones[i] = (struct phone){.is_phone = true, .visits = &visits[i], .n_visits = 1};
		snprintf(report->phones[i].name, sizeof(report->phones[i].name), "SEP%012zX", i);
		visits[i] = (struct visit){.phone = &report->phones[i], .server = v4(198, 51, 100, 1),
					   .handshakes = &handshakes, .n = 1, .matters = MATTERS_GATEWAY};
		report->findings[i] = (struct finding){.rule = rule, .severity = SEVERITY_ERROR, .phone = &report->phones[i],
						       .visit = &visits[i], .handshakes = &id, .n_handshakes = 1,
						       .n_covered = 1, .frames = &handshake.last.frame, .n_frames = 1};
	}
}

static void
end_crowd(struct report *report)
{
	free(report->phones[0].visits);
	free(report->phones);
	free(report->findings);
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static void
more_than_anybody_reads(void **state)
{
	struct report crowd;

	(void)state;
	so_far();
	begin_crowd(&crowd, LIMIT_CHANGES_A_MINUTE + 10);
	hear(&crowd);
	assert_int_equal(count(said, "failing"), LIMIT_CHANGES_A_MINUTE);
	assert_int_equal(count(said, "unsaid"), 0);
	later(60);
	assert_true(due_us <= facts.now.us);
	assert_string_equal(hear(&crowd), "unsaid 10");
	assert_string_equal(hear(&crowd), "");
	end_crowd(&crowd);
}

static void
more_phones_than_there_is_room_for(void **state)
{
	struct report crowd;

	(void)state;
	so_far();
	begin_crowd(&crowd, LIMIT_WATCHED + 2);
	hear(&crowd);
	assert_int_equal(count(said, "forgotten"), 0); /* nobody reads so much */
	later(120);
	hear(&crowd);
	assert_int_equal(count(said, "forgotten phones") + count(said, "failing"), LIMIT_CHANGES_A_MINUTE);
	assert_true(count(said, "forgotten phones") > 200);
	end_crowd(&crowd);
}

/* ---- who is forgotten ---- */

static void
who_is_not_seen_is_forgotten(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	given_gateway("198.51.100.1", 0);
	refuses(5, cert);
	hears("new-leaf CN=gw, .5 failing server-certificate-rejected");
	later(HOUR);
	comes_in(6, cert);
	hears("");
	later(FACTS_DAY - HOUR + 1);
	hears(".5 forgotten unseen");
	later(HOUR);
	hears(".6 forgotten unseen");
	comes_in(5, cert);
	hears("");
}

/* Who goes on announcing himself is there. */
static void
who_says_who_he_is_is_seen(void **state)
{
	(void)state;
	announces(5, 5);
	hears("");
	for (unsigned i = 0; i < 3; i++) {
		later(FACTS_DAY - HOUR);
		announces(5, 5);
		hears("");
		cases_let_go(facts.cases, facts.now.us - FACTS_DAY * 1000000);
	}
	later(FACTS_DAY + 1);
	hears("05 forgotten unseen");
	assert_int_equal(facts.report->n_phones, 1);
}

/* Stories that are let go of are no change: but the configuration still holds. */
static void
old_stories_are_let_go(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");
	char text[300], hash[HASH_BASE64_SIZE];

	(void)state;
	hash_base64(cert->sha1, SHA1_SIZE, hash);
	snprintf(text, sizeof(text),
		 "<device><vpnGroup><addresses><url1>https://198.51.100.1/x</url1></addresses>"
		 "<credentials><hashAlg>0</hashAlg><certHash1>%s</certHash1></credentials></vpnGroup></device>", hash);
	brings(asks_for(5, false, CONFIG), text);
	comes_in(5, cert);
	hears("new-leaf CN=gw");
	for (unsigned i = 0; i < 3; i++) {
		later(FACTS_DAY - HOUR);
		cases_let_go(facts.cases, facts.now.us - FACTS_DAY * 1000000);
		assert_int_equal(cases_kept(facts.cases), 2);
		comes_in(5, cert);
		hears("");
	}
	later(HOUR);
	refuses(5, cert_of("RSA", "new", "new"));
	hears("new-leaf CN=new, 05 misfit CN=new, 05 failing cert-hash-mismatch");
}

/* Of what tells the same the last two are kept, in their order: and whatever tells something else. */
static void
the_same_is_let_go(void **state)
{
	struct cert *old = cert_of("RSA", "old", "old"), *new = cert_of("RSA", "new", "new");
	static void (*const wants[])(uint8_t phone, const struct cert *cert) = {comes_in, comes_in, refuses, comes_in};
	const struct cert *const certs[] = {old, new, old, old};
	const struct visit *visit;

	(void)state;
	given_gateway("198.51.100.1", 0);
	for (unsigned i = 0; i < 20; i++) {
		wants[i % 4](i % 4 == 3 ? 6 : 5, certs[i % 4]);
		so_far();
		cases_let_go_of_the_same(facts.cases);
	}
	assert_int_equal(cases_kept(facts.cases), 4 * LIMIT_THE_SAME);
	visit = &so_far()->phones[0].visits[0];
	assert_int_equal(visit->n, 3 * LIMIT_THE_SAME);
	for (size_t i = 0; i < visit->n; i++)
		assert_int_equal(visit->handshakes[i]->id, (i < 3 ? 13 : 14) + i);
	cases_let_go(facts.cases, INT64_MAX);
	cases_let_go_of_the_same(facts.cases);
	assert_int_equal(cases_kept(facts.cases), 0);
	so_far();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WATCH_TEST(to_and_fro),
		WATCH_TEST(slow_changes_are_no_flapping),
		WATCH_TEST(more_than_anybody_reads),
		WATCH_TEST(more_phones_than_there_is_room_for),
		WATCH_TEST(who_is_not_seen_is_forgotten),
		WATCH_TEST(who_says_who_he_is_is_seen),
		WATCH_TEST(old_stories_are_let_go),
		WATCH_TEST(the_same_is_let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
