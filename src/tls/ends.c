/* The two ends of a flow. */
#include "ends.h"

static uint16_t
port_of(const struct packet *packet, bool sender)
{
	switch (packet->kind) {
	case PACKET_TCP:
		return sender ? packet->tcp.src_port : packet->tcp.dst_port;
	case PACKET_UDP:
		return sender ? packet->udp.src_port : packet->udp.dst_port;
	default:
		return 0;
	}
}

static struct endpoint
end_of(const struct packet *packet, bool sender)
{
	struct endpoint end = {.port = port_of(packet, sender), .has_mac = packet->link.has_mac};

	if (packet->ip.version != 0)
		end.ip = sender ? packet->ip.src : packet->ip.dst;
	memcpy(end.mac, sender ? packet->link.src : packet->link.dst, sizeof(end.mac));
	return end;
}

struct ends
ends_of(const struct packet *packet, unsigned dir)
{
	struct ends ends = {.opener = -1, .vlans = packet->link.vlans};

	ends.end[dir] = end_of(packet, true);
	ends.end[!dir] = end_of(packet, false);
	memcpy(ends.vlan, packet->link.vlan, sizeof(ends.vlan));
	return ends;
}
