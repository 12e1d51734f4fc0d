/* pcapng's time stamps: 64 bits of any unit, to 64 bits of microseconds. */
#include "pcapng_time.h"

#define TSRESOL_BINARY 0x80
#define US_PER_SECOND 1000000
#define US_DIGITS 6
#define US_BITS 20
#define NS_DIGITS 9

/* binary_units takes the whole seconds, and the rest by long multiplication in two halves: 64 bits
 * times 10^9 are 94. */
static uint64_t
binary_units(uint64_t ticks, unsigned exponent, uint64_t per_second)
{
	uint64_t seconds = exponent < 64 ? ticks >> exponent : 0;
	uint64_t rest = exponent < 64 ? ticks - (seconds << exponent) : ticks;
	uint64_t low = (rest & UINT32_MAX) * per_second;
	uint64_t high = (rest >> 32) * per_second + (low >> 32);
	uint64_t units = 0;

	if (exponent < 32)
		units = low >> exponent; /* rest fits into the low half, and all of it is in low */
	else if (exponent < 32 + 64)
		units = high >> (exponent - 32);
	if (__builtin_mul_overflow(seconds, per_second, &seconds) ||
	    __builtin_add_overflow(seconds, units, &units))
		return UINT64_MAX;
	return units;
}

static const uint64_t powers_of_10[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
	1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
	1000000000000000000, 10000000000000000000U};

#define POWERS_OF_10 (sizeof powers_of_10 / sizeof powers_of_10[0])

static uint64_t
decimal_units(uint64_t ticks, unsigned exponent, unsigned digits)
{
	if (exponent > digits)
		return exponent - digits < POWERS_OF_10 ? ticks / powers_of_10[exponent - digits] : 0;
	if (__builtin_mul_overflow(ticks, powers_of_10[digits - exponent], &ticks))
		return UINT64_MAX;
	return ticks;
}

/* units gives ticks in 10^-digits seconds; what does not fit is UINT64_MAX. */
static uint64_t
units(uint64_t ticks, uint8_t tsresol, unsigned digits)
{
	unsigned exponent = tsresol & (TSRESOL_BINARY - 1);

	return (tsresol & TSRESOL_BINARY) != 0
		       ? binary_units(ticks, exponent, powers_of_10[digits])
		       : decimal_units(ticks, exponent, digits);
}

/* signed_us takes ticks for a negative number where they would be 292000 years and more: there are
 * writers that count backwards from 1970. */
static int64_t
signed_us(uint64_t ticks, uint8_t tsresol)
{
	uint64_t us = units(ticks, tsresol, US_DIGITS);

	if (us <= INT64_MAX)
		return (int64_t)us;
	if (ticks <= INT64_MAX)
		return INT64_MAX;
	us = units(-ticks, tsresol, US_DIGITS);
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

uint32_t
pcapng_ns(uint64_t ticks, uint8_t tsresol)
{
	uint64_t ns = units(ticks, tsresol, NS_DIGITS);

	return ns == UINT64_MAX ? 0 : (uint32_t)(ns % 1000);
}

bool
pcapng_counts_ns(uint8_t tsresol)
{
	unsigned exponent = tsresol & (TSRESOL_BINARY - 1);

	return exponent > ((tsresol & TSRESOL_BINARY) != 0 ? US_BITS : US_DIGITS);
}
