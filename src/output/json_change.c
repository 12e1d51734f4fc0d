/* A change as a line of JSON. */
#include "json_change.h"

#include "format.h"
#include "json_parts.h"

static void
put_leaf(struct json *json, const struct change_leaf *leaf)
{
	json_object(json, "certificate");
	json_string(json, "subject", leaf->name);
	json_string(json, "hash", leaf->hash);
	if (leaf->has_dates)
		json_seconds(json, "not_after", leaf->not_after);
	json_object_end(json);
}

static void
put_told(struct json *json, const struct change *change)
{
	json_bool(json, "fitted_before", change->before);
	json_object(json, "told");
	json_string(json, "hash", change->told->text);
	json_uint(json, "hashes", change->n_told);
	if (change->told_by.event != NULL) {
		json_string(json, "file", change->told_by.event->transfer.file);
		json_uint(json, "frame", change->told_by.event->last.frame);
	} else if (change->told_by.config != NULL) {
		json_string(json, "file", change->told_by.config->source);
	}
	json_object_end(json);
}

static void
put_finding(struct json *json, const struct finding *finding)
{
	json_string(json, "id", finding->rule->id);
	json_string(json, "severity", severity_name(finding->severity));
	json_string(json, "certainty", certainty_name(finding->certainty));
	json_string(json, "detail", finding->detail);
	json_array(json, "frames");
	for (size_t i = 0; i < finding->n_frames; i++)
		json_uint(json, NULL, finding->frames[i]);
	json_array_end(json);
	if (finding->tainted)
		json_bool(json, "tainted", true);
}

void
json_change(FILE *to, const struct change *change)
{
	char label[FORMAT_IP_SIZE], gateway[FORMAT_ENDPOINT_SIZE];
	struct json json;

	json_begin(&json, to, "change");
	json_string(&json, "change", change_name(change->kind));
	json_time(&json, "time", change->us);
	if (change->phone != NULL)
		json_string(&json, "phone", format_phone(change->phone, label));
	if (change->has_gateway) {
		format_endpoint(&change->server, change->port, gateway);
		json_string(&json, "gateway", gateway);
		json_string(&json, "host", change->host);
	}
	if (change->finding != NULL)
		put_finding(&json, change->finding);
	if (change->rule != NULL)
		json_string(&json, change->finding != NULL ? "before" : "id", change->rule->id);
	if (change->has_leaf)
		put_leaf(&json, &change->leaf);
	if (change->told != NULL)
		put_told(&json, change);
	if (change->kind == CHANGE_FORGOTTEN)
		json_string(&json, "why", forgotten_name(change->why));
	if (change->kind == CHANGE_EXPIRES)
		json_uint(&json, "days", change->n);
	if (change->kind == CHANGE_UNSAID)
		json_uint(&json, "changes", change->n);
	json_end(&json);
}
