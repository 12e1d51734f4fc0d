/* --show: what phones' files say, and who vouches for them. */
#ifndef SRC_SHOW_H
#define SRC_SHOW_H

#include <stdio.h>

#include "findings/case.h"

enum show_form { SHOW_TEXT, SHOW_STYLED, SHOW_JSON };

/* show writes what is in each of n files. Their signatures are held against the trust lists of trust, and against those of
 * the files that are trust lists. False, with the reason said, where one cannot be read or is none that phones have. */
bool show(FILE *to, char *const *paths, size_t n, const struct trust *trust, enum show_form form);

#endif
