/* Capture files of every kind, made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <pcap/pcap.h>
#include <zlib.h>

#include "dissectors/link.h"
#include "src/capture/capture.h"
#include "tests/allocations.h"
#include "tests/pcapng_make.h"
#include "tests/savefile_make.h"
#include "tests/snoop_make.h"

static char folder[] = "/tmp/handspan-XXXXXX";
static char path[sizeof folder + 16], out_path[sizeof folder + 16];
static const struct capture_options nothing;

/* ---- files ---- */

static void
write_bytes(const void *bytes, size_t n)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

static void
write_made(const struct made *m)
{
	write_bytes(m->b, m->n);
}

static void
write_gzip(const struct made *m, size_t cut)
{
	uint8_t packed[sizeof m->b];
	z_stream z = {.next_in = (Bytef *)m->b,
		      .avail_in = (uInt)m->n,
		      .next_out = packed,
		      .avail_out = sizeof packed};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	write_bytes(packed, z.total_out - cut);
}

/* A plain pcap file with frames of these texts, a second apart. */
static struct made
pcap_of(uint32_t linktype, const char *const *texts, size_t n)
{
	struct made m = {.n = 0};

	pcap_header(&m, MICRO, 65535, linktype);
	for (size_t i = 0; i < n; i++)
		pcap_record(&m, MICRO, (uint32_t)i + 1, 0, texts[i], (uint32_t)strlen(texts[i]));
	return m;
}

static const char *const three[] = {"first", "second", "third"};

/* ---- expectations ---- */

static struct capture *
open_with(const struct capture_options *options)
{
	char err[1000] = "";
	struct capture *c = capture_open_file(path, options, err, sizeof err);

	if (c == NULL)
		fail_msg("%s", err);
	assert_string_equal(capture_name(c), path);
	return c;
}

static void
expect_fine_frame(struct capture *c, uint64_t number, int64_t us, uint32_t ns, uint32_t linktype,
		  const char *text, size_t wire_len)
{
	struct frame frame = {0};

	assert_int_equal(capture_next(c, &frame), CAPTURE_FRAME);
	assert_int_equal(frame.when.frame, number);
	assert_int_equal(frame.when.us, us);
	assert_int_equal(frame.linktype, linktype);
	assert_int_equal(frame.bytes.n, strlen(text));
	assert_memory_equal(frame.bytes.p, text, frame.bytes.n);
	assert_int_equal(frame.wire_len, wire_len);
	assert_int_equal(frame.ns, ns);
}

static void
expect_frame(struct capture *c, uint64_t number, int64_t us, uint32_t linktype, const char *text,
	     size_t wire_len)
{
	expect_fine_frame(c, number, us, 0, linktype, text, wire_len);
}

static void
expect_end(struct capture *c)
{
	struct frame frame;
	struct drops drops;

	assert_int_equal(capture_next(c, &frame), CAPTURE_END);
	assert_int_equal(capture_next(c, &frame), CAPTURE_END);
	capture_drops(c, &drops);
	assert_int_equal(drops.kernel + drops.interface, 0);
	capture_close(c);
}

/* expect_cut wants a sentence that starts with the file's name and ends in rest. */
static void
expect_cut(struct capture *c, const char *rest)
{
	struct frame frame;

	assert_int_equal(capture_next(c, &frame), CAPTURE_CUT);
	assert_int_equal(capture_next(c, &frame), CAPTURE_CUT);
	assert_memory_equal(capture_error(c), path, strlen(path));
	assert_string_equal(capture_error(c) + strlen(path), rest);
	capture_close(c);
}

static void
expect_no_capture(const struct capture_options *options, const char *sentence)
{
	char err[1000] = "";

	assert_null(capture_open_file(path, options, err, sizeof err));
	assert_string_equal(err, sentence);
}

static void
expect_no_file(const char *rest)
{
	char sentence[400];

	snprintf(sentence, sizeof sentence, "%s%s", path, rest);
	expect_no_capture(&nothing, sentence);
}

/* ---- pcap ---- */

static void
reads_pcap_of_every_kind(void **state)
{
	static const enum pcap_magic magics[] = {MICRO, NANO, KUZNETZOV};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		enum pcap_magic magic = magics[i % 3];
		struct made m = {.big_endian = i >= 3};
		uint32_t unit = magic == NANO ? 1000 : 1;

		pcap_header(&m, magic, 65535, 1);
		pcap_record(&m, magic, 1459541662, 741838 * unit + unit / 2, "frame", 60);
		/* 2106, the last second there is: unsigned in any byte order */
		pcap_record(&m, magic, UINT32_MAX, 999999 * unit, "", 0);
		write_made(&m);

		struct capture *c = open_with(&nothing);

		expect_fine_frame(c, 1, 1459541662741838, unit / 2, LINKTYPE_ETHERNET, "frame",
				  60);
		expect_frame(c, 2, (int64_t)UINT32_MAX * 1000000 + 999999, LINKTYPE_ETHERNET, "",
			     0);
		expect_end(c);
	}
}

