/* LLDP and LLDP-MED: fields of a type and a length, up to one that is the end. */
#include "lldp.h"

enum lldp_type {
	TLV_END = 0,
	TLV_CHASSIS_ID = 1,
	TLV_PORT_ID = 2,
	TLV_TTL = 3,
	TLV_PORT_DESCRIPTION = 4,
	TLV_SYSTEM_NAME = 5,
	TLV_SYSTEM_DESCRIPTION = 6,
	TLV_CAPABILITIES = 7,
	TLV_MANAGEMENT_ADDRESS = 8,
	TLV_ORGANIZATION = 127,
};

#define CHASSIS_NETWORK_ADDRESS 5
#define OUI_MED 0x0012bb

enum med_type { MED_NETWORK_POLICY = 2, MED_INVENTORY = 5 }; /* the inventory is seven, one after the other */

#define POLICY_VOICE 1
#define POLICY_UNKNOWN 0x800000
#define POLICY_TAGGED 0x400000

/* https://www.iana.org/assignments/address-family-numbers */
enum address_family { FAMILY_IPV4 = 1, FAMILY_IPV6 = 2 };

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

/* IEEE 802.1AB section 8.5.2, 8.5.3
 *   uint8 subtype;
 *   opaque id[]; */
static void
set_id(uint8_t *subtype, struct slice *id, struct slice value)
{
	uint8_t first;

	if (id->n > 0 || !slice_u8(&value, &first))
		return;
	*subtype = first;
	*id = value;
}

/* uint8 family;
 * opaque address[]; */
static void
set_ip(struct lldp *out, struct slice address)
{
	uint8_t family;

	if (out->has_ip || !slice_u8(&address, &family))
		return;
	if ((family == FAMILY_IPV4 && address.n == 4) || (family == FAMILY_IPV6 && address.n == 16))
		out->has_ip = ip_addr_of(address, &out->ip);
}

/* IEEE 802.1AB section 8.5.9
 *   uint8 length; (of family and address)
 *   opaque address[length];
 *   uint8 interface_numbering;
 *   uint32 interface;
 *   opaque oid<0..128>; */
static void
set_management(struct lldp *out, struct slice value)
{
	struct slice address;

	if (slice_vec(&value, 1, &address))
		set_ip(out, address);
}

/* IEEE 802.1AB section 8.5.8
 *   uint16 capabilities;
 *   uint16 enabled; */
static void
set_capabilities(struct lldp *out, struct slice value)
{
	uint16_t capabilities;

	if (out->capabilities == 0 && slice_u16(&value, &capabilities))
		out->capabilities = capabilities;
}

/* TIA-1057 section 10.2.3
 *   uint8 application;
 *   uint1 unknown;  uint1 tagged;  uint1 reserved;  uint12 vlan;  uint3 priority;  uint6 dscp; */
static void
set_policy(struct lldp *out, struct slice value)
{
	uint8_t application;
	uint32_t policy;

	if (out->voice_vlan >= 0 || !slice_u8(&value, &application) || application != POLICY_VOICE ||
	    !slice_u24(&value, &policy))
		return;
	/* An unknown policy asks for one, and without a tag there is no VLAN. */
	if ((policy & (POLICY_UNKNOWN | POLICY_TAGGED)) == POLICY_TAGGED)
		out->voice_vlan = (int32_t)(policy >> 9 & 0x0fff);
}

/* IEEE 802.1AB section 8.6
 *   uint24 oui;
 *   uint8 subtype;
 *   opaque information[]; */
static void
set_organization(struct lldp *out, struct slice value)
{
	struct slice *const inventory[] = {&out->hardware, &out->firmware, &out->software, &out->serial,
					   &out->manufacturer, &out->model, &out->asset};
	uint32_t oui;
	uint8_t subtype;

	if (!slice_u24(&value, &oui) || oui != OUI_MED || !slice_u8(&value, &subtype))
		return;
	if (subtype == MED_NETWORK_POLICY)
		set_policy(out, value);
	else if (subtype >= MED_INVENTORY && subtype < MED_INVENTORY + sizeof(inventory) / sizeof(inventory[0]))
		set_text(inventory[subtype - MED_INVENTORY], value);
}

static void
set_ttl(struct lldp *out, struct slice value)
{
	if (out->ttl == 0)
		slice_u16(&value, &out->ttl);
}

static void
set_tlv(struct lldp *out, unsigned type, struct slice value)
{
	switch (type) {
	case TLV_CHASSIS_ID:
		set_id(&out->chassis_subtype, &out->chassis_id, value);
		break;
	case TLV_PORT_ID:
		set_id(&out->port_subtype, &out->port_id, value);
		break;
	case TLV_TTL:
		set_ttl(out, value);
		break;
	case TLV_PORT_DESCRIPTION:
		set_text(&out->port_description, value);
		break;
	case TLV_SYSTEM_NAME:
		set_text(&out->system_name, value);
		break;
	case TLV_SYSTEM_DESCRIPTION:
		set_text(&out->system_description, value);
		break;
	case TLV_CAPABILITIES:
		set_capabilities(out, value);
		break;
	case TLV_MANAGEMENT_ADDRESS:
		set_management(out, value);
		break;
	case TLV_ORGANIZATION:
		set_organization(out, value);
		break;
	default:
		break;
	}
}

/* IEEE 802.1AB section 8.4, up to the end TLV
 *   uint7 type;  uint9 length;
 *   opaque value[length]; */
static enum dis
tlvs(struct slice body, struct lldp *out, struct dis_at *at)
{
	struct slice s = body, value;
	uint16_t header;
	uint8_t first;

	NEED(slice_peek(s, 0, &first), first >> 1 == TLV_CHASSIS_ID, "lldp.chassis_id");
	do {
		NEED(slice_u16(&s, &header), true, "lldp.type");
		NEED(slice_take(&s, header & 0x01ff, &value), true, "lldp.value");
		set_tlv(out, header >> 9, value);
	} while (header >> 9 != TLV_END && s.n > 0);
	return DIS_OK;
}

enum dis
lldp_dissect(struct slice body, struct lldp *out, struct dis_at *at)
{
	enum dis got;

	*out = (struct lldp){.voice_vlan = -1};
	got = tlvs(body, out, at);
	if (out->chassis_subtype == CHASSIS_NETWORK_ADDRESS)
		set_ip(out, out->chassis_id);
	return got;
}
