/* Link layers: the first header of a frame, as each link type has it. */
#include "link.h"

#include "wifi.h"

#define LENGTH_MAX 1500    /* IEEE 802.3 section 3.2.6: up to here the field is a length, */
#define ETHERTYPE_MIN 1536 /* from here a type */

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

uint16_t
link_ip_version(struct slice packet)
{
	uint8_t first;

	if (!slice_peek(packet, 0, &first))
		return ETHERTYPE_NONE;
	switch (first >> 4) {
	case 4:
		return ETHERTYPE_IPV4;
	case 6:
		return ETHERTYPE_IPV6;
	default:
		return ETHERTYPE_NONE;
	}
}

void
link_set_mac(struct link_header *out, const uint8_t src[6], const uint8_t dst[6])
{
	if (out->has_mac)
		return;
	out->has_mac = true;
	memcpy(out->src, src, sizeof(out->src));
	memcpy(out->dst, dst, sizeof(out->dst));
}

uint16_t
link_type_or_length(uint16_t field, struct slice *in)
{
	if (field >= ETHERTYPE_MIN)
		return field;
	if (field > LENGTH_MAX)
		return ETHERTYPE_NONE;
	*in = slice_first(*in, field);
	return ETHERTYPE_LLC;
}

/* IEEE 802.3 section 3.1.1
 *   opaque destination[6], source[6];
 *   uint16 type_or_length; */
static enum dis
ethernet(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t dst[6], src[6];
	uint16_t field;

	NEED(slice_copy(&s, dst, sizeof(dst)), true, "ethernet.destination");
	NEED(slice_copy(&s, src, sizeof(src)), true, "ethernet.source");
	NEED(slice_u16(&s, &field), true, "ethernet.type");
	link_set_mac(out, src, dst);
	*next = link_type_or_length(field, &s);
	*in = s;
	return DIS_OK;
}

/* LINKTYPE_PPP and LINKTYPE_PPP_HDLC hold either kind of HDLC; Cisco's begins in a way that PPP never does. */
static bool
is_cisco_hdlc(struct slice s)
{
	uint8_t address, control;

	return slice_u8(&s, &address) && slice_u8(&s, &control) && control == 0 &&
	       (address == 0x0f || address == 0x8f);
}

/* RFC 1547 section 4.3.1
 *   uint8 address; (0f, or 8f for broadcast)
 *   uint8 control; (0)
 *   uint16 protocol; (an ethertype) */
static enum dis
cisco_hdlc(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t address;

	NEED(slice_u8(&s, &address), address == 0x0f || address == 0x8f, "chdlc.address");
	NEED(slice_skip(&s, 1), true, "chdlc.control");
	NEED(slice_u16(&s, next), true, "chdlc.protocol");
	*in = s;
	return DIS_OK;
}

/* https://www.tcpdump.org/linktypes.html, LINKTYPE_NULL and LINKTYPE_LOOP
 *   uint32 family; in the byte order of whatever host captured it */
static enum dis
bsd_loopback(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint32_t family;

	NEED(slice_u32(&s, &family), true, "null.family");
	if ((family & 0xffffff) == 0)
		family >>= 24;
	switch (family) {
	case 2:
		*next = ETHERTYPE_IPV4;
		break;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		*next = ETHERTYPE_IPV6;
		break;
	default:
		*next = ETHERTYPE_NONE;
	}
	*in = s;
	return DIS_OK;
}

static void
set_cooked_mac(struct link_header *out, uint16_t len, const uint8_t address[8])
{
	static const uint8_t unknown[6];

	if (len == sizeof(out->src))
		link_set_mac(out, address, unknown);
}

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html
 *   uint16 packet_type;
 *   uint16 arphrd_type;
 *   uint16 address_length;
 *   opaque address[8];
 *   uint16 protocol; (an ethertype, or a small number for 802.2 and such) */
static enum dis
linux_sll(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint16_t length;
	uint8_t address[8];

	NEED(slice_skip(&s, 2), true, "sll.packet_type");
	NEED(slice_skip(&s, 2), true, "sll.arphrd_type");
	NEED(slice_u16(&s, &length), true, "sll.address_length");
	NEED(slice_copy(&s, address, sizeof(address)), true, "sll.address");
	NEED(slice_u16(&s, next), true, "sll.protocol");
	set_cooked_mac(out, length, address);
	*in = s;
	return DIS_OK;
}

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html
 *   uint16 protocol;
 *   uint16 reserved;
 *   uint32 interface_index;
 *   uint16 arphrd_type;
 *   uint8 packet_type;
 *   uint8 address_length;
 *   opaque address[8]; */
static enum dis
linux_sll2(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t length, address[8];

	NEED(slice_u16(&s, next), true, "sll2.protocol");
	NEED(slice_skip(&s, 2), true, "sll2.reserved");
	NEED(slice_skip(&s, 4), true, "sll2.interface_index");
	NEED(slice_skip(&s, 2), true, "sll2.arphrd_type");
	NEED(slice_skip(&s, 1), true, "sll2.packet_type");
	NEED(slice_u8(&s, &length), true, "sll2.address_length");
	NEED(slice_copy(&s, address, sizeof(address)), true, "sll2.address");
	set_cooked_mac(out, length, address);
	*in = s;
	return DIS_OK;
}

bool
link_known(uint32_t linktype)
{
	struct link_header unused = {0};
	struct slice nothing = slice_of(NULL, 0);
	uint16_t next;
	struct dis_at at;

	return link_start(linktype, &nothing, &unused, &next, &at) != DIS_BAD;
}

enum dis
link_start(uint32_t linktype, struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at)
{
	switch (linktype) {
	case LINKTYPE_ETHERNET:
		return ethernet(in, out, next, at);
	case LINKTYPE_NULL:
	case LINKTYPE_LOOP:
		return bsd_loopback(in, next, at);
	case LINKTYPE_RAW_BSD:
	case LINKTYPE_RAW_OPENBSD:
	case LINKTYPE_RAW:
		*next = link_ip_version(*in);
		return DIS_OK;
	case LINKTYPE_IPV4:
		*next = ETHERTYPE_IPV4;
		return DIS_OK;
	case LINKTYPE_IPV6:
		*next = ETHERTYPE_IPV6;
		return DIS_OK;
	case LINKTYPE_PPP:
	case LINKTYPE_PPP_HDLC:
		if (is_cisco_hdlc(*in))
			return cisco_hdlc(in, next, at);
		*next = ETHERTYPE_PPP;
		return DIS_OK;
	case LINKTYPE_PPP_ETHER:
		*next = ETHERTYPE_PPPOE_SESSION;
		return DIS_OK;
	case LINKTYPE_C_HDLC:
		return cisco_hdlc(in, next, at);
	case LINKTYPE_LINUX_SLL:
		return linux_sll(in, out, next, at);
	case LINKTYPE_LINUX_SLL2:
		return linux_sll2(in, out, next, at);
	case LINKTYPE_IEEE802_11:
		return wifi_dissect(in, out, next, at);
	case LINKTYPE_IEEE802_11_RADIOTAP:
		return wifi_radiotap(in, out, next, at);
	default:
		*at = (struct dis_at){.field = "frame.linktype"};
		return DIS_BAD;
	}
}
