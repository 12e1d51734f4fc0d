/* Rules about CUCM and Unity Connection, on 5061 and 2443. Unity Connection is known by the trust list that it fetches, else
 * it is the server (facts sheet cisco-phones, section 9). */
#include "dissectors/alert.h"
#include "judge.h"

#define SCCP_TLS_PORT 2443

/* The trust lists that a host fetched on this wire, or asked for. */
static bool
asked_for_ctl(const struct report *report, const struct ip_addr *ip)
{
	char name[PHONE_NAME_SIZE];

	for (size_t e = 0; e < report->n_events; e++) {
		const struct event *event = report->events[e];
		if (event->kind == EVENT_TRANSFER && !event->transfer.write &&
		    phone_file_kind_of_name(event->transfer.file, name) == PHONE_FILE_CTL &&
		    memcmp(&event->client.ip, ip, sizeof(*ip)) == 0)
			return true;
	}
	return false;
}

static enum side
unity_connection(const struct report *report, const struct handshake *handshake)
{
	return asked_for_ctl(report, &handshake->client.ip) && !asked_for_ctl(report, &handshake->server.ip) ? SIDE_CLIENT
													      : SIDE_SERVER;
}

/* Port 2443 is Unity Connection's own; on 5061 anybody may call anybody. */
static bool
roles_are_known(const struct report *report, const struct handshake *handshake)
{
	return handshake->server.port == SCCP_TLS_PORT || asked_for_ctl(report, &handshake->client.ip) ||
	       asked_for_ctl(report, &handshake->server.ip);
}

/* A phone on 5061 registers with CUCM: nothing of this is about it. */
static bool
is_between_servers(const struct visit *visit)
{
	return (visit->matters & MATTERS_VOICE) != 0 && !visit->phone->is_phone;
}

static void
judge_refusal(const struct rule *rule, const struct report *report, const struct visit *visit, bool by_unity,
	      struct findings *out)
{
	for (size_t i = 0; is_between_servers(visit) && i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct alert_fact *fatal = judge_fatal(handshake);
		const struct cert *refused;
		struct finding *finding;

		if (fatal == NULL || fatal->code != ALERT_UNKNOWN_CA ||
		    (fatal->from == unity_connection(report, handshake)) != by_unity)
			continue;
		refused = handshake_leaf(handshake, !fatal->from);
		finding = finding_raise(out, rule, SEVERITY_ERROR,
					roles_are_known(report, handshake) ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, handshake);
		finding_frame(out, finding, handshake->certs[!fatal->from].at);
		finding_frame(out, finding, fatal->at);
		finding_actual(out, finding, refused != NULL && refused->issuer != NULL ? refused->issuer : "unknown_ca");
		finding_detail(out, finding, "The %s sent unknown_ca in frame %llu: it does not trust %s.",
			       by_unity ? (fatal->from == SIDE_SERVER ? "server, Unity Connection," :
									"client, Unity Connection,")
					: (fatal->from == SIDE_SERVER ? "server, CUCM," : "client, CUCM,"),
			       (unsigned long long)fatal->at.frame,
			       refused != NULL && refused->subject != NULL ? refused->subject :
									     "the other side's certificate");
	}
}

void
judge_cuc_trust(const struct rule *rule, const struct report *report, const struct visit *visit, struct findings *out)
{
	judge_refusal(rule, report, visit, true, out);
}

void
judge_cucm_trust(const struct rule *rule, const struct report *report, const struct visit *visit, struct findings *out)
{
	judge_refusal(rule, report, visit, false, out);
}

/* What the trust lists that a host fetched before a frame say of a certificate. */
struct listing {
	const struct event *ctl; /* the last CTL that can be held against a certificate; NULL: none */
	bool listed;
};

static bool
has_certificates(const struct phone_file *list)
{
	for (size_t i = 0; i < list->n_records; i++)
		if (list->records[i].cert != NULL || list->records[i].hash_len > 0)
			return true;
	return false;
}

static struct listing
look_up(const struct report *report, const struct ip_addr *ip, uint64_t frame, const struct cert *cert)
{
	struct listing listing = {NULL, false};

	for (size_t e = 0; e < report->n_events; e++) {
		const struct event *event = report->events[e];
		const struct phone_file *list = event->kind == EVENT_TRANSFER ? event->transfer.content : NULL;

		if (list == NULL || list->cut || !phone_file_is_list(list) || event->last.frame > frame ||
		    memcmp(&event->client.ip, ip, sizeof(*ip)) != 0)
			continue;
		listing.listed = listing.listed || phone_file_lists(list, cert);
		if (list->kind == PHONE_FILE_CTL && has_certificates(list))
			listing.ctl = event;
	}
	return listing;
}

static void
judge_side(const struct rule *rule, const struct report *report, const struct handshake *handshake, enum side shown,
	   struct findings *out)
{
	const struct cert *leaf = handshake_leaf(handshake, shown);
	const struct ip_addr *reader = shown == SIDE_CLIENT ? &handshake->server.ip : &handshake->client.ip;
	struct listing listing;
	struct finding *finding;
	char base64[HASH_BASE64_SIZE];

	if (leaf == NULL)
		return;
	listing = look_up(report, reader, handshake->certs[shown].at.frame, leaf);
	if (listing.ctl == NULL || listing.listed)
		return;
	finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, handshake);
	finding_frame(out, finding, listing.ctl->last);
	finding_frame(out, finding, handshake->certs[shown].at);
	finding_source(out, finding, listing.ctl->transfer.file, listing.ctl->last);
	hash_base64(leaf->sha1, SHA1_SIZE, base64);
	finding_actual(out, finding, base64);
	finding_detail(out, finding, "%s, shown in frame %llu, is not in %s, which was fetched in frame %llu.",
		       leaf->subject != NULL ? leaf->subject : "The certificate",
		       (unsigned long long)handshake->certs[shown].at.frame, listing.ctl->transfer.file,
		       (unsigned long long)listing.ctl->last.frame);
}

void
judge_trust_list_mismatch(const struct rule *rule, const struct report *report, const struct visit *visit,
			  struct findings *out)
{
	for (size_t i = 0; (visit->matters & MATTERS_VOICE) != 0 && i < visit->n; i++) {
		judge_side(rule, report, visit->handshakes[i], SIDE_CLIENT, out);
		judge_side(rule, report, visit->handshakes[i], SIDE_SERVER, out);
	}
}
