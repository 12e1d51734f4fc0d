/* Hellos turned into facts: whole, with gaps, too long, and not to be read at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "src/tls/learn.h"
#include "tests/tls_samples.h"

#define AT ((struct when){7, 7000})

static struct message
whole(uint8_t type, struct slice body)
{
	return (struct message){.type = type, .body = body};
}

/* with_gap makes a message of which len bytes from off on were never captured. */
static struct message
with_gap(uint8_t type, struct slice body, uint32_t off, uint32_t len)
{
	struct message message = whole(type, body);

	message.gaps[message.n_gaps++] = (struct gap){off, len, false};
	return message;
}

static void
a_client_hello(void **state)
{
	static const uint32_t ciphers[] = {0xc02c, 0x0035, 0x002f, 0x00ff};
	struct message message = whole(HS_CLIENT_HELLO, TLS_BODY(TLS12_CLIENT_HELLO));
	struct client_hello_fact hello;
	uint8_t random[32];
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_client_hello(&message, false, AT, &hello, random, &field), LEARNED);
	assert_int_equal(hello.at.frame, 7);
	assert_int_equal(hello.version, 0x0303);
	assert_int_equal(hello.n_ciphers, 4);
	assert_memory_equal(hello.ciphers, ciphers, sizeof(ciphers));
	assert_string_equal(hello.server_name, "gw.example.test");
	assert_int_equal(hello.n_versions, 0);
	assert_int_equal(hello.session_id_len + hello.cookie_len, 0);
	assert_memory_equal(random, TLS12_CLIENT_HELLO + 11, 32);
	assert_false(hello.sslv2);
	assert_null(field);
	client_hello_clear(&hello);
}

static void
a_client_hello_without_extensions(void **state)
{
	struct message message = whole(HS_CLIENT_HELLO, TLS_BODY(TLS12_CLIENT_HELLO_BARE));
	struct client_hello_fact hello;
	uint8_t random[32];
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_client_hello(&message, false, AT, &hello, random, &field), LEARNED);
	assert_null(hello.server_name);
	assert_int_equal(hello.n_ciphers, 4);
	client_hello_clear(&hello);
}

static void
a_client_hello_of_tls13(void **state)
{
	struct message message = whole(HS_CLIENT_HELLO, TLS_BODY(TLS13_CLIENT_HELLO));
	struct client_hello_fact hello;
	uint8_t random[32];
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_client_hello(&message, false, AT, &hello, random, &field), LEARNED);
	assert_int_equal(hello.version, 0x0303);
	assert_true(hello.n_versions > 0);
	assert_int_equal(hello.versions[0], 0x0304);
	client_hello_clear(&hello);
}

static void
a_client_hello_of_dtls(void **state)
{
	struct message message = whole(HS_CLIENT_HELLO, DTLS_BODY(DTLS12_CLIENT_HELLO_COOKIE));
	struct client_hello_fact hello;
	uint8_t random[32], same_random[32];
	size_t cookie_len = 0;
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_client_hello(&message, true, AT, &hello, random, &field), LEARNED);
	assert_int_equal(hello.version, 0xfefd);
	assert_true(hello.cookie_len > 0);
	assert_true(learn_client_random(message.body, true, same_random, &cookie_len));
	assert_int_equal(cookie_len, hello.cookie_len);
	assert_memory_equal(same_random, random, 32);
	client_hello_clear(&hello);
	message = whole(HS_CLIENT_HELLO, DTLS_BODY(DTLS09_CLIENT_HELLO));
	assert_int_equal(learn_client_hello(&message, true, AT, &hello, random, &field), LEARNED);
	assert_int_equal(hello.session_id_len, 32);
	assert_int_equal(hello.session_id[0], 0xa0);
	client_hello_clear(&hello);
}

/* A ClientHello of n suites, 1 to n. */
static struct slice
hello_of(size_t n)
{
	static uint8_t bytes[2 + 32 + 1 + 2 + 2 * 1024 + 2];
	size_t at = 35;

	memset(bytes, 0, sizeof(bytes));
	bytes[0] = bytes[1] = 3;
	bytes[at++] = (uint8_t)(2 * n >> 8);
	bytes[at++] = (uint8_t)(2 * n);
	for (size_t i = 1; i <= n; i++) {
		bytes[at++] = (uint8_t)(i >> 8);
		bytes[at++] = (uint8_t)i;
	}
	bytes[at++] = 1;
	return slice_of(bytes, at + 1);
}

static void
more_ciphers_than_are_kept(void **state)
{
	struct message message = whole(HS_CLIENT_HELLO, hello_of(LIMIT_CIPHERS));
	struct client_hello_fact hello;
	uint8_t random[32];
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_client_hello(&message, false, AT, &hello, random, &field), LEARNED);
	assert_int_equal(hello.n_ciphers, LIMIT_CIPHERS);
	client_hello_clear(&hello);
	message = whole(HS_CLIENT_HELLO, hello_of(LIMIT_CIPHERS + 1));
	assert_int_equal(learn_client_hello(&message, false, AT, &hello, random, &field), LEARNED_PART);
	assert_int_equal(hello.n_ciphers, LIMIT_CIPHERS);
	assert_int_equal(hello.ciphers[LIMIT_CIPHERS - 1], LIMIT_CIPHERS);
	client_hello_clear(&hello);
}

