/* --explain: what a finding means, how it is decided, how it is mended. */
#include "explain.h"

#include "findings/finding.h"
#include "output/wrap.h"

static void
paragraph(struct wrap *wrap, const char *label, const char *text)
{
	wrap_label(wrap, label, WRAP_PLAIN);
	wrap_text(wrap, text);
	wrap_end(wrap);
}

static void
whole_lines(struct wrap *wrap, const char *label, const char *const *lines)
{
	for (; *lines != NULL; lines++, label = "") {
		wrap_label(wrap, label, WRAP_PLAIN);
		wrap_whole(wrap, *lines);
		wrap_end(wrap);
	}
}

bool
explain(FILE *to, const char *id)
{
	const struct rule *rule = rule_find(id);
	struct wrap wrap;

	if (rule == NULL)
		return false;
	wrap_begin(&wrap, to, false);
	wrap_line(&wrap);
	wrap_text(&wrap, rule->id);
	wrap_format(&wrap, " (%s): ", severity_name(rule->severity));
	wrap_text(&wrap, rule->title);
	wrap_end(&wrap);
	paragraph(&wrap, "cause", rule->explanation);
	paragraph(&wrap, "decided", rule->decided);
	whole_lines(&wrap, "remedy", rule->remedy);
	whole_lines(&wrap, "see", rule->references);
	return true;
}

/* Markdown would take <host> for HTML. */
static void
markdown(FILE *to, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '<' || *text == '*' || *text == '_')
			fputc('\\', to);
		fputc(*text, to);
	}
}

static void
markdown_rule(FILE *to, const struct rule *rule)
{
	fprintf(to, "\n## %s\n\n%s. ", rule->id, severity_name(rule->severity));
	markdown(to, rule->title);
	fputs(".\n\n**Cause.** ", to);
	markdown(to, rule->explanation);
	fputs("\n\n**Decided by.** ", to);
	markdown(to, rule->decided);
	fputs("\n\n**Remedy.**\n\n", to);
	for (const char *const *line = rule->remedy; *line != NULL; line++)
		fprintf(to, "    %s\n", *line);
	if (rule->references[0] == NULL)
		return;
	fputs("\n**See**", to);
	for (const char *const *line = rule->references; *line != NULL; line++)
		fprintf(to, "%s %s", line == rule->references ? "" : ",", *line);
	fputs(".\n", to);
}

void
explain_all(FILE *to)
{
	fputs("# Findings\n\n"
	      "What handspan can say, causes before their consequences. This page is printed by `handspan --explain all`\n"
	      "from the table in `src/rules.c`; ids are stable. The severity is the worst that a finding can have; it is\n"
	      "`proven` or `likely`, and marked where packets that are not in the capture may speak against it.\n",
	      to);
	for (const struct rule *rule = rules; rule->id != NULL; rule++)
		markdown_rule(to, rule);
}
