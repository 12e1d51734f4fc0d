/* What all text that leaves a room must be. */
#ifndef TESTS_FUZZ_PRINTABLE_H
#define TESTS_FUZZ_PRINTABLE_H

#include <stdlib.h>

#include "src/limit.h"
#include "src/text.h"

/* must_be_printable stops the fuzzer at text that is too long, or that escaping would still change. */
static inline void
must_be_printable(const char *text)
{
	char *again;

	if (text == NULL)
		return;
	again = text_escape_name(slice_of(text, strlen(text)));
	if (strlen(text) > LIMIT_TEXT || again == NULL || strcmp(text, again) != 0)
		abort();
	free(again);
}

#endif
