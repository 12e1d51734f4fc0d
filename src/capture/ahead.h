/* A file's bytes, read far ahead into one large buffer and given out where they lie there: frames
 * are not copied. */
#ifndef SRC_CAPTURE_AHEAD_H
#define SRC_CAPTURE_AHEAD_H

#include <sys/types.h>

#include "dissectors/slice.h"

/* Where the bytes come from: read fills up to n of them and says how many, 0 at the end, -1 on
 * error. It may give few: nobody waits for more than he asks for. */
struct ahead_source {
	ssize_t (*read)(void *arg, void *to, size_t n);
	void *arg;
};

struct ahead {
	struct ahead_source source;
	uint8_t *buffer; /* owned: ahead_end frees it */
	size_t room;
	struct slice unread; /* whoever reads takes from its front; the bytes live until ahead_have */
	uint64_t given;	     /* by the source so far */
	bool ended;	     /* the source has no more */
	bool out_of_memory;  /* there was none for the bytes, or for whoever reads them */
};

/* ahead_start makes a ready to read; false when out of memory. */
bool ahead_start(struct ahead *a, struct ahead_source source);

void ahead_end(struct ahead *a);

/* ahead_fill reads until n bytes are unread, which it may move; a larger buffer is made where that
 * takes one. False when they do not come: ended, out_of_memory, or the source failed. */
bool ahead_fill(struct ahead *a, size_t n);

/* ahead_over says, when ahead_fill failed, whether nothing was left: a good place for an end. */
bool ahead_over(const struct ahead *a);

/* ahead_lack says why ahead_fill failed; at_end is what to say of a source that ended. */
const char *ahead_lack(const struct ahead *a, const char *at_end);

/* ahead_have asks for n bytes in unread. */
static inline bool
ahead_have(struct ahead *a, size_t n)
{
	return a->unread.n >= n || ahead_fill(a, n);
}

/* ahead_offset is where unread begins in the file. */
static inline uint64_t
ahead_offset(const struct ahead *a)
{
	return a->given - a->unread.n;
}

#endif
