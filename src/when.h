/* The frame that proves a thing. It rides along everywhere: time comes with the packet, nobody reads a clock. */
#ifndef SRC_WHEN_H
#define SRC_WHEN_H

#include <stdint.h>

struct when {
	uint64_t frame; /* counts from 1 in its input, as Wireshark does; 0: never */
	int64_t us;     /* microseconds since 1970 UTC, may be negative */
};

#endif
