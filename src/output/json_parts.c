/* What lines of several events have in common. */
#include "json_parts.h"

#include "format.h"
#include "trust/hash.h"

void
json_base64(struct json *json, const char *key, const uint8_t *bytes, size_t n)
{
	char text[HASH_BASE64_SIZE];

	hash_base64(bytes, n, text);
	json_word(json, key, text);
}

void
json_ip_value(struct json *json, const struct ip_addr *ip)
{
	char *at = json_plain(json, NULL);

	json_plain_end(json, format_ip(ip, at));
}

void
json_mac_value(struct json *json, const uint8_t mac[6])
{
	char *at = json_plain(json, NULL);

	json_plain_end(json, format_mac(mac, at));
}

void
json_endpoint_value(struct json *json, const struct endpoint *endpoint)
{
	json_object(json, NULL);
	json_key(json, "ip");
	json_ip_value(json, &endpoint->ip);
	json_uint(json, "port", endpoint->port);
	if (endpoint->has_mac)
		json_mac(json, "mac", endpoint->mac);
	json_object_end(json);
}

void
json_vlans(struct json *json, const uint16_t *vlan, size_t n)
{
	if (n == 0)
		return;
	json_array(json, "vlan");
	for (size_t i = 0; i < n; i++)
		json_uint(json, NULL, vlan[i]);
	json_array_end(json);
}

void
json_repeats(struct json *json, const uint64_t *frames, size_t n)
{
	size_t kept = n < LIMIT_REPEATS ? n : LIMIT_REPEATS;

	if (kept == 0)
		return;
	json_array(json, "repeated");
	for (size_t i = 0; i < kept; i++)
		json_uint(json, NULL, frames[i]);
	json_array_end(json);
	if (kept < n)
		json_uint(json, "repeated_total", n);
}

void
json_unreachable(struct json *json, struct when at, uint8_t type, uint8_t code)
{
	if (at.frame == 0)
		return;
	json_object(json, "unreachable");
	json_uint(json, "frame", at.frame);
	json_uint(json, "type", type);
	json_uint(json, "code", code);
	json_object_end(json);
}