static void
gives_link_types_as_files_have_them(void **state)
{
	static const struct {
		uint32_t in_file, given;
	} rows[] = {
		{0, LINKTYPE_NULL},
		{1, LINKTYPE_ETHERNET},
		{101, LINKTYPE_RAW},
		{12, LINKTYPE_RAW_BSD},
		{14, LINKTYPE_RAW_OPENBSD},
		{104, LINKTYPE_C_HDLC},
		{113, LINKTYPE_LINUX_SLL},
		{228, LINKTYPE_IPV4},
		{276, LINKTYPE_LINUX_SLL2},
		{100, 100},
		{106, 106},
		{0x14000001, LINKTYPE_ETHERNET},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct made m = pcap_of(rows[i].in_file, three, 1);

		write_made(&m);

		struct capture *c = open_with(&nothing);

		expect_frame(c, 1, 1000000, rows[i].given, "first", 5);
		expect_end(c);
	}
}

/* libpcap alone would cut them. */
static void
gives_frames_beyond_the_snap_length_whole(void **state)
{
	struct made m = {.n = 0};

	(void)state;
	pcap_header(&m, MICRO, 4, 1);
	pcap_record(&m, MICRO, 1, 0, "longer than four", 16);
	write_made(&m);

	struct capture *c = open_with(&nothing);

	expect_frame(c, 1, 1000000, LINKTYPE_ETHERNET, "longer than four", 16);
	expect_end(c);
}

static void
never_gives_a_wire_length_below_the_captured(void **state)
{
	struct made m = {.n = 0};

	(void)state;
	pcap_header(&m, MICRO, 65535, 1);
	pcap_record(&m, MICRO, 1, 0, "sixteen captured", 2);
	write_made(&m);

	struct capture *c = open_with(&nothing);

	expect_frame(c, 1, 1000000, LINKTYPE_ETHERNET, "sixteen captured", 16);
	expect_end(c);
}

static void
says_where_a_pcap_is_cut_or_damaged(void **state)
{
	struct made m = pcap_of(1, three, 3);
	struct capture *c;

	(void)state;
	write_bytes(m.b, m.n - 2);
	c = open_with(&nothing);
	expect_frame(c, 1, 1000000, 1, "first", 5);
	expect_frame(c, 2, 2000000, 1, "second", 6);
	expect_cut(c, ": after frame 2, at byte 67: the file ends inside a record");

	write_bytes(m.b, 24 + 16 + 5 + 7);
	c = open_with(&nothing);
	expect_frame(c, 1, 1000000, 1, "first", 5);
	expect_cut(c, ": after frame 1, at byte 45: the file ends inside a record");

	made_length(&m, 24 + 16 + 5 + 8, 0x7fffffff);
	write_made(&m);
	c = open_with(&nothing);
	expect_frame(c, 1, 1000000, 1, "first", 5);
	expect_cut(c, ": after frame 1, at byte 45: a record of 2147483647 captured bytes is over the "
		      "limit of 262144");
}

static void
reads_captures_without_frames(void **state)
{
	struct made m = pcap_of(1, three, 0);

	(void)state;
	write_made(&m);
	expect_end(open_with(&nothing));
	m = (struct made){.n = 0};
	made_section(&m, true);
	write_made(&m);
	expect_end(open_with(&nothing));
	made_plain_interface(&m, 1);
	write_made(&m);
	expect_end(open_with(&nothing));
}

/* Of a packed file it is the packed bytes that count. */
static void
says_how_far_it_is(void **state)
{
	struct made m = pcap_of(1, three, 3);
	uint64_t read, size;
	struct frame frame;

	(void)state;
	for (int packed = 0; packed < 2; packed++) {
		FILE *file;

		if (packed)
			write_gzip(&m, 0);
		else
			write_made(&m);
		file = fopen(path, "rb");
		assert_non_null(file);
		assert_int_equal(fseek(file, 0, SEEK_END), 0);

		struct capture *c = open_with(&nothing);

		capture_bytes(c, &read, &size);
		assert_int_equal(size, ftell(file));
		assert_in_range(read, 0, size);
		while (capture_next(c, &frame) == CAPTURE_FRAME)
			continue;
		capture_bytes(c, &read, &size);
		assert_int_equal(read, size);
		assert_int_equal(size, ftell(file));
		fclose(file);
		capture_close(c);
	}
}

/* ---- pcapng and packed files ---- */

