/* JSON, one object a line, into a FILE. It lies on the path of every handshake, so it allocates
 * nothing and cannot fail but in the FILE itself: ferror tells. Objects and arrays are closed by
 * whoever opened them; commas come by themselves. */
#ifndef SRC_OUTPUT_JSON_WRITER_H
#define SRC_OUTPUT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "dissectors/slice.h"

enum {
	JSON_PLAIN = 64,	     /* characters of what json_plain begins */
	JSON_ROOM = JSON_PLAIN + 16, /* bytes of any number, and of such a string with all that stands around it */
};

/* Every value leaves a comma behind it, which the bracket or the end that follows takes back. */
struct json {
	FILE *to;
	char *at;     /* in buffer: where the next byte goes */
	size_t given; /* bytes of this line that the FILE has */
	char buffer[16384];
};

/* The version of the output contract, docs/output.md: it rises when a key changes its meaning or
 * goes. */
#define JSON_SCHEMA "1"

/* json_begin opens the object that makes a line and says its schema and event; json_end closes it,
 * ends the line and gives it to the FILE. */
void json_begin(struct json *json, FILE *to, const char *event);
void json_end(struct json *json);

/* json_flush gives the FILE all but the last byte, which may be a comma. */
void json_flush(struct json *json);

/* json_room gives where n bytes can be written, fewer than the buffer has. */
static inline char *
json_room(struct json *json, size_t n)
{
	if (n > (size_t)(json->buffer + sizeof json->buffer - json->at))
		json_flush(json);
	return json->at;
}

/* In all that follows key names the value in an object, and is NULL in an array. Keys are written
 * as they are. */

/* json_key begins a value, and gives where JSON_ROOM bytes of it can be written. It is inline, as is whoever hands on
 * a key, because most keys are literals: their lengths are then known to the compiler. */
static inline char *
json_key(struct json *json, const char *key)
{
	size_t n = key != NULL ? strlen(key) : 0;
	char *at = json_room(json, n + sizeof "\"\":" + JSON_ROOM);

	if (key == NULL)
		return at;
	*at++ = '"';
	memcpy(at, key, n);
	memcpy(at + n, "\":", 2);
	return json->at = at + n + 2;
}

static inline void
json_open(struct json *json, const char *key, char bracket)
{
	*json_key(json, key) = bracket;
	json->at++;
}

static inline void
json_close(struct json *json, char bracket)
{
	char *at = json_room(json, 2);

	if (at[-1] == ',')
		at--;
	*at++ = bracket;
	*at++ = ',';
	json->at = at;
}

static inline void
json_object(struct json *json, const char *key)
{
	json_open(json, key, '{');
}

static inline void
json_object_end(struct json *json)
{
	json_close(json, '}');
}

static inline void
json_array(struct json *json, const char *key)
{
	json_open(json, key, '[');
}

static inline void
json_array_end(struct json *json)
{
	json_close(json, ']');
}

/* A string of pieces: json_part adds one, and cuts no character in two. What a terminal would obey is escaped, bytes
 * that are no UTF-8 become U+FFFD each. */
static inline void
json_string_begin(struct json *json, const char *key)
{
	json_open(json, key, '"');
}

void json_part(struct json *json, const char *text);
void json_string_end(struct json *json);

/* json_string writes text as one piece, and nothing at all, not even its key, where text is NULL: unknown is absent. */
void json_string_value(struct json *json, const char *text);
static inline void
json_string(struct json *json, const char *key, const char *text)
{
	if (text == NULL)
		return;
	json_key(json, key);
	json_string_value(json, text);
}

/* json_word does so with one of handspan's own names, none of whose characters is to be escaped. */
void json_word_value(struct json *json, const char *word);
static inline void
json_word(struct json *json, const char *key, const char *word)
{
	if (word == NULL)
		return;
	json_key(json, key);
	json_word_value(json, word);
}

/* json_plain begins a string, and gives where up to JSON_PLAIN characters can be written that need no escaping;
 * json_plain_end ends it behind the first n of these. */
static inline char *
json_plain(struct json *json, const char *key)
{
	json_open(json, key, '"');
	return json->at;
}

static inline void
json_plain_end(struct json *json, size_t n)
{
	json->at[n] = '"';
	json->at[n + 1] = ',';
	json->at += n + 2;
}

void json_uint_value(struct json *json, uint64_t value);
static inline void
json_uint(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_uint_value(json, value);
}

/* json_hex writes bytes as a string of lower-case hex. */
void json_hex_value(struct json *json, const uint8_t *bytes, size_t n);
static inline void
json_hex(struct json *json, const char *key, const uint8_t *bytes, size_t n)
{
	json_key(json, key);
	json_hex_value(json, bytes, n);
}

/* json_code writes a number as the wire has it, a string of "0x" and width bytes: "0x0303". */
void json_code_value(struct json *json, uint32_t value, unsigned width);
static inline void
json_code(struct json *json, const char *key, uint32_t value, unsigned width)
{
	json_key(json, key);
	json_code_value(json, value, width);
}

void json_bool_value(struct json *json, bool value);
static inline void
json_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	json_bool_value(json, value);
}

/* json_duration writes microseconds as seconds: 1.250000. */
void json_duration(struct json *json, const char *key, int64_t us);

/* json_time writes microseconds since 1970, json_seconds seconds, as a string of RFC 3339; nothing
 * where that has no such year. */
void json_time(struct json *json, const char *key, int64_t us);
void json_seconds(struct json *json, const char *key, int64_t seconds);

/* json_strings writes an array of strings. */
void json_strings(struct json *json, const char *key, char *const *texts, size_t n);

/* Members that are the same each time can be kept and written again. json_here is a place in the line; json_since gives
 * what was written from there on, for as long as nothing else is written, and nothing where some of it has left the
 * buffer; json_again writes it. */
size_t json_here(const struct json *json);
struct slice json_since(const struct json *json, size_t here);
void json_again(struct json *json, struct slice members);

#endif
