/* The flow table: chained hashing over a pool that never grows, and lists by age for each part.
 *
 * What it costs is what it misses in the cache, so what every packet touches is small: a flow is named by its place in the
 * pool, in two bytes; what is said of places is apart from the pool, and of the pool itself only the flow that is looked for is
 * read. */
#include "flow.h"

#include <stdlib.h>

#include "fetch.h"
#include "limit.h"

#define BUCKETS 65536

/* The lists are rings. Each begins and ends at a place that no flow has, the number of the list. 0 also stands for no flow. */
#define FIRST_PLACE (FLOW_LISTS * LIMIT_PARTS)
#define PLACES (FIRST_PLACE + LIMIT_FLOWS)

struct place {
	uint16_t next; /* in a bucket, or in the free list */
	uint16_t tag;  /* of the key's hash what the bucket does not tell: another tag is another flow */
	uint16_t newer, older;
};

struct flow_table {
	uint64_t secret[5];
	struct flow *pool;  /* PLACES of them */
	size_t used;        /* places, before any was given back */
	uint16_t free_list; /* given back, by next */
	uint16_t n[FIRST_PLACE]; /* by list */
	uint16_t bucket[BUCKETS];
	struct place places[PLACES];
};

_Static_assert(sizeof(struct flow) == CACHE_LINE, "a flow is a cache line");
_Static_assert(PLACES <= UINT16_MAX + 1, "two bytes name a place");

