/* What a report says that the last ones did not. */
#include "news.h"

#include <stdlib.h>

#include "settled.h"

#define SECOND INT64_C(1000000)

enum { NOT_SAID = -1 };

/* A finding is known again by its rule and a piece of its evidence, for who the phone is may become clearer. */
struct noted {
	const struct rule *rule;
	uint64_t evidence; /* a handshake, or a frame where it is about the phone */
	int64_t since_us;  /* it stands */
	int said;          /* the severity, or NOT_SAID */
};

static int
by_rule(const void *a, const void *b)
{
	const struct noted *left = a, *right = b;

	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	return (left->evidence > right->evidence) - (left->evidence < right->evidence);
}

static size_t
count_evidence(const struct finding *finding)
{
	return finding->visit != NULL ? finding->n_covered : finding->n_frames;
}

static uint64_t
evidence_at(const struct finding *finding, size_t i)
{
	return finding->visit != NULL ? finding->handshakes[i] : finding->frames[i];
}

/* The evidence that is noted: of a visit the oldest is forgotten first, of a phone any may be mended. */
static size_t
first_noted(const struct finding *finding)
{
	return finding->visit != NULL ? finding->n_covered - 1 : 0;
}

/* What the last report knew of this finding; its evidence was the last there. NULL: it is new. */
static const struct noted *
find(const struct news *news, const struct finding *finding)
{
	struct noted key = {.rule = finding->rule};

	for (size_t i = count_evidence(finding); i > 0 && news->n > 0; i--) {
		const struct noted *noted;

		key.evidence = evidence_at(finding, i - 1);
		noted = bsearch(&key, news->list, news->n, sizeof(key), by_rule);
		if (noted != NULL)
			return noted;
	}
	return NULL;
}

/* Whether a finding is to be said, after all that was noted of it, which is brought up to date. */
static bool
is_news(struct news *news, const struct report *report, const struct finding *finding, int64_t now_us,
	struct noted *noted)
{
	int64_t due_us = noted->since_us + finding->rule->patience * SECOND;

	if ((int)finding->severity <= noted->said || !settled_finding(report, finding))
		return false;
	if (due_us > now_us) {
		news->due_us = due_us < news->due_us ? due_us : news->due_us;
		return false;
	}
	noted->said = (int)finding->severity;
	return true;
}

static size_t
count_noted(const struct report *report)
{
	size_t n = 0;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];
		if (count_evidence(finding) > 0)
			n += count_evidence(finding) - first_noted(finding);
	}
	return n;
}

bool
news_read(struct news *news, const struct report *report, int64_t now_us,
	  void (*say)(void *arg, const struct finding *finding), void *arg)
{
	struct noted *list = calloc(count_noted(report) + 1, sizeof(*list));
	size_t n = 0;

	if (list == NULL)
		return false;
	news->due_us = INT64_MAX;
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];
		const struct noted *before = find(news, finding);
		struct noted noted = before != NULL ? *before : (struct noted){finding->rule, 0, now_us, NOT_SAID};

		if (count_evidence(finding) == 0)
			continue;
		if (is_news(news, report, finding, now_us, &noted))
			say(arg, finding);
		for (size_t e = first_noted(finding); e < count_evidence(finding); e++) {
			list[n] = noted;
			list[n++].evidence = evidence_at(finding, e);
		}
	}
	qsort(list, n, sizeof(*list), by_rule);
	free(news->list);
	news->list = list;
	news->n = n;
	return true;
}

void
news_free(struct news *news)
{
	free(news->list);
}
