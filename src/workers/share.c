/* Whose is it? */
#include "share.h"

#include "stream/flow.h"

enum port { PORT_DNS = 53, PORT_DHCP_SERVER = 67, PORT_DHCP_CLIENT = 68 };

static bool
is_story(const struct udp_header *udp)
{
	const uint16_t ports[] = {udp->src_port, udp->dst_port};

	for (size_t i = 0; i < 2; i++)
		if (ports[i] == PORT_DNS || ports[i] == PORT_DHCP_SERVER || ports[i] == PORT_DHCP_CLIENT)
			return true;
	return false;
}

/* A worker has whole parts. */
bool
share_has(const struct share *share, const struct packet *packet)
{
	struct flow_key key;

	if (packet->kind == PACKET_UDP && is_story(&packet->udp))
		return share->which == 0;
	flow_key_make(&key, 0, &packet->ip.src, 0, &packet->ip.dst, 0);
	return flow_part(&key) % share->of == share->which;
}
