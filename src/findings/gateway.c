/* Which visits are at a gateway, and by which configuration. */
#include "gateway.h"

#include <arpa/inet.h>
#include <strings.h>

#include "judge.h"

static bool
host_is_address(const char *host, const struct ip_addr *ip)
{
	struct ip_addr parsed = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};

	if (inet_pton(AF_INET, host, parsed.b + 12) != 1 && inet_pton(AF_INET6, host, parsed.b) != 1)
		return false;
	return memcmp(&parsed, ip, sizeof(parsed)) == 0;
}

static bool
cert_has_name(const struct cert *cert, const char *host)
{
	if (cert == NULL)
		return false;
	for (size_t i = 0; i < cert->n_dns_names; i++)
		if (strcasecmp(cert->dns_names[i], host) == 0)
			return true;
	return cert->subject_cn != NULL && strcasecmp(cert->subject_cn, host) == 0;
}

/* What the phone's own look-ups told of a host. */
static bool
was_resolved(const struct phone *phone, const char *host, const struct ip_addr *to)
{
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		if (event->kind != EVENT_LOOKUP || !lookup_is_for(&event->lookup, host))
			continue;
		for (size_t i = 0; i < event->lookup.n_ips; i++)
			if (to == NULL || memcmp(&event->lookup.ips[i], to, sizeof(*to)) == 0)
				return true;
	}
	return false;
}

/* A host names a visit's server by its address, by DNS, by the name that the client asked for, or by the certificate's. */
static bool
host_names_visit(const char *host, uint16_t port, const struct visit *visit)
{
	bool address = host_is_address(host, &visit->server) || was_resolved(visit->phone, host, &visit->server);

	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const char *asked = handshake->client_hello.server_name;
		if (!handshake->dtls && port != 0 && handshake->server.port != port)
			continue;
		if (address || (asked != NULL && strcasecmp(asked, host) == 0) ||
		    cert_has_name(handshake_leaf(handshake, SIDE_SERVER), host))
			return true;
	}
	return false;
}

/* Who is known for the phone of one configuration is none of another's. */
static bool
may_speak_for(const struct phone_config *config, const struct visit *visit)
{
	return visit->phone->config == NULL || visit->phone->config == config;
}

static void
match_config(struct received received, struct visit *visit)
{
	for (size_t u = 0; u < received.config->n_urls; u++) {
		const struct config_url *url = &received.config->urls[u];
		if (!host_names_visit(url->host, url->port, visit))
			continue;
		visit->matters |= MATTERS_GATEWAY;
		if (!may_speak_for(received.config, visit))
			continue;
		visit->config = received.config;
		visit->config_event = received.event;
		visit->host = url->host;
	}
}

/* What phones were told on this wire speaks for clients that nothing names, too; what the user gave comes first. */
static void
match_gateways(const struct report *report, struct visit *visit)
{
	const struct trust *trust = report->trust;

	for (size_t i = 0; i < trust->n_gateways; i++)
		if (host_names_visit(trust->gateways[i].host, trust->gateways[i].port, visit))
			visit->matters |= MATTERS_GATEWAY;
	for (size_t t = 0; !visit->phone->is_phone && t < report->n_told; t++)
		match_config(report->told[t], visit);
	for (size_t c = 0; c < trust->n_configs; c++)
		match_config((struct received){NULL, trust->configs[c]}, visit);
}

/* What the phone received names its gateway: the last that does. */
static void
match_received(struct visit *visit)
{
	const struct phone *phone = visit->phone;

	for (size_t r = 0; r < phone->n_received; r++)
		for (size_t u = 0; u < phone->received[r].config->n_urls; u++) {
			const struct config_url *url = &phone->received[r].config->urls[u];
			if (!host_names_visit(url->host, url->port, visit))
				continue;
			visit->matters |= MATTERS_GATEWAY;
			visit->told = true;
			visit->host = url->host;
		}
}

static bool
fits_any(const struct config_hash *hashes, size_t n, const struct handshake *handshake)
{
	const struct cert_list_fact *certs = &handshake->certs[SIDE_SERVER];

	for (size_t h = 0; h < n; h++)
		for (size_t i = 0; hashes[h].form != HASH_BAD && i < certs->n; i++)
			if (hash_fits(&hashes[h].hash, certs->certs[i].cert))
				return true;
	return false;
}

