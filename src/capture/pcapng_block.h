/* pcapng's framing: blocks of a type and a length. */
#ifndef SRC_CAPTURE_PCAPNG_BLOCK_H
#define SRC_CAPTURE_PCAPNG_BLOCK_H

#include "dissectors/slice.h"
#include "pcapng.h"

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete */
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_ENHANCED_PACKET = 6,
	BLOCK_JOURNAL = 9,
	BLOCK_SYSDIG = 0x204,
	BLOCK_SYSDIG_V2 = 0x216,
	BLOCK_SYSDIG_V2_LARGE = 0x221,
	BLOCK_CUSTOM = 0xbad,
	BLOCK_CUSTOM_NO_COPY = 0x40000bad,
	BLOCK_SECTION = 0x0a0d0d0a, /* reads the same in both byte orders */
};

struct blocks {
	struct ahead *ahead; /* the caller's; the rest begins as zeros */
	bool little_endian;  /* this section */
	uint64_t offset;     /* of the block in hand in the file */
	uint64_t len;	     /* of the block in hand, padded */
	enum capture_status status; /* CAPTURE_FRAME until reading is over */
	char error[240];
};

/* blocks_next goes to the next block; false when there is none, b->status then says why. After it
 * comes blocks_take or blocks_skip. */
bool blocks_next(struct blocks *b, uint32_t *type);

/* blocks_take gives what stands between the lengths; it lives until blocks_next. */
bool blocks_take(struct blocks *b, struct slice *body);

/* blocks_skip lets a block go by, however large. */
bool blocks_skip(struct blocks *b);

/* blocks_stop ends the reading as CAPTURE_CUT, with a sentence; false, to be returned. */
__attribute__((format(printf, 2, 3))) bool blocks_stop(struct blocks *b, const char *format, ...);

/* Numbers in the byte order of their section; as slice.h's getters. */
static inline bool
blocks_u16(const struct blocks *b, struct slice *s, uint16_t *out)
{
	if (!slice_u16(s, out))
		return false;
	if (b->little_endian)
		*out = __builtin_bswap16(*out);
	return true;
}

static inline bool
blocks_u32(const struct blocks *b, struct slice *s, uint32_t *out)
{
	if (!slice_u32(s, out))
		return false;
	if (b->little_endian)
		*out = __builtin_bswap32(*out);
	return true;
}

static inline bool
blocks_u64(const struct blocks *b, struct slice *s, uint64_t *out)
{
	if (!slice_uint(s, 8, out))
		return false;
	if (b->little_endian)
		*out = __builtin_bswap64(*out);
	return true;
}

#endif
