/* Rules about DTLS: AnyConnect's resumes a session that was agreed inside TLS and never had a handshake. */
#include <stdio.h>

#include "tls/conclude.h"
#include "dissectors/alert.h"
#include "dissectors/hello.h"
#include "dissectors/names.h"
#include "judge.h"

/* The one suite that an AnyConnect ClientHello offers: the gateway's X-DTLS-CipherSuite. False: not one, or a PSK
 * suite, which inherits no session. */
static bool
offered_suite(const struct handshake *dtls, uint32_t *suite)
{
	const struct cipher_name *name = NULL;
	size_t suites = 0;

	*suite = 0;
	for (size_t i = 0; i < dtls->client_hello.n_ciphers; i++) {
		uint32_t value = dtls->client_hello.ciphers[i];
		if (cipher_is_signal((uint16_t)value) || cipher_is_grease((uint16_t)value))
			continue;
		name = cipher_lookup((uint16_t)value);
		*suite = value;
		suites++;
	}
	return suites == 1 && (name == NULL || name->auth != AUTH_PSK);
}

static bool
session_echoed(const struct handshake *dtls)
{
	const struct client_hello_fact *asked = &dtls->client_hello;
	const struct server_hello_fact *answer = &dtls->server_hello;

	return asked->session_id_len > 0 && asked->session_id_len == answer->session_id_len &&
	       memcmp(asked->session_id, answer->session_id, asked->session_id_len) == 0;
}

/* The client finds that its session and the gateway's answer do not fit (facts sheet section 5). */
static bool
session_refused(const struct handshake *dtls, uint32_t suite)
{
	const struct alert_fact *fatal = judge_fatal(dtls);

	return fatal != NULL && fatal->from == SIDE_CLIENT && fatal->code == ALERT_ILLEGAL_PARAMETER &&
	       dtls->server_hello.cipher == suite && session_echoed(dtls);
}

/* What a divergence did: the client refused its own session, nothing came back, or it works all the same. */
static enum severity
divergence_severity(const struct handshake *dtls, uint32_t suite, enum certainty *certainty)
{
	*certainty = CERTAINTY_PROVEN;
	if (session_refused(dtls, suite))
		return SEVERITY_ERROR;
	if (dtls->outcome == OUTCOME_ESTABLISHED)
		return SEVERITY_WARNING;
	*certainty = CERTAINTY_LIKELY;
	return dtls->outcome == OUTCOME_UNANSWERED && dtls->unreachable.frame == 0 ? SEVERITY_ERROR
										   : SEVERITY_WARNING;
}

static void
detail_divergence(struct findings *out, struct finding *finding, const struct handshake *dtls, bool refused,
		  const char *tls_suite, const char *dtls_suite)
{
	if (dtls->outcome == OUTCOME_ESTABLISHED)
		finding_detail(out, finding,
			       "TLS chose %s, DTLS is offered %s; this client copes, an older phone does not.",
			       tls_suite, dtls_suite);
	else if (refused)
		finding_detail(out, finding,
			       "TLS chose %s, DTLS is offered and answered %s, and the client refuses with "
			       "illegal_parameter: \"old session cipher not returned\".",
			       tls_suite, dtls_suite);
	else
		finding_detail(out, finding, "TLS chose %s, DTLS is offered %s and does not come up.", tls_suite,
			       dtls_suite);
}

void
judge_dtls_cipher_divergence(const struct rule *rule, const struct report *report, const struct visit *visit,
			     struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *dtls = visit->handshakes[i];
		const struct handshake *tls = dtls->dtls ? report_tls_of(visit, dtls) : NULL;
		char tls_suite[JUDGE_SUITE], dtls_suite[JUDGE_SUITE];
		enum certainty certainty;
		enum severity severity;
		struct finding *finding;
		uint32_t suite;

		if (tls == NULL || !handshake_is_anyconnect(dtls) || !offered_suite(dtls, &suite) ||
		    tls->server_hello.cipher == suite || version_is_tls13(tls->server_hello.version))
			continue;
		severity = divergence_severity(dtls, suite, &certainty);
		finding = finding_raise(out, rule, severity, certainty, dtls);
		finding_raise(out, rule, severity, certainty, tls);
		finding_frame(out, finding, tls->server_hello.at);
		finding_frame(out, finding, dtls->client_hello.at);
		finding_frame(out, finding, dtls->server_hello.at);
		if (judge_fatal(dtls) != NULL)
			finding_frame(out, finding, judge_fatal(dtls)->at);
		judge_suite(tls->server_hello.cipher, tls_suite);
		judge_suite(suite, dtls_suite);
		finding_expected(out, finding, tls_suite);
		finding_actual(out, finding, dtls_suite);
		detail_divergence(out, finding, dtls, session_refused(dtls, suite), tls_suite, dtls_suite);
	}
}

