/* Text for people: labels in a column, words wrapped beside them, styles where they are wanted, and
 * nothing that a terminal would obey. Every character counts as one column. */
#ifndef SRC_OUTPUT_WRAP_H
#define SRC_OUTPUT_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { WRAP_COLUMNS = 100 };

enum wrap_style {
	WRAP_PLAIN,
	WRAP_BOLD,
	WRAP_RED,
	WRAP_YELLOW,
	WRAP_CYAN
}; /* the colours are bold too */

struct wrap {
	FILE *to;
	bool styled;
	unsigned start;	 /* where the line's first word goes */
	unsigned indent; /* where a broken line goes on */
	unsigned column; /* where the line stands */
	bool blank;	 /* one is due before the next word */
	bool apart;	 /* nothing stands in the line above */
	size_t n;	 /* of word */
	unsigned width;	 /* its columns */
	char word[256];
};

/* wrap_begin sets one up; styled allows escape sequences. */
void wrap_begin(struct wrap *wrap, FILE *to, bool styled);

/* wrap_line begins a line at the left edge that goes on behind two blanks. */
void wrap_line(struct wrap *wrap);

/* wrap_label begins a line with a label of up to eight characters in a style; "" leaves its place
 * empty. */
void wrap_label(struct wrap *wrap, const char *label, enum wrap_style style);

/* wrap_text adds text, broken at its blanks where the line is full; a word goes on over several
 * calls. Whatever a terminal would obey, and what is no UTF-8, is written as \xHH. */
void wrap_text(struct wrap *wrap, const char *text);

/* wrap_format does so with what printf makes of it: numbers and names of ours, under 256 bytes. */
__attribute__((format(printf, 2, 3))) void wrap_format(struct wrap *wrap, const char *format, ...);

/* wrap_whole adds text that is never broken, blanks and all: a command. */
void wrap_whole(struct wrap *wrap, const char *text);

/* wrap_hang has the lines that this one is broken into go on where it stands. */
void wrap_hang(struct wrap *wrap);

/* wrap_style changes the style from the next word on. */
void wrap_style(struct wrap *wrap, enum wrap_style style);

/* wrap_end ends the line; wrap_gap writes an empty one, wrap_apart only where none stands above. */
void wrap_end(struct wrap *wrap);
void wrap_gap(struct wrap *wrap);
void wrap_apart(struct wrap *wrap);

#endif
