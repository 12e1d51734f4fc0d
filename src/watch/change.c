/* What --watch says. */
#include "change.h"

const char *
change_name(enum change_kind kind)
{
	static const char *const names[] = {
		[CHANGE_NEW_LEAF] = "new-leaf",   [CHANGE_EXPIRES] = "expires",     [CHANGE_EXPIRED] = "expired",
		[CHANGE_MISFIT] = "misfit",       [CHANGE_FITS] = "fits",           [CHANGE_FAILING] = "failing",
		[CHANGE_WELL] = "well",           [CHANGE_FLAPPING] = "flapping",   [CHANGE_CALM] = "calm",
		[CHANGE_FORGOTTEN] = "forgotten", [CHANGE_UNSAID] = "unsaid",
	};

	return names[kind];
}

const char *
forgotten_name(enum forgotten why)
{
	static const char *const names[] = {
		[FORGOTTEN_UNSEEN] = "unseen",
		[FORGOTTEN_PHONES] = "phones",
		[FORGOTTEN_GATEWAYS] = "gateways",
		[FORGOTTEN_LEAVES] = "leaves",
	};

	return names[why];
}
