/* What a session takes from records that it cannot read, from holes, and from copies. */
#include "dissectors/tls_record.h"
#include "tests/session_tape.h"
#include "tests/tls_samples.h"

enum { CLIENT, SERVER };

static struct tape tape;

static struct session *
begin(bool dtls)
{
	struct ends ends = tape_ends(true);
	struct session *session;

	tape_begin(&tape);
	session = session_new(&tape.host, &ends, dtls);
	assert_non_null(session);
	return session;
}

static const struct handshake *
end(struct session *session, size_t number)
{
	session_free(session, tape_frame(99));
	assert_int_equal(tape.n, number);
	return number == 0 ? NULL : tape.finished[number - 1];
}

static void
say(struct session *session, unsigned dir, uint8_t type, struct slice body, uint64_t frame)
{
	struct message message = {.type = type, .body = body};

	session_message(session, dir, &message, tape_frame(frame));
}

static void
agree(struct session *session, struct slice server_hello)
{
	say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS12_CLIENT_HELLO), 1);
	say(session, SERVER, HS_SERVER_HELLO, server_hello, 2);
}

static void
change_cipher_spec(void **state)
{
	struct session *session = begin(false);
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
	struct session *session = begin(false);
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
	struct session *session = begin(false);

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
	struct session *session = begin(false);
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
	struct session *session = begin(false);
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

/* The server's ChangeCipherSpec was lost: its Finished will never be known, and nobody waits for ever. */
static void
data_without_the_servers_finished(void **state)
{
	struct session *session = begin(false);
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
	struct session *session = begin(false);
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
	struct session *session = begin(false);
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
	struct session *session = begin(false);
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
		struct session *session = begin(dtls);

		session_encrypted(session, CLIENT, TLS_APPLICATION_DATA, 100, tape_frame(1));
		assert_int_equal(session_over(session), !dtls);
		end(session, 0);
		tape_end(&tape);
	}
}

static void
holes_are_counted_and_bounded(void **state)
{
	struct session *session = begin(false);
	struct hole_fact hole = {.from = SIDE_CLIENT, .length = 10};
	const struct handshake *handshake;

	(void)state;
	session_hole(session, SERVER, &hole); /* in no handshake */
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	for (uint64_t i = 0; i < LIMIT_HOLES + 2; i++) {
		hole.offset = i;
		session_hole(session, SERVER, &hole);
	}
	handshake = end(session, 1);
	assert_int_equal(handshake->n_holes, LIMIT_HOLES);
	assert_int_equal(handshake->holes[0].from, SIDE_SERVER);
	assert_int_equal(handshake->holes[LIMIT_HOLES - 1].offset, LIMIT_HOLES - 1);
	assert_int_equal(tape.tally.holes, LIMIT_HOLES + 3);
	assert_int_equal(tape.tally.hole_bytes, 10 * (LIMIT_HOLES + 3));
	tape_end(&tape);
}

/* reason gives why a message is missing, -1 where it is not. */
static int
reason(const struct handshake *handshake, enum missing_what what)
{
	for (size_t i = 0; i < handshake->n_missing; i++)
		if (handshake->missing[i].what == what)
			return (int)handshake->missing[i].why;
	return -1;
}

static void
messages_lost_in_a_hole(void **state)
{
	const struct hole_fact hole = {.offset = 7, .length = 10}, cut = {.offset = 8, .length = 11, .cut = true};
	struct session *session = begin(false);
	const struct handshake *handshake;

	(void)state;
	say(session, CLIENT, HS_CLIENT_KEY_EXCHANGE, slice_of("", 0), 1);
	session_lost(session, SERVER, HS_SERVER_KEY_EXCHANGE, &hole); /* of no interest */
	session_lost(session, CLIENT, HS_CLIENT_HELLO, &hole);
	session_lost(session, SERVER, HS_SERVER_HELLO, &cut);
	session_lost(session, CLIENT, HS_CERTIFICATE, &cut);
	session_lost(session, SERVER, HS_CERTIFICATE, &hole);
	handshake = end(session, 1);
	assert_int_equal(handshake->n_missing, 4);
	assert_int_equal(reason(handshake, MISSING_CLIENT_HELLO), WHY_HOLE);
	assert_int_equal(reason(handshake, MISSING_SERVER_HELLO), WHY_CUT);
	assert_int_equal(reason(handshake, MISSING_CLIENT_CERTIFICATES), WHY_CUT);
	assert_int_equal(reason(handshake, MISSING_SERVER_CERTIFICATES), WHY_HOLE);
	assert_int_equal(handshake->missing[1].offset, 8);
	assert_int_equal(handshake->missing[1].length, 11);
	tape_end(&tape);
}

/* A message that cannot be read says which, where, and why. */
static void
messages_that_cannot_be_read(void **state)
{
	struct message gap = {.type = HS_CLIENT_HELLO, .body = TLS_BODY(TLS12_CLIENT_HELLO), .n_gaps = 1};
	struct message over = {.type = HS_CERTIFICATE, .over_limit = true};
	struct session *session = begin(false);
	const struct handshake *handshake;

	(void)state;
	gap.gaps[0] = (struct gap){40, 5, false};
	session_message(session, CLIENT, &gap, tape_frame(1));
	say(session, SERVER, HS_SERVER_HELLO, slice_of("\3\3", 2), 2);
	session_message(session, SERVER, &over, tape_frame(3));
	over.over_limit = false;
	over.body = slice_of("\0\0\7", 3);
	session_message(session, CLIENT, &over, tape_frame(4));
	handshake = end(session, 1);
	assert_int_equal(handshake->n_missing, 4);
	assert_int_equal(reason(handshake, MISSING_CLIENT_HELLO), WHY_HOLE);
	assert_int_equal(handshake->missing[0].offset, 40);
	assert_int_equal(handshake->missing[0].length, 5);
	assert_int_equal(reason(handshake, MISSING_SERVER_HELLO), WHY_MALFORMED);
	assert_non_null(strstr(handshake->missing[1].field, "server_hello."));
	assert_int_equal(reason(handshake, MISSING_SERVER_CERTIFICATES), WHY_LIMIT);
	assert_int_equal(reason(handshake, MISSING_CLIENT_CERTIFICATES), WHY_MALFORMED);
	assert_int_equal(handshake->certs[SIDE_SERVER].at.frame + handshake->certs[SIDE_CLIENT].at.frame, 0);
	tape_end(&tape);
}

