/* What a step of a phone's story says: one sentence. */
#ifndef SRC_FINDINGS_STEP_TEXT_H
#define SRC_FINDINGS_STEP_TEXT_H

#include "case.h"

/* They give the sentence, which the caller frees; NULL when out of memory. */
char *step_text_event(const struct event *event);
char *step_text_handshake(const struct handshake *handshake);
char *step_text_end(const struct phone *phone);

/* step_result_end says what the end of a phone's story is: whether it came to a gateway. */
enum step_result step_result_end(const struct phone *phone);

#endif
