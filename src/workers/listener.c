/* One worker, as its parent hears it. */
#include "listener.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define READ_BYTES 65536
#define LENGTH_BYTES 4

static void
lose(struct listener *listener)
{
	listener->lost = listener->over = true;
	listener->has_head = false;
}

void
listener_begin(struct listener *listener)
{
	free(listener->end.sentence);
	listener->end = (struct told_end){.opened = false};
	listener->tally = (struct tally){.packets = 0};
	listener->next = (struct turn){0, 0};
	listener->begun = 0;
	listener->first_id = listener->end_ids = listener->n_open = 0;
	listener->over = listener->lost;
}

void
listener_free(struct listener *listener)
{
	free(listener->end.sentence);
	free(listener->bytes);
}

/* ---- reading ---- */

static bool
make_room(struct listener *listener)
{
	size_t room = listener->room > 0 ? listener->room : READ_BYTES;
	uint8_t *bytes;

	if (listener->begin > 0) {
		memmove(listener->bytes, listener->bytes + listener->begin, listener->n - listener->begin);
		listener->n -= listener->begin;
		listener->begin = 0;
	}
	while (room - listener->n < READ_BYTES)
		room *= 2;
	if (room == listener->room)
		return true;
	bytes = realloc(listener->bytes, room);
	if (bytes == NULL)
		return false;
	listener->bytes = bytes;
	listener->room = room;
	return true;
}

void
listener_read(struct listener *listener)
{
	ssize_t got;

	if (!make_room(listener)) {
		listener->out_of_memory = true;
		return;
	}
	got = read(listener->from, listener->bytes + listener->n, READ_BYTES);
	if (got > 0)
		listener->n += (size_t)got;
	else if (got == 0 || errno != EINTR)
		listener->ended = true;
	if (listener->ended)
		lose(listener);
}

/* ---- hearing ---- */

/* next_told cuts what is told next off what was read, all of it; false where it has not all come. */
static bool
next_told(struct listener *listener, struct slice *out)
{
	struct slice bytes = slice_of(listener->bytes + listener->begin, listener->n - listener->begin);
	uint32_t length;

	if (!slice_u32(&bytes, &length))
		return false;
	if (length > LIMIT_WORKER_TELLS) {
		lose(listener);
		return false;
	}
	if (!slice_take(&bytes, length, out))
		return false;
	listener->begin += LENGTH_BYTES + length;
	return true;
}

static void
hear_counts(struct listener *listener, struct carry *in)
{
	told_count(in, &listener->tally);
	listener->counted = true;
	if (listener->kind != TOLD_END)
		return;
	told_end(in, &listener->end);
	listener->over = true;
}

/* What does not say what it is. */
static void
hear(struct listener *listener, struct slice told)
{
	struct carry in = carry_reading(told, NULL, NULL);
	struct turn turn = {0, 0};

	CARRY(&in, listener->kind, TOLD_END);
	CARRY(&in, turn.frame, UINT64_MAX);
	CARRY(&in, turn.order, UINT64_MAX);
	carry_must(&in, !turn_is_before(turn, listener->next));
	listener->next = turn;
	listener->has_head = listener->kind != TOLD_PASSED && listener->kind != TOLD_END;
	if (!listener->has_head)
		hear_counts(listener, &in);
	carry_must(&in, listener->has_head || in.in.n == 0);
	listener->head = in.in;
	listener->out_of_memory |= in.out_of_memory;
	if (in.bad)
		lose(listener);
}

bool
listener_hear(struct listener *listener)
{
	struct slice told;

	while (!listener->over && !listener->has_head && next_told(listener, &told))
		hear(listener, told);
	return listener->has_head;
}

/* ---- the head ---- */

static bool
was_read(struct listener *listener, struct carry *in)
{
	carry_must(in, in->out_of_memory || in->in.n == 0);
	listener->out_of_memory |= in->out_of_memory;
	listener->has_head = false;
	if (in->bad)
		lose(listener);
	return !in->bad;
}

/* What is left of the ids are those that are open. */
static void
drop_told(struct listener *listener)
{
	size_t n = 0;

	for (size_t i = listener->first_id; i < listener->end_ids; i++)
		if (listener->ids[i].given != 0)
			listener->ids[n++] = listener->ids[i];
	listener->first_id = 0;
	listener->end_ids = n;
}

uint32_t
listener_number(struct listener *listener, uint32_t last)
{
	struct carry in = carry_reading(listener->head, NULL, NULL);
	uint32_t n = (uint32_t)carry_number(&in, 0, LIMIT_FOLLOWED - listener->n_open);

	if (listener->end_ids + n > sizeof(listener->ids) / sizeof(listener->ids[0]))
		drop_told(listener);
	for (uint32_t i = 0; i < n; i++)
		listener->ids[listener->end_ids++] = (struct listener_id){++listener->begun, ++last};
	listener->n_open += n;
	was_read(listener, &in);
	return last;
}

static int
compare_own(const void *a, const void *b)
{
	const struct listener_id *x = a, *y = b;

	return (x->own > y->own) - (x->own < y->own);
}

/* find_id gives the place of a number that was given to a handshake; NULL: it has not begun, or is over. */
static struct listener_id *
find_id(struct listener *listener, uint32_t own)
{
	struct listener_id key = {.own = own};
	struct listener_id *id = bsearch(&key, listener->ids + listener->first_id, listener->end_ids - listener->first_id,
					 sizeof(key), compare_own);

	return id != NULL && id->given != 0 ? id : NULL;
}

/* take_id gives it once, 0 where there is none. */
static uint32_t
take_id(struct listener *listener, uint32_t own)
{
	struct listener_id *id = find_id(listener, own);
	uint32_t given;

	if (id == NULL)
		return 0;
	given = id->given;
	id->given = 0;
	listener->n_open--;
	while (listener->first_id < listener->end_ids && listener->ids[listener->first_id].given == 0)
		listener->first_id++;
	return given;
}

struct handshake *
listener_handshake(struct listener *listener, struct cert_store *certs, struct carry_words *words)
{
	struct carry in = carry_reading(listener->head, certs, words);
	struct handshake *handshake = carry_handshake(&in, NULL);

	if (handshake != NULL) {
		handshake->id = take_id(listener, handshake->id);
		carry_must(&in, handshake->id != 0);
	}
	if (was_read(listener, &in))
		return handshake;
	handshake_free(handshake);
	return NULL;
}

struct handshake *
listener_decided(struct listener *listener, struct cert_store *certs, struct carry_words *words, bool *anew)
{
	struct carry in = carry_reading(listener->head, certs, words);
	struct handshake *handshake;
	struct listener_id *id;

	*anew = carry_number(&in, 0, 1) != 0;
	handshake = carry_handshake(&in, NULL);
	if (handshake != NULL) {
		id = find_id(listener, handshake->id);
		handshake->id = id != NULL ? id->given : 0;
		carry_must(&in, id != NULL);
	}
	if (was_read(listener, &in))
		return handshake;
	handshake_free(handshake);
	return NULL;
}

struct event *
listener_event(struct listener *listener, struct cert_store *certs, struct carry_words *words)
{
	struct carry in = carry_reading(listener->head, certs, words);
	struct event *event = carry_event(&in, NULL);

	if (was_read(listener, &in))
		return event;
	event_free(event);
	return NULL;
}

char *
listener_notice(struct listener *listener, bool *own)
{
	struct carry in = carry_reading(listener->head, NULL, NULL);
	char *sentence = NULL;

	*own = false;
	told_notice(&in, own, &sentence);
	if (was_read(listener, &in))
		return sentence;
	free(sentence);
	return NULL;
}
