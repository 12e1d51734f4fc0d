/* dissectors/hello.c */
#include "dissectors/hello.h"
#include "tests/tls_check.h"

static void
reads_client_hello(void **state)
{
	struct client_hello h = {0};
	struct dis_at at;

	(void)state;
	assert_int_equal(client_hello(TLS_BODY(TLS12_CLIENT_HELLO), false, &h, &at), DIS_OK);
	assert_int_equal(h.version, 0x0303);
	assert_false(h.sslv2);
	assert_ptr_equal(h.random.p, TLS12_CLIENT_HELLO + 11);
	assert_int_equal(h.random.n, 32);
	assert_int_equal(h.session_id.n, 0);
	assert_int_equal(h.cookie.n, 0);
	CHECK_BYTES(h.ciphers, "\xc0\x2c\x00\x35\x00\x2f\x00\xff");
	CHECK_BYTES(h.compressions, "\x00");
	assert_int_equal(h.extensions.n, 121);
	assert_int_equal(client_hello(TLS_BODY(TLS12_CLIENT_HELLO_BARE), false, &h, &at), DIS_OK);
	CHECK_BYTES(h.ciphers, "\xc0\x2c\x00\x35\x00\x2f\x00\xff");
	assert_int_equal(h.extensions.n, 0);
}

static void
reads_cookie_of_dtls_alone(void **state)
{
	struct client_hello h = {0};
	struct dis_at at;

	(void)state;
	assert_int_equal(client_hello(DTLS_BODY(DTLS12_CLIENT_HELLO_COOKIE), true, &h, &at), DIS_OK);
	assert_int_equal(h.version, 0xfefd);
	assert_int_equal(h.cookie.n, 20);
	CHECK_BYTES(h.ciphers, "\xc0\x2c\x00\xff");
	assert_int_not_equal(client_hello(DTLS_BODY(DTLS12_CLIENT_HELLO_COOKIE), false, &h, &at), DIS_OK);
}

static void
reads_dtls_0_9(void **state)
{
	struct client_hello h = {0};
	struct hello_verify verify = {0};
	struct dis_at at;

	(void)state;
	assert_int_equal(client_hello(DTLS_BODY(DTLS09_CLIENT_HELLO), true, &h, &at), DIS_OK);
	assert_int_equal(h.version, 0x0100);
	assert_int_equal(h.session_id.n, 32);
	assert_int_equal(h.cookie.n, 0);
	CHECK_BYTES(h.ciphers, "\x00\x35\x00\xff");
	assert_int_equal(hello_verify(DTLS_BODY(DTLS09_HELLO_VERIFY), &verify, &at), DIS_OK);
	assert_int_equal(verify.version, 0x0100);
	CHECK_BYTES(verify.cookie, "abcdefgh");
}

static void
says_where_a_client_hello_breaks(void **state)
{
	/* Offsets into the body: version 0, random 2, session id 34, suites 35, compressions 45,
	 * extensions 47. */
	static const struct {
		size_t off;
		uint8_t byte;
		enum dis answer;
		const char *field;
		size_t at;
	} rows[] = {
		{34, 33, DIS_BAD, "client_hello.session_id", 34},
		{36, 7, DIS_BAD, "client_hello.cipher_suites", 35},
		{35, 0xff, DIS_MORE, "client_hello.cipher_suites", 35},
		{45, 0xff, DIS_MORE, "client_hello.compression_methods", 45},
		{47, 0xff, DIS_MORE, "client_hello.extensions", 47},
		{48, 120, DIS_BAD, "client_hello.end", 169},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct client_hello h = {.version = 99};
		struct dis_at at = {0};
		struct changed c;

		change(&c, TLS_BODY(TLS12_CLIENT_HELLO), rows[i].off, rows[i].byte);
		assert_int_equal(client_hello(c.all, false, &h, &at), rows[i].answer);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].at);
		assert_int_equal(h.version, 99);
	}
}

