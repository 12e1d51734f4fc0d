/* Files asked for by TFTP, block by block: windows, block numbers that begin again, and blocks out of order. */
#include "tests/transfers_tape.h"

/* More blocks than numbers: behind 65535 comes 0, or 1, or a window that has both. */
static void
numbers_begin_again(void **state)
{
	const size_t size = TAPE_SMALL * 131070 + 5, blocks = size / TAPE_SMALL + 1;

	(void)state;
	for (unsigned how = 0; how < 3; how++) {
		const unsigned window = how == 2 ? 7 : 1;
		struct transfers_tape t;

		tape_begin(&t);
		tape_ask_in_windows(&t, window);
		for (uint64_t block = 1; block <= blocks; block++) {
			struct bytes bytes = tape_data(block, TAPE_SMALL, size);
			uint64_t number = how == 1 ? (block - 1) % 65535 + 1 : block;

			assert_int_equal(t.tape.n, 0);
			put_at(&bytes, 2, 2, number);
			tape_from_server(&t, &bytes);
			if (block % window == 0 || block == blocks)
				tape_ack(&t, number);
		}
		assert_int_equal(t.tape.n, 1);
		tape_check(tape_only(&t), TRANSFER_DONE, size);
		tape_check_content(tape_only(&t), size, false);
		tape_end(&t);
	}
}

/* The phone misses a block; the server begins again behind the last one that it has. */
static void
a_window_again(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask_in_windows(&t, 4);
	for (uint64_t block = 1; block <= 4; block++)
		tape_small_block(&t, block, 60);
	tape_ack(&t, 2);
	for (uint64_t block = 3; block <= 6; block++)
		tape_small_block(&t, block, 60);
	tape_ack(&t, 6);
	tape_small_block(&t, 7, 60);
	tape_small_block(&t, 8, 60);
	tape_ack(&t, 8);
	tape_check_whole(&t, 60, 2);
	assert_int_equal(tape_only(&t)->window, 4);
	tape_end(&t);
}

static void
out_of_order_in_a_window(void **state)
{
	static const uint64_t order[] = {3, 1, 4, 2, 8, 7, 5, 6};
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask_in_windows(&t, 4);
	for (size_t i = 0; i < 8; i++) {
		tape_small_block(&t, order[i], 60);
		if (i == 3)
			tape_ack(&t, 4);
	}
	assert_int_equal(t.tape.n, 0);
	tape_ack(&t, 8);
	tape_check_whole(&t, 60, 0);
	tape_end(&t);
}

/* A capture may show an ACK before the block. */
static void
an_ack_before_its_block(void **state)
{
	struct transfers_tape t;

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	for (uint64_t block = 1; block <= 3; block++) {
		tape_ack(&t, block);
		assert_int_equal(t.tape.n, 0);
		tape_block(&t, block);
	}
	tape_check_whole(&t, TAPE_CONFIG_SIZE, 0);
	tape_end(&t);
}

/* Blocks that cannot be: before the first, and longer than agreed. */
static void
lies(void **state)
{
	struct transfers_tape t;
	struct bytes zero = tape_data(1, TAPE_SMALL, 60), far = zero, old = zero, longer = tape_data(2, 100, 1000);

	(void)state;
	put_at(&zero, 2, 2, 0);
	put_at(&far, 2, 2, 32000);
	put_at(&old, 2, 2, 60000);
	tape_begin(&t);
	tape_ask_in_windows(&t, 1);
	tape_from_server(&t, &zero);
	tape_from_server(&t, &old);
	tape_small_block(&t, 1, 60);
	tape_ack(&t, 1);
	tape_from_server(&t, &longer);
	for (uint64_t block = 2; block <= 8; block++) {
		tape_small_block(&t, block, 60);
		tape_ack(&t, block);
	}
	tape_check_whole(&t, 60, 0);
	tape_ask_in_windows(&t, 1);
	tape_from_server(&t, &far);
	for (uint64_t block = 1; block <= 8; block++)
		tape_small_block(&t, block, 60);
	tape_ack(&t, 8);
	tape_check(tape_transfer(&t, 1), TRANSFER_DONE, 60);
	tape_check_content(tape_transfer(&t, 1), 60, false);
	tape_end(&t);
}

