/* Text from the wire or a file, made fit to be shown. */
#ifndef SRC_TEXT_H
#define SRC_TEXT_H

#include "dissectors/slice.h"

/* text_escape and text_escape_string make printable UTF-8 of any bytes; the caller frees it.
 * Control characters and bytes that are no UTF-8 become \xHH, what would turn the reading direction
 * or break the line \uXXXX, and a backslash \\. What is longer than LIMIT_TEXT is cut between two
 * characters and ends in "...". NULL only when out of memory. */
char *text_escape(struct slice bytes);
char *text_escape_string(const char *string);

/* text_escape_name does the same for text that has its own backslashes, as RFC 2253 names do: they
 * stay single. */
char *text_escape_name(struct slice bytes);

/* text_character reads one character of UTF-8 (RFC 3629: nothing overlong, no surrogates, nothing
 * above U+10FFFF) off the front of bytes; false, and nothing moved, where there is none. */
bool text_character(struct slice *bytes, uint32_t *out);

/* text_is_harmful says whether a character has no place on a terminal: it steers it, turns the
 * reading direction or ends the line. All of them are below U+10000. */
bool text_is_harmful(uint32_t character);

#endif
