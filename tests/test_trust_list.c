/* dissectors/trust_list.c. Lengths of genuine records are those that CUCM's show ctl printed (facts sheet cisco-phones,
 * section 2.4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "dissectors/trust_list.h"
#include "tests/prefixes.h"
#include "tests/tlv_make.h"

static void
assert_text(struct slice s, const char *text)
{
	assert_int_equal(s.n, strlen(text));
	assert_memory_equal(s.p, text, s.n);
}

/* make_whole makes a record with all that one can have. */
static void
make_whole(struct made *made)
{
	struct record_parts parts = {
		.role = ROLE_CCM_TFTP,
		.dns_name = "cucm.example.test",
		.subject = "CN=cucm",
		.issuer = "CN=ca",
		.serial = TEXT("\x5f\x2d"),
		.certificate = TEXT("0certificate"),
		.ip = TEXT("\xc0\x00\x02\x14"),
		.hash = TEXT("01234567890123456789"),
	};

	made_record(made, &parts);
}

static void
check_whole(const struct trust_record *record)
{
	assert_text(record->dns_name, "cucm.example.test");
	assert_text(record->subject, "CN=cucm");
	assert_true(record->has_role);
	assert_int_equal(record->role, ROLE_CCM_TFTP);
	assert_text(record->issuer, "CN=ca");
	assert_text(record->serial, "\x5f\x2d");
	assert_text(record->certificate, "0certificate");
	assert_true(record->has_ip);
	assert_false(record->odd_address);
	assert_true(ip_addr_is_v4(&record->ip));
	assert_memory_equal(record->ip.b + 12, "\xc0\x00\x02\x14", 4);
	assert_text(record->hash, "01234567890123456789");
	assert_int_equal(record->hash_digest, 1);
}

static void
reads_every_field(void **state)
{
	struct made made = {.n = 0};
	struct trust_record record;
	struct dis_at at;
	struct slice list;

	(void)state;
	make_whole(&made);
	list = made_slice(&made);
	assert_int_equal(trust_list_next(&list, &record, &at), DIS_OK);
	check_whole(&record);
	assert_int_equal(record.length, made.n);
	assert_int_equal(list.n, 0);
	assert_int_equal(trust_list_next(&list, &record, &at), DIS_MORE);
}

static void
reads_one_after_the_other(void **state)
{
	/* CCM+TFTP while a cluster is not secure, and an eToken's with an empty name */
	struct record_parts bare = {.role = ROLE_CCM_TFTP, .dns_name = "cucm.example", .ip = TEXT("\xc0\x00\x02\x14")},
			    token = {.role = ROLE_SAST, .dns_name = "", .serial = TEXT("0123456789")},
			    none = {.role = -1};
	struct made made = {.n = 0};
	struct trust_record record;
	struct dis_at at;
	struct slice list;

	(void)state;
	made_record(&made, &bare);
	assert_int_equal(made.n, 33);
	made_record(&made, &token);
	made_record(&made, &none);
	list = made_slice(&made);
	assert_int_equal(trust_list_next(&list, &record, &at), DIS_OK);
	assert_text(record.dns_name, "cucm.example");
	assert_int_equal(record.certificate.n, 0);
	assert_int_equal(trust_list_next(&list, &record, &at), DIS_OK);
	assert_int_equal(record.dns_name.n, 0);
	assert_true(record.has_role);
	assert_int_equal(record.role, ROLE_SAST);
	assert_false(record.has_ip);
	assert_int_equal(record.serial.n, 10);
	assert_int_equal(trust_list_next(&list, &record, &at), DIS_OK);
	assert_false(record.has_role);
	assert_int_equal(record.length, 5);
	assert_int_equal(list.n, 0);
}

/* next reads a record of these TLVs behind its first. */
static enum dis
next(const char *tlvs, size_t n, struct trust_record *record, struct dis_at *at)
{
	struct made made = {.n = 0};
	struct slice list;
	enum dis answer;

	made_number(&made, 1, 2, (uint32_t)(5 + n));
	made_add(&made, tlvs, n);
	made_add(&made, "behind", 6);
	list = made_slice(&made);
	answer = trust_list_next(&list, record, at);
	assert_int_equal(list.n, answer == DIS_OK ? 6 : made.n);
	return answer;
}

