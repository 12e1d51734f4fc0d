/* When to look for news again: soon, but never so often that looking costs more than a tenth of the time. While frames come
 * they bring the time; the machine's clocks are read here for what looking costs, and for the time that passes without any. */
#ifndef SRC_WATCH_PACE_H
#define SRC_WATCH_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Before a live frame is given it may take so long. */
#define PACE_ON_ITS_WAY_US 1000000

struct pace {
	int64_t next_us;  /* when to look again; INT64_MAX: when there is something new */
	int64_t after_us; /* but not before */
	int64_t last_us;  /* when it was looked last */
	int64_t begun_ns;
	bool reads_file;  /* what looking costs is not measured, but guessed: the same file gives the same bytes out */
};

void pace_begin(struct pace *pace, bool reads_file);

/* pace_news says that there is something new; pace_due says whether to look now, in the frames' time. */
void pace_news(struct pace *pace);
bool pace_due(const struct pace *pace, int64_t now_us);

/* pace_when gives the time of the look that is due: between the last frame's and now. */
int64_t pace_when(const struct pace *pace, int64_t last_us, int64_t now_us);

/* pace_look and pace_looked stand around a look at so many handshakes and events. due: when there may be something without
 * anything new having come, INT64_MAX: never. */
void pace_look(struct pace *pace);
void pace_looked(struct pace *pace, int64_t now_us, int64_t due_us, size_t looked_at);

/* pace_clock gives the time where no frame does, microseconds since 1970. */
int64_t pace_clock(void);

#endif
