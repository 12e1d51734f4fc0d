/* The watch's own room: shared by watch.c, watch_phone.c, watch_gateway.c and watch_say.c, and by nobody else. */
#ifndef SRC_WATCH_WATCH_ROOM_H
#define SRC_WATCH_WATCH_ROOM_H

#include "watch.h"
#include "watched.h"

#define SECOND INT64_C(1000000)

struct watch {
	void (*say)(void *arg, const struct change *change);
	void *arg;
	struct table phones, gateways;
	const struct report *report; /* being read */
	int64_t now_us, due_us;
	int64_t known_us; /* whatever was seen before that has been looked at: who was forgotten is not begun anew by it */
	int64_t minute; /* in which so many changes were said, */
	unsigned said;
	uint64_t unsaid; /* and so many were not */
	bool out_of_memory;
};

/* watch_behind gives the findings behind the first n, of which there may be none. */
static inline const struct finding *
watch_behind(const struct finding *findings, size_t n)
{
	return n > 0 ? findings + n : findings;
}

/* watch_due notes when to look again. */
void watch_due(struct watch *watch, int64_t us);

/* watch_say_begin begins to say what is true now. watch_say says a change, watch_say_of one of somebody who may be flapping;
 * watch_say_unsaid says how many were not said. */
void watch_say_begin(struct watch *watch);
void watch_say(struct watch *watch, struct change change);
void watch_say_of(struct watch *watch, struct flaps *flaps, struct change change);
void watch_say_unsaid(struct watch *watch);

/* watch_who begins a change about a phone, which stub then is; watch_where begins one about a gateway. */
struct change watch_who(const struct watched_phone *phone, struct phone *stub, enum change_kind kind);
struct change watch_where(const struct watched_gateway *gateway, enum change_kind kind);

/* watch_gateway takes what a visit shows of its gateway; watch_gateways looks which certificates end, and who is calm again. */
void watch_gateway(struct watch *watch, const struct visit *visit);
void watch_gateways(struct watch *watch);

/* watch_phone takes how a phone fares now; findings are its own and those of its visits, n of them. */
void watch_phone(struct watch *watch, struct watched_phone *phone, const struct phone *now, const struct finding *findings,
		 size_t n);

/* watch_phone_calm looks whether it has stopped flapping. */
void watch_phone_calm(struct watch *watch, struct watched_phone *phone);

#endif
