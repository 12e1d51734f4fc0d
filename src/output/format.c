/* How a thing is written: no locale, no time zone, no clock. */
#include "format.h"

#include <string.h>

#include "dissectors/handshake.h"
#include "dissectors/names.h"

#define TEN(tens) tens "0" tens "1" tens "2" tens "3" tens "4" tens "5" tens "6" tens "7" tens "8" tens "9"

/* Two digits of 00 to 99. */
static void
put_pair(char *out, unsigned value)
{
	static const char pairs[] = TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6") TEN("7") TEN("8") TEN("9");

	memcpy(out, pairs + (size_t)2 * value, 2);
}

/* A number of so many bits has about 0.301 times as many digits, or one more. */
static size_t
digits_in(uint64_t value)
{
	static const uint64_t powers[] = {
		0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
		1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000,
		100000000000000000, 1000000000000000000, 10000000000000000000u,
	};
	unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
	size_t fewest = bits * 1233 >> 12;

	return fewest + (value >= powers[fewest]);
}

size_t
format_number(uint64_t value, char out[FORMAT_NUMBER_SIZE])
{
	size_t n = digits_in(value);
	char *at = out + n;
	uint32_t rest;

	*at = '\0';
	for (; value > UINT32_MAX; value /= 100)
		put_pair(at -= 2, (unsigned)(value % 100));
	for (rest = (uint32_t)value; rest >= 100; rest /= 100)
		put_pair(at -= 2, rest % 100);
	if (rest >= 10)
		put_pair(at - 2, rest);
	else
		at[-1] = (char)('0' + rest);
	return n;
}

#define SIXTEEN(high) TEN(high) high "a" high "b" high "c" high "d" high "e" high "f"

static char *
put_hex(char *out, uint8_t byte)
{
	static const char pairs[] = SIXTEEN("0") SIXTEEN("1") SIXTEEN("2") SIXTEEN("3") SIXTEEN("4") SIXTEEN("5")
		SIXTEEN("6") SIXTEEN("7") SIXTEEN("8") SIXTEEN("9") SIXTEEN("a") SIXTEEN("b") SIXTEEN("c") SIXTEEN("d")
		SIXTEEN("e") SIXTEEN("f");

	memcpy(out, pairs + (size_t)2 * byte, 2);
	return out + 2;
}

/* No look-ups and no branches, and a number of bytes that the compiler knows: it does them all at once. */
static void
put_hex_16(const uint8_t *restrict bytes, char *restrict out)
{
	for (size_t i = 0; i < 16; i++) {
		uint8_t high = bytes[i] >> 4, low = bytes[i] & 15;

		out[2 * i] = (char)(high + '0' + (high > 9 ? 'a' - '9' - 1 : 0));
		out[2 * i + 1] = (char)(low + '0' + (low > 9 ? 'a' - '9' - 1 : 0));
	}
}

void
format_hex(const uint8_t *bytes, size_t n, char *out)
{
	for (; n >= 16; n -= 16, bytes += 16, out += 32)
		put_hex_16(bytes, out);
	for (; n > 0; n--)
		out = put_hex(out, *bytes++);
}

void
format_code(uint32_t value, unsigned width, char *out)
{
	while (width-- > 0)
		out = put_hex(out, (uint8_t)(value >> 8 * width));
}

static char *
put_octet(char *out, unsigned octet)
{
	if (octet >= 100)
		*out++ = (char)('0' + octet / 100);
	if (octet >= 10) {
		put_pair(out, octet % 100);
		return out + 2;
	}
	*out++ = (char)('0' + octet);
	return out;
}

static char *
put_v4(char *out, const uint8_t b[4])
{
	out = put_octet(out, b[0]);
	for (size_t i = 1; i < 4; i++) {
		*out++ = '.';
		out = put_octet(out, b[i]);
	}
	return out;
}

/* The longest run of zeros in groups, the first where there are several; a single one is none. */
static size_t
longest_gap(const unsigned groups[8], size_t *first)
{
	size_t longest = 1, n = 0;

	*first = 8;
	for (size_t i = 0; i < 8; i++) {
		n = groups[i] == 0 ? n + 1 : 0;
		if (n > longest) {
			longest = n;
			*first = i + 1 - n;
		}
	}
	return longest;
}

static char *
put_group(char *out, unsigned group)
{
	char digits[4];
	size_t skip = group > 0xfff ? 0 : group > 0xff ? 1 : group > 0xf ? 2 : 3;

	format_code(group, 2, digits);
	memcpy(out, digits + skip, 4 - skip);
	return out + 4 - skip;
}

/* RFC 5952; and ::1.2.3.4 where the first six groups are zero (RFC 4291 section 2.5.5.1). */
static char *
put_v6(char *out, const uint8_t b[16])
{
	unsigned groups[8];
	size_t gap, n;

	for (size_t i = 0; i < 8; i++)
		groups[i] = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
	n = longest_gap(groups, &gap);
	for (size_t i = 0; i < 8; i++) {
		if (i == gap) {
			*out++ = ':';
			i += n;
		}
		if (i > 0)
			*out++ = ':';
		if (i == 6 && n == 6)
			return put_v4(out, b + 12);
		if (i < 8)
			out = put_group(out, groups[i]);
	}
	return out;
}

size_t
format_ip(const struct ip_addr *ip, char out[FORMAT_IP_SIZE])
{
	char *end = ip_addr_is_v4(ip) ? put_v4(out, ip->b + 12) : put_v6(out, ip->b);

	*end = '\0';
	return (size_t)(end - out);
}

