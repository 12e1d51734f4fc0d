/* Tunnels in IP and in UDP: what carries a frame or packet of its own. */
#include "tunnel.h"

#include "link.h"

/* GRE, first 16 bits: RFC 2784, RFC 2890, RFC 2637 section 4.1; routing is RFC 1701's. */
#define GRE_CHECKSUM 0x8000
#define GRE_ROUTING 0x4000
#define GRE_KEY 0x2000
#define GRE_SEQUENCE 0x1000
#define GRE_VERSION 0x0007
#define GRE_ACK 0x0081 /* of version 1 only */

/* draft-foschiano-erspan-03 section 4.2, 4.3. */
#define ERSPAN_VERSION_II 1
#define ERSPAN_VERSION_III 2
#define ERSPAN_SUBHEADER 0x0001
#define ERSPAN_FRAME_TYPE(field) ((field) >> 10 & 0x1f)
#define ERSPAN_FRAME_IP 2

#define VXLAN_FLAG_VNI 0x08
#define VXLAN_FLAG_GPE 0x04 /* draft-ietf-nvo3-vxlan-gpe: there is a next_protocol */

#define GTP_VERSION_PROTOCOL 0xf0
#define GTP_U 0x30 /* version 1, GTP rather than GTP' */
#define GTP_EXTENSION 0x04
#define GTP_OPTIONAL 0x07 /* any of extension, sequence number, N-PDU number */
#define GTP_G_PDU 255

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

/* RFC 1701 section 1, a list of
 *   uint16 address_family; (0 and no bytes: the end)
 *   uint8 offset, length;
 *   opaque routing[length]; */
static enum dis
gre_routing(struct slice *in, struct dis_at *at)
{
	struct slice s = *in;
	uint16_t family;
	uint8_t length;

	do {
		NEED(slice_u16(&s, &family), true, "gre_routing.address_family");
		NEED(slice_skip(&s, 1), true, "gre_routing.offset");
		NEED(slice_u8(&s, &length), true, "gre_routing.length");
		NEED(slice_skip(&s, length), true, "gre_routing.routing");
	} while (family != 0 || length != 0);
	*in = s;
	return DIS_OK;
}

/* draft-foschiano-erspan-03 section 4.2
 *   uint4 version;  uint12 vlan;
 *   uint3 class;  uint2 encapsulation;  uint1 truncated;  uint10 session;
 *   uint12 reserved;  uint20 index; */
static enum dis
erspan_ii(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint16_t version;

	NEED(slice_u16(&s, &version), version >> 12 == ERSPAN_VERSION_II, "erspan.version");
	NEED(slice_skip(&s, 2), true, "erspan.session");
	NEED(slice_skip(&s, 4), true, "erspan.index");
	*next = ETHERTYPE_TRANSPARENT;
	*in = s;
	return DIS_OK;
}

/* draft-foschiano-erspan-03 section 4.3
 *   uint4 version;  uint12 vlan;
 *   uint3 class;  uint2 bad_short_oversized;  uint1 truncated;  uint10 session;
 *   uint32 timestamp;
 *   uint16 security_group;
 *   uint1 protocol_data_unit;  uint5 frame_type;  uint6 hardware;  uint1 direction;
 *   uint2 granularity;  uint1 subheader;
 *   opaque platform[8]; (where there is a subheader) */
static enum dis
erspan_iii(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint16_t version, flags;

	NEED(slice_u16(&s, &version), version >> 12 == ERSPAN_VERSION_III, "erspan.version");
	NEED(slice_skip(&s, 2), true, "erspan.session");
	NEED(slice_skip(&s, 4), true, "erspan.timestamp");
	NEED(slice_skip(&s, 2), true, "erspan.security_group");
	NEED(slice_u16(&s, &flags), true, "erspan.frame_type");
	NEED(slice_skip(&s, flags & ERSPAN_SUBHEADER ? 8 : 0), true, "erspan.platform");
	*next = ERSPAN_FRAME_TYPE(flags) == ERSPAN_FRAME_IP ? link_ip_version(s) : ETHERTYPE_TRANSPARENT;
	*in = s;
	return DIS_OK;
}

/* RFC 2784, RFC 2890                        RFC 2637 section 4.1, version 1
 *   uint16 flags;                             uint16 flags;
 *   uint16 protocol;                          uint16 protocol; (PPP)
 *   uint16 checksum, offset; (either flag)    uint16 payload_length, call_id;
 *   uint32 key;                               uint32 sequence;
 *   uint32 sequence;                          uint32 acknowledgment;
 *   SourceRoute routing; */
enum dis
tunnel_gre(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint16_t flags, protocol;
	enum dis got = DIS_OK;

	NEED(slice_u16(&s, &flags), (flags & GRE_VERSION) <= 1, "gre.flags");
	NEED(slice_u16(&s, &protocol), true, "gre.protocol");
	NEED(slice_skip(&s, flags & (GRE_CHECKSUM | GRE_ROUTING) ? 4 : 0), true, "gre.checksum");
	NEED(slice_skip(&s, flags & GRE_KEY ? 4 : 0), true, "gre.key");
	NEED(slice_skip(&s, flags & GRE_SEQUENCE ? 4 : 0), true, "gre.sequence");
	NEED(slice_skip(&s, (flags & GRE_ACK) == GRE_ACK ? 4 : 0), true, "gre.acknowledgment");
	*next = protocol;
	if (flags & GRE_ROUTING)
		got = gre_routing(&s, at);
	else if (protocol == ETHERTYPE_PPP && (flags & GRE_SEQUENCE) == 0)
		*next = ETHERTYPE_NONE; /* PPTP numbers all that is not a bare acknowledgment */
	else if (protocol == ETHERTYPE_ERSPAN_II && (flags & GRE_SEQUENCE) == 0)
		*next = ETHERTYPE_TRANSPARENT; /* type I has no header */
	else if (protocol == ETHERTYPE_ERSPAN_II)
		got = erspan_ii(&s, next, at);
	else if (protocol == ETHERTYPE_ERSPAN_III)
		got = erspan_iii(&s, next, at);
	if (got != DIS_OK) {
		at->off += (size_t)(s.p - in->p);
		return got;
	}
	*in = s;
	return DIS_OK;
}

