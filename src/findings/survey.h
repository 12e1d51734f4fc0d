/* What is true of all visits together, found once so that rules need not look through them all for each handshake. */
#ifndef SRC_FINDINGS_SURVEY_H
#define SRC_FINDINGS_SURVEY_H

#include "case.h"

/* survey fills in the report's visits_that_matter and keys, and each visit's keys and fitting. Which visits matter is
 * known by then. False when out of memory. */
bool survey(struct report *report);

#endif
