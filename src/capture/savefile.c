/* pcap records to frames. */
#include "savefile.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "limit.h"

#define FILE_HEADER 24
#define RECORD_HEADER 16
#define RECORD_HEADER_KUZNETZOV 24

#define VERSION_MAJOR 2
#define VERSION_MINOR_MOST 4
#define VERSION_MINOR_OF_BOTH 3 /* ways to write a record's two lengths */
#define VERSION_MAJOR_DG_UX 543

/* Above the link type stands whether frames end in a checksum, and of how many bytes. */
#define LINKTYPE_BITS 0x03ffffff

#define US_PER_SECOND 1000000
#define NS_PER_US 1000

/* The magic numbers as they read in the byte order of slice.h. */
static const struct magic {
	uint32_t number;
	bool little_endian;
	bool counts_ns;
	size_t record_header;
} magics[] = {
	{0xa1b2c3d4, false, false, RECORD_HEADER},
	{0xd4c3b2a1, true, false, RECORD_HEADER},
	{0xa1b23c4d, false, true, RECORD_HEADER},
	{0x4d3cb2a1, true, true, RECORD_HEADER},
	{0xa1b2cd34, false, false, RECORD_HEADER_KUZNETZOV},
	{0x34cdb2a1, true, false, RECORD_HEADER_KUZNETZOV},
};

/* Which of a record's two lengths is the captured one. */
enum lengths {
	CAPTURED_FIRST,
	CAPTURED_LAST,	/* before version 2.3, and by DG/UX */
	CAPTURED_LOWER, /* of version 2.3 there are both */
};

struct savefile {
	struct ahead *ahead; /* the caller's */
	bool little_endian;
	size_t header_len; /* of records */
	enum lengths lengths;
	struct savefile_form form;
	uint64_t frames;	    /* numbered so far */
	enum capture_status status; /* CAPTURE_FRAME until reading is over */
	char error[240];
};

static const struct magic *
find_magic(struct slice start)
{
	uint32_t number = 0;

	slice_u32(&start, &number);
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
		if (magics[i].number == number)
			return &magics[i];
	}
	return NULL;
}

bool
savefile_is(struct slice start)
{
	return find_magic(start) != NULL;
}

