/* How a thing is written: no locale, no time zone, no clock. */
#include "format.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "dissectors/handshake.h"
#include "dissectors/names.h"

size_t
format_number(uint64_t value, char out[FORMAT_NUMBER_SIZE])
{
	char digits[FORMAT_NUMBER_SIZE];
	size_t n = 0;

	do {
		digits[n++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	for (size_t i = 0; i < n; i++)
		out[i] = digits[n - 1 - i];
	out[n] = '\0';
	return n;
}

void
format_ip(const struct ip_addr *ip, char out[FORMAT_IP_SIZE])
{
	if (ip_addr_is_v4(ip))
		inet_ntop(AF_INET, ip->b + 12, out, FORMAT_IP_SIZE);
	else
		inet_ntop(AF_INET6, ip->b, out, FORMAT_IP_SIZE);
}

void
format_endpoint(const struct ip_addr *ip, uint16_t port, char out[FORMAT_ENDPOINT_SIZE])
{
	char address[FORMAT_IP_SIZE];

	format_ip(ip, address);
	snprintf(out, FORMAT_ENDPOINT_SIZE, ip_addr_is_v4(ip) ? "%s:%u" : "[%s]:%u", address, port);
}

void
format_mac(const uint8_t mac[6], char out[FORMAT_MAC_SIZE])
{
	snprintf(out, FORMAT_MAC_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2],
		 mac[3], mac[4], mac[5]);
}

enum {
	SECONDS_A_DAY = 86400,
	MICROSECONDS = 1000000,
	DAYS_A_CYCLE = 146097,	/* 400 Gregorian years */
	CYCLE_OF_1970 = 719468, /* days from 0000-03-01 to 1970-01-01 */
};

static const int64_t YEAR_0 = -62167219200, YEAR_10000 = 253402300800;

struct date {
	int year, month, day;
};

/* Years begin in March here, so that a leap day is the last of its year: civil_from_days in Howard
 * Hinnant's "chrono-Compatible Low-Level Date Algorithms". */
static struct date
date_of(int64_t days)
{
	int64_t since = days + CYCLE_OF_1970;
	int64_t cycle = (since >= 0 ? since : since - (DAYS_A_CYCLE - 1)) / DAYS_A_CYCLE;
	int day = (int)(since - cycle * DAYS_A_CYCLE);
	int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int of_year = day - (365 * year + year / 4 - year / 100);
	int month = (5 * of_year + 2) / 153;
	struct date date;

	date.day = of_year - (153 * month + 2) / 5 + 1;
	date.month = month < 10 ? month + 3 : month - 9;
	date.year = (int)(cycle * 400) + year + (date.month <= 2 ? 1 : 0);
	return date;
}

static bool
write_time(int64_t seconds, int us, char out[FORMAT_TIME_SIZE])
{
	int64_t days;
	int of_day;
	struct date date;

	if (seconds < YEAR_0 || seconds >= YEAR_10000)
		return false;
	days = (seconds - YEAR_0) / SECONDS_A_DAY + YEAR_0 / SECONDS_A_DAY;
	of_day = (int)(seconds - days * SECONDS_A_DAY);
	date = date_of(days);
	/* The remainders say to the compiler how wide each number can be. */
	snprintf(out, FORMAT_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ",
		 (unsigned)date.year % 10000, (unsigned)date.month % 100, (unsigned)date.day % 100,
		 (unsigned)of_day / 3600 % 100, (unsigned)of_day / 60 % 60, (unsigned)of_day % 60,
		 (unsigned)us % MICROSECONDS);
	return true;
}

bool
format_time(int64_t us, char out[FORMAT_TIME_SIZE])
{
	int64_t seconds = us / MICROSECONDS;
	int rest = (int)(us % MICROSECONDS);

	if (rest < 0) {
		seconds--;
		rest += MICROSECONDS;
	}
	return write_time(seconds, rest, out);
}

bool
format_seconds(int64_t seconds, char out[FORMAT_TIME_SIZE])
{
	return write_time(seconds, 0, out);
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
