/* pcapng's time stamps in microseconds. */
#ifndef SRC_CAPTURE_PCAPNG_TIME_H
#define SRC_CAPTURE_PCAPNG_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* What a time stamp counts where its interface does not say: 10^-6 seconds. */
#define TSRESOL_DEFAULT 6

/* pcapng_us gives the microseconds since 1970 of a time stamp in ticks of 10^-tsresol seconds,
 * 2^-tsresol where tsresol's highest bit is set, and of tsoffset seconds. What an int64_t does not
 * hold is negative where the ticks can be, else the furthest it does hold. */
int64_t pcapng_us(uint64_t ticks, uint8_t tsresol, int64_t tsoffset);

/* pcapng_ns gives the nanoseconds that pcapng_us leaves out, below 1000; none of what 64 bits of
 * nanoseconds do not hold. */
uint32_t pcapng_ns(uint64_t ticks, uint8_t tsresol);

/* pcapng_counts_ns says whether time stamps of this tsresol can have such. */
bool pcapng_counts_ns(uint8_t tsresol);

#endif
