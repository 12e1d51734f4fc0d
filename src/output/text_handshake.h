/* The handshakes of one visit as people read them: like ones folded, each certificate described
 * once. */
#ifndef SRC_OUTPUT_TEXT_HANDSHAKE_H
#define SRC_OUTPUT_TEXT_HANDSHAKE_H

#include "findings/case.h"
#include "wrap.h"

/* text_handshakes writes all handshakes of a visit. */
void text_handshakes(struct wrap *wrap, const struct report *report, const struct visit *visit);

/* text_missing says why something of a handshake is not there: "TLS 1.3 encrypts it". */
const char *text_missing(enum missing_why why);

#endif
