/* LLDP (IEEE 802.1AB) with the inventory of LLDP-MED (TIA-1057); facts sheet cisco-phones, section 4. */
#ifndef DISSECTORS_LLDP_H
#define DISSECTORS_LLDP_H

#include "dis.h"
#include "ip.h"
#include "slice.h"

enum lldp_capability { LLDP_BRIDGE = 0x04, LLDP_ROUTER = 0x10, LLDP_PHONE = 0x20 };

/* What was not said is empty, or less than 0. */
struct lldp {
	uint8_t chassis_subtype, port_subtype; /* chassis: 4 MAC, 5 network address; port: 3 MAC, 5 interface name, 7 local */
	struct slice chassis_id, port_id; /* behind the subtype */
	uint16_t ttl;
	struct slice port_description, system_name, system_description;
	uint32_t capabilities; /* enum lldp_capability, or-ed, and others; what it can do, not what is on */
	bool has_ip;
	struct ip_addr ip; /* the first management address, else the chassis' network address */
	int32_t voice_vlan; /* of the network policy for voice (application 1), where it is known and tagged */
	struct slice hardware, firmware, software, serial, manufacturer, model, asset; /* LLDP-MED inventory */
};

/* lldp_dissect reads what follows the ethertype. A chassis id comes first. TLVs of unknown type, or too short for what
 * they should say, are stepped over, of two of one type the first counts, the end TLV may be missing. Where it fails,
 * out has what came before. */
enum dis lldp_dissect(struct slice body, struct lldp *out, struct dis_at *at);

#endif
