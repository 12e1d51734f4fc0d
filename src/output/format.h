/* How a thing is written, wherever it is written: addresses, times, versions. Nothing here depends
 * on the locale, the time zone or the clock. */
#ifndef SRC_OUTPUT_FORMAT_H
#define SRC_OUTPUT_FORMAT_H

#include "findings/case.h"

#define FORMAT_NUMBER_SIZE 21
#define FORMAT_IP_SIZE 46
#define FORMAT_ENDPOINT_SIZE (FORMAT_IP_SIZE + sizeof "[]:65535")
#define FORMAT_MAC_SIZE 18
#define FORMAT_TIME_SIZE 28

/* format_hex writes bytes in lower-case hex, format_code the last width bytes of a number: two digits each, and no NUL. */
void format_hex(const uint8_t *bytes, size_t n, char *out);
void format_code(uint32_t value, unsigned width, char *out);

/* The following end what they write in a NUL and give its length without it. */

/* format_number writes a decimal number. */
size_t format_number(uint64_t value, char out[FORMAT_NUMBER_SIZE]);

/* format_ip writes an address as inet_ntop does, a mapped IPv4 address dotted. */
size_t format_ip(const struct ip_addr *ip, char out[FORMAT_IP_SIZE]);

/* format_endpoint writes "ip:port" or "[v6]:port". */
size_t format_endpoint(const struct ip_addr *ip, uint16_t port, char out[FORMAT_ENDPOINT_SIZE]);

/* format_mac writes lower-case hex with colons. */
size_t format_mac(const uint8_t mac[6], char out[FORMAT_MAC_SIZE]);

/* format_time writes RFC 3339 in UTC with microseconds, "2016-04-01T20:14:22.741838Z", of
 * microseconds since 1970; format_seconds does so of seconds. 0, and nothing written, where the
 * year is not 0 to 9999: RFC 3339 has no others. */
size_t format_time(int64_t us, char out[FORMAT_TIME_SIZE]);
size_t format_seconds(int64_t seconds, char out[FORMAT_TIME_SIZE]);

/* format_filter gives put, piece by piece, a Wireshark display filter that shows these frames. */
void format_filter(const uint64_t *frames, size_t n, void (*put)(void *to, const char *text),
		   void *to);

/* format_protocol gives "TLS" or "DTLS"; format_version "TLSv1.2", NULL where it is not known. */
const char *format_protocol(const struct handshake *handshake);
const char *format_version(const struct handshake *handshake);

/* format_message names a handshake message as the output contract does: "client_hello"; NULL where
 * unknown. */
const char *format_message(uint8_t type);

/* format_phone gives a phone's name, else its address, else its MAC address; out is room for these. */
const char *format_phone(const struct phone *phone, char out[FORMAT_IP_SIZE]);

#endif
