/* Words and numbers in ASCII, of no locale. */
#ifndef DISSECTORS_ASCII_H
#define DISSECTORS_ASCII_H

#include "slice.h"

static inline uint8_t
ascii_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* ascii_is says whether s is a word, in any case of its letters. */
static inline bool
ascii_is(struct slice s, const char *word)
{
	uint8_t c;

	if (s.n != strlen(word))
		return false;
	for (; slice_u8(&s, &c); word++)
		if (ascii_lower(c) != ascii_lower((uint8_t)*word))
			return false;
	return true;
}

/* ascii_decimal reads s, digits and nothing else, as a number. */
static inline bool
ascii_decimal(struct slice s, uint64_t *out)
{
	uint64_t v = 0;
	uint8_t c;

	if (s.n == 0)
		return false;
	while (slice_u8(&s, &c)) {
		if (c < '0' || c > '9' || v > (UINT64_MAX - (uint64_t)(c - '0')) / 10)
			return false;
		v = v * 10 + (uint64_t)(c - '0');
	}
	*out = v;
	return true;
}

#endif
