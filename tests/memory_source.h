/* Files in memory, read as capture files are. */
#ifndef TESTS_MEMORY_SOURCE_H
#define TESTS_MEMORY_SOURCE_H

#include <stdlib.h>

#include "src/capture/ahead.h"
#include "tests/pcapng_make.h"

/* It gives at most step bytes at a time, and behind the bytes filler zeros. */
struct memory {
	struct slice rest;
	size_t step;
	uint64_t filler;
	bool fails;
};

static inline ssize_t
memory_read(void *arg, void *to, size_t n)
{
	struct memory *memory = arg;
	size_t step = n < memory->step ? n : memory->step;
	struct slice part = slice_first(memory->rest, step);

	if (part.n > 0)
		return slice_copy(&memory->rest, to, part.n) ? (ssize_t)part.n : -1;
	if (memory->filler == 0)
		return memory->fails ? -1 : 0;
	if (step > memory->filler)
		step = (size_t)memory->filler;
	memory->filler -= step;
	memset(to, 0, step);
	return (ssize_t)step;
}

static inline struct memory
memory_of(const struct made *m)
{
	return (struct memory){.rest = slice_of(m->b, m->n), .step = SIZE_MAX};
}

/* source_ahead starts to read a source; that ends when another one is started. */
static inline struct ahead *
source_ahead(struct ahead_source source)
{
	static struct ahead ahead;

	ahead_end(&ahead);
	if (!ahead_start(&ahead, source))
		abort();
	return &ahead;
}

static inline struct ahead *
memory_ahead(struct memory *memory)
{
	return source_ahead((struct ahead_source){.read = memory_read, .arg = memory});
}

#endif
