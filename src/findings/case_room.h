/* The cases' own room: shared by case.c, which keeps them, and case_report.c, which judges them, and by nobody else. */
#ifndef SRC_FINDINGS_CASE_ROOM_H
#define SRC_FINDINGS_CASE_ROOM_H

#include "case.h"

/* The last so many of a kind of event, the oldest at first. */
struct event_ring {
	struct event **events;
	size_t room, first, n;
};

struct cases {
	const struct trust *trust;
	struct handshake **ring; /* LIMIT_HANDSHAKES of them, the oldest at first */
	size_t first, n;
	size_t held; /* their handshake_weight */
	struct event_ring kept;      /* who is who, and what was transferred */
	struct event_ring questions; /* look-ups and pings */
	size_t events_held; /* their event_weight */
	struct report report;
	struct findings findings;
};

static inline struct event *
ring_at(const struct event_ring *ring, size_t i)
{
	return ring->events[(ring->first + i) % ring->room];
}

/* case_report_free frees the report that was given. */
void case_report_free(struct cases *cases);

#endif
