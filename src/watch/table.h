/* Things found again by a key, in the order in which they were seen last. */
#ifndef SRC_WATCH_TABLE_H
#define SRC_WATCH_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { TABLE_KEY = 20, TABLE_BUCKETS = 1024 };

/* The first member of whatever is kept. */
struct table_item {
	struct table_item *next; /* of the same bucket */
	struct table_item *newer, *older;
	uint8_t key[TABLE_KEY];
	int64_t seen_us;
};

/* Zeroed is a good beginning. The items are the caller's. */
struct table {
	struct table_item *bucket[TABLE_BUCKETS];
	struct table_item *newest, *oldest;
	size_t n;
};

/* table_find gives the item with this key; NULL: there is none. */
struct table_item *table_find(const struct table *table, const uint8_t key[TABLE_KEY]);

/* table_put takes an item, whose key and time are set and whose key is not there; table_take takes it out. */
void table_put(struct table *table, struct table_item *item);
void table_take(struct table *table, struct table_item *item);

/* table_see says that an item was seen; what was before it was seen last is nothing new. */
void table_see(struct table *table, struct table_item *item, int64_t us);

#endif
