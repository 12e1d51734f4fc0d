/* Rules about the files that a phone asked for, and about what stands in those that it got. */
#include <strings.h>

#include "judge.h"

/* The phone has it already. */
#define HTTP_NOT_MODIFIED 304

static const struct transfer *
transfer_of(const struct event *event)
{
	return event->kind == EVENT_TRANSFER && !event->transfer.write ? &event->transfer : NULL;
}

static enum phone_file_kind
kind_of(const struct transfer *transfer)
{
	char name[PHONE_NAME_SIZE];

	return phone_file_kind_of_name(transfer->file, name);
}

/* Unity Connection asks for CTLFile.tlv, phones for CTLSEP<MAC>.tlv first. */
static bool
is_plain_ctl(const struct transfer *transfer)
{
	const char *slash = strrchr(transfer->file, '/');

	return strcasecmp(slash != NULL ? slash + 1 : transfer->file, "CTLFile.tlv") == 0;
}

/* Whether what was asked for came later after all, under any of its names and by any transport. */
static bool
came_later(const struct phone *phone, const struct event *failed)
{
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct transfer *transfer = transfer_of(phone->events[e]);
		if (transfer != NULL && phone->events[e]->last.frame > failed->at.frame &&
		    transfer->outcome == TRANSFER_DONE && kind_of(transfer) == kind_of(&failed->transfer))
			return true;
	}
	return false;
}

/* Without its configuration the phone stays as it was; a CTL is missing wherever the cluster is not secure. */
static enum severity
weight_of(enum phone_file_kind kind)
{
	return kind == PHONE_FILE_CONFIG ? SEVERITY_WARNING : SEVERITY_INFO;
}

typedef bool failed_fn(const struct transfer *transfer);

static bool
tftp_refused(const struct transfer *transfer)
{
	return !transfer->http && transfer->outcome == TRANSFER_REFUSED;
}

static bool
http_refused(const struct transfer *transfer)
{
	return transfer->http && transfer->outcome == TRANSFER_REFUSED;
}

static bool
is_silent(const struct transfer *transfer)
{
	return transfer->outcome == TRANSFER_UNANSWERED || transfer->outcome == TRANSFER_BROKEN;
}

static bool
tftp_silent(const struct transfer *transfer)
{
	return !transfer->http && is_silent(transfer);
}

static bool
http_silent(const struct transfer *transfer)
{
	return transfer->http && is_silent(transfer);
}

static enum severity
worst_of(const struct phone *phone, failed_fn *failed)
{
	enum severity worst = SEVERITY_INFO;

	for (size_t e = 0; e < phone->n_events; e++) {
		const struct transfer *transfer = transfer_of(phone->events[e]);
		if (transfer != NULL && failed(transfer) && !came_later(phone, phone->events[e]) &&
		    weight_of(kind_of(transfer)) > worst)
			worst = weight_of(kind_of(transfer));
	}
	return worst;
}

static void
detail_transfer(struct findings *out, struct finding *finding, const struct event *event)
{
	const struct transfer *transfer = &event->transfer;
	unsigned long long frame = event->at.frame, refused = transfer->refused.frame;
	const char *message = transfer->message != NULL ? transfer->message : "no reason given";

	if (transfer->outcome == TRANSFER_REFUSED)
		finding_detail(out, finding, "%s was asked for in frame %llu; the server answered in frame %llu: %s%u, %s.",
			       transfer->file, frame, refused, transfer->http ? "status " : "error ", transfer->code, message);
	else if (refused != 0)
		finding_detail(out, finding, "%s was asked for in frame %llu; error %u, %s, broke it off in frame %llu after "
			       "%llu bytes.",
			       transfer->file, frame, transfer->code, message, refused, (unsigned long long)transfer->size);
	else if (transfer->unreachable.frame != 0)
		finding_detail(out, finding, "%s was asked for in frame %llu; ICMP says in frame %llu: %s.", transfer->file,
			       frame, (unsigned long long)transfer->unreachable.frame,
			       judge_unreachable(transfer->unreachable_type, transfer->unreachable_code));
	else if (transfer->outcome == TRANSFER_UNANSWERED)
		finding_detail(out, finding, "%s was asked for in frame %llu%s, and nothing came back.", transfer->file,
			       frame, transfer->asked.n > 0 ? " and again" : "");
	else
		finding_detail(out, finding, "%s was asked for in frame %llu; the transfer stopped after %llu bytes.",
			       transfer->file, frame, (unsigned long long)transfer->size);
}