/* A chain of which the first certificate is whole is kept, and said to be short. */
static void
a_chain_with_a_hole(void **state)
{
	struct message chain = {.type = HS_CERTIFICATE, .body = TLS_BODY(TLS12_CERTIFICATE), .n_gaps = 1};
	struct session *session = begin(false);
	const struct handshake *handshake;

	(void)state;
	chain.gaps[0] = (struct gap){300, 5, true};
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	session_message(session, SERVER, &chain, tape_frame(3));
	handshake = end(session, 1);
	assert_int_equal(handshake->certs[SIDE_SERVER].n, 1);
	assert_int_equal(handshake->n_missing, 1);
	assert_int_equal(reason(handshake, MISSING_SERVER_CERTIFICATES), WHY_CUT);
	assert_int_equal(tape.tally.certificates, 1);
	tape_end(&tape);
}

static void
copies_of_hellos(void **state)
{
	struct session *session = begin(true);
	const struct handshake *handshake;

	(void)state;
	session_repeat(session, HS_CLIENT_HELLO, tape_frame(1)); /* of one that was not seen */
	say(session, CLIENT, HS_CLIENT_HELLO, DTLS_BODY(DTLS09_CLIENT_HELLO), 2);
	session_repeat(session, HS_SERVER_HELLO, tape_frame(3));
	for (uint64_t i = 0; i < LIMIT_REPEATS + 2; i++)
		session_repeat(session, HS_CLIENT_HELLO, tape_frame(10 + i));
	session_repeat(session, HS_SERVER_HELLO_DONE, tape_frame(50));
	handshake = end(session, 1);
	assert_int_equal(handshake->client_hello.repeats.n, LIMIT_REPEATS + 2);
	assert_int_equal(handshake->client_hello.repeats.frames[LIMIT_REPEATS - 1], 9 + LIMIT_REPEATS);
	assert_int_equal(handshake->client_hello.repeats.last.frame, 11 + LIMIT_REPEATS);
	assert_int_equal(handshake->server_hello.repeats.n, 0);
	assert_int_equal(handshake->last.frame, 50);
	tape_end(&tape);
}

/* Another random is another handshake, but for the one that brings the cookie it was asked for. */
static void
which_hello_restarts(void **state)
{
	const struct message first = {.type = HS_CLIENT_HELLO, .body = DTLS_BODY(DTLS12_CLIENT_HELLO)};
	const struct message cookie = {.type = HS_CLIENT_HELLO, .body = DTLS_BODY(DTLS12_CLIENT_HELLO_COOKIE)};
	const struct message other = {.type = HS_CLIENT_HELLO, .body = DTLS_BODY(DTLS09_CLIENT_HELLO)};
	const struct message broken = {.type = HS_CLIENT_HELLO, .body = slice_of("\1", 1)};
	struct session *session = begin(true);

	(void)state;
	assert_false(session_restarts(session, &first));
	session_message(session, CLIENT, &first, tape_frame(1));
	assert_false(session_restarts(session, &first));
	assert_true(session_restarts(session, &other));
	assert_false(session_restarts(session, &broken));
	assert_false(session_answers_verify(session, &cookie));
	say(session, SERVER, HS_HELLO_VERIFY_REQUEST, DTLS_BODY(DTLS12_HELLO_VERIFY), 2);
	assert_true(session_answers_verify(session, &cookie));
	assert_false(session_answers_verify(session, &first));
	assert_false(session_restarts(session, &cookie));
	assert_true(session_restarts(session, &other));
	session_message(session, CLIENT, &cookie, tape_frame(3));
	assert_false(session_answers_verify(session, &cookie));
	session_restart(session, tape_frame(4));
	assert_false(session_over(session));
	assert_false(session_restarts(session, &cookie)); /* its random is known in an ended handshake too */
	assert_true(session_restarts(session, &other));
	assert_int_equal(end(session, 1)->hello_verify.at.frame, 2);
	tape_end(&tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(change_cipher_spec),
		cmocka_unit_test(dummies_of_tls13),
		cmocka_unit_test(an_offer_of_tls13_that_was_not_taken),
		cmocka_unit_test(records_of_tls12),
		cmocka_unit_test(data_before_the_servers_finished),
		cmocka_unit_test(data_where_only_the_client_is_seen),
		cmocka_unit_test(data_without_the_servers_finished),
		cmocka_unit_test(records_of_tls13),
		cmocka_unit_test(an_alert_of_tls13),
		cmocka_unit_test(enough_is_seen_behind_a_handshake),
		cmocka_unit_test(encrypted_from_the_middle),
		cmocka_unit_test(holes_are_counted_and_bounded),
		cmocka_unit_test(messages_lost_in_a_hole),
		cmocka_unit_test(messages_that_cannot_be_read),
		cmocka_unit_test(a_chain_with_a_hole),
		cmocka_unit_test(copies_of_hellos),
		cmocka_unit_test(which_hello_restarts),
	};

	return cmocka_run_group_tests_name("session: what cannot be read", tests, NULL, NULL);
}
