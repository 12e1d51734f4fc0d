/* pcapng files made block by block, read from memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "src/capture/pcapng.h"
#include "src/capture/pcapng_time.h"
#include "src/limit.h"
#include "tests/allocations.h"
#include "tests/memory_source.h"
#include "tests/pcapng_make.h"

static struct pcapng *
open_memory(struct memory *memory)
{
	char err[200] = "";
	struct pcapng *p = pcapng_open(memory_ahead(memory), err, sizeof err);

	if (p == NULL)
		fail_msg("%s", err);
	return p;
}

static void
expect_frame(struct pcapng *p, uint64_t number, int64_t us, uint32_t linktype, const char *text,
	     size_t wire_len)
{
	struct frame frame = {0};

	assert_int_equal(pcapng_next(p, &frame), CAPTURE_FRAME);
	assert_int_equal(frame.when.frame, number);
	assert_int_equal(frame.when.us, us);
	assert_int_equal(frame.linktype, linktype);
	assert_int_equal(frame.bytes.n, strlen(text));
	assert_memory_equal(frame.bytes.p, text, frame.bytes.n);
	assert_int_equal(frame.wire_len, wire_len);
}

static void
expect_end(struct pcapng *p)
{
	struct frame frame;

	assert_int_equal(pcapng_next(p, &frame), CAPTURE_END);
	assert_int_equal(pcapng_next(p, &frame), CAPTURE_END);
	pcapng_close(p);
}

static void
expect_cut(struct pcapng *p, const char *sentence)
{
	struct frame frame;

	assert_int_equal(pcapng_next(p, &frame), CAPTURE_CUT);
	assert_int_equal(pcapng_next(p, &frame), CAPTURE_CUT);
	assert_string_equal(pcapng_error(p), sentence);
	pcapng_close(p);
}

/* ---- what is right ---- */

/* Two sections, the second in the other byte order, with interfaces of their own. */
static void
make_two_sections(struct made *m, bool first_big_endian)
{
	made_section(m, first_big_endian);
	made_plain_interface(m, 1);
	made_plain_interface(m, 113);
	made_enhanced(m, 0, 1500000, "one", 3);
	made_enhanced(m, 1, (uint64_t)5 << 32, "to be cut", 99);
	made_section(m, !first_big_endian);
	made_plain_interface(m, 101);
	made_obsolete(m, 0, 2500001, "three", 5);
	made_enhanced(m, 0, 0, "", 0);
}

static void
expect_two_sections(struct pcapng *p)
{
	expect_frame(p, 1, 1500000, 1, "one", 3);
	expect_frame(p, 2, (int64_t)5 << 32, 113, "to be cut", 99);
	expect_frame(p, 3, 2500001, 101, "three", 5);
	expect_frame(p, 4, 0, 101, "", 0);
	expect_end(p);
}

static void
reads_sections_of_both_byte_orders(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct made m = {.n = 0};

		make_two_sections(&m, big_endian);
		for (size_t step = 1; step < 40; step++) {
			struct memory memory = memory_of(&m);

			memory.step = step;
			expect_two_sections(open_memory(&memory));
		}
	}
}

static void
cuts_simple_packets_to_the_snap_length(void **state)
{
	struct made m = {.n = 0};
	struct memory memory;

	(void)state;
	made_section(&m, false);
	made_interface(&m, 1, 4);
	made_close(&m);
	made_simple(&m, "four", 60);
	made_simple(&m, "two", 2);
	made_section(&m, true);
	made_plain_interface(&m, 1);
	made_simple(&m, "whole", 5);
	memory = memory_of(&m);

	struct pcapng *p = open_memory(&memory);

	expect_frame(p, 1, 0, 1, "four", 60);
	expect_frame(p, 2, 0, 1, "tw", 2);
	expect_frame(p, 3, 0, 1, "whole", 5);
	expect_end(p);
}

