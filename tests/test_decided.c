/* Handshakes that are decided before they are over: looked at as if they were over now, and left as they are. */
#include "tests/session_make.h"

static struct decided_copies copies;
static const struct handshake *const open = copies.list;

static size_t
decided(void)
{
	assert_true(session_decided(&tape.host, tape_frame(50), &copies));
	return copies.n;
}

static bool
is_news(void)
{
	bool news = tape.host.decided.news;

	tape.host.decided.news = false;
	return news;
}

static struct session *
refused(uint64_t frame)
{
	struct session *session = begin(false, 0);

	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	assert_false(is_news());
	assert_int_equal(decided(), 0);
	session_alert(session, CLIENT, slice_of("\2\60", 2), tape_frame(frame));
	return session;
}

static void
an_alert_decides(void **state)
{
	struct session *session = refused(3);
	const struct handshake *over;

	(void)state;
	assert_true(is_news());
	assert_int_equal(decided(), 1);
	assert_int_equal(open[0].outcome, OUTCOME_FAILED);
	assert_int_equal(open[0].alerts[0].at.frame, 3);
	assert_int_equal(open[0].client.port, 50000);
	assert_int_equal(open[0].n_missing, 1);
	assert_int_equal(tape.tally.handshakes, 0);
	session_fin(session, CLIENT, tape_frame(4));
	assert_int_equal(decided(), 1);
	assert_false(is_news());
	over = end(session, 1);
	assert_int_equal(over->n_missing, 1);
	assert_int_equal(over->fin[SIDE_CLIENT].frame, 4);
	assert_int_equal(decided(), 0);
	tape_end(&tape);
}

static void
an_end_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct session *session = begin(false, 0);

		agree(session, TLS_BODY(TLS12_SERVER_HELLO));
		if (i == 0)
			session_fin(session, SERVER, tape_frame(3));
		else
			session_rst(session, SERVER, true, tape_frame(3));
		assert_true(is_news());
		assert_int_equal(decided(), 1);
		end(session, 1);
		assert_int_equal(decided(), 0);
		tape_end(&tape);
	}
}

static void
a_warning_does_not(void **state)
{
	struct session *session = begin(false, 0);

	(void)state;
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	session_alert(session, SERVER, slice_of("\1\160", 2), tape_frame(3));
	assert_false(is_news());
	assert_int_equal(decided(), 0);
	end(session, 1);
	tape_end(&tape);
}

/* What went well has not failed, whatever closes it. */
static void
a_close_behind_it_does_not(void **state)
{
	struct session *session = begin(false, 0);

	(void)state;
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	for (unsigned dir = 0; dir < 2; dir++) {
		session_ccs(session, dir, tape_frame(3 + dir));
		session_encrypted(session, dir, TLS_HANDSHAKE, 40, tape_frame(3 + dir));
	}
	session_fin(session, CLIENT, tape_frame(5));
	assert_int_equal(decided(), 0);
	assert_int_equal(end(session, 1)->outcome, OUTCOME_ESTABLISHED);
	tape_end(&tape);
}

/* The certificate may come yet that an alert is about. */
static void
missing_bytes_are_waited_for(void **state)
{
	struct session *session = refused(3);

	(void)state;
	is_news();
	session_waits(session, true);
	assert_int_equal(decided(), 0);
	session_waits(session, true);
	assert_false(is_news());
	session_waits(session, false);
	assert_true(is_news());
	assert_int_equal(decided(), 1);
	end(session, 1);
	tape_end(&tape);
}

static void
the_oldest_make_way(void **state)
{
	struct session *sessions[LIMIT_DECIDED + 2];
	struct ends ends = tape_ends(true);

	(void)state;
	tape_begin(&tape);
	for (size_t i = 0; i < LIMIT_DECIDED + 2; i++) {
		sessions[i] = session_new(&tape.host, &ends, false);
		assert_non_null(sessions[i]);
		session_alert(sessions[i], CLIENT, slice_of("\2\60", 2), tape_frame(i + 1));
	}
	assert_int_equal(decided(), LIMIT_DECIDED);
	for (size_t i = 0; i < LIMIT_DECIDED; i++)
		assert_true(open[i].first.frame > 2);
	for (size_t i = 0; i < LIMIT_DECIDED + 2; i++) {
		session_free(sessions[i], tape_frame(99));
		handshake_free(tape.finished[--tape.n]);
	}
	assert_int_equal(decided(), 0);
	tape_end(&tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alert_decides),
		cmocka_unit_test(an_end_decides),
		cmocka_unit_test(a_warning_does_not),
		cmocka_unit_test(a_close_behind_it_does_not),
		cmocka_unit_test(missing_bytes_are_waited_for),
		cmocka_unit_test(the_oldest_make_way),
	};

	return cmocka_run_group_tests_name("decided", tests, NULL, NULL);
}
