/* The one byte reader: a borrowed, read-only run of bytes, and the only code that moves its pointer.
 *
 * Getters are transactional: a read that fails moves nothing and writes nothing. Integers are big-endian
 * unless the name says otherwise. A slice never outlives the buffer it looks into. */
#ifndef DISSECTORS_SLICE_H
#define DISSECTORS_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The shortest getters always become part of who calls them: of a header that was taken whole each field then costs its
 * load alone. */
#define SLICE_INLINE static inline __attribute__((always_inline))

struct slice {
	const uint8_t *p;
	size_t n;
};

/* slice_of makes a slice of the n bytes at p. */
static inline struct slice
slice_of(const void *p, size_t n)
{
	return (struct slice){.p = p, .n = n};
}

/* slice_take cuts the first n bytes off s into out. */
SLICE_INLINE bool
slice_take(struct slice *s, size_t n, struct slice *out)
{
	if (n > s->n)
		return false;
	*out = (struct slice){.p = s->p, .n = n};
	if (n > 0)
		s->p += n;
	s->n -= n;
	return true;
}

/* slice_skip drops the first n bytes of s. */
SLICE_INLINE bool
slice_skip(struct slice *s, size_t n)
{
	struct slice dropped;
	return slice_take(s, n, &dropped);
}

/* slice_first gives up to n bytes from the front of s, without moving it. */
static inline struct slice
slice_first(struct slice s, size_t n)
{
	return (struct slice){.p = s.p, .n = n < s.n ? n : s.n};
}

/* slice_uint reads width (1 to 8) bytes as a big-endian number. */
static inline bool
slice_uint(struct slice *s, size_t width, uint64_t *out)
{
	struct slice b;
	uint64_t v = 0;

	if (!slice_take(s, width, &b))
		return false;
	for (size_t i = 0; i < b.n; i++)
		v = v << 8 | b.p[i];
	*out = v;
	return true;
}

SLICE_INLINE bool
slice_u8(struct slice *s, uint8_t *out)
{
	struct slice b;

	if (!slice_take(s, 1, &b))
		return false;
	*out = b.p[0];
	return true;
}

SLICE_INLINE bool
slice_u16(struct slice *s, uint16_t *out)
{
	struct slice b;

	if (!slice_take(s, 2, &b))
		return false;
	*out = (uint16_t)(b.p[0] << 8 | b.p[1]);
	return true;
}

SLICE_INLINE bool
slice_u24(struct slice *s, uint32_t *out)
{
	struct slice b;

	if (!slice_take(s, 3, &b))
		return false;
	*out = (uint32_t)b.p[0] << 16 | (uint16_t)(b.p[1] << 8 | b.p[2]);
	return true;
}

SLICE_INLINE bool
slice_u32(struct slice *s, uint32_t *out)
{
	struct slice b;

	if (!slice_take(s, 4, &b))
		return false;
	*out = (uint32_t)b.p[0] << 24 | (uint32_t)b.p[1] << 16 | (uint32_t)b.p[2] << 8 | b.p[3];
	return true;
}

SLICE_INLINE bool
slice_u48(struct slice *s, uint64_t *out)
{
	struct slice b;

	if (!slice_take(s, 6, &b))
		return false;
	*out = (uint64_t)(uint16_t)(b.p[0] << 8 | b.p[1]) << 32 |
	       ((uint32_t)b.p[2] << 24 | (uint32_t)b.p[3] << 16 | (uint32_t)b.p[4] << 8 | b.p[5]);
	return true;
}

/* slice_vec reads an opaque<0..2^(8*width)-1>: a length of width bytes, then that many bytes. */
static inline bool
slice_vec(struct slice *s, size_t width, struct slice *out)
{
	struct slice rest = *s;
	uint64_t n;

	if (!slice_uint(&rest, width, &n) || n > rest.n || !slice_take(&rest, (size_t)n, out))
		return false;
	*s = rest;
	return true;
}

/* slice_peek reads the byte at off without moving s. */
static inline bool
slice_peek(struct slice s, size_t off, uint8_t *out)
{
	return slice_skip(&s, off) && slice_u8(&s, out);
}

/* slice_starts says whether s begins with the n bytes at prefix. */
static inline bool
slice_starts(struct slice s, const void *prefix, size_t n)
{
	return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

/* slice_until takes what stands before the first of a byte into out, and drops that byte. */
static inline bool
slice_until(struct slice *s, uint8_t byte, struct slice *out)
{
	const uint8_t *found = s->n > 0 ? memchr(s->p, byte, s->n) : NULL;

	return found != NULL && slice_take(s, (size_t)(found - s->p), out) && slice_skip(s, 1);
}

/* slice_copy fills the n bytes at out from the front of s, and moves s. */
SLICE_INLINE bool
slice_copy(struct slice *s, void *out, size_t n)
{
	struct slice b;
	if (!slice_take(s, n, &b))
		return false;
	if (n > 0)
		memcpy(out, b.p, n);
	return true;
}

/* slice_without_nul leaves one NUL at the end out, as texts of fixed formats have it. */
static inline struct slice
slice_without_nul(struct slice text)
{
	uint8_t last;

	return slice_peek(text, text.n - 1, &last) && last == 0 ? slice_first(text, text.n - 1) : text;
}

#endif
