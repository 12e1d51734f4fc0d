/* Whose is it? */
#include "share.h"

#include <limits.h>

#include "dissectors/tftp.h"
#include "dissectors/tunnel.h"

#define UNTOLD UINT_MAX /* whose it is */

/* A client asks several servers the same, and who has no address yet asks all: the first worker hears them all. */
enum port { PORT_DNS = 53, PORT_DHCP_SERVER = 67, PORT_DHCP_CLIENT = 68 };

/* The end of splitmix64: every bit in has its say in every bit out. */
static uint64_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t
hash_of(const struct ip_addr *ip)
{
	uint64_t word[2];

	memcpy(word, ip->b, sizeof(word));
	return mix(word[0] * UINT64_C(0x9e3779b97f4a7c15) + word[1]);
}

/* Either way it is the same pair. */
static unsigned
owner_of_pair(const struct share *share, const struct ip_addr *a, const struct ip_addr *b)
{
	return (unsigned)((hash_of(a) + hash_of(b)) % share->of);
}

static bool
is_story(const struct udp_header *udp)
{
	const uint16_t ports[] = {udp->src_port, udp->dst_port};

	for (size_t i = 0; i < 2; i++)
		if (ports[i] == PORT_DNS || ports[i] == PORT_DHCP_SERVER || ports[i] == PORT_DHCP_CLIENT)
			return true;
	return false;
}

bool
share_has(const struct share *share, const struct packet *packet)
{
	if (packet->kind == PACKET_UDP && is_story(&packet->udp))
		return share->which == 0;
	return owner_of_pair(share, &packet->ip.src, &packet->ip.dst) == share->which;
}

/* ---- one look ---- */

static bool
is_tag(uint16_t type)
{
	return type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ || type == ETHERTYPE_QINQ_OLD;
}

static bool
skip_link(struct slice *in)
{
	uint16_t type;

	if (!slice_skip(in, 12) || !slice_u16(in, &type))
		return false;
	for (size_t tags = 0; is_tag(type) && tags < LINK_MAX_VLANS; tags++)
		if (!slice_skip(in, 2) || !slice_u16(in, &type))
			return false;
	return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6;
}

struct between {
	uint8_t protocol;
	struct ip_addr src, dst;
};

static bool
read_addresses(struct slice *in, size_t n, struct between *out)
{
	struct slice src, dst;

	return slice_take(in, n, &src) && slice_take(in, n, &dst) && ip_addr_of(src, &out->src) &&
	       ip_addr_of(dst, &out->dst);
}

/* No fragments: they may hold a tunnel. */
static bool
read_ip(struct slice *in, struct between *out)
{
	uint8_t first;
	uint16_t fragment;

	if (!slice_u8(in, &first))
		return false;
	if (first >> 4 == 6)
		return slice_skip(in, 5) && slice_u8(in, &out->protocol) && slice_skip(in, 1) &&
		       read_addresses(in, 16, out);
	return first >> 4 == 4 && (first & 15) >= 5 && slice_skip(in, 5) && slice_u16(in, &fragment) &&
	       (fragment & 0x3fff) == 0 && slice_skip(in, 1) && slice_u8(in, &out->protocol) && slice_skip(in, 2) &&
	       read_addresses(in, 4, out) && slice_skip(in, (size_t)(first & 15) * 4 - 20);
}

static bool
may_be_tunnel(const struct udp_header *udp)
{
	const uint16_t ports[] = {udp->src_port, udp->dst_port};

	for (size_t i = 0; i < 2; i++)
		if (ports[i] == TUNNEL_VXLAN || ports[i] == TUNNEL_GENEVE || ports[i] == TUNNEL_GTP_U)
			return true;
	return false;
}

/* A server may answer from another address than the one that was asked: the first worker must see all that may be TFTP, and
 * whoever has the pair as well, for a flow is not told by one datagram. */
static bool
may_be_tftp(struct slice datagram)
{
	uint16_t opcode;

	return slice_u16(&datagram, &opcode) && opcode >= TFTP_RRQ && opcode <= TFTP_OACK;
}

static unsigned
owner_of_udp(const struct share *share, struct slice in, const struct between *ends)
{
	struct udp_header udp;

	if (!slice_u16(&in, &udp.src_port) || !slice_u16(&in, &udp.dst_port) || !slice_skip(&in, 4) ||
	    may_be_tunnel(&udp) || may_be_tftp(in))
		return UNTOLD;
	return is_story(&udp) ? 0 : owner_of_pair(share, &ends->src, &ends->dst);
}

static unsigned
owner_of_frame(const struct share *share, struct slice in)
{
	struct between ends;

	if (!skip_link(&in) || !read_ip(&in, &ends))
		return UNTOLD;
	if (ends.protocol == IP_TCP)
		return owner_of_pair(share, &ends.src, &ends.dst);
	return ends.protocol == IP_UDP ? owner_of_udp(share, in, &ends) : UNTOLD;
}

enum share_look
share_look(const struct share *share, uint32_t linktype, struct slice frame)
{
	unsigned owner;

	owner = linktype == LINKTYPE_ETHERNET ? owner_of_frame(share, frame) : UNTOLD;
	if (owner == UNTOLD)
		return SHARE_UNTOLD;
	return owner == share->which ? SHARE_OWN : SHARE_ANOTHERS;
}
