/* When to look for news again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

#include "src/limit.h"
#include "src/watch/pace.h"

#define NOW INT64_C(1459541662000000)
#define HOUR INT64_C(3600000000)

static void
nothing_new_is_no_reason(void **state)
{
	struct pace pace;

	(void)state;
	pace_begin(&pace, true);
	assert_false(pace_due(&pace, NOW));
	pace_news(&pace);
	assert_true(pace_due(&pace, NOW));
	pace_look(&pace);
	pace_looked(&pace, NOW, INT64_MAX, 1);
	assert_false(pace_due(&pace, NOW + HOUR));
}

static void
news_waits_for_its_turn(void **state)
{
	struct pace pace;

	(void)state;
	pace_begin(&pace, true);
	pace_look(&pace);
	pace_looked(&pace, NOW, INT64_MAX, 1);
	pace_news(&pace);
	assert_false(pace_due(&pace, NOW + LIMIT_LOOK_US - 1));
	assert_true(pace_due(&pace, NOW + LIMIT_LOOK_US));
}

static void
what_is_due_needs_no_news(void **state)
{
	struct pace pace;

	(void)state;
	pace_begin(&pace, true);
	pace_look(&pace);
	pace_looked(&pace, NOW, NOW + HOUR, 1);
	assert_false(pace_due(&pace, NOW + HOUR - 1));
	assert_true(pace_due(&pace, NOW + HOUR));
	pace_looked(&pace, NOW, NOW + 1, 1);
	assert_false(pace_due(&pace, NOW + 1));
	assert_true(pace_due(&pace, NOW + LIMIT_LOOK_US));
}

/* What took so long is not done again before ten times as long. */
static void
it_costs_a_tenth(void **state)
{
	const struct timespec while_it_looks = {0, 80000000};
	struct pace pace;

	(void)state;
	pace_begin(&pace, false);
	pace_look(&pace);
	nanosleep(&while_it_looks, NULL);
	pace_looked(&pace, NOW, INT64_MAX, 1);
	pace_news(&pace);
	assert_false(pace_due(&pace, NOW + 800000 - 1));
	assert_true(pace_due(&pace, NOW + HOUR));
}

static void
a_clock_that_is_set_back(void **state)
{
	struct pace pace;

	(void)state;
	pace_begin(&pace, true);
	pace_look(&pace);
	pace_looked(&pace, NOW, NOW + HOUR, 1);
	assert_false(pace_due(&pace, NOW - 500000));
	assert_true(pace_due(&pace, NOW - HOUR));
	pace_looked(&pace, NOW, INT64_MAX, 1);
	assert_false(pace_due(&pace, NOW - HOUR));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_new_is_no_reason), cmocka_unit_test(news_waits_for_its_turn),
		cmocka_unit_test(what_is_due_needs_no_news), cmocka_unit_test(it_costs_a_tenth),
		cmocka_unit_test(a_clock_that_is_set_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
