/* pcapng blocks, draft-ietf-opsawg-pcapng section 3.1:
 *
 *   u32 type, u32 total length, body, padding to 32 bits, u32 total length again
 */
#include "pcapng_block.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "limit.h"

/* Bytes asked of the source at once; the buffer grows only for a block that is larger. */
#define BUFFER_BYTES (256 * 1024)

#define BYTE_ORDER_MAGIC 0x1a2b3c4d

#define BLOCK_HEADER 8
#define BLOCK_TRAILER 4
#define BLOCK_LEAST (BLOCK_HEADER + BLOCK_TRAILER)

bool
blocks_stop(struct blocks *b, const char *format, ...)
{
	char why[sizeof b->error / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	snprintf(b->error, sizeof b->error, "at byte %" PRIu64 ": %s", b->offset, why);
	b->status = CAPTURE_CUT;
	return false;
}

bool
blocks_start(struct blocks *b, struct pcapng_source source)
{
	*b = (struct blocks){
		.source = source, .room = BUFFER_BYTES, .buffer = malloc(BUFFER_BYTES)};
	return b->buffer != NULL;
}

void
blocks_end(struct blocks *b)
{
	free(b->buffer);
}

/* make_room brings unread to the front of a buffer of at least n bytes. */
static bool
make_room(struct blocks *b, size_t n)
{
	if (b->unread.n > 0)
		memmove(b->buffer, b->unread.p, b->unread.n);
	if (n > b->room) {
		uint8_t *bigger = realloc(b->buffer, n);

		if (bigger == NULL)
			return blocks_stop(b, "out of memory for a block of %zu bytes", n);
		b->buffer = bigger;
		b->room = n;
	}
	b->unread = slice_of(b->buffer, b->unread.n);
	return true;
}

/* fill reads until unread has n bytes. */
static bool
fill(struct blocks *b, size_t n)
{
	if (b->unread.n >= n)
		return true;
	if (!make_room(b, n))
		return false;
	while (b->unread.n < n) {
		ssize_t got = b->source.read(b->source.arg, b->buffer + b->unread.n,
					     b->room - b->unread.n);

		if (got <= 0)
			return blocks_stop(b, got < 0 ? "no more can be read"
						      : "the file ends inside a block");
		b->unread.n += (size_t)got;
	}
	return true;
}

/* at_end asks whether the file is over behind the last block. */
static bool
at_end(struct blocks *b)
{
	if (b->unread.n > 0)
		return false;

	ssize_t got = b->source.read(b->source.arg, b->buffer, b->room);

	if (got > 0)
		b->unread = slice_of(b->buffer, (size_t)got);
	else if (got == 0)
		b->status = CAPTURE_END;
	else
		blocks_stop(b, "no more can be read");
	return got <= 0;
}

/* read_byte_order reads which byte order a section has. */
static bool
read_byte_order(struct blocks *b, struct slice behind_length)
{
	uint32_t magic;

	if (!slice_u32(&behind_length, &magic) ||
	    (magic != BYTE_ORDER_MAGIC && magic != __builtin_bswap32(BYTE_ORDER_MAGIC)))
		return blocks_stop(b, "a section starts without its byte-order magic");
	b->little_endian = magic != BYTE_ORDER_MAGIC;
	return true;
}

/* Some writers leave the padding out of the length: it is there all the same. */
static uint64_t
padded(uint32_t len)
{
	return ((uint64_t)len + 3) & ~(uint64_t)3;
}

bool
blocks_next(struct blocks *b, uint32_t *type)
{
	uint32_t len = 0;

	b->offset += b->len;
	b->len = 0;
	if (at_end(b) || !fill(b, BLOCK_LEAST))
		return false;

	struct slice header = b->unread;

	blocks_u32(b, &header, type);
	if (b->offset == 0 && *type != BLOCK_SECTION)
		return blocks_stop(b, "no section header");
	if (*type == BLOCK_SECTION) {
		struct slice behind_length = header;

		slice_skip(&behind_length, sizeof len);
		if (!read_byte_order(b, behind_length))
			return false;
	}
	blocks_u32(b, &header, &len);
	if (len < BLOCK_LEAST)
		return blocks_stop(b, "a block of %" PRIu32 " bytes is impossible", len);
	b->len = padded(len);
	return true;
}

static bool
take_trailer(struct blocks *b)
{
	uint32_t len;

	if (blocks_u32(b, &b->unread, &len) && padded(len) == b->len)
		return true;
	return blocks_stop(b, "a block's lengths at its start and at its end differ");
}

bool
blocks_take(struct blocks *b, struct slice *body)
{
	if (b->len > LIMIT_BLOCK)
		return blocks_stop(b, "a block of %" PRIu64 " bytes is over the limit of %d",
				   b->len, LIMIT_BLOCK);
	return fill(b, (size_t)b->len) && slice_skip(&b->unread, BLOCK_HEADER) &&
	       slice_take(&b->unread, (size_t)b->len - BLOCK_LEAST, body) && take_trailer(b);
}

bool
blocks_skip(struct blocks *b)
{
	uint64_t left = b->len - BLOCK_TRAILER;

	while (left > b->unread.n) {
		left -= b->unread.n;
		b->unread.n = 0;
		if (!fill(b, 1))
			return false;
	}
	return slice_skip(&b->unread, (size_t)left) && fill(b, BLOCK_TRAILER) && take_trailer(b);
}
