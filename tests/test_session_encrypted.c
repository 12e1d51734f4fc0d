/* What a session takes from records that it cannot read. */
#include "tests/session_make.h"

static void
alert(struct session *session, unsigned dir, const char *bytes, uint64_t frame)
{
	session_alert(session, dir, slice_of(bytes, strlen(bytes)), tape_frame(frame));
}

static void
an_alert_that_cannot_be_read(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	hello(session, 1);
	alert(session, CLIENT, "0123456789abcdef", 2);
	alert(session, CLIENT, "\3\60", 3); /* no such level */
	handshake = end(session, 1);
	assert_int_equal(handshake->n_alerts, 0);
	assert_int_equal(handshake->encrypted_alert[SIDE_CLIENT].frame, 2);
	assert_int_equal(handshake->encrypted_alert[SIDE_SERVER].frame, 0);
	tape_end(&tape);
}

static void
alerts_are_bounded(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	hello(session, 1);
	for (uint64_t i = 0; i < LIMIT_ALERTS + 3; i++)
		alert(session, SERVER, "\1\160", 2 + i);
	handshake = end(session, 1);
	assert_int_equal(handshake->n_alerts, LIMIT_ALERTS);
	assert_int_equal(handshake->alerts[LIMIT_ALERTS - 1].at.frame, 1 + LIMIT_ALERTS);
	assert_int_equal(handshake->alerts[0].from, SIDE_SERVER);
	assert_int_equal(handshake->alerts[0].code, 112);
	assert_int_equal(handshake->alerts[0].level, 1);
	tape_end(&tape);
}

static void
change_cipher_spec(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	assert_true(session_ccs(session, CLIENT, tape_frame(1))); /* of a handshake that was not seen */
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	assert_true(session_ccs(session, CLIENT, tape_frame(3)));
	assert_true(session_ccs(session, CLIENT, tape_frame(4)));
	assert_true(session_ccs(session, SERVER, tape_frame(5)));
	handshake = end(session, 1);
	assert_int_equal(handshake->ccs[SIDE_CLIENT].frame, 3);
	assert_int_equal(handshake->ccs[SIDE_SERVER].frame, 5);
	tape_end(&tape);
}

/* TLS 1.3 sends one for the eyes of old boxes on the way, beside any of its messages. */
static void
dummies_of_tls13(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS13_CLIENT_HELLO), 1);
	assert_false(session_ccs(session, CLIENT, tape_frame(1)));
	assert_true(session_ccs(session, SERVER, tape_frame(1))); /* the server's answer was lost */
	session_restart(session, tape_frame(1));
	say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS13_CLIENT_HELLO), 1);
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS13_HELLO_RETRY), 2);
	assert_false(session_ccs(session, SERVER, tape_frame(2)));
	say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS13_CLIENT_HELLO), 3);
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS13_SERVER_HELLO), 4);
	assert_false(session_ccs(session, SERVER, tape_frame(4)));
	assert_false(session_ccs(session, CLIENT, tape_frame(5)));
	handshake = end(session, 2);
	assert_int_equal(handshake->ccs[SIDE_CLIENT].frame + handshake->ccs[SIDE_SERVER].frame, 0);
	tape_end(&tape);
}

/* An offer of TLS 1.3 that a TLS 1.2 server takes: its ChangeCipherSpecs are real. */
static void
an_offer_of_tls13_that_was_not_taken(void **state)
{
	struct session *session = begin(false, 0);

	(void)state;
	say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS13_CLIENT_HELLO), 1);
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS12_SERVER_HELLO), 2);
	assert_true(session_ccs(session, CLIENT, tape_frame(3)));
	assert_int_equal(end(session, 1)->ccs[SIDE_CLIENT].frame, 3);
	tape_end(&tape);
}

