/* Findings as they arise: what a report says that the last ones did not, as far as no later one will take it back. */
#ifndef SRC_WATCH_NEWS_H
#define SRC_WATCH_NEWS_H

#include "findings/case.h"

struct noted;

/* Zeroed is a good beginning. */
struct news {
	struct noted *list; /* of the findings that the last report had */
	size_t n;
	int64_t due_us; /* when one that still had to stand has stood long enough; INT64_MAX: there is none */
};

/* news_read gives say each finding of the report that was not said before, or is more severe than it was said to be, and
 * is settled by now: it will be in the report at the end, if what it rests on is not forgotten by then. now: the frames'
 * time, microseconds. False when out of memory. */
bool news_read(struct news *news, const struct report *report, int64_t now_us,
	       void (*say)(void *arg, const struct finding *finding), void *arg);

void news_free(struct news *news);

#endif
