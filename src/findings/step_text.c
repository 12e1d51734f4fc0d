/* What the steps of a phone's story say. */
#include "step_text.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "dissectors/names.h"
#include "judge.h"

/* Text that grows: what does not fit into memory is noticed once, at its end. */
struct sentence {
	FILE *to;
	char *text;
	size_t n;
};

static bool
begin(struct sentence *sentence)
{
	*sentence = (struct sentence){.text = NULL};
	sentence->to = open_memstream(&sentence->text, &sentence->n);
	return sentence->to != NULL;
}

static char *
end(struct sentence *sentence)
{
	bool failed = ferror(sentence->to) != 0;

	if (fclose(sentence->to) != 0 || failed) {
		free(sentence->text);
		return NULL;
	}
	return sentence->text;
}

static void
put_ip(FILE *to, const struct ip_addr *ip)
{
	char text[INET6_ADDRSTRLEN];

	if (ip_addr_is_v4(ip))
		inet_ntop(AF_INET, ip->b + 12, text, sizeof(text));
	else
		inet_ntop(AF_INET6, ip->b, text, sizeof(text));
	fputs(text, to);
}

static void
put_item(FILE *to, const char *before, const char *text)
{
	if (text != NULL)
		fprintf(to, "%s%s", before, text);
}

static void
put_announcement(FILE *to, const struct event *event)
{
	const struct announcement *said = &event->announcement;

	fputs(said->lldp ? "LLDP" : "CDP", to);
	put_item(to, ": ", said->name);
	put_item(to, ", ", said->model);
	put_item(to, ", ", said->software);
	put_item(to, ", ", said->port);
	if (ip_is_set(&said->ip)) {
		fputs(", ", to);
		put_ip(to, &said->ip);
	}
	if (said->voice_vlan >= 0)
		fprintf(to, ", voice VLAN %" PRId32, said->voice_vlan);
}

static void
put_tftp_servers(FILE *to, const struct lease *lease)
{
	const char *before = "; TFTP server ";

	if (!lease->option_66 && !lease->option_150)
		fputs("; no TFTP server", to);
	for (size_t i = 0; i < lease->n_tftp; i++) {
		fputs(before, to);
		put_ip(to, &lease->tftp[i]);
		before = ", ";
	}
	if (lease->n_tftp == 0)
		put_item(to, before, lease->tftp_name);
	if (lease->option_66 || lease->option_150)
		fputs(lease->option_150 ? " (option 150)" : " (option 66)", to);
}

static void
put_lease(FILE *to, const struct lease *lease)
{
	const char *type = dhcp_type_name(lease->type);

	if (lease->reply && lease->type == DHCP_ACK) {
		fputs("DHCP gives ", to);
		put_ip(to, ip_is_set(&lease->yours) ? &lease->yours : &lease->client);
		put_tftp_servers(to, lease);
	} else if (lease->reply) {
		fprintf(to, "DHCP answers %s", type != NULL ? type : "a message of unknown type");
	} else {
		fprintf(to, "DHCP %s, and no answer", type != NULL ? type : "request");
	}
	if (lease->reply && ip_is_set(&lease->server)) {
		fputs(", from ", to);
		put_ip(to, &lease->server);
	}
}

static void
put_content(FILE *to, const struct phone_file *content)
{
	if (content == NULL)
		return;
	if (content->cut)
		fputs(", cut", to);
	if (content->seal_state != SEAL_NONE && content->seal.encrypted)
		fputs(", encrypted", to);
	if (content->seal_state != SEAL_NONE)
		fprintf(to, ", signature %s", seal_state_name(content->seal_state));
	if (content->config != NULL && !content->config->has_vpn_group)
		fputs(", no vpnGroup", to);
	else if (content->config != NULL)
		fprintf(to, ", %zu url%s and %zu hash%s", content->config->n_urls, content->config->n_urls == 1 ? "" : "s",
			content->config->n_hashes, content->config->n_hashes == 1 ? "" : "es");
	if (phone_file_is_list(content))
		fprintf(to, ", %zu record%s", content->n_records, content->n_records == 1 ? "" : "s");
}

static void
put_transfer(FILE *to, const struct event *event)
{
	const struct transfer *transfer = &event->transfer;

	fprintf(to, "%s %s %s ", transfer->http ? "HTTP" : "TFTP", transfer->file, transfer->write ? "to" : "from");
	put_ip(to, &event->server.ip);
	switch (transfer->outcome) {
	case TRANSFER_DONE:
		fprintf(to, ": %" PRIu64 " bytes", transfer->size);
		break;
	case TRANSFER_REFUSED:
		fprintf(to, ": %u", transfer->code);
		put_item(to, " ", transfer->message);
		break;
	case TRANSFER_UNANSWERED:
		if (transfer->unreachable.frame != 0)
			fprintf(to, ": ICMP says that %s",
				judge_unreachable(transfer->unreachable_type, transfer->unreachable_code));
		else
			fputs(": no answer", to);
		break;
	case TRANSFER_BROKEN:
		fprintf(to, ": stopped after %" PRIu64 " bytes", transfer->size);
		put_item(to, ", ", transfer->message);
		break;
	case TRANSFER_INCOMPLETE:
		fputs(": not shown to its end", to);
		break;
	}
	put_content(to, transfer->content);
}

