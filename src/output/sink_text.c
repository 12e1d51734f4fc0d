/* Text: a report that is read at night. One block for each phone and gateway; one line where all is
 * well. */
#include "sink.h"

#include <string.h>

#include "about.h"
#include "format.h"
#include "text_cert.h"
#include "text_change.h"
#include "text_finding.h"
#include "text_handshake.h"
#include "text_phone.h"
#include "text_story.h"
#include "text_well.h"
#include "wrap.h"

/* Of RFC 3339's "2016-04-01T20:14:22.741838Z": the day, and all but the fraction. */
enum { DATE_LENGTH = 10, TIME_END = 19 };

static bool color;

void
sink_text_color(bool on)
{
	color = on;
}

/* Who: at the head of a block, and of the one line where all is well. */
static void
put_who(struct wrap *wrap, const struct visit *visit)
{
	wrap_apart(wrap);
	wrap_line(wrap);
	wrap_style(wrap, WRAP_BOLD);
	text_who(wrap, visit->phone, visit);
	wrap_text(wrap, ": ");
}

static void
put_findings(struct wrap *wrap, struct span findings, enum severity severity,
	     void (*put)(struct wrap *wrap, const struct finding *finding))
{
	for (size_t i = 0; i < findings.n; i++)
		if (findings.first[i].severity == severity)
			put(wrap, &findings.first[i]);
}

static void
put_all_findings(struct wrap *wrap, struct span findings)
{
	put_findings(wrap, findings, SEVERITY_ERROR, text_finding);
	put_findings(wrap, findings, SEVERITY_WARNING, text_finding);
	put_findings(wrap, findings, SEVERITY_INFO, text_note);
}

static void
put_verdict(struct wrap *wrap, enum verdict verdict)
{
	static const struct {
		const char *word;
		enum wrap_style style;
	} looks[] = {
		[VERDICT_UNKNOWN] = {"UNKNOWN", WRAP_YELLOW},
		[VERDICT_OK] = {"OK", WRAP_BOLD},
		[VERDICT_FAILING] = {"FAILING", WRAP_RED},
	};

	wrap_style(wrap, looks[verdict].style);
	wrap_text(wrap, looks[verdict].word);
	wrap_style(wrap, WRAP_PLAIN);
}

/* Who, without a gateway: at the head of a phone's own block. */
static void
put_name(struct wrap *wrap, const struct phone *phone)
{
	wrap_apart(wrap);
	wrap_line(wrap);
	wrap_style(wrap, WRAP_BOLD);
	text_who(wrap, phone, NULL);
	wrap_text(wrap, ": ");
}

/* told: who the phone is, and what it was told, stands above. */
static void
put_block(struct wrap *wrap, const struct report *report, const struct visit *visit,
	  struct span findings, bool told)
{
	put_who(wrap, visit);
	put_verdict(wrap, visit->verdict);
	if (findings.n == 0)
		wrap_text(wrap, ". No fault was found, but too little is seen to be sure.");
	wrap_end(wrap);
	if (!told)
		text_phone_brief(wrap, visit->phone);
	if (!told || visit->config != phone_told(visit->phone).config)
		text_config(wrap, report_told(visit, NULL));
	text_trusts(wrap, report, visit);
	wrap_gap(wrap);
	text_handshakes(wrap, report, visit);
	wrap_gap(wrap);
	put_all_findings(wrap, findings);
}

static void
put_notes(struct wrap *wrap, struct span findings)
{
	for (size_t i = 0; i < findings.n; i++)
		text_note(wrap, &findings.first[i]);
}

static bool
are_notes(struct span findings)
{
	for (size_t i = 0; i < findings.n; i++)
		if (findings.first[i].severity != SEVERITY_INFO)
			return false;
	return true;
}

static bool
all_is_well(const struct visit *visit, struct span findings)
{
	return visit->verdict == VERDICT_OK && are_notes(findings);
}

static void
put_well(struct wrap *wrap, const struct report *report, const struct visit *visit,
	 struct span findings)
{
	put_who(wrap, visit);
	wrap_text(wrap, "OK. ");
	wrap_style(wrap, WRAP_PLAIN);
	text_well(wrap, report, visit);
	wrap_end(wrap);
	put_notes(wrap, findings);
}

static void
put_visits(struct wrap *wrap, const struct report *report, const struct phone *phone,
	   struct span findings, bool told)
{
	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *visit = &phone->visits[v];
		struct span of_visit = about_visit(&findings, visit);

		if (visit->matters == 0)
			continue;
		if (all_is_well(visit, of_visit)) {
			put_well(wrap, report, visit, of_visit);
			wrap_gap(wrap);
		} else {
			put_block(wrap, report, visit, of_visit, told);
		}
	}
}

static size_t
visits_that_matter(const struct phone *phone)
{
	size_t n = 0;

	for (size_t v = 0; v < phone->n_visits; v++)
		if (phone->visits[v].matters != 0)
			n++;
	return n;
}

static bool
phone_is_well(const struct phone *phone, struct span own, struct span findings)
{
	for (size_t v = 0; v < phone->n_visits; v++) {
		struct span of_visit = about_visit(&findings, &phone->visits[v]);

		if (phone->visits[v].matters != 0 && !all_is_well(&phone->visits[v], of_visit))
			return false;
	}
	return are_notes(own);
}

/* Of the phone itself: its story says more than its notes do. */
static void
put_own_findings(struct wrap *wrap, struct span own)
{
	put_findings(wrap, own, SEVERITY_ERROR, text_finding);
	put_findings(wrap, own, SEVERITY_WARNING, text_finding);
	put_findings(wrap, own, SEVERITY_INFO, text_aside);
}

