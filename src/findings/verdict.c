/* How a phone fares: at each gateway, and at all. */
#include "verdict.h"

/* How the TLS handshakes of a visit speak for the phone: one that was established counts more than those that failed. */
static enum verdict
tls_verdict(const struct visit *visit)
{
	enum verdict verdict = VERDICT_UNKNOWN;

	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		if (!handshake->dtls && handshake->outcome == OUTCOME_ESTABLISHED)
			return VERDICT_OK;
		if (!handshake->dtls && handshake->outcome == OUTCOME_FAILED)
			verdict = VERDICT_FAILING;
	}
	return verdict;
}

/* The errors among the findings from f on that are about this visit, or about the phone where it is NULL. */
static bool
has_errors(const struct report *report, const struct phone *phone, const struct visit *visit, size_t *f)
{
	bool any = false;

	for (; *f < report->n_findings; (*f)++) {
		const struct finding *finding = &report->findings[*f];
		if (finding->phone != phone || finding->visit != visit)
			break;
		any = any || finding->severity == SEVERITY_ERROR;
	}
	return any;
}

void
verdict_give(struct report *report)
{
	size_t f = 0;

	for (size_t p = 0; p < report->n_phones; p++) {
		struct phone *phone = &report->phones[p];

		if (has_errors(report, phone, NULL, &f))
			phone->verdict = VERDICT_FAILING;
		for (size_t v = 0; v < phone->n_visits; v++) {
			struct visit *visit = &phone->visits[v];

			if (visit->matters != 0)
				visit->verdict = tls_verdict(visit);
			if (has_errors(report, phone, visit, &f))
				visit->verdict = VERDICT_FAILING;
			if (visit->verdict > phone->verdict)
				phone->verdict = visit->verdict;
		}
	}
}

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = {"unknown", "ok", "failing"};
	return names[verdict];
}
