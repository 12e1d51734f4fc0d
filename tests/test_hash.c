/* Certificate hashes as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/trust/hash.h"

/* The vectors that Cisco's own documents print. */
static const struct {
	const char *hex, *base64;
} vectors[] = {
	{"e57e81ea9954c144976678d0e2418cdf79a93176", "5X6B6plUwUSXZnjQ4kGM33mpMXY="},
	{"1289b8a7aa9ffd84865e38939f3466a61b5608fc", "Eom4p6qf/YSGXjiTnzRmphtWCPw="},
};

static void
check_is(const char *text, enum hash_form form, const char *hex)
{
	struct hash hash;
	char again[HASH_HEX_SIZE];

	if (hash_parse(text, &hash) != form)
		fail_msg("another form than %d: %s", (int)form, text);
	hash_hex(hash.bytes, hash.n, again);
	assert_string_equal(again, hex);
}

static void
check_bad(const char *text)
{
	struct hash hash;

	if (hash_parse(text, &hash) != HASH_BAD)
		fail_msg("taken for a hash: %s", text);
	assert_int_equal(hash.n, 0);
}

static void
known_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct hash hash;
		char base64[HASH_BASE64_SIZE];
		check_is(vectors[i].hex, HASH_HEX, vectors[i].hex);
		check_is(vectors[i].base64, HASH_BASE64, vectors[i].hex);
		assert_int_equal(hash_parse(vectors[i].hex, &hash), HASH_HEX);
		hash_base64(hash.bytes, hash.n, base64);
		assert_string_equal(base64, vectors[i].base64);
	}
}

static void
hex_as_people_write_it(void **state)
{
	const char *hex = vectors[0].hex;

	(void)state;
	check_is("E5:7E:81:EA:99:54:C1:44:97:66:78:D0:E2:41:8C:DF:79:A9:31:76", HASH_HEX, hex);
	check_is("e5-7e-81-ea-99-54-c1-44-97-66-78-d0-e2-41-8c-df-79-a9-31-76", HASH_HEX, hex);
	check_is("e5 7e 81 ea 99 54 c1 44 97 66  78 d0 e2 41 8c df 79 a9 31 76\n", HASH_HEX, hex);
	check_is("  E57E81EA 9954C144 976678D0 E2418CDF 79A93176 ", HASH_HEX, hex);
	check_is("SHA1 Fingerprint=E5:7E:81:EA:99:54:C1:44:97:66:78:D0:E2:41:8C:DF:79:A9:31:76",
		 HASH_HEX, hex);
	check_is("sha1 fingerprint= e57e81ea9954c144976678d0e2418cdf79a93176", HASH_HEX, hex);
}

static void
base64_as_people_write_it(void **state)
{
	const char *hex = vectors[0].hex;

	(void)state;
	check_is("5X6B6plUwUSXZnjQ4kGM33mpMXY", HASH_BASE64, hex);
	check_is(" \t5X6B6plUwUSXZnjQ4kGM33mpMXY=\r\n", HASH_BASE64, hex);
	check_is("5X6B6plUwUSX\n  ZnjQ4kGM33mpMXY=", HASH_BASE64, hex);
}

/* check_size writes a digest of n bytes both ways and reads it back. */
static void
check_size(size_t n, bool is_digest)
{
	uint8_t bytes[SHA512_SIZE + 8];
	char hex[2 * sizeof(bytes) + 1], base64[2 * sizeof(bytes)];
	char *padding;

	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(i * 37 + n);
	hash_hex(bytes, n, hex);
	hash_base64(bytes, n, base64);
	assert_int_equal(strlen(hex), 2 * n);
	assert_int_equal(strlen(base64), (n + 2) / 3 * 4);
	if (!is_digest) {
		check_bad(hex);
		check_bad(base64);
		return;
	}
	check_is(hex, HASH_HEX, hex);
	check_is(base64, HASH_BASE64, hex);
	padding = strchr(base64, '=');
	assert_non_null(padding);
	*padding = '\0';
	check_is(base64, HASH_BASE64, hex);
}

static void
only_lengths_of_digests(void **state)
{
	(void)state;
	for (size_t n = 0; n <= SHA512_SIZE + 8; n++)
		check_size(n, n == SHA1_SIZE || n == SHA256_SIZE || n == SHA512_SIZE);
}

static void
what_is_no_hash(void **state)
{
	(void)state;
	check_bad("");
	check_bad("  ");
	check_bad("=");
	check_bad("hello");
	check_bad("E5:7E:81");
	check_bad(
		"E:57:E8:1E:A9:95:4C:14:49:76:67:8D:0E:24:18:CD:F7:9A:93:17:6"); /* a digit lost */
	check_bad(":E57E81EA9954C144976678D0E2418CDF79A93176");
	check_bad("E5;7E;81;EA;99;54;C1;44;97;66;78;D0;E2;41;8C;DF;79;A9;31;76");
	check_bad("E57E81EA9954C144976678D0E2418CDF79A9317g");
	check_bad("5X6B6plUwUSXZnjQ4kGM33mpMXY==");
	check_bad("5X6B6plUwUSXZnjQ4kGM33mpMX=Y");
	check_bad("5X6B6plUwUSXZnjQ4kGM33mpMXY=A");
	check_bad("5X6B6plUwUSXZnjQ4kGM33mpM_Y=");
	check_bad("5X6B6plUwUSXZnjQ4kGM33mpM\xc3\xa9=");
	check_bad("SHA1 Fingerprint=");
}

/* 40 hex digits are Base64 characters too. */
static void
hex_wins(void **state)
{
	(void)state;
	check_is("0000000000000000000000000000000000000000", HASH_HEX,
		 "0000000000000000000000000000000000000000");
	check_is("deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef", HASH_HEX,
		 "deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
	check_bad("deadbeefdeadbeefdeadbeefdea \n"); /* 20 bytes as Base64 without padding */
}

static void
hashes_meet_certificates(void **state)
{
	struct cert cert = {.sha1 = {1, 2}, .sha256 = {3, 4}, .sha512 = {5, 6}};
	struct hash sha1 = {.bytes = {1, 2}, .n = SHA1_SIZE},
		    sha256 = {.bytes = {3, 4}, .n = SHA256_SIZE};
	struct hash sha512 = {.bytes = {5, 6}, .n = SHA512_SIZE}, none = {.n = 0};

	(void)state;
	assert_true(hash_fits(&sha1, &cert) && hash_fits(&sha256, &cert) &&
		    hash_fits(&sha512, &cert));
	assert_false(hash_fits(&none, &cert));
	assert_string_equal(hash_name(&sha1), "SHA-1");
	assert_string_equal(hash_name(&sha256), "SHA-256");
	assert_string_equal(hash_name(&sha512), "SHA-512");
	sha1.bytes[SHA1_SIZE - 1] = 1;
	sha256.bytes[SHA256_SIZE - 1] = 1;
	sha512.bytes[SHA512_SIZE - 1] = 1;
	assert_false(hash_fits(&sha1, &cert) || hash_fits(&sha256, &cert) ||
		     hash_fits(&sha512, &cert));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_vectors),
		cmocka_unit_test(hex_as_people_write_it),
		cmocka_unit_test(base64_as_people_write_it),
		cmocka_unit_test(only_lengths_of_digests),
		cmocka_unit_test(what_is_no_hash),
		cmocka_unit_test(hex_wins),
		cmocka_unit_test(hashes_meet_certificates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
