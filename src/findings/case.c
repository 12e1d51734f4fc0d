/* Handshakes and events gathered by phone and gateway. */
#include "case.h"

#include <stdlib.h>

#include "matter.h"
#include "portrait.h"
#include "survey.h"
#include "timeline.h"
#include "verdict.h"
#include "who.h"

/* The last so many of a kind of event, the oldest at first. */
struct event_ring {
	struct event **events;
	size_t room, first, n;
};

struct cases {
	const struct trust *trust;
	struct handshake **ring; /* LIMIT_HANDSHAKES of them, the oldest at first */
	size_t first, n;
	size_t held; /* their handshake_weight */
	struct event_ring kept;      /* who is who, and what was transferred */
	struct event_ring questions; /* look-ups and pings */
	size_t events_held; /* their event_weight */
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
	cases->kept = (struct event_ring){calloc(LIMIT_EVENTS, sizeof(struct event *)), LIMIT_EVENTS, 0, 0};
	cases->questions = (struct event_ring){calloc(LIMIT_QUESTIONS, sizeof(struct event *)), LIMIT_QUESTIONS, 0, 0};
	if (cases->ring == NULL || cases->kept.events == NULL || cases->questions.events == NULL) {
		cases_free(cases);
		return NULL;
	}
	return cases;
}

static struct event *
ring_at(const struct event_ring *ring, size_t i)
{
	return ring->events[(ring->first + i) % ring->room];
}

static void
forget_event(struct cases *cases, struct event_ring *ring)
{
	struct event *oldest = ring_at(ring, 0);

	cases->events_held -= event_weight(oldest);
	ring->first = (ring->first + 1) % ring->room;
	ring->n--;
	event_free(oldest);
}

static void
free_report(struct cases *cases)
{
	struct report *report = &cases->report;

	who_free(report);
	free(report->events);
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
	while (cases->kept.n > 0)
		forget_event(cases, &cases->kept);
	while (cases->questions.n > 0)
		forget_event(cases, &cases->questions);
	free(cases->ring);
	free(cases->kept.events);
	free(cases->questions.events);
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

/* A phone says who it is every minute. */
static bool
was_said(const struct event_ring *ring, const struct event *event)
{
	for (size_t i = ring->n; i > 0; i--) {
		const struct event *before = ring_at(ring, i - 1);
		if (before->kind == EVENT_ANNOUNCEMENT && event_says_the_same(before, event))
			return true;
	}
	return false;
}

static const struct phone_file *
content_of(const struct event *event)
{
	return event->kind == EVENT_TRANSFER ? event->transfer.content : NULL;
}

/* Holds a kept file against a trust list: what it weighs may change. False when out of memory; and so below. */
static bool
verify_kept(struct cases *cases, struct event *event, const struct phone_file *list)
{
	bool verified;

	cases->events_held -= event_weight(event);
	verified = phone_file_verify(event->transfer.content, list);
	cases->events_held += event_weight(event);
	return verified;
}

/* Holds the signatures of the last files against this trust list. */
static bool
verify_with(struct cases *cases, const struct phone_file *list)
{
	size_t tried = 0;

	for (size_t i = cases->kept.n; i > 0 && tried < LIMIT_VERIFIED; i--) {
		struct event *event = ring_at(&cases->kept, i - 1);
		if (content_of(event) == NULL)
			continue;
		if (!verify_kept(cases, event, list))
			return false;
		tried++;
	}
	return true;
}

/* Holds the signature of a file against the lists that were given, and the last ones on the wire. */
static bool
verify(struct cases *cases, struct event *event)
{
	const struct phone_file *content = event->transfer.content;
	size_t tried = 0;

	for (size_t i = 0; i < cases->trust->n_lists; i++)
		if (!verify_kept(cases, event, cases->trust->lists[i]))
			return false;
	for (size_t i = cases->kept.n; i > 0 && tried < LIMIT_VERIFIED; i--) {
		const struct phone_file *list = content_of(ring_at(&cases->kept, i - 1));
		if (list == NULL || !phone_file_is_list(list))
			continue;
		if (!verify_kept(cases, event, list))
			return false;
		tried++;
	}
	return !phone_file_is_list(content) || verify_with(cases, content);
}

bool
cases_add_event(struct cases *cases, struct event *event, struct tally *tally)
{
	bool question = event->kind == EVENT_LOOKUP || event->kind == EVENT_PING || event->kind == EVENT_KNOCK;
	struct event_ring *ring = question ? &cases->questions : &cases->kept;
	bool verified = true;

	if (event->kind == EVENT_ANNOUNCEMENT && was_said(ring, event)) {
		event_free(event);
		return true;
	}
	if (ring->n == ring->room) {
		forget_event(cases, ring);
		tally->evicted_events++;
	}
	ring->events[(ring->first + ring->n++) % ring->room] = event;
	cases->events_held += event_weight(event);
	if (content_of(event) != NULL)
		verified = verify(cases, event);
	while (cases->events_held > LIMIT_EVENT_BYTES && cases_forget_event(cases, tally))
		continue;
	return verified;
}

bool
cases_forget_event(struct cases *cases, struct tally *tally)
{
	if (cases->kept.n < 2)
		return false;
	forget_event(cases, &cases->kept);
	tally->evicted_events++;
	return true;
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

	free_report(cases);
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
