/* A change as a line of a log: time, phone, gateway, what. */
#ifndef SRC_OUTPUT_TEXT_CHANGE_H
#define SRC_OUTPUT_TEXT_CHANGE_H

#include <stdio.h>

#include "watch/change.h"

/* text_change writes it. "-" stands where it is about no phone, or about no gateway. */
void text_change(FILE *to, const struct change *change);

#endif