static void
skips_blocks_and_options_that_it_does_not_know(void **state)
{
	struct made m = {.n = 0};
	struct memory memory;

	(void)state;
	made_section(&m, false);
	made_interface(&m, 1, 65535);
	made_option(&m, 2, "eth0", 4);
	made_option(&m, 0x8123, "mine", 3);
	made_option(&m, 9, "\x03", 1);
	made_option(&m, 9, "\x09", 1);
	made_option(&m, 0, "", 0);
	made_option(&m, 14, "\1\0\0\0\0\0\0\0", 8);
	made_close(&m);
	made_interface(&m, 1, 65535);
	made_option(&m, 9, "\x09\x09", 2);
	made_option(&m, 14, "short", 5);
	made_close(&m);
	made_block(&m, 4, "names");
	made_block(&m, 5, "statistics");
	made_block(&m, 10, "TLSK secrets");
	made_block(&m, 0x80001234, "local");
	made_block(&m, 0x7777, "");
	made_enhanced(&m, 0, 7, "frame", 5);
	made_enhanced(&m, 1, 7, "frame", 5);
	memory = memory_of(&m);

	struct pcapng *p = open_memory(&memory);

	expect_frame(p, 1, 7000, 1, "frame", 5);
	expect_frame(p, 2, 7, 1, "frame", 5);
	expect_end(p);
}

/* As Wireshark 4.0 numbers them. */
static void
counts_records_that_are_no_packets(void **state)
{
	static const uint32_t types[] = {9, 0x204, 0x216, 0x221, 0xbad, 0x40000bad};
	struct made m = {.n = 0};
	struct memory memory;

	(void)state;
	made_section(&m, false);
	made_plain_interface(&m, 1);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		made_block(&m, types[i], "a record");
	made_enhanced(&m, 0, 7, "frame", 5);
	memory = memory_of(&m);

	struct pcapng *p = open_memory(&memory);

	expect_frame(p, 7, 7, 1, "frame", 5);
	expect_end(p);
}

static void
takes_lengths_without_their_padding(void **state)
{
	struct made m = {.n = 0};
	struct memory memory;

	(void)state;
	made_section(&m, false);
	made_plain_interface(&m, 1);
	made_enhanced(&m, 0, 1, "five!", 5);
	made_length(&m, m.block + 4, m.n - m.block - 3);
	made_length(&m, m.n - 4, m.n - m.block - 3);
	made_enhanced(&m, 0, 2, "next", 4);
	memory = memory_of(&m);

	struct pcapng *p = open_memory(&memory);

	expect_frame(p, 1, 1, 1, "five!", 5);
	expect_frame(p, 2, 2, 1, "next", 4);
	expect_end(p);
}

static void
never_gives_a_wire_length_below_the_captured(void **state)
{
	struct made m = {.n = 0};
	struct memory memory;

	(void)state;
	made_section(&m, false);
	made_plain_interface(&m, 1);
	made_enhanced(&m, 0, 0, "four", 2);
	memory = memory_of(&m);

	struct pcapng *p = open_memory(&memory);

	expect_frame(p, 1, 0, 1, "four", 4);
	expect_end(p);
}

/* ---- time ---- */

