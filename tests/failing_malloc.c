/* Memory that runs out on purpose: linked into a test, or preloaded into any program
 * (tests/out_of_memory.sh), where FAIL_AT says which allocation from main on is the first to fail,
 * FAIL_LASTING that all after it do too, and FAIL_COUNT names a file that gets how many there were.
 */
#include "failing_malloc.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct failing_malloc seen;
static size_t first;
static bool all_after, failing, counting;
static int count_fd = -1; /* of FAIL_COUNT */

/* libseccomp's code, which does not survive a failure: src/sandbox/sandbox_filter.c asks for its memory beforehand. */
static uintptr_t spared_begin, spared_end;

static int
find_spared(struct dl_phdr_info *object, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	if (strstr(object->dlpi_name, "/libseccomp.so") == NULL)
		return 0;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];

		if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
			continue;
		spared_begin = object->dlpi_addr + part->p_vaddr;
		spared_end = spared_begin + part->p_memsz;
	}
	return 1;
}

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
	const char *count = getenv("FAIL_COUNT");

	/* At the end a sandbox may not let it open anything. */
	if (count != NULL)
		count_fd = open(count, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	dl_iterate_phdr(find_spared, NULL);
	if (at != NULL)
		failing_malloc_begin(strtoul(at, NULL, 10), getenv("FAIL_LASTING") != NULL);
}

__attribute__((destructor)) static void
tell_the_count(void)
{
	if (count_fd < 0)
		return;
	dprintf(count_fd, "%zu\n", failing_malloc_end().asked);
	close(count_fd);
}

#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define REPLACED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define REPLACED 0
#endif
#endif

#ifndef REPLACED

/* glibc aborts where it cannot read nsswitch.conf for want of memory. */
struct passwd *
getpwnam(const char *name)
{
	struct passwd *(*real)(const char *) = (struct passwd * (*)(const char *)) dlsym(RTLD_NEXT, "getpwnam");
	bool was_failing = failing;
	struct passwd *found;

	failing = false;
	found = real(name);
	failing = was_failing;
	return found;
}

/* glibc's own, under the names that stay when malloc is replaced. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *old);

static bool
fails_now(void *by)
{
	if (!failing || ((uintptr_t)by >= spared_begin && (uintptr_t)by < spared_end))
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
aligned_alloc(size_t alignment, size_t size)
{
	return fails_now(__builtin_return_address(0)) ? NULL : held(__libc_memalign(alignment, size));
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
