/* What lines of several events have in common. A key whose value is not known is not written. */
#ifndef SRC_OUTPUT_JSON_PARTS_H
#define SRC_OUTPUT_JSON_PARTS_H

#include "json_writer.h"
#include "story/event.h"
#include "tls/fact.h"

void json_base64(struct json *json, const char *key, const uint8_t *bytes, size_t n);

/* json_ip writes an address, and nothing where it is all zero. */
void json_ip_value(struct json *json, const struct ip_addr *ip);
static inline void
json_ip(struct json *json, const char *key, const struct ip_addr *ip)
{
	if (!ip_is_set(ip))
		return;
	json_key(json, key);
	json_ip_value(json, ip);
}

void json_mac_value(struct json *json, const uint8_t mac[6]);
static inline void
json_mac(struct json *json, const char *key, const uint8_t mac[6])
{
	json_key(json, key);
	json_mac_value(json, mac);
}

/* json_endpoint writes ip, port and mac. */
void json_endpoint_value(struct json *json, const struct endpoint *endpoint);
static inline void
json_endpoint(struct json *json, const char *key, const struct endpoint *endpoint)
{
	json_key(json, key);
	json_endpoint_value(json, endpoint);
}

/* json_vlans writes VLAN ids as "vlan". */
void json_vlans(struct json *json, const uint16_t *vlan, size_t n);

/* json_repeats writes "repeated", the frames of n copies, and "repeated_total" where those are more than are kept. */
void json_repeats(struct json *json, const uint64_t *frames, size_t n);

/* json_unreachable writes the ICMP error that refused a packet as "unreachable". */
void json_unreachable(struct json *json, struct when at, uint8_t type, uint8_t code);

#endif
