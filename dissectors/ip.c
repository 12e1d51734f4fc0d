/* IPv4 and IPv6 headers, and the extension headers between them and what they carry. */
#include "ip.h"

/* RFC 8200 section 4.1 knows seven in one packet; the limit keeps a packet of nothing but headers cheap. */
#define IP_MAX_EXTENSIONS 16

enum ip_extension {
	EXTENSION_HOP_BY_HOP = 0,
	EXTENSION_ROUTING = 43,
	EXTENSION_FRAGMENT = 44,
	EXTENSION_AUTHENTICATION = 51,
	EXTENSION_DESTINATION = 60,
};

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                                            \
	do {                                                                               \
		size_t off_ = (size_t)(s.p - in->p);                                       \
		bool there_ = (read);                                                      \
		if (!there_ || !(valid)) {                                                 \
			*at = (struct dis_at){.field = (name), .off = off_};               \
			return there_ ? DIS_BAD : DIS_MORE;                                \
		}                                                                          \
	} while (0)

bool
ip_addr_is_v4(const struct ip_addr *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(a->b, mapped, sizeof(mapped)) == 0;
}

bool
ip_addr_of(struct slice bytes, struct ip_addr *out)
{
	static const uint8_t unspecified[sizeof(out->b)];

	if ((bytes.n != 4 && bytes.n != sizeof(out->b)) || slice_starts(bytes, unspecified, bytes.n))
		return false;
	return bytes.n == 4 ? ip_addr_v4(&bytes, out) : slice_copy(&bytes, out->b, sizeof(out->b));
}

/* RFC 8200 section 4.3 and 4.4, 4.6:    RFC 4302 section 2:
 *   uint8 next_header;                    uint8 next_header;
 *   uint8 length; (8 bytes, less one)     uint8 length; (4 bytes, less two)
 *   opaque data[8 * length + 6];          opaque data[4 * length + 6]; */
static enum dis
extension(struct slice *in, uint8_t *protocol, struct dis_at *at)
{
	struct slice s = *in;
	const size_t unit = *protocol == EXTENSION_AUTHENTICATION ? 4 : 8;
	uint8_t next, length;

	NEED(slice_u8(&s, &next), true, "ip_extension.next_header");
	NEED(slice_u8(&s, &length), true, "ip_extension.length");
	NEED(slice_skip(&s, unit * length + 6), true, "ip_extension.data");
	*protocol = next;
	*in = s;
	return DIS_OK;
}

/* RFC 8200 section 4.5
 *   uint8 next_header;
 *   uint8 reserved;
 *   uint13 offset; (8 bytes)  uint2 reserved;  uint1 more;
 *   uint32 identification; */
static enum dis
fragment_header(struct slice *in, struct ip_header *out, struct dis_at *at)
{
	struct slice s = *in;
	uint16_t offset;

	NEED(slice_u8(&s, &out->protocol), true, "ipv6_fragment.next_header");
	NEED(slice_skip(&s, 1), true, "ipv6_fragment.reserved");
	NEED(slice_u16(&s, &offset), true, "ipv6_fragment.offset");
	NEED(slice_u32(&s, &out->id), true, "ipv6_fragment.identification");
	out->offset = offset & 0xfff8;
	out->more = offset & 1;
	/* The whole datagram in one fragment is no fragment: RFC 6946. */
	out->fragment = out->more || out->offset > 0;
	*in = s;
	return DIS_OK;
}

static bool
is_extension(const struct ip_header *h)
{
	switch (h->protocol) {
	case EXTENSION_AUTHENTICATION:
		return true;
	case EXTENSION_HOP_BY_HOP:
	case EXTENSION_ROUTING:
	case EXTENSION_FRAGMENT:
	case EXTENSION_DESTINATION:
		return h->version == 6;
	default:
		return false;
	}
}

enum dis
ip_extensions(struct slice *in, struct ip_header *out, struct dis_at *at)
{
	struct slice s = *in;

	for (size_t i = 0; is_extension(out) && !out->fragment; i++) {
		const size_t off = in->n - s.n;
		enum dis got;

		if (i == IP_MAX_EXTENSIONS) {
			*at = (struct dis_at){.field = "ip_extension.count", .off = off};
			return DIS_BAD;
		}
		if (out->protocol == EXTENSION_FRAGMENT)
			got = fragment_header(&s, out, at);
		else
			got = extension(&s, &out->protocol, at);
		if (got != DIS_OK) {
			at->off += off;
			return got;
		}
	}
	*in = s;
	return DIS_OK;
}

