/* A growing run of bytes, for building packets and messages; the mirror of dissectors/slice.h. */
#ifndef LAB_BYTES_H
#define LAB_BYTES_H

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct bytes {
	uint8_t b[32768];
	size_t n;
};

/* put_bytes appends the n bytes at p. */
static inline void
put_bytes(struct bytes *out, const void *p, size_t n)
{
	assert(n <= sizeof(out->b) - out->n);
	if (n > 0)
		memcpy(out->b + out->n, p, n);
	out->n += n;
}

/* put_at writes a big-endian number of width bytes over what stands at off. */
static inline void
put_at(struct bytes *out, size_t off, size_t width, uint64_t value)
{
	assert(off + width <= out->n);
	for (size_t i = width; i > 0; i--, value >>= 8)
		out->b[off + i - 1] = (uint8_t)value;
}

/* put appends a big-endian number of width bytes and says where it stands. */
static inline size_t
put(struct bytes *out, size_t width, uint64_t value)
{
	static const uint8_t zero[8];
	size_t off = out->n;

	put_bytes(out, zero, width);
	put_at(out, off, width, value);
	return off;
}

/* put_length fills the length of width bytes at off with the number of bytes that follow it. */
static inline void
put_length(struct bytes *out, size_t off, size_t width)
{
	put_at(out, off, width, out->n - off - width);
}

/* put_zeros appends n zero bytes. */
static inline void
put_zeros(struct bytes *out, size_t n)
{
	assert(n <= sizeof(out->b) - out->n);
	memset(out->b + out->n, 0, n);
	out->n += n;
}

/* put_text appends a text without its NUL. */
static inline void
put_text(struct bytes *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

/* put_format appends a text as printf makes it. */
static inline void __attribute__((format(printf, 2, 3)))
put_format(struct bytes *out, const char *format, ...)
{
	char text[2048];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	assert(n >= 0 && (size_t)n < sizeof(text));
	put_bytes(out, text, (size_t)n);
}

#endif
