/* Capture files: pcap through libpcap, pcapng through pcapng.c, snoop through snoop.c, all out of
 * what packed them. */
#include "capture_room.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "dissectors/link.h"
#include "foreign.h"

/* stdio's buffer: its own 4 KiB would cost a system call for every few frames. */
#define FILE_BUFFER_BYTES (64 * 1024)

/* Where a pcap file's header has its snap length. */
#define SNAPLEN_AT 16

/* reason gives why a file cannot be read: damage to what packed it explains all else. */
static const char *
reason(const struct capture *c, const char *reader_error)
{
	const char *unpack_error = decompress_error(c->unpacked);

	return unpack_error != NULL ? unpack_error : reader_error;
}

/* Whoever of libpcap, zlib, libzstd, liblz4 and pcapng.c found no memory, malloc has left ENOMEM. */
static enum capture_status
cut_file(struct capture *c, const char *reader_error)
{
	c->out_of_memory = errno == ENOMEM;
	if (c->stop)
		return c->status = CAPTURE_END;
	return capture_cut(c, "after frame %" PRIu64 ", %s", c->frames, reason(c, reader_error));
}

/* read_file is the FILE that snoop.c reads. */
static ssize_t
read_file(void *cookie, char *to, size_t n)
{
	const struct capture *c = cookie;

	return decompress_read(c->unpacked, to, n);
}

/* read_pcap and tell_pcap are the FILE that libpcap reads. */
static ssize_t
read_pcap(void *cookie, char *to, size_t n)
{
	struct capture *c = cookie;
	ssize_t got = decompress_read(c->unpacked, to, n);

	/* Some writers do not keep to their snap length, and libpcap would cut their frames to it;
	 * 0 is none. */
	if (c->given == 0 && got >= SNAPLEN_AT + 4)
		memset(to + SNAPLEN_AT, 0, 4);
	c->given += got > 0 ? (uint64_t)got : 0;
	return got;
}

static int
tell_pcap(void *cookie, off64_t *offset, int whence)
{
	const struct capture *c = cookie;

	if (whence != SEEK_CUR || *offset != 0)
		return -1;
	*offset = (off64_t)c->given;
	return 0;
}

/* open_file makes a FILE for those who read one; NULL when out of memory. */
static FILE *
open_file(struct capture *c, cookie_io_functions_t functions)
{
	FILE *file;

	c->file_buffer = malloc(FILE_BUFFER_BYTES);
	if (c->file_buffer == NULL)
		return NULL;
	file = fopencookie(c, "r", functions);
	if (file != NULL)
		setvbuf(file, c->file_buffer, _IOFBF, FILE_BUFFER_BYTES);
	return file;
}

/* The magic numbers of pcap files, Kuznetzov's among them. */
static const struct pcap_magic {
	uint32_t number;
	bool little_endian;
	bool counts_ns;
} pcap_magics[] = {
	{0xa1b2c3d4, false, false}, {0xd4c3b2a1, true, false}, {0xa1b2cd34, false, false},
	{0x34cdb2a1, true, false},  {0xa1b23c4d, false, true}, {0x4d3cb2a1, true, true},
};

static const struct pcap_magic *
find_magic(uint32_t number)
{
	for (size_t i = 0; i < sizeof pcap_magics / sizeof pcap_magics[0]; i++) {
		if (pcap_magics[i].number == number)
			return &pcap_magics[i];
	}
	return NULL;
}

/* note_form keeps what of the header libpcap is not shown. */
static void
note_form(struct capture *c, const struct pcap_magic *magic)
{
	struct slice header = decompress_start(c->unpacked);

	if (slice_skip(&header, SNAPLEN_AT) && slice_u32(&header, &c->snaplen) &&
	    magic->little_endian)
		c->snaplen = __builtin_bswap32(c->snaplen);
	c->counts_ns = magic->counts_ns;
}

static bool
open_pcap(struct capture *c, const struct pcap_magic *magic, char *err, size_t err_size)
{
	char why[PCAP_ERRBUF_SIZE] = "out of memory";
	FILE *file = open_file(c, (cookie_io_functions_t){.read = read_pcap, .seek = tell_pcap});

	note_form(c, magic);
	if (file != NULL)
		c->pcap = pcap_fopen_offline_with_tstamp_precision(
			file, c->counts_ns ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO,
			why);
	if (c->pcap != NULL) {
		c->linktype = capture_linktype(pcap_datalink(c->pcap));
		return true;
	}
	if (file != NULL)
		fclose(file);
	snprintf(err, err_size, "%s: %s", c->name, reason(c, why));
	return false;
}

