/* snoop records to frames. All numbers are big-endian. */
#include "snoop.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dissectors/link.h"
#include "limit.h"

#define MAGIC "snoop\0\0" /* and the literal's own zero */
#define MAGIC_BYTES 8
#define SNOOP_VERSION 2
#define FILE_HEADER 16
#define RECORD_HEADER 24
#define US_PER_SECOND 1000000

enum datalink {
	DATALINK_802_3 = 0, /* Ethernet too: its length field tells type from length */
	DATALINK_ETHERNET = 4,
};

/* The others of RFC 1761 and RFC 3827, section 3. */
static const struct {
	uint32_t datalink;
	const char *name;
} unread[] = {
	{1, "IEEE 802.4 token bus"},
	{2, "IEEE 802.5 token ring"},
	{3, "IEEE 802.6 metro net"},
	{5, "HDLC"},
	{6, "character synchronous"},
	{7, "IBM channel-to-channel"},
	{8, "FDDI"},
	{9, "a link layer that it does not name"},
	{16, "fibre channel"},
	{17, "ATM"},
	{18, "classical IP over ATM"},
	{26, "IP over InfiniBand"},
};

struct snoop {
	struct ahead *ahead; /* the caller's */
	uint64_t frames; /* numbered so far */
	uint32_t drops;
	enum capture_status status; /* CAPTURE_FRAME until reading is over */
	char error[240];
};

/* stop ends the reading as CAPTURE_CUT, with a sentence of the record in hand. */
__attribute__((format(printf, 2, 3))) static enum capture_status
stop(struct snoop *s, const char *format, ...)
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
stop_inside(struct snoop *s)
{
	return stop(s, "%s", ahead_lack(s->ahead, "the file ends inside a record"));
}

struct record {
	uint32_t original, included, len, drops, seconds, us;
};

/* Packet Record Format, all but the packet and the padding behind it:
 *
 *   u32 original length, u32 included length, u32 record length, u32 cumulative drops,
 *   u32 time stamp seconds, u32 microseconds
 *
 * The record length counts all of it. Padding should be to 32 bits; some writers' is longer. */
static bool
read_record_header(struct slice in, struct record *r)
{
	return slice_u32(&in, &r->original) && slice_u32(&in, &r->included) && slice_u32(&in, &r->len) &&
	       slice_u32(&in, &r->drops) && slice_u32(&in, &r->seconds) && slice_u32(&in, &r->us);
}

static enum capture_status
read_record(struct snoop *s, struct frame *out)
{
	struct slice *in = &s->ahead->unread, body, bytes;
	struct record r;

	if (!read_record_header(*in, &r))
		return stop_inside(s);
	if (r.len < RECORD_HEADER)
		return stop(s, "a record of %" PRIu32 " bytes is impossible", r.len);
	if (r.len > LIMIT_SNOOP_RECORD)
		return stop(s, "a record of %" PRIu32 " bytes is over the limit of %d", r.len, LIMIT_SNOOP_RECORD);
	if (!ahead_have(s->ahead, r.len))
		return stop_inside(s);
	if (r.included > r.len - RECORD_HEADER)
		return stop(s, "%" PRIu32 " captured bytes are more than their record holds", r.included);
	if (!slice_take(in, r.len, &body) || !slice_skip(&body, RECORD_HEADER) ||
	    !slice_take(&body, r.included, &bytes))
		return stop_inside(s);
	s->drops = r.drops;
	*out = (struct frame){
		.when = {.frame = ++s->frames, .us = (int64_t)r.seconds * US_PER_SECOND + r.us},
		.linktype = LINKTYPE_ETHERNET,
		.bytes = bytes,
		.wire_len = r.original > r.included ? r.original : r.included,
	};
	return CAPTURE_FRAME;
}

static bool
accept_datalink(uint32_t datalink, char *err, size_t err_size)
{
	const char *name = "a link layer that no RFC names";

	if (datalink == DATALINK_802_3 || datalink == DATALINK_ETHERNET)
		return true;
	for (size_t i = 0; i < sizeof unread / sizeof unread[0]; i++) {
		if (unread[i].datalink == datalink)
			name = unread[i].name;
	}
	snprintf(err, err_size,
		 "a snoop capture of %s (datalink type %" PRIu32 "); of snoop captures handspan "
		 "reads those of Ethernet",
		 name, datalink);
	return false;
}

/* File Header:
 *
 *   u8 identification pattern[8], u32 version, u32 datalink type
 */
static bool
read_file_header(struct snoop *s, char *err, size_t err_size)
{
	struct slice header;
	uint32_t version, datalink;

	if (!ahead_have(s->ahead, FILE_HEADER) || !snoop_is(s->ahead->unread) ||
	    !slice_take(&s->ahead->unread, FILE_HEADER, &header) || !slice_skip(&header, MAGIC_BYTES) || !slice_u32(&header, &version) ||
	    !slice_u32(&header, &datalink)) {
		snprintf(err, err_size, "a snoop capture without its whole header");
		return false;
	}
	/* Versions 3 to 5 are Shomiti's, who gave the datalink types other meanings. */
	if (version != SNOOP_VERSION) {
		snprintf(err, err_size,
			 "a snoop capture of version %" PRIu32 ", handspan reads version %d; "
			 "editcap -F pcap IN OUT makes a capture file of it",
			 version, SNOOP_VERSION);
		return false;
	}
	return accept_datalink(datalink, err, err_size);
}

bool
snoop_is(struct slice start)
{
	return slice_starts(start, MAGIC, MAGIC_BYTES);
}

struct snoop *
snoop_open(struct ahead *ahead, char *err, size_t err_size)
{
	struct snoop *s = calloc(1, sizeof *s);

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

enum capture_status
snoop_next(struct snoop *s, struct frame *out)
{
	if (s->status != CAPTURE_FRAME)
		return s->status;
	if (!ahead_have(s->ahead, RECORD_HEADER) && ahead_over(s->ahead))
		return s->status = CAPTURE_END;
	return read_record(s, out);
}

uint32_t
snoop_drops(const struct snoop *s)
{
	return s->drops;
}

const char *
snoop_error(const struct snoop *s)
{
	return s->error;
}

void
snoop_close(struct snoop *s)
{
	free(s);
}