static void
make_link_types(struct made *m)
{
	*m = (struct made){.n = 0};
	made_section(m, false);
	made_plain_interface(m, LINKTYPE_RAW);
	made_plain_interface(m, LINKTYPE_ETHERNET);
	made_enhanced(m, 0, 1000000, "raw", 3);
	made_enhanced(m, 1, 2000000, "ethernet", 8);
}

static void
reads_pcapng_with_several_link_types(void **state)
{
	struct made m;

	(void)state;
	make_link_types(&m);
	for (int packed = 0; packed < 2; packed++) {
		if (packed)
			write_gzip(&m, 0);
		else
			write_made(&m);

		struct capture *c = open_with(&nothing);

		expect_frame(c, 1, 1000000, LINKTYPE_RAW, "raw", 3);
		expect_frame(c, 2, 2000000, LINKTYPE_ETHERNET, "ethernet", 8);
		expect_end(c);
	}
}

static void
says_where_a_pcapng_is_cut(void **state)
{
	struct made m;
	struct capture *c;

	(void)state;
	make_link_types(&m);
	write_bytes(m.b, m.n - 1);
	c = open_with(&nothing);
	expect_frame(c, 1, 1000000, LINKTYPE_RAW, "raw", 3);
	expect_cut(c, ": after frame 1, at byte 104: the file ends inside a block");
	write_bytes(m.b, 28 + 20 + 20 + 10);
	expect_cut(open_with(&nothing),
		   ": after frame 0, at byte 68: the file ends inside a block");
}

static void
says_where_a_packed_file_is_cut(void **state)
{
	struct made m = pcap_of(1, three, 3);
	struct capture *c;

	(void)state;
	write_gzip(&m, 4);
	c = open_with(&nothing);
	for (uint64_t i = 0; i < 3; i++)
		expect_frame(c, i + 1, (int64_t)i * 1000000 + 1000000, 1, three[i],
			     strlen(three[i]));

	struct frame frame;

	assert_int_equal(capture_next(c, &frame), CAPTURE_CUT);
	assert_non_null(strstr(capture_error(c),
			       ": after frame 3, its gzip data cannot be unpacked at byte "));
	capture_close(c);

	make_link_types(&m);
	write_gzip(&m, 4);
	c = open_with(&nothing);
	expect_frame(c, 1, 1000000, LINKTYPE_RAW, "raw", 3);
	expect_frame(c, 2, 2000000, LINKTYPE_ETHERNET, "ethernet", 8);
	assert_int_equal(capture_next(c, &frame), CAPTURE_CUT);
	assert_non_null(strstr(capture_error(c),
			       ": after frame 2, its gzip data cannot be unpacked at byte "));
	capture_close(c);
}

/* ---- snoop ---- */

/* The frames of pcap_of(1, three, 3). */
static struct made
snoop_of_three(void)
{
	struct made m;

	snoop_header(&m, 2, 4);
	for (uint32_t i = 0; i < 3; i++)
		snoop_record(&m, three[i],
			     (struct snoop_record){.seconds = i + 1,
						   .len = (uint32_t)strlen(three[i]),
						   .drops = 2 * i,
						   .padding = i});
	return m;
}

static void
expect_first_two(struct capture *c)
{
	expect_frame(c, 1, 1000000, LINKTYPE_ETHERNET, "first", 5);
	expect_frame(c, 2, 2000000, LINKTYPE_ETHERNET, "second", 6);
}

static void
reads_snoop_with_its_drops(void **state)
{
	struct made m = snoop_of_three();

	(void)state;
	for (int packed = 0; packed < 2; packed++) {
		struct drops drops;
		struct frame frame;

		if (packed)
			write_gzip(&m, 0);
		else
			write_made(&m);

		struct capture *c = open_with(&nothing);

		expect_first_two(c);
		expect_frame(c, 3, 3000000, LINKTYPE_ETHERNET, "third", 5);
		assert_int_equal(capture_next(c, &frame), CAPTURE_END);
		capture_drops(c, &drops);
		assert_int_equal(drops.kernel, 4);
		assert_int_equal(drops.interface, 0);
		capture_close(c);
	}
}

static void
says_where_a_snoop_file_is_cut(void **state)
{
	struct made m = snoop_of_three();
	struct frame frame;
	struct capture *c;

	(void)state;
	write_bytes(m.b, m.n - 1);
	c = open_with(&nothing);
	expect_first_two(c);
	expect_cut(c, ": after frame 2, at byte 76: the file ends inside a record");

	write_gzip(&m, 4);
	c = open_with(&nothing);
	expect_first_two(c);
	expect_frame(c, 3, 3000000, LINKTYPE_ETHERNET, "third", 5);
	assert_int_equal(capture_next(c, &frame), CAPTURE_CUT);
	assert_non_null(strstr(capture_error(c),
			       ": after frame 3, its gzip data cannot be unpacked at byte "));
	capture_close(c);
}

