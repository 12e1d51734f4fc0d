/* CDP, the Cisco Discovery Protocol (facts sheet cisco-phones, section 4): who a phone or a switch says it is. */
#ifndef DISSECTORS_CDP_H
#define DISSECTORS_CDP_H

#include "dis.h"
#include "ip.h"
#include "slice.h"

enum cdp_capability { CDP_ROUTER = 0x01, CDP_SWITCH = 0x08, CDP_HOST = 0x10, CDP_PHONE = 0x80, CDP_TWO_PORT_RELAY = 0x400 };

/* What was not said is empty, or less than 0. */
struct cdp {
	uint8_t version, ttl;
	struct slice device_id, port_id, platform, software;
	uint32_t capabilities; /* enum cdp_capability, or-ed, and others */
	bool has_ip;
	struct ip_addr ip; /* the first of its addresses that is not all zero */
	int32_t native_vlan, voice_vlan; /* voice: of the reply (0x0e), else of the query (0x0f) */
	bool voice_vlan_asked; /* of the query, where phones write 512 whatever their VLAN is */
};

/* cdp_dissect reads what follows the SNAP header (or CDP's type in Cisco HDLC). Fields of unknown type, or too short
 * for what they should say, are stepped over, and of two of one type the first counts. The checksum is not looked at.
 * Where it fails, out has what came before. */
enum dis cdp_dissect(struct slice body, struct cdp *out, struct dis_at *at);

#endif