static void
records_of_tls12(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 100, tape_frame(3)); /* before its ChangeCipherSpec */
	session_ccs(session, CLIENT, tape_frame(4));
	session_encrypted(session, CLIENT, TLS_HANDSHAKE, 40, tape_frame(4));
	session_encrypted(session, CLIENT, TLS_HANDSHAKE, 40, tape_frame(5));
	session_encrypted(session, CLIENT, TLS_ALERT, 26, tape_frame(6));
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 100, tape_frame(7));
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 100, tape_frame(8));
	assert_false(session_over(session));
	handshake = end(session, 1);
	assert_int_equal(handshake->encrypted[SIDE_CLIENT].frame, 4);
	assert_int_equal(handshake->encrypted[SIDE_SERVER].frame, 0);
	assert_int_equal(handshake->encrypted_alert[SIDE_CLIENT].frame, 6);
	assert_int_equal(handshake->app_data[SIDE_CLIENT].frame, 7);
	assert_int_equal(handshake->last.frame, 8);
	tape_end(&tape);
}

/* False Start: the client's data comes before the server's Finished. */
static void
data_before_the_servers_finished(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	session_ccs(session, CLIENT, tape_frame(3));
	session_encrypted(session, CLIENT, TLS_HANDSHAKE, 40, tape_frame(3));
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 100, tape_frame(4));
	assert_false(session_over(session));
	session_ccs(session, SERVER, tape_frame(5));
	session_encrypted(session, SERVER, TLS_HANDSHAKE, 40, tape_frame(5));
	assert_true(session_over(session));
	handshake = end(session, 1);
	assert_int_equal(handshake->encrypted[SIDE_SERVER].frame, 5);
	assert_int_equal(handshake->outcome, OUTCOME_ESTABLISHED);
	tape_end(&tape);
}

/* Where the server's direction is not in the capture, nothing more will come. */
static void
data_where_only_the_client_is_seen(void **state)
{
	struct ends ends = tape_ends(true);
	struct session *session;

	(void)state;
	tape_begin(&tape);
	ends.saw[SERVER] = false;
	session = session_new(&tape.host, &ends, false);
	say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS12_CLIENT_HELLO), 1);
	session_ccs(session, CLIENT, tape_frame(3));
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 100, tape_frame(4));
	assert_true(session_over(session));
	assert_int_equal(end(session, 1)->outcome, OUTCOME_ESTABLISHED);
	tape_end(&tape);
}

/* The server's last words may be on their way, and what the client says may answer them. */
static void
a_reset_behind_a_handshake(void **state)
{
	(void)state;
	for (unsigned which = 0; which < 4; which++) {
		const bool plain = which != 1, established = which != 2;
		const unsigned dir = which == 3 ? SERVER : CLIENT;
		struct session *session = begin(false, 0);

		agree(session, TLS_BODY(TLS12_SERVER_HELLO));
		for (unsigned side = 0; side < (established ? 2 : 1); side++) {
			session_ccs(session, side, tape_frame(3 + side));
			session_encrypted(session, side, TLS_HANDSHAKE, 40, tape_frame(3 + side));
		}
		session_rst(session, dir, plain, tape_frame(5));
		assert_int_equal(session_over(session), which == 0);
		assert_int_equal(end(session, 1)->rst[dir == CLIENT ? SIDE_CLIENT : SIDE_SERVER].frame, 5);
		tape_end(&tape);
	}
}

/* The server's ChangeCipherSpec was lost: its Finished will never be known, and nobody waits for ever. */
static void
data_without_the_servers_finished(void **state)
{
	struct session *session = begin(false, 0);
	unsigned records = 0;

	(void)state;
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	session_ccs(session, CLIENT, tape_frame(3));
	while (!session_over(session) && records < 100) {
		session_encrypted(session, records % 2, TLS_APPLICATION_DATA, 100, tape_frame(4));
		records++;
	}
	assert_in_range(records, 2, 20);
	assert_int_equal(end(session, 1)->outcome, OUTCOME_INCOMPLETE);
	tape_end(&tape);
}