static void
reads_server_hello(void **state)
{
	struct server_hello h = {0};
	struct dis_at at;

	(void)state;
	assert_int_equal(server_hello(TLS_BODY(TLS12_SERVER_HELLO), &h, &at), DIS_OK);
	assert_int_equal(h.version, 0x0303);
	assert_false(h.retry);
	assert_int_equal(h.cipher, 0xc02c);
	assert_ptr_equal(h.random.p, TLS12_SERVER_HELLO + 11);
	assert_int_equal(h.session_id.n, 0);
	assert_int_equal(h.extensions.n, 21);
	/* Without its extensions. */
	assert_int_equal(server_hello(slice_of(TLS12_SERVER_HELLO + 9, 38), &h, &at), DIS_OK);
	assert_int_equal(h.cipher, 0xc02c);
	assert_int_equal(h.extensions.n, 0);
	/* DTLS's has no field of its own; here it lies in a datagram's first 61 bytes of message. */
	assert_int_equal(server_hello(slice_of(DTLS12_FIRST_FLIGHT + 25, 61), &h, &at), DIS_OK);
	assert_int_equal(h.version, 0xfefd);
	assert_int_equal(h.cipher, 0xc02c);
}

static void
reads_tls_1_3(void **state)
{
	struct server_hello h = {0};
	struct dis_at at;
	struct slice body;
	uint16_t version = 0;

	(void)state;
	assert_int_equal(server_hello(TLS_BODY(TLS13_HELLO_RETRY), &h, &at), DIS_OK);
	assert_true(h.retry);
	assert_int_equal(h.cipher, 0x1302);
	assert_int_equal(server_hello(TLS_BODY(TLS13_SERVER_HELLO), &h, &at), DIS_OK);
	assert_false(h.retry);
	assert_int_equal(h.version, 0x0303);
	assert_int_equal(h.cipher, 0x1302);
	assert_int_equal(h.session_id.n, 32);
	assert_int_equal(ext_find(h.extensions, EXT_SUPPORTED_VERSIONS, &body), DIS_OK);
	assert_int_equal(ext_server_version(body, &version, &at), DIS_OK);
	assert_int_equal(version, 0x0304);
}

static void
says_where_a_server_hello_breaks(void **state)
{
	/* Offsets into the body: version 0, random 2, session id 34, suite 35, compression 37,
	 * extensions 38. */
	static const struct {
		size_t off;
		uint8_t byte;
		enum dis answer;
		const char *field;
		size_t at;
	} rows[] = {
		{34, 33, DIS_BAD, "server_hello.session_id", 34},
		{34, 0xc0, DIS_BAD, "server_hello.session_id", 34},
		{34, 24, DIS_MORE, "server_hello.compression_method", 61},
		{39, 22, DIS_MORE, "server_hello.extensions", 38},
		{39, 20, DIS_BAD, "server_hello.end", 60},
	};
	struct server_hello h = {.version = 99};
	struct dis_at at = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct changed c;

		change(&c, TLS_BODY(TLS12_SERVER_HELLO), rows[i].off, rows[i].byte);
		assert_int_equal(server_hello(c.all, &h, &at), rows[i].answer);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].at);
	}
	assert_int_equal(h.version, 99);
}

static void
reads_drafts_of_tls_1_3(void **state)
{
	struct server_hello h = {0};
	struct dis_at at;

	(void)state;
	assert_int_equal(server_hello(TLS_BODY(DRAFT14_SERVER_HELLO), &h, &at), DIS_OK);
	assert_int_equal(h.version, 0x0304);
	assert_int_equal(h.cipher, 0xc02b);
	assert_int_equal(h.extensions.n, 40);
	assert_int_equal(server_hello(TLS_BODY(DRAFT18_SERVER_HELLO), &h, &at), DIS_OK);
	assert_int_equal(h.version, 0x7f12);
	assert_int_equal(h.cipher, 0x1301);
	assert_int_equal(h.session_id.n, 0);
	assert_int_equal(h.extensions.n, 40);
}

