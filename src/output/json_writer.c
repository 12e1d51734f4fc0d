/* JSON, one object a line (RFC 8259), out of a buffer of its own: the FILE sees whole lines where
 * they fit. */
#include "json_writer.h"

#include <string.h>

#include "format.h"
#include "text.h"

enum { UTF8_MOST = 4 }; /* bytes of a character */

static const char digits[] = "0123456789abcdef";

static void
flush(struct json *json)
{
	fwrite(json->buffer, 1, json->n, json->to);
	json->n = 0;
}

static void
put(struct json *json, char c)
{
	if (json->n == sizeof json->buffer)
		flush(json);
	json->buffer[json->n++] = c;
}

static void
put_bytes(struct json *json, const char *bytes, size_t n)
{
	if (n > sizeof json->buffer - json->n)
		flush(json);
	if (n > sizeof json->buffer) {
		fwrite(bytes, 1, n, json->to);
		return;
	}
	memcpy(json->buffer + json->n, bytes, n);
	json->n += n;
}

static void
put_text(struct json *json, const char *text)
{
	put_bytes(json, text, strlen(text));
}

static void
put_hex(struct json *json, uint32_t number, unsigned n)
{
	while (n-- > 0)
		put(json, digits[number >> 4 * n & 15]);
}

/* Begins any value: the comma before it, and its key. */
static void
value(struct json *json, const char *key)
{
	if (json->comma)
		put(json, ',');
	json->comma = true;
	if (key == NULL)
		return;
	put(json, '"');
	put_text(json, key);
	put_bytes(json, "\":", 2);
}

static void
opening(struct json *json, const char *key, char bracket)
{
	value(json, key);
	put(json, bracket);
	json->comma = false;
}

static void
closing(struct json *json, char bracket)
{
	put(json, bracket);
	json->comma = true;
}

void
json_begin(struct json *json, FILE *to, const char *event)
{
	json->to = to;
	json->comma = false;
	json->n = 0;
	put(json, '{');
	json_uint(json, "schema", JSON_SCHEMA);
	json_string(json, "event", event);
}

void
json_end(struct json *json)
{
	put_bytes(json, "}\n", 2);
	flush(json);
}

void
json_object(struct json *json, const char *key)
{
	opening(json, key, '{');
}

void
json_object_end(struct json *json)
{
	closing(json, '}');
}

void
json_array(struct json *json, const char *key)
{
	opening(json, key, '[');
}

void
json_array_end(struct json *json)
{
	closing(json, ']');
}

void
json_string_begin(struct json *json, const char *key)
{
	value(json, key);
	put(json, '"');
}

void
json_string_end(struct json *json)
{
	put(json, '"');
}

static bool
is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Writes the character at the front of text, which needs care, and gives its length. What terminals
 * obey is escaped though JSON does not ask for all of it. */
static size_t
put_special(struct json *json, const char *text)
{
	struct slice rest = slice_of(text, strnlen(text, UTF8_MOST));
	size_t before = rest.n;
	uint32_t character;

	if (!text_character(&rest, &character)) {
		put_text(json, "\xef\xbf\xbd");
		return 1;
	}
	if (text_is_harmful(character)) {
		put_bytes(json, "\\u", 2);
		put_hex(json, character, 4);
	} else {
		if (character == '"' || character == '\\')
			put(json, '\\');
		put_bytes(json, text, before - rest.n);
	}
	return before - rest.n;
}

void
json_part(struct json *json, const char *text)
{
	while (*text != '\0') {
		size_t plain = 0;

		while (is_plain(text[plain]))
			plain++;
		put_bytes(json, text, plain);
		text += plain;
		if (*text != '\0')
			text += put_special(json, text);
	}
}

void
json_string(struct json *json, const char *key, const char *text)
{
	if (text == NULL)
		return;
	json_string_begin(json, key);
	json_part(json, text);
	json_string_end(json);
}

void
json_strings(struct json *json, const char *key, char *const *texts, size_t n)
{
	json_array(json, key);
	for (size_t i = 0; i < n; i++)
		json_string(json, NULL, texts[i]);
	json_array_end(json);
}

void
json_uint(struct json *json, const char *key, uint64_t number)
{
	char text[FORMAT_NUMBER_SIZE];
	size_t n = format_number(number, text);

	value(json, key);
	put_bytes(json, text, n);
}

void
json_duration(struct json *json, const char *key, int64_t us)
{
	char text[FORMAT_NUMBER_SIZE];
	uint64_t magnitude = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
	size_t n = format_number(magnitude / 1000000, text);

	value(json, key);
	if (us < 0)
		put(json, '-');
	put_bytes(json, text, n);
	put(json, '.');
	/* a leading 1 keeps the zeros behind the point */
	n = format_number(1000000 + magnitude % 1000000, text);
	put_bytes(json, text + 1, n - 1);
}

void
json_bool(struct json *json, const char *key, bool truth)
{
	value(json, key);
	put_text(json, truth ? "true" : "false");
}

void
json_hex(struct json *json, const char *key, const uint8_t *bytes, size_t n)
{
	json_string_begin(json, key);
	for (size_t i = 0; i < n; i++)
		put_hex(json, bytes[i], 2);
	json_string_end(json);
}

void
json_code(struct json *json, const char *key, uint32_t number, unsigned width)
{
	json_string_begin(json, key);
	put_bytes(json, "0x", 2);
	put_hex(json, number, 2 * width);
	json_string_end(json);
}

void
json_time(struct json *json, const char *key, int64_t us)
{
	char text[FORMAT_TIME_SIZE];

	if (format_time(us, text))
		json_string(json, key, text);
}

void
json_seconds(struct json *json, const char *key, int64_t seconds)
{
	char text[FORMAT_TIME_SIZE];

	if (format_seconds(seconds, text))
		json_string(json, key, text);
}