/* A server that shows a certificate which the phone was told to trust is its gateway, whatever its address. */
static void
match_hashes(const struct trust *trust, struct visit *visit)
{
	for (size_t i = 0; i < visit->n; i++) {
		if (fits_any(trust->hashes, trust->n_hashes, visit->handshakes[i]))
			visit->matters |= MATTERS_GATEWAY;
		for (size_t c = 0; c < trust->n_configs; c++) {
			const struct phone_config *config = trust->configs[c];
			if (!fits_any(config->hashes, config->n_hashes, visit->handshakes[i]))
				continue;
			visit->matters |= MATTERS_GATEWAY;
			if (visit->config == NULL && may_speak_for(config, visit))
				visit->config = config;
		}
		for (size_t r = 0; r < visit->phone->n_received; r++) {
			const struct phone_config *config = visit->phone->received[r].config;
			if (!fits_any(config->hashes, config->n_hashes, visit->handshakes[i]))
				continue;
			visit->matters |= MATTERS_GATEWAY;
			visit->told = true;
		}
	}
}

void
gateway_match(const struct report *report, struct visit *visit)
{
	match_gateways(report, visit);
	match_received(visit);
	match_hashes(report->trust, visit);
}

bool
gateway_is_a_name(const char *host)
{
	return strspn(host, "0123456789.") != strlen(host) && strchr(host, ':') == NULL;
}

/* Whether the phone's configuration leaves open where its gateway is: its urls have names alone, and nothing on the wire
 * resolves them. */
static bool
gateway_is_open(const struct phone *phone, const struct phone_config *config, uint16_t port)
{
	bool on_port = false;

	for (size_t u = 0; u < config->n_urls; u++) {
		const char *host = config->urls[u].host;
		if (!gateway_is_a_name(host) || was_resolved(phone, host, NULL))
			return false;
		on_port = on_port || config->urls[u].port == port;
	}
	return on_port;
}

/* A phone goes where its configuration sends it: where no other visit is at the gateway, one on its port that
 * it broke off is taken for it. */
void
gateway_assume(const struct phone *phone, struct visit *visit)
{
	const struct phone_config *config = phone_told(phone).config;

	if (!phone->is_phone || config == NULL || !gateway_is_open(phone, config, visit->port) ||
	    (visit->matters & MATTERS_VOICE) != 0)
		return;
	for (size_t i = 0; i < visit->n; i++)
		if (judge_accepted(visit->handshakes[i]))
			return;
	for (size_t v = 0; v < phone->n_visits; v++)
		if ((phone->visits[v].matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT)) != 0 && !phone->visits[v].assumed)
			return;
	visit->matters |= MATTERS_GATEWAY;
	visit->assumed = true;
	visit->told = phone->n_received > 0;
	if (visit->config == NULL)
		visit->config = phone->config;
}

static bool
host_is_at(const struct phone *phone, const char *name, uint16_t port, const struct endpoint *server, const char **host)
{
	if ((port != 0 && port != server->port) ||
	    (!host_is_address(name, &server->ip) && !was_resolved(phone, name, &server->ip)))
		return false;
	if (host != NULL)
		*host = name;
	return true;
}

bool
gateway_is_at(const struct report *report, const struct phone *phone, const struct endpoint *server, const char **host)
{
	const struct trust *trust = report->trust;
	const struct phone_config *own = phone_told(phone).config;

	for (size_t u = 0; own != NULL && u < own->n_urls; u++)
		if (host_is_at(phone, own->urls[u].host, own->urls[u].port, server, host))
			return true;
	for (size_t i = 0; i < trust->n_gateways; i++)
		if (host_is_at(phone, trust->gateways[i].host, trust->gateways[i].port, server, host))
			return true;
	for (size_t c = 0; own == NULL && c < trust->n_configs; c++)
		for (size_t u = 0; u < trust->configs[c]->n_urls; u++) {
			const struct config_url *url = &trust->configs[c]->urls[u];
			if (host_is_at(phone, url->host, url->port, server, host))
				return true;
		}
	return false;
}
