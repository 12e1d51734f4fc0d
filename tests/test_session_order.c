/* What ends a handshake and begins the next, and what comes again. */
#include "tests/session_make.h"

static void
answer13(struct session *session, uint64_t frame)
{
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS13_SERVER_HELLO), frame);
}

static void
a_second_hello_begins_another(void **state)
{
	struct session *session = begin(false, 0);

	(void)state;
	hello(session, 1);
	hello(session, 2);
	answer(session, 3);
	answer(session, 4); /* a ServerHello of a handshake whose ClientHello was lost */
	end(session, 3);
	assert_int_equal(tape.n, 3);
	assert_int_equal(tape.finished[0]->client_hello.at.frame, 1);
	assert_int_equal(tape.finished[0]->server_hello.at.frame, 0);
	assert_int_equal(tape.finished[1]->id, 2);
	assert_int_equal(tape.finished[1]->client_hello.at.frame, 2);
	assert_int_equal(tape.finished[1]->server_hello.at.frame, 3);
	assert_int_equal(tape.finished[2]->client_hello.at.frame, 0);
	assert_int_equal(tape.finished[2]->server_hello.at.frame, 4);
	assert_int_equal(tape.finished[2]->first.frame, 4);
	tape_end(&tape);
}

/* One that cannot be read is part of the handshake that is open. */
static void
a_broken_hello_begins_nothing(void **state)
{
	struct session *session = begin(false, 0);

	(void)state;
	hello(session, 1);
	say(session, CLIENT, HS_CLIENT_HELLO, slice_of("\3\3", 2), 2);
	answer(session, 3);
	assert_int_equal(end(session, 1)->client_hello.at.frame, 1);
	assert_int_equal(tape.n, 1);
	tape_end(&tape);
}

/* One that was asked for goes on; one more does not, nor one behind the ServerHello. */
static void
a_hello_that_was_asked_for(void **state)
{
	struct session *session = begin(false, 0);

	(void)state;
	hello(session, 1);
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS13_HELLO_RETRY), 2);
	hello(session, 3);
	hello(session, 4);
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS13_HELLO_RETRY), 5);
	answer13(session, 6);
	hello(session, 7);
	end(session, 3);
	assert_int_equal(tape.n, 3);
	assert_int_equal(tape.finished[0]->first_hello.at.frame, 1);
	assert_int_equal(tape.finished[0]->hello_retry.at.frame, 2);
	assert_int_equal(tape.finished[0]->client_hello.at.frame, 3);
	assert_int_equal(tape.finished[1]->first_hello.at.frame, 0);
	assert_int_equal(tape.finished[1]->server_hello.at.frame, 6);
	assert_int_equal(tape.finished[2]->client_hello.at.frame, 7);
	tape_end(&tape);
}

static void
closes_and_resets_by_side(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	hello(session, 1);
	session_rst(session, SERVER, true, tape_frame(2));
	session_rst(session, SERVER, true, tape_frame(3));
	session_fin(session, CLIENT, tape_frame(4));
	session_fin(session, CLIENT, tape_frame(5));
	assert_false(session_over(session));
	assert_int_equal(tape.n, 0);
	session_fin(session, SERVER, tape_frame(6));
	assert_true(session_over(session));
	handshake = end(session, 1);
	assert_int_equal(tape.n, 1);
	assert_int_equal(handshake->rst[SIDE_SERVER].frame, 2);
	assert_int_equal(handshake->rst[SIDE_CLIENT].frame, 0);
	assert_int_equal(handshake->fin[SIDE_CLIENT].frame, 4);
	assert_int_equal(handshake->fin[SIDE_SERVER].frame, 6);
	tape_end(&tape);
}

static void
the_first_icmp_error_stands(void **state)
{
	struct session *session = begin(true, -1);
	const struct handshake *handshake;

	(void)state;
	session_unreachable(session, 3, 1, tape_frame(1)); /* about nothing */
	hello(session, 2);
	session_unreachable(session, 3, 3, tape_frame(3));
	session_unreachable(session, 3, 13, tape_frame(4));
	handshake = end(session, 1);
	assert_int_equal(handshake->unreachable.frame, 3);
	assert_int_equal(handshake->unreachable_type, 3);
	assert_int_equal(handshake->unreachable_code, 3);
	assert_int_equal(handshake->last.frame, 3);
	tape_end(&tape);
}

