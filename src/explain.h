/* --explain: what a finding means, how it is decided, how it is mended. */
#ifndef SRC_EXPLAIN_H
#define SRC_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

/* explain writes one finding's page; false when there is no finding of this id. */
bool explain(FILE *to, const char *id);

/* explain_all writes the whole table as Markdown: docs/findings.md is made of it. */
void explain_all(FILE *to);

#endif
