/* Memory that runs out on purpose: linked into a test, or preloaded into any program
 * (tests/out_of_memory.sh), where FAIL_AT says which allocation from main on is the first to fail,
 * FAIL_LASTING that all after it do too, and FAIL_COUNT names a file that gets how many there were.
 */
#include "failing_malloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct failing_malloc seen;
static size_t first;
static bool all_after, failing, counting;

void
failing_malloc_begin(size_t nth, bool lasting)
{
	seen = (struct failing_malloc){.asked = 0};
	first = nth;
	all_after = lasting;
	failing = counting = true;
}

void
failing_malloc_relent(void)
{
	failing = false;
}

struct failing_malloc
failing_malloc_end(void)
{
	failing = counting = false;
	return seen;
}

/* The compiler believes that malloc changes nothing it can see, unless it does not know that it is
 * malloc. */
bool
failing_malloc_works(void)
{
	void *(*volatile ask)(size_t) = malloc;

	failing_malloc_begin(1, false);
	free(ask(1));
	return failing_malloc_end().failed;
}

/* Of what is preloaded this runs behind the libraries' own beginnings, and before main. */
__attribute__((constructor)) static void
begin_with_main(void)
{
	const char *at = getenv("FAIL_AT");

	if (at != NULL)
		failing_malloc_begin(strtoul(at, NULL, 10), getenv("FAIL_LASTING") != NULL);
}

__attribute__((destructor)) static void
tell_the_count(void)
{
	const char *path = getenv("FAIL_COUNT");
	int file = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

	if (file < 0)
		return;
	dprintf(file, "%zu\n", failing_malloc_end().asked);
	close(file);
}

#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define REPLACED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define REPLACED 0
#endif
#endif

#ifndef REPLACED

/* glibc's own, under the names that stay when malloc is replaced. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);

static bool
fails_now(void *by)
{
	if (!failing)
		return false;
	seen.asked++;
	if (first == 0 || seen.asked < first || (seen.asked > first && !all_after))
		return false;
	if (!seen.failed)
		seen.by = by;
	seen.failed = true;
	errno = ENOMEM;
	return true;
}

static void *
held(void *block)
{
	if (counting && block != NULL)
		seen.held++;
	return block;
}

void *
malloc(size_t size)
{
	return fails_now(__builtin_return_address(0)) ? NULL : held(__libc_malloc(size));
}

void *
calloc(size_t n, size_t size)
{
	return fails_now(__builtin_return_address(0)) ? NULL : held(__libc_calloc(n, size));
}

void *
realloc(void *old, size_t size)
{
	if (old != NULL && size == 0) {
		free(old);
		return NULL;
	}
	if (fails_now(__builtin_return_address(0)))
		return NULL;
	return old != NULL ? __libc_realloc(old, size) : held(__libc_malloc(size));
}

void
free(void *old)
{
	if (counting && old != NULL)
		seen.held--;
	__libc_free(old);
}

#endif
