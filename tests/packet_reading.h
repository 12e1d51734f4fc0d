/* A whole frame, read as it is and cut in every way. */
#ifndef TESTS_PACKET_READING_H
#define TESTS_PACKET_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dissectors/packet.h"
#include "frames.h"
#include "prefixes.h"

struct reading {
	uint32_t linktype;
	enum dis got;
	struct packet packet;
	struct dis_at at;
};

static inline struct reading
read_slice(uint32_t linktype, struct slice frame)
{
	struct reading r = {.linktype = linktype};

	r.got = packet_dissect(linktype, frame, &r.packet, &r.at);
	return r;
}

/* However a good frame is cut, it never looks broken, and lengths never come out of the cut, where headers say them. */
static inline void
read_prefix(struct slice prefix, void *arg)
{
	const struct reading *whole = arg;
	struct reading r = read_slice(whole->linktype, prefix);
	const struct packet *p = &r.packet;

	assert_int_not_equal(r.got, DIS_BAD);
	assert_true(p->payload.n <= p->payload_len);
	if (r.got == DIS_MORE) {
		assert_int_equal(p->kind, PACKET_OTHER);
		assert_non_null(r.at.field);
		assert_true(r.at.off <= prefix.n);
	} else if (p->kind == PACKET_CDP || p->kind == PACKET_LLDP) {
		assert_int_equal(p->payload_len, p->payload.n);
	} else if (p->kind == whole->packet.kind && p->tunnels == whole->packet.tunnels) {
		assert_int_equal(p->payload_len, whole->packet.payload_len);
	}
}

static inline struct reading
read_frame(uint32_t linktype, const char *hex)
{
	/* readings look into their frame */
	static struct frame_bytes frame;
	struct reading r;

	frame = frame_bytes(hex);
	r = read_slice(linktype, frame_slice(&frame));
	if (r.got != DIS_BAD)
		every_prefix(frame.b, frame.n, read_prefix, &r);
	return r;
}

static inline struct reading
ethernet(const char *hex)
{
	return read_frame(LINKTYPE_ETHERNET, hex);
}

static inline void
assert_payload(const struct reading *r, enum packet_kind kind, const char *hex, size_t len)
{
	struct frame_bytes want = frame_bytes(hex);

	assert_int_equal(r->got, DIS_OK);
	assert_int_equal(r->packet.kind, kind);
	assert_int_equal(r->packet.payload.n, want.n);
	assert_memory_equal(r->packet.payload.p, want.b, want.n);
	assert_int_equal(r->packet.payload_len, len);
}

static inline void
assert_stopped(const struct reading *r, enum dis got, const char *field, size_t off)
{
	assert_int_equal(r->got, got);
	assert_int_equal(r->packet.kind, PACKET_OTHER);
	assert_string_equal(r->at.field, field);
	assert_int_equal(r->at.off, off);
}

/* Packets to put behind a link layer or into a tunnel: 43, 31 and 51 bytes. */
#define TCP4 IPV4("002b", "06") TCP "616263"
#define UDP4 IPV4("001f", "11") UDP("000b") "616263"
#define UDP6 IPV6("000b", "11") UDP("000b") "616263"

#endif
