/* A finding as people read it. */
#include "text_finding.h"

#include <inttypes.h>

#include "format.h"
#include "text_phone.h"

static void
put_whole(void *to, const char *text)
{
	wrap_whole(to, text);
}

static const struct {
	const char *label;
	enum wrap_style style;
} looks[] = {
	[SEVERITY_INFO] = {"INFO", WRAP_CYAN},
	[SEVERITY_WARNING] = {"WARNING", WRAP_YELLOW},
	[SEVERITY_ERROR] = {"ERROR", WRAP_RED},
};

static void
put_label(struct wrap *wrap, const struct finding *finding)
{
	wrap_label(wrap, looks[finding->severity].label, looks[finding->severity].style);
}

static void
put_title(struct wrap *wrap, const struct finding *finding)
{
	put_label(wrap, finding);
	wrap_style(wrap, WRAP_BOLD);
	wrap_text(wrap, finding->rule->title);
	wrap_style(wrap, WRAP_PLAIN);
	wrap_format(wrap, " (%s, %s)", finding->rule->id, certainty_name(finding->certainty));
	wrap_end(wrap);
}

static void
put_paragraph(struct wrap *wrap, const char *label, const char *text)
{
	if (text == NULL)
		return;
	wrap_label(wrap, label, WRAP_PLAIN);
	wrap_text(wrap, text);
	wrap_end(wrap);
}

static void
put_values(struct wrap *wrap, const char *label, char *const *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_paragraph(wrap, i == 0 ? label : "", values[i]);
}

/* Where what was expected was read, unless the user gave it and knows. */
static void
put_source(struct wrap *wrap, const struct finding *finding)
{
	if (finding->source == NULL || finding->source_at.frame == 0)
		return;
	wrap_label(wrap, finding->n_expected > 0 ? "from" : "expected", WRAP_PLAIN);
	wrap_text(wrap, finding->n_expected > 0 ? "" : "one of ");
	wrap_text(wrap, finding->source);
	wrap_format(wrap, " in frame %" PRIu64, finding->source_at.frame);
	wrap_end(wrap);
}

static void
put_numbers(struct wrap *wrap, const struct finding *finding)
{
	char number[FORMAT_NUMBER_SIZE];

	for (size_t i = 0; i < finding->n_frames; i++) {
		format_number(finding->frames[i], number);
		wrap_text(wrap, i == 0 ? "" : ", ");
		wrap_text(wrap, number);
	}
}

static void
put_frames(struct wrap *wrap, const struct finding *finding)
{
	if (finding->n_frames == 0)
		return;
	wrap_label(wrap, "frames", WRAP_PLAIN);
	put_numbers(wrap, finding);
	wrap_end(wrap);
}

/* A line in brackets is said, and wrapped; any other is a command, to be pasted as it is. */
static void
put_remedy(struct wrap *wrap, const char *const *lines)
{
	if (lines == NULL || *lines == NULL)
		return;
	/* Alone on its line, so that whole lines below it can be copied. */
	wrap_label(wrap, "remedy", WRAP_PLAIN);
	wrap_end(wrap);
	for (; *lines != NULL; lines++) {
		wrap_label(wrap, "", WRAP_PLAIN);
		if (**lines == '(')
			wrap_text(wrap, *lines);
		else
			wrap_whole(wrap, *lines);
		wrap_end(wrap);
	}
}

static void
put_references(struct wrap *wrap, const char *const *references)
{
	if (references == NULL || *references == NULL)
		return;
	wrap_label(wrap, "see", WRAP_PLAIN);
	for (bool first = true; *references != NULL; references++, first = false) {
		wrap_text(wrap, first ? "" : ", ");
		wrap_text(wrap, *references);
	}
	wrap_end(wrap);
}

void
text_finding(struct wrap *wrap, const struct finding *finding)
{
	wrap_apart(wrap);
	put_title(wrap, finding);
	put_paragraph(wrap, "", finding->detail);
	if (finding->tainted)
		put_paragraph(wrap, "doubt",
			      "Packets are missing in this capture, and may hide what speaks "
			      "against it.");
	put_values(wrap, "expected", finding->expected, finding->n_expected);
	put_source(wrap, finding);
	put_values(wrap, "actual", finding->actual, finding->n_actual);
	put_frames(wrap, finding);
	put_paragraph(wrap, "cause", finding->rule->explanation);
	put_remedy(wrap, finding->rule->remedy);
	if (finding->n_frames > 0) {
		wrap_label(wrap, "filter", WRAP_PLAIN);
		format_filter(finding->frames, finding->n_frames, put_whole, wrap);
		wrap_end(wrap);
	}
	put_references(wrap, finding->rule->references);
	wrap_gap(wrap);
}

void
text_note(struct wrap *wrap, const struct finding *finding)
{
	put_title(wrap, finding);
	put_paragraph(wrap, "", finding->detail);
	put_frames(wrap, finding);
	wrap_label(wrap, "more", WRAP_PLAIN);
	wrap_text(wrap, "handspan --explain ");
	wrap_text(wrap, finding->rule->id);
	wrap_end(wrap);
}

void
text_aside(struct wrap *wrap, const struct finding *finding)
{
	put_label(wrap, finding);
	wrap_text(wrap, finding->detail != NULL ? finding->detail : finding->rule->title);
	wrap_text(wrap, " (");
	wrap_text(wrap, finding->rule->id);
	wrap_text(wrap, ")");
	wrap_end(wrap);
}

/* "2016-04-01 20:14:22": what is wanted of it is which one it is. */
static void
put_time(struct wrap *wrap, int64_t us)
{
	enum { DATE_END = 10, TIME_END = 19 };
	char time[FORMAT_TIME_SIZE];

	if (!format_time(us, time))
		return;
	time[DATE_END] = ' ';
	time[TIME_END] = '\0';
	wrap_text(wrap, time);
	wrap_text(wrap, " ");
}

void
text_news(struct wrap *wrap, const struct finding *finding, int64_t us)
{
	wrap_line(wrap);
	put_time(wrap, us);
	wrap_style(wrap, looks[finding->severity].style);
	wrap_text(wrap, looks[finding->severity].label);
	wrap_style(wrap, WRAP_PLAIN);
	wrap_text(wrap, " ");
	text_who(wrap, finding->phone, finding->visit);
	wrap_text(wrap, ": ");
	wrap_text(wrap, finding->detail != NULL ? finding->detail : finding->rule->title);
	wrap_format(wrap, " (%s, %s%s", finding->rule->id, certainty_name(finding->certainty),
		    finding->tainted ? ", in doubt: packets are missing" : "");
	if (finding->n_frames > 0)
		wrap_text(wrap, finding->n_frames == 1 ? "; frame " : "; frames ");
	put_numbers(wrap, finding);
	wrap_text(wrap, ")");
	wrap_end(wrap);
}
