/* Files asked for by TFTP: every way in which a transfer ends but by its last block. */
#include "tests/transfers_tape.h"

static void
refused(void **state)
{
	struct transfers_tape t;
	const struct transfer *transfer;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, "CTLSEP001122334455.tlv");
	tape_server_error(&t, 1, "no\x1b such file");
	tape_ask(&t, "ITLSEP001122334455.tlv");
	tape_server_error(&t, 2, "");
	tape_ask(&t, "ITLFile.tlv");
	tape_server_error(&t, 77, "");
	TAPE_ASK_WITH(&t, TFTP_RRQ, "tsize\0" "0");
	TAPE_AGREE(&t, "tsize\0" "9");
	tape_server_error(&t, 0, "changed my mind");
	assert_int_equal(t.tape.n, 4);
	transfer = tape_transfer(&t, 0);
	tape_check(transfer, TRANSFER_REFUSED, 0);
	assert_int_equal(transfer->refused.frame, 2);
	assert_int_equal(transfer->answered.frame, 2);
	assert_int_equal(transfer->code, 1);
	assert_string_equal(transfer->message, "no\\x1b such file");
	assert_string_equal(tape_transfer(&t, 1)->message, "Access violation");
	assert_null(tape_transfer(&t, 2)->message);
	tape_check(tape_transfer(&t, 3), TRANSFER_REFUSED, 0);
	tape_end(&t);
}

/* Either side gives up in the middle. */
static void
broken_by_an_error(void **state)
{
	struct transfers_tape t;

	(void)state;
	for (unsigned server = 0; server < 2; server++) {
		struct bytes bytes = tape_error(3, "full");

		tape_begin(&t);
		tape_ask(&t, TAPE_CONFIG);
		tape_block(&t, 1);
		if (server)
			tape_from_server(&t, &bytes);
		else
			tape_from_phone(&t, TAPE_DATA, &bytes);
		tape_check(tape_only(&t), TRANSFER_BROKEN, 512);
		assert_int_equal(tape_only(&t)->refused.frame, 3);
		assert_string_equal(tape_only(&t)->message, "full");
		tape_check_content(tape_only(&t), 512, true);
		tape_end(&t);
	}
}

/* A phone wants the size alone, and says so. */
static void
refused_by_the_client(void **state)
{
	struct transfers_tape t;
	struct bytes bytes = tape_error(8, "");

	(void)state;
	tape_begin(&t);
	TAPE_ASK_WITH(&t, TFTP_RRQ, "tsize\0" "0");
	TAPE_AGREE(&t, "tsize\0" "4711");
	tape_from_phone(&t, TAPE_DATA, &bytes);
	tape_check(tape_only(&t), TRANSFER_BROKEN, 0);
	assert_int_equal(tape_only(&t)->told_size, 4711);
	assert_string_equal(tape_only(&t)->message, "Option negotiation failed");
	tape_end(&t);
}

static void
unanswered(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	for (unsigned i = 0; i < LIMIT_REPEATS + 4; i++) {
		tape_ask(&t, TAPE_CONFIG);
		tape_wait(&t, 4);
	}
	tape_wait(&t, LIMIT_TRANSFER_SECONDS - 4);
	assert_int_equal(t.tape.n, 0);
	tape_wait(&t, 1);
	tape_check(tape_only(&t), TRANSFER_UNANSWERED, 0);
	assert_int_equal(tape_only(&t)->asked.n, LIMIT_REPEATS + 3);
	assert_int_equal(tape_only(&t)->asked.frames[0], 2);
	assert_int_equal(tape_only(&t)->asked.frames[LIMIT_REPEATS - 1], LIMIT_REPEATS + 1);
	assert_int_equal(tape_only(&t)->asked.last.frame, LIMIT_REPEATS + 4);
	assert_int_equal(t.tape.events[0]->last.frame, LIMIT_REPEATS + 4);
	assert_int_equal(tape_only(&t)->answered.frame, 0);
	tape_end(&t);
}

