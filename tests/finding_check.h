/* What the rules made of the facts. */
#ifndef TESTS_FINDING_CHECK_H
#define TESTS_FINDING_CHECK_H

#include "tests/facts.h"

static inline const struct finding *
find(const char *id)
{
	const struct report *report = judged();
	const struct finding *found = NULL;

	assert_non_null(rule_find(id));
	for (size_t i = 0; i < report->n_findings; i++)
		if (strcmp(report->findings[i].rule->id, id) == 0) {
			assert_null(found);
			found = &report->findings[i];
		}
	return found;
}

static inline void
not_raised(const char *id)
{
	const struct finding *finding = find(id);

	if (finding != NULL)
		fail_msg("%s was raised: %s", id, finding->detail);
}

/* raised finds the one finding of a rule; frames are those that it names: "1 2 3". */
static inline const struct finding *
raised(const char *id, enum severity severity, enum certainty certainty, const char *frames)
{
	const struct finding *finding = find(id);
	char text[512] = "";
	size_t n = 0;

	if (finding == NULL)
		fail_msg("%s was not raised", id);
	assert_string_equal(severity_name(finding->severity), severity_name(severity));
	assert_string_equal(certainty_name(finding->certainty), certainty_name(certainty));
	for (size_t i = 0; i < finding->n_frames && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%llu", i == 0 ? "" : " ",
				      (unsigned long long)finding->frames[i]);
	assert_string_equal(text, frames);
	assert_non_null(finding->detail);
	return finding;
}

static inline void
same_list(char *const *list, size_t n, const char *expected)
{
	char text[1024] = "";

	for (size_t i = 0; i < n; i++) {
		strncat(text, i == 0 ? "" : "|", sizeof(text) - strlen(text) - 1);
		strncat(text, list[i], sizeof(text) - strlen(text) - 1);
	}
	assert_string_equal(text, expected);
}

/* compares checks what was expected and what was there: "one|two". */
static inline void
compares(const struct finding *finding, const char *expected, const char *actual)
{
	same_list(finding->expected, finding->n_expected, expected);
	same_list(finding->actual, finding->n_actual, actual);
}

static inline void
says(const struct finding *finding, const char *part)
{
	if (strstr(finding->detail, part) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", finding->detail, part);
}

#define ERROR_PROVEN SEVERITY_ERROR, CERTAINTY_PROVEN
#define ERROR_LIKELY SEVERITY_ERROR, CERTAINTY_LIKELY
#define WARNING_PROVEN SEVERITY_WARNING, CERTAINTY_PROVEN
#define WARNING_LIKELY SEVERITY_WARNING, CERTAINTY_LIKELY
#define INFO_PROVEN SEVERITY_INFO, CERTAINTY_PROVEN

#endif
