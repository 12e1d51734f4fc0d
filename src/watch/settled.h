/* What is true of a finding now, and will be at the end. */
#ifndef SRC_WATCH_SETTLED_H
#define SRC_WATCH_SETTLED_H

#include "findings/case.h"

/* settled_visit says whether a visit will go on to matter, and the same configuration to speak for it. */
bool settled_visit(const struct report *report, const struct visit *visit);

/* settled_finding says whether nothing but what its rule's patience is for can take a finding back. */
bool settled_finding(const struct report *report, const struct finding *finding);

#endif
