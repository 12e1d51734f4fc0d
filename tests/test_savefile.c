/* pcap files made record by record and read from memory, and damaged ones beside libpcap's reading of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include <pcap/pcap.h>

#include "src/capture/savefile.h"
#include "src/limit.h"
#include "tests/allocations.h"
#include "tests/memory_source.h"
#include "tests/savefile_make.h"

#define FILE_HEADER 24
#define RECORD_HEADER 16

static struct savefile *
open_memory(struct memory *memory)
{
	char err[200] = "";
	struct savefile *s = savefile_open(memory_ahead(memory), err, sizeof err);

	if (s == NULL)
		fail_msg("%s", err);
	return s;
}

static void
expect_refused(const struct made *m, const char *sentence)
{
	struct memory memory = memory_of(m);
	char err[200] = "";

	assert_null(savefile_open(memory_ahead(&memory), err, sizeof err));
	assert_string_equal(err, sentence);
}

static void
expect_frame(struct savefile *s, uint64_t number, int64_t us, const char *text, size_t wire_len)
{
	struct frame frame = {0};

	assert_int_equal(savefile_next(s, &frame), CAPTURE_FRAME);
	assert_int_equal(frame.when.frame, number);
	assert_int_equal(frame.when.us, us);
	assert_int_equal(frame.ns, 0);
	assert_int_equal(frame.linktype, 1);
	assert_int_equal(frame.bytes.n, strlen(text));
	assert_memory_equal(frame.bytes.p, text, frame.bytes.n);
	assert_int_equal(frame.wire_len, wire_len);
}

static void
expect_end(struct savefile *s)
{
	struct frame frame;

	assert_int_equal(savefile_next(s, &frame), CAPTURE_END);
	assert_int_equal(savefile_next(s, &frame), CAPTURE_END);
	assert_string_equal(savefile_error(s), "");
	savefile_close(s);
}

static void
expect_cut(struct savefile *s, const char *sentence)
{
	struct frame frame;

	assert_int_equal(savefile_next(s, &frame), CAPTURE_CUT);
	assert_int_equal(savefile_next(s, &frame), CAPTURE_CUT);
	assert_string_equal(savefile_error(s), sentence);
	savefile_close(s);
}

/* ---- what is right ---- */

/* Records that end at bytes 44, 75, 91 and 125. */
static void
make_four(struct made *m, enum pcap_magic magic)
{
	pcap_header(m, magic, 65535, 1);
	pcap_record(m, magic, 1, 500000, "four", 4);
	pcap_record(m, magic, 2, 0, "cut by snaplen.", 99);
	pcap_record(m, magic, UINT32_MAX, 999999, "", 0);
	pcap_record(m, magic, 0, 0, "longer than it was", 2);
}

static void
reads_records_in_pieces_of_any_size(void **state)
{
	(void)state;
	for (size_t step = 1; step < 120; step++) {
		struct made m = {.big_endian = step % 2};
		enum pcap_magic magic = step % 3 == 0 ? KUZNETZOV : MICRO;

		make_four(&m, magic);

		struct memory memory = memory_of(&m);

		memory.step = step;

		struct savefile *s = open_memory(&memory);

		expect_frame(s, 1, 1500000, "four", 4);
		expect_frame(s, 2, 2000000, "cut by snaplen.", 99);
		/* 2106, the last second there is */
		expect_frame(s, 3, (int64_t)UINT32_MAX * 1000000 + 999999, "", 0);
		expect_frame(s, 4, 0, "longer than it was", 18);
		expect_end(s);
	}
}

/* A fraction of more than a second is counted all the same, and none is negative. */
static void
never_overflows_a_time(void **state)
{
	struct made m = {.n = 0};
	struct memory memory;

	(void)state;
	pcap_header(&m, MICRO, 0, 1);
	pcap_record(&m, MICRO, UINT32_MAX, UINT32_MAX, "", 0);
	memory = memory_of(&m);

	struct savefile *s = open_memory(&memory);

	expect_frame(s, 1, (int64_t)UINT32_MAX * 1000001, "", 0);
	expect_end(s);
}

static void
says_what_the_header_says(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct made m = {.big_endian = i % 2};

		pcap_header(&m, i < 2 ? MICRO : NANO, 0x89abcdef, 0xf4000071);

		struct memory memory = memory_of(&m);
		struct savefile *s = open_memory(&memory);
		struct savefile_form form = savefile_form(s);

		assert_int_equal(form.snaplen, 0x89abcdef);
		assert_int_equal(form.linktype, 113);
		assert_int_equal(form.counts_ns, i >= 2);
		expect_end(s);
	}
}

