/* Rules about what the network gave the phone: its TFTP server, its gateway's address, and an answer to its ping. */
#include <strings.h>

#include "gateway.h"
#include "judge.h"

/* What a silence must last to be proven, and to be called one at all. */
#define PROVEN_US (INT64_C(1000000) * LIMIT_LOOKUP_SECONDS)
#define LIKELY_US INT64_C(2000000)

static const struct lease *
lease_of(const struct event *event)
{
	return event->kind == EVENT_LEASE ? &event->lease : NULL;
}

/* Whether an ACK answers a phone that was looking for its address; a phone that prolongs a lease knows its server. */
static bool
is_first_lease(const struct phone *phone, const struct event *ack)
{
	bool asked = false;

	for (size_t e = 0; e < phone->n_events && phone->events[e]->at.frame < ack->at.frame; e++) {
		const struct lease *lease = lease_of(phone->events[e]);
		if (lease == NULL || lease->xid != ack->lease.xid)
			continue;
		if (lease->type == DHCP_REQUEST && !ip_is_set(&lease->client))
			asked = true;
		if (lease->type == DHCP_INFORM || (lease->type == DHCP_REQUEST && ip_is_set(&lease->client)))
			return false;
	}
	return asked;
}

/* Another way to a server: BOOTP's, unless it is just the DHCP server itself. */
static bool
has_next_server(const struct lease *lease)
{
	return lease->boot_server != NULL ||
	       (ip_is_set(&lease->next_server) &&
		memcmp(&lease->next_server, &lease->server, sizeof(lease->server)) != 0);
}

static bool
asked_for_files(const struct phone *phone, uint64_t frame)
{
	for (size_t e = 0; e < phone->n_events; e++)
		if (phone->events[e]->kind == EVENT_TRANSFER && phone->events[e]->last.frame > frame)
			return true;
	return false;
}

void
judge_no_tftp_server(const struct rule *rule, const struct report *report, const struct phone *phone,
		     struct findings *out)
{
	const struct event *last = NULL;
	struct finding *finding;
	int64_t after;

	for (size_t e = 0; phone->is_phone && e < phone->n_events; e++) {
		const struct lease *lease = lease_of(phone->events[e]);
		if (lease != NULL && lease->reply && lease->type == DHCP_ACK && is_first_lease(phone, phone->events[e]))
			last = phone->events[e];
	}
	if (last == NULL || last->lease.option_66 || last->lease.option_150 || has_next_server(&last->lease) ||
	    asked_for_files(phone, last->at.frame))
		return;
	after = report->tally->last_us - last->at.us;
	finding = finding_raise(out, rule,
				judge_arrived(phone, last->at.frame) ? SEVERITY_INFO : SEVERITY_WARNING,
				after >= PROVEN_US ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, NULL);
	finding_frame(out, finding, last->at);
	finding_expected(out, finding, "DHCP option 150 or 66");
	finding_detail(out, finding,
		       "The DHCP server's ACK in frame %llu names no TFTP server, and the phone asked for no file after it.",
		       (unsigned long long)last->at.frame);
}

/* What the phone's look-ups of one host came to. */
struct resolution {
	const struct event *failed; /* the first that failed since one was answered well; NULL: none */
	size_t n;                   /* that failed since */
};

static bool
is_silence(const struct report *report, const struct event *event)
{
	return event->lookup.asked.n > 0 || event->lookup.unreachable.frame != 0 ||
	       report->tally->last_us - event->at.us >= LIKELY_US;
}

static struct resolution
resolve(const struct report *report, const struct phone *phone, const char *host)
{
	struct resolution resolution = {.failed = NULL};

	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		if (event->kind != EVENT_LOOKUP || !lookup_is_for(&event->lookup, host))
			continue;
		if (event->lookup.n_ips > 0) {
			resolution = (struct resolution){.failed = NULL};
		} else if (event->lookup.answered.frame != 0 || is_silence(report, event)) {
			resolution.failed = resolution.failed != NULL ? resolution.failed : event;
			resolution.n++;
		}
	}
	return resolution;
}

static const char *
rcode_text(uint8_t rcode)
{
	static const char *const names[] = {"that it has no address", "FORMERR",    "SERVFAIL", "NXDOMAIN (there is no such name)",
					    "NOTIMP",                 "REFUSED"};

	return rcode < sizeof(names) / sizeof(names[0]) ? names[rcode] : "an error";
}

