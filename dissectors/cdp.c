/* CDP: a header, then fields of a type and a length up to the end of the frame. */
#include "cdp.h"

#define FIELD_HEADER 4 /* a field's length counts its own type and length */

enum cdp_field {
	FIELD_DEVICE_ID = 0x01,
	FIELD_ADDRESSES = 0x02,
	FIELD_PORT_ID = 0x03,
	FIELD_CAPABILITIES = 0x04,
	FIELD_SOFTWARE = 0x05,
	FIELD_PLATFORM = 0x06,
	FIELD_NATIVE_VLAN = 0x0a,
	FIELD_VOICE_VLAN_REPLY = 0x0e,
	FIELD_VOICE_VLAN_QUERY = 0x0f,
};

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                              \
	do {                                                                 \
		size_t off_ = body.n - s.n;                                  \
		bool there_ = (read);                                        \
		if (!there_ || !(valid)) {                                   \
			*at = (struct dis_at){.field = (name), .off = off_}; \
			return there_ ? DIS_BAD : DIS_MORE;                  \
		}                                                            \
	} while (0)

static void
set_text(struct slice *text, struct slice value)
{
	if (text->n == 0)
		*text = value;
}

/* is_ip says whether a protocol is IPv4's NLPID, or IPv6's SNAP header, and the address as long as that has it. */
static bool
is_ip(struct slice protocol, struct slice address)
{
	static const uint8_t v4[] = {0xcc}, v6[] = {0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00, 0x86, 0xdd};

	if (protocol.n == sizeof(v4))
		return address.n == 4 && slice_starts(protocol, v4, sizeof(v4));
	return address.n == 16 && protocol.n == sizeof(v6) && slice_starts(protocol, v6, sizeof(v6));
}

/* uint32 number;
 * then so many of
 *   uint8 protocol_type; (1: NLPID, 2: 802.2)
 *   uint8 protocol_length;
 *   opaque protocol[protocol_length];
 *   uint16 address_length;
 *   opaque address[address_length]; */
static void
set_ip(struct cdp *out, struct slice value)
{
	struct slice s = value, protocol, address;
	uint32_t number;

	if (!slice_u32(&s, &number))
		return;
	for (; number > 0 && !out->has_ip; number--) {
		if (!slice_skip(&s, 1) || !slice_vec(&s, 1, &protocol) || !slice_vec(&s, 2, &address))
			return;
		out->has_ip = is_ip(protocol, address) && ip_addr_of(address, &out->ip);
	}
}

/* uint32 capabilities; */
static void
set_capabilities(struct cdp *out, struct slice value)
{
	if (out->capabilities == 0)
		slice_u32(&value, &out->capabilities);
}

/* uint16 vlan; */
static void
set_native_vlan(struct cdp *out, struct slice value)
{
	uint16_t vlan;

	if (out->native_vlan < 0 && slice_u16(&value, &vlan))
		out->native_vlan = vlan;
}

/* uint8 data;
 * uint16 vlan; (some end before it)
 * and of queries more */
static void
set_voice_vlan(struct cdp *out, bool asked, struct slice value)
{
	uint16_t vlan;

	if (out->voice_vlan >= 0 && (asked || !out->voice_vlan_asked))
		return;
	if (!slice_skip(&value, 1) || !slice_u16(&value, &vlan))
		return;
	out->voice_vlan = vlan;
	out->voice_vlan_asked = asked;
}

static void
set_field(struct cdp *out, uint16_t type, struct slice value)
{
	switch (type) {
	case FIELD_DEVICE_ID:
		set_text(&out->device_id, value);
		break;
	case FIELD_ADDRESSES:
		set_ip(out, value);
		break;
	case FIELD_PORT_ID:
		set_text(&out->port_id, value);
		break;
	case FIELD_CAPABILITIES:
		set_capabilities(out, value);
		break;
	case FIELD_SOFTWARE:
		set_text(&out->software, value);
		break;
	case FIELD_PLATFORM:
		set_text(&out->platform, value);
		break;
	case FIELD_NATIVE_VLAN:
		set_native_vlan(out, value);
		break;
	case FIELD_VOICE_VLAN_REPLY:
	case FIELD_VOICE_VLAN_QUERY:
		set_voice_vlan(out, type == FIELD_VOICE_VLAN_QUERY, value);
		break;
	default:
		break;
	}
}

/* uint8 version; (1 or 2)
 * uint8 ttl;
 * uint16 checksum; (Cisco's own way of counting an odd last byte makes it no reason to refuse anything)
 * then up to the end
 *   uint16 type;
 *   uint16 length;
 *   opaque value[length - 4]; */
enum dis
cdp_dissect(struct slice body, struct cdp *out, struct dis_at *at)
{
	struct slice s = body, value;
	uint16_t type, length;

	*out = (struct cdp){.native_vlan = -1, .voice_vlan = -1};
	NEED(slice_u8(&s, &out->version), out->version == 1 || out->version == 2, "cdp.version");
	NEED(slice_u8(&s, &out->ttl), true, "cdp.ttl");
	NEED(slice_skip(&s, 2), true, "cdp.checksum");
	while (s.n > 0) {
		NEED(slice_u16(&s, &type), true, "cdp.type");
		NEED(slice_u16(&s, &length), length >= FIELD_HEADER, "cdp.length");
		NEED(slice_take(&s, (size_t)length - FIELD_HEADER, &value), true, "cdp.value");
		set_field(out, type, value);
	}
	return DIS_OK;
}
