/* snoop files made record by record, read from memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "dissectors/link.h"
#include "src/capture/snoop.h"
#include "src/limit.h"
#include "tests/allocations.h"
#include "tests/memory_source.h"
#include "tests/snoop_make.h"

static struct snoop *
open_memory(struct memory *memory)
{
	char err[200] = "";
	struct snoop *s = snoop_open(memory_ahead(memory), err, sizeof err);

	if (s == NULL)
		fail_msg("%s", err);
	return s;
}

static void
expect_refused(const struct made *m, const char *sentence)
{
	struct memory memory = memory_of(m);
	char err[200] = "";

	assert_null(snoop_open(memory_ahead(&memory), err, sizeof err));
	assert_string_equal(err, sentence);
}

static void
expect_frame(struct snoop *s, uint64_t number, int64_t us, const char *text, size_t wire_len)
{
	struct frame frame = {0};

	assert_int_equal(snoop_next(s, &frame), CAPTURE_FRAME);
	assert_int_equal(frame.when.frame, number);
	assert_int_equal(frame.when.us, us);
	assert_int_equal(frame.linktype, LINKTYPE_ETHERNET);
	assert_int_equal(frame.bytes.n, strlen(text));
	assert_memory_equal(frame.bytes.p, text, frame.bytes.n);
	assert_int_equal(frame.wire_len, wire_len);
}

static void
expect_end(struct snoop *s)
{
	struct frame frame;

	assert_int_equal(snoop_next(s, &frame), CAPTURE_END);
	assert_int_equal(snoop_next(s, &frame), CAPTURE_END);
	snoop_close(s);
}

static void
expect_cut(struct snoop *s, const char *sentence)
{
	struct frame frame;

	assert_int_equal(snoop_next(s, &frame), CAPTURE_CUT);
	assert_int_equal(snoop_next(s, &frame), CAPTURE_CUT);
	assert_string_equal(snoop_error(s), sentence);
	snoop_close(s);
}

/* ---- what is right ---- */

/* Records that end at bytes 44, 76, 100 and 147. */
static void
make_four(struct made *m)
{
	snoop_header(m, 2, 4);
	snoop_record(m, "four", (struct snoop_record){.seconds = 1, .us = 500000, .len = 4});
	snoop_record(m, "cut", (struct snoop_record){.seconds = 2, .len = 99, .padding = 5});
	snoop_record(m, "", (struct snoop_record){.seconds = UINT32_MAX, .us = 999999});
	snoop_record(m, "longer than it was", (struct snoop_record){.len = 2, .padding = 5});
}

static void
reads_records(void **state)
{
	struct made m;

	(void)state;
	make_four(&m);
	for (size_t step = 1; step < 60; step++) {
		struct memory memory = memory_of(&m);

		memory.step = step;

		struct snoop *s = open_memory(&memory);

		expect_frame(s, 1, 1500000, "four", 4);
		expect_frame(s, 2, 2000000, "cut", 99);
		/* 2106, the last second there is */
		expect_frame(s, 3, (int64_t)UINT32_MAX * 1000000 + 999999, "", 0);
		expect_frame(s, 4, 0, "longer than it was", 18);
		expect_end(s);
	}
}

static void
reads_a_file_without_records(void **state)
{
	struct made m;
	struct memory memory;

	(void)state;
	snoop_header(&m, 2, 4);
	memory = memory_of(&m);
	expect_end(open_memory(&memory));
}

/* Microseconds that are more than a second are counted all the same. */
static void
never_overflows_a_time(void **state)
{
	struct made m;
	struct memory memory;

	(void)state;
	snoop_header(&m, 2, 4);
	snoop_record(&m, "", (struct snoop_record){.seconds = UINT32_MAX, .us = UINT32_MAX});
	memory = memory_of(&m);

	struct snoop *s = open_memory(&memory);

	expect_frame(s, 1, (int64_t)UINT32_MAX * 1000001, "", 0);
	expect_end(s);
}

/* Each record says what was lost since the first; the one that was cut counts no more. */
static void
tells_the_drops(void **state)
{
	struct made m;
	struct memory memory;

	(void)state;
	snoop_header(&m, 2, 4);
	snoop_record(&m, "one", (struct snoop_record){.len = 3});
	snoop_record(&m, "two", (struct snoop_record){.len = 3, .drops = 7});
	snoop_record(&m, "three", (struct snoop_record){.len = 5, .drops = 0x89abcdef});
	snoop_record(&m, "four", (struct snoop_record){.len = 4, .drops = UINT32_MAX});
	m.n--;
	memory = memory_of(&m);

	struct snoop *s = open_memory(&memory);

	assert_int_equal(snoop_drops(s), 0);
	expect_frame(s, 1, 0, "one", 3);
	assert_int_equal(snoop_drops(s), 0);
	expect_frame(s, 2, 0, "two", 3);
	assert_int_equal(snoop_drops(s), 7);
	expect_frame(s, 3, 0, "three", 5);

	struct frame frame;

	assert_int_equal(snoop_next(s, &frame), CAPTURE_CUT);
	assert_int_equal(snoop_drops(s), 0x89abcdef);
	snoop_close(s);
}

