/* Text from the wire or a file, made fit to be shown. */
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

#include "limit.h"

#define CUT "..."

/* What is written of a text so far. */
struct text {
	char chars[LIMIT_TEXT];
	size_t n;
	size_t boundary; /* the last end of a character that leaves room for CUT */
};

/* put appends one character, which is never torn; false when it has no room. */
static bool
put(struct text *text, const char *chars, size_t n)
{
	if (n > sizeof(text->chars) - text->n)
		return false;
	memcpy(text->chars + text->n, chars, n);
	text->n += n;
	if (text->n <= sizeof(text->chars) - strlen(CUT))
		text->boundary = text->n;
	return true;
}

bool
text_character(struct slice *bytes, uint32_t *out)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	struct slice rest = *bytes;
	uint8_t byte;
	size_t more;
	uint32_t c;

	if (!slice_u8(&rest, &byte))
		return false;
	more = byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	if ((byte >= 0x80 && byte < 0xc0) || byte >= 0xf8)
		return false;
	c = more == 0 ? byte : byte & (0x3fu >> more);
	for (size_t i = 0; i < more; i++) {
		if (!slice_u8(&rest, &byte) || (byte & 0xc0) != 0x80)
			return false;
		c = c << 6 | (byte & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return false;
	*bytes = rest;
	*out = c;
	return true;
}

/* C0, DEL and C1 steer terminals; Unicode's Bidi_Control characters and its line ends forge what is
 * read. */
bool
text_is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* put_next moves the front of bytes, a character or what is none, into text. */
static bool
put_next(struct text *text, struct slice *bytes, bool escape_backslash)
{
	struct slice before = *bytes;
	char escaped[sizeof "\\u0000"];
	uint32_t c;
	uint8_t byte = 0;
	int n;

	if (!text_character(bytes, &c)) {
		slice_u8(bytes, &byte);
		n = snprintf(escaped, sizeof(escaped), "\\x%02x", byte);
	} else if (text_is_harmful(c)) {
		n = snprintf(escaped, sizeof(escaped), c < 0x80 ? "\\x%02x" : "\\u%04x",
			     c & 0xffff);
	} else if (c == '\\' && escape_backslash) {
		return put(text, "\\\\", 2);
	} else {
		return put(text, (const char *)before.p, before.n - bytes->n);
	}
	return put(text, escaped, (size_t)n);
}

static char *
escape(struct slice bytes, bool escape_backslash)
{
	struct text text = {.n = 0};
	const char *end = "";
	char *out;

	while (bytes.n > 0)
		if (!put_next(&text, &bytes, escape_backslash)) {
			text.n = text.boundary;
			end = CUT;
			break;
		}
	out = malloc(text.n + strlen(end) + 1);
	if (out == NULL)
		return NULL;
	memcpy(out, text.chars, text.n);
	strcpy(out + text.n, end);
	return out;
}

char *
text_escape(struct slice bytes)
{
	return escape(bytes, true);
}

char *
text_escape_string(const char *string)
{
	return escape(slice_of(string, strlen(string)), true);
}

char *
text_escape_name(struct slice bytes)
{
	return escape(bytes, false);
}
