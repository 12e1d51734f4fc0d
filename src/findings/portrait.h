/* What is known of each phone, by itself: name, model, firmware, certificate, and the configurations it received. */
#ifndef SRC_FINDINGS_PORTRAIT_H
#define SRC_FINDINGS_PORTRAIT_H

#include "case.h"

/* portrait_draw fills that in for every phone of the report, and the report's told. False when out of memory. */
bool portrait_draw(struct report *report);

#endif
