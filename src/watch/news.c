/* What a report says that the last ones did not. */
#include "news.h"

#include <stdlib.h>

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

/* Whether a configuration or a hash is known at all, that may yet turn out to be about a visit. */
static bool
knows_hashes(const struct report *report)
{
	bool any = report->trust->n_hashes > 0 || report->trust->n_configs > 0;

	for (size_t p = 0; p < report->n_phones && !any; p++)
		any = report->phones[p].n_received > 0;
	return any;
}

/* Whether the visit will go on to matter, and the same configuration to speak for it: not so where only its port tells
 * that it is at the gateway, where another phone's configuration speaks, and where nothing is known yet of any phone. */
static bool
visit_is_settled(const struct report *report, const struct visit *visit)
{
	const unsigned known = MATTERS_GATEWAY | MATTERS_ANYCONNECT | MATTERS_VOICE;

	if (visit->assumed || (visit->config_event != NULL && !visit->told))
		return false;
	if ((visit->matters & known) != 0 || visit->phone->is_phone)
		return true;
	return report->trust->all && !knows_hashes(report);
}

/* Whether an error may yet come to explain this handshake: the hashes of its gateway may become known, and an EC
 * certificate is another thing where the gateway comes to show an RSA one. */
static bool
may_be_explained(const struct report *report, const struct visit *visit, const struct handshake *handshake)
{
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);

	if (handshake->dtls || leaf == NULL || (visit->matters & MATTERS_VOICE) != 0 ||
	    report_trusted(report, visit, handshake) != TRUST_UNKNOWN)
		return false;
	return knows_hashes(report) || (leaf->key_type != NULL && strcmp(leaf->key_type, "EC") == 0);
}

/* One handshake that nothing else will explain is enough. Both lists are by id. */
static bool
will_not_yield(const struct report *report, const struct finding *finding)
{
	const struct visit *visit = finding->visit;
	size_t c = 0;

	for (size_t i = 0; i < visit->n && c < finding->n_covered; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		if (handshake->id != finding->handshakes[c])
			continue;
		if (!may_be_explained(report, visit, handshake))
			return true;
		c++;
	}
	return false;
}

static bool
is_settled(const struct report *report, const struct finding *finding)
{
	if (finding->n_frames == 0 || finding->rule->patience == PATIENCE_REPORT)
		return false;
	if (finding->visit == NULL)
		return true;
	return visit_is_settled(report, finding->visit) &&
	       (!finding->rule->yields || will_not_yield(report, finding));
}

/* Whether a finding is to be said, after all that was noted of it, which is brought up to date. */
static bool
is_news(struct news *news, const struct report *report, const struct finding *finding, int64_t now_us,
	struct noted *noted)
{
	int64_t due_us = noted->since_us + finding->rule->patience * SECOND;

	if ((int)finding->severity <= noted->said || !is_settled(report, finding))
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