/* TLS 1.3 calls all of them application data: length and order tell a Finished from an alert. */
static void
records_of_tls13(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	agree(session, TLS_BODY(TLS13_SERVER_HELLO));
	session_encrypted(session, SERVER, TLS_APPLICATION_DATA, 19, tape_frame(3));
	session_encrypted(session, SERVER, TLS_APPLICATION_DATA, 900, tape_frame(4));
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 20, tape_frame(5));
	assert_false(session_over(session));
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 19, tape_frame(6));
	assert_true(session_over(session));
	handshake = end(session, 1);
	assert_int_equal(handshake->encrypted[SIDE_SERVER].frame, 3);
	assert_int_equal(handshake->encrypted_alert[SIDE_SERVER].frame, 0);
	assert_int_equal(handshake->app_data[SIDE_SERVER].frame, 0);
	assert_int_equal(handshake->encrypted[SIDE_CLIENT].frame, 5);
	assert_int_equal(handshake->encrypted_alert[SIDE_CLIENT].frame, 0);
	assert_int_equal(handshake->app_data[SIDE_CLIENT].frame, 6);
	assert_int_equal(handshake->outcome, OUTCOME_ESTABLISHED);
	tape_end(&tape);
}

static void
an_alert_of_tls13(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	agree(session, TLS_BODY(TLS13_SERVER_HELLO));
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 19, tape_frame(3));
	handshake = end(session, 1);
	assert_int_equal(handshake->encrypted_alert[SIDE_CLIENT].frame, 3);
	assert_int_equal(handshake->encrypted[SIDE_CLIENT].frame, 0);
	assert_int_equal(handshake->outcome, OUTCOME_FAILED);
	tape_end(&tape);
}

/* A server that sends and sends while its client says nothing is looked at for some records. */
static void
enough_is_seen_behind_a_handshake(void **state)
{
	struct session *session = begin(false, 0);
	unsigned records = 0;

	(void)state;
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	for (unsigned dir = 0; dir < 2; dir++) {
		session_ccs(session, dir, tape_frame(3));
		session_encrypted(session, dir, TLS_HANDSHAKE, 40, tape_frame(3));
	}
	while (!session_over(session) && records < 100) {
		session_encrypted(session, SERVER, TLS_APPLICATION_DATA, 900, tape_frame(4));
		records++;
	}
	assert_in_range(records, 2, 20);
	assert_int_equal(tape.n, 1);
	session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 900, tape_frame(5)); /* too late */
	assert_int_equal(end(session, 1)->app_data[SIDE_CLIENT].frame, 0);
	tape_end(&tape);
}

/* Behind nothing: a TLS connection from the middle is of no use, a DTLS flow may begin anew. */
static void
encrypted_from_the_middle(void **state)
{
	(void)state;
	for (unsigned dtls = 0; dtls < 2; dtls++) {
		struct session *session = begin(dtls, 0);

		session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 100, tape_frame(1));
		assert_int_equal(session_over(session), !dtls);
		end(session, 0);
		tape_end(&tape);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alert_that_cannot_be_read),
		cmocka_unit_test(alerts_are_bounded),
		cmocka_unit_test(change_cipher_spec),
		cmocka_unit_test(dummies_of_tls13),
		cmocka_unit_test(an_offer_of_tls13_that_was_not_taken),
		cmocka_unit_test(records_of_tls12),
		cmocka_unit_test(data_before_the_servers_finished),
		cmocka_unit_test(data_where_only_the_client_is_seen),
		cmocka_unit_test(a_reset_behind_a_handshake),
		cmocka_unit_test(data_without_the_servers_finished),
		cmocka_unit_test(records_of_tls13),
		cmocka_unit_test(an_alert_of_tls13),
		cmocka_unit_test(enough_is_seen_behind_a_handshake),
		cmocka_unit_test(encrypted_from_the_middle),
	};

	return cmocka_run_group_tests_name("session: what cannot be read", tests, NULL, NULL);
}
