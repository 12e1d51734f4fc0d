/* Text: a report that is read at night. One block for each phone and gateway; one line where all is
 * well. */
#include "sink.h"

#include <inttypes.h>
#include <string.h>

#include "format.h"
#include "text_cert.h"
#include "text_finding.h"
#include "text_handshake.h"
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
	char phone[FORMAT_IP_SIZE], server[FORMAT_IP_SIZE], gateway[FORMAT_ENDPOINT_SIZE];

	format_ip(&visit->server, server);
	format_endpoint(&visit->server, visit->port, gateway);
	wrap_line(wrap);
	wrap_style(wrap, WRAP_BOLD);
	wrap_text(wrap, format_phone(visit->phone, phone));
	wrap_text(wrap, " at ");
	wrap_text(wrap, gateway);
	if (visit->host != NULL && strcmp(visit->host, server) != 0) {
		wrap_text(wrap, " (");
		wrap_text(wrap, visit->host);
		wrap_text(wrap, ")");
	}
	wrap_text(wrap, ": ");
}

static void
put_phone(struct wrap *wrap, const struct phone *phone)
{
	char address[FORMAT_IP_SIZE], mac[FORMAT_MAC_SIZE];

	format_ip(&phone->ip, address);
	wrap_label(wrap, "phone", WRAP_PLAIN);
	wrap_text(wrap, address);
	if (phone->has_mac) {
		format_mac(phone->mac, mac);
		wrap_text(wrap, ", ");
		wrap_text(wrap, mac);
	}
	if (phone->model != NULL) {
		wrap_text(wrap, ", ");
		wrap_text(wrap, phone->model);
	}
	if (phone->config != NULL && phone->config->load != NULL) {
		wrap_text(wrap, ", firmware ");
		wrap_text(wrap, phone->config->load);
	}
	if (phone->name[0] != '\0' && phone->name_from != NULL) {
		wrap_format(wrap, ", named by its %s", phone->name_from);
		if (phone->name_at.frame != 0)
			wrap_format(wrap, " in frame %" PRIu64, phone->name_at.frame);
	}
	wrap_end(wrap);
}

static void
put_config(struct wrap *wrap, const struct phone_config *config)
{
	if (config == NULL)
		return;
	wrap_label(wrap, "config", WRAP_PLAIN);
	wrap_text(wrap, config->source);
	for (size_t i = 0; i < config->n_urls; i++) {
		wrap_text(wrap, ", ");
		wrap_text(wrap, config->urls[i].text);
	}
	wrap_end(wrap);
}

/* A visit's findings: they stand together in the report. */
struct span {
	const struct finding *first;
	size_t n;
};

static struct span
findings_of(const struct report *report, const struct visit *visit, size_t from)
{
	struct span span = {from < report->n_findings ? &report->findings[from] : NULL, 0};

	while (from + span.n < report->n_findings && span.first[span.n].visit == visit)
		span.n++;
	return span;
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
put_block(struct wrap *wrap, const struct report *report, const struct visit *visit,
	  struct span findings)
{
	static const struct {
		const char *word;
		enum wrap_style style;
	} looks[] = {
		[VERDICT_UNKNOWN] = {"UNKNOWN", WRAP_YELLOW},
		[VERDICT_OK] = {"OK", WRAP_BOLD},
		[VERDICT_FAILING] = {"FAILING", WRAP_RED},
	};

	put_who(wrap, visit);
	wrap_style(wrap, looks[visit->verdict].style);
	wrap_text(wrap, looks[visit->verdict].word);
	wrap_style(wrap, WRAP_PLAIN);
	if (findings.n == 0)
		wrap_text(wrap, ". No fault was found, but too little is seen to be sure.");
	wrap_end(wrap);
	put_phone(wrap, visit->phone);
	put_config(wrap, visit->config);
	text_trusts(wrap, report, visit);
	wrap_gap(wrap);
	text_handshakes(wrap, report, visit);
	wrap_gap(wrap);
	put_findings(wrap, findings, SEVERITY_ERROR, text_finding);
	put_findings(wrap, findings, SEVERITY_WARNING, text_finding);
	put_findings(wrap, findings, SEVERITY_INFO, text_note);
}

static bool
all_is_well(const struct visit *visit, struct span findings)
{
	for (size_t i = 0; i < findings.n; i++)
		if (findings.first[i].severity != SEVERITY_INFO)
			return false;
	return visit->verdict == VERDICT_OK;
}

static void
put_visit(struct wrap *wrap, const struct report *report, const struct visit *visit,
	  struct span findings)
{
	if (!all_is_well(visit, findings)) {
		put_block(wrap, report, visit, findings);
		return;
	}
	put_who(wrap, visit);
	wrap_text(wrap, "OK. ");
	wrap_style(wrap, WRAP_PLAIN);
	text_well(wrap, report, visit);
	wrap_end(wrap);
	for (size_t i = 0; i < findings.n; i++)
		text_note(wrap, &findings.first[i]);
	wrap_gap(wrap);
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
report_text(FILE *to, const struct report *report, const struct tally *tally)
{
	struct wrap wrap;
	size_t done = 0;

	wrap_begin(&wrap, to, color);
	put_input(&wrap, tally);
	for (size_t i = 0; i < report->n_phones; i++) {
		const struct phone *phone = &report->phones[i];

		for (size_t v = 0; v < phone->n_visits; v++) {
			const struct visit *visit = &phone->visits[v];
			struct span findings = findings_of(report, visit, done);

			done += findings.n;
			if (visit->matters != 0)
				put_visit(&wrap, report, visit, findings);
		}
	}
	put_rest(&wrap, report, tally);
}

const struct sink sink_text = {
	.name = "text",
	.report = report_text,
};
