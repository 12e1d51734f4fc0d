/* Which handshakes matter: a span port carries a PC's browser too. */
#ifndef SRC_FINDINGS_MATTER_H
#define SRC_FINDINGS_MATTER_H

#include "case.h"

/* matter_judge sets of every visit why it matters and which configuration speaks for it, and of every phone who it
 * is. False when out of memory. */
bool matter_judge(struct report *report);

#endif
