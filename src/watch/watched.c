/* What --watch keeps in mind. */
#include "watched.h"

#include <stdlib.h>

/* The first byte of a key: no two kinds share one. */
enum key_kind { KEY_NAME = 1, KEY_IP, KEY_MAC, KEY_SERVER };

static void
begin_key(enum key_kind kind, const void *bytes, size_t n, uint8_t key[TABLE_KEY])
{
	memset(key, 0, TABLE_KEY);
	key[0] = (uint8_t)kind;
	memcpy(key + 1, bytes, n);
}

void
watched_key_of_ip(const struct ip_addr *ip, uint8_t key[TABLE_KEY])
{
	begin_key(KEY_IP, ip, sizeof(*ip), key);
}

void
watched_key(const struct phone *phone, uint8_t key[TABLE_KEY])
{
	if (phone->name[0] != '\0')
		begin_key(KEY_NAME, phone->name, strlen(phone->name), key);
	else if (ip_is_set(&phone->ip))
		watched_key_of_ip(&phone->ip, key);
	else
		begin_key(KEY_MAC, phone->mac, sizeof(phone->mac), key);
}

void
watched_key_of_server(const struct ip_addr *ip, uint16_t port, uint8_t key[TABLE_KEY])
{
	begin_key(KEY_SERVER, ip, sizeof(*ip), key);
	memcpy(key + 1 + sizeof(*ip), &port, sizeof(port));
}

struct watched_visit *
watched_visit(struct watched_phone *phone, const struct ip_addr *server)
{
	for (size_t v = 0; v < phone->n_visits; v++)
		if (memcmp(&phone->visits[v].server, server, sizeof(*server)) == 0)
			return &phone->visits[v];
	return NULL;
}

struct watched_visit *
watched_visit_begin(struct watched_phone *phone, const struct ip_addr *server)
{
	struct watched_visit *place = watched_visit(phone, server);

	if (place != NULL)
		return place;
	place = &phone->visits[0];
	for (size_t v = 1; v < phone->n_visits; v++)
		if (phone->visits[v].seen_us < place->seen_us)
			place = &phone->visits[v];
	if (phone->n_visits < LIMIT_WATCHED_VISITS)
		place = &phone->visits[phone->n_visits++];
	*place = (struct watched_visit){.server = *server};
	return place;
}

struct watched_leaf *
watched_leaf(struct watched_gateway *gateway, const struct cert *cert)
{
	for (size_t i = 0; i < gateway->n_leaves; i++)
		if (memcmp(gateway->leaves[i].sha1, cert->sha1, SHA1_SIZE) == 0)
			return &gateway->leaves[i];
	return NULL;
}

struct watched_leaf *
watched_leaf_oldest(struct watched_gateway *gateway)
{
	struct watched_leaf *oldest = &gateway->leaves[0];

	if (gateway->n_leaves < LIMIT_GATEWAY_LEAVES)
		return &gateway->leaves[gateway->n_leaves];
	for (size_t i = 1; i < gateway->n_leaves; i++)
		if (gateway->leaves[i].seen_us < oldest->seen_us)
			oldest = &gateway->leaves[i];
	return oldest;
}

void
watched_gateway_free(struct watched_gateway *gateway)
{
	if (gateway == NULL)
		return;
	for (size_t i = 0; i < gateway->n_leaves; i++)
		free(gateway->leaves[i].name);
	free(gateway);
}
