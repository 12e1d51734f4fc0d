/* The flow table, held against a naive one: an array in which everything is looked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/limit.h"
#include "src/stream/flow.h"

enum { KEYS = 300, STEPS = 60000 };

/* What the table should hold: for each key whether it is there, on which list, and since when it is the newest. */
struct expected {
	struct flow_key key;
	struct flow *flow; /* NULL: not there */
	enum flow_list list;
	int64_t us;
	uint64_t moved;
};

static uint64_t seed;

static uint32_t
roll(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % below;
}

static struct flow_key
key_of(uint32_t number, uint8_t protocol)
{
	struct ip_addr src = {{[10] = 0xff, [11] = 0xff, 10, 0, 0, (uint8_t)(number % 5)}};
	struct ip_addr dst = {{0x20, 0x01, [15] = (uint8_t)(number % 3)}};
	struct flow_key key;

	flow_key_make(&key, protocol, &src, (uint16_t)(number >> 16), &dst, (uint16_t)number);
	return key;
}

static void
both_directions_are_one_flow(void **state)
{
	struct ip_addr low = {{[15] = 1}}, high = {{[0] = 0x20}};
	struct flow_key there, back;

	(void)state;
	assert_int_equal(flow_key_make(&there, IP_TCP, &low, 50000, &high, 443), 0);
	assert_int_equal(flow_key_make(&back, IP_TCP, &high, 443, &low, 50000), 1);
	assert_memory_equal(&there, &back, sizeof(there));
	assert_true(there.ip[0][0] == 0 && there.ip[0][1] == 1);
	assert_true(there.ip[1][0] == UINT64_C(0x20) << 56 && there.ip[1][1] == 0);
	assert_int_equal(there.ports >> 32, 50000);
	assert_int_equal(there.ports >> 16 & 0xffff, 443);
	assert_int_equal(flow_protocol(&there), IP_TCP);
	/* a host that talks to itself: the ports tell; and where they are equal too, there is one direction */
	assert_int_equal(flow_key_make(&there, IP_UDP, &low, 1000, &low, 2000), 0);
	assert_int_equal(flow_key_make(&there, IP_UDP, &low, 2000, &low, 1000), 1);
	assert_int_equal(there.ports >> 32, 1000);
	assert_int_equal(flow_key_make(&there, IP_UDP, &low, 500, &low, 500), 0);
	assert_int_equal(flow_protocol(&there), IP_UDP);
}

static void
keys_differ_in_every_part(void **state)
{
	struct flow_table *table = flow_table_new(1);
	struct flow_key key = key_of(7 << 16 | 443, IP_TCP), other = key;
	struct flow *flow;

	(void)state;
	assert_non_null(table);
	flow = flow_add(table, &key, 5);
	assert_ptr_equal(flow_find(table, &key), flow);
	assert_int_equal(flow->last_us, 5);
	assert_int_equal(flow->list, FLOW_DONE);
	assert_true(flow->follower == NULL && flow->dtls == NULL && !flow->has_syn);
	for (size_t bit = 0; bit < 2 * sizeof(struct ip_addr) * 8; bit++) {
		other.ip[bit / 128][bit / 64 % 2] ^= UINT64_C(1) << bit % 64;
		assert_null(flow_find(table, &other));
		other = key;
	}
	for (size_t bit = 0; bit < 48; bit++) {
		other.ports ^= UINT64_C(1) << bit;
		assert_null(flow_find(table, &other));
		other = key;
	}
	flow_remove(table, flow);
	assert_null(flow_find(table, &key));
	flow_table_free(table);
}

