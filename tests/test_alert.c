/* dissectors/alert.c */
#include "dissectors/alert.h"
#include "tests/tls_check.h"

static void
reads_level_and_code(void **state)
{
	struct alert alert = {0};
	struct dis_at at;
	struct slice record = SAMPLE(TLS12_ALERT);

	(void)state;
	assert_true(slice_skip(&record, TLS_RECORD_HEADER));
	assert_int_equal(alert_dissect(record, &alert, &at), DIS_OK);
	assert_int_equal(alert.level, ALERT_FATAL);
	assert_int_equal(alert.code, ALERT_HANDSHAKE_FAILURE);
}

static void
takes_a_code_that_is_not_registered(void **state)
{
	struct alert alert = {0};
	struct dis_at at;

	(void)state;
	assert_int_equal(alert_dissect(slice_of("\x01\xee", 2), &alert, &at), DIS_OK);
	assert_int_equal(alert.level, ALERT_WARNING);
	assert_int_equal(alert.code, 0xee);
}

static void
tells_encrypted_from_cut(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum dis answer;
		const char *field;
		size_t off;
	} rows[] = {
		{"", 0, DIS_MORE, "alert.level", 0},
		{"\x02", 1, DIS_MORE, "alert.description", 1},
		{"\x00\x28", 2, DIS_BAD, "alert.level", 0},
		{"\x03\x28", 2, DIS_BAD, "alert.level", 0},
		{"\x02\x28\x00", 3, DIS_BAD, "alert.end", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct alert alert = {.level = 9, .code = 9};
		struct dis_at at = {0};

		assert_int_equal(alert_dissect(slice_of(rows[i].bytes, rows[i].n), &alert, &at),
				 rows[i].answer);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_int_equal(alert.level, 9);
		assert_int_equal(alert.code, 9);
	}
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_alert(prefix);
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
		cmocka_unit_test(reads_level_and_code),
		cmocka_unit_test(takes_a_code_that_is_not_registered),
		cmocka_unit_test(tells_encrypted_from_cut),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
