/* What --watch says of gateways: which certificates they show, and when these end. */
#include "tests/watch_tape.h"

static void
two_leaves_in_turns(void **state)
{
	struct cert *rsa = cert_of("RSA", "rsa", "rsa"), *ec = cert_of("EC", "ec", "ec");

	(void)state;
	given_gateway("198.51.100.1", 0);
	comes_in(5, rsa);
	comes_in(5, ec);
	hears("new-leaf CN=rsa, new-leaf CN=ec");
	comes_in(6, rsa);
	comes_in(6, ec);
	hears("");
}

static void
too_many_leaves(void **state)
{
	(void)state;
	given_gateway("198.51.100.1", 0);
	for (unsigned i = 0; i < FACTS_CERTS; i++) {
		char name[] = {(char)('a' + i), '\0'};

		comes_in(5, cert_of("RSA", name, name));
		later(HOUR);
		hear(so_far());
	}
	assert_string_equal(said, "forgotten leaves, new-leaf CN=l");
}

static void
a_certificate_ends(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw"), *renewed;
	int64_t begin = facts.now.us / 1000000;

	(void)state;
	given_gateway("198.51.100.1", 0);
	cert->not_after = begin + 32 * FACTS_DAY;
	comes_in(5, cert);
	hears("new-leaf CN=gw");
	assert_int_equal(due_us / 1000000, begin + FACTS_DAY);
	later(FACTS_DAY + 1);
	hears(".5 forgotten unseen");
	later(begin + 2 * FACTS_DAY - facts.now.us / 1000000 + 1);
	hears("expires CN=gw 29");
	hears("");
	assert_int_equal(due_us, (begin + 25 * FACTS_DAY) * 1000000);
	later(23 * FACTS_DAY);
	hears("expires CN=gw 6");
	later(6 * FACTS_DAY);
	hears("expires CN=gw");
	later(FACTS_DAY);
	hears("expired CN=gw");
	later(FACTS_DAY);
	hears("");
	renewed = cert_of("RSA", "gw", "gw");
	renewed->not_after = begin + 62 * FACTS_DAY;
	comes_in(5, renewed);
	hears("new-leaf CN=gw, expires CN=gw 28");
}

/* A renewed certificate takes its place. */
static void
what_is_no_longer_shown_may_end(void **state)
{
	struct cert *old = cert_of("RSA", "old", "old");

	(void)state;
	given_gateway("198.51.100.1", 0);
	old->not_after = facts.now.us / 1000000 + 31 * FACTS_DAY;
	comes_in(5, old);
	comes_in(5, cert_of("EC", "ec", "ec"));
	comes_in(5, cert_of("RSA", "new", "new"));
	hears("new-leaf CN=old, new-leaf CN=ec, new-leaf CN=new");
	later(2 * FACTS_DAY);
	hears(".5 forgotten unseen");
	later(60 * FACTS_DAY);
	hears("");
}

static void
the_time_is_given(void **state)
{
	struct cert *cert = cert_of("RSA", "gw", "gw");

	(void)state;
	facts.trust.has_now = true;
	facts.trust.now = cert->not_after - 3 * FACTS_DAY;
	given_gateway("198.51.100.1", 0);
	comes_in(5, cert);
	hears("new-leaf CN=gw, expires CN=gw 3");
	later(40 * FACTS_DAY);
	hears(".5 forgotten unseen");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WATCH_TEST(two_leaves_in_turns),
		WATCH_TEST(too_many_leaves),
		WATCH_TEST(a_certificate_ends),
		WATCH_TEST(what_is_no_longer_shown_may_end),
		WATCH_TEST(the_time_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
