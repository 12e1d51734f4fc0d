/* How a phone fares. */
#ifndef SRC_FINDINGS_VERDICT_H
#define SRC_FINDINGS_VERDICT_H

#include "case.h"

/* verdict_give gives every visit that matters its verdict, and every phone the worst of them; the findings stand by then. */
void verdict_give(struct report *report);

#endif