static void
converts_time_stamps(void **state)
{
	static const struct {
		uint64_t ticks;
		uint8_t tsresol;
		int64_t tsoffset;
		int64_t us;
	} rows[] = {
		{1459541662741838, 6, 0, 1459541662741838},
		{1459541662741838999, 9, 0, 1459541662741838},
		{1459541662, 0, 0, 1459541662000000},
		{1459541662741, 3, 0, 1459541662741000},
		{123, 25, 0, 0},
		{UINT64_MAX, 26, 0, 0},
		{UINT64_MAX, 19, 0, 1844674},
		{UINT64_MAX, 127, 0, 0},
		/* powers of 2 */
		{3 * 1024 + 512, 0x80 | 10, 0, 3500000},
		{999, 0x80 | 10, 0, 975585},
		{77, 0x80, 0, 77000000},
		{(uint64_t)1 << 63, 0x80 | 63, 0, 1000000},
		{(uint64_t)1 << 63, 0x80 | 64, 0, 500000},
		{UINT64_MAX, 0x80 | 64, 0, 999999},
		{(uint64_t)1 << 63, 0x80 | 83, 0, 0},
		{UINT64_MAX, 0x80 | 127, 0, 0},
		{((uint64_t)1459541662 << 32) | 0x80000000, 0x80 | 32, 0, 1459541662500000},
		{((uint64_t)1459541662 << 31) | 0x40000000, 0x80 | 31, 0, 1459541662500000},
		{((uint64_t)1459541662 << 33) | 0x100000000, 0x80 | 33, 0, 1459541662500000},
		/* offsets */
		{741838, 6, 1459541662, 1459541662741838},
		{1, 6, -1000, -999999999},
		{0, 6, INT64_MIN, INT64_MIN},
		{UINT64_MAX, 9, INT64_MIN, INT64_MIN},
		{0, 6, INT64_MAX, INT64_MAX},
		{INT64_MAX, 6, 1, INT64_MAX},
		{INT64_MAX, 6, -1, INT64_MAX - 1000000},
		/* before 1970, and further than there is */
		{(uint64_t)-505425287, 6, 0, -505425287},
		{UINT64_MAX, 6, 0, -1},
		{(uint64_t)INT64_MAX + 1, 6, 0, INT64_MIN},
		{(uint64_t)-2, 3, 0, -2000},
		{(uint64_t)-2048, 0x80 | 10, 0, -2000000},
		{INT64_MAX, 0, 0, INT64_MAX},
		{(uint64_t)INT64_MIN, 0, 0, INT64_MIN},
		{INT64_MAX, 0x80, 0, INT64_MAX},
		{(uint64_t)INT64_MIN, 0x80, 0, INT64_MIN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t us = pcapng_us(rows[i].ticks, rows[i].tsresol, rows[i].tsoffset);

		if (us != rows[i].us)
			fail_msg("row %zu: %lld, not %lld", i, (long long)us,
				 (long long)rows[i].us);
	}
}

static void
keeps_the_nanoseconds_of_time_stamps(void **state)
{
	static const struct {
		uint64_t ticks;
		uint8_t tsresol;
		uint32_t ns;
	} rows[] = {
		{1459541662741838999, 9, 999},
		{1459541662741838, 6, 0},
		{14595416627418389, 7, 900},
		{145954166274183891, 8, 910},
		{9223372036854775807, 12, 775},
		{UINT64_MAX, 127, 0},
		{(uint64_t)3 << 29, 0x80 | 30, 0},
		{((uint64_t)1459541662 << 30) | 1, 0x80 | 30, 0},
		{((uint64_t)1459541662 << 30) | 2, 0x80 | 30, 1},
		{((uint64_t)1459541662 << 21) | 1, 0x80 | 21, 476},
		{(uint64_t)1 << 63, 0x80 | 83, 953},
		/* no 64 bits of nanoseconds */
		{UINT64_MAX, 6, 0},
		{UINT64_MAX, 0x80, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t ns = pcapng_ns(rows[i].ticks, rows[i].tsresol);

		if (ns != rows[i].ns)
			fail_msg("row %zu: %u, not %u", i, ns, rows[i].ns);
	}
	assert_false(pcapng_counts_ns(6));
	assert_true(pcapng_counts_ns(7));
	assert_false(pcapng_counts_ns(0x80 | 20));
	assert_true(pcapng_counts_ns(0x80 | 21));
}

static void
reads_resolution_and_offset_of_an_interface(void **state)
{
	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct made m = {.n = 0};
		struct memory memory;

		made_section(&m, big_endian);
		made_interface(&m, 1, 0);
		made_option(&m, 14,
			    big_endian ? "\xff\xff\xff\xff\xff\xff\xff\xfe"
				       : "\xfe\xff\xff\xff\xff\xff\xff\xff",
			    8);
		made_option(&m, 9, "\x09", 1);
		made_close(&m);
		made_plain_interface(&m, 1);
		made_enhanced(&m, 0, 1500000000, "offset", 6);
		made_enhanced(&m, 1, 1500000000, "none", 4);
		memory = memory_of(&m);

		struct pcapng *p = open_memory(&memory);

		expect_frame(p, 1, -500000, 1, "offset", 6);
		expect_frame(p, 2, 1500000000, 1, "none", 4);
		expect_end(p);
	}
}

/* ---- what is wrong ---- */

static void
make_one_frame(struct made *m)
{
	*m = (struct made){.n = 0};
	made_section(m, false);
	made_plain_interface(m, 1);
	made_enhanced(m, 0, 7, "frame", 5);
}

static void
expect_damage(const struct made *m, const char *sentence)
{
	struct memory memory = memory_of(m);
	struct pcapng *p = open_memory(&memory);

	expect_frame(p, 1, 7, 1, "frame", 5);
	expect_cut(p, sentence);
}

static void
says_where_a_block_is_damaged(void **state)
{
	struct made m;

	(void)state;
	make_one_frame(&m);
	made_enhanced(&m, 1, 0, "frame", 5);
	expect_damage(&m, "at byte 88: a packet of interface 1, which is not described");

	make_one_frame(&m);
	made_section(&m, true);
	made_enhanced(&m, 0, 0, "frame", 5);
	expect_damage(&m, "at byte 116: a packet of interface 0, which is not described");

	make_one_frame(&m);
	made_section(&m, true);
	made_simple(&m, "frame", 5);
	expect_damage(&m, "at byte 116: a packet before any interface is described");

	make_one_frame(&m);
	made_enhanced(&m, 0, 0, "frame", 5);
	made_length(&m, m.block + 20, 9);
	expect_damage(&m, "at byte 88: 9 captured bytes are more than their block holds");

	make_one_frame(&m);
	made_simple(&m, "frame", 9);
	expect_damage(&m, "at byte 88: 9 captured bytes are more than their block holds");

	make_one_frame(&m);
	made_enhanced(&m, 0, 0, "frame", 5);
	made_length(&m, m.n - 4, 44);
	expect_damage(&m, "at byte 88: a block's lengths at its start and at its end differ");

	make_one_frame(&m);
	made_block(&m, 0x7777, "unknown");
	made_length(&m, m.n - 4, 44);
	expect_damage(&m, "at byte 88: a block's lengths at its start and at its end differ");

	make_one_frame(&m);
	made_number(&m, 4, 6);
	made_number(&m, 8, 11);
	expect_damage(&m, "at byte 88: a block of 11 bytes is impossible");

	make_one_frame(&m);
	made_number(&m, 4, 6);
	made_number(&m, 8, UINT32_MAX);
	expect_damage(&m, "at byte 88: a block of 4294967296 bytes is over the limit of 16777216");

	make_one_frame(&m);
	made_number(&m, 4, 0x7777);
	made_number(&m, 8, UINT32_MAX);
	expect_damage(&m, "at byte 88: the file ends inside a block");

	make_one_frame(&m);
	made_section(&m, false);
	made_length(&m, m.block + 8, 0x1a2b3c4e);
	expect_damage(&m, "at byte 88: a section starts without its byte-order magic");

	make_one_frame(&m);
	made_section(&m, false);
	m.b[m.block + 12] = 2;
	expect_damage(&m,
		      "at byte 88: a section of pcapng version 2, which nobody has defined yet");

	make_one_frame(&m);
	made_interface(&m, 1, 0);
	made_number(&m, 4, 0xffff0009);
	made_close(&m);
	expect_damage(&m, "at byte 88: an option is longer than its block");
}

static void
says_which_blocks_are_too_short(void **state)
{
	static const struct {
		uint32_t type;
		size_t least;
		const char *sentence;
	} rows[] = {
		{1, 8, "at byte 88: an interface description is too short"},
		{2, 20, "at byte 88: a packet block is too short"},
		{3, 4, "at byte 88: a packet block is too short"},
		{6, 20, "at byte 88: a packet block is too short"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (size_t n = 0; n < rows[i].least; n += 4) {
			struct made m;

			make_one_frame(&m);
			made_open(&m, rows[i].type);
			for (size_t k = 0; k < n; k++)
				made_number(&m, 1, 0);
			made_close(&m);
			expect_damage(&m, rows[i].sentence);
		}
	}
}

static void
refuses_what_starts_without_a_section(void **state)
{
	static const char *const sentences[] = {
		"at byte 0: no section header",
		"at byte 0: a section starts without its byte-order magic",
		"at byte 0: a section header is too short"};
	struct made m[3] = {{.n = 0}, {.n = 0}, {.n = 0}};

	(void)state;
	made_plain_interface(&m[0], 1);
	made_block(&m[1], 0x0a0d0d0a, "no magic here");
	made_open(&m[2], 0x0a0d0d0a);
	made_number(&m[2], 4, 0x1a2b3c4d);
	made_close(&m[2]);
	for (size_t i = 0; i < 3; i++) {
		struct memory memory = memory_of(&m[i]);
		char err[200];

		assert_null(pcapng_open(memory_ahead(&memory), err, sizeof err));
		assert_string_equal(err, sentences[i]);
	}
}

/* Every prefix gives just the frames that are whole in it, and says whether it ends between blocks.
 */
static void
reads_up_to_any_cut(void **state)
{
	static const size_t ends[] = {28, 48, 68, 104, 148, 176, 196, 236, 268};
	static const size_t frames[] = {0, 0, 0, 1, 2, 2, 2, 3, 4};
	struct made m = {.n = 0};

	(void)state;
	make_two_sections(&m, false);
	assert_int_equal(m.n, ends[8]);
	for (size_t n = ends[0]; n <= m.n; n++) {
		struct memory memory = memory_of(&m);
		size_t whole = 0, got = 0;
		struct frame frame;
		enum capture_status status;

		memory.rest = slice_first(memory.rest, n);
		while (whole < 8 && ends[whole + 1] <= n)
			whole++;

		struct pcapng *p = open_memory(&memory);

		while ((status = pcapng_next(p, &frame)) == CAPTURE_FRAME)
			got++;
		assert_int_equal(got, frames[whole]);
		assert_int_equal(status, n == ends[whole] ? CAPTURE_END : CAPTURE_CUT);
		pcapng_close(p);
	}
}

static void
says_when_the_source_fails(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < 44; cut += 5) {
		struct made m;
		struct memory memory;

		make_one_frame(&m);
		made_enhanced(&m, 0, 0, "frame", 5);
		memory = memory_of(&m);
		memory.rest.n -= 40 - (cut < 40 ? cut : 40);
		memory.fails = true;

		struct pcapng *p = open_memory(&memory);

		expect_frame(p, 1, 7, 1, "frame", 5);
		if (cut >= 40)
			expect_frame(p, 2, 0, 1, "frame", 5);
		expect_cut(p, cut >= 40 ? "at byte 128: no more can be read"
					: "at byte 88: no more can be read");
	}
}

/* ---- limits ---- */

/* A block with filler_len zeros in its body, and the frame that follows it. */
static struct pcapng *
open_large(struct memory *memory, struct made *m, uint32_t type, uint32_t filler_len)
{
	make_one_frame(m);
	made_number(m, 4, type);
	made_number(m, 4, 12 + filler_len);
	*memory = memory_of(m);
	memory->filler = filler_len;
	return open_memory(memory);
}

static void
reads_a_block_at_the_limit_and_none_beyond(void **state)
{
	struct memory memory;
	struct made m;
	struct frame frame;

	(void)state;

	struct pcapng *p = open_large(&memory, &m, 6, LIMIT_BLOCK - 12);

	memory.filler += 4;
	expect_frame(p, 1, 7, 1, "frame", 5);
	expect_cut(p, "at byte 88: a block's lengths at its start and at its end differ");

	p = open_large(&memory, &m, 6, LIMIT_BLOCK - 8);
	expect_frame(p, 1, 7, 1, "frame", 5);
	assert_int_equal(pcapng_next(p, &frame), CAPTURE_CUT);
	assert_string_equal(pcapng_error(p),
			    "at byte 88: a block of 16777220 bytes is over the limit of 16777216");
	pcapng_close(p);
}

/* A large block that nobody needs goes by: the frame behind it is read. */
struct two_parts {
	struct memory first, second;
};

static ssize_t
two_parts_read(void *arg, void *to, size_t n)
{
	struct two_parts *parts = arg;
	ssize_t got = memory_read(&parts->first, to, n);

	return got != 0 ? got : memory_read(&parts->second, to, n);
}

static void
skips_a_block_of_any_size(void **state)
{
	enum { SIZE = 40 * 1024 * 1024 };
	struct made first, second = {.n = 0};
	char err[100];

	(void)state;
	make_one_frame(&first);
	made_number(&first, 4, 10);
	made_number(&first, 4, SIZE + 12);
	made_number(&second, 4, SIZE + 12);
	made_enhanced(&second, 0, 8, "behind", 6);

	struct two_parts parts = {memory_of(&first), memory_of(&second)};

	parts.first.filler = SIZE;

	struct pcapng *p =
		pcapng_open(source_ahead((struct ahead_source){two_parts_read, &parts}), err, sizeof err);

	expect_frame(p, 1, 7, 1, "frame", 5);
	expect_frame(p, 2, 8, 1, "behind", 6);
	expect_end(p);
}

/* Interface blocks without end. */
static ssize_t
interfaces_read(void *arg, void *to, size_t n)
{
	struct made *m = arg;

	if (n < m->n)
		return 0;
	memcpy(to, m->b, m->n);

	ssize_t got = (ssize_t)m->n;

	m->n = 0;
	made_plain_interface(m, 1);
	return got;
}

static void
limits_the_interfaces(void **state)
{
	struct made m = {.n = 0};
	struct frame frame;
	char err[100];

	(void)state;
	made_section(&m, false);

	struct pcapng *p =
		pcapng_open(source_ahead((struct ahead_source){interfaces_read, &m}), err, sizeof err);

	assert_non_null(p);
	assert_int_equal(pcapng_next(p, &frame), CAPTURE_CUT);
	assert_non_null(strstr(pcapng_error(p), "more than 65536 interfaces"));
	pcapng_close(p);
}

/* ---- memory ---- */

static void
stands_without_memory(void **state)
{
	bool failed = true;

	(void)state;
	for (size_t nth = 1; failed; nth++) {
		struct memory memory;
		struct made m;
		char err[200] = "";
		struct frame frame;
		enum capture_status status = CAPTURE_FRAME;

		make_one_frame(&m);
		for (int i = 0; i < 5; i++)
			made_plain_interface(&m, 1);
		made_number(&m, 4, 6);
		made_number(&m, 4, 2 * 1024 * 1024);
		memory = memory_of(&m);

		struct ahead *ahead = memory_ahead(&memory);

		allocations_fail(nth);

		struct pcapng *p = pcapng_open(ahead, err, sizeof err);

		while (p != NULL && status == CAPTURE_FRAME)
			status = pcapng_next(p, &frame);
		failed = allocations_failed();
		if (failed)
			assert_non_null(strstr(p != NULL ? pcapng_error(p) : err, "out of memory"));
		pcapng_close(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_sections_of_both_byte_orders),
		cmocka_unit_test(cuts_simple_packets_to_the_snap_length),
		cmocka_unit_test(skips_blocks_and_options_that_it_does_not_know),
		cmocka_unit_test(counts_records_that_are_no_packets),
		cmocka_unit_test(takes_lengths_without_their_padding),
		cmocka_unit_test(never_gives_a_wire_length_below_the_captured),
		cmocka_unit_test(converts_time_stamps),
		cmocka_unit_test(keeps_the_nanoseconds_of_time_stamps),
		cmocka_unit_test(reads_resolution_and_offset_of_an_interface),
		cmocka_unit_test(says_where_a_block_is_damaged),
		cmocka_unit_test(says_which_blocks_are_too_short),
		cmocka_unit_test(refuses_what_starts_without_a_section),
		cmocka_unit_test(reads_up_to_any_cut),
		cmocka_unit_test(says_when_the_source_fails),
		cmocka_unit_test(reads_a_block_at_the_limit_and_none_beyond),
		cmocka_unit_test(skips_a_block_of_any_size),
		cmocka_unit_test(limits_the_interfaces),
		cmocka_unit_test(stands_without_memory),
	};

	return cmocka_run_group_tests_name("pcapng", tests, NULL, NULL);
}
