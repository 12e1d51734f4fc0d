/* JSON is written right whatever goes into it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "src/output/json_writer.h"

/* What is between the line's own words, {"schema":1,"event":"e" and }. */
static void
check(void (*write)(struct json *json), const char *expected)
{
	static const char begin[] = "{\"schema\":1,\"event\":\"e\"", end[] = "}\n";
	struct json json;
	char *text = NULL;
	size_t n = 0, inside;
	FILE *to = open_memstream(&text, &n);

	assert_non_null(to);
	json_begin(&json, to, "e");
	write(&json);
	json_end(&json);
	assert_int_equal(fclose(to), 0);
	assert_int_equal(strlen(text), n);
	inside = n - strlen(begin) - strlen(end);
	assert_memory_equal(text, begin, strlen(begin));
	assert_string_equal(text + n - strlen(end), end);
	text[strlen(begin) + inside] = '\0';
	assert_string_equal(text + strlen(begin), expected);
	free(text);
}

static void
write_nothing(struct json *json)
{
	json_string(json, "absent", NULL);
	json_time(json, "absent", INT64_MAX);
	json_seconds(json, "absent", INT64_MIN);
}

static void
test_nothing(void **state)
{
	(void)state;
	check(write_nothing, "");
}

static void
write_nested(struct json *json)
{
	json_object(json, "o");
	json_object_end(json);
	json_array(json, "a");
	json_array_end(json);
	json_object(json, "o2");
	json_uint(json, "n", 0);
	json_array(json, "list");
	json_object(json, NULL);
	json_bool(json, "yes", true);
	json_bool(json, "no", false);
	json_object_end(json);
	json_uint(json, NULL, UINT64_MAX);
	json_array(json, NULL);
	json_string(json, NULL, "x");
	json_string(json, NULL, "y");
	json_array_end(json);
	json_array_end(json);
	json_object_end(json);
	json_uint(json, "last", 1);
}

static void
test_commas(void **state)
{
	(void)state;
	check(write_nested,
	      ",\"o\":{},\"a\":[],\"o2\":{\"n\":0,\"list\":[{\"yes\":true,\"no\":false},"
	      "18446744073709551615,[\"x\",\"y\"]]},\"last\":1");
}

static void
write_numbers(struct json *json)
{
	const uint8_t bytes[] = {0x00, 0xff, 0x1a};

	json_hex(json, "hex", bytes, sizeof bytes);
	json_hex(json, "none", bytes, 0);
	json_code(json, "v", 0x0303, 2);
	json_code(json, "c", 0x10080, 3);
	json_time(json, "t", 1459541662741838);
	json_seconds(json, "s", -1);
}

static void
test_numbers(void **state)
{
	(void)state;
	check(write_numbers,
	      ",\"hex\":\"00ff1a\",\"none\":\"\",\"v\":\"0x0303\",\"c\":\"0x010080\","
	      "\"t\":\"2016-04-01T20:14:22.741838Z\",\"s\":\"1969-12-31T23:59:59.000000Z\"");
}

static void
write_durations(struct json *json)
{
	static const int64_t us[] = {0, 1, 999999, 1000000, 5003000, -1, -1250000, INT64_MAX, INT64_MIN};

	json_array(json, "d");
	for (size_t i = 0; i < sizeof us / sizeof us[0]; i++)
		json_duration(json, NULL, us[i]);
	json_array_end(json);
	json_duration(json, "last", 60000000);
}

static void
test_durations(void **state)
{
	(void)state;
	check(write_durations,
	      ",\"d\":[0.000000,0.000001,0.999999,1.000000,5.003000,-0.000001,-1.250000,"
	      "9223372036854.775807,-9223372036854.775808],\"last\":60.000000");
}

static void
write_escapes(struct json *json)
{
	json_string(json, NULL, "\"\\/");
	json_string(json, NULL, "\x01\b\t\n\r\x1b[31m\x1f \x7f");
	json_string(json, NULL, "\xc2\x80\xc2\x9f\xc2\xa0\xe2\x80\xae");
	json_string(json, NULL, "Gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x93\x9e");
}

