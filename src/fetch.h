/* What was last read long ago takes the time of a hundred instructions and more to come from memory: who knows what is read next asks
 * for it before. */
#ifndef SRC_FETCH_H
#define SRC_FETCH_H

#include <stddef.h>

#define CACHE_LINE 64

/* fetch asks for n bytes, which may be anybody's by now. */
static inline void
fetch(const void *bytes, size_t n)
{
	for (size_t at = 0; at < n; at += CACHE_LINE)
		__builtin_prefetch((const char *)bytes + at);
}

#endif