void
judge_dtls_session_not_resumed(const struct rule *rule, const struct report *report, const struct visit *visit,
			       struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *dtls = visit->handshakes[i];
		bool repeats = dtls->client_hello.repeats.n + dtls->server_hello.repeats.n > 0;
		struct finding *finding;
		uint32_t suite;

		if (!handshake_is_anyconnect(dtls) || !offered_suite(dtls, &suite) ||
		    dtls->server_hello.at.frame == 0 || session_echoed(dtls) || !repeats ||
		    dtls->outcome == OUTCOME_ESTABLISHED || judge_fatal(dtls) != NULL)
			continue;
		finding = finding_raise(out, rule, SEVERITY_ERROR, CERTAINTY_PROVEN, dtls);
		finding_frame(out, finding, dtls->client_hello.at);
		finding_frame(out, finding, dtls->server_hello.at);
		finding_frame(out, finding, dtls->client_hello.repeats.last);
		finding_frame(out, finding, dtls->server_hello.repeats.last);
		finding_detail(out, finding,
			       "The client asks for its session, the gateway answers with another session id, and the "
			       "client repeats its hello (%zu times).",
			       dtls->client_hello.repeats.n);
	}
}

/* Whether the capture would have shown an answer: packets of this server came through it. */
static bool
server_is_seen(const struct visit *visit)
{
	for (size_t i = 0; i < visit->n; i++)
		if (visit->handshakes[i]->saw[SIDE_SERVER] || visit->handshakes[i]->unreachable.frame != 0)
			return true;
	return false;
}

static void
add_hellos(struct findings *out, struct finding *finding, const struct handshake *dtls)
{
	const struct copies *repeats = &dtls->client_hello.repeats;

	finding_frame(out, finding, dtls->client_hello.at);
	for (size_t i = 0; i < repeats->n && i < LIMIT_REPEATS; i++)
		finding_frame(out, finding, (struct when){repeats->frames[i], dtls->client_hello.at.us});
	finding_frame(out, finding, dtls->unreachable);
}

void
judge_dtls_unanswered(const struct rule *rule, const struct report *report, const struct visit *visit,
		      struct findings *out)
{
	bool seen = server_is_seen(visit);

	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *dtls = visit->handshakes[i];
		bool refused = dtls->unreachable.frame != 0 && dtls->server_hello.at.frame == 0;
		bool drops = drops_touch(&report->tally->dropped, dtls->first.us, dtls->last.us);
		struct finding *finding;

		if (!dtls->dtls || (dtls->outcome != OUTCOME_UNANSWERED && !refused) ||
		    (!seen && visit->matters == MATTERS_ALL))
			continue;
		finding = finding_raise(out, rule, seen ? SEVERITY_ERROR : SEVERITY_WARNING,
					refused || (seen && !drops) ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, dtls);
		add_hellos(out, finding, dtls);
		if (refused)
			finding_detail(out, finding,
				       "ICMP says that nothing takes the client's DTLS packets (type %u, code %u: %s).",
				       dtls->unreachable_type, dtls->unreachable_code,
				       judge_unreachable(dtls->unreachable_type, dtls->unreachable_code));
		else
			finding_detail(out, finding, "%zu DTLS ClientHellos to UDP port %u%s, and no answer.",
				       dtls->client_hello.repeats.n + 1, dtls->server.port,
				       dtls->hello_verify.at.frame != 0 ? " behind a HelloVerifyRequest" : "");
	}
}
