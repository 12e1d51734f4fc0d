/* Rules about the other ends of a handshake: another gateway, an alert that nothing explains, no alert, holes. */
#include <stdio.h>

#include "tls/conclude.h"
#include "dissectors/alert.h"
#include "dissectors/handshake.h"
#include "dissectors/names.h"
#include "judge.h"

/* One login: a phone gives up after failConnectTime, 30 s by default (facts sheet cisco-phones, section 1.1). */
#define LOGIN_US 30000000

/* The established TLS handshake at another gateway that this one follows within one login; NULL: none. */
static const struct handshake *
sent_on_from(const struct visit *visit, const struct visit *before)
{
	const struct handshake *here = visit->handshakes[0];
	const struct cert *leaf = handshake_leaf(here, SIDE_SERVER);

	for (size_t i = 0; i < before->n; i++) {
		const struct handshake *there = before->handshakes[i];
		if (there->dtls || there->outcome != OUTCOME_ESTABLISHED || there->id > here->id ||
		    here->first.us - there->first.us > LOGIN_US || !handshake_same_offer(there, here) ||
		    leaf == NULL || handshake_leaf(there, SIDE_SERVER) == NULL ||
		    handshake_leaf(there, SIDE_SERVER) == leaf)
			continue;
		return there;
	}
	return NULL;
}

void
judge_gateway_changes(const struct rule *rule, const struct report *report, const struct visit *visit,
		      struct findings *out)
{
	const struct phone *phone = visit->phone;
	const unsigned gateway = MATTERS_GATEWAY | MATTERS_ANYCONNECT;

	(void)report;
	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *before = &phone->visits[v];
		const struct handshake *there;
		struct finding *finding;

		if (before == visit || before->port != visit->port ||
		    ((before->matters | visit->matters) & gateway) == 0 ||
		    (visit->host != NULL && before->host == NULL)) /* the url's own gateway: nobody sent it there */
			continue;
		there = sent_on_from(visit, before);
		if (there == NULL)
			continue;
		finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_LIKELY, visit->handshakes[0]);
		finding_frame(out, finding, there->certs[SIDE_SERVER].at);
		finding_frame(out, finding, visit->handshakes[0]->certs[SIDE_SERVER].at);
		if (handshake_leaf(there, SIDE_SERVER)->parsed)
			finding_expected(out, finding, handshake_leaf(there, SIDE_SERVER)->subject);
		if (handshake_leaf(visit->handshakes[0], SIDE_SERVER)->parsed)
			finding_actual(out, finding, handshake_leaf(visit->handshakes[0], SIDE_SERVER)->subject);
		finding_detail(out, finding, "Within one login the client went on to another gateway, which shows another "
					     "certificate.");
	}
}

void
judge_fatal_alert(const struct rule *rule, const struct report *report, const struct visit *visit,
		  struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct alert_fact *fatal = judge_fatal(handshake);
		struct finding *finding;

		if (fatal == NULL || findings_explain(out, handshake))
			continue;
		finding = finding_raise(out, rule, SEVERITY_ERROR, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, fatal->at);
		finding_actual(out, finding, alert_name(fatal->code));
		finding_detail(out, finding, "The %s ended the handshake with the alert %s (%u).",
			       side_name(fatal->from), alert_name(fatal->code), fatal->code);
	}
}

static bool
is_before(struct when at, struct when end)
{
	return at.frame != 0 && at.frame < end.frame;
}

/* What the place at which it broke off suggests: by what had been said before. */
static const char *
suggestion(const struct handshake *handshake, bool client, struct when end)
{
	if (version_is_tls13(handshake->server_hello.version) &&
	    handshake->encrypted_alert[SIDE_CLIENT].frame != 0)
		return "behind the ServerHello, with a record of an alert's length that is encrypted: a client that does "
		       "not trust the certificate does that";
	if (handshake->certs[SIDE_CLIENT].n > 0 && is_before(handshake->certs[SIDE_CLIENT].at, end))
		return client ? "behind its own certificate"
			      : "behind the client's certificate: a gateway that does not trust it may do that";
	if (is_before(handshake->client_key_exchange, end))
		return client ? "behind its key exchange: it has taken the server's certificate"
			      : "behind the client's key exchange";
	if (is_before(handshake->certs[SIDE_SERVER].at, end))
		return client ? "behind the server's certificate: a client that pins another one may do that"
			      : "behind its own certificate";
	if (is_before(handshake->server_hello.at, end))
		return "behind the ServerHello";
	return client ? "before the server had answered its ClientHello"
		      : "behind the ClientHello: a gateway that shares no cipher with it may do that";
}

void
judge_handshake_aborted(const struct rule *rule, const struct report *report, const struct visit *visit,
			struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		struct when end = judge_end_frame(handshake);
		bool reset = handshake->rst[0].frame == end.frame || handshake->rst[1].frame == end.frame;
		bool client = handshake->fin[SIDE_CLIENT].frame == end.frame ||
			      handshake->rst[SIDE_CLIENT].frame == end.frame ||
			      handshake->encrypted_alert[SIDE_CLIENT].frame == end.frame;
		struct finding *finding;

		if (handshake->outcome != OUTCOME_FAILED || judge_fatal(handshake) != NULL || end.frame == 0 ||
		    findings_explain(out, handshake))
			continue;
		finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_LIKELY, handshake);
		finding_frame(out, finding, handshake->client_hello.at);
		finding_frame(out, finding, handshake->certs[SIDE_SERVER].at);
		finding_frame(out, finding, end);
		finding_detail(out, finding, "The %s %s the connection in the middle of the handshake, %s.",
			       client ? "client" : "server", reset ? "reset" : "closed",
			       suggestion(handshake, client, end));
	}
}

/* The first hole in a direction that was captured at all: where it was not, nothing was lost. */
static const struct hole_fact *
first_hole(const struct handshake *handshake)
{
	for (size_t i = 0; i < handshake->n_holes; i++)
		if (handshake->saw[handshake->holes[i].from])
			return &handshake->holes[i];
	return NULL;
}

static const char *
message_name(uint8_t type)
{
	switch (type) {
	case HS_CLIENT_HELLO:
		return "the ClientHello";
	case HS_SERVER_HELLO:
		return "the ServerHello";
	case HS_CERTIFICATE:
		return "the Certificate";
	default:
		return "the handshake";
	}
}

void
judge_capture_loss(const struct rule *rule, const struct report *report, const struct visit *visit,
		   struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct hole_fact *hole = first_hole(handshake);
		struct finding *finding;

		if (hole == NULL)
			continue;
		finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, handshake);
		for (size_t h = 0; h < handshake->n_holes; h++)
			finding_frame(out, finding, handshake->holes[h].at);
		finding_detail(out, finding, "%llu bytes of %s, from the %s, %s.", (unsigned long long)hole->length,
			       message_name(hole->message), side_name(hole->from),
			       hole->cut ? "were cut off by the snap length" : "are not in the capture");
	}
}