static void
add_transfer(struct findings *out, struct finding *finding, const struct event *event)
{
	const struct transfer *transfer = &event->transfer;

	finding_frame(out, finding, event->at);
	finding_frame(out, finding, transfer->asked.last);
	if (transfer->outcome == TRANSFER_BROKEN)
		finding_frame(out, finding, event->last);
	finding_frame(out, finding, transfer->refused);
	finding_frame(out, finding, transfer->unreachable);
	finding_expected(out, finding, transfer->file);
	if (transfer->message != NULL)
		finding_actual(out, finding, transfer->message);
	detail_transfer(out, finding, event);
}

/* A silence is proven where the phone asked again, or the network said so. */
static enum certainty
certainty_of(const struct transfer *transfer)
{
	bool proven = transfer->outcome == TRANSFER_REFUSED || transfer->asked.n > 0 ||
		      transfer->unreachable.frame != 0;

	return proven ? CERTAINTY_PROVEN : CERTAINTY_LIKELY;
}

static void
judge_transfers(const struct rule *rule, const struct phone *phone, failed_fn *failed, struct findings *out)
{
	enum severity worst = worst_of(phone, failed);

	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		const struct transfer *transfer = transfer_of(event);

		if (transfer == NULL || !failed(transfer) || kind_of(transfer) == PHONE_FILE_OTHER ||
		    (is_plain_ctl(transfer) && transfer->outcome == TRANSFER_REFUSED) ||
		    weight_of(kind_of(transfer)) != worst || came_later(phone, event))
			continue;
		add_transfer(out, finding_raise(out, rule, worst, certainty_of(transfer), NULL), event);
	}
}

void
judge_tftp_not_found(const struct rule *rule, const struct report *report, const struct phone *phone,
		     struct findings *out)
{
	(void)report;
	judge_transfers(rule, phone, tftp_refused, out);
}

void
judge_tftp_timeout(const struct rule *rule, const struct report *report, const struct phone *phone, struct findings *out)
{
	(void)report;
	judge_transfers(rule, phone, tftp_silent, out);
}

void
judge_http_not_found(const struct rule *rule, const struct report *report, const struct phone *phone,
		     struct findings *out)
{
	(void)report;
	judge_transfers(rule, phone, http_refused, out);
}

void
judge_http_timeout(const struct rule *rule, const struct report *report, const struct phone *phone, struct findings *out)
{
	(void)report;
	judge_transfers(rule, phone, http_silent, out);
}

void
judge_config_unreadable(const struct rule *rule, const struct report *report, const struct phone *phone,
			struct findings *out)
{
	(void)report;
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		const struct transfer *transfer = transfer_of(event);
		const struct phone_file *content = transfer != NULL ? transfer->content : NULL;
		bool encrypted = content != NULL && content->seal_state != SEAL_NONE && content->seal.encrypted;
		struct finding *finding;

		if (transfer == NULL || transfer->outcome != TRANSFER_DONE || kind_of(transfer) != PHONE_FILE_CONFIG ||
		    encrypted || (transfer->http && transfer->code == HTTP_NOT_MODIFIED) ||
		    (content != NULL && (content->config != NULL || content->cut)))
			continue;
		finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, NULL);
		finding_frame(out, finding, event->at);
		finding_frame(out, finding, event->last);
		finding_actual(out, finding, transfer->file);
		finding_detail(out, finding, "%s came whole, %llu bytes, and is no configuration%s%s.", transfer->file,
			       (unsigned long long)transfer->size,
			       content != NULL && content->config_error != NULL ? ": " : "",
			       content != NULL && content->config_error != NULL ? content->config_error : "");
	}
}