/* ---- what is refused ---- */

static void
knows_a_snoop_file_by_its_start(void **state)
{
	static const char start[] = "snoop\0\0\0\0\0\0\2";

	(void)state;
	assert_true(snoop_is(slice_of(start, 8)));
	assert_true(snoop_is(slice_of(start, sizeof start - 1)));
	assert_false(snoop_is(slice_of(start, 7)));
	assert_false(snoop_is(slice_of("snoop dog", 9)));
	assert_false(snoop_is(slice_of(start, 0)));
}

static void
reads_ethernet_and_names_what_else_there_is(void **state)
{
	static const struct {
		uint32_t datalink;
		const char *name;
	} rows[] = {
		{1, "IEEE 802.4 token bus"},
		{2, "IEEE 802.5 token ring"},
		{3, "IEEE 802.6 metro net"},
		{5, "HDLC"},
		{6, "character synchronous"},
		{7, "IBM channel-to-channel"},
		{8, "FDDI"},
		{9, "a link layer that it does not name"},
		{10, "a link layer that no RFC names"},
		{16, "fibre channel"},
		{17, "ATM"},
		{18, "classical IP over ATM"},
		{26, "IP over InfiniBand"},
		{0x04000000, "a link layer that no RFC names"},
		{UINT32_MAX, "a link layer that no RFC names"},
	};
	struct made m;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char sentence[200];

		snprintf(sentence, sizeof sentence,
			 "a snoop capture of %s (datalink type %u); of snoop captures handspan "
			 "reads "
			 "those of Ethernet",
			 rows[i].name, (unsigned)rows[i].datalink);
		snoop_header(&m, 2, rows[i].datalink);
		expect_refused(&m, sentence);
	}
	for (uint32_t datalink = 0; datalink <= 4; datalink += 4) {
		struct memory memory;

		snoop_header(&m, 2, datalink);
		snoop_record(&m, "frame", (struct snoop_record){.len = 60});
		memory = memory_of(&m);

		struct snoop *s = open_memory(&memory);

		expect_frame(s, 1, 0, "frame", 60);
		expect_end(s);
	}
}

static void
refuses_other_versions(void **state)
{
	static const uint32_t versions[] = {0, 1, 3, 0x02000000};

	(void)state;
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		char sentence[200];
		struct made m;

		snprintf(sentence, sizeof sentence,
			 "a snoop capture of version %u, handspan reads version 2; "
			 "editcap -F pcap IN OUT makes a capture file of it",
			 (unsigned)versions[i]);
		snoop_header(&m, versions[i], 4);
		expect_refused(&m, sentence);
	}
}

static void
refuses_less_than_a_header(void **state)
{
	struct made m;

	(void)state;
	for (size_t n = 0; n < 16; n++) {
		snoop_header(&m, 2, 4);
		m.n = n;
		expect_refused(&m, "a snoop capture without its whole header");
	}
	snoop_header(&m, 2, 4);
	m.b[5] = '!';
	expect_refused(&m, "a snoop capture without its whole header");
}

/* ---- what is damaged ---- */

/* One good record, behind it one at byte 44 with two of its numbers changed. */
static struct snoop *
open_damaged(struct memory *memory, struct made *m, uint32_t included, uint32_t record_len)
{
	snoop_header(m, 2, 4);
	snoop_record(m, "good", (struct snoop_record){.len = 4});
	snoop_record(m, "bad", (struct snoop_record){.len = 3, .padding = 1});
	made_length(m, m->block + 4, included);
	made_length(m, m->block + 8, record_len);
	*memory = memory_of(m);

	struct snoop *s = open_memory(memory);

	expect_frame(s, 1, 0, "good", 4);
	return s;
}