/* splitmix64: numbers that have nothing in common, of one. */
static uint64_t
next_secret(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

struct flow_table *
flow_table_new(uint64_t seed)
{
	struct flow_table *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->pool = aligned_alloc(CACHE_LINE, PLACES * sizeof(table->pool[0]));
	if (table->pool == NULL) {
		free(table);
		return NULL;
	}
	for (size_t i = 0; i < 5; i++)
		table->secret[i] = next_secret(&seed);
	for (uint16_t list = 0; list < FIRST_PLACE; list++)
		table->places[list] = (struct place){.newer = list, .older = list};
	table->used = FIRST_PLACE;
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

/* Eight bytes of an address, the first one weighing the most. */
static inline uint64_t
number(const uint8_t *b)
{
	return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 | (uint64_t)b[3] << 32 |
	       (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 | (uint64_t)b[6] << 8 | b[7];
}

unsigned
flow_key_make(struct flow_key *key, uint8_t protocol, const struct ip_addr *src, uint16_t src_port,
	      const struct ip_addr *dst, uint16_t dst_port)
{
	const uint64_t from[2] = {number(src->b), number(src->b + 8)};
	const uint64_t to[2] = {number(dst->b), number(dst->b + 8)};
	unsigned dir;

	if (from[0] != to[0])
		dir = from[0] > to[0];
	else if (from[1] != to[1])
		dir = from[1] > to[1];
	else
		dir = src_port > dst_port;
	key->ip[dir][0] = from[0];
	key->ip[dir][1] = from[1];
	key->ip[!dir][0] = to[0];
	key->ip[!dir][1] = to[1];
	key->ports = (uint64_t)src_port << (32 - 16 * dir) | (uint64_t)dst_port << (16 + 16 * dir) | protocol;
	return dir;
}

static bool
same_key(const struct flow_key *a, const struct flow_key *b)
{
	return a->ports == b->ports && a->ip[0][0] == b->ip[0][0] && a->ip[0][1] == b->ip[0][1] &&
	       a->ip[1][0] == b->ip[1][0] && a->ip[1][1] == b->ip[1][1];
}

/* Multiply and fold (the idea of wyhash), each word under a secret of its own: nobody who cannot read them can aim at a
 * bucket. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The same in every process: who aims at a part gets no more than that part. */
unsigned
flow_part(const struct flow_key *key)
{
	const uint64_t lower = fold(key->ip[0][0] ^ UINT64_C(0xa0761d6478bd642f), key->ip[0][1] ^ UINT64_C(0xe7037ed1a0b428db));
	const uint64_t upper = fold(key->ip[1][0] ^ UINT64_C(0x8ebc6af09c88c6e3), key->ip[1][1] ^ UINT64_C(0x589965cc75374cc3));

	return (unsigned)(fold(lower, upper ^ UINT64_C(0x1d8e4e27c47d124f)) % LIMIT_PARTS);
}

static inline uint64_t
hash(const struct flow_table *table, const struct flow_key *key)
{
	const uint64_t *secret = table->secret;
	const uint64_t lower = fold(key->ip[0][0] ^ secret[0], key->ip[0][1] ^ secret[1]);
	const uint64_t upper = fold(key->ip[1][0] ^ secret[2], key->ip[1][1] ^ secret[3]);

	return fold(lower ^ key->ports, upper ^ secret[4]);
}

static inline uint16_t
tag_of(uint64_t hash)
{
	return (uint16_t)(hash / BUCKETS);
}

struct flow *
flow_find(struct flow_table *table, const struct flow_key *key)
{
	const uint64_t h = hash(table, key);
	const uint16_t tag = tag_of(h);
	uint16_t place = table->bucket[h % BUCKETS];

	while (place != 0 && (table->places[place].tag != tag || !same_key(&table->pool[place].key, key)))
		place = table->places[place].next;
	return place != 0 ? &table->pool[place] : NULL;
}

static uint16_t
place_of(const struct flow_table *table, const struct flow *flow)
{
	return (uint16_t)(flow - table->pool);
}

static void
unlink_by_age(struct flow_table *table, uint16_t place)
{
	const uint16_t newer = table->places[place].newer, older = table->places[place].older;

	table->places[newer].older = older;
	table->places[older].newer = newer;
}

static uint16_t
list_of(unsigned part, enum flow_list list)
{
	return (uint16_t)(FLOW_LISTS * part + list);
}

static void
link_newest(struct flow_table *table, uint16_t place)
{
	const struct flow *flow = &table->pool[place];
	const uint16_t list = list_of(flow->part, flow->list), older = table->places[list].older;

	table->places[place].newer = list;
	table->places[place].older = older;
	table->places[older].newer = place;
	table->places[list].older = place;
}

size_t
flow_count(const struct flow_table *table, unsigned part, enum flow_list list)
{
	return table->n[list_of(part, list)];
}

bool
flow_part_full(const struct flow_table *table, unsigned part)
{
	size_t n = 0;

	for (unsigned list = 0; list < FLOW_LISTS; list++)
		n += flow_count(table, part, list);
	return n == LIMIT_FLOWS / LIMIT_PARTS;
}

struct flow *
flow_add(struct flow_table *table, const struct flow_key *key, int64_t us)
{
	const unsigned part = flow_part(key);
	const uint64_t h = hash(table, key);
	uint16_t *bucket = &table->bucket[h % BUCKETS];
	uint16_t place = table->free_list;

	if (flow_part_full(table, part))
		return NULL;
	if (place != 0)
		table->free_list = table->places[place].next;
	else
		place = (uint16_t)table->used++;
	table->n[list_of(part, FLOW_DONE)]++;
	table->pool[place] = (struct flow){.key = *key, .part = (uint8_t)part, .last_us = us};
	table->places[place].next = *bucket;
	table->places[place].tag = tag_of(h);
	*bucket = place;
	link_newest(table, place);
	return &table->pool[place];
}

void
flow_touch(struct flow_table *table, struct flow *flow, int64_t us)
{
	uint16_t place = place_of(table, flow);

	flow->last_us = us;
	unlink_by_age(table, place);
	link_newest(table, place);
}

void
flow_move(struct flow_table *table, struct flow *flow, enum flow_list list)
{
	uint16_t place = place_of(table, flow);

	if (flow->list == list)
		return;
	unlink_by_age(table, place);
	table->n[list_of(flow->part, flow->list)]--;
	flow->list = (uint8_t)list;
	table->n[list_of(flow->part, list)]++;
	link_newest(table, place);
}

struct flow *
flow_oldest(struct flow_table *table, unsigned part, enum flow_list list)
{
	const uint16_t ring = list_of(part, list), oldest = table->places[ring].newer;

	return oldest != ring ? &table->pool[oldest] : NULL;
}

static uint16_t *
bucket_of(struct flow_table *table, uint16_t place)
{
	return &table->bucket[hash(table, &table->pool[place].key) % BUCKETS];
}

/* Each is there when it is asked where the next one lies: the third's key for its bucket, the bucket for who stands first in it. */
void
flow_fetch_oldest(struct flow_table *table, unsigned part, enum flow_list list)
{
	const uint16_t oldest = table->places[list_of(part, list)].newer, second = table->places[oldest].newer;
	const uint16_t third = table->places[second].newer;

	if (second < FIRST_PLACE)
		return;
	fetch(&table->pool[third], sizeof(table->pool[0]));
	fetch(&table->places[third], sizeof(table->places[0]));
	fetch(bucket_of(table, second), sizeof(table->bucket[0]));
	fetch(&table->places[*bucket_of(table, oldest)], sizeof(table->places[0]));
}

void
flow_remove(struct flow_table *table, struct flow *flow)
{
	uint16_t place = place_of(table, flow);
	uint16_t *at = bucket_of(table, place);

	while (*at != place)
		at = &table->places[*at].next;
	*at = table->places[place].next;
	unlink_by_age(table, place);
	table->n[list_of(flow->part, flow->list)]--;
	table->places[place].next = table->free_list;
	table->free_list = place;
}