/* RFC 791 section 3.1
 *   uint4 version;  uint4 header_length; (4 bytes)
 *   uint8 tos;
 *   uint16 total_length;
 *   uint16 identification;
 *   uint1 reserved;  uint1 dont_fragment;  uint1 more;  uint13 fragment_offset; (8 bytes)
 *   uint8 ttl;
 *   uint8 protocol;
 *   uint16 checksum;
 *   opaque source[4], destination[4];
 *   opaque options[4 * header_length - 20]; */
static enum dis
ipv4(struct slice *in, struct ip_header *out, size_t *len, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t first;
	uint16_t total, id, fragment;
	size_t header;

	NEED(slice_u8(&s, &first), (first & 15) >= 5, "ipv4.header_length");
	header = (size_t)(first & 15) * 4;
	NEED(slice_skip(&s, 1), true, "ipv4.tos");
	NEED(slice_u16(&s, &total), total == 0 || total >= header, "ipv4.total_length");
	NEED(slice_u16(&s, &id), true, "ipv4.identification");
	NEED(slice_u16(&s, &fragment), true, "ipv4.fragment_offset");
	NEED(slice_skip(&s, 1), true, "ipv4.ttl");
	NEED(slice_u8(&s, &out->protocol), true, "ipv4.protocol");
	NEED(slice_skip(&s, 2), true, "ipv4.checksum");
	NEED(ip_addr_v4(&s, &out->src), true, "ipv4.source");
	NEED(ip_addr_v4(&s, &out->dst), true, "ipv4.destination");
	NEED(slice_skip(&s, header - 20), true, "ipv4.options");
	out->version = 4;
	out->id = id;
	out->more = fragment & 0x2000;
	out->offset = (uint16_t)((fragment & 0x1fff) * 8);
	out->fragment = out->more || out->offset > 0;
	*len = total == 0 ? s.n : total - header;
	*in = s;
	return DIS_OK;
}

/* RFC 8200 section 3
 *   uint4 version;  uint8 traffic_class;  uint20 flow_label;
 *   uint16 payload_length; (0: a jumbogram, RFC 2675)
 *   uint8 next_header;
 *   uint8 hop_limit;
 *   opaque source[16], destination[16]; */
static enum dis
ipv6(struct slice *in, struct ip_header *out, size_t *len, struct dis_at *at)
{
	struct slice s = *in;
	uint16_t payload;

	NEED(slice_skip(&s, 4), true, "ipv6.version");
	NEED(slice_u16(&s, &payload), true, "ipv6.payload_length");
	NEED(slice_u8(&s, &out->protocol), true, "ipv6.next_header");
	NEED(slice_skip(&s, 1), true, "ipv6.hop_limit");
	NEED(slice_copy(&s, out->src.b, 16), true, "ipv6.source");
	NEED(slice_copy(&s, out->dst.b, 16), true, "ipv6.destination");
	out->version = 6;
	out->fragment = out->more = false;
	*len = payload == 0 ? s.n : payload;
	*in = s;
	return DIS_OK;
}

enum dis
ip_dissect(struct slice *in, struct ip_header *out, size_t *len, struct dis_at *at)
{
	struct slice s = *in, payload;
	uint8_t first;
	size_t n, cut;
	enum dis got;

	NEED(slice_peek(s, 0, &first), first >> 4 == 4 || first >> 4 == 6, "ip.version");
	got = first >> 4 == 4 ? ipv4(&s, out, &n, at) : ipv6(&s, out, &n, at);
	if (got != DIS_OK)
		return got;
	payload = slice_first(s, n);
	cut = n - payload.n;
	if (is_extension(out)) {
		struct slice rest = payload;

		got = ip_extensions(&rest, out, at);
		if (got != DIS_OK) {
			at->off += in->n - s.n;
			return cut == 0 ? DIS_BAD : got;
		}
		payload = rest;
	}
	*len = payload.n + cut;
	*in = payload;
	return DIS_OK;
}
