/* Which handshakes matter, and which configuration speaks for whom. */
#include "matter.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <strings.h>

#include "dissectors/hello.h"
#include "dissectors/names.h"
#include "judge.h"

enum voice_port { PORT_SIP_TLS = 5061, PORT_SCCP_TLS = 2443 };

static bool
real_suite(uint32_t value)
{
	return !cipher_is_grease((uint16_t)value) && !cipher_is_signal((uint16_t)value);
}

bool
handshake_is_anyconnect(const struct handshake *handshake)
{
	const struct client_hello_fact *hello = &handshake->client_hello;
	size_t suites = 0, psk = 0;

	if (!handshake->dtls || hello->at.frame == 0 || hello->session_id_len == 0)
		return false;
	for (size_t i = 0; i < hello->n_ciphers; i++) {
		const struct cipher_name *name = cipher_lookup((uint16_t)hello->ciphers[i]);
		suites += real_suite(hello->ciphers[i]);
		psk += name != NULL && name->auth == AUTH_PSK;
	}
	return suites == 1 || (suites > 0 && suites == psk);
}

bool
handshake_same_offer(const struct handshake *a, const struct handshake *b)
{
	const struct client_hello_fact *left = &a->client_hello, *right = &b->client_hello;

	return left->n_ciphers > 0 && left->n_ciphers == right->n_ciphers &&
	       memcmp(left->ciphers, right->ciphers, left->n_ciphers * sizeof(left->ciphers[0])) == 0;
}

const struct handshake *
report_tls_of(const struct visit *visit, const struct handshake *dtls)
{
	const struct handshake *last = NULL;

	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *tls = visit->handshakes[i];
		uint64_t frame = tls->server_hello.at.frame;
		if (!tls->dtls && frame != 0 && frame < dtls->first.frame &&
		    (last == NULL || frame > last->server_hello.at.frame))
			last = tls;
	}
	return last;
}

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
		if (event->kind != EVENT_LOOKUP || strcasecmp(event->lookup.name, host) != 0)
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
match_gateways(const struct trust *trust, struct visit *visit)
{
	for (size_t i = 0; i < trust->n_gateways; i++)
		if (host_names_visit(trust->gateways[i].host, trust->gateways[i].port, visit))
			visit->matters |= MATTERS_GATEWAY;
	for (size_t c = 0; c < trust->n_configs; c++)
		for (size_t u = 0; u < trust->configs[c]->n_urls; u++) {
			const struct config_url *url = &trust->configs[c]->urls[u];
			if (!host_names_visit(url->host, url->port, visit))
				continue;
			visit->matters |= MATTERS_GATEWAY;
			if (!may_speak_for(trust->configs[c], visit))
				continue;
			visit->config = trust->configs[c];
			visit->host = url->host;
		}
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

static void
look_at_visit(const struct report *report, struct visit *visit)
{
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		if (handshake_is_anyconnect(handshake))
			visit->matters |= MATTERS_ANYCONNECT;
		if (!handshake->dtls &&
		    (handshake->server.port == PORT_SIP_TLS || handshake->server.port == PORT_SCCP_TLS))
			visit->matters |= MATTERS_VOICE;
	}
	match_gateways(report->trust, visit);
	match_received(visit);
	match_hashes(report->trust, visit);
}

/* Whether the phone's configuration leaves open where its gateway is: its urls have names alone, and nothing on the wire
 * resolves them. */
static bool
gateway_is_open(const struct phone *phone, const struct phone_config *config, uint16_t port)
{
	bool on_port = false;

	for (size_t u = 0; u < config->n_urls; u++) {
		const char *host = config->urls[u].host;
		if (strspn(host, "0123456789.") == strlen(host) || strchr(host, ':') != NULL ||
		    was_resolved(phone, host, NULL))
			return false;
		on_port = on_port || config->urls[u].port == port;
	}
	return on_port;
}

/* A phone goes where its configuration sends it: where no other visit is at the gateway, one on its port that
 * it broke off is taken for it. */
static void
assume(const struct phone *phone, struct visit *visit)
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

/* Who the phone is tells which configuration is its own. */
static void
look_at_phone(const struct report *report, struct phone *phone)
{
	const struct trust *trust = report->trust;

	for (size_t c = 0; phone->name_from != NULL && c < trust->n_configs; c++)
		if (strcmp(trust->configs[c]->name, phone->name) == 0)
			phone->config = trust->configs[c];
	for (size_t v = 0; v < phone->n_visits; v++) {
		phone->visits[v].phone = phone;
		look_at_visit(report, &phone->visits[v]);
	}
	for (size_t v = 0; v < phone->n_visits; v++)
		assume(phone, &phone->visits[v]);
}