size_t
format_endpoint(const struct ip_addr *ip, uint16_t port, char out[FORMAT_ENDPOINT_SIZE])
{
	bool six = !ip_addr_is_v4(ip);
	char *at = out;

	if (six)
		*at++ = '[';
	at += format_ip(ip, at);
	if (six)
		*at++ = ']';
	*at++ = ':';
	at += format_number(port, at);
	return (size_t)(at - out);
}

size_t
format_mac(const uint8_t mac[6], char out[FORMAT_MAC_SIZE])
{
	out = put_hex(out, mac[0]);
	for (size_t i = 1; i < 6; i++) {
		*out++ = ':';
		out = put_hex(out, mac[i]);
	}
	*out = '\0';
	return FORMAT_MAC_SIZE - 1;
}

enum {
	SECONDS_A_DAY = 86400,
	MICROSECONDS = 1000000,
	DAYS_A_CYCLE = 146097,		/* 400 Gregorian years */
	YEAR_0_IN_CYCLE = 146097 - 60,	/* 0000-01-01, in days since 1 March of the year -400 */
};

static const int64_t YEAR_0 = -62167219200, YEAR_10000 = 253402300800;

struct date {
	unsigned year, month, day;
};

/* The date so many days after 0000-01-01. Years begin in March here, so that a leap day is the last of its year:
 * civil_from_days in Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms". */
static struct date
date_of(unsigned days)
{
	unsigned since = days + YEAR_0_IN_CYCLE;
	unsigned cycle = since / DAYS_A_CYCLE, day = since % DAYS_A_CYCLE;
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned of_year = day - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * of_year + 2) / 153;
	struct date date;

	date.day = of_year - (153 * month + 2) / 5 + 1;
	date.month = month < 10 ? month + 3 : month - 9;
	date.year = cycle * 400 + year + (date.month <= 2 ? 1 : 0) - 400;
	return date;
}

static size_t
put_time(int64_t seconds, unsigned us, char out[FORMAT_TIME_SIZE])
{
	static const char form[FORMAT_TIME_SIZE] = "0000-00-00T00:00:00.000000Z";
	uint64_t since;
	unsigned of_day;
	struct date date;

	if (seconds < YEAR_0 || seconds >= YEAR_10000)
		return 0;
	since = (uint64_t)(seconds - YEAR_0);
	of_day = (unsigned)(since % SECONDS_A_DAY);
	date = date_of((unsigned)(since / SECONDS_A_DAY));
	memcpy(out, form, sizeof form);
	put_pair(out, date.year / 100);
	put_pair(out + 2, date.year % 100);
	put_pair(out + 5, date.month);
	put_pair(out + 8, date.day);
	put_pair(out + 11, of_day / 3600);
	put_pair(out + 14, of_day / 60 % 60);
	put_pair(out + 17, of_day % 60);
	put_pair(out + 20, us / 10000);
	put_pair(out + 22, us / 100 % 100);
	put_pair(out + 24, us % 100);
	return FORMAT_TIME_SIZE - 1;
}

size_t
format_time(int64_t us, char out[FORMAT_TIME_SIZE])
{
	int64_t seconds = us / MICROSECONDS, rest = us % MICROSECONDS;

	if (rest < 0) {
		seconds--;
		rest += MICROSECONDS;
	}
	return put_time(seconds, (unsigned)rest, out);
}

size_t
format_seconds(int64_t seconds, char out[FORMAT_TIME_SIZE])
{
	return put_time(seconds, 0, out);
}

void
format_filter(const uint64_t *frames, size_t n, void (*put)(void *to, const char *text), void *to)
{
	char number[FORMAT_NUMBER_SIZE];

	for (size_t i = 0; i < n; i++) {
		put(to, i == 0 ? "frame.number in {" : ", ");
		format_number(frames[i], number);
		put(to, number);
	}
	if (n > 0)
		put(to, "}");
}

const char *
format_protocol(const struct handshake *handshake)
{
	return handshake->dtls ? "DTLS" : "TLS";
}

const char *
format_version(const struct handshake *handshake)
{
	uint16_t version = handshake_version(handshake);
	return version != 0 ? version_name(version) : NULL;
}

const char *
format_message(uint8_t type)
{
	static const struct {
		uint8_t type;
		const char *name;
	} names[] = {
		{HS_HELLO_REQUEST, "hello_request"},
		{HS_CLIENT_HELLO, "client_hello"},
		{HS_SERVER_HELLO, "server_hello"},
		{HS_HELLO_VERIFY_REQUEST, "hello_verify_request"},
		{HS_NEW_SESSION_TICKET, "new_session_ticket"},
		{HS_HELLO_RETRY_REQUEST, "hello_retry_request"},
		{HS_CERTIFICATE, "certificate"},
		{HS_SERVER_KEY_EXCHANGE, "server_key_exchange"},
		{HS_CERTIFICATE_REQUEST, "certificate_request"},
		{HS_SERVER_HELLO_DONE, "server_hello_done"},
		{HS_CERTIFICATE_VERIFY, "certificate_verify"},
		{HS_CLIENT_KEY_EXCHANGE, "client_key_exchange"},
		{HS_FINISHED, "finished"},
		{HS_CERTIFICATE_STATUS, "certificate_status"},
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].type == type)
			return names[i].name;
	return NULL;
}

const char *
format_phone(const struct phone *phone, char out[FORMAT_IP_SIZE])
{
	if (phone->name[0] != '\0')
		return phone->name;
	if (phone->has_mac && !ip_is_set(&phone->ip))
		format_mac(phone->mac, out);
	else
		format_ip(&phone->ip, out);
	return out;
}
