/* dissectors/hello.c: extensions, and values that are no suites */
#include "dissectors/hello.h"
#include "tests/tls_check.h"

static void
walks_extensions(void **state)
{
	static const uint16_t types[] = {0, 11, 10, 35, 22, 23, 13, 43, 45, 51};
	struct client_hello h = {0};
	struct tls_ext ext;
	struct dis_at at;
	struct slice body, exts;

	(void)state;
	assert_int_equal(client_hello(TLS_BODY(TLS13_CLIENT_HELLO), false, &h, &at), DIS_OK);
	exts = h.extensions;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		assert_int_equal(ext_next(&exts, &ext, &at), DIS_OK);
		assert_int_equal(ext.type, types[i]);
	}
	assert_int_equal(exts.n, 0);
	assert_int_equal(ext_find(h.extensions, EXT_SUPPORTED_GROUPS, &body), DIS_OK);
	CHECK_BYTES(body, "\x00\x04\x00\x1d\x00\x17");
	assert_int_equal(ext_find(h.extensions, EXT_ALPN, &body), DIS_MORE);
	assert_int_equal(ext_find(h.extensions, EXT_SERVER_NAME, &body), DIS_OK);
	assert_int_equal(ext_server_name(body, &body, &at), DIS_OK);
	CHECK_BYTES(body, "gw.example.test");
	assert_int_equal(ext_find(h.extensions, EXT_SUPPORTED_VERSIONS, &body), DIS_OK);
	assert_int_equal(ext_client_versions(body, &body, &at), DIS_OK);
	CHECK_BYTES(body, "\x03\x04");
}

static void
finds_the_first_of_two(void **state)
{
	static const char exts[] = "\x00\x0a\x00\x01" "a" "\x00\x10\x00\x00" "\x00\x0a\x00\x01" "b";
	struct slice body;

	(void)state;
	assert_int_equal(ext_find(slice_of(exts, sizeof exts - 1), 10, &body), DIS_OK);
	CHECK_BYTES(body, "a");
	/* The list breaks before it is found. */
	assert_int_equal(ext_find(slice_of("\x00\x10\x00\x09\x00\x0a\x00\x00", 8), 10, &body), DIS_MORE);
}

static void
reads_server_names(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum dis answer;
		const char *field; /* or the name */
		size_t off;
	} rows[] = {
		{"\x00\x05\x00\x00\x02" "ab", 7, DIS_OK, "ab", 0},
		{"\x00\x0a\x00\x00\x02" "ab" "\x00\x00\x02" "cd", 12, DIS_OK, "ab", 0},
		{"\x00\x0a\x07\x00\x02" "ab" "\x00\x00\x02" "cd", 12, DIS_OK, "cd", 0},
		{"\x00\x05\x07\x00\x02" "ab", 7, DIS_MORE, "server_name.name_type", 0},
		{"\x00\x03\x00\x00\x00", 5, DIS_BAD, "server_name.name", 1},
		{"\x00\x05\x00\x00\x03" "ab", 7, DIS_MORE, "server_name.name", 1},
		{"\x00\x05\x00\x00\x02" "abc", 8, DIS_BAD, "server_name.list", 0},
		{"\x00\x06\x00\x00\x02" "ab", 7, DIS_MORE, "server_name.list", 0},
		{"", 0, DIS_MORE, "server_name.list", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct slice name = slice_of("untouched", 9);
		struct dis_at at = {0};

		assert_int_equal(ext_server_name(slice_of(rows[i].bytes, rows[i].n), &name, &at),
				 rows[i].answer);
		if (rows[i].answer == DIS_OK) {
			assert_int_equal(name.n, 2);
			assert_memory_equal(name.p, rows[i].field, 2);
			continue;
		}
		assert_string_equal(at.field, rows[i].field);
		assert_memory_equal(name.p, "untouched", 9);
	}
}

static void
reads_supported_versions(void **state)
{
	struct slice versions;
	struct dis_at at;
	uint16_t version = 0;

	(void)state;
	assert_int_equal(ext_client_versions(slice_of("\x04\x03\x04\x03\x03", 5), &versions, &at), DIS_OK);
	CHECK_BYTES(versions, "\x03\x04\x03\x03");
	assert_int_equal(ext_client_versions(slice_of("\x00", 1), &versions, &at), DIS_BAD);
	assert_int_equal(ext_client_versions(slice_of("\x03\x03\x04\x03", 4), &versions, &at), DIS_BAD);
	assert_int_equal(ext_client_versions(slice_of("\x02\x03\x04\x03", 4), &versions, &at), DIS_BAD);
	assert_string_equal(at.field, "supported_versions.end");
	assert_int_equal(ext_client_versions(slice_of("\x04\x03\x04\x03", 4), &versions, &at), DIS_MORE);
	assert_int_equal(ext_server_version(slice_of("\x7f\x1c", 2), &version, &at), DIS_OK);
	assert_int_equal(version, 0x7f1c);
	assert_int_equal(ext_server_version(slice_of("\x03", 1), &version, &at), DIS_MORE);
	assert_int_equal(ext_server_version(slice_of("\x03\x04\x00", 3), &version, &at), DIS_BAD);
}

static void
tells_grease_and_signals(void **state)
{
	unsigned grease = 0, signals = 0;

	(void)state;
	for (unsigned value = 0; value <= UINT16_MAX; value++) {
		grease += cipher_is_grease((uint16_t)value);
		signals += cipher_is_signal((uint16_t)value);
	}
	assert_int_equal(grease, 16);
	assert_int_equal(signals, 2);
	assert_true(cipher_is_grease(0x0a0a));
	assert_true(cipher_is_grease(0x5a5a));
	assert_true(cipher_is_grease(0xfafa));
	assert_false(cipher_is_grease(0x0a1a));
	assert_true(cipher_is_signal(0x00ff));
	assert_true(cipher_is_signal(0x5600));
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_extensions(prefix);
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
		cmocka_unit_test(walks_extensions),
		cmocka_unit_test(finds_the_first_of_two),
		cmocka_unit_test(reads_server_names),
		cmocka_unit_test(reads_supported_versions),
		cmocka_unit_test(tells_grease_and_signals),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
