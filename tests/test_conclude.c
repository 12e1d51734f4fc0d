/* How a handshake ended, and whether it took up an old session. */
#include "tests/conclude_make.h"

static enum outcome
outcome_at(int64_t us)
{
	struct handshake copy = handshake;

	assert_true(conclude(&copy, &damage, (struct when){9, us}));
	free(copy.missing);
	return copy.outcome;
}

static enum outcome
outcome(void)
{
	return outcome_at(SECOND);
}

static bool
resumed(void)
{
	struct handshake copy = handshake;

	assert_true(conclude(&copy, &damage, (struct when){9, SECOND}));
	free(copy.missing);
	return copy.resumed;
}

static void
versions_of_tls13(void **state)
{
	(void)state;
	assert_true(version_is_tls13(0x0304) && version_is_tls13(0xfefc));
	assert_true(version_is_tls13(0x7f0e) && version_is_tls13(0x7f1c));
	assert_false(version_is_tls13(0x0303) || version_is_tls13(0xfefd) || version_is_tls13(0x0305));
	assert_false(version_is_tls13(0x0100) || version_is_tls13(0) || version_is_tls13(0x7e17));
}

static void
established_by_both_sides(void **state)
{
	(void)state;
	begin(false);
	answer(0x0303, 0x0035);
	encrypt(SIDE_CLIENT);
	assert_int_equal(outcome(), OUTCOME_INCOMPLETE);
	encrypt(SIDE_SERVER);
	assert_int_equal(outcome(), OUTCOME_ESTABLISHED);
	alert(SIDE_SERVER, ALERT_FATAL, 80);
	handshake.rst[SIDE_CLIENT] = handshake.fin[SIDE_SERVER] = frame(8);
	assert_int_equal(outcome(), OUTCOME_ESTABLISHED);
	handshake.encrypted[SIDE_CLIENT] = (struct when){0, 0};
	assert_int_equal(outcome(), OUTCOME_FAILED);
}

/* A server that sends data has taken the client's Finished; a client may send data into silence. */
static void
established_by_data(void **state)
{
	(void)state;
	begin(false);
	handshake.app_data[SIDE_SERVER] = frame(5);
	assert_int_equal(outcome(), OUTCOME_ESTABLISHED);
	begin(false);
	handshake.app_data[SIDE_CLIENT] = frame(5);
	assert_int_equal(outcome(), OUTCOME_INCOMPLETE);
	handshake.saw[SIDE_SERVER] = false;
	assert_int_equal(outcome(), OUTCOME_ESTABLISHED);
}

/* In TLS 1.3 the server encrypts at once: only the client's Finished tells. */
static void
established_in_tls13(void **state)
{
	(void)state;
	begin(false);
	answer(0x0304, 0x1301);
	encrypt(SIDE_SERVER);
	assert_int_equal(outcome(), OUTCOME_INCOMPLETE);
	encrypt(SIDE_CLIENT);
	assert_int_equal(outcome(), OUTCOME_ESTABLISHED);
}

static void
failed_by_an_alert(void **state)
{
	(void)state;
	begin(false);
	answer(0x0303, 0x0035);
	alert(SIDE_CLIENT, ALERT_WARNING, ALERT_UNKNOWN_CA);
	assert_int_equal(outcome(), OUTCOME_INCOMPLETE);
	alert(SIDE_CLIENT, ALERT_FATAL, ALERT_UNKNOWN_CA);
	assert_int_equal(outcome(), OUTCOME_FAILED);
	handshake.saw[SIDE_SERVER] = false;
	assert_int_equal(outcome(), OUTCOME_FAILED);
}

static void
failed_by_an_alert_that_is_encrypted(void **state)
{
	(void)state;
	begin(false);
	answer(0x0304, 0x1301);
	handshake.encrypted_alert[SIDE_SERVER] = frame(5);
	assert_int_equal(outcome(), OUTCOME_INCOMPLETE);
	handshake.encrypted_alert[SIDE_CLIENT] = frame(5);
	assert_int_equal(outcome(), OUTCOME_FAILED);
	handshake.server_hello.version = 0x0303;
	assert_int_equal(outcome(), OUTCOME_INCOMPLETE);
}

/* Where one direction was not captured, a close may stand behind a handshake that went well. */
static void
failed_by_a_close(void **state)
{
	(void)state;
	for (int side = 0; side < 2; side++) {
		begin(false);
		answer(0x0303, 0x0035);
		handshake.fin[side] = frame(8);
		assert_int_equal(outcome(), OUTCOME_FAILED);
		handshake.saw[!side] = false;
		assert_int_equal(outcome(), OUTCOME_INCOMPLETE);
		begin(false);
		answer(0x0303, 0x0035);
		handshake.rst[side] = frame(8);
		assert_int_equal(outcome(), OUTCOME_FAILED);
		handshake.saw[!side] = false;
		assert_int_equal(outcome(), OUTCOME_INCOMPLETE);
	}
}

