/* dissectors/signed_file.c. Lengths of genuine headers are those that CUCM's show ctl printed (facts sheet cisco-phones,
 * section 2.4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissectors/signed_file.h"
#include "tests/prefixes.h"
#include "tests/tlv_make.h"

#define SERIAL TEXT("\x5f\x2d\x7c\x1b")
#define BODY TEXT("<device/>")

/* As CUCM 8 and later sign a configuration. */
static const struct header_parts whole = {
	.major = 1,
	.minor = 2,
	.signer_major = 1,
	.signer_minor = 1,
	.signer = "CN=cucm;O=Example",
	.issuer = "CN=ca;O=Example",
	.file_name = "SEP001122334455.cnf.xml.sgn",
	.digest = SIGNED_SHA512,
	.modulus = 2,
	.signature_len = 256,
	.time = 1459541662,
};

static struct header_parts
parts_of(const struct header_parts *from)
{
	struct header_parts parts = *from;

	parts.serial = SERIAL;
	parts.body = BODY;
	return parts;
}

static void
assert_text(struct slice s, const char *text)
{
	assert_int_equal(s.n, strlen(text));
	assert_memory_equal(s.p, text, s.n);
}

static void
check_whole(const struct signed_file *file, struct slice bytes)
{
	assert_int_equal(file->major, 1);
	assert_int_equal(file->minor, 2);
	assert_int_equal(file->header_length, bytes.n - BODY.n);
	assert_int_equal(file->signer_major, 1);
	assert_int_equal(file->signer_minor, 1);
	assert_text(file->signer_name, "CN=cucm;O=Example");
	assert_text(file->signer_issuer, "CN=ca;O=Example");
	assert_text(file->file_name, "SEP001122334455.cnf.xml.sgn");
	assert_text(file->signer_serial, "\x5f\x2d\x7c\x1b");
	assert_int_equal(file->digest, SIGNED_SHA512);
	assert_int_equal(file->algorithm, 0);
	assert_int_equal(file->modulus, 2);
	assert_int_equal(file->signature.n, 256);
	assert_true(file->has_time);
	assert_int_equal(file->time, 1459541662);
	assert_text(file->body, "<device/>");
}

static void
reads_every_field(void **state)
{
	struct header_parts parts = parts_of(&whole);
	struct made made = {.n = 0};
	struct signed_file file;
	struct dis_at at;
	size_t signature = made_file(&made, &parts);

	(void)state;
	assert_int_equal(signed_file_opens(made_slice(&made)), DIS_OK);
	assert_int_equal(signed_file_dissect(made_slice(&made), &file, &at), DIS_OK);
	check_whole(&file, made_slice(&made));
	assert_false(file.encrypted);
	assert_int_equal(file.iv.n, 0);
	assert_int_equal(file.before.n, signature - 3);
	assert_ptr_equal(file.before.p, made.bytes);
	assert_ptr_equal(file.behind.p, made.bytes + signature + 256);
	assert_int_equal(file.behind.n, made.n - signature - 256);
}

static void
reads_encrypted_files(void **state)
{
	struct header_parts parts = parts_of(&whole);
	struct made made = {.n = 0};
	struct signed_file file;
	struct dis_at at;

	(void)state;
	parts.encrypted = true;
	made_file(&made, &parts);
	assert_int_equal(signed_file_dissect(made_slice(&made), &file, &at), DIS_OK);
	check_whole(&file, made_slice(&made));
	assert_true(file.encrypted);
	assert_text(file.iv, "0123456789abcdef");
	assert_int_equal(file.key_bits, 512);
	assert_int_equal(file.wrapped_key.n, 64);
}

/* Names, serial number and issuer of these lengths made headers of these: CUCM's own words. */
static void
adds_up_as_genuine_headers_do(void **state)
{
	static const struct {
		const char *name, *issuer;
		size_t serial, length;
	} rows[] = {
		{"CN=0123456789012345678901234567890123456789012345678901234567",
		 "CN=0123456789012345678901234567890123456789012345678901234567", 16, 336},
		{"CN=0123456789012345678901234567890123456789012345678901", "CN=01234567890123456789012345678901234567",
		 10, 304},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct header_parts parts = {
			.major = 1,
			.minor = 2,
			.signer = rows[i].name,
			.issuer = rows[i].issuer,
			.serial = slice_of("0123456789012345", rows[i].serial),
			.digest = SIGNED_SHA1,
			.modulus = 1,
			.signature_len = 128,
			.file_name = "CTLFile.tlv",
			.time = 1,
		};
		struct made made = {.n = 0};
		struct signed_file file;
		struct dis_at at;

		made_file(&made, &parts);
		assert_int_equal(made.n, rows[i].length);
		assert_int_equal(signed_file_dissect(made_slice(&made), &file, &at), DIS_OK);
		assert_int_equal(file.header_length, rows[i].length);
		assert_int_equal(file.body.n, 0);
	}
}

