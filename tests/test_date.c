/* Dates as people type them, held against the C library's own calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "src/date.h"

static void
check(const char *text, int64_t expected)
{
	int64_t seconds = -1;

	if (!date_parse(text, &seconds))
		fail_msg("\"%s\" was not read", text);
	assert_int_equal(seconds, expected);
}

static void
refuse(const char *text)
{
	int64_t seconds = 4711;

	if (date_parse(text, &seconds))
		fail_msg("\"%s\" was read as %lld", text, (long long)seconds);
	assert_int_equal(seconds, 4711);
}

static void
dates(void **state)
{
	(void)state;
	check("1970-01-01", 0);
	check("2016-04-01", 1459468800);
	check("2016-02-29", 1456704000);
	check("2000-02-29", 951782400);
	check("1969-12-31", -86400);
	check("0001-01-01", INT64_C(-62135596800));
	check("9999-12-31", INT64_C(253402214400));
}

static void
times(void **state)
{
	(void)state;
	check("2016-04-01T20:14:22Z", 1459541662);
	check("2016-04-01T20:14:22", 1459541662);
	check("2016-04-01 20:14:22", 1459541662);
	check("2016-04-01Z", 1459468800);
	check("1969-12-31T23:59:59Z", -1);
	check("2016-12-31T23:59:60Z", 1483228800); /* a leap second is the next day's first */
}

static void
seconds(void **state)
{
	(void)state;
	check("0", 0);
	check("1459541662", 1459541662);
	check("-1", -1);
	check("253402300799", INT64_C(253402300799));
	check("-62135596800", INT64_C(-62135596800));
}

/* Every day of 800 years, and the month's last one. */
static void
every_day(void **state)
{
	(void)state;
	for (int64_t day = -150000; day < 150000; day++) {
		time_t at = (time_t)(day * 86400);
		struct tm tm;
		char text[32];

		assert_non_null(gmtime_r(&at, &tm));
		assert_true(strftime(text, sizeof(text), "%Y-%m-%d", &tm) > 0);
		check(text, day * 86400);
	}
}

static void
days_that_never_were(void **state)
{
	(void)state;
	refuse("2015-02-29");
	refuse("1900-02-29");
	refuse("2016-02-30");
	refuse("2016-04-31");
	refuse("2016-01-32");
	refuse("2016-00-10");
	refuse("2016-13-10");
	refuse("2016-10-00");
	refuse("0000-01-01");
	refuse("2016-04-01T24:00:00Z");
	refuse("2016-04-01T20:60:00Z");
	refuse("2016-04-01T20:00:61Z");
	refuse("2016-04-01T-1:00:00Z");
}

static void
nonsense(void **state)
{
	(void)state;
	refuse("");
	refuse("Z");
	refuse("now");
	refuse("2016-04");
	refuse("2016-04-01T");
	refuse("2016-04-01T20:14");
	refuse("2016-04-01T20:14:22+02:00");
	refuse("2016-04-01ZZ");
	refuse("2016-04-01T20:14:22Z.");
	refuse("01.04.2016");
	refuse("12x");
	refuse("1459541662.5");
}

/* Numbers that no calendar has a year for: nothing may be added to them, or taken from them. */
static void
numbers_out_of_all_time(void **state)
{
	(void)state;
	refuse("253402300800");
	refuse("-62135596801");
	refuse("9223372036854775807");
	refuse("-9223372036854775808");
	refuse("99999999999999999999999");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(times),
		cmocka_unit_test(seconds),
		cmocka_unit_test(every_day),
		cmocka_unit_test(days_that_never_were),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(numbers_out_of_all_time),
	};

	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
