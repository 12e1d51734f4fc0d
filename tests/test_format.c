/* How addresses, times, filters and versions are written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <inttypes.h>
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

static void
check_like_libc(time_t day)
{
	time_t seconds = day * 86400 + (day * 7919 % 86400 + 86400) % 86400;
	char expected[128];
	struct tm tm;

	assert_non_null(gmtime_r(&seconds, &tm));
	snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d.000000Z", tm.tm_year + 1900, tm.tm_mon + 1,
		 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	check_seconds(seconds, expected);
}

/* Every day of two and a half cycles of the calendar, and every eleventh of all years. */
static void
test_time_like_libc(void **state)
{
	(void)state;
	for (time_t day = -800 * 366; day < 200 * 366; day++)
		check_like_libc(day);
	for (time_t day = -719528; day < 2932897; day += 11)
		check_like_libc(day);
}

static void
check_number(uint64_t value)
{
	char text[FORMAT_NUMBER_SIZE], expected[30];

	snprintf(expected, sizeof expected, "%" PRIu64, value);
	assert_int_equal(format_number(value, text), strlen(expected));
	assert_string_equal(text, expected);
}

static void
test_number(void **state)
{
	(void)state;
	for (uint64_t value = 0; value < 110000; value++)
		check_number(value);
	for (uint64_t ten = 10; ten <= UINT64_MAX / 10; ten *= 10) {
		check_number(ten - 1);
		check_number(ten);
		check_number(ten * 10 - 1);
	}
	check_number(UINT64_MAX / 10 * 10);
	check_number(UINT64_MAX);
}

static void
test_hex(void **state)
{
	uint8_t bytes[256];
	char text[512], expected[513];

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		bytes[i] = (uint8_t)(i * 89);
		sprintf(expected + 2 * i, "%02x", bytes[i]);
	}
	for (size_t n = 0; n <= 256; n++) {
		memset(text, '?', sizeof text);
		format_hex(bytes, n, text);
		assert_memory_equal(text, expected, 2 * n);
		if (n < 256)
			assert_int_equal(text[2 * n], '?');
	}
}

static void
check_ip(const struct ip_addr *ip, const char *expected)
{
	char text[FORMAT_IP_SIZE];

	assert_int_equal(format_ip(ip, text), strlen(expected));
	assert_string_equal(text, expected);
}

static void
test_v4(void **state)
{
	struct ip_addr four = {{[10] = 0xff, [11] = 0xff}};
	char expected[INET_ADDRSTRLEN];

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		four.b[12] = four.b[14] = (uint8_t)i;
		four.b[13] = (uint8_t)~i;
		four.b[15] = (uint8_t)(i * 7);
		assert_non_null(inet_ntop(AF_INET, four.b + 12, expected, sizeof expected));
		check_ip(&four, expected);
	}
}

/* Every choice of groups that are zero, the others of one to four digits. */
static void
test_v6_like_libc(void **state)
{
	static const uint16_t others[] = {0x1, 0xff, 0xffff, 0x20, 0xabc, 0x1000, 0x9, 0xfffe};
	char expected[INET6_ADDRSTRLEN];

	(void)state;
	for (unsigned i = 0; i < 256 * 8; i++) {
		struct ip_addr six = {{0}};

		for (unsigned group = 0; group < 8; group++) {
			uint16_t other = others[(group + i / 256) % 8];

			if ((i >> group & 1) == 0)
				continue;
			six.b[2 * group] = (uint8_t)(other >> 8);
			six.b[2 * group + 1] = (uint8_t)other;
		}
		if (ip_addr_is_v4(&six))
			continue; /* dotted alone */
		assert_non_null(inet_ntop(AF_INET6, six.b, expected, sizeof expected));
		check_ip(&six, expected);
	}
}

static void
test_addresses(void **state)
{
	const struct ip_addr four = {
		{[10] = 0xff, [11] = 0xff, [12] = 63, [13] = 85, [14] = 30, [15] = 34}};
	const struct ip_addr six = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
	const struct ip_addr compatible = {{[12] = 192, [13] = 0, [14] = 2, [15] = 1}};
	struct ip_addr longest;
	char endpoint[FORMAT_ENDPOINT_SIZE], mac[FORMAT_MAC_SIZE];

	(void)state;
	check_ip(&four, "63.85.30.34");
	assert_int_equal(format_endpoint(&four, 443, endpoint), 15);
	assert_string_equal(endpoint, "63.85.30.34:443");
	check_ip(&six, "2001:db8::1");
	check_ip(&compatible, "::192.0.2.1");
	assert_int_equal(format_endpoint(&six, 65535, endpoint), 19);
	assert_string_equal(endpoint, "[2001:db8::1]:65535");
	memset(&longest, 0xff, sizeof longest);
	assert_int_equal(format_endpoint(&longest, 65535, endpoint), 47);
	assert_string_equal(endpoint, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
	assert_int_equal(format_mac((const uint8_t[]){0x00, 0x11, 0x22, 0xaa, 0xbb, 0xff}, mac), 17);
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
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_v4),
		cmocka_unit_test(test_v6_like_libc),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_handshake_words),
		cmocka_unit_test(test_phone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
