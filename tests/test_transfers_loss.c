/* Files asked for by TFTP of which the capture lacks something. */
#include "tests/transfers_tape.h"

/* What the capture lacks is known by its ACK, or by a block that comes after it and outside its window. */
static void
holes(void **state)
{
	(void)state;
	for (unsigned acks = 0; acks < 2; acks++) {
		for (uint64_t lost = 1; lost <= 3; lost++) {
			struct transfers_tape t;

			tape_begin(&t);
			tape_ask(&t, TAPE_CONFIG);
			for (uint64_t block = 1; block <= 3; block++) {
				if (block != lost)
					tape_block(&t, block);
				if (acks)
					tape_ack(&t, block);
			}
			tape_wait(&t, LIMIT_TRANSFER_SECONDS + 1);
			tape_check(tape_only(&t), lost == 3 && !acks ? TRANSFER_BROKEN : TRANSFER_INCOMPLETE,
				   lost == 3 ? 1024 : TAPE_CONFIG_SIZE - 512);
			if (lost == 1)
				assert_null(tape_only(&t)->content);
			else
				tape_check_content(tape_only(&t), (size_t)(lost - 1) * 512, true);
			tape_end(&t);
		}
	}
}

/* Inside a window a block that is not there may still come: who goes silent then has broken off. */
static void
a_hole_that_nobody_acknowledged(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask_in_windows(&t, 4);
	tape_small_block(&t, 1, 60);
	tape_small_block(&t, 3, 60);
	tape_small_block(&t, 4, 60);
	tape_wait(&t, LIMIT_TRANSFER_SECONDS + 1);
	tape_check(tape_only(&t), TRANSFER_BROKEN, 24);
	tape_check_content(tape_only(&t), 8, true);
	tape_end(&t);
}

/* More holes than there is room for; then a block that was thought to be lost. */
static void
many_holes(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 200; block++) {
		struct bytes bytes = tape_data(block, 512, 199 * 512 + 100);

		if (block == 1 || block % 2 == 0)
			tape_from_server(&t, &bytes);
		tape_ack(&t, block);
	}
	for (uint64_t block = 3; block <= 5; block += 2) {
		struct bytes bytes = tape_data(block, 512, 199 * 512 + 100);

		tape_from_server(&t, &bytes);
	}
	tape_finish(&t);
	tape_check(tape_only(&t), TRANSFER_INCOMPLETE, 100 * 512 + 100);
	tape_check_content(tape_only(&t), 1024, true);
	tape_end(&t);
}

/* The same in a window as long as they all, of which nothing is acknowledged: later blocks are left out. */
static void
many_holes_in_a_window(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask_in_windows(&t, 1000);
	for (uint64_t block = 1; block <= 100; block += 2)
		tape_small_block(&t, block, 10000);
	tape_finish(&t);
	tape_check(tape_only(&t), TRANSFER_INCOMPLETE, 16 * 8);
	tape_check_content(tape_only(&t), 8, true);
	tape_end(&t);
}

/* One direction alone. */
static void
acks_without_blocks(void **state)
{
	(void)state;
	for (unsigned acks = 0; acks < 3; acks++) { /* none but that of an OACK, one, or all */
		struct transfers_tape t;

		tape_begin(&t);
		tape_ask(&t, TAPE_CONFIG);
		tape_ack(&t, 0);
		for (uint64_t block = 1; block < 2 * acks; block++)
			tape_ack(&t, block);
		tape_wait(&t, LIMIT_TRANSFER_SECONDS + 1);
		tape_check(tape_only(&t), TRANSFER_INCOMPLETE, 0);
		assert_int_equal(tape_only(&t)->answered.frame, 2);
		assert_int_equal(tape_only(&t)->data_port, TAPE_DATA);
		assert_null(tape_only(&t)->content);
		tape_end(&t);
	}
}

static void
blocks_without_acks(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 3; block++)
		tape_block(&t, block);
	assert_int_equal(t.tape.n, 0);
	tape_wait(&t, LIMIT_TRANSFER_SECONDS + 1);
	tape_check_whole(&t, TAPE_CONFIG_SIZE, 0);
	tape_end(&t);
}

/* The snap length cut a block: its end is missing, unless the block comes again. */
static void
a_block_that_was_cut(void **state)
{
	(void)state;
	for (unsigned again = 0; again < 2; again++) {
		struct transfers_tape t;
		struct bytes bytes = tape_data(2, 512, TAPE_CONFIG_SIZE);
		struct packet packet =
			story_udp(TAPE_SERVER, TAPE_DATA, TAPE_PHONE, TAPE_PORT, &bytes);

		tape_begin(&t);
		tape_ask(&t, TAPE_CONFIG);
		tape_block(&t, 1);
		packet.payload.n = 104;
		transfers_datagram(t.transfers, &packet, story_next(&t.tape, 2));
		if (again)
			tape_block(&t, 2);
		tape_ack(&t, 2);
		tape_block(&t, 3);
		tape_ack(&t, 3);
		tape_finish(&t);
		if (again) {
			tape_check_whole(&t, TAPE_CONFIG_SIZE, 0);
		} else {
			tape_check(tape_only(&t), TRANSFER_INCOMPLETE, TAPE_CONFIG_SIZE - 412);
			tape_check_content(tape_only(&t), 612, true);
		}
		tape_end(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes),
		cmocka_unit_test(a_hole_that_nobody_acknowledged),
		cmocka_unit_test(many_holes),
		cmocka_unit_test(many_holes_in_a_window),
		cmocka_unit_test(acks_without_blocks),
		cmocka_unit_test(blocks_without_acks),
		cmocka_unit_test(a_block_that_was_cut),
	};

	return cmocka_run_group_tests_name("transfers, loss", tests, NULL, NULL);
}
