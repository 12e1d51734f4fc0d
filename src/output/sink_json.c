/* JSON: one object a line. docs/output.md tells of every key, docs/handspan.schema.json holds them
 * to it. */
#include "sink.h"

#include "format.h"
#include "json_change.h"
#include "json_event.h"
#include "json_handshake.h"
#include "json_phone.h"

static void
put_part(void *to, const char *text)
{
	json_part(to, text);
}

static void
put_ids(struct json *json, const char *key, const uint32_t *ids, size_t n)
{
	json_array(json, key);
	for (size_t i = 0; i < n; i++)
		json_uint(json, NULL, ids[i]);
	json_array_end(json);
}

static void
put_frames(struct json *json, const struct finding *finding)
{
	json_array(json, "frames");
	for (size_t i = 0; i < finding->n_frames; i++)
		json_uint(json, NULL, finding->frames[i]);
	json_array_end(json);
	if (finding->n_frames == 0)
		return;
	json_string_begin(json, "filter");
	format_filter(finding->frames, finding->n_frames, put_part, json);
	json_string_end(json);
}

/* Where what was expected is from. */
static void
put_source(struct json *json, const struct finding *finding)
{
	if (finding->source == NULL)
		return;
	json_object(json, "expected_from");
	json_string(json, "file", finding->source);
	if (finding->source_at.frame != 0)
		json_uint(json, "frame", finding->source_at.frame);
	json_object_end(json);
}

/* The contract has one string here: several are joined. */
static void
put_actual(struct json *json, const struct finding *finding)
{
	if (finding->n_actual == 0)
		return;
	json_string_begin(json, "actual");
	for (size_t i = 0; i < finding->n_actual; i++) {
		if (i > 0)
			json_part(json, ", ");
		json_part(json, finding->actual[i]);
	}
	json_string_end(json);
}

/* An array of a table's strings, which end in NULL. */
static void
put_lines(struct json *json, const char *key, const char *const *lines)
{
	json_array(json, key);
	for (; lines != NULL && *lines != NULL; lines++)
		json_string(json, NULL, *lines);
	json_array_end(json);
}

static void
put_finding(struct json *json, const struct finding *finding)
{
	char label[FORMAT_IP_SIZE];

	json_string(json, "id", finding->rule->id);
	json_string(json, "severity", severity_name(finding->severity));
	json_string(json, "certainty", certainty_name(finding->certainty));
	json_string(json, "title", finding->rule->title);
	json_string(json, "detail", finding->detail);
	json_string(json, "phone", format_phone(finding->phone, label));
	if (finding->visit != NULL)
		json_gateway(json, finding->visit);
	put_ids(json, "handshakes", finding->handshakes, finding->n_handshakes);
	put_frames(json, finding);
	json_strings(json, "expected", finding->expected, finding->n_expected);
	put_source(json, finding);
	put_actual(json, finding);
	json_string(json, "explanation", finding->rule->explanation);
	put_lines(json, "remedy", finding->rule->remedy);
	put_lines(json, "references", finding->rule->references);
	if (finding->tainted)
		json_bool(json, "tainted", true);
}

static void
finding_line(FILE *to, const struct finding *finding)
{
	struct json json;

	json_begin(&json, to, "finding");
	put_finding(&json, finding);
	json_end(&json);
}

static void
news_line(FILE *to, const struct finding *finding, int64_t us)
{
	struct json json;

	json_begin(&json, to, "finding");
	json_bool(&json, "live", true);
	json_time(&json, "time", us);
	put_finding(&json, finding);
	json_end(&json);
}

/* Gives how many phones there are; story: only those that have one. */
static size_t
phone_lines(FILE *to, const struct report *report, bool story)
{
	struct span rest = {report->findings, report->n_findings};
	size_t phones = 0;

	for (size_t i = 0; i < report->n_phones; i++) {
		const struct phone *phone = &report->phones[i];
		struct span findings = about_phone(&rest, phone);

		if (!about_matters(phone, findings) || (story && phone->n_steps == 0))
			continue;
		json_phone(to, phone, findings);
		phones++;
	}
	return phones;
}

static void
put_severities(struct json *json, const struct report *report)
{
	uint64_t counts[SEVERITY_ERROR + 1] = {0};

	for (size_t i = 0; i < report->n_findings; i++)
		counts[report->findings[i].severity]++;
	json_object(json, "findings");
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--)
		json_uint(json, severity_name((enum severity)severity), counts[severity]);
	json_object_end(json);
}

static void
summary_line(FILE *to, const struct report *report, const struct tally *tally, size_t phones)
{
	struct json json;

	json_begin(&json, to, "summary");
	json_string(&json, "input", tally->input);
	if (tally->packets > 0) {
		json_time(&json, "first_time", tally->first_us);
		json_time(&json, "last_time", tally->last_us);
	}
	json_uint(&json, "packets", tally->packets);
	json_uint(&json, "bytes", tally->bytes);
	json_uint(&json, "dropped_kernel", tally->dropped.kernel);
	json_uint(&json, "dropped_interface", tally->dropped.interface);
	json_uint(&json, "unreadable", tally->unreadable);
	json_uint(&json, "cut", tally->cut);
	json_uint(&json, "fragments_lost", tally->fragments_lost);
	json_uint(&json, "flows", tally->flows);
	json_uint(&json, "handshakes", tally->handshakes);
	json_uint(&json, "tls", tally->tls);
	json_uint(&json, "dtls", tally->dtls);
	json_uint(&json, "others", report->others);
	json_uint(&json, "certificates", tally->certificates);
	json_uint(&json, "holes", tally->holes);
	json_uint(&json, "hole_bytes", tally->hole_bytes);
	json_uint(&json, "evicted_flows", tally->evicted_flows);
	json_uint(&json, "evicted_handshakes", tally->evicted_handshakes);
	json_uint(&json, "evicted_events", tally->evicted_events);
	json_uint(&json, "over_limit", tally->over_limit);
	json_bool(&json, "damaged", tally->damaged);
	json_uint(&json, "phones", phones);
	put_severities(&json, report);
	json_end(&json);
}

static void
report_lines(FILE *to, const struct report *report, const struct tally *tally)
{
	size_t phones;

	for (size_t i = 0; i < report->n_findings; i++)
		finding_line(to, &report->findings[i]);
	phones = phone_lines(to, report, false);
	summary_line(to, report, tally, phones);
}

static void
story_lines(FILE *to, const struct report *report, const struct tally *tally)
{
	(void)tally;
	phone_lines(to, report, true);
}

const struct sink sink_json = {
	.name = "json",
	.handshake = json_handshake,
	.event = json_event,
	.news = news_line,
	.change = json_change,
	.report = report_lines,
	.story = story_lines,
};
