/* Every function here takes Ethernet frames with IPv4 or IPv6 in them, and changes only what lies
 * around it. */
#include "relink.h"

#include <pcap/pcap.h>

#include "bytes.h"
#include "wire.h"

#define MACS 12
#define ETHERNET 14
#define IPV4 20
#define LONGEST_FRAME 1514
#define SHORTEST_FRAME 60

static void
tag(struct frame *frame, uint16_t ethertype, uint16_t vlan)
{
	struct bytes head = {.n = 0};

	put_bytes(&head, frame->bytes, MACS);
	put(&head, 2, ethertype);
	put(&head, 2, vlan);
	frame_rehead(frame, MACS, head.b, head.n);
}

void
relink_tag(struct frames *frames, uint16_t ethertype, uint16_t vlan)
{
	for (size_t i = 0; i < frames->n; i++)
		tag(&frames->list[i], ethertype, vlan);
}

static bool
is_link_local(const uint8_t *mac)
{
	return memcmp(mac, "\x01\x00\x0c", 3) == 0 || memcmp(mac, "\x01\x80\xc2", 3) == 0;
}

void
relink_tag_voice(struct frames *frames, const uint8_t mac[6], uint16_t vlan)
{
	for (size_t i = 0; i < frames->n; i++) {
		const uint8_t *dst = frames->list[i].bytes, *src = dst + 6;

		if (!is_link_local(dst) && (memcmp(dst, mac, 6) == 0 || memcmp(src, mac, 6) == 0))
			tag(&frames->list[i], 0x8100, vlan);
	}
}

void
relink_pad(struct frames *frames)
{
	for (size_t i = 0; i < frames->n; i++) {
		struct frame *frame = &frames->list[i];
		struct bytes whole = {.n = 0};

		if (frame->n >= SHORTEST_FRAME)
			continue;
		put_bytes(&whole, frame->bytes, frame->n);
		put_zeros(&whole, SHORTEST_FRAME - frame->n);
		frame_rehead(frame, frame->n, whole.b, whole.n);
	}
}

static void
put_sll(struct bytes *head, const struct frame *frame)
{
	put(head, 2, frame->from == CLIENT ? 0 : 4); /* to us, from us */
	put(head, 2, 1);			     /* Ethernet */
	put(head, 2, 6);
	put_bytes(head, frame->bytes + 6, 6);
	put(head, 2, 0);
	put_bytes(head, frame->bytes + MACS, 2);
}

static void
put_sll2(struct bytes *head, const struct frame *frame)
{
	put_bytes(head, frame->bytes + MACS, 2);
	put(head, 2, 0);
	put(head, 4, 2); /* interface */
	put(head, 2, 1);
	put(head, 1, frame->from == CLIENT ? 0 : 4);
	put(head, 1, 6);
	put_bytes(head, frame->bytes + 6, 6);
	put(head, 2, 0);
}

void
relink(struct frames *frames, int linktype)
{
	frames->linktype = linktype;
	for (size_t i = 0; i < frames->n; i++) {
		struct frame *frame = &frames->list[i];
		struct bytes head = {.n = 0};

		if (linktype == DLT_LINUX_SLL)
			put_sll(&head, frame);
		else if (linktype == DLT_LINUX_SLL2)
			put_sll2(&head, frame);
		else if (linktype == DLT_NULL)
			put(&head, 4, 0x02000000); /* AF_INET in the byte order of a PC */
		frame_rehead(frame, ETHERNET, head.b, head.n);
	}
}

/* Adds one frame as the switch sends it on. */
static void
wrap(struct frames *out, const struct frame *frame, uint32_t sequence)
{
	static const struct host here = {.mac = {0x00, 0x1b, 0x54, 0x0a, 0x0b, 0x0d},
					 .ip = {192, 0, 2, 2}};
	static const struct host there = {.mac = {0x00, 0x50, 0x56, 0x0a, 0x0b, 0x99},
					  .ip = {192, 0, 2, 99}};
	struct bytes gre = {.n = 0};

	put(&gre, 2, 0x1000); /* with a sequence number */
	put(&gre, 2, 0x88be);
	put(&gre, 4, sequence);
	put(&gre, 2, 0x1000 | 110); /* ERSPAN II, VLAN 110 */
	put(&gre, 2, 0x0001);	    /* session 1 */
	put(&gre, 4, 0);
	put_bytes(&gre, frame->bytes, frame->n);
	out->now = frame->time;
	wire_gre(out, frame->from, &here, &there, &gre);
	out->list[out->n - 1].payload = frame->payload;
}

void
relink_erspan(struct frames *frames)
{
	struct frames out;

	frames_init(&out);
	for (size_t i = 0; i < frames->n; i++)
		wrap(&out, &frames->list[i], (uint32_t)i);
	frames_free(frames);
	*frames = out;
}

static void
add_fragment(struct frames *out, const struct frame *whole, size_t off, size_t n)
{
	struct bytes piece = {.n = 0};
	bool more = ETHERNET + IPV4 + off + n < whole->n;

	put_bytes(&piece, whole->bytes, ETHERNET + IPV4);
	put_bytes(&piece, whole->bytes + ETHERNET + IPV4 + off, n);
	put_at(&piece, ETHERNET + 2, 2, IPV4 + n);
	put_at(&piece, ETHERNET + 6, 2, (more ? 0x2000 : 0) | off / 8);
	wire_ipv4_checksum(piece.b + ETHERNET);
	out->now = whole->time + off / 8;
	frames_add(out, whole->from, piece.b, piece.n, whole->payload);
}

void
relink_fragment(struct frames *frames, size_t index, size_t n)
{
	struct frames out;

	frames_init(&out);
	for (size_t i = 0; i < frames->n; i++) {
		const struct frame *frame = &frames->list[i];
		size_t payload = frame->n - ETHERNET - IPV4, step = i == index ? n : payload;

		for (size_t off = 0; off < payload; off += step)
			add_fragment(&out, frame, off, payload - off < step ? payload - off : step);
	}
	frames_free(frames);
	*frames = out;
}

void
relink_offload(struct frames *frames, enum side from)
{
	for (size_t i = 0; i < frames->n; i++) {
		struct frame *frame = &frames->list[i];
		uint8_t *ip = frame->bytes + ETHERNET;

		if (frame->from != from)
			continue;
		memset(ip + 10, 0, 2);
		memset(ip + IPV4 + 16, 0, 2);
		if (frame->n > LONGEST_FRAME)
			memset(ip + 2, 0, 2);
	}
}