static ssize_t
read_unpacked(void *arg, void *to, size_t n)
{
	return decompress_read(arg, to, n);
}

static bool
open_pcapng(struct capture *c, char *err, size_t err_size)
{
	char why[sizeof c->error / 2];

	c->pcapng = pcapng_open((struct pcapng_source){.read = read_unpacked, .arg = c->unpacked},
				why, sizeof why);
	if (c->pcapng == NULL) {
		snprintf(err, err_size, "%s: %s", c->name, reason(c, why));
		return false;
	}
	errno = 0;
	c->status = pcapng_next(c->pcapng, &c->first);
	if (c->status == CAPTURE_FRAME)
		c->linktype = c->first.linktype;
	else if (c->status == CAPTURE_CUT)
		cut_file(c, pcapng_error(c->pcapng));
	c->snaplen = pcapng_form(c->pcapng).snaplen;
	c->counts_ns = pcapng_form(c->pcapng).counts_ns;
	return true;
}

static bool
open_snoop(struct capture *c, char *err, size_t err_size)
{
	char why[sizeof c->error / 2] = "out of memory";
	FILE *file = open_file(c, (cookie_io_functions_t){.read = read_file});

	if (file != NULL)
		c->snoop = snoop_open(file, why, sizeof why);
	if (c->snoop != NULL) {
		c->linktype = LINKTYPE_ETHERNET;
		return true;
	}
	if (file != NULL)
		fclose(file);
	snprintf(err, err_size, "%s: %s", c->name, reason(c, why));
	return false;
}

/* open_format opens what the first bytes say the file is. */
static bool
open_format(struct capture *c, char *err, size_t err_size)
{
	struct slice start = decompress_start(c->unpacked);
	struct slice rest = start;
	uint32_t number = 0;
	const struct pcap_magic *magic;

	slice_u32(&rest, &number);
	if (number == 0x0a0d0d0a)
		return open_pcapng(c, err, err_size);
	magic = find_magic(number);
	if (magic != NULL)
		return open_pcap(c, magic, err, err_size);
	if (snoop_is(start))
		return open_snoop(c, err, err_size);
	if (start.n == 0)
		snprintf(err, err_size, "%s: %s", c->name, reason(c, "empty file, no capture"));
	else
		foreign_explain(c->name, start, err, err_size);
	return false;
}

bool
capture_file_open(struct capture *c, const char *path, char *err, size_t err_size)
{
	c->input = input_open(path, &c->stop, err, err_size);
	if (c->input == NULL)
		return false;
	c->unpacked = decompress_open(c->input);
	if (c->unpacked == NULL) {
		snprintf(err, err_size, "%s: out of memory", c->name);
		return false;
	}
	return open_format(c, err, err_size) &&
	       (c->options.filter == NULL || capture_filter_open(c, err, err_size)) &&
	       capture_output_open(c, err, err_size);
}

static enum capture_status
next_pcap(struct capture *c, struct frame *out)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;
	char why[sizeof c->error / 2];
	int answer = pcap_next_ex(c->pcap, &header, &bytes);

	if (answer == 1) {
		/* Seconds in files are unsigned; libpcap takes those in this machine's byte order
		 * for signed. */
		capture_frame(c, header, bytes, (uint32_t)header->ts.tv_sec, out);
		return CAPTURE_FRAME;
	}
	if (answer == PCAP_ERROR_BREAK)
		return c->status = CAPTURE_END;
	snprintf(why, sizeof why, "at byte %jd: %s", (intmax_t)ftello(pcap_file(c->pcap)),
		 pcap_geterr(c->pcap));
	return cut_file(c, why);
}

static enum capture_status
next_pcapng(struct capture *c, struct frame *out)
{
	if (c->first.when.frame != 0) {
		*out = c->first;
		c->first.when.frame = 0;
	} else {
		c->status = pcapng_next(c->pcapng, out);
	}
	if (c->status == CAPTURE_CUT)
		return cut_file(c, pcapng_error(c->pcapng));
	if (c->status == CAPTURE_FRAME)
		c->frames = out->when.frame;
	return c->status;
}

static enum capture_status
next_snoop(struct capture *c, struct frame *out)
{
	c->status = snoop_next(c->snoop, out);
	if (c->status == CAPTURE_CUT)
		return cut_file(c, snoop_error(c->snoop));
	if (c->status == CAPTURE_FRAME)
		c->frames = out->when.frame;
	return c->status;
}

enum capture_status
capture_file_next(struct capture *c, struct frame *out)
{
	errno = 0;
	if (c->pcapng != NULL)
		return next_pcapng(c, out);
	return c->snoop != NULL ? next_snoop(c, out) : next_pcap(c, out);
}
