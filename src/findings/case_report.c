/* All that was gathered, by phone and gateway, and judged. */
#include <stdlib.h>

#include "case_room.h"
#include "matter.h"
#include "portrait.h"
#include "survey.h"
#include "timeline.h"
#include "verdict.h"
#include "who.h"

void
case_report_free(struct cases *cases)
{
	struct report *report = &cases->report;

	who_free(report);
	free(report->events);
	free(report->keys);
	findings_free(&cases->findings);
	*report = (struct report){.n_phones = 0};
}

static int
by_id(const void *a, const void *b)
{
	uint32_t left = (*(struct handshake *const *)a)->id, right = (*(struct handshake *const *)b)->id;
	return (left > right) - (left < right);
}

static int
by_frame(const void *a, const void *b)
{
	const struct event *left = *(struct event *const *)a, *right = *(struct event *const *)b;

	if (left->at.frame != right->at.frame)
		return left->at.frame > right->at.frame ? 1 : -1;
	return (left->last.frame > right->last.frame) - (left->last.frame < right->last.frame);
}

/* Events come as they end. */
static bool
sort_events(struct cases *cases)
{
	struct report *report = &cases->report;

	report->events = calloc(cases->kept.n + cases->questions.n + 1, sizeof(*report->events));
	if (report->events == NULL)
		return false;
	for (size_t i = 0; i < cases->kept.n; i++)
		report->events[report->n_events++] = ring_at(&cases->kept, i);
	for (size_t i = 0; i < cases->questions.n; i++)
		report->events[report->n_events++] = ring_at(&cases->questions, i);
	qsort(report->events, report->n_events, sizeof(*report->events), by_frame);
	return true;
}

/* Ids are given by first frame; handshakes come as they end. */
static bool
gather(struct cases *cases, struct handshake *open, size_t n_open)
{
	struct handshake **sorted = calloc(cases->n + n_open + 1, sizeof(*sorted));
	bool gathered;

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < cases->n; i++)
		sorted[i] = cases->ring[(cases->first + i) % LIMIT_HANDSHAKES];
	for (size_t i = 0; i < n_open; i++)
		sorted[cases->n + i] = &open[i];
	qsort(sorted, cases->n + n_open, sizeof(*sorted), by_id);
	gathered = sort_events(cases) && who_gather(&cases->report, sorted, cases->n + n_open);
	free(sorted);
	return gathered;
}

static void
judge_visit(struct cases *cases, const struct visit *visit)
{
	cases->findings.visit = visit;
	for (const struct rule *rule = rules; rule->id != NULL; rule++)
		if (rule->judge != NULL)
			rule->judge(rule, &cases->report, visit, &cases->findings);
}

static void
judge(struct cases *cases)
{
	struct report *report = &cases->report;

	for (size_t p = 0; p < report->n_phones; p++) {
		const struct phone *phone = &report->phones[p];

		cases->findings.phone = phone;
		cases->findings.visit = NULL;
		for (const struct rule *rule = rules; rule->id != NULL; rule++)
			if (rule->judge_phone != NULL)
				rule->judge_phone(rule, report, phone, &cases->findings);
		for (size_t v = 0; v < phone->n_visits; v++)
			if (phone->visits[v].matters != 0)
				judge_visit(cases, &phone->visits[v]);
	}
	report->findings = cases->findings.list;
	report->n_findings = cases->findings.n;
}

/* Drops may have hidden anything that belongs to what a finding names. */
static void
taint(struct report *report)
{
	const struct drops *drops = &report->tally->dropped;

	for (size_t i = 0; i < report->n_findings; i++) {
		struct finding *finding = &report->findings[i];
		bool timeless = finding->from_us > finding->to_us;

		if (drops_touch(drops, timeless ? INT64_MIN / 2 : finding->from_us, timeless ? INT64_MAX / 2 : finding->to_us))
			finding->tainted = true;
	}
}

const struct report *
cases_findings(struct cases *cases, const struct tally *tally, struct handshake *open, size_t n_open)
{
	struct report *report = &cases->report;

	case_report_free(cases);
	report->trust = cases->trust;
	report->tally = tally;
	report->now = cases->trust->has_now ? cases->trust->now : tally->last_us / 1000000;
	if (!gather(cases, open, n_open) || !portrait_draw(report) || !matter_judge(report) || !survey(report))
		return NULL;
	judge(cases);
	if (cases->findings.out_of_memory)
		return NULL;
	taint(report);
	verdict_give(report);
	return report;
}

const struct report *
cases_report(struct cases *cases, const struct tally *tally)
{
	const struct report *report = cases_findings(cases, tally, NULL, 0);

	return report != NULL && timeline_tell(&cases->report) ? report : NULL;
}
