/* JSON: one object a line. docs/output.md tells of every key, docs/handspan.schema.json holds them
 * to it. */
#include "sink.h"

#include "format.h"
#include "json_handshake.h"
#include "json_writer.h"

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
put_gateway(struct json *json, const struct visit *visit)
{
	char text[FORMAT_ENDPOINT_SIZE];

	format_endpoint(&visit->server, visit->port, text);
	json_string(json, "gateway", text);
}

static void
finding_line(FILE *to, const struct finding *finding)
{
	struct json json;
	char address[FORMAT_IP_SIZE];

	json_begin(&json, to, "finding");
	json_string(&json, "id", finding->rule->id);
	json_string(&json, "severity", severity_name(finding->severity));
	json_string(&json, "certainty", certainty_name(finding->certainty));
	json_string(&json, "title", finding->rule->title);
	json_string(&json, "detail", finding->detail);
	json_string(&json, "phone", format_phone(finding->visit->phone, address));
	put_gateway(&json, finding->visit);
	put_ids(&json, "handshakes", finding->handshakes, finding->n_handshakes);
	put_frames(&json, finding);
	json_strings(&json, "expected", finding->expected, finding->n_expected);
	put_actual(&json, finding);
	json_string(&json, "explanation", finding->rule->explanation);
	put_lines(&json, "remedy", finding->rule->remedy);
	put_lines(&json, "references", finding->rule->references);
	if (finding->tainted)
		json_bool(&json, "tainted", true);
	json_end(&json);
}

static void
put_known(struct json *json, const char *what, const char *from, uint64_t frame)
{
	json_object(json, NULL);
	json_string(json, "what", what);
	json_string(json, "from", from);
	if (frame != 0)
		json_uint(json, "frame", frame);
	json_object_end(json);
}

static void
put_known_from(struct json *json, const struct phone *phone)
{
	json_array(json, "known_from");
	if (phone->name[0] != '\0' && phone->name_from != NULL)
		put_known(json, "name", phone->name_from, phone->name_at.frame);
	if (phone->has_mac)
		put_known(json, "mac", "packets", 0);
	if (phone->model != NULL)
		put_known(json, "model", "certificate", 0);
	if (phone->config != NULL && phone->config->load != NULL)
		put_known(json, "firmware", "configuration", 0);
	put_known(json, "addresses", "packets", 0);
	json_array_end(json);
}

static void
put_configuration(struct json *json, const struct phone_config *config)
{
	if (config == NULL)
		return;
	json_object(json, "configuration");
	json_string(json, "source", config->source);
	json_array(json, "urls");
	for (size_t i = 0; i < config->n_urls; i++)
		json_string(json, NULL, config->urls[i].text);
	json_array_end(json);
	json_array(json, "hashes");
	for (size_t i = 0; i < config->n_hashes; i++)
		json_string(json, NULL, config->hashes[i].text);
	json_array_end(json);
	json_object_end(json);
}

static void
put_protocol_ids(struct json *json, const char *key, const struct visit *visit, bool dtls)
{
	json_array(json, key);
	for (size_t i = 0; i < visit->n; i++)
		if (visit->handshakes[i]->dtls == dtls)
			json_uint(json, NULL, visit->handshakes[i]->id);
	json_array_end(json);
}

static void
put_visits(struct json *json, const struct phone *phone)
{
	json_array(json, "handshakes");
	for (size_t i = 0; i < phone->n_visits; i++) {
		const struct visit *visit = &phone->visits[i];

		if (visit->matters == 0)
			continue;
		json_object(json, NULL);
		put_gateway(json, visit);
		json_string(json, "host", visit->host);
		put_protocol_ids(json, "tls", visit, false);
		put_protocol_ids(json, "dtls", visit, true);
		json_string(json, "verdict", verdict_name(visit->verdict));
		json_object_end(json);
	}
	json_array_end(json);
}

/* A phone's findings: they stand together in the report. */
struct span {
	const struct finding *first;
	size_t n;
};

/* Each rule once, though it may have spoken at several gateways. */
static void
put_finding_ids(struct json *json, struct span findings)
{
	json_array(json, "findings");
	for (size_t i = 0; i < findings.n; i++) {
		size_t before = 0;

		while (findings.first[before].rule != findings.first[i].rule)
			before++;
		if (before == i)
			json_string(json, NULL, findings.first[i].rule->id);
	}
	json_array_end(json);
}

static void
phone_line(FILE *to, const struct phone *phone, struct span findings)
{
	struct json json;
	char address[FORMAT_IP_SIZE], mac[FORMAT_MAC_SIZE];

	format_ip(&phone->ip, address);
	json_begin(&json, to, "phone");
	json_string(&json, "phone", phone->name[0] != '\0' ? phone->name : address);
	json_string(&json, "name", phone->name[0] != '\0' ? phone->name : NULL);
	if (phone->has_mac) {
		format_mac(phone->mac, mac);
		json_string(&json, "mac", mac);
	}
	json_string(&json, "model", phone->model);
	json_string(&json, "firmware", phone->config != NULL ? phone->config->load : NULL);
	json_array(&json, "addresses");
	json_string(&json, NULL, address);
	json_array_end(&json);
	put_known_from(&json, phone);
	put_configuration(&json, phone->config);
	put_visits(&json, phone);
	put_finding_ids(&json, findings);
	json_string(&json, "verdict", verdict_name(phone->verdict));
	json_end(&json);
}

static bool
phone_matters(const struct phone *phone)
{
	for (size_t i = 0; i < phone->n_visits; i++)
		if (phone->visits[i].matters != 0)
			return true;
	return false;
}

static struct span
findings_of(const struct report *report, const struct phone *phone, size_t from)
{
	struct span span = {from < report->n_findings ? &report->findings[from] : NULL, 0};

	while (from + span.n < report->n_findings && span.first[span.n].visit->phone == phone)
		span.n++;
	return span;
}

/* Gives how many phones there are. */
static size_t
phone_lines(FILE *to, const struct report *report)
{
	size_t phones = 0, done = 0;

	for (size_t i = 0; i < report->n_phones; i++) {
		const struct phone *phone = &report->phones[i];
		struct span findings = findings_of(report, phone, done);

		done += findings.n;
		if (!phone_matters(phone))
			continue;
		phone_line(to, phone, findings);
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
	json_uint(&json, "dropped_kernel", tally->dropped_kernel);
	json_uint(&json, "dropped_interface", tally->dropped_interface);
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
	phones = phone_lines(to, report);
	summary_line(to, report, tally, phones);
}

const struct sink sink_json = {
	.name = "json",
	.handshake = json_handshake,
	.report = report_lines,
};
