/* A finding as people read it: what is wrong, the evidence, the cause, the remedy. */
#ifndef SRC_OUTPUT_TEXT_FINDING_H
#define SRC_OUTPUT_TEXT_FINDING_H

#include "findings/finding.h"
#include "wrap.h"

/* text_finding writes all that there is to say. */
void text_finding(struct wrap *wrap, const struct finding *finding);

/* text_note writes in short what is good to know and mends nothing. */
void text_note(struct wrap *wrap, const struct finding *finding);

/* text_aside says of a phone that is well no more than this case. */
void text_aside(struct wrap *wrap, const struct finding *finding);

/* text_news writes in a paragraph what was found while frames still come; us is their time. */
void text_news(struct wrap *wrap, const struct finding *finding, int64_t us);

#endif
