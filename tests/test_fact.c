/* The facts of a handshake: its lists, and one block for all of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "src/tls/fact.h"
#include "tests/allocations.h"

static struct cert_store *store;

static void
fill_hello(struct client_hello_fact *hello, uint32_t cipher, const char *name)
{
	hello->ciphers = calloc(3, sizeof(hello->ciphers[0]));
	hello->ciphers[hello->n_ciphers++] = cipher;
	hello->ciphers[hello->n_ciphers++] = cipher + 1;
	hello->versions = calloc(LIMIT_VERSIONS, sizeof(hello->versions[0]));
	hello->versions[hello->n_versions++] = 0x0304;
	hello->server_name = strdup(name);
	for (uint64_t i = 0; i < LIMIT_REPEATS + 2; i++)
		copies_add(&hello->repeats, (struct when){cipher + i, 0});
}

static void
check_hello(const struct client_hello_fact *hello, uint32_t cipher, const char *name)
{
	assert_int_equal(hello->n_ciphers, 2);
	assert_int_equal(hello->ciphers[0], cipher);
	assert_int_equal(hello->ciphers[1], cipher + 1);
	assert_int_equal(hello->n_versions, 1);
	assert_int_equal(hello->versions[0], 0x0304);
	assert_string_equal(hello->server_name, name);
	assert_int_equal(hello->repeats.n, LIMIT_REPEATS + 2);
	assert_int_equal(hello->repeats.last.frame, cipher + LIMIT_REPEATS + 1);
	for (uint64_t i = 0; i < LIMIT_REPEATS; i++)
		assert_int_equal(hello->repeats.frames[i], cipher + i);
}

static void
fill_certs(struct cert_list_fact *list, const char *leaf, const char *issuer)
{
	list->certs = calloc(2, sizeof(list->certs[0]));
	list->certs[list->n++] = (struct cert_fact){{1, 1}, cert_store_get(store, slice_of(leaf, strlen(leaf)))};
	list->certs[list->n++] = (struct cert_fact){{1, 1}, cert_store_get(store, slice_of(issuer, strlen(issuer)))};
}

/* everything has something in every list, and more than is kept where there are limits. */
static struct handshake *
everything(void)
{
	struct handshake *handshake = handshake_new();
	struct cert_request_fact *request = &handshake->cert_request;

	handshake->id = 7;
	handshake->app_data[SIDE_SERVER].frame = 9;
	fill_hello(&handshake->client_hello, 100, "one.example.test");
	fill_hello(&handshake->first_hello, 200, "two.example.test");
	copies_add(&handshake->server_hello.repeats, (struct when){4, 4});
	fill_certs(&handshake->certs[SIDE_SERVER], "leaf", "issuer");
	fill_certs(&handshake->certs[SIDE_CLIENT], "phone", "issuer");
	request->authorities = calloc(LIMIT_AUTHORITIES, sizeof(request->authorities[0]));
	request->authorities[request->n_authorities++] = strdup("CN=one");
	request->authorities[request->n_authorities++] = strdup("");
	for (uint8_t i = 0; i < LIMIT_ALERTS + 1; i++)
		handshake_add_alert(handshake, (struct alert_fact){.code = i});
	for (uint8_t i = 0; i < LIMIT_HOLES + 1; i++)
		handshake_add_hole(handshake, (struct hole_fact){.offset = i});
	handshake_add_missing(handshake, (struct missing_fact){.field = "a.field"});
	return handshake;
}

static void
check_lists(const struct handshake *handshake)
{
	assert_int_equal(handshake->server_hello.repeats.frames[0], 4);
	assert_int_equal(handshake->cert_request.n_authorities, 2);
	assert_string_equal(handshake->cert_request.authorities[0], "CN=one");
	assert_string_equal(handshake->cert_request.authorities[1], "");
	assert_int_equal(handshake->n_alerts, LIMIT_ALERTS);
	for (uint8_t i = 0; i < LIMIT_ALERTS; i++)
		assert_int_equal(handshake->alerts[i].code, i);
	assert_int_equal(handshake->n_holes, LIMIT_HOLES);
	for (uint8_t i = 0; i < LIMIT_HOLES; i++)
		assert_int_equal(handshake->holes[i].offset, i);
	assert_int_equal(handshake->n_missing, 1);
	assert_string_equal(handshake->missing[0].field, "a.field");
}