/* Which of the lengths is the captured one; of version 2.3 there are both kinds. */
static void
reads_the_lengths_of_every_version(void **state)
{
	static const struct {
		uint16_t major, minor;
		bool last, lower;
	} rows[] = {{2, 0, true, false}, {2, 2, true, false}, {543, 0, true, false}, {2, 3, false, true}, {2, 4, false, false}};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		struct made m = {.big_endian = i % 2};
		bool last = rows[i / 2].last;

		pcap_header_of_version(&m, MICRO, rows[i / 2].major, rows[i / 2].minor, 0, 1);
		pcap_numbers(&m, MICRO, 1, 0, last ? 60 : 5, last ? 5 : 60);
		made_bytes(&m, "frame", 5);
		if (rows[i / 2].lower) {
			pcap_numbers(&m, MICRO, 1, 0, 60, 5);
			made_bytes(&m, "frame", 5);
		}

		struct memory memory = memory_of(&m);
		struct savefile *s = open_memory(&memory);

		expect_frame(s, 1, 1000000, "frame", 60);
		if (rows[i / 2].lower)
			expect_frame(s, 2, 1000000, "frame", 60);
		expect_end(s);
	}
}

/* ---- what is refused ---- */

static void
knows_a_pcap_file_by_its_start(void **state)
{
	static const char *const starts[] = {"\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", "\xa1\xb2\x3c\x4d",
					     "\x4d\x3c\xb2\xa1", "\xa1\xb2\xcd\x34", "\x34\xcd\xb2\xa1"};
	/* libpcap knows these two, and does not read them either */
	static const char *const others[] = {"\xa1\xb2\x34\xcd", "\xa1\x2b\x3c\x4d", "\x0a\x0d\x0d\x0a", "snoop"};

	(void)state;
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
		assert_true(savefile_is(slice_of(starts[i], 4)));
		assert_false(savefile_is(slice_of(starts[i], 3)));
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_false(savefile_is(slice_of(others[i], 4)));
}

static void
refuses_other_versions(void **state)
{
	static const uint16_t versions[][2] = {{1, 2}, {2, 5}, {3, 0}, {543, 1}, {0, 0}, {0x200, 0x400}};

	(void)state;
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		struct made m = {.n = 0};
		char sentence[100];

		snprintf(sentence, sizeof sentence, "a pcap capture of version %u.%u, handspan reads up to version 2.4",
			 versions[i][0], versions[i][1]);
		pcap_header_of_version(&m, MICRO, versions[i][0], versions[i][1], 65535, 1);
		expect_refused(&m, sentence);
	}
}

static void
refuses_less_than_a_header(void **state)
{
	(void)state;
	for (size_t n = 0; n < FILE_HEADER; n++) {
		struct made m = {.n = 0};

		pcap_header(&m, MICRO, 65535, 1);
		m.n = n;
		expect_refused(&m, "a pcap capture without its whole header");
	}
}

/* ---- what is damaged ---- */

/* One good record, behind it one at byte 44 that says to have so many bytes. */
static struct savefile *
open_of_length(struct memory *memory, struct made *m, uint32_t captured)
{
	*m = (struct made){.n = 0};
	pcap_header(m, MICRO, 65535, 1);
	pcap_record(m, MICRO, 0, 0, "good", 4);
	pcap_numbers(m, MICRO, 0, 0, captured, 1);
	*memory = memory_of(m);

	struct savefile *s = open_memory(memory);

	expect_frame(s, 1, 0, "good", 4);
	return s;
}

static void
reads_a_record_at_the_limit_and_none_beyond(void **state)
{
	struct memory memory;
	struct made m;
	struct frame frame;
	struct savefile *s = open_of_length(&memory, &m, LIMIT_PCAP_RECORD);

	(void)state;
	memory.filler = LIMIT_PCAP_RECORD;
	assert_int_equal(savefile_next(s, &frame), CAPTURE_FRAME);
	assert_int_equal(frame.bytes.n, LIMIT_PCAP_RECORD);
	assert_int_equal(frame.wire_len, LIMIT_PCAP_RECORD);
	expect_end(s);

	expect_cut(open_of_length(&memory, &m, LIMIT_PCAP_RECORD),
		   "at byte 44: the file ends inside a record");
	expect_cut(open_of_length(&memory, &m, LIMIT_PCAP_RECORD + 1),
		   "at byte 44: a record of 262145 captured bytes is over the limit of 262144");
	expect_cut(open_of_length(&memory, &m, UINT32_MAX),
		   "at byte 44: a record of 4294967295 captured bytes is over the limit of 262144");
}

