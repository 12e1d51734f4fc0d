/* Makes one allocation fail on purpose. */
#include "tests/allocations.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>

static size_t countdown;
static bool failed;

/* The linker's names: __wrap_x is called for x, and __real_x is x. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_tsearch(const void *key, void **root, int (*compare)(const void *, const void *));
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_tsearch(const void *key, void **root, int (*compare)(const void *, const void *));

void
allocations_fail(size_t nth)
{
	countdown = nth;
	failed = false;
}

bool
allocations_failed(void)
{
	countdown = 0;
	return failed;
}

static bool
fails_now(void)
{
	if (countdown == 0 || --countdown > 0)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return fails_now() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails_now() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return fails_now() ? NULL : __real_realloc(old, size);
}

void *
__wrap_tsearch(const void *key, void **root, int (*compare)(const void *, const void *))
{
	return fails_now() ? NULL : __real_tsearch(key, root, compare);
}

void *
allocations_malloc(size_t size)
{
	return __wrap_malloc(size);
}

void *
allocations_realloc(void *old, size_t size)
{
	return __wrap_realloc(old, size);
}
