/* Gateways: the leaves that they show, and how long these are valid. */
#include <stdio.h>
#include <stdlib.h>

#include "settled.h"
#include "watch_room.h"

#define DAY INT64_C(86400)

static struct change
about_leaf(const struct watched_gateway *gateway, const struct watched_leaf *leaf, enum change_kind kind)
{
	struct change change = watch_where(gateway, kind);

	change.has_leaf = true;
	change.leaf = (struct change_leaf){.name = leaf->name, .has_dates = leaf->has_dates, .not_after = leaf->not_after};
	hash_base64(leaf->sha1, SHA1_SIZE, change.leaf.hash);
	return change;
}

static void
forget_oldest(struct watch *watch)
{
	struct watched_gateway *oldest = (struct watched_gateway *)watch->gateways.oldest;
	struct change change = watch_where(oldest, CHANGE_FORGOTTEN);

	change.why = FORGOTTEN_GATEWAYS;
	watch_say(watch, change);
	table_take(&watch->gateways, &oldest->item);
	watched_gateway_free(oldest);
}

/* NULL when out of memory, or where nothing new is seen of one that was forgotten. */
static struct watched_gateway *
find(struct watch *watch, const struct visit *visit, int64_t seen_us)
{
	struct watched_gateway *gateway;
	uint8_t key[TABLE_KEY];

	watched_key_of_server(&visit->server, visit->port, key);
	gateway = (struct watched_gateway *)table_find(&watch->gateways, key);
	if (gateway != NULL || seen_us < watch->known_us)
		return gateway;
	if (watch->gateways.n == LIMIT_WATCHED_GATEWAYS)
		forget_oldest(watch);
	gateway = calloc(1, sizeof(*gateway));
	if (gateway == NULL) {
		watch->out_of_memory = true;
		return NULL;
	}
	memcpy(gateway->item.key, key, sizeof(key));
	gateway->item.seen_us = INT64_MIN;
	gateway->server = visit->server;
	gateway->port = visit->port;
	table_put(&watch->gateways, &gateway->item);
	return gateway;
}

/* Makes the leaf of a certificate that the gateway had not shown; NULL when out of memory. */
static struct watched_leaf *
add_leaf(struct watch *watch, struct watched_gateway *gateway, const struct cert *cert)
{
	struct watched_leaf *leaf = watched_leaf_oldest(gateway);
	char *name = cert->subject != NULL ? strdup(cert->subject) : NULL;

	if (name == NULL && cert->subject != NULL) {
		watch->out_of_memory = true;
		return NULL;
	}
	if (gateway->n_leaves == LIMIT_GATEWAY_LEAVES) {
		struct change change = about_leaf(gateway, leaf, CHANGE_FORGOTTEN);

		change.why = FORGOTTEN_LEAVES;
		if (!gateway->flaps.flapping)
			watch_say(watch, change);
		free(leaf->name);
	} else {
		gateway->n_leaves++;
	}
	*leaf = (struct watched_leaf){
		.name = name,
		.has_dates = cert->has_dates,
		.not_after = cert->not_after,
		.ec = cert->key_type != NULL && strcmp(cert->key_type, "EC") == 0,
		.seen_us = INT64_MIN,
	};
	memcpy(leaf->sha1, cert->sha1, SHA1_SIZE);
	watch_say_of(watch, &gateway->flaps, about_leaf(gateway, leaf, CHANGE_NEW_LEAF));
	return leaf;
}

void
watch_gateway(struct watch *watch, const struct visit *visit)
{
	struct watched_gateway *gateway = NULL;
	const struct cert *last = NULL;
	struct watched_leaf *leaf = NULL;

	if (!settled_visit(watch->report, visit))
		return;
	for (size_t i = 0; i < visit->n && !watch->out_of_memory; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct cert *cert = handshake_leaf(handshake, SIDE_SERVER);

		if (gateway == NULL && cert != NULL)
			gateway = find(watch, visit, handshake->last.us);
		if (gateway == NULL || cert == NULL)
			continue;
		if (visit->host != NULL)
			snprintf(gateway->host, sizeof(gateway->host), "%s", visit->host);
		table_see(&watch->gateways, &gateway->item, handshake->last.us);
		if (cert != last)
			leaf = watched_leaf(gateway, cert);
		if (leaf == NULL && handshake->last.us >= watch->known_us)
			leaf = add_leaf(watch, gateway, cert);
		if (leaf != NULL && handshake->last.us > leaf->seen_us)
			leaf->seen_us = handshake->last.us;
		last = cert;
	}
}

/* ---- how long they are valid ---- */

/* A renewed certificate takes the place of the last one of its kind. */
static bool
is_shown(const struct watched_gateway *gateway, const struct watched_leaf *leaf)
{
	for (size_t i = 0; i < gateway->n_leaves; i++)
		if (gateway->leaves[i].ec == leaf->ec && gateway->leaves[i].seen_us > leaf->seen_us)
			return false;
	return true;
}

static void
look_at_end(struct watch *watch, const struct watched_gateway *gateway, struct watched_leaf *leaf)
{
	static const int64_t days[] = {LIMIT_EXPIRY_DAYS, LIMIT_EXPIRY_DAYS_AGAIN, LIMIT_EXPIRY_DAYS_LAST, 0};
	const struct trust *trust = watch->report->trust;
	int64_t now = trust->has_now ? trust->now : watch->now_us / SECOND;
	unsigned warned = leaf->warned;

	while (warned < sizeof(days) / sizeof(days[0]) && now >= leaf->not_after - days[warned] * DAY)
		warned++;
	if (warned < sizeof(days) / sizeof(days[0]) && !trust->has_now)
		watch_due(watch, (leaf->not_after - days[warned] * DAY) * SECOND);
	if (warned > leaf->warned) {
		struct change change = about_leaf(gateway, leaf, CHANGE_EXPIRED);

		if (now < leaf->not_after) {
			change.kind = CHANGE_EXPIRES;
			change.n = (uint64_t)((leaf->not_after - now) / DAY);
		}
		watch_say(watch, change);
	}
	leaf->warned = warned;
}

void
watch_gateways(struct watch *watch)
{
	for (struct table_item *item = watch->gateways.oldest; item != NULL; item = item->newer) {
		struct watched_gateway *gateway = (struct watched_gateway *)item;

		for (size_t i = 0; i < gateway->n_leaves; i++)
			if (gateway->leaves[i].has_dates && is_shown(gateway, &gateway->leaves[i]))
				look_at_end(watch, gateway, &gateway->leaves[i]);
		if (flaps_calm(&gateway->flaps, watch->now_us, &watch->due_us))
			watch_say(watch, watch_where(gateway, CHANGE_CALM));
	}
}
