/* What lines of several events have in common. A key whose value is not known is not written. */
#ifndef SRC_OUTPUT_JSON_PARTS_H
#define SRC_OUTPUT_JSON_PARTS_H

#include "json_writer.h"
#include "tls/fact.h"

void json_base64(struct json *json, const char *key, const uint8_t *bytes, size_t n);

/* json_ip writes an address, and nothing where it is all zero. */
void json_ip(struct json *json, const char *key, const struct ip_addr *ip);

void json_mac(struct json *json, const char *key, const uint8_t mac[6]);

/* json_endpoint writes ip, port and mac. */
void json_endpoint(struct json *json, const char *key, const struct endpoint *endpoint);

/* json_vlans writes VLAN ids as "vlan". */
void json_vlans(struct json *json, const uint16_t *vlan, size_t n);

/* json_repeats writes "repeated", the frames of copies, and "repeated_total" where there are more than are kept. */
void json_repeats(struct json *json, const struct repeats *repeats);

/* json_unreachable writes the ICMP error that refused a packet as "unreachable". */
void json_unreachable(struct json *json, struct when at, uint8_t type, uint8_t code);

#endif
