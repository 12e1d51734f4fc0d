/* A workload on its way into a pcap file: packets of a full gigabit link, and chance that is the same each time. */
#ifndef BENCH_OUT_H
#define BENCH_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Without its checksum. Shorter ones are filled up, as Ethernet does. */
#define OUT_FRAME_LEAST 60
#define OUT_FRAME_MOST 2048

struct out {
	uint64_t n, most; /* packets */
	uint64_t ns;      /* since 1970 */
	uint64_t random;
};

/* out_begin writes the file's header to stdout; most packets will be taken. */
void out_begin(struct out *out, uint64_t most);

/* out_packet writes a frame of at most OUT_FRAME_MOST bytes, and lets the clock run for as long as a gigabit link
 * takes for it. What comes after the last packet is lost. */
void out_packet(struct out *out, const uint8_t *frame, size_t n);

/* out_until lets the clock run on to a time, unless it is past that. */
void out_until(struct out *out, uint64_t ns);

/* out_end is false where the file could not be written. */
bool out_end(struct out *out);

static inline bool
out_full(const struct out *out)
{
	return out->n >= out->most;
}

/* out_random is SplitMix64: fast, and the same everywhere. */
static inline uint64_t
out_random(struct out *out)
{
	uint64_t z = out->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

#endif
