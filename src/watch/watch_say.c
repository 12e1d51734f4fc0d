/* How changes are said: not more often than anybody can read. */
#include "watch_room.h"

#define MINUTE (60 * SECOND)

void
watch_due(struct watch *watch, int64_t us)
{
	if (us < watch->due_us)
		watch->due_us = us;
}

void
watch_say_unsaid(struct watch *watch)
{
	struct change change = {.kind = CHANGE_UNSAID, .us = watch->now_us, .n = watch->unsaid};

	if (watch->unsaid > 0)
		watch->say(watch->arg, &change);
	watch->unsaid = 0;
}

void
watch_say_begin(struct watch *watch)
{
	int64_t minute = watch->now_us / MINUTE;

	if (minute != watch->minute) {
		watch_say_unsaid(watch);
		watch->minute = minute;
		watch->said = 0;
	}
	if (watch->unsaid > 0)
		watch_due(watch, (minute + 1) * MINUTE);
}

void
watch_say(struct watch *watch, struct change change)
{
	if (watch->said == LIMIT_CHANGES_A_MINUTE) {
		watch->unsaid++;
		watch_due(watch, (watch->minute + 1) * MINUTE);
		return;
	}
	watch->said++;
	change.us = watch->now_us;
	watch->say(watch->arg, &change);
}

void
watch_say_of(struct watch *watch, struct flaps *flaps, struct change change)
{
	struct change flapping = {.kind = CHANGE_FLAPPING, .phone = change.phone};

	switch (flaps_change(flaps, watch->now_us)) {
	case FLAPS_CHANGE:
		watch_say(watch, change);
		break;
	case FLAPS_BEGINNING:
		if (change.phone == NULL) {
			flapping = change;
			flapping.kind = CHANGE_FLAPPING;
			flapping.has_leaf = false;
		}
		watch_say(watch, flapping);
		break;
	case FLAPS_NOTHING:
		break;
	}
}

struct change
watch_who(const struct watched_phone *phone, struct phone *stub, enum change_kind kind)
{
	*stub = (struct phone){.ip = phone->ip, .has_mac = phone->has_mac};
	memcpy(stub->name, phone->name, sizeof(stub->name));
	memcpy(stub->mac, phone->mac, sizeof(stub->mac));
	return (struct change){.kind = kind, .phone = stub};
}

struct change
watch_where(const struct watched_gateway *gateway, enum change_kind kind)
{
	return (struct change){
		.kind = kind,
		.has_gateway = true,
		.server = gateway->server,
		.port = gateway->port,
		.host = gateway->host[0] != '\0' ? gateway->host : NULL,
	};
}
