/* JSON, one object a line, into a FILE. It lies on the path of every handshake, so it allocates
 * nothing and cannot fail but in the FILE itself: ferror tells. Objects and arrays are closed by
 * whoever opened them; commas come by themselves. */
#ifndef SRC_OUTPUT_JSON_WRITER_H
#define SRC_OUTPUT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *to;
	bool comma; /* a value stands before, in what is open */
	size_t n;   /* of buffer */
	char buffer[4096];
};

/* The version of the output contract, docs/output.md: it rises when a key changes its meaning or
 * goes. */
#define JSON_SCHEMA 1

/* json_begin opens the object that makes a line and says its schema and event; json_end closes it,
 * ends the line and gives it to the FILE. */
void json_begin(struct json *json, FILE *to, const char *event);
void json_end(struct json *json);

/* In all that follows key names the value in an object, and is NULL in an array. Keys are written
 * as they are. */

void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);

/* json_string writes text, and nothing at all, not even its key, where text is NULL: unknown is
 * absent. What a terminal would obey is escaped, bytes that are no UTF-8 become U+FFFD each. */
void json_string(struct json *json, const char *key, const char *text);

/* A string of pieces: json_part adds one, and cuts no character in two. */
void json_string_begin(struct json *json, const char *key);
void json_part(struct json *json, const char *text);
void json_string_end(struct json *json);

void json_uint(struct json *json, const char *key, uint64_t value);
/* json_duration writes microseconds as seconds: 1.250000. */
void json_duration(struct json *json, const char *key, int64_t us);

void json_bool(struct json *json, const char *key, bool value);

/* json_strings writes an array of strings. */
void json_strings(struct json *json, const char *key, char *const *texts, size_t n);

/* json_hex writes bytes as a string of lower-case hex. */
void json_hex(struct json *json, const char *key, const uint8_t *bytes, size_t n);

/* json_code writes a number as the wire has it, a string of "0x" and width bytes: "0x0303". */
void json_code(struct json *json, const char *key, uint32_t value, unsigned width);

/* json_time writes microseconds since 1970, json_seconds seconds, as a string of RFC 3339; nothing
 * where that has no such year. */
void json_time(struct json *json, const char *key, int64_t us);
void json_seconds(struct json *json, const char *key, int64_t seconds);

#endif
