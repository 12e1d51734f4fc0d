/* Things found again by a key, in the order in which they were seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/watch/table.h"

enum { MANY = 5 * TABLE_BUCKETS };

static struct table table;
static struct table_item items[MANY];

static void
put(size_t i, int64_t us)
{
	memset(&items[i], 0, sizeof(items[i]));
	memcpy(items[i].key, &i, sizeof(i));
	items[i].seen_us = us;
	table_put(&table, &items[i]);
}

/* order wants these, the newest first, both ways. */
static void
order(const char *expected)
{
	size_t n = strlen(expected), i = 0;

	assert_int_equal(table.n, n);
	for (const struct table_item *item = table.newest; item != NULL; item = item->older, i++)
		assert_int_equal(item - items, expected[i] - '0');
	assert_int_equal(i, n);
	for (const struct table_item *item = table.oldest; item != NULL; item = item->newer)
		assert_int_equal(item - items, expected[--i] - '0');
}

static void
who_was_seen_last_stands_first(void **state)
{
	(void)state;
	table = (struct table){.n = 0};
	order("");
	put(0, 10);
	put(1, 20);
	put(2, 30);
	order("210");
	table_see(&table, &items[0], 40);
	order("021");
	table_see(&table, &items[1], 20); /* that is known */
	table_see(&table, &items[1], 5);
	order("021");
	assert_int_equal(items[1].seen_us, 20);
	table_see(&table, &items[0], 50);
	order("021");
	table_take(&table, &items[2]);
	order("01");
	table_take(&table, &items[1]);
	table_take(&table, &items[0]);
	order("");
}

static void
each_is_found_by_its_key(void **state)
{
	(void)state;
	table = (struct table){.n = 0};
	for (size_t i = 0; i < MANY; i++)
		put(i, 1);
	for (size_t i = 0; i < MANY; i++)
		assert_ptr_equal(table_find(&table, items[i].key), &items[i]);
	for (size_t i = 0; i < MANY; i += 2)
		table_take(&table, &items[i]);
	for (size_t i = 0; i < MANY; i++)
		assert_ptr_equal(table_find(&table, items[i].key), i % 2 == 0 ? NULL : &items[i]);
	assert_int_equal(table.n, MANY / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_seen_last_stands_first),
		cmocka_unit_test(each_is_found_by_its_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