static void
says_which_snoop_files_it_does_not_read(void **state)
{
	struct made m;
	char err[1000] = "";

	(void)state;
	snoop_header(&m, 2, 8);
	write_made(&m);
	expect_no_file(": a snoop capture of FDDI (datalink type 8); of snoop captures handspan "
		       "reads those of Ethernet");
	m.n--;
	write_made(&m);
	expect_no_file(": a snoop capture without its whole header");
	write_gzip(&m, 6);
	assert_null(capture_open_file(path, &nothing, err, sizeof err));
	assert_non_null(strstr(err, ": its gzip data cannot be unpacked at byte "));
	m.n = 7;
	write_made(&m);
	expect_no_file(": not a capture file (pcap, pcapng or snoop)");
}

/* ---- no captures ---- */

static void
says_what_is_no_capture(void **state)
{
	struct made m = {.n = 0};

	(void)state;
	write_bytes("", 0);
	expect_no_file(": empty file, no capture");
	write_gzip(&m, 0);
	expect_no_file(": empty file, no capture");
	write_bytes("\xa1\xb2\xc3", 3);
	expect_no_file(": not a capture file (pcap, pcapng or snoop)");
	write_bytes("nothing of the kind, but long enough", 36);
	expect_no_file(": not a capture file (pcap, pcapng or snoop)");
	write_bytes("iptrace 2.0", 11);
	expect_no_file(": not pcap, pcapng or snoop but an AIX iptrace capture; "
		       "editcap -F pcap IN OUT makes a capture file of it");
	write_bytes("\xfd"
		    "7zXZ\0\0\4",
		    8);
	expect_no_file(": not pcap, pcapng or snoop but compressed by xz; xz -dc FILE | handspan - "
		       "reads it");
	write_bytes("PK\3\4", 4);
	expect_no_file(": not pcap, pcapng or snoop but a zip archive; unzip it and name the "
		       "capture files in it");
	write_bytes("\x1f\x8b\x08\0\0", 5);
	expect_no_file(": its gzip data cannot be unpacked at byte 5: the file ends too early");
	pcap_header(&m, MICRO, 65535, 1);
	write_bytes(m.b, 10);
	expect_no_file(": a pcap capture without its whole header");
	m.b[4] = 1;
	write_made(&m);
	expect_no_file(": a pcap capture of version 1.4, handspan reads up to version 2.4");
	make_link_types(&m);
	write_bytes(m.b, 20);
	expect_no_file(": at byte 0: the file ends inside a block");
	unlink(path);
	expect_no_file(": no such file");
}

/* ---- filters ---- */

/* An Ethernet frame, and the same without Ethernet, of TCP to a port that is no byte 0. */
#define TCP_TO(port)                                                            \
	"\x45\xff\1\x28\1\1\x40\xff\x40\6\1\1\x0a\1\1\1\x0a\1\1\2\x30\x39" port \
	"\1\1\1\1\1\1\1\1\x50\2\1\1\1\1\1\1"
#define ETHERNET_TYPE(type) "\2\2\2\2\2\2\2\1\1\1\1\1" type

static const char *const tcp_frames[] = {ETHERNET_TYPE("\x08\x06") "arp", TCP_TO("\x01\xbb"),
					 ETHERNET_TYPE("\x86\xdd") "ip6", TCP_TO("\x11\x11")};

static void
numbers_frames_that_a_filter_drops(void **state)
{
	const struct capture_options options = {.filter = "ip[22:2] = 443"};
	struct made m = pcap_of(101, tcp_frames, 4);
	struct capture *c;

	(void)state;
	write_made(&m);
	c = open_with(&options);
	expect_frame(c, 2, 2000000, LINKTYPE_RAW, tcp_frames[1], strlen(tcp_frames[1]));
	expect_end(c);

	m = (struct made){.n = 0};
	made_section(&m, false);
	made_plain_interface(&m, LINKTYPE_ETHERNET);
	made_plain_interface(&m, LINKTYPE_RAW);
	for (uint32_t i = 0; i < 4; i++)
		made_enhanced(&m, i % 2, i, tcp_frames[i], 60);
	write_made(&m);
	c = open_with(&options);
	expect_frame(c, 2, 1, LINKTYPE_RAW, tcp_frames[1], 60);
	expect_end(c);

	snoop_header(&m, 2, 4);
	for (uint32_t i = 0; i < 3; i++)
		snoop_record(&m, tcp_frames[i], (struct snoop_record){.us = i, .len = 60});
	write_made(&m);
	c = open_with(&(struct capture_options){.filter = "ip6"});
	expect_frame(c, 3, 2, LINKTYPE_ETHERNET, tcp_frames[2], 60);
	expect_end(c);
}

