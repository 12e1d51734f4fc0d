/* A change as a line of JSON. */
#ifndef SRC_OUTPUT_JSON_CHANGE_H
#define SRC_OUTPUT_JSON_CHANGE_H

#include <stdio.h>

#include "watch/change.h"

void json_change(FILE *to, const struct change *change);

#endif