static void
put_lookup(FILE *to, const struct lookup *lookup)
{
	static const char *const errors[] = {"no address", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};

	fprintf(to, "DNS %s%s: ", lookup->name, lookup->type == DNS_AAAA ? " (AAAA)" : "");
	if (lookup->n_ips == 0 && lookup->answered.frame == 0)
		fputs(lookup->unreachable.frame != 0 ? "ICMP says that it cannot be reached" : "no answer", to);
	else if (lookup->n_ips == 0 && lookup->rcode < sizeof(errors) / sizeof(errors[0]))
		fputs(errors[lookup->rcode], to);
	else if (lookup->n_ips == 0)
		fprintf(to, "error %u", lookup->rcode);
	for (size_t i = 0; i < lookup->n_ips; i++) {
		fputs(i > 0 ? ", " : "", to);
		put_ip(to, &lookup->ips[i]);
	}
	if (lookup->asked.n > 0)
		fprintf(to, ", asked %zu times", lookup->asked.n + 1);
}

static void
put_knock(FILE *to, const struct event *event)
{
	const struct knock_fact *knock = &event->knock;

	fputs("TCP to ", to);
	put_ip(to, &event->server.ip);
	fprintf(to, " port %u: ", event->server.port);
	if (knock->unreachable.frame != 0)
		fprintf(to, "ICMP says that %s", judge_unreachable(knock->unreachable_type, knock->unreachable_code));
	else
		fputs(knock->refused.frame != 0 ? "refused" : "no answer", to);
	if (knock->asked.n > 0)
		fprintf(to, ", asked %zu times", knock->asked.n + 1);
}

char *
step_text_event(const struct event *event)
{
	struct sentence sentence;

	if (!begin(&sentence))
		return NULL;
	switch (event->kind) {
	case EVENT_ANNOUNCEMENT:
		put_announcement(sentence.to, event);
		break;
	case EVENT_LEASE:
		put_lease(sentence.to, &event->lease);
		break;
	case EVENT_TRANSFER:
		put_transfer(sentence.to, event);
		break;
	case EVENT_LOOKUP:
		put_lookup(sentence.to, &event->lookup);
		break;
	case EVENT_PING:
		fputs("ping to ", sentence.to);
		put_ip(sentence.to, &event->server.ip);
		fputs(event->ping.answered.frame != 0 ? ": answered" : ": no answer", sentence.to);
		break;
	case EVENT_KNOCK:
		put_knock(sentence.to, event);
		break;
	}
	return end(&sentence);
}

/* How it went, in a few words; who ended it by an alert is worth them. */
static void
put_outcome(FILE *to, const struct handshake *handshake)
{
	const struct alert_fact *fatal = judge_fatal(handshake);

	fprintf(to, ": %s", outcome_name(handshake->outcome));
	if (handshake->outcome == OUTCOME_FAILED && fatal != NULL)
		fprintf(to, ", the %s sent %s", side_name(fatal->from), alert_name(fatal->code));
	if (handshake->unreachable.frame != 0)
		fprintf(to, ", ICMP says that %s",
			judge_unreachable(handshake->unreachable_type, handshake->unreachable_code));
}

char *
step_text_handshake(const struct handshake *handshake)
{
	const char *version = version_name(handshake_version(handshake));
	struct sentence sentence;
	char suite[JUDGE_SUITE];

	if (!begin(&sentence))
		return NULL;
	fprintf(sentence.to, "%s with ", version != NULL ? version : handshake->dtls ? "DTLS" : "TLS");
	put_ip(sentence.to, &handshake->server.ip);
	fprintf(sentence.to, " port %u", handshake->server.port);
	if (handshake->server_hello.at.frame != 0)
		fprintf(sentence.to, ", %s", judge_suite(handshake->server_hello.cipher, suite));
	put_outcome(sentence.to, handshake);
	return end(&sentence);
}

/* The last TLS handshake of the visits that matter so. */
static const struct handshake *
last_of(const struct phone *phone, unsigned matters)
{
	const struct handshake *last = NULL;

	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *visit = &phone->visits[v];
		for (size_t i = 0; i < visit->n && (visit->matters & matters) != 0; i++)
			if (!visit->handshakes[i]->dtls && (last == NULL || visit->handshakes[i]->id > last->id))
				last = visit->handshakes[i];
	}
	return last;
}

/* The last handshake with a gateway tells; where there is no gateway, the last of all. */
enum step_result
step_result_end(const struct phone *phone)
{
	const struct handshake *last = last_of(phone, MATTERS_GATEWAY | MATTERS_ANYCONNECT);

	if (last == NULL)
		last = last_of(phone, MATTERS_VOICE | MATTERS_PHONE | MATTERS_ALL);
	if (last == NULL)
		return phone->n_visits == 0 && phone->verdict == VERDICT_FAILING ? STEP_FAILED : STEP_UNKNOWN;
	return last->outcome == OUTCOME_ESTABLISHED ? STEP_OK :
	       last->outcome == OUTCOME_FAILED	    ? STEP_FAILED : STEP_UNKNOWN;
}

char *
step_text_end(const struct phone *phone)
{
	switch (step_result_end(phone)) {
	case STEP_OK:
		return strdup("TLS is up");
	case STEP_FAILED:
		return strdup(phone->n_visits > 0 ? "TLS fails" : "it does not come to TLS");
	case STEP_SAID:
	case STEP_UNKNOWN:
		break;
	}
	return strdup("no more of it is in the capture");
}