static void
all_of_it_in_one_block(void **state)
{
	struct handshake *handshake = everything();
	size_t weight = handshake_weight(handshake);
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER), *phone = handshake_leaf(handshake, SIDE_CLIENT);
	const uint8_t *begin, *end;

	(void)state;
	assert_int_equal(handshake->size, 0);
	handshake = handshake_pack(handshake);
	assert_non_null(handshake);
	assert_int_equal(handshake->size, sizeof(*handshake) + weight);
	assert_int_equal(handshake_weight(handshake), weight);
	assert_int_equal(handshake->id, 7);
	assert_int_equal(handshake->app_data[SIDE_SERVER].frame, 9);
	check_hello(&handshake->client_hello, 100, "one.example.test");
	check_hello(&handshake->first_hello, 200, "two.example.test");
	check_lists(handshake);
	assert_int_equal(handshake->certs[SIDE_CLIENT].n, 2);
	assert_ptr_equal(handshake_leaf(handshake, SIDE_SERVER), leaf);
	assert_ptr_equal(handshake_leaf(handshake, SIDE_CLIENT), phone);
	begin = (const uint8_t *)handshake;
	end = begin + handshake->size;
	assert_in_range((uintptr_t)handshake->client_hello.server_name, (uintptr_t)begin, (uintptr_t)end);
	assert_in_range((uintptr_t)(handshake->missing + 1), (uintptr_t)begin, (uintptr_t)end);
	assert_int_equal(leaf->refs, 2); /* the store's, and the handshake's */
	handshake_free(handshake);
	assert_int_equal(leaf->refs, 1);
	assert_int_equal(phone->refs, 1);
}

static void
nothing_in_one_block(void **state)
{
	struct handshake *handshake = handshake_new();

	(void)state;
	handshake->client_hello.ciphers = calloc(1, sizeof(uint32_t)); /* of none */
	handshake->certs[SIDE_CLIENT].at.frame = 3;
	handshake_fetch(handshake);
	handshake = handshake_pack(handshake);
	handshake_fetch(handshake);
	assert_int_equal(handshake->size, sizeof(*handshake));
	assert_int_equal(handshake->certs[SIDE_CLIENT].at.frame, 3);
	assert_null(handshake->client_hello.ciphers);
	assert_null(handshake->alerts);
	handshake_free(handshake);
	handshake_free(NULL);
}

static void
no_memory(void **state)
{
	struct handshake *handshake = everything();
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);

	(void)state;
	allocations_fail(1);
	assert_null(handshake_pack(handshake));
	assert_true(allocations_failed());
	assert_int_equal(leaf->refs, 1);
	allocations_fail(1);
	assert_null(handshake_new());
	assert_true(allocations_failed());
}

/* What cannot be noted leaves what is there. */
static void
no_memory_for_one_more(void **state)
{
	struct handshake *handshake = handshake_new();

	(void)state;
	for (size_t nth = 1; nth <= 4; nth++) {
		allocations_fail(nth);
		assert_int_equal(copies_add(&handshake->client_hello.repeats, (struct when){nth, 0}), nth != 1);
		assert_int_equal(handshake_add_alert(handshake, (struct alert_fact){.code = 1}), nth != 2);
		assert_int_equal(handshake_add_hole(handshake, (struct hole_fact){.offset = 1}), nth != 3);
		assert_int_equal(handshake_add_missing(handshake, (struct missing_fact){.offset = 1}), nth != 4);
		assert_true(allocations_failed());
	}
	assert_int_equal(handshake->client_hello.repeats.n, 3);
	assert_int_equal(handshake->client_hello.repeats.frames[0], 2);
	assert_int_equal(handshake->n_alerts, 3);
	assert_int_equal(handshake->n_holes, 3);
	assert_int_equal(handshake->n_missing, 3);
	handshake_free(handshake);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_in_one_block),
		cmocka_unit_test(nothing_in_one_block),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(no_memory_for_one_more),
	};
	int status;

	store = cert_store_new(0);
	status = cmocka_run_group_tests_name("facts", tests, NULL, NULL);
	cert_store_free(store);
	return status;
}
