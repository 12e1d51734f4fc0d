/* snoop records to frames. All numbers are big-endian. */
#include "snoop.h"

#include <inttypes.h>
#include <stdarg.h>
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
	FILE *file;
	uint64_t offset; /* of the record in hand in the file */
	uint64_t frames; /* numbered so far */
	uint32_t drops;
	enum capture_status status; /* CAPTURE_FRAME until reading is over */
	char error[240];
	uint8_t bytes[LIMIT_SNOOP_RECORD]; /* of the record in hand */
};

/* stop ends the reading as CAPTURE_CUT, with a sentence; false, to be returned. */
__attribute__((format(printf, 2, 3))) static bool
stop(struct snoop *s, const char *format, ...)
{
	char why[sizeof s->error / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	snprintf(s->error, sizeof s->error, "at byte %" PRIu64 ": %s", s->offset, why);
	s->status = CAPTURE_CUT;
	return false;
}

/* at_end asks whether the file is over behind the last record. */
static bool
at_end(struct snoop *s)
{
	int first = getc(s->file);

	if (first != EOF)
		ungetc(first, s->file);
	else if (ferror(s->file))
		stop(s, "no more can be read");
	else
		s->status = CAPTURE_END;
	return first == EOF;
}

/* fill reads the next n bytes, in place of those before. */
static bool
fill(struct snoop *s, size_t n, struct slice *out)
{
	*out = slice_of(s->bytes, n);
	if (fread(s->bytes, 1, n, s->file) == n)
		return true;
	return stop(s, ferror(s->file) ? "no more can be read" : "the file ends inside a record");
}

/* Packet Record Format:
 *
 *   u32 original length, u32 included length, u32 record length, u32 cumulative drops,
 *   u32 time stamp seconds, u32 microseconds, packet data, padding
 *
 * The record length counts all of it. Padding should be to 32 bits; some writers' is longer. */
static bool
read_record(struct snoop *s, struct frame *out)
{
	uint32_t original, included, len, drops, seconds, us;
	struct slice header, body, bytes;

	if (!fill(s, RECORD_HEADER, &header) || !slice_u32(&header, &original) ||
	    !slice_u32(&header, &included) || !slice_u32(&header, &len) ||
	    !slice_u32(&header, &drops) || !slice_u32(&header, &seconds) ||
	    !slice_u32(&header, &us))
		return false;
	if (len < RECORD_HEADER)
		return stop(s, "a record of %" PRIu32 " bytes is impossible", len);
	if (len > LIMIT_SNOOP_RECORD)
		return stop(s, "a record of %" PRIu32 " bytes is over the limit of %d", len,
			    LIMIT_SNOOP_RECORD);
	if (!fill(s, len - RECORD_HEADER, &body))
		return false;
	if (!slice_take(&body, included, &bytes))
		return stop(s, "%" PRIu32 " captured bytes are more than their record holds",
			    included);
	s->drops = drops;
	s->offset += len;
	*out = (struct frame){
		.when = {.frame = ++s->frames, .us = (int64_t)seconds * US_PER_SECOND + us},
		.linktype = LINKTYPE_ETHERNET,
		.bytes = bytes,
		.wire_len = original > included ? original : included,
	};
	return true;
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

	if (!fill(s, FILE_HEADER, &header) || !snoop_is(header) ||
	    !slice_skip(&header, MAGIC_BYTES) || !slice_u32(&header, &version) ||
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
	s->offset = FILE_HEADER;
	return accept_datalink(datalink, err, err_size);
}

bool
snoop_is(struct slice start)
{
	return slice_starts(start, MAGIC, MAGIC_BYTES);
}

struct snoop *
snoop_open(FILE *file, char *err, size_t err_size)
{
	struct snoop *s = calloc(1, sizeof *s);

	if (s == NULL) {
		snprintf(err, err_size, "out of memory");
		return NULL;
	}
	s->file = file;
	if (read_file_header(s, err, err_size))
		return s;
	free(s);
	return NULL;
}

enum capture_status
snoop_next(struct snoop *s, struct frame *out)
{
	if (s->status == CAPTURE_FRAME && !at_end(s))
		read_record(s, out);
	return s->status;
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
	if (s == NULL)
		return;
	fclose(s->file);
	free(s);
}