/* stop ends the reading as CAPTURE_CUT, with a sentence of the record in hand. */
__attribute__((format(printf, 2, 3))) static enum capture_status
stop(struct savefile *s, const char *format, ...)
{
	char why[sizeof s->error / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	snprintf(s->error, sizeof s->error, "at byte %" PRIu64 ": %s", ahead_offset(s->ahead), why);
	return s->status = CAPTURE_CUT;
}

static enum capture_status
stop_inside(struct savefile *s)
{
	return stop(s, "%s", ahead_lack(s->ahead, "the file ends inside a record"));
}

struct record {
	uint32_t seconds, fraction, captured, len;
};

/* A record's header, behind which stands the packet; the last four fields are Kuznetzov's:
 *
 *   u32 seconds, u32 microseconds or nanoseconds, u32 captured length, u32 original length,
 *   u32 interface, u16 protocol, u8 packet type, u8 padding
 */
static bool
read_record_header(const struct savefile *s, struct slice in, struct record *r)
{
	if (!slice_u32(&in, &r->seconds) || !slice_u32(&in, &r->fraction) || !slice_u32(&in, &r->captured) ||
	    !slice_u32(&in, &r->len))
		return false;
	if (s->little_endian) {
		r->seconds = __builtin_bswap32(r->seconds);
		r->fraction = __builtin_bswap32(r->fraction);
		r->captured = __builtin_bswap32(r->captured);
		r->len = __builtin_bswap32(r->len);
	}
	if (s->lengths == CAPTURED_LAST || (s->lengths == CAPTURED_LOWER && r->captured > r->len)) {
		uint32_t last = r->len;

		r->len = r->captured;
		r->captured = last;
	}
	return true;
}

static void
give(struct savefile *s, const struct record *r, struct slice bytes, struct frame *out)
{
	bool ns = s->form.counts_ns;
	uint32_t us = ns ? r->fraction / NS_PER_US : r->fraction;

	*out = (struct frame){
		.when = {.frame = ++s->frames, .us = (int64_t)r->seconds * US_PER_SECOND + us},
		.ns = ns ? r->fraction % NS_PER_US : 0,
		.linktype = s->form.linktype,
		.bytes = bytes,
		.wire_len = r->len > r->captured ? r->len : r->captured,
	};
}

enum capture_status
savefile_next(struct savefile *s, struct frame *out)
{
	struct slice *unread = &s->ahead->unread, bytes;
	size_t header_len = s->header_len;
	struct record record;

	if (s->status != CAPTURE_FRAME)
		return s->status;
	if (!ahead_have(s->ahead, header_len) && ahead_over(s->ahead))
		return s->status = CAPTURE_END;
	if (!read_record_header(s, slice_first(*unread, header_len), &record))
		return stop_inside(s);
	if (record.captured > LIMIT_PCAP_RECORD)
		return stop(s, "a record of %" PRIu32 " captured bytes is over the limit of %d", record.captured,
			    LIMIT_PCAP_RECORD);
	if (!ahead_have(s->ahead, header_len + record.captured) ||
	    !slice_take(unread, header_len + record.captured, &bytes) || !slice_skip(&bytes, header_len))
		return stop_inside(s);
	give(s, &record, bytes, out);
	return CAPTURE_FRAME;
}

static bool
known_version(uint16_t major, uint16_t minor)
{
	return (major == VERSION_MAJOR && minor <= VERSION_MINOR_MOST) || (major == VERSION_MAJOR_DG_UX && minor == 0);
}

static enum lengths
lengths_of(uint16_t major, uint16_t minor)
{
	if (major != VERSION_MAJOR || minor < VERSION_MINOR_OF_BOTH)
		return CAPTURED_LAST;
	return minor == VERSION_MINOR_OF_BOTH ? CAPTURED_LOWER : CAPTURED_FIRST;
}

/* File header:
 *
 *   u32 magic number, u16 major version, u16 minor version, i32 time zone (0), u32 accuracy (0),
 *   u32 snap length, u32 link type
 */
static bool
read_file_header(struct savefile *s, char *err, size_t err_size)
{
	const struct magic *magic;
	struct slice header;
	uint16_t major, minor;

	if (!ahead_have(s->ahead, FILE_HEADER) || (magic = find_magic(s->ahead->unread)) == NULL ||
	    !slice_take(&s->ahead->unread, FILE_HEADER, &header) || !slice_skip(&header, sizeof magic->number) ||
	    !slice_u16(&header, &major) || !slice_u16(&header, &minor) || !slice_skip(&header, 8) ||
	    !slice_u32(&header, &s->form.snaplen) || !slice_u32(&header, &s->form.linktype)) {
		snprintf(err, err_size, "a pcap capture without its whole header");
		return false;
	}
	s->header_len = magic->record_header;
	s->form.counts_ns = magic->counts_ns;
	s->little_endian = magic->little_endian;
	if (s->little_endian) {
		major = __builtin_bswap16(major);
		minor = __builtin_bswap16(minor);
		s->form.snaplen = __builtin_bswap32(s->form.snaplen);
		s->form.linktype = __builtin_bswap32(s->form.linktype);
	}
	s->form.linktype &= LINKTYPE_BITS;
	s->lengths = lengths_of(major, minor);
	if (known_version(major, minor))
		return true;
	snprintf(err, err_size, "a pcap capture of version %u.%u, handspan reads up to version %d.%d", major, minor,
		 VERSION_MAJOR, VERSION_MINOR_MOST);
	return false;
}

struct savefile *
savefile_open(struct ahead *ahead, char *err, size_t err_size)
{
	struct savefile *s = calloc(1, sizeof *s);

	if (s == NULL) {
		snprintf(err, err_size, "out of memory");
		return NULL;
	}
	s->ahead = ahead;
	if (read_file_header(s, err, err_size))
		return s;
	free(s);
	return NULL;
}

struct savefile_form
savefile_form(const struct savefile *s)
{
	return s->form;
}

const char *
savefile_error(const struct savefile *s)
{
	return s->error;
}

void
savefile_close(struct savefile *s)
{
	free(s);
}
