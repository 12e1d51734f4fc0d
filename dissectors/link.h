/* Link layers: what lies between the start of a captured frame and its network layer. */
#ifndef DISSECTORS_LINK_H
#define DISSECTORS_LINK_H

#include "dis.h"
#include "slice.h"

/* LINKTYPE_ values as files carry them; https://www.tcpdump.org/linktypes.html */
enum linktype {
	LINKTYPE_NULL = 0,
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_PPP = 9,
	LINKTYPE_RAW_BSD = 12, /* DLT_RAW on most systems */
	LINKTYPE_RAW_OPENBSD = 14,
	LINKTYPE_PPP_HDLC = 50,
	LINKTYPE_PPP_ETHER = 51,
	LINKTYPE_RAW = 101,
	LINKTYPE_C_HDLC = 104,
	LINKTYPE_IEEE802_11 = 105,
	LINKTYPE_LOOP = 108,
	LINKTYPE_LINUX_SLL = 113,
	LINKTYPE_IEEE802_11_RADIOTAP = 127,
	LINKTYPE_IPV4 = 228,
	LINKTYPE_IPV6 = 229,
	LINKTYPE_LINUX_SLL2 = 276,
};

/* Ethertypes, also used to name what follows any other link layer. */
enum ethertype {
	ETHERTYPE_NONE = 0, /* nothing that handspan reads */
	ETHERTYPE_LLC = 4,  /* IEEE 802.2, by Linux's number: 802.3 names it by a length instead */
	ETHERTYPE_CDP = 0x2000, /* Cisco's protocol number, in SNAP and in HDLC; no ethertype */
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_VLAN = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_MPLS = 0x8847,
	ETHERTYPE_MPLS_MULTICAST = 0x8848,
	ETHERTYPE_PPP = 0x880b,
	ETHERTYPE_PPPOE_SESSION = 0x8864,
	ETHERTYPE_QINQ = 0x88a8,
	ETHERTYPE_QINQ_OLD = 0x9100,
	ETHERTYPE_ERSPAN_II = 0x88be,
	ETHERTYPE_LLDP = 0x88cc,
	ETHERTYPE_ERSPAN_III = 0x22eb,
	ETHERTYPE_TRANSPARENT = 0x6558, /* a whole Ethernet frame */
};

/* VLAN tags kept of one frame; deeper ones are stepped over and not reported. */
#define LINK_MAX_VLANS 4

struct link_header {
	bool has_mac;
	uint8_t src[6], dst[6]; /* Ethernet, 802.11, or what SLL gives of it (src only: dst is zero) */
	uint16_t vlan[LINK_MAX_VLANS]; /* ids, 0 to 4095, outermost first */
	size_t vlans;
};

/* link_known says whether frames of this link type can be read at all. */
bool link_known(uint32_t linktype);

/* link_start reads the first header of a frame, sets what it knows in out (which the caller has zeroed)
 * and the ethertype of what follows; in moves behind it. */
enum dis link_start(uint32_t linktype, struct slice *in, struct link_header *out, uint16_t *next,
		    struct dis_at *at);

/* link_shim steps over one shim named by *next (LLC, VLAN tag, MPLS stack, PPPoE, PPP, inner Ethernet), and
 * names what follows in *next. Sets *next to ETHERTYPE_NONE where it is nothing known. */
enum dis link_shim(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at);

/* The rest is for the dissectors of link layers and tunnels.
 *
 * link_ip_version guesses ETHERTYPE_IPV4 or ETHERTYPE_IPV6 from a packet's first nibble, else ETHERTYPE_NONE. */
uint16_t link_ip_version(struct slice packet);

/* link_type_or_length says what follows a field that is a type or a length, and cuts the padding off in
 * behind a length. */
uint16_t link_type_or_length(uint16_t field, struct slice *in);

/* link_set_mac sets the addresses of out, once: an inner frame's are not those of this wire. */
void link_set_mac(struct link_header *out, const uint8_t src[6], const uint8_t dst[6]);

#endif
