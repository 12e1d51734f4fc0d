/* Which handshakes matter, and which configuration speaks for whom. */
#include "matter.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <strings.h>

#include "dissectors/hello.h"
#include "dissectors/names.h"

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

/* A host names a visit's server by its address, by the name that the client asked for, or by the certificate's. */
static bool
host_names_visit(const char *host, uint16_t port, const struct visit *visit)
{
	bool address = host_is_address(host, &visit->server);

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
	match_hashes(report->trust, visit);
}

/* The model in "CP-8861-SEP001122334455". False when out of memory; and so below. */
static bool
find_model(const struct cert *cert, char **model)
{
	const char *cn = cert->subject_cn, *sep = cn != NULL ? strstr(cn, "-SEP") : NULL;

	if (sep == NULL || strncmp(cn, "CP-", 3) != 0)
		return true;
	*model = strndup(cn, (size_t)(sep - cn));
	return *model != NULL;
}

static bool
name_by_certificate(struct phone *phone, const struct handshake *handshake)
{
	const struct cert *cert = handshake_leaf(handshake, SIDE_CLIENT);

	if (cert == NULL || phone->name_from != NULL || !cert_phone_name(cert, phone->name))
		return true;
	phone->name_from = "certificate";
	phone->name_at = handshake->certs[SIDE_CLIENT].at;
	return find_model(cert, &phone->model);
}

/* Who the phone is tells which configuration is its own. */
static bool
look_at_phone(const struct report *report, struct phone *phone)
{
	const struct trust *trust = report->trust;

	for (size_t v = 0; v < phone->n_visits; v++)
		for (size_t i = 0; i < phone->visits[v].n; i++)
			if (!name_by_certificate(phone, phone->visits[v].handshakes[i]))
				return false;
	for (size_t c = 0; phone->name_from != NULL && c < trust->n_configs; c++)
		if (strcmp(trust->configs[c]->name, phone->name) == 0)
			phone->config = trust->configs[c];
	for (size_t v = 0; v < phone->n_visits; v++) {
		phone->visits[v].phone = phone;
		look_at_visit(report, &phone->visits[v]);
	}
	return true;
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
}

/* A visit by the same software as one at a gateway: where a gateway sent the phone on. */
static bool
is_sent_on(const struct phone *phone, const struct visit *visit)
{
	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *gateway = &phone->visits[v];
		if (gateway != visit && (gateway->matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT)) != 0 &&
		    gateway->port == visit->port &&
		    handshake_same_offer(gateway->handshakes[0], visit->handshakes[0]))
			return true;
	}
	return false;
}

/* What is known of one visit spreads to the others of the same phone. */
static void
spread(struct phone *phone)
{
	const unsigned gateway = MATTERS_GATEWAY | MATTERS_ANYCONNECT;
	unsigned own = phone->config != NULL ? gateway : MATTERS_ANYCONNECT;
	bool known = phone->name_from != NULL;

	find_config(phone);
	for (size_t v = 0; v < phone->n_visits; v++)
		known = known || (phone->visits[v].matters & gateway) != 0;
	for (size_t v = 0; v < phone->n_visits; v++) {
		struct visit *visit = &phone->visits[v];
		if (known)
			visit->matters |= MATTERS_PHONE;
		if (visit->config == NULL && ((visit->matters & own) != 0 || is_sent_on(phone, visit)))
			visit->config = phone->config;
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

bool
matter_judge(struct report *report)
{
	bool any = false;

	for (size_t p = 0; p < report->n_phones; p++)
		if (!look_at_phone(report, &report->phones[p]))
			return false;
	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++)
			if (is_a_gateway(report, &report->phones[p].visits[v]))
				report->phones[p].visits[v].matters |= MATTERS_GATEWAY;
	for (size_t p = 0; p < report->n_phones; p++) {
		spread(&report->phones[p]);
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
	return true;
}

/* Whose hashes count: the configuration's that speaks for the visit; where none does but the visit is at a gateway or
 * nothing tells, all that were given. */
void
report_hashes(const struct report *report, const struct visit *visit,
	      void (*each)(void *arg, const struct config_hash *hash), void *arg)
{
	const struct trust *trust = report->trust;
	const unsigned may = MATTERS_GATEWAY | MATTERS_ANYCONNECT | MATTERS_ALL;

	if ((visit->matters & may) == 0 && visit->config == NULL)
		return;
	for (size_t i = 0; i < trust->n_hashes; i++)
		each(arg, &trust->hashes[i]);
	for (size_t c = 0; visit->config == NULL && c < trust->n_configs; c++)
		for (size_t i = 0; i < trust->configs[c]->n_hashes; i++)
			each(arg, &trust->configs[c]->hashes[i]);
	for (size_t i = 0; visit->config != NULL && i < visit->config->n_hashes; i++)
		each(arg, &visit->config->hashes[i]);
}

/* The comparison of one chain with the hashes that count. */
struct comparison {
	const struct cert_list_fact *certs;
	enum trusted trusted;
};

static void
compare(void *arg, const struct config_hash *hash)
{
	struct comparison *comparison = arg;

	if (hash->form == HASH_BAD)
		return;
	if (comparison->trusted == TRUST_UNKNOWN)
		comparison->trusted = TRUST_NONE;
	for (size_t i = 0; i < comparison->certs->n; i++) {
		if (!hash_fits(&hash->hash, comparison->certs->certs[i].cert))
			continue;
		if (i == 0)
			comparison->trusted = TRUST_LEAF;
		else if (comparison->trusted != TRUST_LEAF)
			comparison->trusted = TRUST_ISSUER;
	}
}

enum trusted
report_trusted(const struct report *report, const struct visit *visit, const struct handshake *handshake)
{
	struct comparison comparison = {.certs = &handshake->certs[SIDE_SERVER], .trusted = TRUST_UNKNOWN};

	if (comparison.certs->n > 0)
		report_hashes(report, visit, compare, &comparison);
	return comparison.trusted;
}
