/* The short way through a frame, for those that most are; all others go the long way (packet_walk.c), which answers the same
 * of these too. Every header is taken whole: the compiler then sees that its fields are there, and asks for none. */
#include "packet_walk.h"

#include "tunnel.h"

#define ETHERNET_HEADER_SIZE 14
#define VLAN_TAG_SIZE 4
#define IPV4_HEADER_SIZE 20
#define IPV6_HEADER_SIZE 40
#define TCP_HEADER_SIZE 20

/* PLAIN leaves what does not hold to the long way. */
#define PLAIN(holds)                  \
	do {                          \
		if (!(holds))         \
			return false; \
	} while (0)

/* link.c and shim.c say what these are. */
static bool
ethernet(struct slice *in, struct link_header *out, uint16_t *type)
{
	struct slice h;
	uint16_t tag;

	*out = (struct link_header){.has_mac = true};
	PLAIN(slice_take(in, ETHERNET_HEADER_SIZE, &h));
	PLAIN(slice_copy(&h, out->dst, sizeof(out->dst)));
	PLAIN(slice_copy(&h, out->src, sizeof(out->src)));
	PLAIN(slice_u16(&h, type));
	while (*type == ETHERTYPE_VLAN || *type == ETHERTYPE_QINQ || *type == ETHERTYPE_QINQ_OLD) {
		PLAIN(out->vlans < LINK_MAX_VLANS);
		PLAIN(slice_take(in, VLAN_TAG_SIZE, &h));
		PLAIN(slice_u16(&h, &tag));
		PLAIN(slice_u16(&h, type));
		out->vlan[out->vlans++] = tag & 0x0fff;
	}
	return true;
}

/* No options, no fragment, and the length is said. */
static bool
ipv4(struct slice *in, struct ip_header *out, size_t *len)
{
	struct slice h;
	uint8_t first;
	uint16_t total, fragment;

	PLAIN(slice_take(in, IPV4_HEADER_SIZE, &h));
	PLAIN(slice_u8(&h, &first) && first == 0x45);
	PLAIN(slice_skip(&h, 1));
	PLAIN(slice_u16(&h, &total) && total >= IPV4_HEADER_SIZE);
	PLAIN(slice_skip(&h, 2));
	PLAIN(slice_u16(&h, &fragment) && (fragment & 0x3fff) == 0);
	PLAIN(slice_skip(&h, 1));
	PLAIN(slice_u8(&h, &out->protocol));
	PLAIN(slice_skip(&h, 2));
	PLAIN(ip_addr_v4(&h, &out->src));
	PLAIN(ip_addr_v4(&h, &out->dst));
	out->version = 4;
	*len = (size_t)total - IPV4_HEADER_SIZE;
	return true;
}

/* Where no length is said, or an extension header comes next, no TCP or UDP follows that is plain. */
static bool
ipv6(struct slice *in, struct ip_header *out, size_t *len)
{
	struct slice h;
	uint8_t first;
	uint16_t payload;

	PLAIN(slice_take(in, IPV6_HEADER_SIZE, &h));
	PLAIN(slice_u8(&h, &first) && first >> 4 == 6);
	PLAIN(slice_skip(&h, 3));
	PLAIN(slice_u16(&h, &payload));
	PLAIN(slice_u8(&h, &out->protocol));
	PLAIN(slice_skip(&h, 1));
	PLAIN(slice_copy(&h, out->src.b, sizeof(out->src.b)));
	PLAIN(slice_copy(&h, out->dst.b, sizeof(out->dst.b)));
	out->version = 6;
	*len = payload;
	return true;
}

static bool
tcp(struct slice *in, struct tcp_header *out, size_t *len)
{
	struct slice h;
	uint8_t data_offset;
	size_t size;

	PLAIN(slice_take(in, TCP_HEADER_SIZE, &h));
	PLAIN(slice_u16(&h, &out->src_port));
	PLAIN(slice_u16(&h, &out->dst_port));
	PLAIN(slice_u32(&h, &out->seq));
	PLAIN(slice_u32(&h, &out->ack));
	PLAIN(slice_u8(&h, &data_offset));
	PLAIN(slice_u8(&h, &out->flags));
	size = (size_t)(data_offset >> 4) * 4;
	PLAIN(size >= TCP_HEADER_SIZE && slice_skip(in, size - TCP_HEADER_SIZE));
	*len -= size;
	return true;
}

/* No tunnel's port, and the length is said. */
static bool
udp(struct slice *in, struct udp_header *out, size_t *len)
{
	struct slice h;
	uint16_t length;

	PLAIN(slice_take(in, UDP_HEADER_SIZE, &h));
	PLAIN(slice_u16(&h, &out->src_port) && !tunnel_at_port(out->src_port));
	PLAIN(slice_u16(&h, &out->dst_port) && !tunnel_at_port(out->dst_port));
	PLAIN(slice_u16(&h, &length) && length >= UDP_HEADER_SIZE && length <= *len);
	*len = (size_t)length - UDP_HEADER_SIZE;
	*in = slice_first(*in, *len);
	return true;
}

/* TCP or UDP in IP in Ethernet, with nothing cut, broken or out of the ordinary. Where it is not, out is worth nothing. */
static bool
plain(struct slice frame, struct packet *out)
{
	struct slice s = frame;
	uint16_t type;
	size_t len;

	PLAIN(ethernet(&s, &out->link, &type));
	PLAIN((type == ETHERTYPE_IPV4 && ipv4(&s, &out->ip, &len)) || (type == ETHERTYPE_IPV6 && ipv6(&s, &out->ip, &len)));
	s = slice_first(s, len);
	if (out->ip.protocol == IP_TCP && tcp(&s, &out->tcp, &len))
		out->kind = PACKET_TCP;
	else if (out->ip.protocol == IP_UDP && udp(&s, &out->udp, &len))
		out->kind = PACKET_UDP;
	else
		return false;
	out->tunnels = 0;
	out->ip.fragment = false;
	out->payload = s;
	out->payload_len = len;
	return true;
}

enum dis
packet_dissect(uint32_t linktype, struct slice frame, struct packet *out, struct dis_at *at)
{
	if (linktype == LINKTYPE_ETHERNET && plain(frame, out))
		return DIS_OK;
	return packet_walk(linktype, frame, out, at);
}
