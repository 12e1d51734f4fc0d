/* A report made by hand, for the tests of the sinks: one phone that fails, one that is well, one
 * that is neither. */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include <stdio.h>

#include "src/findings/case.h"

enum { SAMPLE_FAILING, SAMPLE_WELL, SAMPLE_UNKNOWN, SAMPLE_PHONES };

/* sample_report makes it anew; what the last call gave is then gone. */
struct report *sample_report(void);

/* sample_tally gives the counts that go with it. */
const struct tally *sample_tally(void);

/* sample_print gives what a sink prints of it, to be freed. */
char *sample_print(void (*print)(FILE *to));

#endif