/* check reads a header of these TLVs behind its front. */
static enum dis
check(const char *tlvs, size_t n, struct signed_file *file, struct dis_at *at)
{
	struct made made = {.n = 0};

	made_number(&made, 1, 2, 0x0100);
	made_number(&made, 2, 2, (uint32_t)(10 + n));
	made_add(&made, tlvs, n);
	made_add(&made, "body", 4);
	return signed_file_dissect(made_slice(&made), file, at);
}

static void
takes_what_is_strange(void **state)
{
	struct signed_file file;
	struct dis_at at;

	(void)state;
	assert_int_equal(check("", 0, &file, &at), DIS_OK);
	assert_int_equal(file.signature.n, 0);
	/* unknown tags, short and long */
	assert_int_equal(check("\x63\0\2ab\xff\0\0\x08\0\1\x09", 12, &file, &at), DIS_OK);
	assert_int_equal(file.digest, 9);
	/* of what stands twice the first one counts; and padding in the middle */
	assert_int_equal(check("\x08\0\1\1\x0d\x0d\x08\0\1\2", 10, &file, &at), DIS_OK);
	assert_int_equal(file.digest, 1);
	/* texts with and without their NUL, and of nothing else */
	assert_int_equal(check("\x04\0\2a\0\x06\0\1b\x0e\0\1\0", 13, &file, &at), DIS_OK);
	assert_int_equal(file.signer_name.n, 1);
	assert_int_equal(file.signer_issuer.n, 1);
	assert_int_equal(file.file_name.n, 0);
	/* a span is not held to its length */
	assert_int_equal(check("\x03\xff\xff\x08\0\1\1", 7, &file, &at), DIS_OK);
	assert_int_equal(file.digest, 1);
}

static void
says_what_is_wrong(void **state)
{
	static const struct {
		const char *tlvs;
		size_t n;
		const char *field;
		size_t off;
	} rows[] = {
		{"\x04", 1, "signed_file.signer_name", 10},
		{"\x08\0\2\1\1", 5, "signed_file.digest", 10},
		{"\x0d\x08\0\0", 4, "signed_file.digest", 11},
		{"\x0a\0\1\0\x0f\0\3abc", 10, "signed_file.time", 14},
		{"\x1c\0\1\1", 4, "signed_file.signer_version", 10},
		{"\x17\0\1\1", 4, "signed_file.key_bits", 10},
		{"\x0c\0\5abcd", 7, "signed_file.signature", 10},
		{"\x63\1\0", 3, "signed_file.unknown", 10},
		{"\x03\0", 2, "signed_file.signer_id", 10},
	};
	struct signed_file file;
	struct dis_at at;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(check(rows[i].tlvs, rows[i].n, &file, &at), DIS_BAD);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_text(file.body, "body");
	}
}

static void
tells_other_files(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum dis answer;
	} rows[] = {
		{"", 0, DIS_MORE},
		{"\1", 1, DIS_MORE},
		{"\1\0\2\xff\xff", 5, DIS_MORE},
		{"\1\0\2\1\0\2\0\2\1", 9, DIS_MORE},
		{"\1\0\2\1\0\2\0\2\1\1", 10, DIS_OK},
		{"<", 1, DIS_BAD},
		{"\1\0\3\1\0\2\0\2\1\1", 10, DIS_BAD},
		{"\1\0\2\1\0\3", 6, DIS_BAD},
		{"\1\0\2\1\0\2\1", 7, DIS_BAD},
	};
	struct signed_file file;
	struct dis_at at;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(signed_file_opens(slice_of(rows[i].bytes, rows[i].n)), rows[i].answer);
	assert_int_equal(signed_file_dissect(slice_of("\1\0\2\1\0\2\0\2\0\x09", 10), &file, &at), DIS_BAD);
	assert_string_equal(at.field, "signed_file.header_length");
	assert_int_equal(at.off, 5);
	assert_int_equal(file.body.n, 0);
}

/* A file that ends in its header has what came before, and no body. */
static void
walk(struct slice prefix, void *arg)
{
	const struct made *made = arg;
	struct signed_file file;
	struct dis_at at;
	enum dis answer = signed_file_dissect(prefix, &file, &at);
	size_t length = made->n - BODY.n;

	assert_int_equal(answer, prefix.n < length ? DIS_MORE : DIS_OK);
	if (prefix.n < length)
		assert_true(at.off <= prefix.n && at.field != NULL && file.body.n == 0);
	else
		assert_int_equal(file.body.n, prefix.n - length);
	if (prefix.n > 10)
		assert_int_equal(file.header_length, length);
	if (prefix.n > 45)
		assert_text(file.signer_name, "CN=cucm;O=Example");
}

static void
stays_inside_every_prefix(void **state)
{
	struct header_parts parts = parts_of(&whole);
	struct made made = {.n = 0};

	(void)state;
	parts.encrypted = true;
	made_file(&made, &parts);
	every_prefix(made.bytes, made.n, walk, &made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_field),
		cmocka_unit_test(reads_encrypted_files),
		cmocka_unit_test(adds_up_as_genuine_headers_do),
		cmocka_unit_test(takes_what_is_strange),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(tells_other_files),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