static void
unanswered_after_three_seconds(void **state)
{
	(void)state;
	begin(false);
	assert_int_equal(outcome_at(3 * SECOND - 1), OUTCOME_INCOMPLETE);
	assert_int_equal(outcome_at(3 * SECOND), OUTCOME_UNANSWERED);
	handshake.saw[SIDE_SERVER] = false; /* a TCP server that sends nothing at all is not in the capture */
	assert_int_equal(outcome_at(3 * SECOND), OUTCOME_INCOMPLETE);
	begin(true);
	handshake.saw[SIDE_SERVER] = false; /* but for DTLS nothing else comes back */
	assert_int_equal(outcome_at(3 * SECOND - 1), OUTCOME_INCOMPLETE);
	assert_int_equal(outcome_at(3 * SECOND), OUTCOME_UNANSWERED);
	handshake.client_hello.repeats.n = 1;
	assert_int_equal(outcome_at(0), OUTCOME_UNANSWERED);
	handshake.client_hello.at.frame = 0;
	assert_int_equal(outcome_at(3 * SECOND), OUTCOME_INCOMPLETE);
}

/* A client that gives up was not answered; a server that closes has answered in its way. */
static void
unanswered_and_closed(void **state)
{
	(void)state;
	begin(false);
	handshake.fin[SIDE_CLIENT] = frame(8);
	assert_int_equal(outcome_at(SECOND), OUTCOME_FAILED);
	assert_int_equal(outcome_at(4 * SECOND), OUTCOME_UNANSWERED);
	handshake.fin[SIDE_SERVER] = frame(8);
	assert_int_equal(outcome_at(4 * SECOND), OUTCOME_FAILED);
}

/* Whatever shows that the server got the hello. */
static void
what_is_an_answer(void **state)
{
	(void)state;
	begin(false);
	answer(0x0303, 0x0035);
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_INCOMPLETE);
	begin(false);
	show(SIDE_SERVER, 0);
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_INCOMPLETE);
	begin(false);
	handshake.ccs[SIDE_SERVER] = frame(4);
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_INCOMPLETE);
	begin(false);
	alert(SIDE_SERVER, ALERT_WARNING, 112);
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_INCOMPLETE);
	handshake.alerts[0].from = SIDE_CLIENT;
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_UNANSWERED);
}

/* One that asks for another hello is an answer until that has come. */
static void
asked_for_another_hello(void **state)
{
	(void)state;
	begin(true);
	handshake.hello_verify.at = frame(2);
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_INCOMPLETE);
	handshake.first_hello.at = frame(1);
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_UNANSWERED);
	begin(false);
	handshake.hello_retry.at = frame(2);
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_INCOMPLETE);
	handshake.first_hello.at = frame(1);
	assert_int_equal(outcome_at(9 * SECOND), OUTCOME_UNANSWERED);
}

static void
sessions_taken_up(void **state)
{
	(void)state;
	begin(false);
	answer(0x0303, 0x0035);
	assert_false(resumed());
	handshake.ccs[SIDE_SERVER] = frame(4); /* a ticket, or the session's id */
	assert_true(resumed());
	handshake.server_hello.version = 0x0304;
	assert_false(resumed());
	handshake.server_hello.version = 0x0303;
	handshake.server_key_exchange = frame(3);
	assert_false(resumed());
	handshake.server_key_exchange.frame = 0;
	handshake.server_hello_done = frame(3);
	assert_false(resumed());
	handshake.server_hello_done.frame = 0;
	show(SIDE_SERVER, 0);
	assert_false(resumed());
	begin(false);
	handshake.ccs[SIDE_SERVER] = frame(4);
	assert_false(resumed()); /* nothing is known of its ServerHello */
}

/* AnyConnect's DTLS: the id comes back, and with it the session. */
static void
sessions_taken_up_in_dtls(void **state)
{
	(void)state;
	begin(true);
	answer(0xfefd, 0x0035);
	assert_false(resumed()); /* no id is no session */
	handshake.client_hello.session_id_len = 32;
	memset(handshake.client_hello.session_id, 7, 32);
	assert_false(resumed());
	handshake.server_hello.session_id_len = 32;
	assert_false(resumed());
	memset(handshake.server_hello.session_id, 7, 32);
	assert_true(resumed());
	handshake.client_hello.session_id[31] = 8;
	assert_false(resumed());
	handshake.client_hello.session_id[31] = 7;
	handshake.dtls = false; /* TLS 1.3's servers echo what TLS 1.2 would have resumed */
	assert_false(resumed());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_of_tls13),
		cmocka_unit_test(established_by_both_sides),
		cmocka_unit_test(established_by_data),
		cmocka_unit_test(established_in_tls13),
		cmocka_unit_test(failed_by_an_alert),
		cmocka_unit_test(failed_by_an_alert_that_is_encrypted),
		cmocka_unit_test(failed_by_a_close),
		cmocka_unit_test(unanswered_after_three_seconds),
		cmocka_unit_test(unanswered_and_closed),
		cmocka_unit_test(what_is_an_answer),
		cmocka_unit_test(asked_for_another_hello),
		cmocka_unit_test(sessions_taken_up),
		cmocka_unit_test(sessions_taken_up_in_dtls),
	};

	return cmocka_run_group_tests_name("conclude", tests, NULL, NULL);
}
