/* What every sink asks of a report before it writes of a phone. */
#ifndef SRC_OUTPUT_ABOUT_H
#define SRC_OUTPUT_ABOUT_H

#include "findings/case.h"

/* Findings that stand together. */
struct span {
	const struct finding *first;
	size_t n;
};

/* about_phone cuts the findings of a phone off the front of rest; about_own those of the phone itself, about_visit those
 * of one of its visits. Phones and visits are asked for in their order. */
struct span about_phone(struct span *rest, const struct phone *phone);
struct span about_own(struct span *rest);
struct span about_visit(struct span *rest, const struct visit *visit);

/* about_matters says whether a report speaks of a phone at all. */
bool about_matters(const struct phone *phone, struct span findings);

/* about_has_story says whether anything worth telling happened to it beside its handshakes: an address, which everybody
 * gets, is so for phones alone. */
bool about_has_story(const struct phone *phone);

/* about_encrypted gives the transfer that brought the last configuration that only the phone can read; NULL: none, or one
 * in clear came later. */
const struct event *about_encrypted(const struct phone *phone);

#endif
