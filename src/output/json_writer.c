/* JSON, one object a line (RFC 8259), out of a buffer of its own: the FILE sees whole lines where
 * they fit. */
#include "json_writer.h"

#include "format.h"
#include "text.h"

enum {
	UTF8_MOST = 4,	  /* bytes of a character */
	ESCAPED_MOST = 6, /* and of one that is escaped */
};

void
json_flush(struct json *json)
{
	size_t n = (size_t)(json->at - json->buffer) - 1;

	fwrite(json->buffer, 1, n, json->to);
	json->given += n;
	json->buffer[0] = json->buffer[n];
	json->at = json->buffer + 1;
}

/* Where these are called there is room for them. */
static void
put_bytes(struct json *json, const char *bytes, size_t n)
{
	memcpy(json->at, bytes, n);
	json->at += n;
}

static void
put_text(struct json *json, const char *text)
{
	put_bytes(json, text, strlen(text));
}

void
json_begin(struct json *json, FILE *to, const char *event)
{
	static const char begin[] = "{\"schema\":" JSON_SCHEMA ",\"event\":";

	json->to = to;
	json->at = json->buffer;
	json->given = 0;
	put_bytes(json, begin, sizeof begin - 1);
	json_word_value(json, event);
}

void
json_end(struct json *json)
{
	json_object_end(json);
	json->at[-1] = '\n';
	fwrite(json->buffer, 1, (size_t)(json->at - json->buffer), json->to);
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
		format_code(character, 2, json->at);
		json->at += 4;
	} else {
		if (character == '"' || character == '\\')
			*json->at++ = '\\';
		put_bytes(json, text, before - rest.n);
	}
	return before - rest.n;
}

void
json_part(struct json *json, const char *text)
{
	while (*text != '\0') {
		char *at = json_room(json, JSON_ROOM);
		size_t n = 0;

		for (; n < JSON_ROOM - ESCAPED_MOST && is_plain(text[n]); n++)
			at[n] = text[n];
		json->at += n;
		text += n;
		if (n < JSON_ROOM - ESCAPED_MOST && *text != '\0')
			text += put_special(json, text);
	}
}

void
json_string_end(struct json *json)
{
	json_room(json, 2);
	json_plain_end(json, 0);
}

void
json_string_value(struct json *json, const char *text)
{
	*json->at++ = '"';
	json_part(json, text);
	json_string_end(json);
}

void
json_word_value(struct json *json, const char *word)
{
	size_t n = strlen(word);
	char *at = json_room(json, n + JSON_ROOM - JSON_PLAIN);

	*at = '"';
	memcpy(at + 1, word, n);
	json_plain_end(json, 1 + n);
}

void
json_uint_value(struct json *json, uint64_t value)
{
	json->at += format_number(value, json->at);
	*json->at++ = ',';
}

void
json_hex_value(struct json *json, const uint8_t *bytes, size_t n)
{
	*json->at++ = '"';
	for (size_t part; n > 0; bytes += part, n -= part) {
		part = n < JSON_PLAIN / 2 ? n : JSON_PLAIN / 2;
		format_hex(bytes, part, json_room(json, JSON_PLAIN));
		json->at += 2 * part;
	}
	json_string_end(json);
}

void
json_code_value(struct json *json, uint32_t value, unsigned width)
{
	memcpy(json->at, "\"0x", 3);
	format_code(value, width, json->at + 3);
	json_plain_end(json, 3 + 2 * (size_t)width);
}

void
json_bool_value(struct json *json, bool value)
{
	if (value)
		put_bytes(json, "true,", 5);
	else
		put_bytes(json, "false,", 6);
}

void
json_duration(struct json *json, const char *key, int64_t us)
{
	uint64_t magnitude = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;
	char *point;

	json_key(json, key);
	if (us < 0)
		*json->at++ = '-';
	point = json->at += format_number(magnitude / 1000000, json->at);
	/* a leading 1, which the point takes the place of, keeps the zeros behind it */
	json->at += format_number(1000000 + magnitude % 1000000, point);
	*point = '.';
	*json->at++ = ',';
}

static void
put_time(struct json *json, const char *key, const char text[FORMAT_TIME_SIZE])
{
	memcpy(json_plain(json, key), text, FORMAT_TIME_SIZE);
	json_plain_end(json, FORMAT_TIME_SIZE - 1);
}

void
json_time(struct json *json, const char *key, int64_t us)
{
	char text[FORMAT_TIME_SIZE];

	if (format_time(us, text) > 0)
		put_time(json, key, text);
}

void
json_seconds(struct json *json, const char *key, int64_t seconds)
{
	char text[FORMAT_TIME_SIZE];

	if (format_seconds(seconds, text) > 0)
		put_time(json, key, text);
}

void
json_strings(struct json *json, const char *key, char *const *texts, size_t n)
{
	json_array(json, key);
	for (size_t i = 0; i < n; i++)
		json_string(json, NULL, texts[i]);
	json_array_end(json);
}

size_t
json_here(const struct json *json)
{
	return json->given + (size_t)(json->at - json->buffer);
}

struct slice
json_since(const struct json *json, size_t here)
{
	if (here < json->given)
		return slice_of(NULL, 0);
	return slice_of(json->buffer + (here - json->given), json_here(json) - here);
}

void
json_again(struct json *json, struct slice members)
{
	json_room(json, members.n);
	memcpy(json->at, members.p, members.n);
	json->at += members.n;
}