/* Every prefix gives just the frames that are whole in it, and says whether it ends between records. */
static void
reads_up_to_any_cut(void **state)
{
	static const size_t ends[] = {24, 44, 75, 91, 125};
	struct made m = {.n = 0};

	(void)state;
	make_four(&m, MICRO);
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

		struct savefile *s = open_memory(&memory);

		while ((status = savefile_next(s, &frame)) == CAPTURE_FRAME)
			got++;
		assert_int_equal(got, whole);
		assert_int_equal(status, n == ends[whole] ? CAPTURE_END : CAPTURE_CUT);
		snprintf(sentence, sizeof sentence, "at byte %zu: the file ends inside a record", ends[whole]);
		assert_string_equal(savefile_error(s), status == CAPTURE_CUT ? sentence : "");
		savefile_close(s);
	}
}

static void
says_when_the_source_fails(void **state)
{
	static const size_t good[] = {75, 76, 90};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct made m = {.n = 0};
		struct memory memory;

		make_four(&m, MICRO);
		memory = memory_of(&m);
		memory.rest.n = good[i];
		memory.fails = true;

		struct savefile *s = open_memory(&memory);

		expect_frame(s, 1, 1500000, "four", 4);
		expect_frame(s, 2, 2000000, "cut by snaplen.", 99);
		expect_cut(s, "at byte 75: no more can be read");
	}
}

/* ---- libpcap ---- */

/* random_below gives the same numbers each time. */
static uint32_t
random_below(uint32_t n)
{
	static uint32_t random = 1;

	random ^= random << 13;
	random ^= random >> 17;
	random ^= random << 5;
	return random % n;
}

static pcap_t *
open_libpcap(uint8_t *bytes, size_t n, bool counts_ns)
{
	FILE *file = fmemopen(bytes, n, "r");
	char ignored[PCAP_ERRBUF_SIZE];
	pcap_t *pcap;

	assert_non_null(file);
	pcap = pcap_fopen_offline_with_tstamp_precision(
		file, counts_ns ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO, ignored);
	if (pcap == NULL)
		fclose(file);
	return pcap;
}

/* Numbers of both are unsigned here; libpcap takes those in this machine's byte order for signed. */
static void
expect_same_frame(const struct frame *frame, const struct pcap_pkthdr *header, const u_char *bytes, bool counts_ns)
{
	uint32_t fraction = (uint32_t)header->ts.tv_usec;

	assert_int_equal(frame->bytes.n, header->caplen);
	assert_memory_equal(frame->bytes.p, bytes, header->caplen);
	assert_int_equal(frame->wire_len, header->len > header->caplen ? header->len : header->caplen);
	assert_int_equal(frame->when.us, (int64_t)(uint32_t)header->ts.tv_sec * 1000000 +
						 (counts_ns ? fraction / 1000 : fraction));
	assert_int_equal(frame->ns, counts_ns ? fraction % 1000 : 0);
}

/* expect_as_libpcap_reads also wants the end to be of the same kind. Gives the number of frames. */
static size_t
expect_as_libpcap_reads(uint8_t *file, size_t file_len, bool counts_ns)
{
	struct memory memory = {.rest = slice_of(file, file_len), .step = 1 + random_below(1 << random_below(20))};
	char err[200] = "";
	struct savefile *s = savefile_open(memory_ahead(&memory), err, sizeof err);
	pcap_t *pcap = open_libpcap(file, file_len, counts_ns);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	struct frame frame;
	enum capture_status status;
	size_t n = 0;

	assert_int_equal(s != NULL, pcap != NULL);
	if (s == NULL)
		return 0;
	while ((status = savefile_next(s, &frame)) == CAPTURE_FRAME) {
		assert_int_equal(frame.when.frame, ++n);
		assert_int_equal(pcap_next_ex(pcap, &header, &bytes), 1);
		expect_same_frame(&frame, header, bytes, counts_ns);
	}
	assert_int_equal(pcap_next_ex(pcap, &header, &bytes), status == CAPTURE_END ? PCAP_ERROR_BREAK : PCAP_ERROR);
	savefile_close(s);
	pcap_close(pcap);
	return n;
}