/* A phone that nothing names has the configuration that names a gateway of it. */
static void
find_config(struct phone *phone)
{
	for (size_t v = 0; phone->config == NULL && v < phone->n_visits; v++)
		phone->config = phone->visits[v].config;
	if (phone->config != NULL && phone->name_from == NULL && phone->config->name[0] != '\0') {
		memcpy(phone->name, phone->config->name, sizeof(phone->name));
		phone->name_from = "configuration";
	}
	if (phone->config != NULL && phone->software == NULL && phone->config->load != NULL) {
		phone->software = phone->config->load;
		phone->software_known = (struct known){"configuration", {0, 0}};
	}
}

/* Whether a TLS handshake at this gateway was established, by the same software, before the visit began. */
static bool
sent_on_from(const struct visit *gateway, const struct visit *visit)
{
	for (size_t i = 0; i < gateway->n; i++) {
		const struct handshake *there = gateway->handshakes[i];
		if (!there->dtls && there->outcome == OUTCOME_ESTABLISHED && there->id < visit->handshakes[0]->id &&
		    handshake_same_offer(there, visit->handshakes[0]))
			return true;
	}
	return false;
}

/* Where a gateway sent the phone on to. */
static bool
is_sent_on(const struct phone *phone, const struct visit *visit)
{
	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *gateway = &phone->visits[v];
		if (gateway != visit && (gateway->matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT)) != 0 &&
		    gateway->port == visit->port && sent_on_from(gateway, visit))
			return true;
	}
	return false;
}

/* What is known of one visit spreads to the others of the same phone. */
static void
spread(struct phone *phone)
{
	const unsigned gateway = MATTERS_GATEWAY | MATTERS_ANYCONNECT;
	unsigned own = phone->config != NULL || phone->n_received > 0 ? gateway : MATTERS_ANYCONNECT;
	bool known = phone->is_phone;

	find_config(phone);
	for (size_t v = 0; v < phone->n_visits; v++)
		known = known || (phone->visits[v].matters & gateway) != 0;
	for (size_t v = 0; v < phone->n_visits; v++) {
		struct visit *visit = &phone->visits[v];
		if (known)
			visit->matters |= MATTERS_PHONE;
		if ((visit->matters & own) != 0 || is_sent_on(phone, visit)) {
			visit->told = phone->n_received > 0;
			if (visit->config == NULL)
				visit->config = phone->config;
		}
		if (visit->told)
			visit->config = phone_told(phone).config;
	}
}

/* Whoever is a gateway to one client is a gateway to all. */
static bool
is_a_gateway(const struct report *report, const struct visit *at)
{
	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++) {
			const struct visit *visit = &report->phones[p].visits[v];
			if ((visit->matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT)) != 0 &&
			    visit->port == at->port && memcmp(&visit->server, &at->server, sizeof(at->server)) == 0)
				return true;
		}
	return false;
}

/* A configuration is one phone's: where it would name several clients, it names none. */
static void
unname_doubles(struct report *report)
{
	for (size_t p = 0; p < report->n_phones; p++) {
		struct phone *phone = &report->phones[p];
		bool doubled = false;

		for (size_t o = 0; o < report->n_phones && phone->name_from != NULL; o++) {
			struct phone *other = &report->phones[o];
			if (o == p || strcmp(phone->name, other->name) != 0 ||
			    strcmp(phone->name_from, "configuration") != 0)
				continue;
			doubled = true;
			if (other->name_from != NULL && strcmp(other->name_from, "configuration") == 0)
				other->name_from = NULL;
		}
		if (doubled)
			phone->name_from = NULL;
	}
	for (size_t p = 0; p < report->n_phones; p++)
		if (report->phones[p].name_from == NULL)
			report->phones[p].name[0] = '\0';
}

void
matter_judge(struct report *report)
{
	bool any = false;

	for (size_t p = 0; p < report->n_phones; p++)
		look_at_phone(report, &report->phones[p]);
	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++)
			if (is_a_gateway(report, &report->phones[p].visits[v]))
				report->phones[p].visits[v].matters |= MATTERS_GATEWAY;
	for (size_t p = 0; p < report->n_phones; p++) {
		spread(&report->phones[p]);
		any = any || report->phones[p].is_phone;
		for (size_t v = 0; v < report->phones[p].n_visits; v++)
			any = any || report->phones[p].visits[v].matters != 0;
	}
	unname_doubles(report);
	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++) {
			struct visit *visit = &report->phones[p].visits[v];
			if (!any || report->trust->all)
				visit->matters |= MATTERS_ALL;
			if (visit->matters == 0)
				report->others += visit->n;
		}
}