static void
test_escapes(void **state)
{
	(void)state;
	check(write_escapes,
	      ",\"\\\"\\\\/\",\"\\u0001\\u0008\\u0009\\u000a\\u000d\\u001b[31m\\u001f \\u007f\","
	      "\"\\u0080\\u009f\xc2\xa0\\u202e\","
	      "\"Gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x93\x9e\"");
}

#define BAD "\xef\xbf\xbd"

static void
write_no_utf8(struct json *json)
{
	json_string(json, NULL, "a\x80z\xff");
	json_string(json, NULL, "\xc0\xaf");	     /* overlong */
	json_string(json, NULL, "\xe0\x80\x80");     /* overlong */
	json_string(json, NULL, "\xed\xa0\x80");     /* a surrogate */
	json_string(json, NULL, "\xf4\x90\x80\x80"); /* above U+10FFFF */
	json_string(json, NULL, "\xf8\x88\x80\x80"); /* no such length */
	json_string(json, NULL, "\xe2\x82");	     /* the end comes too soon */
	json_string(json, NULL, "\xf0\x9f\x93\"");   /* and so it does */
}

static void
test_no_utf8(void **state)
{
	(void)state;
	check(write_no_utf8, ",\"a" BAD "z" BAD "\",\"" BAD BAD "\",\"" BAD BAD BAD
			     "\",\"" BAD BAD BAD "\",\"" BAD BAD BAD BAD "\",\"" BAD BAD BAD BAD
			     "\",\"" BAD BAD "\",\"" BAD BAD BAD "\\\"\"");
}

static void
write_pieces(struct json *json)
{
	char *list[] = {"one", "two"};

	json_string_begin(json, "s");
	json_part(json, "");
	json_part(json, "a\"");
	json_part(json, "b");
	json_string_end(json);
	json_strings(json, "l", list, 2);
	json_strings(json, "none", list, 0);
}

static void
test_pieces(void **state)
{
	(void)state;
	check(write_pieces, ",\"s\":\"a\\\"b\",\"l\":[\"one\",\"two\"],\"none\":[]");
}

static void
write_words(struct json *json)
{
	json_word(json, "w", "TLSv1.2");
	json_word(json, "absent", NULL);
	json_array(json, "l");
	json_word(json, NULL, "");
	memcpy(json_plain(json, NULL), "10.0.0.1", 8);
	json_plain_end(json, 8);
	json_array_end(json);
}

static void
test_words(void **state)
{
	(void)state;
	check(write_words, ",\"w\":\"TLSv1.2\",\"l\":[\"\",\"10.0.0.1\"]");
}

static unsigned char character;

static void
write_character(struct json *json)
{
	const char text[] = {'a', (char)character, 'b', '\0'};

	json_string(json, "c", text);
}

static void
test_every_character(void **state)
{
	char expected[40];

	(void)state;
	for (unsigned c = 1; c < 256; c++) {
		character = (unsigned char)c;
		if (c < 0x20 || c == 0x7f)
			snprintf(expected, sizeof expected, ",\"c\":\"a\\u%04xb\"", c);
		else if (c == '"' || c == '\\')
			snprintf(expected, sizeof expected, ",\"c\":\"a\\%cb\"", (int)c);
		else if (c < 0x80)
			snprintf(expected, sizeof expected, ",\"c\":\"a%cb\"", (int)c);
		else
			snprintf(expected, sizeof expected, ",\"c\":\"a" BAD "b\"");
		check(write_character, expected);
	}
}

static void
write_again(struct json *json)
{
	char kept[100];
	struct slice members;
	size_t here;

	json_object(json, "first");
	here = json_here(json);
	json_array(json, "a");
	json_uint(json, NULL, 1);
	json_array_end(json);
	json_word(json, "b", "c");
	members = json_since(json, here);
	assert_in_range(members.n, 1, sizeof kept);
	memcpy(kept, members.p, members.n);
	json_object_end(json);
	json_object(json, "second");
	json_again(json, slice_of(kept, members.n));
	json_object_end(json);
}