/* What VXLAN-GPE's next_protocol names (draft-ietf-nvo3-vxlan-gpe section 3.2). */
static uint16_t
gpe_ethertype(uint8_t protocol)
{
	static const uint16_t ethertypes[] = {ETHERTYPE_NONE, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_TRANSPARENT};

	return protocol < sizeof(ethertypes) / sizeof(ethertypes[0]) ? ethertypes[protocol] : ETHERTYPE_NONE;
}

/* RFC 7348 section 5; flags but that for the VNI are to be ignored, VXLAN-GPE uses one of them and the third reserved
 * byte.
 *   uint8 flags;
 *   uint24 reserved;
 *   uint24 vni;
 *   uint8 reserved; */
static enum dis
vxlan(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t flags, protocol;

	NEED(slice_u8(&s, &flags), (flags & VXLAN_FLAG_VNI) != 0, "vxlan.flags");
	NEED(slice_skip(&s, 2), true, "vxlan.reserved");
	NEED(slice_u8(&s, &protocol), true, "vxlan.next_protocol");
	NEED(slice_skip(&s, 3), true, "vxlan.vni");
	NEED(slice_skip(&s, 1), true, "vxlan.reserved");
	*next = (flags & VXLAN_FLAG_GPE) != 0 ? gpe_ethertype(protocol) : ETHERTYPE_TRANSPARENT;
	*in = s;
	return DIS_OK;
}

/* RFC 8926 section 3.4
 *   uint2 version;  uint6 options_length; (4 bytes)
 *   uint1 control;  uint1 critical;  uint6 reserved;
 *   uint16 protocol;
 *   uint24 vni;
 *   uint8 reserved;
 *   opaque options[4 * options_length]; */
static enum dis
geneve(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t length, flags;
	uint16_t protocol;

	NEED(slice_u8(&s, &length), length >> 6 == 0, "geneve.version");
	NEED(slice_u8(&s, &flags), (flags & 0x3f) == 0, "geneve.flags");
	NEED(slice_u16(&s, &protocol), true, "geneve.protocol");
	NEED(slice_skip(&s, 3), true, "geneve.vni");
	NEED(slice_skip(&s, 1), true, "geneve.reserved");
	NEED(slice_skip(&s, (size_t)length * 4), true, "geneve.options");
	*next = protocol;
	*in = s;
	return DIS_OK;
}

/* 3GPP TS 29.281 section 5.2, as long as a next type is not 0
 *   uint8 length; (4 bytes)
 *   opaque content[4 * length - 2];
 *   uint8 next_type; */
static enum dis
gtp_extensions(struct slice *in, uint8_t type, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t length;

	while (type != 0) {
		NEED(slice_u8(&s, &length), length > 0, "gtp_extension.length");
		NEED(slice_skip(&s, (size_t)length * 4 - 2), true, "gtp_extension.content");
		NEED(slice_u8(&s, &type), true, "gtp_extension.next_type");
	}
	*in = s;
	return DIS_OK;
}

/* 3GPP TS 29.281 section 5.1
 *   uint3 version;  uint1 protocol_type;  uint1 reserved;  uint1 extension;  uint1 sequence;  uint1 npdu;
 *   uint8 message_type;
 *   uint16 length;
 *   uint32 tunnel_id;
 *   uint16 sequence;  uint8 npdu;  uint8 extension_type; (all where any of their flags is set) */
static enum dis
gtp_u(struct slice *in, uint16_t *next, struct dis_at *at)
{
	struct slice s = *in;
	uint8_t flags, message, extension = 0;
	enum dis got;

	NEED(slice_u8(&s, &flags), (flags & GTP_VERSION_PROTOCOL) == GTP_U, "gtp.version");
	NEED(slice_u8(&s, &message), message == GTP_G_PDU, "gtp.message_type");
	NEED(slice_skip(&s, 2), true, "gtp.length");
	NEED(slice_skip(&s, 4), true, "gtp.tunnel_id");
	if (flags & GTP_OPTIONAL) {
		NEED(slice_skip(&s, 2), true, "gtp.sequence");
		NEED(slice_skip(&s, 1), true, "gtp.npdu");
		NEED(slice_u8(&s, &extension), true, "gtp.extension_type");
	}
	got = gtp_extensions(&s, flags & GTP_EXTENSION ? extension : 0, at);
	if (got != DIS_OK) {
		at->off += (size_t)(s.p - in->p);
		return got;
	}
	*next = link_ip_version(s);
	if (*next != ETHERTYPE_NONE)
		*in = s;
	return DIS_OK;
}

enum dis
tunnel_udp(struct slice *in, uint16_t src_port, uint16_t dst_port, uint16_t *next, struct dis_at *at)
{
	const uint16_t ports[] = {dst_port, src_port};

	for (size_t i = 0; i < 2; i++) {
		switch (ports[i]) {
		case TUNNEL_VXLAN:
			return vxlan(in, next, at);
		case TUNNEL_GENEVE:
			return geneve(in, next, at);
		case TUNNEL_GTP_U:
			return gtp_u(in, next, at);
		default:
			break;
		}
	}
	*next = ETHERTYPE_NONE;
	return DIS_OK;
}
