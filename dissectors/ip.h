/* IPv4 (RFC 791) and IPv6 (RFC 8200) headers. */
#ifndef DISSECTORS_IP_H
#define DISSECTORS_IP_H

#include "dis.h"
#include "slice.h"

enum ip_protocol {
	IP_ICMP = 1,
	IP_IPIP = 4,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_IPV6 = 41,
	IP_GRE = 47,
	IP_ICMPV6 = 58,
};

/* An address; IPv4 as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). */
struct ip_addr {
	uint8_t b[16];
};

struct ip_header {
	uint8_t version; /* 4 or 6 */
	uint8_t protocol; /* of the payload, IPv6 extension headers stepped over */
	struct ip_addr src, dst;
	bool fragment;    /* part of a datagram: the three below are set */
	bool more;        /* more fragments follow */
	uint32_t id;
	uint16_t offset; /* bytes */
};

/* ip_dissect reads one IP header (either version) and its extension headers; in is left holding the
 * payload as far as it was captured, *len its length by the header. A length of 0 (segmentation offload,
 * facts sheet section 10, and jumbograms) means the rest of the frame. Trailing link padding is cut off.
 * Where it fails, in has not moved and *out is worth nothing. */
enum dis ip_dissect(struct slice *in, struct ip_header *out, size_t *len, struct dis_at *at);

/* ip_extensions steps over the extension headers that out->protocol begins with (also AH in IPv4), up to a
 * fragment: for the body of a datagram that came in fragments. */
enum dis ip_extensions(struct slice *in, struct ip_header *out, struct dis_at *at);

/* ip_addr_v4 reads the four bytes of an IPv4 address. */
SLICE_INLINE bool
ip_addr_v4(struct slice *in, struct ip_addr *out)
{
	struct slice b;

	if (!slice_take(in, 4, &b))
		return false;
	*out = (struct ip_addr){{[10] = 0xff, [11] = 0xff}};
	return slice_copy(&b, out->b + 12, 4);
}

/* ip_addr_is_v4 says whether a is a mapped IPv4 address. */
bool ip_addr_is_v4(const struct ip_addr *a);

/* ip_addr_of makes an address of 4 or 16 bytes in the wire's order. False, and nothing written, where they are no
 * address: another number of them, or all zero. */
bool ip_addr_of(struct slice bytes, struct ip_addr *out);

#endif
