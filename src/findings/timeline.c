/* The story of each phone, step by step. */
#include "timeline.h"

#include <stdlib.h>
#include <strings.h>

#include "gateway.h"
#include "step_text.h"
#include "who.h"

static enum step_kind
kind_of_transfer(const struct transfer *transfer)
{
	char name[PHONE_NAME_SIZE];

	switch (phone_file_kind_of_name(transfer->file, name)) {
	case PHONE_FILE_CONFIG:
		return STEP_CONFIGURATION;
	case PHONE_FILE_CTL:
	case PHONE_FILE_ITL:
		return STEP_TRUST_LIST;
	case PHONE_FILE_OTHER:
		break;
	}
	return STEP_FILE;
}

static enum step_kind
kind_of(const struct event *event)
{
	switch (event->kind) {
	case EVENT_ANNOUNCEMENT:
		return STEP_IDENTITY;
	case EVENT_LEASE:
		return STEP_ADDRESS;
	case EVENT_TRANSFER:
		return kind_of_transfer(&event->transfer);
	case EVENT_LOOKUP:
		return STEP_NAME;
	case EVENT_KNOCK:
		return STEP_CONNECTION;
	case EVENT_PING:
		break;
	}
	return STEP_PING;
}

static enum step_result
result_of(const struct event *event)
{
	switch (event->kind) {
	case EVENT_ANNOUNCEMENT:
		return STEP_SAID;
	case EVENT_LEASE:
		return event->lease.type == DHCP_ACK ? STEP_OK : event->lease.type == DHCP_NAK ? STEP_FAILED : STEP_UNKNOWN;
	case EVENT_TRANSFER:
		return event->transfer.outcome == TRANSFER_DONE ? STEP_OK :
		       event->transfer.outcome == TRANSFER_INCOMPLETE ? STEP_UNKNOWN : STEP_SAID;
	case EVENT_LOOKUP:
		return event->lookup.n_ips > 0 ? STEP_OK : STEP_SAID;
	case EVENT_KNOCK:
		return STEP_SAID;
	case EVENT_PING:
		break;
	}
	return event->ping.answered.frame != 0 ? STEP_OK : STEP_SAID;
}

static enum step_result
result_of_handshake(const struct handshake *handshake)
{
	static const enum step_result results[] = {
		[OUTCOME_INCOMPLETE] = STEP_UNKNOWN,
		[OUTCOME_ESTABLISHED] = STEP_OK,
		[OUTCOME_FAILED] = STEP_FAILED,
		[OUTCOME_UNANSWERED] = STEP_FAILED,
	};
	return results[handshake->outcome];
}

/* Whether the server answered this DHCP message, or the client asked again with the same number. */
static bool
was_heard(const struct phone *phone, size_t at)
{
	for (size_t e = at + 1; e < phone->n_events; e++)
		if (phone->events[e]->kind == EVENT_LEASE && phone->events[e]->lease.xid == phone->events[at]->lease.xid)
			return true;
	return false;
}

/* A step of its own: not every message of DHCP, and of a client's look-ups, those for a gateway. */
static bool
is_worth_telling(const struct report *report, const struct phone *phone, size_t e)
{
	const struct event *event = phone->events[e];

	if (event->kind == EVENT_LEASE)
		return event->lease.type == DHCP_ACK || event->lease.type == DHCP_NAK || !was_heard(phone, e);
	if (event->kind == EVENT_LOOKUP)
		return phone->is_phone || who_is_asked_for(report->trust, event->lookup.name);
	return (event->kind != EVENT_PING && event->kind != EVENT_KNOCK) || phone->is_phone ||
	       gateway_is_at(report, phone, &event->server, NULL);
}

/* The findings of one phone: they stand together in the report. */
struct span {
	const struct finding *first;
	size_t n;
};

static bool
names_frame(const struct finding *finding, uint64_t frame)
{
	for (size_t i = 0; i < finding->n_frames; i++)
		if (finding->frames[i] == frame)
			return true;
	return false;
}

static bool
names_handshake(const struct finding *finding, const struct handshake *handshake)
{
	for (size_t i = 0; i < finding->n_handshakes; i++)
		if (finding->handshakes[i] == handshake->id)
			return true;
	return false;
}

