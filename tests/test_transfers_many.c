/* Files asked for by TFTP, many at once: floods stay bounded, and memory may run out anywhere. */
#include "tests/allocations.h"
#include "tests/transfers_tape.h"

enum { FLOOD = 100000 };

static void
ask_of(struct transfers_tape *t, uint32_t client, uint16_t port, const char *file)
{
	struct bytes bytes = tape_request(TFTP_RRQ, file, NULL, 0);

	tape_send(t, client, port, TAPE_SERVER, TFTP_PORT, &bytes);
}

/* Files of many phones at once, all by the same ports. */
static void
several_at_once(void **state)
{
	enum { PHONES = 5 };
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	for (uint32_t phone = 0; phone < PHONES; phone++)
		ask_of(&t, TAPE_PHONE + phone, TAPE_PORT, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 3; block++) {
		for (uint32_t phone = 0; phone < PHONES; phone++) {
			struct bytes bytes = tape_data(block, TFTP_BLOCK_SIZE, TAPE_CONFIG_SIZE - phone);

			tape_send(&t, TAPE_SERVER, TAPE_DATA, TAPE_PHONE + phone, TAPE_PORT, &bytes);
			bytes = tape_short(TFTP_ACK, block);
			tape_send(&t, TAPE_PHONE + phone, TAPE_PORT, TAPE_SERVER, TAPE_DATA, &bytes);
		}
	}
	assert_int_equal(t.tape.n, PHONES);
	for (uint32_t phone = 0; phone < PHONES; phone++) {
		story_assert_ip(&t.tape.events[phone]->client.ip, TAPE_PHONE + phone);
		tape_check(tape_transfer(&t, phone), TRANSFER_DONE, TAPE_CONFIG_SIZE - phone);
		tape_check_content(tape_transfer(&t, phone), TAPE_CONFIG_SIZE - phone, false);
	}
	assert_int_equal(transfers_held(t.transfers), 0);
	tape_end(&t);
}

/* Requests of everybody: the one silent the longest goes first. */
static void
a_flood_of_requests(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	t.ms = 0;
	for (uint32_t i = 0; i < FLOOD; i++) {
		char file[32];

		snprintf(file, sizeof(file), "%u.xml", i);
		ask_of(&t, 0x0b000000 + i, (uint16_t)(i * 7), file);
		assert_true(transfers_held(t.transfers) < LIMIT_TRANSFERS * 3000);
		if (i == LIMIT_TRANSFERS - 1)
			ask_of(&t, 0x0b000000, 0, "0.xml"); /* it speaks up */
	}
	assert_int_equal(t.tape.n, FLOOD - LIMIT_TRANSFERS);
	assert_int_equal(t.tape.tally.evicted_events, FLOOD - LIMIT_TRANSFERS);
	assert_string_equal(tape_transfer(&t, 0)->file, "1.xml");
	tape_check(tape_transfer(&t, 0), TRANSFER_INCOMPLETE, 0);
	tape_finish(&t);
	assert_int_equal(t.tape.n, FLOOD);
	tape_end(&t);
}

static void
a_file_that_never_ends(void **state)
{
	const uint64_t blocks = 100000, size = blocks * 1400;
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	TAPE_ASK_WITH(&t, TFTP_RRQ, "blksize\0" "1400");
	TAPE_AGREE(&t, "blksize\0" "1400");
	for (uint64_t block = 1; block <= blocks; block++) {
		struct bytes bytes;

		bytes.n = 0;
		put(&bytes, 2, TFTP_DATA);
		put(&bytes, 2, block & 0xffff);
		put_zeros(&bytes, 1400);
		tape_from_server(&t, &bytes);
		assert_true(transfers_held(t.transfers) < LIMIT_PHONE_FILE + 4096);
	}
	tape_finish(&t);
	tape_check(tape_only(&t), TRANSFER_INCOMPLETE, size);
	assert_int_equal(tape_only(&t)->content->n, LIMIT_PHONE_FILE);
	assert_true(tape_only(&t)->content->cut);
	assert_int_equal(t.tape.tally.over_limit, 1);
	tape_end(&t);
}

/* Every transfer claims that its file is long, with a few bytes. */
static void
a_flood_of_promises(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	for (uint32_t i = 0; i < LIMIT_TRANSFERS; i++) {
		struct bytes bytes = tape_short(TFTP_DATA, 2000);

		ask_of(&t, 0x0b000000 + i, TAPE_PORT, TAPE_CONFIG);
		put(&bytes, 1, 0);
		tape_send(&t, TAPE_SERVER, TAPE_DATA, 0x0b000000 + i, TAPE_PORT, &bytes);
		assert_true(t.ours);
		assert_true(t.tape.host.transfers_held <= LIMIT_PHONE_FILES);
	}
	assert_true(t.tape.tally.over_limit > 0);
	tape_end(&t);
}

/* Options, blocks, an error, a repeat and a request that is left. */
static void
tell(struct transfers_tape *t)
{
	TAPE_ASK_WITH(t, TFTP_RRQ, "blksize\0" "512");
	tape_ask(t, TAPE_CONFIG);
	TAPE_AGREE(t, "blksize\0" "512");
	for (uint64_t block = 1; block <= 3; block++) {
		tape_block(t, block);
		tape_ack(t, block);
	}
	tape_ask(t, "CTLFile.tlv");
	tape_server_error(t, 1, "not found");
	tape_ask(t, "ITLFile.tlv");
}

static void
no_memory_is_said(void **state)
{
	bool failed = true;
	size_t nth;

	(void)state;
	for (nth = 1; failed; nth++) {
		struct transfers_tape t;

		story_begin(&t.tape);
		t.ms = 2;
		allocations_fail(nth);
		t.transfers = transfers_new(&t.tape.host);
		if (t.transfers != NULL) {
			tell(&t);
			tape_finish(&t);
		}
		failed = allocations_failed();
		assert_int_equal(t.tape.host.out_of_memory || t.transfers == NULL, failed);
		if (!failed)
			assert_int_equal(t.tape.n, 3);
		tape_end(&t);
	}
	assert_true(nth > 15);
}

/* What is open is given to nobody. */
static void
freed_in_the_middle(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	tape_block(&t, 1);
	assert_true(t.tape.host.transfers_held > 0);
	transfers_free(t.transfers);
	t.transfers = NULL;
	assert_int_equal(t.tape.n, 0);
	tape_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_at_once),
		cmocka_unit_test(a_flood_of_requests),
		cmocka_unit_test(a_file_that_never_ends),
		cmocka_unit_test(a_flood_of_promises),
		cmocka_unit_test(no_memory_is_said),
		cmocka_unit_test(freed_in_the_middle),
	};

	return cmocka_run_group_tests_name("transfers, many", tests, NULL, NULL);
}
