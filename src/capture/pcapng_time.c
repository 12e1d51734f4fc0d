/* pcapng's time stamps: 64 bits of any unit, to 64 bits of microseconds. */
#include "pcapng_time.h"

#include <stdbool.h>

#define TSRESOL_BINARY 0x80
#define US_PER_SECOND 1000000
#define US_DIGITS 6

/* binary_us takes the whole seconds, and the rest by long multiplication in two halves: 64 bits
 * times a million are 84. */
static uint64_t
binary_us(uint64_t ticks, unsigned exponent)
{
	uint64_t seconds = exponent < 64 ? ticks >> exponent : 0;
	uint64_t rest = exponent < 64 ? ticks - (seconds << exponent) : ticks;
	uint64_t low = (rest & UINT32_MAX) * US_PER_SECOND;
	uint64_t high = (rest >> 32) * US_PER_SECOND + (low >> 32);
	uint64_t us = 0;

	if (exponent < 32)
		us = low >> exponent; /* rest fits into the low half, and all of it is in low */
	else if (exponent < 32 + 64)
		us = high >> (exponent - 32);
	if (__builtin_mul_overflow(seconds, (uint64_t)US_PER_SECOND, &seconds) ||
	    __builtin_add_overflow(seconds, us, &us))
		return UINT64_MAX;
	return us;
}

static uint64_t
decimal_us(uint64_t ticks, unsigned exponent)
{
	for (; exponent < US_DIGITS; exponent++) {
		if (__builtin_mul_overflow(ticks, (uint64_t)10, &ticks))
			return UINT64_MAX;
	}
	for (; exponent > US_DIGITS && ticks > 0; exponent--)
		ticks /= 10;
	return ticks;
}

static uint64_t
unit_us(uint64_t ticks, uint8_t tsresol)
{
	unsigned exponent = tsresol & (TSRESOL_BINARY - 1);

	return (tsresol & TSRESOL_BINARY) != 0 ? binary_us(ticks, exponent)
					       : decimal_us(ticks, exponent);
}

/* signed_us takes ticks for a negative number where they would be 292000 years and more: there are
 * writers that count backwards from 1970. */
static int64_t
signed_us(uint64_t ticks, uint8_t tsresol)
{
	uint64_t us = unit_us(ticks, tsresol);

	if (us <= INT64_MAX)
		return (int64_t)us;
	if (ticks <= INT64_MAX)
		return INT64_MAX;
	us = unit_us(-ticks, tsresol);
	return us <= INT64_MAX ? -(int64_t)us : INT64_MIN;
}

int64_t
pcapng_us(uint64_t ticks, uint8_t tsresol, int64_t tsoffset)
{
	int64_t us = signed_us(ticks, tsresol);
	int64_t offset;

	if (__builtin_mul_overflow(tsoffset, (int64_t)US_PER_SECOND, &offset) ||
	    __builtin_add_overflow(us, offset, &us))
		return tsoffset < 0 ? INT64_MIN : INT64_MAX;
	return us;
}
