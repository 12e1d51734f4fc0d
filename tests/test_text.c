/* Text made fit to be shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "src/limit.h"
#include "src/text.h"
#include "tests/allocations.h"

static void
check(const char *bytes, size_t n, const char *expected)
{
	char *text = text_escape(slice_of(bytes, n));

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void
plain_text_stays(void **state)
{
	(void)state;
	check("", 0, "");
	check(NULL, 0, "");
	check("asa.example.test", 16, "asa.example.test");
	check("z\xc3\xbcrich \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x93\x9e", 19,
	      "z\xc3\xbcrich \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x93\x9e");
	check("\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", 10,
	      "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf");
	check("\xc2\xa0", 2, "\xc2\xa0");
}

static void
control_characters_are_spelt(void **state)
{
	(void)state;
	check("\x1b[2J", 4, "\\x1b[2J");
	check("a\0b", 3, "a\\x00b");
	check("\t\r\n\x7f", 4, "\\x09\\x0d\\x0a\\x7f");
	check("\xc2\x80\xc2\x9b\xc2\x9f", 6, "\\u0080\\u009b\\u009f");
	check("a\\b", 3, "a\\\\b");
}

static void
what_forges_the_reading_is_spelt(void **state)
{
	(void)state;
	check("\xe2\x80\xaa\xe2\x80\xae", 6, "\\u202a\\u202e");
	check("\xe2\x81\xa6\xe2\x81\xa9", 6, "\\u2066\\u2069");
	check("\xe2\x80\xa8\xe2\x80\xa9", 6, "\\u2028\\u2029");
	check("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", 8, "\\u200e\\u200f\\u061c");
	check("\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa", 12,
	      "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa");
}

static void
bytes_that_are_no_utf8_are_spelt(void **state)
{
	(void)state;
	check("caf\xe9", 4, "caf\\xe9");
	check("\x80\xbf\xc0\xaf", 4, "\\x80\\xbf\\xc0\\xaf");
	check("\xc1\xbf\xe0\x9f\xbf\xf0\x8f\xbf\xbf", 9,
	      "\\xc1\\xbf\\xe0\\x9f\\xbf\\xf0\\x8f\\xbf\\xbf");
	check("\xed\xa0\x80\xed\xbf\xbf", 6, "\\xed\\xa0\\x80\\xed\\xbf\\xbf");
	check("\xf4\x90\x80\x80\xf8\x88\xff", 7, "\\xf4\\x90\\x80\\x80\\xf8\\x88\\xff");
	check("\xf8\x90\x80\x80", 4, "\\xf8\\x90\\x80\\x80");
	check("\xe6\x9d", 2, "\\xe6\\x9d");
	check("\xe6\x9dx", 3, "\\xe6\\x9dx");
	check("\xf0\x9f\x93", 3, "\\xf0\\x9f\\x93");
}

static void
names_keep_their_own_backslashes(void **state)
{
	char *text = text_escape_name(slice_of("O=Cisco Systems\\, Inc.\x1b", 23));

	(void)state;
	assert_string_equal(text, "O=Cisco Systems\\, Inc.\\x1b");
	free(text);
}

/* check_cut escapes n times unit behind pad letters, and expects this many letters and whole units
 * to be left. */
static void
check_cut(size_t pad, const char *unit, const char *escaped, size_t n, size_t expected, bool cut)
{
	static char bytes[8 * LIMIT_TEXT], wanted[8 * LIMIT_TEXT];

	memset(bytes, 'a', pad);
	memset(wanted, 'a', pad);
	bytes[pad] = wanted[pad] = '\0';
	for (size_t i = 0; i < n; i++)
		strcat(bytes, unit);
	for (size_t i = 0; i < expected; i++)
		strcat(wanted, escaped);
	if (cut)
		strcat(wanted, "...");
	assert_true(strlen(wanted) <= LIMIT_TEXT);
	check(bytes, strlen(bytes), wanted);
}

static void
long_text_is_cut_between_characters(void **state)
{
	(void)state;
	check_cut(0, "a", "a", LIMIT_TEXT, LIMIT_TEXT, false);
	check_cut(0, "a", "a", LIMIT_TEXT + 1, LIMIT_TEXT - 3, true);
	check_cut(0, "\x1b", "\\x1b", LIMIT_TEXT / 4, LIMIT_TEXT / 4, false);
	check_cut(1, "\x1b", "\\x1b", LIMIT_TEXT / 4, (LIMIT_TEXT - 4) / 4, true);
	check_cut(2, "\xe6\x9d\xb1", "\xe6\x9d\xb1", 2000, (LIMIT_TEXT - 5) / 3, true);
	check_cut(3, "\xf0\x9f\x93\x9e", "\xf0\x9f\x93\x9e", 900, (LIMIT_TEXT - 6) / 4, true);
	check_cut(5, "\xe2\x80\xae", "\\u202e", 2000, (LIMIT_TEXT - 8) / 6, true);
	check_cut(0, "\\", "\\\\", LIMIT_TEXT, (LIMIT_TEXT - 3) / 2, true);
}

/* Whatever goes in, what comes out is short, has no control character, and does not change any
 * more. */
static void
anything_becomes_printable(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		uint8_t bytes[1500];
		size_t n = (size_t)round % sizeof(bytes);
		for (size_t i = 0; i < n; i++) {
			random = random * 1103515245 + 12345;
			bytes[i] = (uint8_t)(random >> 16) | (round % 2 ? 0 : 0x80);
		}
		char *text = text_escape(slice_of(bytes, n));
		char *again = text_escape_name(slice_of(text, strlen(text)));
		assert_true(strlen(text) <= LIMIT_TEXT);
		assert_string_equal(text, again);
		for (const char *p = text; *p != '\0'; p++)
			assert_true(((uint8_t)*p & 0x7f) >= 0x20 || (uint8_t)*p >= 0x80);
		free(text);
		free(again);
	}
}

static void
no_memory_is_said(void **state)
{
	(void)state;
	allocations_fail(1);
	assert_null(text_escape(slice_of("a", 1)));
	assert_true(allocations_failed());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(control_characters_are_spelt),
		cmocka_unit_test(what_forges_the_reading_is_spelt),
		cmocka_unit_test(bytes_that_are_no_utf8_are_spelt),
		cmocka_unit_test(names_keep_their_own_backslashes),
		cmocka_unit_test(long_text_is_cut_between_characters),
		cmocka_unit_test(anything_becomes_printable),
		cmocka_unit_test(no_memory_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
