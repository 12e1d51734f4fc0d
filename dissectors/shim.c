/* Shims: what lies between a link layer and IP, named by the ethertype before it. */
#include "link.h"

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

/* IEEE 802.2 section 3, IEEE 802 section 9.2
 *   uint8 dsap, ssap, control; (aa aa 03: SNAP follows)
 *   uint24 oui;
 *   uint16 protocol; */
static enum dis
llc(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint32_t header, oui;
	uint16_t type;

	NEED(slice_u24(&s, &header), true, "llc.control");
	*next = ETHERTYPE_NONE;
	if (header != 0xaaaa03)
		return DIS_OK;
	NEED(slice_u24(&s, &oui), true, "snap.oui");
	NEED(slice_u16(&s, &type), true, "snap.protocol");
	/* RFC 1042's and 802.1H's; under other OUIs the numbers are a vendor's own. */
	if (oui == 0x000000 || oui == 0x0000f8)
		*next = type;
	else if (oui == 0x00000c && type == ETHERTYPE_CDP)
		*next = ETHERTYPE_CDP;
	*in = s;
	return DIS_OK;
}

/* IEEE 802.1Q section 9.6
 *   uint3 priority;  uint1 drop_eligible;  uint12 id;
 *   uint16 type_or_length; */
static enum dis
vlan_tag(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint16_t tag, field;

	NEED(slice_u16(&s, &tag), true, "vlan.id");
	NEED(slice_u16(&s, &field), true, "vlan.type");
	if (out->vlans < LINK_MAX_VLANS)
		out->vlan[out->vlans++] = tag & 0x0fff;
	*next = link_type_or_length(field, &s);
	*in = s;
	return DIS_OK;
}

/* is_ethernet guesses whether bytes are an Ethernet frame that holds something handspan reads. */
static bool
is_ethernet(struct slice s)
{
	static const uint8_t cdp[] = {0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c, 0x20, 0x00};
	uint16_t type;

	if (!slice_skip(&s, 12) || !slice_u16(&s, &type))
		return false;
	switch (link_type_or_length(type, &s)) {
	case ETHERTYPE_LLC:
		return slice_starts(s, cdp, sizeof(cdp));
	case ETHERTYPE_IPV4:
	case ETHERTYPE_IPV6:
		return link_ip_version(s) == type;
	case ETHERTYPE_VLAN:
	case ETHERTYPE_QINQ:
	case ETHERTYPE_QINQ_OLD:
	case ETHERTYPE_MPLS:
	case ETHERTYPE_PPPOE_SESSION:
	case ETHERTYPE_LLDP:
		return true;
	default:
		return false;
	}
}

/* RFC 3032 section 2.1, a stack of
 *   uint20 label;  uint3 class;  uint1 bottom;  uint8 ttl;
 * Nothing says what lies below: RFC 4928 has IP seen by its first nibble. A pseudowire's Ethernet frame
 * (RFC 4448) may have a control word before it, whose first nibble is 0. */
static enum dis
mpls(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in, below;
	uint32_t label = 0;

	while ((label & 0x100) == 0)
		NEED(slice_u32(&s, &label), true, "mpls.label");
	below = s;
	*next = link_ip_version(s);
	if (*next == ETHERTYPE_NONE && is_ethernet(s)) {
		*next = ETHERTYPE_TRANSPARENT;
	} else if (*next == ETHERTYPE_NONE && slice_skip(&below, 4) && is_ethernet(below)) {
		*next = ETHERTYPE_TRANSPARENT;
		s = below;
	}
	*in = s;
	return DIS_OK;
}

/* RFC 2516 section 4
 *   uint4 version, type;
 *   uint8 code;
 *   uint16 session_id;
 *   uint16 length; */
static enum dis
pppoe(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t version_type, code;
	uint16_t length;

	NEED(slice_u8(&s, &version_type), version_type == 0x11, "pppoe.version_type");
	NEED(slice_u8(&s, &code), code == 0, "pppoe.code");
	NEED(slice_skip(&s, 2), true, "pppoe.session_id");
	NEED(slice_u16(&s, &length), true, "pppoe.length");
	*next = ETHERTYPE_PPP;
	*in = slice_first(s, length);
	return DIS_OK;
}

/* RFC 1661 section 2, with RFC 1662 section 3.1's address and control in front or compressed away
 *   opaque address_control[2]; (ff 03)
 *   uint16 protocol; (only its low byte, which is odd, where compressed) */
static enum dis
ppp(struct slice *in, uint16_t *next, struct dis_at *at)
{
	static const uint8_t address_control[] = {0xff, 0x03};
	struct slice s = *in;
	uint8_t first;
	uint64_t protocol;

	if (slice_starts(s, address_control, sizeof(address_control)))
		NEED(slice_skip(&s, sizeof(address_control)), true, "ppp.address");
	NEED(slice_peek(s, 0, &first), true, "ppp.protocol");
	NEED(slice_uint(&s, first & 1 ? 1 : 2, &protocol), true, "ppp.protocol");
	switch (protocol) {
	case 0x0021:
		*next = ETHERTYPE_IPV4;
		break;
	case 0x0057:
		*next = ETHERTYPE_IPV6;
		break;
	case 0x0207:
		*next = ETHERTYPE_CDP;
		break;
	case 0x0281:
	case 0x0283:
		*next = ETHERTYPE_MPLS;
		break;
	default:
		*next = ETHERTYPE_NONE;
	}
	*in = s;
	return DIS_OK;
}

enum dis
link_shim(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	switch (*next) {
	case ETHERTYPE_LLC:
		return llc(in, next, at);
	case ETHERTYPE_VLAN:
	case ETHERTYPE_QINQ:
	case ETHERTYPE_QINQ_OLD:
		return vlan_tag(in, out, next, at);
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return mpls(in, next, at);
	case ETHERTYPE_PPPOE_SESSION:
		return pppoe(in, next, at);
	case ETHERTYPE_PPP:
		return ppp(in, next, at);
	case ETHERTYPE_TRANSPARENT:
		return link_start(LINKTYPE_ETHERNET, in, out, next, at);
	default:
		*next = ETHERTYPE_NONE;
		return DIS_OK;
	}
}
