/* Files asked for by TFTP: requests, options, and transfers that come to their end. */
#include "tests/transfers_tape.h"

static void
a_file(void **state)
{
	struct transfers_tape t;
	const struct event *event;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 3; block++) {
		assert_int_equal(t.tape.n, 0);
		assert_true(transfers_held(t.transfers) > 0);
		tape_block(&t, block);
		assert_true(t.ours);
		tape_ack(&t, block);
		assert_true(t.ours);
	}
	event = t.tape.events[0];
	tape_check(tape_only(&t), TRANSFER_DONE, TAPE_CONFIG_SIZE);
	tape_check_content(tape_only(&t), TAPE_CONFIG_SIZE, false);
	assert_int_equal(event->transfer.content->kind, PHONE_FILE_CONFIG);
	assert_string_equal(event->transfer.file, TAPE_CONFIG);
	assert_string_equal(event->transfer.mode, "octet");
	assert_false(event->transfer.http || event->transfer.write || event->transfer.has_told_size);
	assert_int_equal(event->at.frame, 1);
	assert_int_equal(event->transfer.answered.frame, 2);
	assert_int_equal(event->last.frame, 7);
	assert_int_equal(event->transfer.block_size, 512);
	assert_int_equal(event->transfer.window, 1);
	assert_int_equal(event->transfer.data_port, TAPE_DATA);
	assert_int_equal(event->transfer.repeats, 0);
	story_assert_ip(&event->client.ip, TAPE_PHONE);
	story_assert_ip(&event->server.ip, TAPE_SERVER);
	assert_int_equal(event->client.port, TAPE_PORT);
	assert_int_equal(event->server.port, TFTP_PORT);
	assert_int_equal(event->vlan[0], STORY_VLAN);
	tape_end(&t);
}

static void
what_is_no_transfer(void **state)
{
	struct transfers_tape t;
	struct bytes bytes = tape_request(TFTP_RRQ, TAPE_CONFIG, NULL, 0);

	(void)state;
	tape_begin(&t);
	tape_from_phone(&t, 5060, &bytes); /* another port */
	assert_false(t.ours);
	tape_block(&t, 1);
	assert_false(t.ours);
	bytes.n = 1;
	tape_from_phone(&t, TFTP_PORT, &bytes);
	assert_false(t.ours);
	tape_ask(&t, TAPE_CONFIG);
	assert_true(t.ours);
	bytes = tape_data(1, 512, 600);
	tape_send(&t, TAPE_SERVER, TAPE_DATA, TAPE_PHONE, TAPE_PORT + 1, &bytes);
	assert_false(t.ours);
	tape_send(&t, TAPE_SERVER, TAPE_DATA, TAPE_OTHER, TAPE_PORT, &bytes);
	assert_false(t.ours);
	bytes.n = 1;
	tape_from_server(&t, &bytes);
	assert_false(t.ours);
	bytes = tape_request(TFTP_RRQ, TAPE_CONFIG, NULL, 0);
	tape_from_phone(&t, 5060, &bytes);
	assert_false(t.ours);
	tape_end(&t);
}

/* Other files are counted. */
static void
a_file_of_another_kind(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, "sip88xx.loads");
	for (uint64_t block = 1; block <= 3; block++) {
		tape_block(&t, block);
		assert_int_equal(t.tape.host.transfers_held, 0);
		tape_ack(&t, block);
	}
	tape_check(tape_only(&t), TRANSFER_DONE, TAPE_CONFIG_SIZE);
	assert_null(tape_only(&t)->content);
	tape_end(&t);
}

static void
an_empty_file(void **state)
{
	struct transfers_tape t;
	struct bytes bytes = tape_short(TFTP_DATA, 1);

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	tape_from_server(&t, &bytes);
	tape_ack(&t, 1);
	tape_check(tape_only(&t), TRANSFER_DONE, 0);
	assert_null(tape_only(&t)->content);
	tape_end(&t);
}

/* A file of whole blocks ends in an empty one. */
static void
a_file_of_whole_blocks(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 3; block++) {
		struct bytes bytes = tape_data(block, 512, 1024);

		assert_int_equal(t.tape.n, 0);
		tape_from_server(&t, &bytes);
		if (block == 3)
			tape_from_server(&t, &bytes);
		tape_ack(&t, block);
	}
	tape_check(tape_only(&t), TRANSFER_DONE, 1024);
	tape_check_content(tape_only(&t), 1024, false);
	assert_int_equal(tape_only(&t)->repeats, 1);
	tape_end(&t);
}

static void
options(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	TAPE_ASK_WITH(&t, TFTP_RRQ, "tsize\0" "0\0" "blksize\0" "1428\0" "windowsize\0" "4");
	TAPE_AGREE(&t, "BlkSize\0" "1024\0" "tsize\0" "1300\0" "timeout\0" "x");
	tape_ack(&t, 0);
	for (uint64_t block = 1; block <= 2; block++) {
		struct bytes bytes = tape_data(block, 1024, TAPE_CONFIG_SIZE);

		assert_int_equal(t.tape.n, 0);
		tape_from_server(&t, &bytes);
		tape_ack(&t, block);
	}
	tape_check(tape_only(&t), TRANSFER_DONE, TAPE_CONFIG_SIZE);
	tape_check_content(tape_only(&t), TAPE_CONFIG_SIZE, false);
	assert_int_equal(tape_only(&t)->block_size, 1024);
	assert_int_equal(tape_only(&t)->window, 1);
	assert_true(tape_only(&t)->has_told_size);
	assert_int_equal(tape_only(&t)->told_size, TAPE_CONFIG_SIZE);
	tape_end(&t);
}

