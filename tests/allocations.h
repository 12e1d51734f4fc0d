/* Makes one allocation fail on purpose. Programs that use it are linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=tsearch. */
#ifndef TESTS_ALLOCATIONS_H
#define TESTS_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

/* allocations_fail makes the nth allocation from now on fail, counting from 1; 0: none. */
void allocations_fail(size_t nth);

/* allocations_failed says whether it came to that, and lets all succeed again. */
bool allocations_failed(void);

/* What a library is given for its own malloc and realloc, so that its allocations count too. */
void *allocations_malloc(size_t size);
void *allocations_realloc(void *old, size_t size);

#endif
