/* When packets were dropped, and what they may have belonged to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/drops.h"

#define SECOND INT64_C(1000000)
#define SHORTLY (SECOND * LIMIT_HANDSHAKE_SECONDS)

static void
without_drops_nothing_is_touched(void **state)
{
	const struct drops none = {0};

	(void)state;
	assert_false(drops_touch(&none, 0, SECOND));
}

static void
drops_of_no_time_touch_everything(void **state)
{
	const struct drops kernel = {.kernel = 1}, interface = {.interface = 1};

	(void)state;
	assert_true(drops_touch(&kernel, 0, 0));
	assert_true(drops_touch(&interface, 500 * SHORTLY, 501 * SHORTLY));
}

static void
they_touch_what_is_near(void **state)
{
	const int64_t from = 10 * SHORTLY, to = from + SECOND;
	struct drops drops = {0};

	(void)state;
	drops_add(&drops, 3, 4, from, to);
	assert_int_equal(drops.kernel, 3);
	assert_int_equal(drops.interface, 4);
	assert_true(drops_touch(&drops, from, to));
	assert_true(drops_touch(&drops, 0, 100 * SHORTLY));
	assert_true(drops_touch(&drops, from - SHORTLY - 5, from - SHORTLY));
	assert_false(drops_touch(&drops, from - SHORTLY - 5, from - SHORTLY - 1));
	assert_true(drops_touch(&drops, to + SHORTLY, to + SHORTLY + 5));
	assert_false(drops_touch(&drops, to + SHORTLY + 1, to + SHORTLY + 5));
}

static void
what_lies_between_two_is_not_touched(void **state)
{
	struct drops drops = {0};

	(void)state;
	drops_add(&drops, 1, 0, 0, SECOND);
	drops_add(&drops, 1, 0, SECOND, 2 * SECOND);
	assert_int_equal(drops.n, 1);
	drops_add(&drops, 1, 0, 10 * SHORTLY, 10 * SHORTLY + SECOND);
	assert_int_equal(drops.n, 2);
	assert_int_equal(drops.kernel, 3);
	assert_true(drops_touch(&drops, 2 * SECOND, 3 * SECOND));
	assert_false(drops_touch(&drops, 5 * SHORTLY, 6 * SHORTLY));
	assert_true(drops_touch(&drops, 9 * SHORTLY, 9 * SHORTLY + SECOND));
}

/* Each of several workers tells of all its times. */
static void
who_tells_of_the_same_times_again_adds_none(void **state)
{
	struct drops drops = {0};

	(void)state;
	for (int64_t teller = 0; teller < 3; teller++)
		for (int64_t i = 0; i < 3; i++)
			drops_add(&drops, 0, 0, 10 * i * SHORTLY + teller, 10 * i * SHORTLY + SECOND + teller);
	assert_int_equal(drops.n, 3);
	assert_false(drops_touch(&drops, 5 * SHORTLY, 6 * SHORTLY));
	assert_true(drops_touch(&drops, 10 * SHORTLY, 10 * SHORTLY));
}

static void
with_many_the_last_one_grows(void **state)
{
	struct drops drops = {0};

	(void)state;
	for (int64_t i = 0; i < LIMIT_DROP_SPANS + 2; i++)
		drops_add(&drops, 1, 0, 10 * i * SHORTLY, 10 * i * SHORTLY + SECOND);
	assert_int_equal(drops.n, LIMIT_DROP_SPANS);
	assert_false(drops_touch(&drops, 5 * SHORTLY, 6 * SHORTLY));
	assert_true(drops_touch(&drops, (10 * LIMIT_DROP_SPANS + 5) * SHORTLY, (10 * LIMIT_DROP_SPANS + 6) * SHORTLY));
}

static void
a_clock_set_back_narrows_nothing(void **state)
{
	struct drops drops = {0};

	(void)state;
	drops_add(&drops, 1, 0, 10 * SHORTLY, 11 * SHORTLY);
	drops_add(&drops, 1, 0, 9 * SHORTLY, 9 * SHORTLY + SECOND);
	assert_true(drops_touch(&drops, 11 * SHORTLY, 11 * SHORTLY));
	assert_true(drops_touch(&drops, 8 * SHORTLY, 8 * SHORTLY));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_drops_nothing_is_touched),
		cmocka_unit_test(drops_of_no_time_touch_everything),
		cmocka_unit_test(they_touch_what_is_near),
		cmocka_unit_test(what_lies_between_two_is_not_touched),
		cmocka_unit_test(who_tells_of_the_same_times_again_adds_none),
		cmocka_unit_test(with_many_the_last_one_grows),
		cmocka_unit_test(a_clock_set_back_narrows_nothing),
	};

	return cmocka_run_group_tests_name("drops", tests, NULL, NULL);
}
