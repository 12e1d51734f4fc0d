/* --watch: which phones there are, and which are forgotten. */
#include "watch.h"

#include <stdlib.h>

#include "watch_room.h"

struct watch *
watch_new(void (*say)(void *arg, const struct change *change), void *arg)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL)
		return NULL;
	watch->say = say;
	watch->arg = arg;
	watch->minute = watch->known_us = INT64_MIN;
	return watch;
}

static void
forget(struct watch *watch, struct watched_phone *phone)
{
	table_take(&watch->phones, &phone->item);
	free(phone);
}

void
watch_free(struct watch *watch)
{
	if (watch == NULL)
		return;
	while (watch->phones.n > 0)
		forget(watch, (struct watched_phone *)watch->phones.oldest);
	while (watch->gateways.n > 0) {
		struct watched_gateway *gateway = (struct watched_gateway *)watch->gateways.oldest;

		table_take(&watch->gateways, &gateway->item);
		watched_gateway_free(gateway);
	}
	free(watch);
}

static void
forget_oldest(struct watch *watch, enum forgotten why)
{
	struct watched_phone *oldest = (struct watched_phone *)watch->phones.oldest;
	struct phone stub;
	struct change change = watch_who(oldest, &stub, CHANGE_FORGOTTEN);

	change.why = why;
	watch_say(watch, change);
	forget(watch, oldest);
}

static void
forget_unseen(struct watch *watch)
{
	const int64_t most = LIMIT_WATCHED_SECONDS * SECOND;

	while (watch->phones.n > 0 && watch->phones.oldest->seen_us < watch->now_us - most)
		forget_oldest(watch, FORGOTTEN_UNSEEN);
	if (watch->phones.n > 0)
		watch_due(watch, watch->phones.oldest->seen_us + most + 1);
}

static void
later(int64_t *us, int64_t than)
{
	*us = than > *us ? than : *us;
}

static int64_t
last_seen_us(const struct phone *phone)
{
	int64_t seen_us = INT64_MIN;

	for (size_t e = 0; e < phone->n_events; e++) {
		later(&seen_us, phone->events[e]->last.us);
		later(&seen_us, phone->events[e]->again_us);
	}
	for (size_t v = 0; v < phone->n_visits; v++)
		for (size_t i = 0; i < phone->visits[v].n; i++)
			later(&seen_us, phone->visits[v].handshakes[i]->last.us);
	return seen_us;
}

/* A phone, who comes to a gateway, and who comes nowhere and has a finding. */
static bool
is_watched(const struct report *report, const struct phone *phone, size_t n_findings)
{
	if (phone->is_phone || (phone->n_visits == 0 && n_findings > 0))
		return true;
	for (size_t v = 0; v < phone->n_visits; v++)
		if (phone->visits[v].matters != 0 && (phone->visits[v].matters != MATTERS_ALL || report->trust->all))
			return true;
	return false;
}

/* The one known by its address alone who now has a name; NULL: there is none. */
static struct watched_phone *
find_nameless(struct watch *watch, const struct phone *phone)
{
	struct table_item *item = NULL;
	uint8_t key[TABLE_KEY];

	for (size_t i = 0; phone->name[0] != '\0' && i < phone->n_addresses && item == NULL; i++) {
		watched_key_of_ip(&phone->addresses[i].ip, key);
		item = table_find(&watch->phones, key);
	}
	if (item != NULL)
		table_take(&watch->phones, item);
	return (struct watched_phone *)item;
}

/* NULL when out of memory, or where nothing new is seen of one who was forgotten. */
static struct watched_phone *
find(struct watch *watch, const struct phone *phone, int64_t seen_us)
{
	struct watched_phone *watched;
	uint8_t key[TABLE_KEY];

	watched_key(phone, key);
	watched = (struct watched_phone *)table_find(&watch->phones, key);
	if (watched != NULL)
		return watched;
	watched = find_nameless(watch, phone);
	if (watched == NULL && seen_us < watch->known_us)
		return NULL;
	if (watched == NULL && watch->phones.n == LIMIT_WATCHED)
		forget_oldest(watch, FORGOTTEN_PHONES);
	if (watched == NULL)
		watched = calloc(1, sizeof(*watched));
	if (watched == NULL) {
		watch->out_of_memory = true;
		return NULL;
	}
	memcpy(watched->item.key, key, sizeof(key));
	watched->item.seen_us = INT64_MIN;
	memcpy(watched->name, phone->name, sizeof(watched->name));
	watched->ip = phone->ip;
	watched->has_mac = phone->has_mac;
	memcpy(watched->mac, phone->mac, sizeof(watched->mac));
	table_put(&watch->phones, &watched->item);
	return watched;
}

static void
read_phone(struct watch *watch, const struct phone *phone, const struct finding *findings, size_t n)
{
	int64_t seen_us = last_seen_us(phone);
	struct watched_phone *watched;

	if (!is_watched(watch->report, phone, n) || seen_us < watch->now_us - LIMIT_WATCHED_SECONDS * SECOND)
		return;
	watched = find(watch, phone, seen_us);
	if (watched == NULL)
		return;
	table_see(&watch->phones, &watched->item, seen_us);
	watch_phone(watch, watched, phone, findings, n);
}

bool
watch_read(struct watch *watch, const struct report *report, int64_t now_us, int64_t *due_us)
{
	size_t f = 0;

	watch->report = report;
	watch->now_us = now_us;
	watch->due_us = INT64_MAX;
	watch_say_begin(watch);
	for (size_t p = 0; p < report->n_phones && !watch->out_of_memory; p++) {
		size_t first = f;

		while (f < report->n_findings && report->findings[f].phone == &report->phones[p])
			f++;
		read_phone(watch, &report->phones[p], watch_behind(report->findings, first), f - first);
	}
	for (struct table_item *item = watch->phones.oldest; item != NULL; item = item->newer)
		watch_phone_calm(watch, (struct watched_phone *)item);
	watch_gateways(watch);
	forget_unseen(watch);
	*due_us = watch->due_us;
	watch->known_us = now_us - 2 * LIMIT_HANDSHAKE_SECONDS * SECOND;
	return !watch->out_of_memory;
}

void
watch_end(struct watch *watch)
{
	watch_say_unsaid(watch);
}
