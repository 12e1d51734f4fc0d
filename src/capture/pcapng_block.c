/* pcapng blocks, draft-ietf-opsawg-pcapng section 3.1:
 *
 *   u32 type, u32 total length, body, padding to 32 bits, u32 total length again
 */
#include "pcapng_block.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "limit.h"

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

static bool
stop_inside(struct blocks *b)
{
	return blocks_stop(b, "%s", ahead_lack(b->ahead, "the file ends inside a block"));
}

/* read_byte_order reads which byte order a section has. */
static bool
read_byte_order(struct blocks *b, struct slice behind_type)
{
	uint32_t magic;

	if (!slice_skip(&behind_type, sizeof magic) || !slice_u32(&behind_type, &magic) ||
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
	struct slice header;
	uint32_t len = 0;

	b->offset = ahead_offset(b->ahead);
	if (!ahead_have(b->ahead, BLOCK_LEAST)) {
		if (!ahead_over(b->ahead))
			return stop_inside(b);
		b->status = CAPTURE_END;
		return false;
	}
	header = b->ahead->unread;
	blocks_u32(b, &header, type);
	if (b->offset == 0 && *type != BLOCK_SECTION)
		return blocks_stop(b, "no section header");
	if (*type == BLOCK_SECTION && !read_byte_order(b, header))
		return false;
	blocks_u32(b, &header, &len);
	if (len < BLOCK_LEAST)
		return blocks_stop(b, "a block of %" PRIu32 " bytes is impossible", len);
	b->len = padded(len);
	return true;
}

/* check_trailer takes the length at a block's end. */
static bool
check_trailer(struct blocks *b, struct slice *in)
{
	uint32_t len;

	if (blocks_u32(b, in, &len) && padded(len) == b->len)
		return true;
	return blocks_stop(b, "a block's lengths at its start and at its end differ");
}

bool
blocks_take(struct blocks *b, struct slice *body)
{
	struct slice block;

	if (b->len > LIMIT_BLOCK)
		return blocks_stop(b, "a block of %" PRIu64 " bytes is over the limit of %d", b->len, LIMIT_BLOCK);
	if (!ahead_have(b->ahead, (size_t)b->len))
		return stop_inside(b);
	return slice_take(&b->ahead->unread, (size_t)b->len, &block) && slice_skip(&block, BLOCK_HEADER) &&
	       slice_take(&block, (size_t)b->len - BLOCK_LEAST, body) && check_trailer(b, &block);
}

bool
blocks_skip(struct blocks *b)
{
	struct slice *unread = &b->ahead->unread;
	uint64_t left = b->len - BLOCK_TRAILER;

	while (left > unread->n) {
		left -= unread->n;
		*unread = slice_of(NULL, 0);
		if (!ahead_have(b->ahead, 1))
			return stop_inside(b);
	}
	if (!slice_skip(unread, (size_t)left) || !ahead_have(b->ahead, BLOCK_TRAILER))
		return stop_inside(b);
	return check_trailer(b, unread);
}
