/* Which handshakes matter, and which configuration speaks for whom. */
#include "matter.h"

#include <stdlib.h>
#include <strings.h>

#include "dissectors/hello.h"
#include "dissectors/names.h"
#include "gateway.h"
#include "identity.h"

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
	gateway_match(report, visit);
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
		gateway_assume(phone, &phone->visits[v]);
}

/* A phone that nothing names has the configuration that names a gateway of it. */
static void
find_config(struct phone *phone)
{
	for (size_t v = 0; phone->config == NULL && v < phone->n_visits; v++)
		if (phone->visits[v].config_event == NULL)
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

static bool
has_phones(const struct report *report)
{
	for (size_t p = 0; p < report->n_phones; p++)
		if (report->phones[p].is_phone)
			return true;
	return false;
}

/* What is known of one visit spreads to the others of the same phone. Where there are phones, a client that is none of
 * them may be a PC that comes to the gateway too: its other visits are its own. */
static void
spread(struct phone *phone, bool phones)
{
	const unsigned gateway = MATTERS_GATEWAY | MATTERS_ANYCONNECT;
	unsigned own = phone->config != NULL || phone->n_received > 0 ? gateway : MATTERS_ANYCONNECT;
	bool known = phone->is_phone;

	find_config(phone);
	for (size_t v = 0; v < phone->n_visits && !phones; v++)
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
		if (visit->told) {
			visit->config = phone_told(phone).config;
			visit->config_event = phone_told(phone).event;
		}
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct visit *left = *(struct visit *const *)a, *right = *(struct visit *const *)b;
	int order = memcmp(&left->server, &right->server, sizeof(left->server));

	return order != 0 ? order : (int)left->port - (int)right->port;
}

/* What matters of one of these visits to the same place. */
static void
match_place(struct visit *const *visits, size_t n)
{
	unsigned matters = 0;

	for (size_t i = 0; i < n; i++)
		matters |= visits[i]->matters;
	for (size_t i = 0; i < n && (matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT)) != 0; i++)
		visits[i]->matters |= MATTERS_GATEWAY;
}

/* Whoever is a gateway to one client is a gateway to all. False when out of memory. */
static bool
match_places(struct report *report)
{
	struct visit **visits;
	size_t n = 0, first = 0;

	for (size_t p = 0; p < report->n_phones; p++)
		n += report->phones[p].n_visits;
	visits = calloc(n + 1, sizeof(visits[0]));
	if (visits == NULL)
		return false;
	n = 0;
	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++)
			visits[n++] = &report->phones[p].visits[v];
	qsort(visits, n, sizeof(visits[0]), by_place);
	for (size_t i = 1; i <= n; i++)
		if (i == n || by_place(&visits[i - 1], &visits[i]) != 0) {
			match_place(visits + first, i - first);
			first = i;
		}
	free(visits);
	return true;
}

/* Whether this client asked for its address as something else than a phone. */
static bool
is_other_machine(const struct report *report, const struct phone *phone)
{
	char name[PHONE_NAME_SIZE];
	const char *from;

	for (size_t e = 0; !phone->is_phone && phone->has_mac && e < report->n_events; e++) {
		const struct event *event = report->events[e];
		if (event->kind == EVENT_LEASE && !event->lease.reply && event->lease.has_mac &&
		    memcmp(event->lease.mac, phone->mac, sizeof(phone->mac)) == 0 &&
		    (event->lease.host_name != NULL || event->lease.vendor_class != NULL) &&
		    !identity_name(event, name, &from))
			return true;
	}
	return false;
}

/* A PC beside a phone may come to the phone's gateway: that is its own affair. */
static void
leave_out_others(struct report *report)
{
	for (size_t p = 0; p < report->n_phones; p++)
		if (is_other_machine(report, &report->phones[p]))
			for (size_t v = 0; v < report->phones[p].n_visits; v++)
				report->phones[p].visits[v].matters = 0;
}

/* A configuration is one phone's: where it would name several clients, it names none. */
static void
unname_doubles(struct report *report)
{
	for (size_t p = 0; p < report->n_phones; p++) {
		struct phone *phone = &report->phones[p];
		bool doubled = false;

		if (phone->name_from == NULL || strcmp(phone->name_from, "configuration") != 0)
			continue;
		for (size_t o = 0; o < report->n_phones; o++) {
			struct phone *other = &report->phones[o];
			if (o == p || strcmp(phone->name, other->name) != 0)
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
	bool phones = has_phones(report), any = phones;

	for (size_t p = 0; p < report->n_phones; p++)
		look_at_phone(report, &report->phones[p]);
	if (!match_places(report))
		return false;
	for (size_t p = 0; p < report->n_phones; p++) {
		spread(&report->phones[p], phones);
		for (size_t v = 0; v < report->phones[p].n_visits; v++)
			any = any || report->phones[p].visits[v].matters != 0;
	}
	if (phones)
		leave_out_others(report);
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