static void
says_where_a_record_is_damaged(void **state)
{
	static const struct {
		uint32_t included, record_len;
		const char *sentence;
	} rows[] = {
		{3, 0, "at byte 44: a record of 0 bytes is impossible"},
		{0, 23, "at byte 44: a record of 23 bytes is impossible"},
		{1, 24, "at byte 44: 1 captured bytes are more than their record holds"},
		{5, 28, "at byte 44: 5 captured bytes are more than their record holds"},
		{UINT32_MAX, 28,
		 "at byte 44: 4294967295 captured bytes are more than their record holds"},
		{UINT32_MAX - 23, 28,
		 "at byte 44: 4294967272 captured bytes are more than their record holds"},
		{3, 29, "at byte 44: the file ends inside a record"},
		{3, LIMIT_SNOOP_RECORD, "at byte 44: the file ends inside a record"},
		{3, LIMIT_SNOOP_RECORD + 1,
		 "at byte 44: a record of 524289 bytes is over the limit of 524288"},
		{UINT32_MAX, UINT32_MAX,
		 "at byte 44: a record of 4294967295 bytes is over the limit of 524288"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct memory memory;
		struct made m;

		expect_cut(open_damaged(&memory, &m, rows[i].included, rows[i].record_len),
			   rows[i].sentence);
	}
}

static void
reads_a_record_at_the_limit(void **state)
{
	struct memory memory;
	struct made m;
	struct snoop *s = open_damaged(&memory, &m, LIMIT_SNOOP_RECORD - 24, LIMIT_SNOOP_RECORD);
	struct frame frame = {0};

	(void)state;
	memory.filler = LIMIT_SNOOP_RECORD - 28;
	assert_int_equal(snoop_next(s, &frame), CAPTURE_FRAME);
	assert_int_equal(frame.bytes.n, LIMIT_SNOOP_RECORD - 24);
	assert_int_equal(frame.wire_len, LIMIT_SNOOP_RECORD - 24);
	assert_memory_equal(frame.bytes.p, "bad\xff\0", 6);
	expect_end(s);
}

/* Every prefix gives just the frames that are whole in it, and says whether it ends between
 * records. */
static void
reads_up_to_any_cut(void **state)
{
	static const size_t ends[] = {16, 44, 76, 100, 147};
	struct made m;

	(void)state;
	make_four(&m);
	assert_int_equal(m.n, ends[4]);
	for (size_t n = ends[0]; n <= m.n; n++) {
		struct memory memory = memory_of(&m);
		size_t whole = 0, got = 0;
		struct frame frame;
		enum capture_status status;
		char sentence[100];

		memory.rest = slice_first(memory.rest, n);
		while (whole < 4 && ends[whole + 1] <= n)
			whole++;

		struct snoop *s = open_memory(&memory);

		while ((status = snoop_next(s, &frame)) == CAPTURE_FRAME)
			got++;
		assert_int_equal(got, whole);
		assert_int_equal(status, n == ends[whole] ? CAPTURE_END : CAPTURE_CUT);
		snprintf(sentence, sizeof sentence, "at byte %zu: the file ends inside a record",
			 ends[whole]);
		assert_string_equal(snoop_error(s), status == CAPTURE_CUT ? sentence : "");
		snoop_close(s);
	}
}

static void
says_when_the_source_fails(void **state)
{
	static const size_t good[] = {76, 77, 99};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct made m;
		struct memory memory;

		make_four(&m);
		memory = memory_of(&m);
		memory.rest.n = good[i];
		memory.fails = true;

		struct snoop *s = open_memory(&memory);

		expect_frame(s, 1, 1500000, "four", 4);
		expect_frame(s, 2, 2000000, "cut", 99);
		expect_cut(s, "at byte 76: no more can be read");
	}
}

/* ---- memory ---- */

static void
stands_without_memory(void **state)
{
	struct made m;
	struct memory memory;

	(void)state;
	make_four(&m);
	memory = memory_of(&m);

	struct ahead *ahead = memory_ahead(&memory);
	char err[200] = "";

	allocations_fail(1);
	assert_null(snoop_open(ahead, err, sizeof err));
	assert_true(allocations_failed());
	assert_string_equal(err, "out of memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_records),
		cmocka_unit_test(reads_a_file_without_records),
		cmocka_unit_test(never_overflows_a_time),
		cmocka_unit_test(tells_the_drops),
		cmocka_unit_test(knows_a_snoop_file_by_its_start),
		cmocka_unit_test(reads_ethernet_and_names_what_else_there_is),
		cmocka_unit_test(refuses_other_versions),
		cmocka_unit_test(refuses_less_than_a_header),
		cmocka_unit_test(says_where_a_record_is_damaged),
		cmocka_unit_test(reads_a_record_at_the_limit),
		cmocka_unit_test(reads_up_to_any_cut),
		cmocka_unit_test(says_when_the_source_fails),
		cmocka_unit_test(stands_without_memory),
	};

	return cmocka_run_group_tests_name("snoop", tests, NULL, NULL);
}
