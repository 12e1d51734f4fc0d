/* The bytes of one file under way: places, holes and limits, held against a naive model. */
#include "src/story/receive.h"
#include "tests/allocations.h"
#include "tests/story_tape.h"

#define CONFIG "SEP001122334455.cnf.xml"

struct tape {
	struct story_tape story;
	struct receive file;
};

static void
begin(struct tape *tape, const char *name)
{
	story_begin(&tape->story);
	receive_begin(&tape->file, &tape->story.host, name);
}

static void
end(struct tape *tape)
{
	receive_clear(&tape->file);
	assert_int_equal(tape->story.host.transfers_held, 0);
	story_end(&tape->story);
}

static uint8_t
said(uint64_t off)
{
	return (uint8_t)(off * 2654435761U >> 13);
}

static bool
put_run(struct tape *tape, uint64_t from, size_t n)
{
	uint8_t *bytes = malloc(n);
	bool fits;

	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = said(from + i);
	fits = receive_put(&tape->file, from, slice_of(bytes, n));
	free(bytes);
	return fits;
}

static void
check_content(const struct tape *tape, size_t n, bool whole, bool cut)
{
	struct phone_file *content = receive_content(&tape->file, CONFIG, whole);

	if (n == 0) {
		assert_null(content);
		return;
	}
	assert_non_null(content);
	assert_int_equal(content->n, n);
	assert_int_equal(content->cut, cut);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(content->bytes[i], said(i));
	phone_file_free(content);
}

static void
runs_meet(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape, CONFIG);
	assert_true(receive_is_whole(&tape.file, 0));
	assert_true(put_run(&tape, 20, 10));
	assert_true(put_run(&tape, 5, 10));
	assert_false(receive_has(&tape.file, 14, 16));
	assert_true(receive_has(&tape.file, 20, 30));
	assert_true(receive_has(&tape.file, 15, 15));
	check_content(&tape, 0, false, true);
	assert_true(put_run(&tape, 0, 25));
	assert_int_equal(tape.file.size, 30);
	assert_int_equal(tape.file.n_runs, 1);
	assert_true(put_run(&tape, 0, 30));
	assert_int_equal(tape.file.size, 30);
	assert_true(receive_is_whole(&tape.file, 30));
	assert_false(receive_is_whole(&tape.file, 31));
	check_content(&tape, 30, true, false);
	check_content(&tape, 30, false, true);
	end(&tape);
}

static void
what_is_given_up(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape, CONFIG);
	assert_true(put_run(&tape, 0, 10));
	receive_give_up(&tape.file, 10); /* nothing is missing */
	assert_true(receive_is_whole(&tape.file, 10));
	assert_true(put_run(&tape, 20, 10));
	assert_true(put_run(&tape, 40, 10));
	receive_give_up(&tape.file, 25);
	assert_true(receive_has(&tape.file, 0, 30));
	assert_false(receive_has(&tape.file, 0, 31));
	assert_false(receive_is_whole(&tape.file, 30));
	assert_true(put_run(&tape, 10, 10)); /* too late */
	assert_int_equal(tape.file.size, 30);
	receive_give_up(&tape.file, 35);
	assert_true(put_run(&tape, 35, 5));
	assert_true(receive_has(&tape.file, 0, 50));
	check_content(&tape, 10, false, true);
	end(&tape);
}

static void
too_many_runs(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape, CONFIG);
	for (uint64_t i = 1; i <= RECEIVE_RUNS; i++)
		assert_true(put_run(&tape, i * 10, 5));
	assert_false(put_run(&tape, 1000, 5));
	assert_int_equal(tape.file.size, RECEIVE_RUNS * 5);
	assert_true(put_run(&tape, 15, 3)); /* one of them grows */
	receive_give_up(&tape.file, 7);     /* there is no room to remember that */
	assert_false(receive_has(&tape.file, 0, 7));
	receive_give_up(&tape.file, 45);
	assert_true(put_run(&tape, 1000, 5));
	assert_true(receive_has(&tape.file, 0, 45));
	end(&tape);
}

static void
other_files_are_counted(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape, "Ringlist.xml");
	assert_true(put_run(&tape, 0, 3000));
	assert_int_equal(tape.file.size, 3000);
	assert_int_equal(tape.story.host.transfers_held, 0);
	assert_null(receive_content(&tape.file, "Ringlist.xml", true));
	end(&tape);
}

