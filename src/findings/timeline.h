/* The story of each phone: what happened to it, step by step, up to where it ends. */
#ifndef SRC_FINDINGS_TIMELINE_H
#define SRC_FINDINGS_TIMELINE_H

#include "case.h"

/* timeline_tell fills in the timeline of every phone that has a story or a visit that matters; the findings stand by
 * then. False when out of memory. */
bool timeline_tell(struct report *report);

#endif
