/* TCP and UDP headers, ICMP echoes, and the packet that an ICMP error quotes. */
#include "transport.h"

enum icmp_type { ICMP_ECHO_REPLY = 0, ICMP_UNREACHABLE = 3, ICMP_ECHO_REQUEST = 8 };
enum icmpv6_type { ICMPV6_UNREACHABLE = 1, ICMPV6_ECHO_REQUEST = 128, ICMPV6_ECHO_REPLY = 129 };

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

/* RFC 9293 section 3.1
 *   uint16 source_port, destination_port;
 *   uint32 sequence, acknowledgment;
 *   uint4 data_offset; (4 bytes)  uint4 reserved;
 *   uint8 flags;
 *   uint16 window, checksum, urgent_pointer;
 *   opaque options[4 * data_offset - 20]; */
enum dis
tcp_dissect(struct slice *in, struct tcp_header *out, struct dis_at *at)
{
	struct slice s = *in;
	struct tcp_header h;
	uint8_t data_offset;

	NEED(slice_u16(&s, &h.src_port), true, "tcp.source_port");
	NEED(slice_u16(&s, &h.dst_port), true, "tcp.destination_port");
	NEED(slice_u32(&s, &h.seq), true, "tcp.sequence");
	NEED(slice_u32(&s, &h.ack), true, "tcp.acknowledgment");
	NEED(slice_u8(&s, &data_offset), data_offset >> 4 >= 5, "tcp.data_offset");
	NEED(slice_u8(&s, &h.flags), true, "tcp.flags");
	NEED(slice_skip(&s, 2), true, "tcp.window");
	NEED(slice_skip(&s, 2), true, "tcp.checksum");
	NEED(slice_skip(&s, 2), true, "tcp.urgent_pointer");
	NEED(slice_skip(&s, (size_t)(data_offset >> 4) * 4 - 20), true, "tcp.options");
	*out = h;
	*in = s;
	return DIS_OK;
}

/* RFC 768
 *   uint16 source_port, destination_port;
 *   uint16 length; (of header and payload; 0: a jumbogram, RFC 2675)
 *   uint16 checksum; */
enum dis
udp_dissect(struct slice *in, struct udp_header *out, size_t *len, struct dis_at *at)
{
	struct slice s = *in;
	struct udp_header h;
	uint16_t length;

	NEED(slice_u16(&s, &h.src_port), true, "udp.source_port");
	NEED(slice_u16(&s, &h.dst_port), true, "udp.destination_port");
	NEED(slice_u16(&s, &length), length == 0 || length >= UDP_HEADER_SIZE,
	     "udp.length");
	NEED(slice_skip(&s, 2), true, "udp.checksum");
	*len = length == 0 ? s.n : (size_t)length - UDP_HEADER_SIZE;
	*out = h;
	*in = slice_first(s, *len);
	return DIS_OK;
}

/* quotation reads the start of the packet that could not be delivered: its IP header, and of its transport
 * header the ports. */
static enum dis
quotation(struct slice *in, struct icmp_header *out, struct dis_at *at)
{
	struct slice s = *in;
	size_t len;
	enum dis got = ip_dissect(&s, &out->quoted, &len, at);

	if (got != DIS_OK)
		return got;
	if (out->quoted.protocol != IP_TCP && out->quoted.protocol != IP_UDP)
		return DIS_OK;
	if (out->quoted.fragment && out->quoted.offset > 0)
		return DIS_OK;
	NEED(slice_u16(&s, &out->src_port), true, "icmp.quoted_source_port");
	NEED(slice_u16(&s, &out->dst_port), true, "icmp.quoted_destination_port");
	out->unreachable = true;
	return DIS_OK;
}

/* RFC 792 and RFC 4443 section 2.1, 3.1, 4.1, 4.2
 *   uint8 type, code;
 *   uint16 checksum;
 *   uint32 unused; (of unreachables)     uint16 identifier, sequence; (of echoes)
 *   opaque original[];                   opaque data[]; */
enum dis
icmp_dissect(struct slice *in, uint8_t version, struct icmp_header *out, struct dis_at *at)
{
	struct slice s = *in, body;
	struct icmp_header h = {.unreachable = false};

	NEED(slice_u8(&s, &h.type), true, "icmp.type");
	NEED(slice_u8(&s, &h.code), true, "icmp.code");
	NEED(slice_skip(&s, 2), true, "icmp.checksum");
	body = s;
	if (h.type == (version == 4 ? ICMP_UNREACHABLE : ICMPV6_UNREACHABLE)) {
		enum dis got;

		NEED(slice_skip(&s, 4), true, "icmp.unused");
		got = quotation(&s, &h, at);
		if (got != DIS_OK) {
			at->off += 8;
			return got;
		}
	}
	h.echo_request = h.type == (version == 4 ? ICMP_ECHO_REQUEST : ICMPV6_ECHO_REQUEST);
	h.echo_reply = h.type == (version == 4 ? ICMP_ECHO_REPLY : ICMPV6_ECHO_REPLY);
	if (h.echo_request || h.echo_reply) {
		NEED(slice_u16(&s, &h.id), true, "icmp.identifier");
		NEED(slice_u16(&s, &h.sequence), true, "icmp.sequence");
	}
	*out = h;
	*in = body;
	return DIS_OK;
}
