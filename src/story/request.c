/* Requests of one HTTP connection, in order, each with the file that it asks for. */
#include <stdlib.h>

#include "tell.h"
#include "text.h"
#include "web_room.h"

/* Where CUCM has the files of its phones. */
#define PHONE_FILES_PORT 6970

/* request-target of RFC 9112 section 3.2, without its query: the path behind its first slash, and behind the host where
 * it has one. */
static struct slice
file_of(struct slice target)
{
	struct slice file = target, scheme, rest, part;

	(void)slice_until(&target, '?', &file);
	rest = file;
	if (slice_until(&rest, '/', &scheme) && scheme.n == 0)
		return rest;
	if (slice_until(&rest, '/', &part) && part.n == 0 && slice_until(&rest, '/', &part))
		return rest;
	return file;
}

static bool
is_of_interest(const struct web *web, const char *file)
{
	char phone[PHONE_NAME_SIZE];

	return phone_file_kind_of_name(file, phone) != PHONE_FILE_OTHER ||
	       web->ends->end[!web->client].port == PHONE_FILES_PORT;
}

static bool
is_method(const struct http_head *head, const char *method)
{
	return head->method.n == strlen(method) && slice_starts(head->method, method, strlen(method));
}

static struct event *
event_of(struct web *web, const struct http_head *head, char *file, struct when when)
{
	struct event *event = event_new(EVENT_TRANSFER);

	if (event == NULL) {
		web->host->out_of_memory = true;
		return NULL;
	}
	event->at = event->last = when;
	event->client = web->ends->end[web->client];
	event->server = web->ends->end[!web->client];
	event->vlans = web->ends->vlans;
	memcpy(event->vlan, web->ends->vlan, sizeof(event->vlan));
	event->transfer.http = true;
	event->transfer.write = is_method(head, "PUT") || is_method(head, "POST");
	event->transfer.file = file;
	tell_text(web->host, &event->transfer.mode, head->method);
	if (event->transfer.write) {
		event->transfer.has_told_size = head->has_length;
		event->transfer.told_size = head->length;
	}
	return event;
}

static void
append(struct web *web, struct request *request)
{
	*(web->last != NULL ? &web->last->next : &web->first) = request;
	web->last = request;
	web->sending = request;
	web->n_requests++;
}

static void
request_free(struct web *web, struct request *request)
{
	receive_clear(&request->file);
	receive_give(web->host, request->held);
	free(request);
}

/* NULL: no memory, or none that may be held. */
static struct request *
make(struct web *web, struct event *event)
{
	size_t held = sizeof(struct request) + (event != NULL ? event_weight(event) : 0);
	struct request *request = NULL;

	if (web->n_requests == LIMIT_WEB_REQUESTS || !receive_take(web->host, held)) {
		web->host->tally->over_limit++;
		return NULL;
	}
	request = calloc(1, sizeof(*request));
	if (request == NULL) {
		web->host->out_of_memory = true;
		receive_give(web->host, held);
		return NULL;
	}
	request->held = held;
	request->event = event;
	return request;
}

void
request_new(struct web *web, const struct http_head *head, struct when when)
{
	char *file = text_escape(file_of(head->target));
	bool interest = file != NULL && is_of_interest(web, file);
	struct event *event = interest ? event_of(web, head, file, when) : NULL;
	struct request *request;

	web->host->out_of_memory |= file == NULL;
	if (event == NULL)
		free(file);
	web->done = web->host->out_of_memory || (!interest && !web->asked);
	web->asked = true;
	request = web->done ? NULL : make(web, event);
	if (request == NULL) {
		event_free(event);
		while (web->first != NULL)
			request_over(web, TRANSFER_INCOMPLETE, when);
		web->done = true;
		return;
	}
	request->head = is_method(head, "HEAD");
	if (event != NULL)
		receive_begin(&request->file, web->host, event->transfer.file);
	append(web, request);
}

void
request_answered(struct web *web, const struct http_head *head, struct when when)
{
	struct request *request = web->first;
	struct transfer *transfer;

	if (request->event == NULL)
		return;
	request->event->last = when;
	request->taken = head->status < 300 || head->status == 304;
	transfer = &request->event->transfer;
	transfer->answered = when;
	transfer->code = head->status;
	if (!request->taken) {
		transfer->refused = when;
		tell_text(web->host, &transfer->message, head->reason);
	} else if (!transfer->write) {
		transfer->has_told_size = head->has_length;
		transfer->told_size = head->length;
		if (head->packed || head->status == 206) /* neither is the file's own bytes from its first on */
			request->file.keeps = false;
	}
}

/* The request whose file a direction's body is, NULL where the body is something else. */
static struct request *
whose_file(const struct web *web, unsigned dir)
{
	struct request *request = dir == (unsigned)web->client ? web->sending : web->first;

	if (request == NULL || request->event == NULL)
		return NULL;
	if (request->event->transfer.write)
		return dir == (unsigned)web->client ? request : NULL;
	return dir != (unsigned)web->client && request->taken ? request : NULL;
}

void
request_body(struct web *web, unsigned dir, struct slice bytes, struct when when)
{
	struct request *request = whose_file(web, dir);

	if (request == NULL)
		return;
	(void)receive_put(&request->file, request->off, bytes);
	request->off += bytes.n;
	request->event->last = when;
}

void
request_hole(struct web *web, unsigned dir, uint64_t len, struct when when)
{
	struct request *request = whose_file(web, dir);

	if (request == NULL)
		return;
	request->off += len;
	receive_give_up(&request->file, request->off);
	request->event->last = when;
}

static void
tell(struct web *web, struct request *request, enum transfer_outcome outcome)
{
	struct transfer *transfer = &request->event->transfer;
	bool whole = receive_is_whole(&request->file, request->off);

	if (transfer->refused.frame != 0)
		outcome = TRANSFER_REFUSED;
	else if (outcome == TRANSFER_DONE && !whole)
		outcome = TRANSFER_INCOMPLETE;
	transfer->outcome = outcome;
	transfer->size = request->file.size;
	transfer->content = receive_content(&request->file, transfer->file, outcome == TRANSFER_DONE);
	tell_over(web->host, request->event);
}

void
request_over(struct web *web, enum transfer_outcome outcome, struct when when)
{
	struct request *request = web->first;

	web->first = request->next;
	if (web->first == NULL)
		web->last = NULL;
	if (web->sending == request)
		web->sending = NULL;
	web->n_requests--;
	if (request->event != NULL) {
		if (outcome == TRANSFER_DONE)
			request->event->last = when;
		tell(web, request, outcome);
	}
	request_free(web, request);
}
