/* Frames written as hex text, put together from the pieces below by the compiler. */
#ifndef TESTS_FRAMES_H
#define TESTS_FRAMES_H

#include <ctype.h>
#include <stdlib.h>

#include "dissectors/slice.h"

#define ETHERNET "020000000002 020000000001" /* and a type or length */
#define IPV4(total_length, protocol) "4500" total_length "1234 4000 40" protocol "0000 0a000001 0a000002"
#define IPV6(payload_length, next_header)                                                          \
	"60000000" payload_length next_header "40"                                                 \
	"20010db8000000000000000000000001 20010db8000000000000000000000002"
#define TCP "c000 01bb 01020304 05060708 5018 1000 0000 0000"
#define UDP(length) "c001 01bb" length "0000"

struct frame_bytes {
	uint8_t b[512];
	size_t n;
};

/* frame_bytes reads hex digits, white space between them is for people. */
static inline struct frame_bytes
frame_bytes(const char *hex)
{
	struct frame_bytes out = {.n = 0};
	char digits[3] = {0};
	size_t n = 0;

	for (; *hex != '\0'; hex++) {
		if (isspace((unsigned char)*hex))
			continue;
		digits[n++] = *hex;
		if (n < 2)
			continue;
		if (out.n == sizeof(out.b) || !isxdigit((unsigned char)digits[0]) ||
		    !isxdigit((unsigned char)digits[1]))
			abort();
		out.b[out.n++] = (uint8_t)strtoul(digits, NULL, 16);
		n = 0;
	}
	if (n != 0)
		abort();
	return out;
}

static inline struct slice
frame_slice(const struct frame_bytes *frame)
{
	return slice_of(frame->b, frame->n);
}

#endif
