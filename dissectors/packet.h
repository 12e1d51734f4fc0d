/* One captured frame, from its link layer to the payload of its TCP, UDP or ICMP, or to a CDP or LLDP announcement. */
#ifndef DISSECTORS_PACKET_H
#define DISSECTORS_PACKET_H

#include "dis.h"
#include "ip.h"
#include "link.h"
#include "slice.h"
#include "transport.h"

/* Link, tunnel and IP headers in one frame: real stacks stay under ten; the limit ends loops of tunnels. */
#define PACKET_MAX_LAYERS 24

enum packet_kind {
	PACKET_OTHER,    /* nothing handspan reads: ARP, another IP protocol, a damaged header */
	PACKET_FRAGMENT, /* part of an IP datagram: ip and payload are set, transport is not */
	PACKET_TCP,
	PACKET_UDP,
	PACKET_ICMP, /* ICMPv4 or ICMPv6, told apart by ip.version */
	PACKET_CDP,  /* payload is what cdp.h reads */
	PACKET_LLDP, /* payload is what lldp.h reads */
};

struct packet {
	enum packet_kind kind;
	struct link_header link; /* outermost MAC addresses, and the VLAN tags outside any tunnel */
	unsigned tunnels;        /* IP headers stepped over before ip */
	struct ip_header ip;     /* the innermost; its version is 0 where none was read */
	union {
		struct tcp_header tcp;
		struct udp_header udp;
		struct icmp_header icmp;
	};
	/* Of CDP and LLDP alone: whose announcement it is, by the source of the frame next to it, which in a tunnel is
	 * not the one that was captured. Cisco HDLC, PPP and bare GRE have none. */
	bool has_speaker;
	uint8_t speaker[6];
	struct slice payload; /* what the capture holds of it */
	size_t payload_len;   /* what the headers say it is; more than payload.n when the frame was cut. Of CDP and LLDP,
			       * whose headers do not say it, payload.n */
};

/* packet_dissect reads a frame of link type linktype (a LINKTYPE_ value, see link.h) into out. It always
 * fills out; DIS_MORE means that the frame was cut inside its headers, DIS_BAD that a header is broken. */
enum dis packet_dissect(uint32_t linktype, struct slice frame, struct packet *out, struct dis_at *at);

/* packet_dissect_datagram goes on where reassembly ended: out->ip is set and names the protocol, data is
 * the whole body of the datagram. Tunnels inside it are followed too. */
enum dis packet_dissect_datagram(struct slice data, struct packet *out, struct dis_at *at);

#endif
