/* Tunnels that carry a frame or a packet inside IP or UDP. */
#ifndef DISSECTORS_TUNNEL_H
#define DISSECTORS_TUNNEL_H

#include "dis.h"
#include "slice.h"

enum tunnel_port { TUNNEL_GTP_U = 2152, TUNNEL_VXLAN = 4789, TUNNEL_GENEVE = 6081 };

/* tunnel_at_port says whether what is at a UDP port may be a tunnel. */
static inline bool
tunnel_at_port(uint16_t port)
{
	return port == TUNNEL_GTP_U || port == TUNNEL_VXLAN || port == TUNNEL_GENEVE;
}

/* tunnel_gre steps over a GRE header (RFC 2784, RFC 2890, PPTP's version 1) and an ERSPAN II or III
 * header behind it (draft-foschiano-erspan-03); *next is the ethertype of what follows. */
enum dis tunnel_gre(struct slice *in, uint16_t *next, struct dis_at *at);

/* tunnel_udp steps over VXLAN (RFC 7348), GENEVE (RFC 8926) or GTP-U (3GPP TS 29.281), by the port on
 * either side; *next is the ethertype of what follows, ETHERTYPE_NONE and in unmoved where it is no tunnel.
 * Failing means no more than that either: any port may hold anything. */
enum dis tunnel_udp(struct slice *in, uint16_t src_port, uint16_t dst_port, uint16_t *next,
		    struct dis_at *at);

#endif
