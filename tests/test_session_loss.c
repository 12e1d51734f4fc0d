/* What a session takes from holes, and from messages that it cannot read. */
#include "tests/session_make.h"

static void
holes_are_counted_and_bounded(void **state)
{
	struct session *session = begin(false, 0);
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

static void
messages_lost_in_a_hole(void **state)
{
	const struct hole_fact hole = {.offset = 7, .length = 10}, cut = {.offset = 8, .length = 11, .cut = true};
	const struct hole_fact other = {.offset = 9, .length = 12};
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	say(session, CLIENT, HS_CLIENT_KEY_EXCHANGE, slice_of("", 0), 1);
	session_lost(session, SERVER, HS_SERVER_KEY_EXCHANGE, &other); /* of no interest */
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
	assert_int_equal(handshake->missing[2].what, MISSING_SERVER_CERTIFICATES);
	assert_int_equal(handshake->missing[2].offset, 7);
	tape_end(&tape);
}

/* A message that cannot be read says which, where, and why. */
static void
messages_that_cannot_be_read(void **state)
{
	struct message gap = {.type = HS_CLIENT_HELLO, .body = TLS_BODY(TLS12_CLIENT_HELLO), .n_gaps = 1};
	struct message over = {.type = HS_CERTIFICATE, .over_limit = true};
	struct session *session = begin(false, 0);
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
	struct session *session = begin(false, 0);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_are_counted_and_bounded),
		cmocka_unit_test(messages_lost_in_a_hole),
		cmocka_unit_test(messages_that_cannot_be_read),
		cmocka_unit_test(a_chain_with_a_hole),
	};

	return cmocka_run_group_tests_name("session: what is lost", tests, NULL, NULL);
}