/* A frame of each link type; the filter has no meaning for the second, and matches the others. More
 * than are kept compiled, so the first come around again. */
static void
filters_every_link_type_for_itself(void **state)
{
	const struct capture_options options = {.filter = "ether src 02:01:01:01:01:01"};
	struct made m = {.n = 0};

	(void)state;
	made_section(&m, false);
	made_plain_interface(&m, LINKTYPE_ETHERNET);
	for (uint16_t i = 0; i < 40; i++)
		made_plain_interface(&m, (uint16_t)(101 + i));
	made_enhanced(&m, 0, 0, tcp_frames[0], 60);
	for (uint32_t i = 1; i <= 40; i++)
		made_enhanced(&m, i, 0, tcp_frames[1], 60);
	made_enhanced(&m, 0, 0, tcp_frames[2], 60);
	write_made(&m);

	struct capture *c = open_with(&options);

	expect_frame(c, 1, 0, LINKTYPE_ETHERNET, tcp_frames[0], 60);
	expect_frame(c, 42, 0, LINKTYPE_ETHERNET, tcp_frames[2], 60);
	expect_end(c);
}

/* On the BSDs' loopback IPv6 is 24, 28 or 30, by the system that wrote it; here it is 10. */
static void
filters_the_loopback_of_other_systems(void **state)
{
	static const uint8_t ip6[4 + 40] = {[0] = 30, [4] = 0x60, [10] = 6};
	const struct capture_options options = {.filter = "ip6 proto 6"};

	(void)state;
	for (int pcapng = 0; pcapng < 2; pcapng++) {
		struct made m = {.n = 0};
		struct frame frame;

		if (pcapng) {
			made_section(&m, false);
			made_plain_interface(&m, LINKTYPE_NULL);
			made_open(&m, 3);
			made_number(&m, 4, sizeof ip6);
			made_bytes(&m, ip6, sizeof ip6);
			made_close(&m);
		} else {
			pcap_header(&m, MICRO, 65535, LINKTYPE_NULL);
			made_number(&m, 8, 0);
			made_number(&m, 4, sizeof ip6);
			made_number(&m, 4, sizeof ip6);
			made_bytes(&m, ip6, sizeof ip6);
		}
		write_made(&m);

		struct capture *c = open_with(&options);

		assert_int_equal(capture_next(c, &frame), CAPTURE_FRAME);
		assert_int_equal(frame.bytes.n, sizeof ip6);
		expect_end(c);
	}
}

static void
says_what_is_wrong_with_a_filter(void **state)
{
	const struct capture_options nonsense = {.filter = "tcp prot 443"};
	const struct capture_options ethernet = {.filter = "ether host 02:00:00:00:00:01"};
	struct made m = pcap_of(1, three, 1);
	char err[1000];

	(void)state;
	write_made(&m);
	assert_null(capture_open_file(path, &nonsense, err, sizeof err));
	assert_memory_equal(err, "filter \"tcp prot 443\": ", 23);
	make_link_types(&m);
	write_made(&m);
	assert_null(capture_open_file(path, &nonsense, err, sizeof err));
	assert_null(capture_open_file(path, &ethernet, err, sizeof err));
	assert_memory_equal(err, "filter \"ether host 02:00:00:00:00:01\": ", 39);
}

/* ---- writing ---- */

static void
expect_written(int linktype, size_t n, const char *const *texts, const struct timeval *times)
{
	char err[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(out_path, err);
	struct pcap_pkthdr *header;
	const u_char *bytes;

	assert_non_null(pcap);
	assert_int_equal(pcap_datalink(pcap), linktype);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(pcap_next_ex(pcap, &header, &bytes), 1);
		assert_int_equal(header->caplen, strlen(texts[i]));
		assert_memory_equal(bytes, texts[i], header->caplen);
		assert_int_equal(header->ts.tv_sec, times[i].tv_sec);
		assert_int_equal(header->ts.tv_usec, times[i].tv_usec);
	}
	assert_int_equal(pcap_next_ex(pcap, &header, &bytes), PCAP_ERROR_BREAK);
	pcap_close(pcap);
}

static void
writes_what_passes_the_filter(void **state)
{
	const struct capture_options options = {.filter = "tcp", .write_to = out_path};
	const struct timeval times[] = {{2, 0}, {4, 0}};
	const char *const texts[] = {tcp_frames[1], tcp_frames[3]};
	struct made m = pcap_of(101, tcp_frames, 4);
	struct capture *c;

	(void)state;
	write_made(&m);
	c = open_with(&options);
	expect_frame(c, 2, 2000000, LINKTYPE_RAW, tcp_frames[1], strlen(tcp_frames[1]));
	expect_frame(c, 4, 4000000, LINKTYPE_RAW, tcp_frames[3], strlen(tcp_frames[3]));
	assert_int_equal(access(out_path, F_OK), -1);
	assert_true(capture_finish(c));
	expect_written(DLT_RAW, 2, texts, times);
	expect_end(c);
	expect_written(DLT_RAW, 2, texts, times);
}

