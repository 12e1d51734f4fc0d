/* The line of progress, as it is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/progress.h"

static void
expect_line(const char *name, uint64_t done, uint64_t size, uint64_t bytes_per_second, const char *wanted)
{
	char line[PROGRESS_LINE];

	progress_line(name, done, size, bytes_per_second, line);
	assert_string_equal(line, wanted);
}

#define MB UINT64_C(1000000)

static void
says_how_far_how_fast_and_how_long(void **state)
{
	(void)state;
	expect_line("phone.pcap", 21500 * MB, 50000 * MB, 612 * MB, "phone.pcap  43 %  21.5 GB of 50.0 GB  612 MB/s  0:47 left");
	expect_line("a", 0, 7200 * MB, 1 * MB, "a  0 %  0 bytes of 7.2 GB  1.0 MB/s  2:00:00 left");
	expect_line("a", 500, 999, 1000, "a  50 %  500 bytes of 999 bytes  1.0 kB/s  0:01 left");
	expect_line("a", 1, 3601, 1, "a  0 %  1 bytes of 3.6 kB  1 bytes/s  1:00:00 left");
	expect_line("a", 2, 3601, 1, "a  0 %  2 bytes of 3.6 kB  1 bytes/s  59:59 left");
}

static void
never_rounds_up_to_the_end(void **state)
{
	(void)state;
	expect_line("a", 9999 * MB, 10000 * MB, 100 * MB, "a  99 %  10.0 GB of 10.0 GB  100 MB/s  0:01 left");
	expect_line("a", 10000 * MB, 10000 * MB, 100 * MB, "a  100 %  10.0 GB of 10.0 GB  100 MB/s  0:00 left");
}

static void
knows_quantities_of_any_size(void **state)
{
	(void)state;
	expect_line("a", 999499, 999500, 99949, "a  99 %  999 kB of 1.0 MB  99.9 kB/s  0:01 left");
	expect_line("a", 99950, UINT64_MAX, UINT64_MAX, "a  0 %  100 kB of 18.4 EB  18.4 EB/s  0:01 left");
	expect_line("a", 1, UINT64_MAX, 1, "a  0 %  1 bytes of 18.4 EB  1 bytes/s  5124095576030431:00:14 left");
}

/* A file that is being written, and one that has stopped to come. */
static void
stands_files_that_grow_and_that_stop(void **state)
{
	(void)state;
	expect_line("a", 20 * MB, 10 * MB, 1 * MB, "a  100 %  20.0 MB of 20.0 MB  1.0 MB/s  0:00 left");
	expect_line("a", 5 * MB, 10 * MB, 0, "a  50 %  5.0 MB of 10.0 MB  0 bytes/s");
}

static void
shows_the_end_of_a_long_name(void **state)
{
	(void)state;
	expect_line("gateway-2016-04-01-20.14", 1, 2, 0, "gateway-2016-04-01-20.14  50 %  1 bytes of 2 bytes  0 bytes/s");
	expect_line("x-gateway-2016-04-01-20.14", 1, 2, 0,
		    "...gateway-2016-04-01-20.14  50 %  1 bytes of 2 bytes  0 bytes/s");
	expect_line("aäöüäöüäöüäöüäöüäöüäöüäöü", 1, 2, 0, "...äöüäöüäöüäöüäöüäöüäöüäöü  50 %  1 bytes of 2 bytes  0 bytes/s");
	expect_line("", 1, 2, 0, "  50 %  1 bytes of 2 bytes  0 bytes/s");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_how_far_how_fast_and_how_long),
		cmocka_unit_test(never_rounds_up_to_the_end),
		cmocka_unit_test(knows_quantities_of_any_size),
		cmocka_unit_test(stands_files_that_grow_and_that_stop),
		cmocka_unit_test(shows_the_end_of_a_long_name),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