/* A ServerHello of the usual form may say 0x0304, or a draft's number. */
static void
reads_the_usual_form_under_a_drafts_version(void **state)
{
	static const uint8_t versions[][2] = {{0x03, 0x04}, {0x7f, 0x12}, {0x7f, 0x1c}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct server_hello h = {0};
		struct dis_at at;
		struct changed c;

		change(&c, TLS_BODY(TLS13_SERVER_HELLO), 0, versions[i][0]);
		c.bytes[1] = versions[i][1];
		assert_int_equal(server_hello(c.all, &h, &at), DIS_OK);
		assert_int_equal(h.cipher, 0x1302);
		assert_int_equal(h.session_id.n, 32);
		assert_int_equal(h.extensions.n, 79);
	}
}

static void
refuses_what_fits_neither_form(void **state)
{
	struct server_hello h = {.cipher = 99};
	struct dis_at at = {0};
	struct changed c;

	(void)state;
	/* The last extension is a byte shorter than it says, and c0 is no length of a session id. */
	change(&c, TLS_BODY(DRAFT14_SERVER_HELLO), 37, 39);
	assert_int_equal(server_hello(c.all, &h, &at), DIS_BAD);
	assert_string_equal(at.field, "server_hello.extensions");
	assert_int_equal(at.off, 36);
	change(&c, TLS_BODY(DRAFT14_SERVER_HELLO), 37, 0);
	assert_int_equal(server_hello(c.all, &h, &at), DIS_BAD);
	assert_string_equal(at.field, "server_hello.end");
	assert_int_equal(h.cipher, 99);
}

static void
believes_the_form_that_may_go_on(void **state)
{
	/* A session id of zeros: a draft's empty list of extensions, and too much behind it. */
	static const uint8_t cut[60] = {[0] = 0x03, [1] = 0x04, [34] = 32};
	struct server_hello h;
	struct dis_at at = {0};

	(void)state;
	assert_int_equal(server_hello(SAMPLE(cut), &h, &at), DIS_MORE);
	assert_string_equal(at.field, "server_hello.session_id");
	assert_int_equal(at.off, 34);
}

static void
reads_draft_hello_retry(void **state)
{
	struct server_hello h = {0};
	struct dis_at at = {0};
	struct changed c;

	(void)state;
	assert_int_equal(hello_retry_draft(TLS_BODY(DRAFT18_HELLO_RETRY), &h, &at), DIS_OK);
	assert_true(h.retry);
	assert_int_equal(h.version, 0x7f12);
	assert_int_equal(h.cipher, 0);
	assert_int_equal(h.extensions.n, 6);
	assert_int_equal(hello_retry_draft(TLS_BODY(DRAFT20_HELLO_RETRY), &h, &at), DIS_OK);
	assert_int_equal(h.version, 0x7f14);
	assert_int_equal(h.cipher, 0x1301);
	assert_int_equal(h.extensions.n, 6);
	/* The suite 0000 could be an empty list of extensions, but for what follows. */
	change(&c, TLS_BODY(DRAFT20_HELLO_RETRY), 2, 0);
	c.bytes[3] = 0;
	assert_int_equal(hello_retry_draft(c.all, &h, &at), DIS_OK);
	assert_int_equal(h.extensions.n, 6);
	change(&c, TLS_BODY(DRAFT20_HELLO_RETRY), 5, 5);
	assert_int_equal(hello_retry_draft(c.all, &h, &at), DIS_BAD);
	assert_string_equal(at.field, "hello_retry_request.extensions");
	change(&c, TLS_BODY(DRAFT20_HELLO_RETRY), 5, 0);
	assert_int_equal(hello_retry_draft(c.all, &h, &at), DIS_BAD);
	assert_string_equal(at.field, "hello_retry_request.end");
}

static void
reads_hello_verify(void **state)
{
	struct hello_verify verify = {0};
	struct dis_at at;
	struct changed c;

	(void)state;
	assert_int_equal(hello_verify(DTLS_BODY(DTLS12_HELLO_VERIFY), &verify, &at), DIS_OK);
	assert_int_equal(verify.version, 0xfeff);
	assert_int_equal(verify.cookie.n, 20);
	change(&c, DTLS_BODY(DTLS12_HELLO_VERIFY), 2, 19);
	assert_int_equal(hello_verify(c.all, &verify, &at), DIS_BAD);
	assert_string_equal(at.field, "hello_verify_request.end");
}

/* Every cut of a whole message wants more, but where a hello may end: behind its compressions. (A draft's
 * ServerHello taken for one of the usual form has a second end, too.) */
