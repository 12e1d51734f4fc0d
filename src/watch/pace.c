/* When to look for news again. */
#include "pace.h"

#include <time.h>

#include "limit.h"

#define SECOND INT64_C(1000000)

static int64_t
clock_ns(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void
pace_begin(struct pace *pace, bool reads_file)
{
	*pace = (struct pace){.next_us = INT64_MAX, .after_us = INT64_MIN, .last_us = INT64_MIN / 2, .reads_file = reads_file};
}

void
pace_news(struct pace *pace)
{
	pace->next_us = pace->after_us;
}

/* A clock that was set back is no reason to wait. */
bool
pace_due(const struct pace *pace, int64_t now_us)
{
	return now_us >= pace->next_us || (now_us < pace->last_us - SECOND && pace->next_us != INT64_MAX);
}

int64_t
pace_when(const struct pace *pace, int64_t last_us, int64_t now_us)
{
	int64_t when_us = pace->next_us > last_us ? pace->next_us : last_us;

	return when_us < now_us ? when_us : now_us;
}

void
pace_look(struct pace *pace)
{
	pace->begun_ns = pace->reads_file ? 0 : clock_ns(CLOCK_MONOTONIC);
}

void
pace_looked(struct pace *pace, int64_t now_us, int64_t due_us, size_t looked_at)
{
	int64_t rest_us = (int64_t)(looked_at / LIMIT_LOOK_AT) * LIMIT_LOOK_US;

	if (!pace->reads_file)
		rest_us = (clock_ns(CLOCK_MONOTONIC) - pace->begun_ns) / 1000 * LIMIT_LOOK_RATIO;
	pace->last_us = now_us;
	pace->after_us = now_us + (rest_us > LIMIT_LOOK_US ? rest_us : LIMIT_LOOK_US);
	pace->next_us = due_us > pace->after_us ? due_us : pace->after_us;
}

int64_t
pace_clock(void)
{
	return clock_ns(CLOCK_REALTIME) / 1000;
}
