/* Passwords in configurations. */
#include "export_blank.h"

#include "dissectors/ascii.h"

static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
ends_name(uint8_t c)
{
	return is_space(c) || c == '>' || c == '/' || c == '<' || c == '=';
}

/* An element's name, its prefix too, off the front. */
static struct slice
take_name(struct slice *rest)
{
	struct slice name;
	size_t n = 0;
	uint8_t c;

	while (slice_peek(*rest, n, &c) && !ends_name(c))
		n++;
	slice_take(rest, n, &name);
	return name;
}

static bool
contains(struct slice name, const char *word)
{
	size_t n = strlen(word);

	for (; name.n >= n; slice_skip(&name, 1))
		if (ascii_is(slice_first(name, n), word))
			return true;
	return false;
}

static bool
ends_in(struct slice name, const char *word)
{
	return name.n >= strlen(word) && slice_skip(&name, name.n - strlen(word)) &&
	       slice_starts(name, word, strlen(word));
}

static bool
is_secret(struct slice name)
{
	static const char *const words[] = {"password", "passwd", "passphrase", "pwd",
					    "secret",   "psk",    "wepkey",     "sharedkey"};
	struct slice prefix;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (contains(name, words[i]))
			return true;
	while (slice_until(&name, ':', &prefix))
		continue;
	return ascii_is(name, "pin") || ends_in(name, "Pin") || ends_in(name, "PIN");
}

/* Steps behind the '>' of a start tag; false where it has no content. A '<' has no place in it, quoted or not: where one
 * stands there, or a quote is never closed, nothing is known of its quotes. */
static bool
end_tag(struct slice *rest)
{
	struct slice at = *rest, tag = *rest;
	uint8_t c = 0, before = 0, quote = 0;

	while (slice_u8(&at, &c) && c != '<' && (quote != 0 || c != '>')) {
		if (quote == 0 && (c == '"' || c == '\''))
			quote = c;
		else if (c == quote)
			quote = 0;
		before = c;
	}
	if (quote != 0 || c != '>')
		return slice_until(rest, '>', &tag);
	*rest = at;
	return before != '/';
}

/* How many bytes stand before the end tag. */
static size_t
content_length(struct slice rest, struct slice name)
{
	size_t n = rest.n;
	struct slice before, found;

	while (slice_until(&rest, '<', &before)) {
		size_t at = n - rest.n - 1;

		if (!slice_starts(rest, "/", 1))
			continue;
		slice_skip(&rest, 1);
		found = take_name(&rest);
		if (found.n == name.n && memcmp(found.p, name.p, name.n) == 0)
			return at;
	}
	return n;
}

/* What stands around it, line breaks for people, is left. */
static bool
blank(uint8_t *bytes, size_t n)
{
	while (n > 0 && is_space(bytes[n - 1]))
		n--;
	while (n > 0 && is_space(*bytes)) {
		bytes++;
		n--;
	}
	memset(bytes, '*', n);
	return n > 0;
}

size_t
export_blank(uint8_t *bytes, size_t n)
{
	struct slice rest = slice_of(bytes, n), before;
	size_t blanked = 0;

	while (slice_until(&rest, '<', &before)) {
		struct slice name = take_name(&rest);
		size_t length;

		if (!is_secret(name) || !end_tag(&rest))
			continue;
		length = content_length(rest, name);
		if (blank(bytes + (n - rest.n), length))
			blanked++;
		slice_skip(&rest, length);
	}
	return blanked;
}
