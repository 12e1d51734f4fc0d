/* --watch: what changes about phones and gateways, for days. A report says how things are; what is said here is how they
 * differ from what was said of them before. */
#ifndef SRC_WATCH_WATCH_H
#define SRC_WATCH_WATCH_H

#include "change.h"

struct watch;

/* watch_new begins to watch; say takes each change, whose texts live until it returns. NULL when out of memory. */
struct watch *watch_new(void (*say)(void *arg, const struct change *change), void *arg);
void watch_free(struct watch *watch);

/* watch_read says what has changed. *due_us becomes when something may change without anything new having come, INT64_MAX:
 * never. now: the frames' time, microseconds. False when out of memory. */
bool watch_read(struct watch *watch, const struct report *report, int64_t now_us, int64_t *due_us);

/* watch_end says that the last input is over: how much was not said. */
void watch_end(struct watch *watch);

#endif