void
judge_ctl_missing(const struct rule *rule, const struct report *report, const struct phone *phone, struct findings *out)
{
	(void)report;
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct event *event = phone->events[e];
		const struct transfer *transfer = transfer_of(event);

		if (transfer != NULL && transfer->outcome == TRANSFER_REFUSED && is_plain_ctl(transfer) &&
		    !came_later(phone, event))
			add_transfer(out, finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, NULL), event);
	}
}

/* No other client is worth a word. */
static bool
is_alone(const struct report *report, const struct phone *phone)
{
	size_t own = 0;

	for (size_t v = 0; v < phone->n_visits; v++)
		own += phone->visits[v].matters != 0;
	return own > 0 && own == report->visits_that_matter;
}

/* The configuration that counts for this phone at the end. Where only one was given, it is that of a client that
 * nothing names and that is alone. */
static struct received
told(const struct report *report, const struct phone *phone)
{
	struct received told = phone_told(phone);

	if (told.config == NULL && report->trust->n_configs == 1 && phone->name_from == NULL && is_alone(report, phone))
		told.config = report->trust->configs[0];
	return told;
}

static void
add_source(struct findings *out, struct finding *finding, struct received from)
{
	if (from.event != NULL)
		finding_frame(out, finding, from.event->at);
	judge_source(out, finding, from);
}

void
judge_no_vpn_group(const struct rule *rule, const struct report *report, const struct phone *phone, struct findings *out)
{
	struct received from = told(report, phone);
	struct finding *finding;

	if (from.config == NULL || from.config->has_vpn_group || from.config->partial)
		return;
	finding = finding_raise(out, rule, SEVERITY_INFO, CERTAINTY_PROVEN, NULL);
	add_source(out, finding, from);
	finding_detail(out, finding, "%s has no <vpnGroup>.",
		       from.event != NULL ? from.event->transfer.file : from.config->source);
}

void
judge_config_hash_unusable(const struct rule *rule, const struct report *report, const struct phone *phone,
			   struct findings *out)
{
	struct received from = told(report, phone);

	for (size_t i = 0; from.config != NULL && i < from.config->n_hashes; i++) {
		const struct config_hash *hash = &from.config->hashes[i];
		struct finding *finding;
		char base64[HASH_BASE64_SIZE];

		if (hash->form == HASH_BASE64)
			continue;
		finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, NULL);
		add_source(out, finding, from);
		finding_actual(out, finding, hash->text);
		if (hash->form == HASH_BAD) {
			finding_detail(out, finding, "'%s' is no Base64 of a SHA-1, SHA-256 or SHA-512.", hash->text);
			continue;
		}
		hash_base64(hash->hash.bytes, hash->hash.n, base64);
		finding_expected(out, finding, base64);
		finding_detail(out, finding, "'%s' is a hash in hex; the phone reads Base64, which would be %s.", hash->text,
			       base64);
	}
}

void
judge_signature_wrong(const struct rule *rule, const struct report *report, const struct phone *phone,
		      struct findings *out)
{
	(void)report;
	for (size_t e = 0; e < phone->n_events; e++) {
		const struct transfer *transfer = transfer_of(phone->events[e]);
		struct finding *finding;

		if (transfer == NULL || transfer->content == NULL || transfer->content->cut ||
		    transfer->content->seal_state != SEAL_BAD)
			continue;
		finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, NULL);
		finding_frame(out, finding, phone->events[e]->at);
		finding_frame(out, finding, phone->events[e]->last);
		finding_actual(out, finding, transfer->file);
		finding_detail(out, finding, "The signature of %s does not fit %s.", transfer->file,
			       transfer->content->verified_by != NULL ? transfer->content->verified_by :
									"its signer's certificate");
	}
}
