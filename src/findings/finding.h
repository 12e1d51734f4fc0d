/* Findings: verdicts over facts. One rule is one row of the table in rules.c; it reads handshakes, names the frames
 * that decided, and carries the explanation and the remedy, so that it can be argued with in Wireshark. */
#ifndef SRC_FINDINGS_FINDING_H
#define SRC_FINDINGS_FINDING_H

#include <limits.h>

#include "tls/fact.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };
enum certainty { CERTAINTY_LIKELY, CERTAINTY_PROVEN };

/* Anything may still take it back. */
#define PATIENCE_REPORT UINT_MAX

struct phone;
struct report;
struct visit;
struct findings;

struct rule {
	const char *id;         /* stable */
	enum severity severity; /* at its worst; a finding may be milder */
	const char *title;
	const char *explanation; /* what it means, and why it stops the phone; whole sentences */
	const char *decided;     /* what on the wire decides it, and what must not */
	const char *const *remedy;     /* lines to be pasted, or said; ends in NULL */
	const char *const *references; /* ends in NULL */
	/* Seconds that a finding must have stood before it is said while frames still come: what may take it back, or make
	 * it milder, comes within them, or not before the capture's end. */
	unsigned patience;
	bool yields; /* an error of another rule may come to explain its handshakes */
	/* one of them: */
	void (*judge)(const struct rule *rule, const struct report *report, const struct visit *visit,
		      struct findings *out);
	void (*judge_phone)(const struct rule *rule, const struct report *report, const struct phone *phone,
			    struct findings *out);
};

/* A finding is about one visit, a phone at a gateway, or about a phone. The same rule hits it once, however many
 * handshakes or events show it. */
struct finding {
	const struct rule *rule;
	enum severity severity;
	enum certainty certainty;
	const struct phone *phone;
	const struct visit *visit; /* NULL: about the phone */
	uint32_t *handshakes; /* ids, rising */
	size_t n_handshakes; /* those to be named: the first LIMIT_EVIDENCE */
	size_t n_covered;    /* all of them */
	uint64_t *frames; /* rising, no doubles; the first LIMIT_EVIDENCE of them */
	size_t n_frames;
	char **expected, **actual; /* what should have been there, and what was */
	size_t n_expected, n_actual;
	char *source; /* of what was expected: a file's name; NULL where it needs none */
	struct when source_at; /* frame 0: given by the user */
	char *detail; /* this case in one sentence */
	int64_t from_us, to_us; /* of all that it names; from_us above to_us: that has no time */
	bool tainted; /* drops or holes may hide what speaks against it */
};

/* The whole table, causes before their consequences; ends in a row without an id. */
extern const struct rule rules[];

/* rule_find finds a rule by its id; NULL when there is none. */
const struct rule *rule_find(const char *id);

const char *severity_name(enum severity severity);
const char *certainty_name(enum certainty certainty);

/* The builder that rules write to. */
struct findings {
	struct finding *list;
	size_t n, room;
	size_t text; /* bytes in all details, and in what was expected and found */
	const struct phone *phone; /* being judged */
	const struct visit *visit; /* being judged; NULL: the phone itself */
	bool out_of_memory;
};

/* finding_raise opens the finding of this rule for the visit or phone being judged, or the one already there, and adds
 * the handshake, if any, to it. The worst severity and its certainty stand. NULL when out of memory. */
struct finding *finding_raise(struct findings *out, const struct rule *rule, enum severity severity,
			      enum certainty certainty, const struct handshake *handshake);

/* These add evidence; all take a NULL finding, and what is there already is not added again. */
void finding_frame(struct findings *out, struct finding *finding, struct when at);
void finding_expected(struct findings *out, struct finding *finding, const char *text);
void finding_actual(struct findings *out, struct finding *finding, const char *text);

/* finding_source names the file that says what was expected; the first one stands. */
void finding_source(struct findings *out, struct finding *finding, const char *name, struct when at);

/* finding_detail says this case in one sentence; the first one stands. Beyond LIMIT_FINDING_TEXT nothing is said. */
void finding_detail(struct findings *out, struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* findings_explain says whether an error of the visit being judged covers this handshake already. */
bool findings_explain(const struct findings *out, const struct handshake *handshake);

void findings_free(struct findings *findings);

#endif