/* What the wrong side says, and options when there are blocks. */
static void
lies_about_roles(void **state)
{
	struct transfers_tape t;
	struct bytes block = tape_data(2, TFTP_BLOCK_SIZE, TAPE_CONFIG_SIZE), ack = tape_short(TFTP_ACK, 3), options = ack;

	(void)state;
	put_at(&options, 0, 2, TFTP_OACK);
	options.n = 2;
	put_bytes(&options, "blksize\0" "100", sizeof("blksize\0" "100"));
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	tape_from_phone(&t, TAPE_DATA, &block);
	tape_from_phone(&t, TAPE_DATA, &options);
	tape_block(&t, 1);
	tape_block(&t, 2);
	tape_from_server(&t, &options);
	tape_from_server(&t, &ack);
	tape_block(&t, 3);
	assert_int_equal(t.tape.n, 0);
	tape_ack(&t, 3);
	tape_check_whole(&t, TAPE_CONFIG_SIZE, 0);
	assert_int_equal(tape_only(&t)->block_size, 512);
	tape_end(&t);
}

/* A block that comes again in another length: what came first counts, but a longer one shows that it was not the last. */
static void
lies_about_the_last_block(void **state)
{
	struct transfers_tape t;
	struct bytes empty = tape_data(1, TFTP_BLOCK_SIZE, 0), part = tape_data(2, TFTP_BLOCK_SIZE, 700);

	(void)state;
	tape_begin(&t);
	tape_ask(&t, TAPE_CONFIG);
	tape_block(&t, 1);
	tape_from_server(&t, &empty);
	tape_from_server(&t, &part);
	tape_block(&t, 2);
	tape_ack(&t, 2);
	assert_int_equal(t.tape.n, 0);
	tape_block(&t, 3);
	tape_ack(&t, 3);
	tape_check_whole(&t, TAPE_CONFIG_SIZE, 1);
	tape_end(&t);
}

/* ---- at random ---- */

static uint32_t
roll(uint32_t *random, uint32_t below)
{
	*random = *random * 1664525 + 1013904223;
	return (*random >> 8) % below;
}

/* Windows sent again and again, in an order not quite theirs, of which the capture lacks some: what is done is whole, and
 * what is kept is always the file's own beginning. */
static void
random_windows(void **state)
{
	unsigned whole = 0;

	(void)state;
	for (uint32_t round = 0; round < 2000; round++) {
		uint32_t random = round, size = roll(&random, 1500), window = 1 + roll(&random, 9);
		uint64_t blocks = size / TAPE_SMALL + 1, next = 1, loss = round % 4 == 0 ? 0 : roll(&random, 20);
		struct transfers_tape t;
		bool lost = false;

		tape_begin(&t);
		tape_ask_in_windows(&t, window);
		while (next <= blocks && t.tape.n == 0) {
			uint64_t last = next + window - 1 < blocks ? next + window - 1 : blocks;

			for (uint64_t i = next, swap = roll(&random, 3) == 0; i <= last; i++) {
				uint64_t block = !swap ? i : i == next ? last : i == last ? next : i;

				if (roll(&random, 100) < loss)
					lost = true;
				else
					tape_small_block(&t, block, size);
			}
			if (roll(&random, 5) > 0)
				next = last + 1 - roll(&random, (uint32_t)(last - next + 2));
			tape_ack(&t, next - 1);
		}
		tape_finish(&t);
		assert_int_equal(t.tape.n, 1);
		if (!lost)
			tape_check(tape_only(&t), TRANSFER_DONE, size);
		if (tape_only(&t)->outcome == TRANSFER_DONE) {
			assert_int_equal(tape_only(&t)->size, size);
			whole++;
		}
		assert_true(tape_only(&t)->size <= size);
		if (tape_only(&t)->content != NULL)
			tape_check_content(tape_only(&t), tape_only(&t)->content->n,
					   tape_only(&t)->outcome != TRANSFER_DONE);
		tape_end(&t);
	}
	assert_true(whole > 600 && whole < 1900);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_begin_again),
		cmocka_unit_test(a_window_again),
		cmocka_unit_test(out_of_order_in_a_window),
		cmocka_unit_test(an_ack_before_its_block),
		cmocka_unit_test(lies),
		cmocka_unit_test(lies_about_roles),
		cmocka_unit_test(lies_about_the_last_block),
		cmocka_unit_test(random_windows),
	};

	return cmocka_run_group_tests_name("transfers, blocks", tests, NULL, NULL);
}
