/* How addresses, times, filters and versions are written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dissectors/handshake.h"
#include "src/output/format.h"

static void
check_seconds(int64_t seconds, const char *expected)
{
	char text[FORMAT_TIME_SIZE];

	assert_true(format_seconds(seconds, text));
	assert_string_equal(text, expected);
}

static void
test_time(void **state)
{
	char text[FORMAT_TIME_SIZE];

	(void)state;
	assert_true(format_time(1459541662741838, text));
	assert_string_equal(text, "2016-04-01T20:14:22.741838Z");
	assert_true(format_time(-1, text));
	assert_string_equal(text, "1969-12-31T23:59:59.999999Z");
	assert_true(format_time(-1000000, text));
	assert_string_equal(text, "1969-12-31T23:59:59.000000Z");
	check_seconds(0, "1970-01-01T00:00:00.000000Z");
	check_seconds(951782400, "2000-02-29T00:00:00.000000Z");
	check_seconds(-2203891200, "1900-03-01T00:00:00.000000Z");
	check_seconds(-62167219200, "0000-01-01T00:00:00.000000Z");
	check_seconds(253402300799, "9999-12-31T23:59:59.000000Z");
}

static void
test_time_out_of_range(void **state)
{
	char text[FORMAT_TIME_SIZE] = "as it was";

	(void)state;
	assert_false(format_seconds(-62167219201, text));
	assert_false(format_seconds(253402300800, text));
	assert_false(format_seconds(INT64_MIN, text));
	assert_false(format_seconds(INT64_MAX, text));
	assert_false(format_time(INT64_MIN, text));
	assert_false(format_time(INT64_MAX, text));
	assert_string_equal(text, "as it was");
}

/* Every day of two and a half cycles of the calendar, against libc. */
static void
test_time_like_libc(void **state)
{
	char expected[128];

	(void)state;
	for (time_t day = -800 * 366; day < 200 * 366; day++) {
		time_t seconds = day * 86400 + (day * 7919 % 86400 + 86400) % 86400;
		struct tm tm;

		assert_non_null(gmtime_r(&seconds, &tm));
		snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d.000000Z",
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			 tm.tm_sec);
		check_seconds(seconds, expected);
	}
}

static void
test_number(void **state)
{
	char text[FORMAT_NUMBER_SIZE];

	(void)state;
	assert_int_equal(format_number(0, text), 1);
	assert_string_equal(text, "0");
	assert_int_equal(format_number(UINT64_MAX, text), 20);
	assert_string_equal(text, "18446744073709551615");
}

static void
test_addresses(void **state)
{
	const struct ip_addr four = {
		{[10] = 0xff, [11] = 0xff, [12] = 63, [13] = 85, [14] = 30, [15] = 34}};
	const struct ip_addr six = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
	struct ip_addr longest;
	char ip[FORMAT_IP_SIZE], endpoint[FORMAT_ENDPOINT_SIZE], mac[FORMAT_MAC_SIZE];

	(void)state;
	format_ip(&four, ip);
	assert_string_equal(ip, "63.85.30.34");
	format_endpoint(&four, 443, endpoint);
	assert_string_equal(endpoint, "63.85.30.34:443");
	format_ip(&six, ip);
	assert_string_equal(ip, "2001:db8::1");
	format_endpoint(&six, 65535, endpoint);
	assert_string_equal(endpoint, "[2001:db8::1]:65535");
	memset(&longest, 0xff, sizeof longest);
	format_endpoint(&longest, 65535, endpoint);
	assert_string_equal(endpoint, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
	format_mac((const uint8_t[]){0x00, 0x11, 0x22, 0xaa, 0xbb, 0xff}, mac);
	assert_string_equal(mac, "00:11:22:aa:bb:ff");
}

static void
append(void *to, const char *text)
{
	strcat(to, text);
}

static void
test_filter(void **state)
{
	const uint64_t frames[] = {15, 20, 18446744073709551615u};
	char text[100] = "";

	(void)state;
	format_filter(frames, 0, append, text);
	assert_string_equal(text, "");
	format_filter(frames, 1, append, text);
	assert_string_equal(text, "frame.number in {15}");
	text[0] = '\0';
	format_filter(frames, 3, append, text);
	assert_string_equal(text, "frame.number in {15, 20, 18446744073709551615}");
}

static void
test_handshake_words(void **state)
{
	struct handshake *handshake = calloc(1, sizeof *handshake);

	(void)state;
	assert_non_null(handshake);
	assert_null(format_version(handshake));
	assert_string_equal(format_protocol(handshake), "TLS");
	handshake->client_hello.at.frame = 1;
	handshake->client_hello.version = 0x0100;
	handshake->dtls = true;
	assert_string_equal(format_version(handshake), "DTLSv0.9");
	assert_string_equal(format_protocol(handshake), "DTLS");
	free(handshake);
	assert_string_equal(format_message(HS_CERTIFICATE), "certificate");
	assert_string_equal(format_message(HS_FINISHED), "finished");
	assert_null(format_message(255));
}

static void
test_phone(void **state)
{
	struct phone phone = {.ip = {{[10] = 0xff, [11] = 0xff, [12] = 10, [15] = 5}}};
	char address[FORMAT_IP_SIZE];

	(void)state;
	assert_string_equal(format_phone(&phone, address), "10.0.0.5");
	phone.has_mac = true;
	memcpy(phone.mac, (uint8_t[]){0, 0x11, 0x22, 0x33, 0x44, 0x55}, sizeof phone.mac);
	assert_string_equal(format_phone(&phone, address), "10.0.0.5");
	phone.ip = (struct ip_addr){{0}};
	assert_string_equal(format_phone(&phone, address), "00:11:22:33:44:55");
	strcpy(phone.name, "SEP001122334455");
	assert_string_equal(format_phone(&phone, address), "SEP001122334455");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_time_out_of_range),
		cmocka_unit_test(test_time_like_libc),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_handshake_words),
		cmocka_unit_test(test_phone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
