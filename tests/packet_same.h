/* Whether two readings of one frame say the same. */
#ifndef TESTS_PACKET_SAME_H
#define TESTS_PACKET_SAME_H

#include <string.h>

#include "dissectors/packet.h"

static inline bool
same_link(const struct link_header *a, const struct link_header *b)
{
	return a->has_mac == b->has_mac && memcmp(a->src, b->src, sizeof(a->src)) == 0 &&
	       memcmp(a->dst, b->dst, sizeof(a->dst)) == 0 && a->vlans == b->vlans &&
	       memcmp(a->vlan, b->vlan, sizeof(a->vlan)) == 0;
}

static inline bool
same_ip_header(const struct ip_header *a, const struct ip_header *b)
{
	if (a->version != b->version || a->version == 0)
		return a->version == b->version;
	return a->protocol == b->protocol && memcmp(&a->src, &b->src, sizeof(a->src)) == 0 &&
	       memcmp(&a->dst, &b->dst, sizeof(a->dst)) == 0 && a->fragment == b->fragment;
}

static inline bool
same_transport(const struct packet *a, const struct packet *b)
{
	if (a->kind == PACKET_TCP)
		return a->tcp.src_port == b->tcp.src_port && a->tcp.dst_port == b->tcp.dst_port &&
		       a->tcp.seq == b->tcp.seq && a->tcp.ack == b->tcp.ack && a->tcp.flags == b->tcp.flags;
	return a->kind != PACKET_UDP || (a->udp.src_port == b->udp.src_port && a->udp.dst_port == b->udp.dst_port);
}

static inline bool
packet_same(const struct packet *a, const struct packet *b)
{
	return a->kind == b->kind && same_link(&a->link, &b->link) && a->tunnels == b->tunnels &&
	       same_ip_header(&a->ip, &b->ip) && same_transport(a, b) && a->payload.p == b->payload.p &&
	       a->payload.n == b->payload.n && a->payload_len == b->payload_len;
}

#endif
