/* Things found again by a key. */
#include "table.h"

#include <string.h>

/* FNV-1a. Whoever makes keys that fall into one bucket makes no more than a list of them, which has its limit. */
static size_t
bucket_of(const uint8_t key[TABLE_KEY])
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < TABLE_KEY; i++)
		h = (h ^ key[i]) * UINT64_C(0x100000001b3);
	return h % TABLE_BUCKETS;
}

struct table_item *
table_find(const struct table *table, const uint8_t key[TABLE_KEY])
{
	struct table_item *item = table->bucket[bucket_of(key)];

	while (item != NULL && memcmp(item->key, key, TABLE_KEY) != 0)
		item = item->next;
	return item;
}

static void
link_newest(struct table *table, struct table_item *item)
{
	item->newer = NULL;
	item->older = table->newest;
	*(item->older != NULL ? &item->older->newer : &table->oldest) = item;
	table->newest = item;
}

static void
unlink_by_age(struct table *table, struct table_item *item)
{
	*(item->newer != NULL ? &item->newer->older : &table->newest) = item->older;
	*(item->older != NULL ? &item->older->newer : &table->oldest) = item->newer;
}

void
table_put(struct table *table, struct table_item *item)
{
	struct table_item **bucket = &table->bucket[bucket_of(item->key)];

	item->next = *bucket;
	*bucket = item;
	link_newest(table, item);
	table->n++;
}

void
table_take(struct table *table, struct table_item *item)
{
	struct table_item **at = &table->bucket[bucket_of(item->key)];

	while (*at != item)
		at = &(*at)->next;
	*at = item->next;
	unlink_by_age(table, item);
	table->n--;
}

void
table_see(struct table *table, struct table_item *item, int64_t us)
{
	if (us <= item->seen_us)
		return;
	item->seen_us = us;
	unlink_by_age(table, item);
	link_newest(table, item);
}
