/* Why each message that is missing is missing. */
#include "tests/conclude_make.h"

/* reason gives why a message is missing, -1 where it is not. */
static int
reason(enum missing_what what)
{
	struct handshake copy = handshake;
	int why = -1;

	assert_true(conclude(&copy, &damage, (struct when){9, SECOND}));
	for (size_t i = 0; i < copy.n_missing; i++)
		if (copy.missing[i].what == what) {
			assert_int_equal(why, -1); /* said once */
			why = (int)copy.missing[i].why;
		}
	free(copy.missing);
	return why;
}

static void
nothing_is_missing(void **state)
{
	(void)state;
	begin(false);
	answer(0x0303, 0x0035);
	show(SIDE_SERVER, 1);
	for (int what = MISSING_CLIENT_HELLO; what <= MISSING_CLIENT_CERTIFICATES; what++)
		assert_int_equal(reason((enum missing_what)what), -1);
}

static void
certificates_that_no_server_sends(void **state)
{
	(void)state;
	begin(false);
	answer(0x0304, 0x1301);
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_TLS13_ENCRYPTED);
	answer(0x0303, 0x0034); /* DH_anon */
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_ANONYMOUS);
	answer(0x0303, 0x00a8); /* PSK */
	handshake.ccs[SIDE_SERVER] = frame(4);
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_ANONYMOUS);
	answer(0x0303, 0x0035);
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_RESUMED);
	handshake.saw[SIDE_SERVER] = false;
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_RESUMED);
}

static void
messages_of_a_direction_that_was_not_captured(void **state)
{
	(void)state;
	begin(false);
	handshake.saw[SIDE_SERVER] = false;
	assert_int_equal(reason(MISSING_SERVER_HELLO), WHY_ONE_DIRECTION);
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_ONE_DIRECTION);
	begin(false);
	handshake.client_hello.at.frame = 0;
	handshake.saw[SIDE_CLIENT] = false;
	answer(0x0303, 0x0035);
	show(SIDE_SERVER, 1);
	handshake.cert_request.at = frame(3);
	assert_int_equal(reason(MISSING_CLIENT_HELLO), WHY_ONE_DIRECTION);
	assert_int_equal(reason(MISSING_CLIENT_CERTIFICATES), WHY_ONE_DIRECTION);
	assert_int_equal(reason(MISSING_SERVER_HELLO), -1);
}

static void
messages_before_the_capture(void **state)
{
	(void)state;
	begin(false);
	handshake.client_hello.at.frame = 0;
	handshake.from_start = false;
	show(SIDE_SERVER, 1);
	assert_int_equal(reason(MISSING_CLIENT_HELLO), WHY_NOT_SEEN_FROM_START);
	assert_int_equal(reason(MISSING_SERVER_HELLO), WHY_NOT_SEEN_FROM_START);
	begin(false);
	encrypt(SIDE_CLIENT);
	encrypt(SIDE_SERVER);
	assert_int_equal(reason(MISSING_SERVER_HELLO), WHY_NOT_SEEN_FROM_START);
}

static void
messages_that_were_not_sent(void **state)
{
	(void)state;
	begin(false);
	assert_int_equal(reason(MISSING_SERVER_HELLO), WHY_CAPTURE_END);
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_CAPTURE_END);
	alert(SIDE_SERVER, ALERT_FATAL, ALERT_HANDSHAKE_FAILURE);
	assert_int_equal(reason(MISSING_SERVER_HELLO), WHY_NOT_SENT);
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_NOT_SENT);
	assert_int_equal(reason(MISSING_CLIENT_CERTIFICATES), -1); /* nobody asked */
	handshake.cert_request.at = frame(3);
	assert_int_equal(reason(MISSING_CLIENT_CERTIFICATES), WHY_NOT_SENT);
	show(SIDE_CLIENT, 0); /* an empty one was sent */
	assert_int_equal(reason(MISSING_CLIENT_CERTIFICATES), -1);
}

/* What came to harm is told as it came, whatever else would explain it; the first harm of each counts. */
static void
messages_that_came_to_harm(void **state)
{
	struct handshake copy;

	(void)state;
	begin(false);
	handshake.client_hello.at.frame = 0;
	answer(0x0304, 0x1301);
	handshake.server_hello.at.frame = 0;
	show(SIDE_SERVER, 1); /* a part of the chain */
	damage_add(&damage, MISSING_SERVER_CERTIFICATES, WHY_HOLE, 100, 50, NULL);
	damage_add(&damage, MISSING_SERVER_CERTIFICATES, WHY_CUT, 1, 2, NULL);
	damage_add(&damage, MISSING_CLIENT_CERTIFICATES, WHY_LIMIT, 0, 0, NULL);
	damage_add(&damage, MISSING_SERVER_HELLO, WHY_MALFORMED, 0, 0, "server_hello.random");
	damage_add(&damage, MISSING_CLIENT_HELLO, WHY_CUT, 7, 8, NULL);
	damage_add(&damage, MISSING_CLIENT_HELLO, WHY_LIMIT, 0, 0, NULL);
	assert_int_equal(damage.n, 4);
	assert_int_equal(reason(MISSING_CLIENT_HELLO), WHY_CUT);
	assert_int_equal(reason(MISSING_SERVER_HELLO), WHY_MALFORMED);
	assert_int_equal(reason(MISSING_SERVER_CERTIFICATES), WHY_HOLE);
	assert_int_equal(reason(MISSING_CLIENT_CERTIFICATES), WHY_LIMIT);
	copy = handshake;
	assert_true(conclude(&copy, &damage, frame(9)));
	assert_int_equal(copy.n_missing, 4);
	assert_int_equal(copy.missing[0].offset, 7);
	assert_int_equal(copy.missing[0].length, 8);
	assert_string_equal(copy.missing[1].field, "server_hello.random");
	assert_int_equal(copy.missing[2].offset, 100);
	assert_int_equal(copy.missing[2].length, 50);
	free(copy.missing);
}

/* A copy that was whole makes good a hello that came to harm. */
static void
hellos_that_are_there_are_not_missing(void **state)
{
	(void)state;
	begin(false);
	answer(0x0303, 0x0035);
	damage_add(&damage, MISSING_CLIENT_HELLO, WHY_HOLE, 0, 1, NULL);
	damage_add(&damage, MISSING_SERVER_HELLO, WHY_HOLE, 0, 1, NULL);
	assert_int_equal(reason(MISSING_CLIENT_HELLO), -1);
	assert_int_equal(reason(MISSING_SERVER_HELLO), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_missing),
		cmocka_unit_test(certificates_that_no_server_sends),
		cmocka_unit_test(messages_of_a_direction_that_was_not_captured),
		cmocka_unit_test(messages_before_the_capture),
		cmocka_unit_test(messages_that_were_not_sent),
		cmocka_unit_test(messages_that_came_to_harm),
		cmocka_unit_test(hellos_that_are_there_are_not_missing),
	};

	return cmocka_run_group_tests_name("conclude: what is missing", tests, NULL, NULL);
}