/* A line for each visit, and what is worth knowing of the phone itself behind the last. */
static void
put_well_phone(struct wrap *wrap, const struct report *report, const struct phone *phone,
	       struct span own, struct span findings)
{
	size_t left = visits_that_matter(phone);

	if (left == 0) {
		put_name(wrap, phone);
		wrap_style(wrap, WRAP_PLAIN);
		wrap_text(wrap, "no handshake that matters.");
		wrap_end(wrap);
	}
	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *visit = &phone->visits[v];
		struct span of_visit = about_visit(&findings, visit);

		if (visit->matters == 0)
			continue;
		put_well(wrap, report, visit, of_visit);
		if (--left > 0)
			wrap_gap(wrap);
	}
	if (about_has_story(phone))
		text_story_short(wrap, phone);
	put_own_findings(wrap, own);
	wrap_gap(wrap);
}

static void
put_phone_block(struct wrap *wrap, const struct phone *phone, struct span own)
{
	put_name(wrap, phone);
	put_verdict(wrap, phone->verdict);
	wrap_end(wrap);
	text_phone(wrap, phone);
	wrap_gap(wrap);
	if (about_has_story(phone)) {
		text_story(wrap, phone);
		wrap_gap(wrap);
	}
	put_own_findings(wrap, own);
}

/* What happened beside the handshakes makes a block of its own, above those of the visits. Without that, what is found of
 * the phone goes with its one visit. */
static void
put_phone(struct wrap *wrap, const struct report *report, const struct phone *phone,
	  struct span findings)
{
	struct span own = about_own(&findings);
	bool told = about_has_story(phone) || (own.n > 0 && visits_that_matter(phone) != 1);

	if (phone_is_well(phone, own, findings)) {
		put_well_phone(wrap, report, phone, own, findings);
		return;
	}
	if (told)
		put_phone_block(wrap, phone, own);
	put_visits(wrap, report, phone, findings, told);
	if (!told)
		put_own_findings(wrap, own);
}

/* A heading, never broken: long paths are common. */
static void
put_input(struct wrap *wrap, const struct tally *tally)
{
	char first[FORMAT_TIME_SIZE], last[FORMAT_TIME_SIZE], number[FORMAT_NUMBER_SIZE];

	format_number(tally->packets, number);
	wrap_line(wrap);
	if (tally->input != NULL) {
		wrap_whole(wrap, tally->input);
		wrap_whole(wrap, ": ");
	}
	wrap_whole(wrap, number);
	wrap_whole(wrap, tally->packets == 1 ? " packet" : " packets");
	if (tally->packets > 0 && format_time(tally->first_us, first) &&
	    format_time(tally->last_us, last)) {
		bool one_day = strncmp(first, last, DATE_LENGTH) == 0;

		first[DATE_LENGTH] = last[DATE_LENGTH] = ' ';
		first[TIME_END] = last[TIME_END] = '\0';
		wrap_whole(wrap, ", ");
		wrap_whole(wrap, first);
		wrap_whole(wrap, " to ");
		wrap_whole(wrap, one_day ? last + DATE_LENGTH + 1 : last);
		wrap_whole(wrap, " UTC");
	}
	wrap_end(wrap);
	wrap_gap(wrap);
}

static void
put_rest(struct wrap *wrap, const struct report *report, const struct tally *tally)
{
	if (tally->handshakes > 0 && report->others == 0)
		return;
	wrap_apart(wrap);
	wrap_line(wrap);
	if (tally->handshakes == 0)
		wrap_text(wrap, "There is no TLS or DTLS handshake in it.");
	else
		wrap_format(wrap,
			    "%zu more %s nothing to do with a phone or a gateway; --all looks at "
			    "every one.",
			    report->others,
			    report->others == 1 ? "handshake has" : "handshakes have");
	wrap_end(wrap);
	wrap_gap(wrap);
}

static void
put_story(struct wrap *wrap, const struct phone *phone)
{
	put_name(wrap, phone);
	put_verdict(wrap, phone->verdict);
	wrap_end(wrap);
	text_phone_brief(wrap, phone);
	text_story(wrap, phone);
	wrap_gap(wrap);
}

/* Gives how many phones there are. */
static size_t
put_phones(struct wrap *wrap, const struct report *report, bool story)
{
	struct span rest = {report->findings, report->n_findings};
	size_t phones = 0;

	for (size_t i = 0; i < report->n_phones; i++) {
		const struct phone *phone = &report->phones[i];
		struct span findings = about_phone(&rest, phone);

		if (!about_matters(phone, findings) || (story && phone->n_steps == 0))
			continue;
		phones++;
		if (story)
			put_story(wrap, phone);
		else
			put_phone(wrap, report, phone, findings);
	}
	return phones;
}

static void
report_text(FILE *to, const struct report *report, const struct tally *tally)
{
	struct wrap wrap;

	wrap_begin(&wrap, to, color);
	put_input(&wrap, tally);
	put_phones(&wrap, report, false);
	put_rest(&wrap, report, tally);
}

static void
stories_text(FILE *to, const struct report *report, const struct tally *tally)
{
	struct wrap wrap;

	wrap_begin(&wrap, to, color);
	put_input(&wrap, tally);
	if (put_phones(&wrap, report, true) > 0)
		return;
	wrap_line(&wrap);
	wrap_text(&wrap, "There is no phone in it.");
	wrap_end(&wrap);
	wrap_gap(&wrap);
}

static void
news_lines(FILE *to, const struct finding *finding, int64_t us)
{
	struct wrap wrap;

	wrap_begin(&wrap, to, color);
	text_news(&wrap, finding, us);
}

const struct sink sink_text = {
	.name = "text",
	.news = news_lines,
	.change = text_change,
	.report = report_text,
	.story = stories_text,
};
