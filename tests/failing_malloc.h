/* Memory that runs out on purpose, for a whole process: in libnids, libpcap, OpenSSL and libxml2
 * too, which tests/allocations.h does not reach. */
#ifndef TESTS_FAILING_MALLOC_H
#define TESTS_FAILING_MALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* failing_malloc_works says whether malloc is ours: not beside a sanitizer or under valgrind, which
 * have one of their own, and with glibc alone. */
bool failing_malloc_works(void);

/* failing_malloc_begin makes the nth allocation from now on fail, counting from 1, or with lasting
 * it and all after it; 0: none. */
void failing_malloc_begin(size_t nth, bool lasting);

/* failing_malloc_relent lets all succeed again. */
void failing_malloc_relent(void);

/* What happened since failing_malloc_begin. */
struct failing_malloc {
	size_t asked; /* allocations, until failing_malloc_relent */
	bool failed;  /* one of them at least */
	void *by;     /* an address in who asked for the first that failed */
	long held;    /* blocks that were allocated, less those that were freed */
};

/* failing_malloc_end relents, and counts no more. */
struct failing_malloc failing_malloc_end(void);

#endif
