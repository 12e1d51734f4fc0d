/* Every way a capture can cut a sample: what a test gives to each dissector, so that reading one byte too
 * many is a sanitizer's error and not luck. */
#ifndef TESTS_PREFIXES_H
#define TESTS_PREFIXES_H

#include <stdlib.h>
#include <string.h>

#include "dissectors/slice.h"

/* every_prefix calls dissect with the first 0, 1, ... n bytes at bytes, each in an allocation that ends
 * where the prefix ends. */
static inline void
every_prefix(const uint8_t *bytes, size_t n, void (*dissect)(struct slice prefix, void *arg), void *arg)
{
	for (size_t len = 0; len <= n; len++) {
		/* One byte in front: an allocation of no bytes would not be guarded at its end. */
		uint8_t *copy = malloc(len + 1);

		if (copy == NULL)
			abort();
		if (len > 0)
			memcpy(copy + 1, bytes, len);
		dissect(slice_of(copy + 1, len), arg);
		free(copy);
	}
}

#endif
