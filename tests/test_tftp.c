/* dissectors/tftp.c. The datagrams are written by hand after RFC 1350 and RFC 2347; tshark reads them as the comments say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/prefixes.h"
#include "tests/transfer_walk.h"

#define BYTES(text) {text, sizeof(text) - 1}
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct bytes {
	const char *bytes;
	size_t n;
};

/* Read Request, File: SEP001122334455.cnf.xml.sgn, Transfer type: octet */
static const struct bytes PLAIN_REQUEST = BYTES("\0\1SEP001122334455.cnf.xml.sgn\0octet\0");
/* Write Request, File: a, Transfer type: netascii, blksize=1428, TSIZE=0, timeout=5, windowsize=16 */
static const struct bytes REQUEST =
	BYTES("\0\2a\0netascii\0blksize\0" "1428\0TSIZE\0" "0\0timeout\0" "5\0windowsize\0" "16\0");
/* Option Acknowledgement, blksize=1428, tsize=18446744073709551615 */
static const struct bytes OACK = BYTES("\0\6blksize\0" "1428\0tsize\0" "18446744073709551615\0");
/* Data Packet, Block: 65535 */
static const struct bytes DATA = BYTES("\0\3\xff\xff<device>");
/* Acknowledgement, Block: 258 */
static const struct bytes ACK = BYTES("\0\4\1\2");
/* Error Code, Code: File not found, Message: File not found */
static const struct bytes ERROR = BYTES("\0\5\0\1File not found\0");

static struct slice
slice_of_bytes(struct bytes bytes)
{
	return slice_of(bytes.bytes, bytes.n);
}

static void
assert_text(struct slice s, const char *text)
{
	assert_int_equal(s.n, strlen(text));
	assert_memory_equal(s.p, text, s.n);
}

static struct tftp
dissect(struct bytes bytes)
{
	struct tftp t;
	struct dis_at at;

	assert_int_equal(tftp_dissect(slice_of_bytes(bytes), &t, &at), DIS_OK);
	return t;
}

/* next_option reads an option that must be there. */
static struct tftp_option
next_option(struct slice *options, const char *name, const char *value)
{
	struct tftp_option option;
	struct dis_at at;

	assert_int_equal(tftp_option_next(options, &option, &at), DIS_OK);
	assert_text(option.name, name);
	assert_text(option.value, value);
	return option;
}

static void
reads_requests(void **state)
{
	struct tftp t = dissect(PLAIN_REQUEST);

	(void)state;
	assert_int_equal(t.opcode, TFTP_RRQ);
	assert_text(t.file, "SEP001122334455.cnf.xml.sgn");
	assert_text(t.mode, "octet");
	assert_int_equal(t.options.n, 0);

	t = dissect(REQUEST);
	assert_int_equal(t.opcode, TFTP_WRQ);
	assert_text(t.file, "a");
	assert_text(t.mode, "netascii");
	next_option(&t.options, "blksize", "1428");
	next_option(&t.options, "TSIZE", "0");
	next_option(&t.options, "timeout", "5");
	next_option(&t.options, "windowsize", "16");
	assert_int_equal(t.options.n, 0);
}