static void
test_again(void **state)
{
	(void)state;
	check(write_again, ",\"first\":{\"a\":[1],\"b\":\"c\"},\"second\":{\"a\":[1],\"b\":\"c\"}");
}

static char big[40000];

/* Members that begin at any place of the buffer: they can be had again only where they are in it whole. */
static void
write_far(struct json *json)
{
	char kept[sizeof(((struct json *)NULL)->buffer)];
	struct slice members;
	size_t here;

	json_string(json, "a", big);
	here = json_here(json);
	json_uint(json, "n", 123456789);
	json_hex(json, "h", (const uint8_t *)"\x01\x23\x45\x67", 4);
	members = json_since(json, here);
	memcpy(kept, members.p != NULL ? members.p : (const uint8_t *)"", members.n);
	json_again(json, slice_of(kept, members.n));
	if (members.n == 0) {
		json_uint(json, "n", 123456789);
		json_hex(json, "h", (const uint8_t *)"\x01\x23\x45\x67", 4);
	}
}

static void
test_again_at_the_buffers_end(void **state)
{
	const size_t room = sizeof(((struct json *)NULL)->buffer);
	char *expected = malloc(sizeof big + 100);

	(void)state;
	assert_non_null(expected);
	for (size_t n = room - 250; n < room + 50; n++) {
		memset(big, 'b', n);
		big[n] = '\0';
		snprintf(expected, sizeof big + 100,
			 ",\"a\":\"%s\",\"n\":123456789,\"h\":\"01234567\",\"n\":123456789,\"h\":\"01234567\"", big);
		check(write_far, expected);
	}
	free(expected);
}

static void
write_big(struct json *json)
{
	const uint8_t bytes[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};

	json_string(json, "a", big);
	json_array(json, "l");
	json_array(json, NULL);
	json_uint(json, NULL, UINT64_MAX);
	json_array_end(json);
	json_object(json, NULL);
	json_hex(json, "h", bytes, sizeof bytes);
	json_code(json, "c", 0xc030, 2);
	json_string(json, "s", "\x1b\xc3\xbc");
	json_object_end(json);
	json_array_end(json);
	json_array(json, "none");
	json_array_end(json);
	json_word(json, "w", "word");
	json_duration(json, "d", -1250000);
}

/* Every value at every place of the buffer's end, and what is longer than the buffer. */
static void
test_buffer(void **state)
{
	const size_t room = sizeof(((struct json *)NULL)->buffer);
	char *expected = malloc(sizeof big + 300);

	(void)state;
	assert_non_null(expected);
	for (size_t n = room - 400; n < sizeof big; n = n < room + 100 ? n + 1 : n + 7919) {
		memset(big, 'b', n);
		big[n] = '\0';
		snprintf(expected, sizeof big + 300,
			 ",\"a\":\"%s\",\"l\":[[18446744073709551615],{\"h\":\"0123456789abcdef\",\"c\":\"0xc030\","
			 "\"s\":\"\\u001b\xc3\xbc\"}],\"none\":[],\"w\":\"word\",\"d\":-1.250000",
			 big);
		check(write_big, expected);
	}
	free(expected);
}

static void
write_long_hex(struct json *json)
{
	json_hex(json, "h", (const uint8_t *)big, sizeof big);
}

static void
test_long_hex(void **state)
{
	char *expected = malloc(2 * sizeof big + 10);
	size_t n = 6;

	(void)state;
	assert_non_null(expected);
	memcpy(expected, ",\"h\":\"", n + 1);
	for (size_t i = 0; i < sizeof big; i++) {
		big[i] = (char)(i * 7);
		n += (size_t)sprintf(expected + n, "%02x", (uint8_t)big[i]);
	}
	strcpy(expected + n, "\"");
	check(write_long_hex, expected);
	free(expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_commas),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_durations), cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_no_utf8), cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_words), cmocka_unit_test(test_every_character),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_again_at_the_buffers_end), cmocka_unit_test(test_buffer), cmocka_unit_test(test_long_hex),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
