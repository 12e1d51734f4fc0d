/* How a phone fares now. */
#include "fares.h"

static bool
covers(const struct finding *finding, const struct handshake *handshake)
{
	size_t low = 0, high = finding->n_covered;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (finding->handshakes[middle] < handshake->id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < finding->n_covered && finding->handshakes[low] == handshake->id;
}

/* The worst finding of at least this severity that covers a handshake; any, where that is NULL. */
static const struct finding *
worst(const struct finding *findings, size_t n, enum severity least, const struct handshake *handshake)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (findings[i].severity >= least && (found == NULL || findings[i].severity > found->severity) &&
		    (handshake == NULL || covers(&findings[i], handshake)))
			found = &findings[i];
	return found;
}

static struct fares
fares_by(const struct visit *visit, bool dtls, const struct finding *findings, size_t n)
{
	for (size_t i = visit->n; i > 0; i--) {
		const struct handshake *handshake = visit->handshakes[i - 1];
		bool ended = handshake->outcome == OUTCOME_FAILED || handshake->outcome == OUTCOME_UNANSWERED;
		const struct finding *why;

		if (handshake->dtls != dtls)
			continue;
		if (handshake->outcome == OUTCOME_ESTABLISHED)
			return (struct fares){VERDICT_OK, NULL};
		why = worst(findings, n, ended ? SEVERITY_WARNING : SEVERITY_ERROR, handshake);
		if (why != NULL)
			return (struct fares){VERDICT_FAILING, why};
	}
	return (struct fares){VERDICT_UNKNOWN, NULL};
}

struct fares
fares_at(const struct visit *visit, const struct finding *findings, size_t n)
{
	struct fares tls = fares_by(visit, false, findings, n), dtls = fares_by(visit, true, findings, n);

	if (tls.finding != NULL && (dtls.finding == NULL || dtls.finding->severity <= tls.finding->severity))
		return tls;
	return dtls.finding != NULL || tls.verdict == VERDICT_UNKNOWN ? dtls : tls;
}

static bool
came_in(const struct phone *phone, int64_t since_us)
{
	for (size_t v = 0; v < phone->n_visits; v++)
		for (size_t i = 0; i < phone->visits[v].n; i++) {
			const struct handshake *handshake = phone->visits[v].handshakes[i];
			if (handshake->outcome == OUTCOME_ESTABLISHED && handshake->last.us > since_us)
				return true;
		}
	return false;
}

static bool
got_an_address(const struct phone *phone, int64_t since_us)
{
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		if (event->kind == EVENT_LOOKUP && event->lookup.n_ips > 0 && event->last.us > since_us)
			return true;
	}
	return false;
}

struct fares
fares_alone(const struct phone *phone, const struct finding *findings, size_t n, int64_t since_us)
{
	const struct finding *why = worst(findings, n, SEVERITY_ERROR, NULL);

	if (why != NULL)
		return (struct fares){VERDICT_FAILING, why};
	if (came_in(phone, since_us) || got_an_address(phone, since_us))
		return (struct fares){VERDICT_OK, NULL};
	return (struct fares){VERDICT_UNKNOWN, NULL};
}
