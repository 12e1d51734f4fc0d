/* The flow table: chained hashing over a pool that never grows, and two lists by age. */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

#include "limit.h"

#define BUCKETS (LIMIT_FLOWS * 2)

struct flow_list {
	struct flow *newest, *oldest;
	size_t n;
};

struct flow_table {
	uint64_t seed;
	struct flow *bucket[BUCKETS];
	struct flow *pool;      /* LIMIT_FLOWS of them */
	size_t used;            /* of the pool, before any was given back */
	struct flow *free_list; /* given back, by next */
	struct flow_list list[2]; /* done, open */
};

struct flow_table *
flow_table_new(uint64_t seed)
{
	struct flow_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->pool = calloc(LIMIT_FLOWS, sizeof(table->pool[0]));
	if (table->pool == NULL) {
		free(table);
		return NULL;
	}
	table->seed = seed;
	return table;
}

void
flow_table_free(struct flow_table *table)
{
	if (table == NULL)
		return;
	free(table->pool);
	free(table);
}

unsigned
flow_key_make(struct flow_key *key, uint8_t protocol, const struct ip_addr *src, uint16_t src_port,
	      const struct ip_addr *dst, uint16_t dst_port)
{
	int order = memcmp(src, dst, sizeof(*src));
	unsigned dir = order > 0 || (order == 0 && src_port > dst_port);

	key->ip[dir] = *src;
	key->ip[!dir] = *dst;
	key->port[dir] = src_port;
	key->port[!dir] = dst_port;
	key->protocol = protocol;
	return dir;
}

static bool
same_key(const struct flow_key *a, const struct flow_key *b)
{
	return a->port[0] == b->port[0] && a->port[1] == b->port[1] && a->protocol == b->protocol &&
	       memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

/* A multiply-and-fold of the key's words under a secret seed (the idea of wyhash): nobody who cannot read the seed
 * can aim at a bucket. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static struct flow **
bucket_of(struct flow_table *table, const struct flow_key *key)
{
	uint64_t word[4];
	uint64_t hash = table->seed;

	memcpy(word, key->ip, sizeof(word));
	for (size_t i = 0; i < 4; i++)
		hash = fold(hash ^ word[i], UINT64_C(0x9e3779b97f4a7c15) ^ table->seed);
	hash = fold(hash ^ ((uint64_t)key->port[0] << 32 | (uint64_t)key->port[1] << 16 | key->protocol),
		    UINT64_C(0xd6e8feb86659fd93));
	return &table->bucket[hash % BUCKETS];
}

struct flow *
flow_find(struct flow_table *table, const struct flow_key *key)
{
	struct flow *flow = *bucket_of(table, key);

	while (flow != NULL && !same_key(&flow->key, key))
		flow = flow->next;
	return flow;
}

static void
unlink_from_list(struct flow_table *table, struct flow *flow)
{
	struct flow_list *list = &table->list[flow->open];

	list->n--;
	if (flow->newer != NULL)
		flow->newer->older = flow->older;
	else
		list->newest = flow->older;
	if (flow->older != NULL)
		flow->older->newer = flow->newer;
	else
		list->oldest = flow->newer;
}

static void
link_newest(struct flow_table *table, struct flow *flow)
{
	struct flow_list *list = &table->list[flow->open];

	list->n++;
	flow->newer = NULL;
	flow->older = list->newest;
	if (list->newest != NULL)
		list->newest->newer = flow;
	else
		list->oldest = flow;
	list->newest = flow;
}

bool
flow_table_full(const struct flow_table *table)
{
	return table->free_list == NULL && table->used == LIMIT_FLOWS;
}

size_t
flow_count_open(const struct flow_table *table)
{
	return table->list[true].n;
}

struct flow *
flow_add(struct flow_table *table, const struct flow_key *key, int64_t us)
{
	struct flow **bucket = bucket_of(table, key);
	struct flow *flow = table->free_list;

	if (flow_table_full(table))
		return NULL;
	if (flow != NULL)
		table->free_list = flow->next;
	else
		flow = &table->pool[table->used++];
	*flow = (struct flow){.key = *key, .next = *bucket, .last_us = us};
	*bucket = flow;
	link_newest(table, flow);
	return flow;
}

void
flow_touch(struct flow_table *table, struct flow *flow, int64_t us)
{
	flow->last_us = us;
	if (flow->newer == NULL)
		return;
	unlink_from_list(table, flow);
	link_newest(table, flow);
}

void
flow_set_open(struct flow_table *table, struct flow *flow, bool open)
{
	if (flow->open == open)
		return;
	unlink_from_list(table, flow);
	flow->open = open;
	link_newest(table, flow);
}

struct flow *
flow_oldest(struct flow_table *table, bool open)
{
	return table->list[open].oldest;
}

void
flow_remove(struct flow_table *table, struct flow *flow)
{
	struct flow **at = bucket_of(table, &flow->key);

	while (*at != flow)
		at = &(*at)->next;
	*at = flow->next;
	unlink_from_list(table, flow);
	flow->next = table->free_list;
	table->free_list = flow;
}
