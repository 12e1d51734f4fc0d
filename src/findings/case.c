/* Handshakes gathered by phone and gateway. */
#include "case.h"

#include <stdlib.h>

#include "matter.h"
#include "survey.h"

struct cases {
	const struct trust *trust;
	struct handshake **ring; /* LIMIT_HANDSHAKES of them, the oldest at first */
	size_t first, n;
	size_t held; /* their handshake_weight */
	struct report report;
	struct findings findings;
};

struct cases *
cases_new(const struct trust *trust)
{
	struct cases *cases = calloc(1, sizeof(*cases));

	if (cases == NULL)
		return NULL;
	cases->trust = trust;
	cases->ring = calloc(LIMIT_HANDSHAKES, sizeof(cases->ring[0]));
	if (cases->ring == NULL) {
		free(cases);
		return NULL;
	}
	return cases;
}

static void
free_report(struct cases *cases)
{
	struct report *report = &cases->report;

	for (size_t p = 0; p < report->n_phones; p++) {
		struct phone *phone = &report->phones[p];
		for (size_t v = 0; v < phone->n_visits; v++)
			free(phone->visits[v].handshakes);
		free(phone->visits);
		free(phone->model);
	}
	free(report->phones);
	free(report->keys);
	findings_free(&cases->findings);
	*report = (struct report){.n_phones = 0};
}

void
cases_free(struct cases *cases)
{
	if (cases == NULL)
		return;
	free_report(cases);
	for (size_t i = 0; i < cases->n; i++)
		handshake_free(cases->ring[(cases->first + i) % LIMIT_HANDSHAKES]);
	free(cases->ring);
	free(cases);
}

bool
cases_forget(struct cases *cases, struct tally *tally)
{
	struct handshake *oldest;

	if (cases->n == 0)
		return false;
	oldest = cases->ring[cases->first];
	cases->held -= handshake_weight(oldest);
	cases->first = (cases->first + 1) % LIMIT_HANDSHAKES;
	cases->n--;
	tally->evicted_handshakes++;
	handshake_free(oldest);
	return true;
}

void
cases_add(struct cases *cases, struct handshake *handshake, struct tally *tally)
{
	if (cases->n == LIMIT_HANDSHAKES)
		cases_forget(cases, tally);
	cases->ring[(cases->first + cases->n++) % LIMIT_HANDSHAKES] = handshake;
	cases->held += handshake_weight(handshake);
	while (cases->n > 1 && cases->held > LIMIT_FACTS)
		cases_forget(cases, tally);
}

/* Makes the last element of a growing array: room doubles, the array is of n elements before. */
static void *
grow(void *array, size_t n, size_t size)
{
	if (n > 0 && (n & (n - 1)) != 0)
		return array;
	return realloc(array, (n == 0 ? 1 : n * 2) * size);
}

static struct phone *
phone_of(struct report *report, const struct endpoint *client)
{
	struct phone *phones;

	for (size_t p = 0; p < report->n_phones; p++)
		if (memcmp(&report->phones[p].ip, &client->ip, sizeof(client->ip)) == 0)
			return &report->phones[p];
	phones = grow(report->phones, report->n_phones, sizeof(*phones));
	if (phones == NULL)
		return NULL;
	report->phones = phones;
	phones[report->n_phones] = (struct phone){.ip = client->ip, .has_mac = client->has_mac};
	memcpy(phones[report->n_phones].mac, client->mac, sizeof(client->mac));
	return &phones[report->n_phones++];
}

static struct visit *
visit_of(struct phone *phone, const struct endpoint *server)
{
	struct visit *visits;

	for (size_t v = 0; v < phone->n_visits; v++)
		if (memcmp(&phone->visits[v].server, &server->ip, sizeof(server->ip)) == 0)
			return &phone->visits[v];
	visits = grow(phone->visits, phone->n_visits, sizeof(*visits));
	if (visits == NULL)
		return NULL;
	phone->visits = visits;
	visits[phone->n_visits] = (struct visit){.server = server->ip, .port = server->port};
	return &visits[phone->n_visits++];
}

static bool
place(struct report *report, struct handshake *handshake)
{
	struct phone *phone = phone_of(report, &handshake->client);
	struct visit *visit = phone != NULL ? visit_of(phone, &handshake->server) : NULL;
	struct handshake **handshakes;

	if (visit == NULL)
		return false;
	handshakes = grow(visit->handshakes, visit->n, sizeof(*handshakes));
	if (handshakes == NULL)
		return false;
	handshakes[visit->n++] = handshake;
	visit->handshakes = handshakes;
	return true;
}

static int
by_id(const void *a, const void *b)
{
	uint32_t left = (*(struct handshake *const *)a)->id, right = (*(struct handshake *const *)b)->id;
	return (left > right) - (left < right);
}

/* Ids are given by first frame; handshakes come as they end. */
static bool
gather(struct cases *cases)
{
	struct handshake **sorted = calloc(cases->n > 0 ? cases->n : 1, sizeof(*sorted));
	bool placed = sorted != NULL;

	for (size_t i = 0; placed && i < cases->n; i++)
		sorted[i] = cases->ring[(cases->first + i) % LIMIT_HANDSHAKES];
	if (placed)
		qsort(sorted, cases->n, sizeof(*sorted), by_id);
	for (size_t i = 0; placed && i < cases->n; i++)
		placed = place(&cases->report, sorted[i]);
	free(sorted);
	return placed;
}

static void
judge(struct cases *cases)
{
	struct report *report = &cases->report;

	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++) {
			const struct visit *visit = &report->phones[p].visits[v];
			if (visit->matters == 0)
				continue;
			cases->findings.visit = visit;
			for (const struct rule *rule = rules; rule->id != NULL; rule++)
				rule->judge(rule, report, visit, &cases->findings);
		}
	report->findings = cases->findings.list;
	report->n_findings = cases->findings.n;
}

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

static void
give_verdicts(struct report *report)
{
	size_t f = 0;

	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++) {
			struct visit *visit = &report->phones[p].visits[v];

			if (visit->matters != 0)
				visit->verdict = tls_verdict(visit);
			for (; f < report->n_findings && report->findings[f].visit == visit; f++)
				if (report->findings[f].severity == SEVERITY_ERROR)
					visit->verdict = VERDICT_FAILING;
			if (visit->verdict > report->phones[p].verdict)
				report->phones[p].verdict = visit->verdict;
		}
}

/* Drops may have hidden anything. */
static void
taint(struct report *report)
{
	bool drops = report->tally->dropped_kernel + report->tally->dropped_interface > 0;

	for (size_t i = 0; i < report->n_findings; i++)
		report->findings[i].tainted = report->findings[i].tainted || drops;
}

const struct report *
cases_report(struct cases *cases, const struct tally *tally)
{
	struct report *report = &cases->report;

	free_report(cases);
	report->trust = cases->trust;
	report->tally = tally;
	report->now = cases->trust->has_now ? cases->trust->now : tally->last_us / 1000000;
	if (!gather(cases) || !matter_judge(report) || !survey(report))
		return NULL;
	judge(cases);
	if (cases->findings.out_of_memory)
		return NULL;
	taint(report);
	give_verdicts(report);
	return report;
}

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = {"unknown", "ok", "failing"};
	return names[verdict];
}