static void
writes_pcapng_as_pcap(void **state)
{
	const struct capture_options options = {.write_to = out_path};
	const struct timeval times[] = {{1, 500000}, {-1, 500000}};
	const char *const texts[] = {"first", "second"};
	struct made m = {.n = 0};
	struct capture *c;

	(void)state;
	made_section(&m, true);
	made_plain_interface(&m, LINKTYPE_LINUX_SLL);
	made_enhanced(&m, 0, 1500000, "first", 60);
	made_enhanced(&m, 0, (uint64_t)-500000, "second", 60);
	write_made(&m);
	c = open_with(&options);
	expect_frame(c, 1, 1500000, LINKTYPE_LINUX_SLL, "first", 60);
	expect_frame(c, 2, -500000, LINKTYPE_LINUX_SLL, "second", 60);
	assert_true(capture_finish(c));
	capture_close(c);
	expect_written(DLT_LINUX_SLL, 2, texts, times);
}

static void
writes_snoop_as_pcap(void **state)
{
	const struct capture_options options = {.write_to = out_path};
	const struct timeval times[] = {{1, 0}, {2, 0}};
	struct made m = snoop_of_three();

	(void)state;
	write_made(&m);

	struct capture *c = open_with(&options);

	expect_first_two(c);
	assert_true(capture_finish(c));
	capture_close(c);
	expect_written(DLT_EN10MB, 2, three, times);
}

static void
writes_an_empty_capture(void **state)
{
	const struct capture_options options = {.write_to = out_path};
	struct made m = pcap_of(113, three, 0);

	(void)state;
	write_made(&m);
	struct capture *c = open_with(&options);

	assert_true(capture_finish(c));
	expect_end(c);
	expect_written(DLT_LINUX_SLL, 0, NULL, NULL);
}

static char complaints[2000];

static void
complain(const char *sentence)
{
	size_t len = strlen(complaints);

	snprintf(complaints + len, sizeof complaints - len, "%s\n", sentence);
}

static struct capture *
open_complaining(const char *write_to, const char *save_to)
{
	const struct capture_options options = {
		.write_to = write_to, .save_to = save_to, .complain = complain};

	complaints[0] = '\0';
	return open_with(&options);
}

static void
expect_complaint(struct capture *c, const char *file, const char *rest)
{
	char sentence[400];

	assert_false(capture_finish(c));
	snprintf(sentence, sizeof sentence, "%s%s\n", file, rest);
	assert_string_equal(complaints, sentence);
	capture_close(c);
}

static void
writes_one_link_type_only(void **state)
{
	const struct timeval times[] = {{1, 0}};
	const char *const texts[] = {"raw"};
	struct made m;
	struct frame frame;

	(void)state;
	make_link_types(&m);
	made_enhanced(&m, 1, 3000000, "ethernet", 8);
	write_made(&m);

	struct capture *c = open_complaining(out_path, NULL);

	expect_frame(c, 1, 1000000, LINKTYPE_RAW, "raw", 3);
	expect_frame(c, 2, 2000000, LINKTYPE_ETHERNET, "ethernet", 8);
	expect_frame(c, 3, 3000000, LINKTYPE_ETHERNET, "ethernet", 8);
	assert_int_equal(capture_next(c, &frame), CAPTURE_END);
	expect_complaint(c, out_path,
			 ": frame 2 is of link type 1, the first one was of 101; a pcap file "
			 "holds one, so frames of others are read but not written");
	expect_written(DLT_RAW, 1, texts, times);
}

static void
says_what_cannot_be_written(void **state)
{
	const struct capture_options itself = {.write_to = path};
	const struct capture_options saves_itself = {.save_to = path};
	const struct capture_options nowhere = {.write_to = "/nonexistent/out"};
	struct made m = pcap_of(1, three, 3);
	char sentence[200];

	(void)state;
	write_made(&m);
	snprintf(sentence, sizeof sentence,
		 "%s: is being read, it cannot be written at the same time", path);
	expect_no_capture(&itself, sentence);
	expect_no_capture(&saves_itself, sentence);
	expect_no_capture(&nowhere,
			  "/nonexistent/out: cannot be written: No such file or directory");
}

