/* Findings: verdicts over facts. One rule is one row of the table in finding.c; it reads handshakes, names the
 * frames that decided, and carries the explanation and the remedy, so it can be argued with in Wireshark. */
#ifndef SRC_FINDING_H
#define SRC_FINDING_H

#include "fact.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };
enum certainty { CERTAINTY_LIKELY, CERTAINTY_PROVEN };

struct visit;
struct findings;
struct judge_context;

struct rule {
	const char *id; /* stable */
	enum severity severity; /* at its worst; a finding may be milder */
	const char *title;
	const char *explanation; /* what it means and why, whole sentences */
	const char *decided; /* what on the wire decides it, for --explain and docs/findings.md */
	const char *const *remedy; /* lines that can be pasted, or said; ends in NULL */
	const char *const *references; /* ends in NULL */
	void (*judge)(const struct rule *rule, const struct visit *visit, const struct judge_context *context,
		      struct findings *out);
};

/* A finding is about one visit: a phone at a gateway. */
struct finding {
	const struct rule *rule;
	enum severity severity;
	enum certainty certainty;
	const struct visit *visit;
	uint32_t *handshakes; /* ids, rising */
	size_t n_handshakes;
	uint64_t *frames; /* rising, no doubles */
	size_t n_frames;
	char **expected, **actual; /* what should have been there, and what was */
	size_t n_expected, n_actual;
	char *detail; /* this case in one sentence */
	bool tainted; /* drops or holes may have hidden what speaks against it */
};

/* The whole table, in order of importance; ends in a row without an id. */
extern const struct rule rules[];

/* rule_find finds a rule by its id; NULL when there is none. */
const struct rule *rule_find(const char *id);

const char *severity_name(enum severity severity);
const char *certainty_name(enum certainty certainty);

#endif