struct cut {
	enum { CUT_CLIENT, CUT_CLIENT_DTLS, CUT_SERVER, CUT_RETRY, CUT_VERIFY } kind;
	size_t whole, may_end;
};

static void
wants_more(struct slice prefix, void *arg)
{
	const struct cut *cut = arg;
	bool ends = prefix.n == cut->whole || prefix.n == cut->may_end;
	struct client_hello client;
	struct server_hello server;
	struct hello_verify verify;
	struct dis_at at;
	enum dis answer = DIS_BAD;

	switch (cut->kind) {
	case CUT_CLIENT:
	case CUT_CLIENT_DTLS:
		answer = client_hello(prefix, cut->kind == CUT_CLIENT_DTLS, &client, &at);
		break;
	case CUT_SERVER:
		answer = server_hello(prefix, &server, &at);
		break;
	case CUT_RETRY:
		answer = hello_retry_draft(prefix, &server, &at);
		break;
	case CUT_VERIFY:
		answer = hello_verify(prefix, &verify, &at);
		break;
	}
	assert_int_equal(answer, ends ? DIS_OK : DIS_MORE);
}

static void
tells_cut_from_broken(void **state)
{
	static const struct {
		struct slice message;
		struct cut cut;
	} rows[] = {
		{{TLS12_CLIENT_HELLO + 9, sizeof TLS12_CLIENT_HELLO - 9}, {CUT_CLIENT, 0, 47}},
		{{TLS13_CLIENT_HELLO + 9, sizeof TLS13_CLIENT_HELLO - 9}, {CUT_CLIENT, 0, 79}},
		{{DTLS12_CLIENT_HELLO_COOKIE + 25, sizeof DTLS12_CLIENT_HELLO_COOKIE - 25},
		 {CUT_CLIENT_DTLS, 0, 64}},
		{{TLS12_SERVER_HELLO + 9, sizeof TLS12_SERVER_HELLO - 9}, {CUT_SERVER, 0, 38}},
		{{DRAFT14_SERVER_HELLO + 9, sizeof DRAFT14_SERVER_HELLO - 9}, {CUT_SERVER, 0, 0}},
		{{DRAFT18_SERVER_HELLO + 9, sizeof DRAFT18_SERVER_HELLO - 9}, {CUT_SERVER, 0, 57}},
		{{DRAFT18_HELLO_RETRY + 9, sizeof DRAFT18_HELLO_RETRY - 9}, {CUT_RETRY, 0, 0}},
		{{DRAFT20_HELLO_RETRY + 9, sizeof DRAFT20_HELLO_RETRY - 9}, {CUT_RETRY, 0, 0}},
		{{DTLS12_HELLO_VERIFY + 25, sizeof DTLS12_HELLO_VERIFY - 25}, {CUT_VERIFY, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cut cut = rows[i].cut;

		cut.whole = rows[i].message.n;
		if (cut.may_end == 0)
			cut.may_end = cut.whole;
		every_prefix(rows[i].message.p, rows[i].message.n, wants_more, &cut);
	}
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_hello(prefix);
}

static void
stays_inside_every_prefix(void **state)
{
	(void)state;
	check_every_prefix(walk, 0);
	check_every_prefix(walk, 9);
	check_every_prefix(walk, 25);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_client_hello),
		cmocka_unit_test(reads_cookie_of_dtls_alone),
		cmocka_unit_test(reads_dtls_0_9),
		cmocka_unit_test(says_where_a_client_hello_breaks),
		cmocka_unit_test(reads_server_hello),
		cmocka_unit_test(reads_tls_1_3),
		cmocka_unit_test(says_where_a_server_hello_breaks),
		cmocka_unit_test(reads_drafts_of_tls_1_3),
		cmocka_unit_test(reads_the_usual_form_under_a_drafts_version),
		cmocka_unit_test(refuses_what_fits_neither_form),
		cmocka_unit_test(believes_the_form_that_may_go_on),
		cmocka_unit_test(reads_draft_hello_retry),
		cmocka_unit_test(reads_hello_verify),
		cmocka_unit_test(tells_cut_from_broken),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