/* The disk is full from the start: /dev/full says so when the first buffer goes there. */
static void
reads_on_when_the_disk_is_full(void **state)
{
	struct made m = pcap_of(1, three, 3);
	struct frame frame;
	struct capture *c;

	(void)state;
	write_made(&m);
	for (int read = 0; read < 2; read++) {
		c = open_complaining("/dev/full", NULL);
		for (uint64_t i = 0; read && i < 3; i++)
			expect_frame(c, i + 1, (int64_t)i * 1000000 + 1000000, 1, three[i],
				     strlen(three[i]));
		if (read)
			assert_int_equal(capture_next(c, &frame), CAPTURE_END);
		expect_complaint(c, "/dev/full",
				 " cannot be written any further: No space left on device; frames "
				 "are read on, but not written: make room, and SIGHUP begins a "
				 "new file");
	}
}

static void
saves_what_matters_and_the_last_frame(void **state)
{
	const struct timeval times[] = {{2, 0}, {4, 0}};
	static char last[129];
	const char *texts[] = {"second", last};
	char longer[201];
	struct made m = pcap_of(1, three, 3);
	struct frame frame;
	struct capture *c;

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	memcpy(last, longer, sizeof last - 1);
	pcap_record(&m, MICRO, 4, 0, longer, 200);
	write_made(&m);

	for (int last_matters = 0; last_matters < 2; last_matters++) {
		c = open_complaining(NULL, out_path);
		for (uint64_t i = 1; i <= 4; i++) {
			assert_int_equal(capture_next(c, &frame), CAPTURE_FRAME);
			capture_save(c, &frame, i == (last_matters ? 4 : 2));
		}
		assert_true(capture_finish(c));
		texts[1] = last_matters ? longer : last;
		expect_written(DLT_EN10MB, 2 - (size_t)last_matters, texts + last_matters,
			       times + last_matters);
		expect_end(c);
	}
}

static void
writes_in_the_form_of_the_input(void **state)
{
	static const uint32_t given[] = {96, 0, 262144, 0x7fffffff};
	static const uint32_t written[] = {96, 262144, 262144, 262144};

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		struct made m = {.big_endian = i >= 4}, same = {.n = 0};
		uint8_t bytes[100];
		FILE *file;

		pcap_header(&m, NANO, given[i % 4], 228);
		pcap_record(&m, NANO, 7, 999999999, "frame", 60);
		pcap_header(&same, NANO, written[i % 4], 228);
		pcap_record(&same, NANO, 7, 999999999, "frame", 60);
		write_made(&m);

		struct capture *c = open_complaining(out_path, NULL);

		expect_fine_frame(c, 1, 7999999, 999, LINKTYPE_IPV4, "frame", 60);
		assert_true(capture_finish(c));
		expect_end(c);
		file = fopen(out_path, "rb");
		assert_non_null(file);
		assert_int_equal(fread(bytes, 1, sizeof bytes, file), same.n);
		assert_memory_equal(bytes, same.b, same.n);
		fclose(file);
	}
}

static void
writes_pcapng_in_its_form(void **state)
{
	struct made m = {.n = 0}, same = {.n = 0};
	uint8_t bytes[100];
	FILE *file;

	(void)state;
	made_section(&m, false);
	made_interface(&m, 1, 1500);
	made_option(&m, 9, "\x09", 1);
	made_close(&m);
	made_enhanced(&m, 0, 1500000123, "frame", 60);
	write_made(&m);
	pcap_header(&same, NANO, 1500, 1);
	pcap_record(&same, NANO, 1, 500000123, "frame", 60);

	struct capture *c = open_complaining(out_path, NULL);

	expect_fine_frame(c, 1, 1500000, 123, LINKTYPE_ETHERNET, "frame", 60);
	assert_true(capture_finish(c));
	expect_end(c);
	file = fopen(out_path, "rb");
	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, sizeof bytes, file), same.n);
	assert_memory_equal(bytes, same.b, same.n);
	fclose(file);
}

/* ---- pipes and stopping ---- */

static void
reads_stdin(void **state)
{
	struct made m = pcap_of(1, three, 3);
	int keep = dup(STDIN_FILENO), ends[2];
	uint64_t read, size;
	char err[200] = "";

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], m.b, m.n), m.n);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);

	struct capture *c = capture_open_file("-", &nothing, err, sizeof err);

	assert_non_null(c);
	assert_string_equal(capture_name(c), "stdin");
	capture_bytes(c, &read, &size);
	assert_int_equal(size, 0);
	for (uint64_t i = 0; i < 3; i++)
		expect_frame(c, i + 1, (int64_t)i * 1000000 + 1000000, 1, three[i],
			     strlen(three[i]));
	expect_end(c);
	dup2(keep, STDIN_FILENO);
	close(keep);
}

static struct capture *running;

static void
stop_running(int signal)
{
	(void)signal;
	capture_stop(running);
}

static void
stop_in_a_second(void)
{
	struct sigaction action = {.sa_handler = stop_running, .sa_flags = SA_RESTART};

	sigaction(SIGALRM, &action, NULL);
	alarm(1);
}