/* check_list turns a list round once, from its oldest: each flow on it once, and in the order in which they were moved. */
static void
check_list(struct flow_table *table, const struct expected *expected, unsigned part, enum flow_list list)
{
	uint64_t last = 0;
	size_t n = 0;

	for (size_t k = 0; k < KEYS; k++)
		n += expected[k].flow != NULL && expected[k].list == list && flow_part(&expected[k].key) == part;
	for (size_t i = 0; i < n; i++) {
		struct flow *flow = flow_oldest(table, part, list);
		const struct expected *found = NULL;
		for (size_t k = 0; k < KEYS && found == NULL; k++)
			if (expected[k].flow == flow)
				found = &expected[k];
		assert_non_null(found);
		assert_int_equal(flow->list, list);
		assert_int_equal(flow->part, part);
		assert_true(found->moved > last);
		last = found->moved;
		flow_touch(table, flow, flow->last_us);
	}
	if (n == 0)
		assert_null(flow_oldest(table, part, list));
	assert_int_equal(flow_count(table, part, list), n);
}

static void
check_lists(struct flow_table *table, const struct expected *expected)
{
	for (unsigned part = 0; part < LIMIT_PARTS; part++)
		for (unsigned list = 0; list < FLOW_LISTS; list++)
			check_list(table, expected, part, list);
}

static void
add_or_touch(struct flow_table *table, struct expected *key, int64_t us, uint64_t step)
{
	if (key->flow == NULL) {
		key->flow = flow_add(table, &key->key, us);
		assert_non_null(key->flow);
		key->list = FLOW_DONE;
	} else {
		flow_touch(table, key->flow, us);
	}
	key->us = us;
	key->moved = step;
}

static void
step(struct flow_table *table, struct expected *key, uint64_t number)
{
	enum flow_list list = roll(FLOW_LISTS);

	switch (roll(6)) {
	case 0:
		if (key->flow != NULL)
			flow_remove(table, key->flow);
		key->flow = NULL;
		break;
	case 1:
		if (key->flow == NULL)
			break;
		flow_move(table, key->flow, list);
		if (list != key->list)
			key->moved = number;
		key->list = list;
		break;
	default:
		add_or_touch(table, key, (int64_t)number * 10, number);
		break;
	}
	assert_ptr_equal(flow_find(table, &key->key), key->flow);
	if (key->flow == NULL)
		return;
	assert_memory_equal(&key->flow->key, &key->key, sizeof(key->key));
	assert_int_equal(key->flow->last_us, key->us);
	assert_int_equal(key->flow->list, key->list);
}

static void
as_the_naive_table(void **state)
{
	static struct expected expected[KEYS];
	struct flow_table *table = flow_table_new(UINT64_C(0x123456789abcdef));

	(void)state;
	assert_non_null(table);
	seed = 1;
	for (uint32_t k = 0; k < KEYS; k++)
		expected[k] = (struct expected){.key = key_of(roll(40000) << 16 | (k + 1), k % 2 == 0 ? IP_TCP : IP_UDP)};
	for (uint64_t number = 1; number <= STEPS; number++) {
		step(table, &expected[roll(KEYS)], number);
		if (number % 499 == 0)
			check_lists(table, expected);
	}
	for (size_t k = 0; k < KEYS; k++) {
		assert_ptr_equal(flow_find(table, &expected[k].key), expected[k].flow);
		if (expected[k].flow != NULL)
			flow_remove(table, expected[k].flow);
	}
	for (unsigned part = 0; part < LIMIT_PARTS; part++)
		for (unsigned list = 0; list < FLOW_LISTS; list++) {
			assert_null(flow_oldest(table, part, list));
			assert_int_equal(flow_count(table, part, list), 0);
			flow_fetch_oldest(table, part, list);
		}
	flow_table_free(table);
}

/* The nth flow of a part. */
static struct flow_key
key_in(unsigned part, uint32_t n)
{
	struct flow_key key = {.ports = IP_TCP};

	while (flow_part(&key) != part)
		key.ip[0][1]++;
	key.ports |= (uint64_t)n << 16;
	return key;
}

