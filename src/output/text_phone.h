/* One phone as people read of it: who it is, and what it was told. */
#ifndef SRC_OUTPUT_TEXT_PHONE_H
#define SRC_OUTPUT_TEXT_PHONE_H

#include "findings/case.h"
#include "wrap.h"

/* text_who writes who it is, and where it is at one of its visits, which may be NULL. */
void text_who(struct wrap *wrap, const struct phone *phone, const struct visit *visit);

/* text_phone writes all that is known of it, and where that is known from. */
void text_phone(struct wrap *wrap, const struct phone *phone);

/* text_phone_brief writes a line for the head of a visit. */
void text_phone_brief(struct wrap *wrap, const struct phone *phone);

/* text_config writes what a phone was told, by the transfer that brought it, where there is one; nothing where config is
 * NULL. */
void text_config(struct wrap *wrap, struct received told);

#endif