static void
add_lookup(struct findings *out, struct finding *finding, const struct event *event, const char *host)
{
	const struct lookup *lookup = &event->lookup;

	finding_frame(out, finding, event->at);
	finding_frame(out, finding, lookup->asked.last);
	finding_frame(out, finding, lookup->answered);
	finding_frame(out, finding, lookup->unreachable);
	finding_expected(out, finding, host);
	if (lookup->answered.frame != 0)
		finding_detail(out, finding, "The phone asked for the address of %s in frame %llu; the DNS server answered %s.",
			       host, (unsigned long long)event->at.frame, rcode_text(lookup->rcode));
	else
		finding_detail(out, finding, "The phone asked for the address of %s in frame %llu%s, and nothing came back%s.",
			       host, (unsigned long long)event->at.frame, lookup->asked.n > 0 ? " and again" : "",
			       lookup->unreachable.frame != 0 ? " but ICMP: nobody takes the query" : "");
}

/* Whether the phone came to this host all the same, behind this frame. */
static bool
reached(const struct phone *phone, const char *host, uint64_t frame)
{
	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *visit = &phone->visits[v];
		if (visit->host != NULL && strcasecmp(visit->host, host) == 0 && !visit->assumed &&
		    visit->handshakes[visit->n - 1]->first.frame > frame)
			return true;
	}
	return false;
}

/* The frames of all that failed, not only of the first. */
static void
add_failures(struct findings *out, struct finding *finding, const struct phone *phone, const struct event *first,
	     const char *host)
{
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		if (event->kind != EVENT_LOOKUP || event->at.frame < first->at.frame ||
		    !lookup_is_for(&event->lookup, host))
			continue;
		finding_frame(out, finding, event->at);
		finding_frame(out, finding, event->lookup.asked.last);
		finding_frame(out, finding, event->lookup.answered);
	}
}

static void
judge_host(const struct rule *rule, const struct report *report, const struct phone *phone, const char *host,
	   struct findings *out)
{
	struct resolution resolution = resolve(report, phone, host);
	const struct event *failed = resolution.failed;
	struct finding *finding;
	bool proven;

	if (failed == NULL || reached(phone, host, failed->at.frame))
		return;
	proven = failed->lookup.answered.frame != 0 || resolution.n > 1 ||
		 report->tally->last_us - failed->at.us >= PROVEN_US;
	finding = finding_raise(out, rule, judge_attempted(phone, failed->at.frame) ? SEVERITY_WARNING : SEVERITY_ERROR,
				proven ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, NULL);
	add_lookup(out, finding, failed, host);
	add_failures(out, finding, phone, failed, host);
}

static void
judge_urls(const struct rule *rule, const struct report *report, const struct phone *phone,
	   const struct phone_config *config, struct findings *out)
{
	for (size_t u = 0; config != NULL && u < config->n_urls; u++)
		judge_host(rule, report, phone, config->urls[u].host, out);
}

static bool
names_a_host(const struct phone_config *config)
{
	for (size_t u = 0; config != NULL && u < config->n_urls; u++)
		if (gateway_is_a_name(config->urls[u].host))
			return true;
	return false;
}

/* Nothing tells which name is the gateway's, but all that is seen of this client are queries that nobody answers. */
static void
judge_dead_dns(const struct rule *rule, const struct report *report, const struct phone *phone, struct findings *out)
{
	const struct event *first = NULL;

	if (phone->n_visits > 0 || names_a_host(phone_told(phone).config))
		return;
	for (size_t c = 0; c < report->trust->n_configs; c++)
		if (names_a_host(report->trust->configs[c]))
			return;
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		if (event->kind != EVENT_LOOKUP)
			continue;
		if (event->lookup.answered.frame != 0 || !is_silence(report, event))
			return;
		first = first == NULL ? event : first;
	}
	if (first != NULL)
		add_lookup(out, finding_raise(out, rule, SEVERITY_ERROR, CERTAINTY_LIKELY, NULL), first,
			   first->lookup.name);
}