/* A file of some records, of all versions there are and some that there are not; without a snap length, to which libpcap
 * would cut frames. */
static enum pcap_magic
make_any(struct made *m)
{
	static const enum pcap_magic magics[] = {MICRO, NANO, KUZNETZOV};
	static const uint16_t versions[][2] = {{2, 4}, {2, 4}, {2, 4}, {2, 3}, {2, 2}, {2, 0}, {543, 0}, {2, 5}, {1, 4}};
	static const uint32_t linktypes[] = {0, 1, 101, 127, 0x14000001, 0xfc000065};
	enum pcap_magic magic = magics[random_below(3)];
	const uint16_t *version = versions[random_below(9)];

	*m = (struct made){.big_endian = random_below(2)};
	pcap_header_of_version(m, magic, version[0], version[1], 0, linktypes[random_below(6)]);
	for (uint32_t n = random_below(20); n > 0; n--) {
		uint32_t captured = random_below(100);

		pcap_numbers(m, magic, random_below(UINT32_MAX), random_below(1000000), captured, random_below(120));
		for (uint32_t i = 0; i < captured; i++)
			made_number(m, 1, random_below(256));
	}
	return magic;
}

/* damage changes some bytes behind the file's header, often a number of a record, and sometimes cuts the end off. */
static void
damage(struct made *m)
{
	for (uint32_t n = random_below(4); n > 0 && m->n > FILE_HEADER; n--) {
		size_t at = FILE_HEADER + random_below((uint32_t)(m->n - FILE_HEADER));

		m->b[at] = (uint8_t)(random_below(2) ? random_below(256) : 0);
	}
	if (random_below(3) == 0)
		m->n -= random_below((uint32_t)(m->n - FILE_HEADER) + 1);
}

static void
reads_what_libpcap_reads(void **state)
{
	size_t frames = 0;

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		struct made m;
		bool counts_ns = make_any(&m) == NANO;

		damage(&m);
		frames += expect_as_libpcap_reads(m.b, m.n, counts_ns);
	}
	assert_in_range(frames, 10000, 50000);
}

/* Records of all sizes, so that they lie across the ends of any buffer. */
static void
reads_a_long_file(void **state)
{
	enum { SIZE = 8 * 1024 * 1024 };
	uint8_t *file = malloc(SIZE);
	struct made m = {.n = 0};
	size_t n = 0, frames = 0;

	(void)state;
	assert_non_null(file);
	pcap_header(&m, MICRO, 0, 1);
	memcpy(file, m.b, m.n);
	n = m.n;
	for (;; frames++) {
		uint32_t captured = random_below(1 << random_below(19));

		if (SIZE - n < RECORD_HEADER + captured)
			break;
		m.n = 0;
		pcap_numbers(&m, MICRO, (uint32_t)frames, 0, captured, captured);
		memcpy(file + n, m.b, m.n);
		for (n += m.n; captured > 0; captured--)
			file[n++] = (uint8_t)random_below(256);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(expect_as_libpcap_reads(file, n, false), frames);
	free(file);
}

/* ---- memory ---- */

static void
stands_without_memory(void **state)
{
	struct made m = {.n = 0};
	struct memory memory;

	(void)state;
	make_four(&m, MICRO);
	memory = memory_of(&m);

	struct ahead *ahead = memory_ahead(&memory);
	char err[200] = "";

	allocations_fail(1);
	assert_null(savefile_open(ahead, err, sizeof err));
	assert_true(allocations_failed());
	assert_string_equal(err, "out of memory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_records_in_pieces_of_any_size),
		cmocka_unit_test(never_overflows_a_time),
		cmocka_unit_test(says_what_the_header_says),
		cmocka_unit_test(reads_the_lengths_of_every_version),
		cmocka_unit_test(knows_a_pcap_file_by_its_start),
		cmocka_unit_test(refuses_other_versions),
		cmocka_unit_test(refuses_less_than_a_header),
		cmocka_unit_test(reads_a_record_at_the_limit_and_none_beyond),
		cmocka_unit_test(reads_up_to_any_cut),
		cmocka_unit_test(says_when_the_source_fails),
		cmocka_unit_test(reads_what_libpcap_reads),
		cmocka_unit_test(reads_a_long_file),
		cmocka_unit_test(stands_without_memory),
	};

	return cmocka_run_group_tests_name("savefile", tests, NULL, NULL);
}