static void
check_full_part(struct flow_table *table, unsigned part, uint32_t n)
{
	struct flow_key key = key_in(part, n);

	assert_true(flow_part_full(table, part));
	assert_null(flow_add(table, &key, 1));
	assert_null(flow_find(table, &key));
	for (uint32_t i = 0; i < n; i++) {
		key = key_in(part, i);
		assert_non_null(flow_find(table, &key));
		assert_int_equal(flow_find(table, &key)->last_us, i); /* and not its neighbour in the bucket */
	}
	assert_int_equal(flow_oldest(table, part, FLOW_DONE)->last_us, 0);
	flow_remove(table, flow_oldest(table, part, FLOW_DONE));
	assert_int_equal(flow_oldest(table, part, FLOW_DONE)->last_us, 1);
	assert_false(flow_part_full(table, part));
	key = key_in(part, n);
	assert_non_null(flow_add(table, &key, 2));
	assert_true(flow_part_full(table, part));
}

static void
each_part_may_be_full(void **state)
{
	const uint32_t n = LIMIT_FLOWS / LIMIT_PARTS;
	struct flow_table *table = flow_table_new(7);

	(void)state;
	assert_non_null(table);
	for (unsigned part = 0; part < LIMIT_PARTS; part++) {
		for (uint32_t i = 0; i < n; i++) {
			struct flow_key key = key_in(part, i);

			assert_false(flow_part_full(table, part));
			assert_non_null(flow_add(table, &key, i));
			flow_fetch_oldest(table, part, FLOW_DONE);
		}
		check_full_part(table, part, n);
	}
	flow_table_free(table);
	flow_table_free(NULL);
}

/* What was there before is not in the place that it is given next. */
static void
a_place_is_given_again_empty(void **state)
{
	struct flow_table *table = flow_table_new(7);
	struct flow_key key = key_of(1, IP_TCP), other = key_of(2, IP_TCP);
	struct flow *flow, *again;

	(void)state;
	assert_non_null(table);
	flow = flow_add(table, &key, 1);
	flow->has_syn = true;
	flow->syn = 9;
	flow_move(table, flow, FLOW_OPEN);
	flow_fetch_oldest(table, flow_part(&key), FLOW_OPEN);
	flow_remove(table, flow);
	again = flow_add(table, &other, 2);
	assert_ptr_equal(again, flow);
	assert_false(again->has_syn);
	assert_int_equal(again->list, FLOW_DONE);
	assert_int_equal(flow_count(table, flow_part(&key), FLOW_OPEN), 0);
	flow_table_free(table);
}

/* Pairs of addresses, however alike they are, lie in all parts, and as many in one as in another. */
static void
parts_are_even(void **state)
{
	size_t n[LIMIT_PARTS] = {0};

	(void)state;
	for (uint8_t client = 0; client < 100; client++)
		for (uint8_t server = 0; server < 100; server++) {
			struct ip_addr a = {{[10] = 0xff, [11] = 0xff, 10, 0, 0, client}};
			struct ip_addr b = {{[10] = 0xff, [11] = 0xff, 10, 0, 1, server}};
			struct flow_key key, back;

			flow_key_make(&key, IP_TCP, &a, (uint16_t)(1 + client), &b, 443);
			flow_key_make(&back, IP_UDP, &b, 9, &a, (uint16_t)(7 + server));
			assert_int_equal(flow_part(&key), flow_part(&back));
			n[flow_part(&key)]++;
		}
	for (size_t part = 0; part < LIMIT_PARTS; part++)
		assert_in_range(n[part], 10000 / LIMIT_PARTS * 4 / 5, 10000 / LIMIT_PARTS * 6 / 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_directions_are_one_flow),
		cmocka_unit_test(keys_differ_in_every_part),
		cmocka_unit_test(as_the_naive_table),
		cmocka_unit_test(each_part_may_be_full),
		cmocka_unit_test(parts_are_even),
		cmocka_unit_test(a_place_is_given_again_empty),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