/* Whatever stands in the pipe, half a record too, a stop is an end. */
static void
stops_at_a_signal(void **state)
{
	struct made files[3];

	(void)state;
	files[0] = pcap_of(1, three, 3);
	make_link_types(&files[1]);
	files[2] = snoop_of_three();
	for (size_t i = 0; i < 3; i++) {
		int keep = dup(STDIN_FILENO), ends[2];
		char err[200] = "";
		struct frame frame;
		enum capture_status status;

		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], files[i].b, files[i].n - 2), files[i].n - 2);
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		running = capture_open_file("-", &nothing, err, sizeof err);
		assert_non_null(running);
		stop_in_a_second();
		while ((status = capture_next(running, &frame)) == CAPTURE_FRAME)
			continue;
		assert_int_equal(status, CAPTURE_END);
		assert_int_equal(capture_next(running, &frame), CAPTURE_END);
		capture_close(running);
		close(ends[1]);
		dup2(keep, STDIN_FILENO);
		close(keep);
	}
}

static void
stops_between_frames(void **state)
{
	struct made m = pcap_of(1, three, 3);

	(void)state;
	write_made(&m);

	struct capture *c = open_with(&nothing);

	expect_frame(c, 1, 1000000, 1, "first", 5);
	capture_stop(c);
	expect_end(c);
}

/* ---- memory ---- */

static void
stands_without_memory(void **state)
{
	struct made files[3];

	(void)state;
	files[0] = pcap_of(1, three, 3);
	make_link_types(&files[1]);
	files[2] = snoop_of_three();
	for (size_t i = 0; i < 3; i++) {
		bool failed = true;

		write_made(&files[i]);
		for (size_t nth = 1; failed; nth++) {
			char err[1000] = "";
			struct frame frame;
			enum capture_status status = CAPTURE_FRAME;

			allocations_fail(nth);

			struct capture *c = capture_open_file(path, &nothing, err, sizeof err);

			while (c != NULL && status == CAPTURE_FRAME)
				status = capture_next(c, &frame);
			failed = allocations_failed();
			assert_int_equal(c != NULL && status == CAPTURE_END, !failed);
			if (failed)
				assert_non_null(strstr(c != NULL ? capture_error(c) : err,
						       ": out of memory"));
			if (c != NULL)
				assert_true(capture_out_of_memory(c) == failed);
			capture_close(c);
		}
	}
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/in", folder);
	snprintf(out_path, sizeof out_path, "%s/out", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(path);
	unlink(out_path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_pcap_of_every_kind),
		cmocka_unit_test(gives_link_types_as_files_have_them),
		cmocka_unit_test(gives_frames_beyond_the_snap_length_whole),
		cmocka_unit_test(never_gives_a_wire_length_below_the_captured),
		cmocka_unit_test(says_where_a_pcap_is_cut_or_damaged),
		cmocka_unit_test(reads_captures_without_frames),
		cmocka_unit_test(says_how_far_it_is),
		cmocka_unit_test(reads_pcapng_with_several_link_types),
		cmocka_unit_test(says_where_a_pcapng_is_cut),
		cmocka_unit_test(says_where_a_packed_file_is_cut),
		cmocka_unit_test(reads_snoop_with_its_drops),
		cmocka_unit_test(says_where_a_snoop_file_is_cut),
		cmocka_unit_test(says_which_snoop_files_it_does_not_read),
		cmocka_unit_test(says_what_is_no_capture),
		cmocka_unit_test(numbers_frames_that_a_filter_drops),
		cmocka_unit_test(filters_every_link_type_for_itself),
		cmocka_unit_test(filters_the_loopback_of_other_systems),
		cmocka_unit_test(says_what_is_wrong_with_a_filter),
		cmocka_unit_test(writes_what_passes_the_filter),
		cmocka_unit_test(writes_pcapng_as_pcap),
		cmocka_unit_test(writes_snoop_as_pcap),
		cmocka_unit_test(writes_an_empty_capture),
		cmocka_unit_test(writes_one_link_type_only),
		cmocka_unit_test(says_what_cannot_be_written),
		cmocka_unit_test(reads_on_when_the_disk_is_full),
		cmocka_unit_test(saves_what_matters_and_the_last_frame),
		cmocka_unit_test(writes_in_the_form_of_the_input),
		cmocka_unit_test(writes_pcapng_in_its_form),
		cmocka_unit_test(reads_stdin),
		cmocka_unit_test(stops_at_a_signal),
		cmocka_unit_test(stops_between_frames),
		cmocka_unit_test(stands_without_memory),
	};

	return cmocka_run_group_tests_name("capture", tests, set_up, tear_down);
}
