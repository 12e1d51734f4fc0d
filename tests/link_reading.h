/* One header of a link layer, read as it is and cut in every way. */
#ifndef TESTS_LINK_READING_H
#define TESTS_LINK_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dissectors/link.h"
#include "frames.h"
#include "prefixes.h"

struct reading {
	enum dis got;
	struct link_header link;
	uint16_t next;
	size_t left; /* bytes behind the header */
	struct dis_at at;
};

/* One header: linktype is read where shim is ETHERTYPE_NONE. */
struct header {
	uint32_t linktype;
	uint16_t shim;
};

static inline struct reading
read_slice(struct header header, struct slice in)
{
	struct reading r = {.next = header.shim};

	if (header.shim == ETHERTYPE_NONE)
		r.got = link_start(header.linktype, &in, &r.link, &r.next, &r.at);
	else
		r.got = link_shim(&in, &r.link, &r.next, &r.at);
	r.left = in.n;
	return r;
}

/* A header that is cut is DIS_MORE and stays where it is; it is never a lie. */
static inline void
read_prefix(struct slice prefix, void *arg)
{
	struct reading r = read_slice(*(struct header *)arg, prefix);

	assert_int_not_equal(r.got, DIS_BAD);
	assert_true(r.left <= prefix.n);
	if (r.got == DIS_MORE) {
		assert_int_equal(r.left, prefix.n);
		assert_true(r.at.off <= prefix.n);
		assert_non_null(r.at.field);
	}
}

static inline struct reading
read_header(struct header header, const char *hex)
{
	struct frame_bytes frame = frame_bytes(hex);
	struct reading r = read_slice(header, frame_slice(&frame));

	if (r.got != DIS_BAD)
		every_prefix(frame.b, frame.n, read_prefix, &header);
	return r;
}

static inline struct reading
start(uint32_t linktype, const char *hex)
{
	return read_header((struct header){.linktype = linktype}, hex);
}

static inline struct reading
shim(uint16_t ethertype, const char *hex)
{
	return read_header((struct header){.shim = ethertype}, hex);
}

static inline void
assert_mac(const struct reading *r, const char *src, const char *dst)
{
	struct frame_bytes want = frame_bytes(src);

	assert_true(r->link.has_mac);
	assert_memory_equal(r->link.src, want.b, 6);
	want = frame_bytes(dst);
	assert_memory_equal(r->link.dst, want.b, 6);
}

#define assert_read(r, next_, left_)                                                               \
	do {                                                                                       \
		assert_int_equal((r).got, DIS_OK);                                                 \
		assert_int_equal((r).next, next_);                                                 \
		assert_int_equal((r).left, left_);                                                 \
	} while (0)

#define assert_bad(r, field_, off_)                                                                \
	do {                                                                                       \
		assert_int_equal((r).got, DIS_BAD);                                                \
		assert_string_equal((r).at.field, field_);                                         \
		assert_int_equal((r).at.off, off_);                                                \
	} while (0)

#endif
