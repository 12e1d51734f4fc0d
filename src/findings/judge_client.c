/* Rules about the phone's own certificate. */
#include <stdio.h>

#include "dissectors/alert.h"
#include "judge.h"
#include "trust/cert_kind.h"

static bool
asked_for(const struct cert_request_fact *request, const char *issuer)
{
	for (size_t i = 0; i < request->n_authorities; i++)
		if (strcmp(request->authorities[i], issuer) == 0)
			return true;
	return false;
}

static void
add_authorities(struct findings *out, struct finding *finding, const struct cert_request_fact *request)
{
	finding_frame(out, finding, request->at);
	for (size_t i = 0; i < request->n_authorities; i++)
		finding_expected(out, finding, request->authorities[i]);
}

void
judge_client_certificate_rejected(const struct rule *rule, const struct report *report,
				  const struct visit *visit, struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct alert_fact *fatal = judge_fatal(handshake);
		const struct cert *leaf = handshake_leaf(handshake, SIDE_CLIENT);
		const struct cert_request_fact *request = &handshake->cert_request;
		struct finding *finding;

		if (fatal == NULL || fatal->from != SIDE_SERVER || leaf == NULL ||
		    !judge_certificate_alert(fatal->code) || findings_explain(out, handshake))
			continue;
		finding = finding_raise(out, rule, SEVERITY_ERROR, CERTAINTY_PROVEN, handshake);
		add_authorities(out, finding, request);
		finding_frame(out, finding, handshake->certs[SIDE_CLIENT].at);
		finding_frame(out, finding, fatal->at);
		if (leaf->issuer == NULL) {
			finding_detail(out, finding, "The client's certificate does not parse; the server refused it.");
			continue;
		}
		finding_actual(out, finding, leaf->issuer);
		finding_detail(out, finding,
			       "The client showed %s, which is %s, issued by %s. The server %s, and refused it.",
			       leaf->subject, cert_kind_words(leaf), leaf->issuer,
			       request->n_authorities == 0               ? "named no CA that it wants"
			       : asked_for(request, leaf->issuer) ? "names this CA among those it wants"
									 : "does not name this CA among those it wants");
	}
}

void
judge_client_certificate_missing(const struct rule *rule, const struct report *report,
				 const struct visit *visit, struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct cert_list_fact *sent = &handshake->certs[SIDE_CLIENT];
		const struct alert_fact *fatal = judge_fatal(handshake);
		bool required = fatal != NULL && fatal->from == SIDE_SERVER &&
				fatal->code == ALERT_CERTIFICATE_REQUIRED;
		struct finding *finding;

		if (handshake->outcome != OUTCOME_FAILED ||
		    (fatal != NULL ? fatal->from != SIDE_SERVER : !judge_closed(handshake, SIDE_SERVER)))
			continue;
		if (!required &&
		    (handshake->cert_request.at.frame == 0 || sent->at.frame == 0 || sent->n > 0))
			continue;
		finding = finding_raise(out, rule, SEVERITY_ERROR,
					fatal != NULL ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, handshake);
		add_authorities(out, finding, &handshake->cert_request);
		finding_frame(out, finding, sent->at);
		finding_frame(out, finding, judge_end_frame(handshake));
		finding_detail(out, finding, "The gateway asked for a client certificate, the client sent none, and the "
					     "gateway ended the handshake.");
	}
}
