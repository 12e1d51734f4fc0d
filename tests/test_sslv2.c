/* dissectors/hello.c: SSL 2.0's hellos */
#include "dissectors/hello.h"
#include "tests/tls_check.h"

static void
reads_sslv2(void **state)
{
	struct client_hello h = {0};
	struct sslv2_server_hello server = {0};
	struct dis_at at;
	struct slice in = SAMPLE(SSLV2_CLIENT_HELLO);

	(void)state;
	assert_int_equal(sslv2_client_hello(&in, &h, &at), DIS_OK);
	assert_int_equal(in.n, 0);
	assert_true(h.sslv2);
	assert_int_equal(h.version, 0x0002);
	assert_int_equal(h.ciphers.n, 21);
	assert_int_equal(h.random.n, 16);
	in = SAMPLE(SSLV2_CLIENT_HELLO_TLS10);
	assert_int_equal(sslv2_client_hello(&in, &h, &at), DIS_OK);
	assert_int_equal(h.version, 0x0301);
	CHECK_BYTES(h.ciphers, "\x00\x00\x35\x00\x00\x2f\x00\x00\x0a\x01\x00\x80");
	assert_int_equal(h.random.n, 32);
	in = SAMPLE(SSLV2_SERVER_HELLO);
	assert_int_equal(sslv2_server_hello(&in, &server, &at), DIS_OK);
	assert_int_equal(in.n, 0);
	assert_int_equal(server.version, 0x0002);
	assert_int_equal(server.certificate.n, 272);
	assert_int_equal(server.ciphers.n, 9);
}

static void
refuses_what_cannot_be_sslv2(void **state)
{
	static const struct {
		size_t off;
		uint8_t byte;
		const char *client, *server; /* the field that is wrong, NULL: none is */
	} rows[] = {
		{0, 0x00, "sslv2_client_hello.msg_length", "sslv2_server_hello.msg_length"},
		{1, 0x2f, "sslv2_client_hello.challenge_length",
		 "sslv2_server_hello.connection_id_length"},
		{2, 9, "sslv2_client_hello.msg_type", "sslv2_server_hello.msg_type"},
		{3, 2, "sslv2_client_hello.version", "sslv2_server_hello.session_id_hit"},
		{4, 3, "sslv2_client_hello.version", NULL},
		{6, 20, "sslv2_client_hello.cipher_spec_length", "sslv2_server_hello.server_version"},
		{6, 0, "sslv2_client_hello.cipher_spec_length", "sslv2_server_hello.server_version"},
		{8, 1, "sslv2_client_hello.session_id_length",
		 "sslv2_server_hello.connection_id_length"},
		{10, 15, "sslv2_client_hello.challenge_length",
		 "sslv2_server_hello.connection_id_length"},
		{10, 16, NULL, "sslv2_server_hello.cipher_specs_length"},
		{12, 15, NULL, "sslv2_server_hello.connection_id_length"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct client_hello h;
		struct sslv2_server_hello server;
		struct dis_at at = {0};
		struct changed c;

		change(&c, SAMPLE(SSLV2_CLIENT_HELLO), rows[i].off, rows[i].byte);
		assert_int_equal(sslv2_client_hello(&c.all, &h, &at),
				 rows[i].client == NULL ? DIS_OK : DIS_BAD);
		if (rows[i].client != NULL)
			assert_string_equal(at.field, rows[i].client);
		change(&c, SAMPLE(SSLV2_SERVER_HELLO), rows[i].off, rows[i].byte);
		assert_int_equal(sslv2_server_hello(&c.all, &server, &at),
				 rows[i].server == NULL ? DIS_OK : DIS_BAD);
		if (rows[i].server != NULL)
			assert_string_equal(at.field, rows[i].server);
	}
}

static void
refuses_a_challenge_of_another_length(void **state)
{
	struct client_hello h;
	struct dis_at at = {0};
	struct changed c;

	(void)state;
	/* 15 bytes, and the message's length says the same. */
	change(&c, SAMPLE(SSLV2_CLIENT_HELLO), 10, 15);
	c.bytes[1]--;
	assert_int_equal(sslv2_client_hello(&c.all, &h, &at), DIS_BAD);
	assert_string_equal(at.field, "sslv2_client_hello.challenge_length");
	assert_int_equal(at.off, 9);
}

static void
wants_more(struct slice prefix, void *arg)
{
	struct client_hello client;
	struct sslv2_server_hello server;
	struct dis_at at;
	struct slice in = prefix;

	if (*(bool *)arg)
		assert_int_equal(sslv2_server_hello(&in, &server, &at),
				 prefix.n < sizeof SSLV2_SERVER_HELLO ? DIS_MORE : DIS_OK);
	else
		assert_int_equal(sslv2_client_hello(&in, &client, &at),
				 prefix.n < sizeof SSLV2_CLIENT_HELLO ? DIS_MORE : DIS_OK);
}

static void
tells_cut_from_broken(void **state)
{
	bool server = false;

	(void)state;
	every_prefix(SSLV2_CLIENT_HELLO, sizeof SSLV2_CLIENT_HELLO, wants_more, &server);
	server = true;
	every_prefix(SSLV2_SERVER_HELLO, sizeof SSLV2_SERVER_HELLO, wants_more, &server);
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_sslv2(prefix);
}

static void
stays_inside_every_prefix(void **state)
{
	(void)state;
	check_every_prefix(walk, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_sslv2),
		cmocka_unit_test(refuses_what_cannot_be_sslv2),
		cmocka_unit_test(refuses_a_challenge_of_another_length),
		cmocka_unit_test(tells_cut_from_broken),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