/* At the capture's end: asked once a moment ago, once a while ago, twice. */
static void
no_answer_yet(void **state)
{
	static const struct {
		unsigned times;
		int64_t seconds;
		enum transfer_outcome expected;
	} tries[] = {
		{1, 0, TRANSFER_INCOMPLETE},
		{1, LIMIT_ANSWER_SECONDS - 1, TRANSFER_INCOMPLETE},
		{1, LIMIT_ANSWER_SECONDS, TRANSFER_UNANSWERED},
		{2, 0, TRANSFER_UNANSWERED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct transfers_tape t;

		tape_begin(&t);
		for (unsigned n = 0; n < tries[i].times; n++)
			tape_ask(&t, TAPE_CONFIG);
		tape_wait(&t, tries[i].seconds);
		tape_finish(&t);
		tape_check(tape_only(&t), tries[i].expected, 0);
		tape_end(&t);
	}
}

/* ICMP says that there is no server; about others' packets it says nothing. */
static void
unreachable(void **state)
{
	struct transfers_tape t;
	struct packet others = story_unreachable(TAPE_PHONE, TAPE_PORT, TAPE_OTHER, TFTP_PORT),
		      ours = story_unreachable(TAPE_PHONE, TAPE_PORT, TAPE_SERVER, TFTP_PORT);

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	transfers_unreachable(t.transfers, &others.icmp, story_next(&t.tape, 1));
	for (unsigned i = 0; i < 2; i++)
		transfers_unreachable(t.transfers, &ours.icmp, story_next(&t.tape, 1));
	tape_finish(&t);
	tape_check(tape_only(&t), TRANSFER_UNANSWERED, 0);
	assert_int_equal(tape_only(&t)->unreachable.frame, 3);
	assert_int_equal(tape_only(&t)->unreachable_type, 3);
	assert_int_equal(tape_only(&t)->unreachable_code, 3);
	assert_int_equal(t.tape.events[0]->last.frame, 4);
	tape_end(&t);
}

/* What began and goes silent is broken after a while; at the capture's end before it, incomplete, unless ICMP said that the
 * phone is gone. */
static void
silent_in_the_middle(void **state)
{
	struct packet gone = story_unreachable(TAPE_SERVER, TAPE_DATA, TAPE_PHONE, TAPE_PORT);

	(void)state;
	for (unsigned how = 0; how < 3; how++) {
		struct transfers_tape t;

		tape_begin(&t);
		tape_ask(&t, TAPE_CONFIG);
		tape_block(&t, 1);
		tape_ack(&t, 1);
		tape_wait(&t, LIMIT_TRANSFER_SECONDS);
		assert_int_equal(t.tape.n, 0);
		if (how == 0)
			tape_wait(&t, 1);
		if (how == 2)
			transfers_unreachable(t.transfers, &gone.icmp, story_next(&t.tape, 1));
		tape_finish(&t);
		tape_check(tape_only(&t), how == 1 ? TRANSFER_INCOMPLETE : TRANSFER_BROKEN, 512);
		tape_check_content(tape_only(&t), 512, true);
		assert_int_equal(tape_only(&t)->unreachable.frame, 0);
		tape_end(&t);
	}
}

/* The port asks for another file: the first is left. */
static void
another_file_on_the_same_port(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	tape_block(&t, 1);
	tape_ask(&t, "CTLFile.tlv");
	tape_check(tape_only(&t), TRANSFER_BROKEN, 512);
	tape_wait(&t, LIMIT_ANSWER_SECONDS);
	tape_ask(&t, "ITLFile.tlv");
	tape_check(tape_transfer(&t, 1), TRANSFER_UNANSWERED, 0);
	tape_finish(&t);
	tape_check(tape_transfer(&t, 2), TRANSFER_INCOMPLETE, 0);
	assert_string_equal(tape_transfer(&t, 2)->file, "ITLFile.tlv");
	tape_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused),
		cmocka_unit_test(broken_by_an_error),
		cmocka_unit_test(refused_by_the_client),
		cmocka_unit_test(unanswered),
		cmocka_unit_test(no_answer_yet),
		cmocka_unit_test(unreachable),
		cmocka_unit_test(silent_in_the_middle),
		cmocka_unit_test(another_file_on_the_same_port),
	};

	return cmocka_run_group_tests_name("transfers, end", tests, NULL, NULL);
}
