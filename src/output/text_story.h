/* The story of one phone as people read it: a line a step. */
#ifndef SRC_OUTPUT_TEXT_STORY_H
#define SRC_OUTPUT_TEXT_STORY_H

#include "findings/case.h"
#include "wrap.h"

/* text_story writes all steps, like ones folded, the first that failed marked. */
void text_story(struct wrap *wrap, const struct phone *phone);

/* text_story_short says in one line that there is a story. */
void text_story_short(struct wrap *wrap, const struct phone *phone);

#endif