/* Whether a finding says that it went wrong here. */
static bool
is_named(const struct step *step, struct span findings)
{
	for (size_t i = 0; i < findings.n; i++) {
		const struct finding *finding = &findings.first[i];
		if (step->handshake != NULL && step->result != STEP_OK && finding->visit != NULL &&
		    finding->severity == SEVERITY_ERROR && names_handshake(finding, step->handshake))
			return true;
		if (step->event != NULL && finding->visit == NULL && finding->severity >= SEVERITY_WARNING &&
		    names_frame(finding, step->at.frame))
			return true;
	}
	return false;
}

static void
add_event(struct phone *phone, const struct event *event)
{
	phone->timeline[phone->n_steps++] = (struct step){
		.kind = kind_of(event),
		.result = result_of(event),
		.at = event->at,
		.last = event->last,
		.event = event,
	};
}

static void
add_handshake(struct phone *phone, const struct handshake *handshake)
{
	phone->timeline[phone->n_steps++] = (struct step){
		.kind = handshake->dtls ? STEP_DTLS : STEP_TLS,
		.result = result_of_handshake(handshake),
		.at = handshake->first,
		.last = handshake->last,
		.handshake = handshake,
	};
}

static int
by_frame(const void *a, const void *b)
{
	const struct step *left = a, *right = b;

	if (left->at.frame != right->at.frame)
		return left->at.frame > right->at.frame ? 1 : -1;
	return (int)left->kind - (int)right->kind;
}

static void
add_end(struct phone *phone)
{
	struct when last = {0, 0};

	for (size_t s = 0; s < phone->n_steps; s++)
		if (phone->timeline[s].last.frame > last.frame)
			last = phone->timeline[s].last;
	phone->timeline[phone->n_steps++] = (struct step){
		.kind = STEP_END,
		.result = step_result_end(phone),
		.at = last,
		.last = last,
	};
}

/* False when out of memory; and so below. */
static bool
finish(struct phone *phone, struct span findings)
{
	bool failed = false;

	for (size_t s = 0; s < phone->n_steps; s++) {
		struct step *step = &phone->timeline[s];

		if (step->event != NULL)
			step->text = step_text_event(step->event);
		else if (step->handshake != NULL)
			step->text = step_text_handshake(step->handshake);
		else
			step->text = step_text_end(phone);
		if (step->text == NULL)
			return false;
		step->after_us = s > 0 ? step->at.us - phone->timeline[s - 1].at.us : 0;
		if (!is_named(step, findings))
			continue;
		step->result = STEP_FAILED;
		step->first_failed = !failed;
		failed = true;
	}
	return true;
}

static bool
tell(const struct report *report, struct phone *phone, struct span findings)
{
	size_t n = phone->n_events + 1;

	for (size_t v = 0; v < phone->n_visits; v++)
		n += phone->visits[v].n;
	phone->timeline = calloc(n, sizeof(*phone->timeline));
	if (phone->timeline == NULL)
		return false;
	for (size_t e = 0; e < phone->n_events; e++)
		if (is_worth_telling(report, phone, e))
			add_event(phone, phone->events[e]);
	for (size_t v = 0; v < phone->n_visits; v++)
		for (size_t i = 0; phone->visits[v].matters != 0 && i < phone->visits[v].n; i++)
			add_handshake(phone, phone->visits[v].handshakes[i]);
	qsort(phone->timeline, phone->n_steps, sizeof(*phone->timeline), by_frame);
	add_end(phone);
	return finish(phone, findings);
}

static struct span
findings_of(const struct report *report, const struct phone *phone, size_t *f)
{
	struct span span = {*f < report->n_findings ? &report->findings[*f] : NULL, 0};

	while (*f < report->n_findings && report->findings[*f].phone == phone) {
		span.n++;
		(*f)++;
	}
	return span;
}

static bool
matters(const struct phone *phone)
{
	for (size_t v = 0; v < phone->n_visits; v++)
		if (phone->visits[v].matters != 0)
			return true;
	return phone->is_phone;
}

bool
timeline_tell(struct report *report)
{
	size_t f = 0;

	for (size_t p = 0; p < report->n_phones; p++) {
		struct phone *phone = &report->phones[p];
		struct span findings = findings_of(report, phone, &f);

		if ((matters(phone) || findings.n > 0) && !tell(report, phone, findings))
			return false;
	}
	return true;
}

const char *
step_name(enum step_kind kind)
{
	static const char *const names[] = {"identity",	     "address", "ping", "name", "trust-list",
					    "configuration", "file",	"connection", "tls",	"dtls", "end"};
	return names[kind];
}

const char *
step_result_name(enum step_result result)
{
	static const char *const names[] = {"said", "ok", "failed", "unknown"};
	return names[result];
}
