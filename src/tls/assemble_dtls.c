/* Messages of a DTLS flow, by message_seq: fragments come in any order, overlap, and come again with other
 * cuts. Record sequence numbers play no part. RFC 6347 section 4.2.3. The common message is whole in one fragment and
 * never copied. */
#include <stdlib.h>

#include "assemble.h"

/* A run of a body that has come; runs of a message are kept apart and in order. */
struct run {
	uint32_t from, to;
};

struct dtls_message {
	struct dtls_message *next;
	uint16_t seq;
	uint8_t type;
	uint32_t length;
	uint8_t *body;
	size_t room;
	struct run runs[LIMIT_DTLS_RUNS];
	size_t n_runs;
};

static bool
given_before(const struct dtls_assembly *assembly, uint16_t seq)
{
	return seq < 256 && (assembly->done[seq / 32] & (UINT32_C(1) << seq % 32)) != 0;
}

static void
remember_given(struct dtls_assembly *assembly, uint16_t seq)
{
	if (seq < 256)
		assembly->done[seq / 32] |= UINT32_C(1) << seq % 32;
}

static void
message_free(struct dtls_message *message, struct assembly_budget *budget)
{
	budget->held -= sizeof(*message) + message->room;
	free(message->body);
	free(message);
}

/* Forgets the message that stands there. */
static void
forget(struct dtls_assembly *assembly, struct dtls_message **at, struct assembly_budget *budget)
{
	struct dtls_message *message = *at;

	*at = message->next;
	assembly->n--;
	message_free(message, budget);
}

void
dtls_assembly_clear(struct dtls_assembly *assembly, struct assembly_budget *budget)
{
	while (assembly->first != NULL)
		forget(assembly, &assembly->first, budget);
	*assembly = (struct dtls_assembly){.n = 0};
}

/* Finds the place of the message of this number, behind the others where there is none. */
static struct dtls_message **
find(struct dtls_assembly *assembly, uint16_t seq)
{
	struct dtls_message **at = &assembly->first;

	while (*at != NULL && (*at)->seq != seq)
		at = &(*at)->next;
	return at;
}

/* Begins a message; NULL: there is no room. */
static struct dtls_message *
make(struct dtls_assembly *assembly, const struct handshake_header *header, struct assembly_budget *budget)
{
	struct dtls_message *message;

	if (assembly->n == LIMIT_DTLS_MESSAGES || !assembly_fits(budget, sizeof(*message))) {
		budget->refused++;
		return NULL;
	}
	message = calloc(1, sizeof(*message));
	if (message == NULL) {
		budget->out_of_memory = true;
		return NULL;
	}
	budget->held += sizeof(*message);
	message->seq = header->message_seq;
	message->type = header->type;
	message->length = header->length;
	assembly->n++;
	return message;
}

/* The buffer grows with what came: far behind its end lies no more than a promise. */
static bool
make_room(struct dtls_message *message, uint32_t need, struct assembly_budget *budget)
{
	uint32_t end = message->n_runs > 0 ? message->runs[message->n_runs - 1].to : 0;
	uint8_t *body;

	if (need <= message->room)
		return true;
	if (need > LIMIT_MESSAGE || need - end > LIMIT_DTLS_REACH ||
	    !assembly_fits(budget, need - message->room)) {
		budget->refused++;
		return false;
	}
	body = realloc(message->body, need);
	if (body == NULL) {
		budget->out_of_memory = true;
		return false;
	}
	memset(body + message->room, 0, need - message->room);
	budget->held += need - message->room;
	message->body = body;
	message->room = need;
	return true;
}

/* Joins a run with those that it meets. */
static bool
add_run(struct dtls_message *message, struct run run)
{
	struct run *runs = message->runs;
	size_t first = 0, last;

	while (first < message->n_runs && runs[first].to < run.from)
		first++;
	for (last = first; last < message->n_runs && runs[last].from <= run.to; last++) {
		run.from = runs[last].from < run.from ? runs[last].from : run.from;
		run.to = runs[last].to > run.to ? runs[last].to : run.to;
	}
	if (first == last && message->n_runs == LIMIT_DTLS_RUNS)
		return false;
	memmove(&runs[first + 1], &runs[last], (message->n_runs - last) * sizeof(runs[0]));
	runs[first] = run;
	message->n_runs = message->n_runs - (last - first) + 1;
	return true;
}

static bool
is_whole(const struct dtls_message *message)
{
	return message->n_runs == 1 && message->runs[0].from == 0 && message->runs[0].to == message->length;
}

/* What is given of a message: its body as far as it came, and the gaps between its runs. */
static struct message
as_message(const struct dtls_message *message)
{
	struct message out = {.type = message->type};
	uint32_t expected = 0;

	for (size_t i = 0; i <= message->n_runs; i++) {
		uint32_t from = i < message->n_runs ? message->runs[i].from : message->length;
		if (from > expected && out.n_gaps < LIMIT_HOLES)
			out.gaps[out.n_gaps++] = (struct gap){.off = expected, .len = from - expected};
		if (i < message->n_runs)
			expected = message->runs[i].to;
	}
	out.body = slice_of(message->body, message->room);
	return out;
}

enum dtls_add
dtls_assembly_add(struct dtls_assembly *assembly, const struct handshake_header *header,
		  struct slice fragment, struct assembly_budget *budget, message_fn give, void *arg)
{
	struct run run = {.from = header->frag_offset, .to = header->frag_offset + header->frag_length};
	struct dtls_message **at, *message;
	struct message whole;

	if (given_before(assembly, header->message_seq))
		return DTLS_AGAIN;
	at = find(assembly, header->message_seq);
	if (*at == NULL && header->frag_length == header->length) {
		message_whole(&whole, header->type, fragment);
		give(arg, &whole);
		remember_given(assembly, header->message_seq);
		return DTLS_WHOLE;
	}
	if (*at == NULL)
		*at = make(assembly, header, budget);
	message = *at;
	if (message == NULL)
		return DTLS_REFUSED;
	if (message->type != header->type || message->length != header->length ||
	    !make_room(message, run.to, budget) || !add_run(message, run))
		return DTLS_REFUSED;
	if (run.from < run.to)
		slice_copy(&fragment, message->body + run.from, header->frag_length);
	if (!is_whole(message))
		return DTLS_WAITING;
	whole = as_message(message);
	give(arg, &whole);
	remember_given(assembly, header->message_seq);
	forget(assembly, at, budget);
	return DTLS_WHOLE;
}

void
dtls_assembly_waiting(struct dtls_assembly *assembly, struct assembly_budget *budget, message_fn give,
		      void *arg)
{
	for (struct dtls_message *waiting = assembly->first; waiting != NULL; waiting = waiting->next) {
		struct message message;

		make_room(waiting, waiting->length, budget);
		message = as_message(waiting);
		if (waiting->room < waiting->length) {
			message.over_limit = true;
			message.body.n = 0;
		}
		give(arg, &message);
	}
	dtls_assembly_clear(assembly, budget);
}
