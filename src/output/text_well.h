/* What is said of a visit where all is well: what was checked, and what could not be. */
#ifndef SRC_OUTPUT_TEXT_WELL_H
#define SRC_OUTPUT_TEXT_WELL_H

#include "findings/case.h"
#include "wrap.h"

/* text_well adds to the line whole sentences on a visit that has no findings. */
void text_well(struct wrap *wrap, const struct report *report, const struct visit *visit);

#endif