/* Versions beyond those kept are left out; the list is not overrun. */
static void
more_versions_than_are_kept(void **state)
{
	uint8_t bytes[128] = {3, 3};
	const uint8_t before[] = {0, 2, 0, 0x35, 1, 0, 0, 45, 0, 43, 0, 41, 40};
	struct message message;
	struct client_hello_fact hello;
	uint8_t random[32];
	const char *field = NULL;

	(void)state;
	memcpy(bytes + 35, before, sizeof(before));
	for (size_t i = 0; i < 20; i++)
		bytes[35 + sizeof(before) + 2 * i + 1] = (uint8_t)i;
	message = whole(HS_CLIENT_HELLO, slice_of(bytes, 35 + sizeof(before) + 40));
	assert_int_equal(learn_client_hello(&message, false, AT, &hello, random, &field), LEARNED);
	assert_int_equal(hello.n_versions, LIMIT_VERSIONS);
	assert_int_equal(hello.versions[15], 15);
	client_hello_clear(&hello);
}

/* An SSLv2 hello offers 3-byte suites, and its challenge is the random. */
static void
a_client_hello_of_sslv2(void **state)
{
	struct slice in = SAMPLE(SSLV2_CLIENT_HELLO);
	struct client_hello parsed;
	struct client_hello_fact hello;
	struct dis_at at;

	(void)state;
	assert_int_equal(sslv2_client_hello(&in, &parsed, &at), DIS_OK);
	assert_int_equal(learn_client_hello_parsed(&parsed, AT, &hello), LEARNED);
	assert_true(hello.sslv2);
	assert_int_equal(hello.version, 0x0002);
	assert_int_equal(hello.n_ciphers, parsed.ciphers.n / 3);
	assert_true(hello.ciphers[0] > 0xffff);
	client_hello_clear(&hello);
}

static void
server_hellos(void **state)
{
	struct message message = whole(HS_SERVER_HELLO, TLS_BODY(TLS12_SERVER_HELLO));
	struct server_hello_fact hello;
	bool retry = true;
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_server_hello(&message, AT, &hello, &retry, &field), LEARNED);
	assert_false(retry);
	assert_int_equal(hello.at.frame, 7);
	assert_int_equal(hello.version, 0x0303);
	assert_int_equal(hello.cipher, 0xc02c);
	message = whole(HS_SERVER_HELLO, TLS_BODY(TLS13_SERVER_HELLO));
	assert_int_equal(learn_server_hello(&message, AT, &hello, &retry, &field), LEARNED);
	assert_false(retry);
	assert_int_equal(hello.version, 0x0304);
	assert_int_equal(hello.legacy_version, 0x0303);
	message = whole(HS_SERVER_HELLO, TLS_BODY(TLS13_HELLO_RETRY));
	assert_int_equal(learn_server_hello(&message, AT, &hello, &retry, &field), LEARNED);
	assert_true(retry);
	message = whole(HS_HELLO_RETRY_REQUEST, TLS_BODY(DRAFT18_HELLO_RETRY));
	retry = false;
	assert_int_equal(learn_server_hello(&message, AT, &hello, &retry, &field), LEARNED);
	assert_true(retry);
}

static void
a_hello_verify(void **state)
{
	struct message message = whole(HS_HELLO_VERIFY_REQUEST, DTLS_BODY(DTLS12_HELLO_VERIFY));
	struct hello_verify_fact verify;
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_hello_verify(&message, AT, &verify, &field), LEARNED);
	assert_int_equal(verify.at.frame, 7);
	assert_int_equal(verify.version, 0xfeff);
}

/* Hellos with a gap, over the limit, or not to be read: nothing is learned, and where it failed is said. */
static void
hellos_that_give_nothing(void **state)
{
	struct slice body = TLS_BODY(TLS12_CLIENT_HELLO);
	struct message bad[] = {with_gap(0, body, 60, 1), whole(0, body), whole(0, slice_first(body, 40))};
	struct client_hello_fact client;
	struct server_hello_fact server;
	struct hello_verify_fact verify;
	uint8_t random[32];
	size_t cookie_len;
	bool retry;

	(void)state;
	bad[1].over_limit = true;
	for (size_t i = 0; i < 3; i++) {
		enum learned expected = i < 2 ? LEARNED_NOTHING : LEARNED_MALFORMED;
		const char *field = NULL;

		client = (struct client_hello_fact){.n_ciphers = 0};
		assert_int_equal(learn_client_hello(&bad[i], false, AT, &client, random, &field), expected);
		assert_null(client.ciphers);
		assert_int_equal(field != NULL, i == 2);
		assert_int_equal(learn_client_random(bad[i].body, false, random, &cookie_len), i < 2);
		bad[i].type = HS_SERVER_HELLO;
		bad[i].body = slice_first(bad[i].body, i == 2 ? 10 : body.n);
		assert_int_equal(learn_server_hello(&bad[i], AT, &server, &retry, &field), expected);
		bad[i].body = slice_first(bad[i].body, i == 2 ? 2 : body.n);
		assert_int_equal(learn_hello_verify(&bad[i], AT, &verify, &field), expected);
		assert_int_equal(learn_curve(&bad[i]), 0);
	}
}

static void
a_curve(void **state)
{
	struct message message = whole(HS_SERVER_KEY_EXCHANGE, TLS_BODY(TLS12_SERVER_KEY_EXCHANGE));

	(void)state;
	assert_int_equal(learn_curve(&message), 0x001d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_hello),
		cmocka_unit_test(a_client_hello_without_extensions),
		cmocka_unit_test(a_client_hello_of_tls13),
		cmocka_unit_test(a_client_hello_of_dtls),
		cmocka_unit_test(more_ciphers_than_are_kept),
		cmocka_unit_test(more_versions_than_are_kept),
		cmocka_unit_test(a_client_hello_of_sslv2),
		cmocka_unit_test(server_hellos),
		cmocka_unit_test(a_hello_verify),
		cmocka_unit_test(hellos_that_give_nothing),
		cmocka_unit_test(a_curve),
	};

	return cmocka_run_group_tests_name("learn", tests, NULL, NULL);
}