void
judge_dns_failure(const struct rule *rule, const struct report *report, const struct phone *phone, struct findings *out)
{
	const struct trust *trust = report->trust;
	const struct phone_config *config = phone_told(phone).config;

	judge_urls(rule, report, phone, config, out);
	for (size_t c = 0; config == NULL && c < trust->n_configs; c++)
		judge_urls(rule, report, phone, trust->configs[c], out);
	for (size_t i = 0; i < trust->n_gateways; i++)
		judge_host(rule, report, phone, trust->gateways[i].host, out);
	if (trust->n_gateways == 0)
		judge_dead_dns(rule, report, phone, out);
}

/* Whether a later connection to this server came to a handshake. */
static bool
came_in_later(const struct phone *phone, const struct event *knock)
{
	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *visit = &phone->visits[v];
		if (memcmp(&visit->server, &knock->server.ip, sizeof(visit->server)) == 0 &&
		    visit->handshakes[visit->n - 1]->first.frame > knock->at.frame)
			return true;
	}
	return false;
}

static void
detail_knock(struct findings *out, struct finding *finding, const struct event *event, const char *host)
{
	const struct knock_fact *knock = &event->knock;
	unsigned long long frame = event->at.frame;

	if (knock->unreachable.frame != 0)
		finding_detail(out, finding, "The phone asked for a connection to %s in frame %llu; ICMP says in frame %llu: %s.",
			       host, frame, (unsigned long long)knock->unreachable.frame,
			       judge_unreachable(knock->unreachable_type, knock->unreachable_code));
	else if (knock->refused.frame != 0)
		finding_detail(out, finding, "The phone asked for a connection to %s in frame %llu and was refused (RST) in frame "
			       "%llu: nothing listens on port %u there, or a firewall says so.",
			       host, frame, (unsigned long long)knock->refused.frame, event->server.port);
	else
		finding_detail(out, finding, "The phone asked for a connection to %s %zu times from frame %llu on, and nothing "
			       "came back.",
			       host, knock->asked.n + 1, frame);
}

void
judge_gateway_unreachable(const struct rule *rule, const struct report *report, const struct phone *phone,
			  struct findings *out)
{
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		struct finding *finding;
		const char *host;
		bool proven;

		if (event->kind != EVENT_KNOCK || !gateway_is_at(report, phone, &event->server, &host) ||
		    came_in_later(phone, event))
			continue;
		proven = event->knock.refused.frame != 0 || event->knock.unreachable.frame != 0 || event->knock.asked.n > 1;
		finding = finding_raise(out, rule,
					judge_attempted(phone, event->at.frame) ? SEVERITY_WARNING : SEVERITY_ERROR,
					proven ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, NULL);
		finding_frame(out, finding, event->at);
		finding_frame(out, finding, event->last);
		finding_frame(out, finding, event->knock.refused);
		finding_frame(out, finding, event->knock.unreachable);
		finding_expected(out, finding, host);
		detail_knock(out, finding, event, host);
	}
}

/* The phone pings its TFTP server; who that is, DHCP or its transfers tell. */
static bool
is_tftp_server(const struct phone *phone, const struct ip_addr *ip, bool *known)
{
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		const struct lease *lease = lease_of(event);
		if (event->kind == EVENT_TRANSFER) {
			*known = true;
			if (memcmp(&event->server.ip, ip, sizeof(*ip)) == 0)
				return true;
		}
		for (size_t i = 0; lease != NULL && i < lease->n_tftp; i++) {
			*known = true;
			if (memcmp(&lease->tftp[i], ip, sizeof(*ip)) == 0)
				return true;
		}
	}
	return false;
}

void
judge_auto_network_detect(const struct rule *rule, const struct report *report, const struct phone *phone,
			  struct findings *out)
{
	struct received told = phone_told(phone);

	(void)report;
	if (told.config == NULL || told.config->auto_net_detect != 1)
		return;
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		struct finding *finding;
		bool known = false;

		if (event->kind != EVENT_PING || event->ping.answered.frame == 0)
			continue;
		if ((!is_tftp_server(phone, &event->server.ip, &known) && known) ||
		    judge_attempted(phone, event->ping.answered.frame))
			continue;
		finding = finding_raise(out, rule, SEVERITY_INFO, known ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, NULL);
		finding_frame(out, finding, event->at);
		finding_frame(out, finding, event->ping.answered);
		finding_detail(out, finding,
			       "autoNetDetect is 1, the phone's ping in frame %llu was answered in frame %llu, and no "
			       "handshake with a gateway follows.",
			       (unsigned long long)event->at.frame, (unsigned long long)event->ping.answered.frame);
	}
}
