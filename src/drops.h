/* Packets that the kernel or an interface dropped: how many, and when, as far as that is known. */
#ifndef SRC_DROPS_H
#define SRC_DROPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "limit.h"

struct drop_span {
	int64_t from_us, to_us; /* as in struct when */
};

struct drops {
	uint64_t kernel, interface;
	size_t n; /* 0: nobody knows when */
	struct drop_span spans[LIMIT_DROP_SPANS];
};

/* drops_add counts what was dropped between two times. */
void drops_add(struct drops *drops, uint64_t kernel, uint64_t interface, int64_t from_us, int64_t to_us);

/* drops_touch says whether something may have been dropped between two times, or shortly before or after. */
bool drops_touch(const struct drops *drops, int64_t from_us, int64_t to_us);

#endif