/* A file longer than is kept: its beginning is. */
static void
a_file_that_never_ends(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape, "folder/ctlfile.tlv");
	for (uint64_t off = 0; off < 3 * LIMIT_PHONE_FILE; off += 1000)
		assert_true(put_run(&tape, off, 1000));
	assert_true(tape.story.host.transfers_held <= LIMIT_PHONE_FILE);
	assert_true(tape.file.size > 3 * LIMIT_PHONE_FILE - 1000);
	assert_int_equal(tape.story.tally.over_limit, 1);
	check_content(&tape, LIMIT_PHONE_FILE, true, true);
	assert_true(put_run(&tape, UINT64_MAX - 10, 10));
	end(&tape);
}

/* All files together: who comes too late is counted alone. */
static void
all_files_together(void **state)
{
	enum { FILES = LIMIT_PHONE_FILES / LIMIT_PHONE_FILE + 1 };
	struct tape tape[FILES];

	(void)state;
	begin(&tape[0], CONFIG);
	for (size_t i = 0; i < FILES; i++) {
		receive_begin(&tape[i].file, &tape[0].story.host, CONFIG);
		assert_true(put_run(&tape[i], 0, 100));
		assert_true(put_run(&tape[i], 100, LIMIT_PHONE_FILE - 100));
		assert_int_equal(tape[i].file.size, LIMIT_PHONE_FILE);
		assert_true(tape[0].story.host.transfers_held <= LIMIT_PHONE_FILES);
	}
	assert_int_equal(tape[0].story.tally.over_limit, 1);
	check_content(&tape[FILES - 1], 0, true, true);
	receive_clear(&tape[1].file);
	receive_begin(&tape[1].file, &tape[0].story.host, CONFIG);
	assert_true(put_run(&tape[1], 0, 100));
	check_content(&tape[1], 100, true, false);
	for (size_t i = 1; i < FILES; i++)
		receive_clear(&tape[i].file);
	end(&tape[0]);
}

static void
no_memory(void **state)
{
	struct tape tape;

	(void)state;
	begin(&tape, CONFIG);
	allocations_fail(2); /* the first is the test's own */
	assert_true(put_run(&tape, 0, 100));
	assert_true(allocations_failed());
	assert_true(tape.story.host.out_of_memory);
	assert_int_equal(tape.story.host.transfers_held, 0);
	assert_int_equal(tape.file.size, 100);
	check_content(&tape, 0, true, true);
	end(&tape);
	begin(&tape, CONFIG);
	assert_true(put_run(&tape, 0, 100));
	allocations_fail(1);
	assert_null(receive_content(&tape.file, CONFIG, true));
	assert_true(allocations_failed());
	assert_true(tape.story.host.out_of_memory);
	end(&tape);
}

enum { MODEL = 400 };

/* Runs of any place and length, some given up: what has come is what a map of every byte says. */
static void
random_runs(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		bool come[MODEL] = {false}, gone[MODEL] = {false};
		size_t size = 0, kept = 0;
		struct tape tape;

		begin(&tape, CONFIG);
		for (unsigned step = 0; step < 40; step++) {
			size_t from, n;

			random = random * 1664525 + 1013904223;
			from = (random >> 8) % MODEL;
			n = 1 + (random >> 20) % 30;
			n = from + n > MODEL ? MODEL - from : n;
			if (step % 16 == 15) {
				receive_give_up(&tape.file, from / 2);
				for (size_t i = 0; i < from / 2; i++)
					gone[i] |= !come[i];
			} else if (put_run(&tape, from, n)) {
				for (size_t i = from; i < from + n; i++)
					come[i] |= !gone[i];
			}
		}
		for (size_t i = 0; i < MODEL; i++) {
			assert_int_equal(receive_has(&tape.file, i, i + 1), come[i] || gone[i]);
			size += come[i];
			if (kept == i && come[i])
				kept++;
		}
		assert_int_equal(tape.file.size, size);
		check_content(&tape, kept, false, true);
		end(&tape);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_meet),
		cmocka_unit_test(what_is_given_up),
		cmocka_unit_test(too_many_runs),
		cmocka_unit_test(other_files_are_counted),
		cmocka_unit_test(a_file_that_never_ends),
		cmocka_unit_test(all_files_together),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(random_runs),
	};

	return cmocka_run_group_tests_name("receive", tests, NULL, NULL);
}