static void
options_that_cannot_be(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	TAPE_ASK_WITH(&t, TFTP_RRQ, "blksize\0" "7\0" "windowsize\0" "0\0" "blksize\0" "x\0" "tsize\0" "5");
	TAPE_AGREE(&t, "blksize\0" "65465\0" "windowsize\0" "65536\0" "tsize\0" "-1");
	tape_finish(&t);
	assert_int_equal(tape_only(&t)->block_size, 512);
	assert_int_equal(tape_only(&t)->window, 1);
	assert_false(tape_only(&t)->has_told_size);
	tape_end(&t);
	tape_begin(&t);
	TAPE_ASK_WITH(&t, TFTP_RRQ, "blksize\0" "7\0" "windowsize\0" "0");
	tape_finish(&t);
	assert_int_equal(tape_only(&t)->block_size, 512);
	assert_int_equal(tape_only(&t)->window, 1);
	tape_end(&t);
}

/* The server takes no options, says nothing of them, or says it where the capture does not see it, but for the phone's ACK;
 * a first block shorter than agreed is the last. */
static void
options_without_an_answer(void **state)
{
	static const struct {
		size_t block_size, size;
		bool agree, ack;
		unsigned expected;
	} tries[] = {
		{512, 1300, false, false, 512},   {1000, 2300, false, false, 1000}, {512, 100, false, false, 512},
		{1400, 2000, false, false, 1400}, {1000, 100, true, false, 1000},   {1000, 100, false, true, 1000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct transfers_tape t;

		tape_begin(&t);
		TAPE_ASK_WITH(&t, TFTP_RRQ, "blksize\0" "1000");
		if (tries[i].agree)
			TAPE_AGREE(&t, "blksize\0" "1000");
		if (tries[i].ack)
			tape_ack(&t, 0);
		for (uint64_t block = 1; block <= 1 + tries[i].size / tries[i].block_size; block++) {
			struct bytes bytes = tape_data(block, tries[i].block_size, tries[i].size);

			assert_int_equal(t.tape.n, 0);
			tape_from_server(&t, &bytes);
			tape_ack(&t, block);
		}
		tape_check(tape_only(&t), TRANSFER_DONE, tries[i].size);
		assert_int_equal(tape_only(&t)->block_size, tries[i].expected);
		tape_end(&t);
	}
}

/* The OACK is not there, and the first block is shorter than asked for: either the server agreed to less, which an OACK that
 * comes late or the next block tells, or it was the last one. */
static void
a_first_block_that_is_short(void **state)
{
	(void)state;
	for (unsigned how = 0; how < 3; how++) {
		const size_t size = how == 0 ? 700 : 1600;
		struct transfers_tape t;

		tape_begin(&t);
		TAPE_ASK_WITH(&t, TFTP_RRQ, "blksize\0" "1000");
		for (uint64_t block = 1; block <= 1 + size / 700; block++) {
			struct bytes bytes = tape_data(block, 700, size);

			assert_int_equal(t.tape.n, 0);
			if (how > 0 || block == 1)
				tape_from_server(&t, &bytes);
			if (how == 2 && block == 1)
				TAPE_AGREE(&t, "blksize\0" "700\0" "tsize\0" "1600");
			if (how > 0 || block == 1)
				tape_ack(&t, block);
		}
		assert_int_equal(t.tape.n, how > 0);
		tape_wait(&t, LIMIT_TRANSFER_SECONDS + 1);
		tape_check(tape_only(&t), TRANSFER_DONE, size);
		tape_check_content(tape_only(&t), size, false);
		assert_int_equal(tape_only(&t)->has_told_size, how == 2);
		tape_end(&t);
	}
}

static void
a_file_to_the_server(void **state)
{
	struct transfers_tape t;

	(void)state;
	for (unsigned agree = 0; agree < 2; agree++) {
		const size_t block_size = agree ? 700 : 512;
		struct bytes bytes = tape_short(TFTP_ACK, 0);

		tape_begin(&t);
		TAPE_ASK_WITH(&t, TFTP_WRQ, "blksize\0" "1000\0" "tsize\0" "2100");
		if (agree)
			TAPE_AGREE(&t, "blksize\0" "700");
		else
			tape_from_server(&t, &bytes);
		for (uint64_t block = 1; block <= 2100 / block_size + 1; block++) {
			assert_int_equal(t.tape.n, 0);
			bytes = tape_data(block, block_size, 2100);
			tape_from_phone(&t, TAPE_DATA, &bytes);
			bytes = tape_short(TFTP_ACK, block);
			tape_from_server(&t, &bytes);
		}
		tape_check(tape_only(&t), TRANSFER_DONE, 2100);
		assert_true(tape_only(&t)->write);
		assert_int_equal(tape_only(&t)->told_size, 2100);
		tape_check_content(tape_only(&t), 2100, false);
		tape_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file),
		cmocka_unit_test(what_is_no_transfer),
		cmocka_unit_test(a_file_of_another_kind),
		cmocka_unit_test(an_empty_file),
		cmocka_unit_test(a_file_of_whole_blocks),
		cmocka_unit_test(options),
		cmocka_unit_test(options_that_cannot_be),
		cmocka_unit_test(options_without_an_answer),
		cmocka_unit_test(a_first_block_that_is_short),
		cmocka_unit_test(a_file_to_the_server),
	};

	return cmocka_run_group_tests_name("transfers", tests, NULL, NULL);
}
