/* Words are wrapped, and nothing reaches a terminal that it would obey. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/output/wrap.h"

static void
check(void (*write)(struct wrap *wrap), bool styled, const char *expected)
{
	struct wrap wrap;
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	assert_non_null(to);
	wrap_begin(&wrap, to, styled);
	write(&wrap);
	assert_int_equal(fclose(to), 0);
	assert_string_equal(text, expected);
	free(text);
}

#define TEN "123456789 "
#define NINETY TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void
write_full(struct wrap *wrap)
{
	wrap_line(wrap);
	wrap_text(wrap, NINETY "1234567890");
	wrap_end(wrap);
	wrap_line(wrap);
	wrap_text(wrap, NINETY "12345678901 next");
	wrap_end(wrap);
}

static void
lines_break_behind_column_100(void **state)
{
	(void)state;
	check(write_full, false,
	      NINETY "1234567890\n" TEN TEN TEN TEN TEN TEN TEN TEN
		     "123456789\n  12345678901 next\n");
}

static void
write_hanging(struct wrap *wrap)
{
	wrap_line(wrap);
	wrap_whole(wrap, "  !!    7  step  ");
	wrap_hang(wrap);
	wrap_text(wrap, " " TEN TEN TEN TEN TEN TEN TEN TEN "1234 next");
	wrap_end(wrap);
}

static void
lines_hang_where_it_was_said(void **state)
{
	(void)state;
	check(write_hanging, false,
	      "  !!    7  step  " TEN TEN TEN TEN TEN TEN TEN "123456789\n                 1234 next\n");
}

static void
write_apart(struct wrap *wrap)
{
	wrap_apart(wrap);
	for (unsigned i = 0; i < 2; i++) {
		wrap_line(wrap);
		wrap_text(wrap, "a");
		wrap_end(wrap);
		wrap_apart(wrap);
		wrap_apart(wrap);
	}
}

static void
lines_stand_apart_once(void **state)
{
	(void)state;
	check(write_apart, false, "a\n\na\n\n");
}

static void
write_labels(struct wrap *wrap)
{
	wrap_label(wrap, "cause", WRAP_PLAIN);
	wrap_text(wrap, NINETY);
	wrap_end(wrap);
	wrap_label(wrap, "remedy", WRAP_PLAIN);
	wrap_end(wrap);
	wrap_label(wrap, "", WRAP_PLAIN);
	wrap_text(wrap, " a \n b ");
	wrap_end(wrap);
	wrap_gap(wrap);
	wrap_line(wrap);
	wrap_text(wrap, " c");
	wrap_end(wrap);
}

static void
labels_have_a_column(void **state)
{
	(void)state;
	check(write_labels, false,
	      "  cause    " TEN TEN TEN TEN TEN TEN TEN TEN "123456789\n"
	      "  remedy\n"
	      "           a b\n"
	      "\n"
	      "c\n");
}

static void
write_pieces(struct wrap *wrap)
{
	wrap_line(wrap);
	wrap_text(wrap, NINETY);
	wrap_text(wrap, "frames ");
	wrap_format(wrap, "%d", 12345);
	wrap_text(wrap, "-67890, ");
	wrap_whole(wrap, "a command with blanks");
	wrap_text(wrap, ".");
	wrap_end(wrap);
}

static void
words_may_come_in_pieces(void **state)
{
	(void)state;
	check(write_pieces, false, NINETY "frames\n  12345-67890, a command with blanks.\n");
}

static char long_word[3000];

static void
write_long_word(struct wrap *wrap)
{
	wrap_line(wrap);
	wrap_text(wrap, "a ");
	wrap_text(wrap, long_word);
	wrap_text(wrap, " z");
	wrap_end(wrap);
	wrap_label(wrap, "", WRAP_PLAIN);
	wrap_whole(wrap, long_word);
	wrap_end(wrap);
}

static void
words_are_never_broken(void **state)
{
	char expected[2 * sizeof long_word + 100];

	(void)state;
	memset(long_word, 'x', sizeof long_word - 1);
	snprintf(expected, sizeof expected, "a\n  %s\n  z\n           %s\n", long_word, long_word);
	check(write_long_word, false, expected);
}

static void
write_harm(struct wrap *wrap)
{
	wrap_line(wrap);
	wrap_text(wrap, "\x1b[2J\r\t\x7f");
	wrap_text(wrap, " \xc2\x9b \xe2\x80\xae \xff\xc3 \xc3\xbc");
	wrap_whole(wrap, " x\ny");
	wrap_end(wrap);
}

static void
nothing_harmful_comes_out(void **state)
{
	(void)state;
	check(write_harm, true,
	      "\\x1b[2J\\x0d\\x09\\x7f \\xc2\\x9b \\xe2\\x80\\xae \\xff\\xc3 \xc3\xbc x\\x0ay\n");
}

static void
write_wide(struct wrap *wrap)
{
	wrap_line(wrap);
	for (unsigned i = 0; i < 50; i++)
		wrap_text(wrap, "\xc3\xbc ");
	wrap_text(wrap, "z");
	wrap_end(wrap);
}

/* 50 letters and their blanks are 100 columns, though 150 bytes. */
static void
characters_are_counted_not_bytes(void **state)
{
	char expected[300] = "";

	(void)state;
	for (unsigned i = 0; i < 50; i++)
		strcat(expected, i == 0 ? "\xc3\xbc" : " \xc3\xbc");
	strcat(expected, "\n  z\n");
	check(write_wide, false, expected);
}

static void
write_styles(struct wrap *wrap)
{
	wrap_label(wrap, "ERROR", WRAP_RED);
	wrap_style(wrap, WRAP_BOLD);
	wrap_text(wrap, "title");
	wrap_style(wrap, WRAP_PLAIN);
	wrap_text(wrap, " text");
	wrap_end(wrap);
}

static void
styles_are_optional(void **state)
{
	(void)state;
	check(write_styles, false, "  ERROR    title text\n");
	check(write_styles, true, "  \033[1;31mERROR\033[0m\033[1m    title\033[0m text\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_break_behind_column_100),
		cmocka_unit_test(lines_hang_where_it_was_said),
		cmocka_unit_test(lines_stand_apart_once),
		cmocka_unit_test(labels_have_a_column),
		cmocka_unit_test(words_may_come_in_pieces),
		cmocka_unit_test(words_are_never_broken),
		cmocka_unit_test(nothing_harmful_comes_out),
		cmocka_unit_test(characters_are_counted_not_bytes),
		cmocka_unit_test(styles_are_optional),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
