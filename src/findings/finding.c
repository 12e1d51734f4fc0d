/* The builder of findings. */
#include "finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const struct rule *
rule_find(const char *id)
{
	for (const struct rule *rule = rules; rule->id != NULL; rule++)
		if (strcmp(rule->id, id) == 0)
			return rule;
	return NULL;
}

const char *
severity_name(enum severity severity)
{
	static const char *const names[] = {"info", "warning", "error"};
	return names[severity];
}

const char *
certainty_name(enum certainty certainty)
{
	return certainty == CERTAINTY_PROVEN ? "proven" : "likely";
}

static struct finding *
find(const struct findings *out, const char *id)
{
	for (size_t i = out->n; i > 0; i--) {
		struct finding *finding = &out->list[i - 1];
		if (finding->phone != out->phone || finding->visit != out->visit)
			break;
		if (strcmp(finding->rule->id, id) == 0)
			return finding;
	}
	return NULL;
}

/* May so long a text be kept? Then it is counted. */
static bool
may_keep(struct findings *out, const char *text)
{
	size_t n = strlen(text) + 1;

	if (n > LIMIT_FINDING_TEXT - out->text)
		return false;
	out->text += n;
	return true;
}

static void
forget_detail(struct findings *out, struct finding *finding)
{
	if (finding->detail != NULL)
		out->text -= strlen(finding->detail) + 1;
	free(finding->detail);
	finding->detail = NULL;
}

static struct finding *
append(struct findings *out, const struct rule *rule)
{
	if (out->n == out->room) {
		size_t room = out->room == 0 ? 16 : out->room * 2;
		struct finding *list = realloc(out->list, room * sizeof(*list));
		if (list == NULL) {
			out->out_of_memory = true;
			return NULL;
		}
		out->list = list;
		out->room = room;
	}
	out->list[out->n] = (struct finding){
		.rule = rule, .phone = out->phone, .visit = out->visit, .from_us = INT64_MAX, .to_us = INT64_MIN};
	return &out->list[out->n++];
}

static void
note_time(struct finding *finding, struct when at)
{
	if (at.frame == 0)
		return;
	if (at.us < finding->from_us)
		finding->from_us = at.us;
	if (at.us > finding->to_us)
		finding->to_us = at.us;
}

/* Keeps them all, however few are named: what a finding covers needs no other explanation. There are at most
 * LIMIT_HANDSHAKES. */
static void
add_handshake(struct findings *out, struct finding *finding, uint32_t id)
{
	uint32_t *ids;
	size_t i;

	for (i = finding->n_covered; i > 0 && finding->handshakes[i - 1] >= id; i--)
		if (finding->handshakes[i - 1] == id)
			return;
	ids = realloc(finding->handshakes, (finding->n_covered + 1) * sizeof(*ids));
	if (ids == NULL) {
		out->out_of_memory = true;
		return;
	}
	finding->handshakes = ids;
	memmove(&ids[i + 1], &ids[i], (finding->n_covered++ - i) * sizeof(*ids));
	ids[i] = id;
	if (finding->n_handshakes < LIMIT_EVIDENCE)
		finding->n_handshakes++;
}

struct finding *
finding_raise(struct findings *out, const struct rule *rule, enum severity severity, enum certainty certainty,
	      const struct handshake *handshake)
{
	struct finding *finding = find(out, rule->id);

	if (finding == NULL) {
		finding = append(out, rule);
		if (finding == NULL)
			return NULL;
		finding->severity = severity;
		finding->certainty = certainty;
	} else if (severity > finding->severity) {
		finding->severity = severity;
		finding->certainty = certainty;
		forget_detail(out, finding);
	} else if (severity == finding->severity && certainty > finding->certainty) {
		finding->certainty = certainty;
	}
	if (handshake != NULL) {
		add_handshake(out, finding, handshake->id);
		finding->tainted = finding->tainted || handshake->n_holes > 0;
		note_time(finding, handshake->first);
		note_time(finding, handshake->last);
	}
	return finding;
}

void
finding_frame(struct findings *out, struct finding *finding, struct when at)
{
	uint64_t *frames;
	size_t i;

	if (finding != NULL)
		note_time(finding, at);
	if (finding == NULL || at.frame == 0 || finding->n_frames == LIMIT_EVIDENCE)
		return;
	for (i = finding->n_frames; i > 0 && finding->frames[i - 1] >= at.frame; i--)
		if (finding->frames[i - 1] == at.frame)
			return;
	frames = realloc(finding->frames, (finding->n_frames + 1) * sizeof(*frames));
	if (frames == NULL) {
		out->out_of_memory = true;
		return;
	}
	finding->frames = frames;
	memmove(&frames[i + 1], &frames[i], (finding->n_frames++ - i) * sizeof(*frames));
	frames[i] = at.frame;
}

static void
add_text(struct findings *out, char ***list, size_t *n, const char *text)
{
	char **longer;

	for (size_t i = 0; i < *n; i++)
		if (strcmp((*list)[i], text) == 0)
			return;
	if (*n == LIMIT_EVIDENCE || !may_keep(out, text))
		return;
	longer = realloc(*list, (*n + 1) * sizeof(*longer));
	if (longer != NULL) {
		*list = longer;
		longer[*n] = strdup(text);
	}
	if (longer == NULL || longer[*n] == NULL)
		out->out_of_memory = true;
	else
		(*n)++;
}

void
finding_expected(struct findings *out, struct finding *finding, const char *text)
{
	if (finding != NULL)
		add_text(out, &finding->expected, &finding->n_expected, text);
}

void
finding_actual(struct findings *out, struct finding *finding, const char *text)
{
	if (finding != NULL)
		add_text(out, &finding->actual, &finding->n_actual, text);
}

void
finding_source(struct findings *out, struct finding *finding, const char *name, struct when at)
{
	if (finding == NULL || finding->source != NULL || name == NULL || !may_keep(out, name))
		return;
	finding->source = strdup(name);
	finding->source_at = at;
	note_time(finding, at);
	if (finding->source == NULL)
		out->out_of_memory = true;
}

void
finding_detail(struct findings *out, struct finding *finding, const char *format, ...)
{
	va_list arguments;
	char *detail;

	if (finding == NULL || finding->detail != NULL)
		return;
	va_start(arguments, format);
	if (vasprintf(&detail, format, arguments) < 0)
		out->out_of_memory = true;
	else if (may_keep(out, detail))
		finding->detail = detail;
	else
		free(detail);
	va_end(arguments);
}

static bool
covers(const struct finding *finding, const struct handshake *handshake)
{
	for (size_t i = finding->n_covered; i > 0 && finding->handshakes[i - 1] >= handshake->id; i--)
		if (finding->handshakes[i - 1] == handshake->id)
			return true;
	return false;
}

bool
findings_explain(const struct findings *out, const struct handshake *handshake)
{
	for (size_t i = out->n; i > 0 && out->list[i - 1].visit == out->visit; i--)
		if (out->list[i - 1].severity == SEVERITY_ERROR && covers(&out->list[i - 1], handshake))
			return true;
	return false;
}

static void
free_texts(char **texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(texts[i]);
	free(texts);
}

void
findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		struct finding *finding = &findings->list[i];
		free(finding->handshakes);
		free(finding->frames);
		free(finding->detail);
		free(finding->source);
		free_texts(finding->expected, finding->n_expected);
		free_texts(finding->actual, finding->n_actual);
	}
	free(findings->list);
	*findings = (struct findings){.n = 0};
}