static void
reads_what_is_there_of_a_request(void **state)
{
	static const struct {
		struct bytes datagram;
		const char *file, *mode;
	} rows[] = {
		{BYTES("\0\1"), "", ""},
		{BYTES("\0\1\0"), "", ""},
		{BYTES("\0\1CTLSEP"), "CTLSEP", ""},
		{BYTES("\0\1CTLSEP\0"), "CTLSEP", ""},
		{BYTES("\0\1CTLSEP\0oct"), "CTLSEP", "oct"},
		{BYTES("\0\1\0octet\0"), "", "octet"},
		{BYTES("\0\1\0\0\0\0\0\0octet\0"), "", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tftp t = dissect(rows[i].datagram);

		assert_text(t.file, rows[i].file);
		assert_text(t.mode, rows[i].mode);
	}
}

static void
reads_answers(void **state)
{
	struct tftp t = dissect(DATA);

	(void)state;
	assert_int_equal(t.opcode, TFTP_DATA);
	assert_int_equal(t.block, 65535);
	assert_text(t.data, "<device>");
	assert_int_equal(t.options.n, 0);
	t = dissect((struct bytes)BYTES("\0\3\0\5"));
	assert_int_equal(t.block, 5);
	assert_int_equal(t.data.n, 0);

	t = dissect(ACK);
	assert_int_equal(t.opcode, TFTP_ACK);
	assert_int_equal(t.block, 258);
	/* an Ethernet card's padding is no data */
	t = dissect((struct bytes)BYTES("\0\4\0\1\0\0\0\0"));
	assert_int_equal(t.block, 1);
	assert_int_equal(t.data.n + t.options.n, 0);

	t = dissect(OACK);
	assert_int_equal(t.opcode, TFTP_OACK);
	assert_int_equal(t.file.n + t.mode.n, 0);
	next_option(&t.options, "blksize", "1428");
	next_option(&t.options, "tsize", "18446744073709551615");
	assert_int_equal(dissect((struct bytes)BYTES("\0\6")).options.n, 0);
}

static void
reads_errors(void **state)
{
	struct tftp t = dissect(ERROR);

	(void)state;
	assert_int_equal(t.opcode, TFTP_ERROR);
	assert_int_equal(t.code, 1);
	assert_text(t.message, "File not found");
	assert_text(dissect((struct bytes)BYTES("\0\5\0\1File")).message, "File");
	assert_text(dissect((struct bytes)BYTES("\0\5\0\1")).message, "");
	assert_text(dissect((struct bytes)BYTES("\0\5\0\0no\0more")).message, "no");
}

static void
tells_cut_from_unknown(void **state)
{
	static const struct {
		struct bytes datagram;
		enum dis answer;
		const char *field;
		size_t off;
	} rows[] = {
		{BYTES(""), DIS_MORE, "tftp.opcode", 0},
		{BYTES("\0"), DIS_MORE, "tftp.opcode", 0},
		{BYTES("\0\0"), DIS_BAD, "tftp.opcode", 0},
		{BYTES("\0\7"), DIS_BAD, "tftp.opcode", 0},
		{BYTES("\1\1SEP001122334455.cnf.xml\0octet\0"), DIS_BAD, "tftp.opcode", 0},
		{BYTES("\0\3"), DIS_MORE, "tftp.block", 2},
		{BYTES("\0\4\0"), DIS_MORE, "tftp.block", 2},
		{BYTES("\0\5\0"), DIS_MORE, "tftp.error_code", 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tftp t = {.block = 9, .code = 9};
		struct dis_at at = {0};

		assert_int_equal(tftp_dissect(slice_of_bytes(rows[i].datagram), &t, &at), rows[i].answer);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_int_equal(t.block, 9);
		assert_int_equal(t.code, 9);
	}
}

static void
ends_options_where_one_is_cut(void **state)
{
	static const struct {
		struct bytes options;
		const char *field;
		size_t off;
	} rows[] = {
		{BYTES(""), "tftp_option.name", 0},
		{BYTES("blksize"), "tftp_option.name", 0},
		{BYTES("blksize\0"), "tftp_option.value", 8},
		{BYTES("blksize\0" "14"), "tftp_option.value", 8},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice options = slice_of_bytes(rows[i].options);
		struct tftp_option option = {.name.n = 9};
		struct dis_at at = {0};

		assert_int_equal(tftp_option_next(&options, &option, &at), DIS_MORE);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_int_equal(options.n, rows[i].options.n);
		assert_int_equal(option.name.n, 9);
	}
}

/* Zeroes behind a request are options without a name: of no harm, and no end. */
static void
steps_over_options_without_a_name(void **state)
{
	struct tftp t = dissect((struct bytes)BYTES("\0\1f\0octet\0\0\0tsize\0" "0\0"));

	(void)state;
	next_option(&t.options, "", "");
	next_option(&t.options, "tsize", "0");
}

static void
compares_option_names_in_any_case(void **state)
{
	struct tftp_option option = {.name = slice_of("BlkSize", 7)};

	(void)state;
	assert_true(tftp_option_is(&option, "blksize"));
	assert_true(tftp_option_is(&option, "BLKSIZE"));
	assert_false(tftp_option_is(&option, "blksiz"));
	assert_false(tftp_option_is(&option, "blksize2"));
	assert_false(tftp_option_is(&option, ""));
	option.name = slice_of("tsize\0", 6);
	assert_false(tftp_option_is(&option, "tsize"));
	/* no letters, though they differ in the bit that letters differ in */
	option.name = slice_of("@", 1);
	assert_false(tftp_option_is(&option, "`"));
	option.name = slice_of("[", 1);
	assert_false(tftp_option_is(&option, "{"));
}

static void
reads_option_numbers(void **state)
{
	static const struct {
		const char *value;
		bool number;
		uint64_t n;
	} rows[] = {
		{"0", true, 0},
		{"512", true, 512},
		{"0001428", true, 1428},
		{"18446744073709551615", true, UINT64_MAX},
		{"18446744073709551616", false, 0},
		{"18446744073709551620", false, 0},
		{"99999999999999999999", false, 0},
		{"", false, 0},
		{" 512", false, 0},
		{"512 ", false, 0},
		{"-1", false, 0},
		{"+1", false, 0},
		{"0x200", false, 0},
		{"/", false, 0},
		{"5/2", false, 0},
		{"5:2", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tftp_option option = {.value = slice_of(rows[i].value, strlen(rows[i].value))};
		uint64_t n = 9;

		assert_int_equal(tftp_option_number(&option, &n), rows[i].number);
		assert_int_equal(n, rows[i].number ? rows[i].n : 9);
	}
}

static void
names_errors(void **state)
{
	(void)state;
	assert_string_equal(tftp_error_name(0), "Not defined");
	assert_string_equal(tftp_error_name(1), "File not found");
	assert_string_equal(tftp_error_name(2), "Access violation");
	assert_string_equal(tftp_error_name(3), "Disk full or allocation exceeded");
	assert_string_equal(tftp_error_name(4), "Illegal TFTP operation");
	assert_string_equal(tftp_error_name(5), "Unknown transfer ID");
	assert_string_equal(tftp_error_name(6), "File already exists");
	assert_string_equal(tftp_error_name(7), "No such user");
	assert_string_equal(tftp_error_name(8), "Option negotiation failed");
	assert_null(tftp_error_name(9));
	assert_null(tftp_error_name(65535));
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_tftp(prefix);
	walk_tftp_options(prefix, prefix);
}

static void
stays_inside_every_prefix(void **state)
{
	const struct bytes samples[] = {PLAIN_REQUEST, REQUEST, OACK, DATA, ACK, ERROR};

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++)
		every_prefix((const uint8_t *)samples[i].bytes, samples[i].n, walk, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_requests),
		cmocka_unit_test(reads_what_is_there_of_a_request),
		cmocka_unit_test(reads_answers),
		cmocka_unit_test(reads_errors),
		cmocka_unit_test(tells_cut_from_unknown),
		cmocka_unit_test(ends_options_where_one_is_cut),
		cmocka_unit_test(steps_over_options_without_a_name),
		cmocka_unit_test(compares_option_names_in_any_case),
		cmocka_unit_test(reads_option_numbers),
		cmocka_unit_test(names_errors),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests_name("tftp", tests, NULL, NULL);
}