static void
copies_of_hellos(void **state)
{
	struct session *session = begin(true, 0);
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

static void
copies_of_a_server_hello(void **state)
{
	struct session *session = begin(true, 0);
	const struct handshake *handshake;

	(void)state;
	agree(session, TLS_BODY(TLS12_SERVER_HELLO));
	session_repeat(session, HS_CERTIFICATE, tape_frame(4));
	session_repeat(session, HS_SERVER_HELLO, tape_frame(5));
	handshake = end(session, 1);
	assert_int_equal(handshake->client_hello.repeats.n, 0);
	assert_int_equal(handshake->server_hello.repeats.n, 1);
	assert_int_equal(handshake->server_hello.repeats.frames[0], 5);
	assert_int_equal(handshake->server_hello.repeats.last.frame, 5);
	tape_end(&tape);
}

/* A cookie that was not asked for here: what stood before it is not in the capture. */
static void
a_hello_with_a_cookie_from_nowhere(void **state)
{
	uint8_t bytes[sizeof(DTLS12_CLIENT_HELLO_COOKIE)];
	struct slice sample = DTLS_BODY(DTLS12_CLIENT_HELLO_COOKIE);
	const struct message cookie = {.type = HS_CLIENT_HELLO, .body = slice_of(bytes, sample.n)};
	struct session *session = begin(true, 0);

	(void)state;
	memcpy(bytes, sample.p, sample.n);
	bytes[10] ^= 1; /* in its random */
	say(session, CLIENT, HS_CLIENT_HELLO, DTLS_BODY(DTLS12_CLIENT_HELLO), 1);
	assert_true(session_restarts(session, cookie.body));
	assert_false(session_answers_verify(session, cookie.body));
	say(session, SERVER, HS_HELLO_VERIFY_REQUEST, DTLS_BODY(DTLS12_HELLO_VERIFY), 2);
	assert_false(session_restarts(session, cookie.body));
	say(session, CLIENT, HS_CLIENT_HELLO, sample, 3);
	assert_true(session_restarts(session, cookie.body)); /* the answer has come already */
	end(session, 1);
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
	struct session *session = begin(true, 0);

	(void)state;
	assert_false(session_restarts(session, first.body));
	session_message(session, CLIENT, &first, tape_frame(1));
	assert_false(session_restarts(session, first.body));
	assert_true(session_restarts(session, other.body));
	assert_false(session_restarts(session, broken.body));
	assert_false(session_answers_verify(session, cookie.body));
	say(session, SERVER, HS_HELLO_VERIFY_REQUEST, DTLS_BODY(DTLS12_HELLO_VERIFY), 2);
	assert_true(session_answers_verify(session, cookie.body));
	assert_false(session_answers_verify(session, first.body));
	assert_false(session_restarts(session, cookie.body));
	assert_true(session_restarts(session, other.body));
	session_message(session, CLIENT, &cookie, tape_frame(3));
	assert_false(session_answers_verify(session, cookie.body));
	session_restart(session, tape_frame(4));
	assert_false(session_over(session));
	assert_false(session_restarts(session, cookie.body)); /* its random is known in an ended handshake too */
	assert_true(session_restarts(session, other.body));
	assert_int_equal(end(session, 1)->hello_verify.at.frame, 2);
	tape_end(&tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_hello_begins_another),
		cmocka_unit_test(a_broken_hello_begins_nothing),
		cmocka_unit_test(a_hello_that_was_asked_for),
		cmocka_unit_test(closes_and_resets_by_side),
		cmocka_unit_test(the_first_icmp_error_stands),
		cmocka_unit_test(copies_of_hellos),
		cmocka_unit_test(copies_of_a_server_hello),
		cmocka_unit_test(a_hello_with_a_cookie_from_nowhere),
		cmocka_unit_test(which_hello_restarts),
	};

	return cmocka_run_group_tests_name("session: one after the other", tests, NULL, NULL);
}