static void
reads_addresses(void **state)
{
	static const struct {
		const char *tlvs;
		size_t n;
		bool has, odd;
	} rows[] = {
		{"\x0a\0\4\xc0\0\2\1", 7, true, false},
		{"\x0a\0\x10\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 19, true, false},
		{"\x0a\0\4\0\0\0\0", 7, false, false},
		/* a length that is not the value's own: longer and shorter than what there is, and both with the value */
		{"\x0a\0\0", 3, false, true},
		{"\x0a\0\5\xc0\0\2\1\0", 8, false, true},
		{"\x0a\0\x10\xc0\0\2\1", 7, false, true},
		{"\x0a\1\xff\xc0\0\2\1", 7, false, true},
		{"\x0a\0\2\xc0\0\2\1", 7, false, true},
		{"\x0a\0", 2, false, true},
		{"\x0a\0\1\xc0\0\2\1\4", 8, false, true},
	};
	struct trust_record record;
	struct dis_at at;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char tlvs[64] = "\4\0\2\0\4";

		memcpy(tlvs + 5, rows[i].tlvs, rows[i].n);
		assert_int_equal(next(tlvs, 5 + rows[i].n, &record, &at), DIS_OK);
		assert_int_equal(record.has_ip, rows[i].has);
		assert_int_equal(record.odd_address, rows[i].odd);
		assert_int_equal(record.role, ROLE_CAPF);
	}
	/* what stands behind an odd address counts */
	assert_int_equal(next("\x0a\0\5\xc0\0\2\1\0\4\0\2\0\x15", 13, &record, &at), DIS_OK);
	assert_true(record.odd_address);
	assert_int_equal(record.role, ROLE_TVS);
}

static void
takes_what_is_strange(void **state)
{
	struct trust_record record;
	struct dis_at at;

	(void)state;
	assert_int_equal(next("\x63\0\2ab\xff\0\0\4\0\2\x12\x34", 13, &record, &at), DIS_OK);
	assert_int_equal(record.role, 0x1234);
	/* of what stands twice the first one counts */
	assert_int_equal(next("\2\0\2a\0\2\0\2b\0", 10, &record, &at), DIS_OK);
	assert_text(record.dns_name, "a");
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
		{"\4\0\1\0", 4, "trust_list.role", 5},
		{"\4\0\3\0\0\0", 6, "trust_list.role", 5},
		{"\x0c\0\2\0\1", 5, "trust_list.hash_digest", 5},
		{"\2\0\1\0\x09\0\2x", 8, "trust_list.certificate", 9},
		{"\x63", 1, "trust_list.unknown", 5},
	};
	static const struct {
		const char *bytes;
		const char *field;
	} heads[] = {
		{"\x0d\0\2\0\5", "trust_list.record"},
		{"\1\0\3\0\5", "trust_list.record"},
		{"\1\0\2\0\4", "trust_list.record_length"},
	};
	struct trust_record record;
	struct dis_at at;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(next(rows[i].tlvs, rows[i].n, &record, &at), DIS_BAD);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
	}
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct slice list = slice_of(heads[i].bytes, 5);

		assert_int_equal(trust_list_next(&list, &record, &at), DIS_BAD);
		assert_string_equal(at.field, heads[i].field);
		assert_int_equal(list.n, 5);
	}
}

static void
names_roles(void **state)
{
	(void)state;
	assert_string_equal(trust_role_name(ROLE_SAST), "SAST");
	assert_string_equal(trust_role_name(ROLE_CCM_TFTP), "CCM+TFTP");
	assert_string_equal(trust_role_name(ROLE_TVS), "TVS");
	assert_null(trust_role_name(6));
}

/* A list that ends in its record has what came before. */
static void
walk(struct slice prefix, void *arg)
{
	const struct made *made = arg;
	struct slice list = prefix;
	struct trust_record record;
	struct dis_at at;
	enum dis answer = trust_list_next(&list, &record, &at);

	assert_int_equal(answer, prefix.n < made->n ? DIS_MORE : DIS_OK);
	assert_int_equal(list.n, answer == DIS_OK ? 0 : prefix.n);
	if (answer == DIS_MORE)
		assert_true(at.field != NULL && at.off <= prefix.n);
	if (prefix.n >= 26)
		assert_text(record.dns_name, "cucm.example.test");
	if (answer == DIS_OK)
		check_whole(&record);
}

static void
stays_inside_every_prefix(void **state)
{
	struct made made = {.n = 0};

	(void)state;
	make_whole(&made);
	every_prefix(made.bytes, made.n, walk, &made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_field),
		cmocka_unit_test(reads_one_after_the_other),
		cmocka_unit_test(reads_addresses),
		cmocka_unit_test(takes_what_is_strange),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(names_roles),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
