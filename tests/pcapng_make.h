/* pcapng files written block by block, in either byte order, right or wrong. */
#ifndef TESTS_PCAPNG_MAKE_H
#define TESTS_PCAPNG_MAKE_H

#include <stdlib.h>

#include "dissectors/slice.h"

struct made {
	uint8_t b[8192];
	size_t n;
	bool big_endian;
	size_t block; /* where the open block starts */
};

static inline void
made_number(struct made *m, size_t width, uint64_t v)
{
	if (m->n + width > sizeof m->b)
		abort();
	for (size_t i = 0; i < width; i++)
		m->b[m->n++] = (uint8_t)(v >> 8 * (m->big_endian ? width - 1 - i : i));
}

static inline void
made_bytes(struct made *m, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		made_number(m, 1, ((const uint8_t *)bytes)[i]);
}

static inline void
made_padding(struct made *m)
{
	while (m->n % 4 != 0)
		made_number(m, 1, 0);
}

static inline void
made_open(struct made *m, uint32_t type)
{
	m->block = m->n;
	made_number(m, 4, type);
	made_number(m, 4, 0);
}

/* made_length writes over a length that stands at off. */
static inline void
made_length(struct made *m, size_t off, uint64_t len)
{
	size_t end = m->n;

	m->n = off;
	made_number(m, 4, len);
	m->n = end;
}

static inline void
made_close(struct made *m)
{
	made_padding(m);
	made_number(m, 4, 0);
	made_length(m, m->block + 4, m->n - m->block);
	made_length(m, m->n - 4, m->n - m->block);
}

static inline void
made_block(struct made *m, uint32_t type, const char *body)
{
	made_open(m, type);
	made_bytes(m, body, strlen(body));
	made_close(m);
}

static inline void
made_section(struct made *m, bool big_endian)
{
	m->big_endian = big_endian;
	made_open(m, 0x0a0d0d0a);
	made_number(m, 4, 0x1a2b3c4d);
	made_number(m, 2, 1);
	made_number(m, 2, 0);
	made_number(m, 8, UINT64_MAX);
	made_close(m);
}

static inline void
made_option(struct made *m, uint16_t code, const void *value, size_t n)
{
	made_number(m, 2, code);
	made_number(m, 2, n);
	made_bytes(m, value, n);
	made_padding(m);
}

/* made_interface opens an interface block; options may follow before made_close. */
static inline void
made_interface(struct made *m, uint16_t linktype, uint32_t snaplen)
{
	made_open(m, 1);
	made_number(m, 2, linktype);
	made_number(m, 2, 0);
	made_number(m, 4, snaplen);
}

static inline void
made_plain_interface(struct made *m, uint16_t linktype)
{
	made_interface(m, linktype, 0);
	made_close(m);
}

/* made_enhanced writes an Enhanced Packet Block of a frame of len bytes with text captured. */
static inline void
made_enhanced(struct made *m, uint32_t interface, uint64_t ticks, const char *text, uint32_t len)
{
	made_open(m, 6);
	made_number(m, 4, interface);
	made_number(m, 4, ticks >> 32);
	made_number(m, 4, ticks & UINT32_MAX);
	made_number(m, 4, strlen(text));
	made_number(m, 4, len);
	made_bytes(m, text, strlen(text));
	made_close(m);
}

static inline void
made_simple(struct made *m, const char *text, uint32_t len)
{
	made_open(m, 3);
	made_number(m, 4, len);
	made_bytes(m, text, strlen(text));
	made_close(m);
}

static inline void
made_obsolete(struct made *m, uint16_t interface, uint64_t ticks, const char *text, uint32_t len)
{
	made_open(m, 2);
	made_number(m, 2, interface);
	made_number(m, 2, 0xffff);
	made_number(m, 4, ticks >> 32);
	made_number(m, 4, ticks & UINT32_MAX);
	made_number(m, 4, strlen(text));
	made_number(m, 4, len);
	made_bytes(m, text, strlen(text));
	made_close(m);
}

#endif
