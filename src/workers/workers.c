/* Several processes share one input: their parent. */
#include "workers_room.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "diag.h"
#include "signals.h"

/* How long nothing may come before signals are looked at. */
#define WAIT_MS 100

/* How long others wait, live, for one that does not say how far it has come: it hangs, or the clock was set back. */
#define PATIENCE_MS 1000

/* ---- whose turn it is ---- */

/* Of a file, a worker that is late is waited for, however long that takes. */
static bool
is_late(const struct hand *hand, int64_t now_ms)
{
	return !hand->listener.has_head && now_ms - hand->moved_ms > PATIENCE_MS;
}

/* Of several at the same turn one comes first that may still tell something for it; one that is late is the last of all. */
static bool
is_before(const struct hand *one, const struct hand *other, int64_t now_ms)
{
	const struct listener *a = &one->listener, *b = &other->listener;

	if (is_late(one, now_ms) != is_late(other, now_ms))
		return is_late(other, now_ms);
	return turn_is_before(a->next, b->next) || (b->has_head && !a->has_head && !turn_is_before(b->next, a->next));
}

/* NULL: all have come to the end. */
static struct hand *
first_in_turn(struct workers *workers, int64_t now_ms)
{
	struct hand *first = NULL;

	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];

		if (!hand->listener.over && (first == NULL || is_before(hand, first, now_ms)))
			first = hand;
	}
	return first;
}

/* Live alone time matters: for files none passes. */
static int64_t
clock_ms(const struct workers_to *to)
{
	struct timespec now = {.tv_sec = 0};

	if (to->live != NULL)
		clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* note_turns notes who has moved on. */
static void
note_turns(struct workers *workers, int64_t now_ms)
{
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];

		if (hand->listener.has_head || turn_is_before(hand->turn, hand->listener.next))
			hand->moved_ms = now_ms;
		hand->turn = hand->listener.next;
	}
}

/* ---- counts ---- */

/* Times do not add up: of a file the first worker has them, of an interface each has its own. */
static void
set_times(const struct workers *workers, struct tally *tally)
{
	bool first = true;

	for (unsigned i = 0; i < workers->n; i++) {
		const struct tally *own = &workers->hands[i].listener.tally;

		if (own->packets == 0)
			continue;
		if (first || own->first_us < tally->first_us)
			tally->first_us = own->first_us;
		if (first || own->last_us > tally->last_us)
			tally->last_us = own->last_us;
		first = false;
	}
}

/* Each knows all of its own times of drops. */
static void
set_drop_spans(const struct workers *workers, struct drops *sum)
{
	sum->n = 0;
	for (unsigned i = 0; i < workers->n; i++) {
		const struct drops *own = &workers->hands[i].listener.tally.dropped;

		for (size_t n = 0; n < own->n; n++)
			drops_add(sum, 0, 0, own->spans[n].from_us, own->spans[n].to_us);
	}
}

static void
add_counts(const struct workers *workers, struct hand *hand, struct tally *sum)
{
	told_add(sum, &hand->listener.tally, &hand->added);
	hand->added = hand->listener.tally;
	hand->listener.counted = false;
	set_times(workers, sum);
	set_drop_spans(workers, &sum->dropped);
}

/* ---- one that is lost ---- */

/* What it had not told is gone, as what is dropped is: from then on the kernel deals out among the others what was its share. */
static void
share_again(const struct workers *workers, struct hand *hand, const struct workers_to *to)
{
	int64_t now_us = capture_clock(to->live, UINT64_MAX);

	workers_hang_up(hand);
	drops_add(&hand->listener.tally.dropped, 0, 0, now_us, now_us);
	set_drop_spans(workers, &to->tally->dropped);
}

/* Nobody knows what else one that is lost would have found: no more is read of a file. */
static void
miss_lost(struct workers *workers, const struct workers_to *to)
{
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];

		if (!hand->listener.lost || hand->missed)
			continue;
		hand->missed = workers->lost = true;
		diag_error("worker %u of %u is lost: %s; %s, and what it had not told is missing", i + 1, workers->n,
			   workers_how_lost(hand), to->live != NULL ? "the others go on" : "reading ends here");
		workers_forget_all_decided(hand);
		if (to->live != NULL)
			share_again(workers, hand, to);
		else
			workers_ask_to_stop(workers);
	}
}

/* ---- what they tell ---- */

/* hear has all look for their heads, in what they have. */
static void
hear(struct workers *workers, const struct workers_to *to)
{
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];

		if (!hand->listener.has_head && !hand->listener.over)
			listener_hear(&hand->listener);
		if (hand->listener.counted)
			add_counts(workers, hand, to->tally);
	}
}

static void
take_notice(const struct workers *workers, struct hand *hand)
{
	bool own;
	char *sentence = listener_notice(&hand->listener, &own);

	if (sentence != NULL && own)
		diag_note("worker %u of %u: %s", (unsigned)(hand - workers->hands) + 1, workers->n, sentence);
	else if (sentence != NULL)
		diag_note("%s", sentence);
	free(sentence);
}

/* take has the head of what one tells gathered. */
static void
take(struct workers *workers, struct hand *hand, const struct workers_to *to)
{
	struct listener *listener = &hand->listener;
	struct handshake *handshake;
	struct event *event;

	switch (listener->kind) {
	case TOLD_BEGUN:
		*to->handshakes = listener_number(listener, *to->handshakes);
		break;
	case TOLD_HANDSHAKE:
		handshake = listener_handshake(listener, to->certs, &workers->words);
		if (handshake == NULL)
			break;
		workers_forget_decided(hand, handshake->id);
		gather_handshake(to->gather, handshake, workers_decided_weight(workers));
		break;
	case TOLD_EVENT:
		event = listener_event(listener, to->certs, &workers->words);
		if (event != NULL)
			gather_event(to->gather, event, workers_decided_weight(workers));
		break;
	case TOLD_DECIDED:
		workers_take_decided(workers, hand, to->certs);
		gather_stir(to->gather);
		break;
	case TOLD_NOTICE:
		take_notice(workers, hand);
		break;
	default:
		break;
	}
}

static bool
out_of_memory(const struct workers *workers, const struct gather *gather)
{
	for (unsigned i = 0; i < workers->n; i++)
		if (workers->hands[i].listener.out_of_memory || workers->hands[i].listener.end.out_of_memory)
			return true;
	return gather_out_of_memory(gather);
}

/* Those that may still tell something are waited for. */
static void
wait_for_more(struct workers *workers)
{
	struct pollfd polls[LIMIT_WORKERS];

	for (unsigned i = 0; i < workers->n; i++) {
		const struct listener *listener = &workers->hands[i].listener;
		bool waited_for = !listener->over && !listener->has_head;

		polls[i] = (struct pollfd){.fd = waited_for ? listener->from : -1, .events = POLLIN};
	}
	if (poll(polls, workers->n, WAIT_MS) <= 0)
		return;
	for (unsigned i = 0; i < workers->n; i++)
		if (polls[i].revents != 0)
			listener_read(&workers->hands[i].listener);
}

/* ---- what has been found until now ---- */

/* Up to when nothing more is to come from any of those that are not late. */
static int64_t
heard_until(struct workers *workers, const struct workers_to *to, int64_t now_ms)
{
	uint64_t until = UINT64_MAX;

	for (unsigned i = 0; i < workers->n; i++) {
		const struct hand *hand = &workers->hands[i];

		if (!hand->listener.over && !is_late(hand, now_ms) && hand->listener.next.frame < until)
			until = hand->listener.next.frame;
	}
	return capture_clock(to->live, until);
}

/* False when out of memory. */
static bool
look(struct workers *workers, const struct workers_to *to, int64_t now_ms)
{
	int64_t now_us;

	if (to->live == NULL)
		return true;
	now_us = heard_until(workers, to, now_ms);
	while (gather_is_due(to->gather, now_us)) {
		workers_copy_decided(workers, to->open);
		if (!gather_look(to->gather, now_us, to->open))
			return false;
	}
	return true;
}

/* ---- one input ---- */

/* The first that has anything to say of how it ended speaks for all: they have read the same. */
static enum workers_answer
answer(const struct workers *workers)
{
	const char *sentence = NULL;
	bool opened = true, lost = false;

	for (unsigned i = 0; i < workers->n; i++) {
		const struct listener *listener = &workers->hands[i].listener;

		if (sentence == NULL)
			sentence = listener->end.sentence;
		opened = opened && (listener->lost || listener->end.opened);
		lost = lost || listener->end.lost;
	}
	if (sentence != NULL)
		diag_error("%s", sentence);
	if (workers->lost)
		return WORKERS_LOST;
	if (lost)
		return WORKERS_INTERFACE_LOST;
	return opened ? WORKERS_READ : WORKERS_NOT_READ;
}

static void
begin(struct workers *workers, int64_t now_ms)
{
	for (unsigned i = 0; i < workers->n; i++) {
		struct hand *hand = &workers->hands[i];

		listener_begin(&hand->listener);
		hand->added = (struct tally){.packets = 0};
		hand->turn = hand->listener.next;
		hand->moved_ms = now_ms;
	}
}

enum workers_answer
workers_read(struct workers *workers, const struct workers_to *to)
{
	int64_t now_ms = clock_ms(to);
	struct hand *first;

	begin(workers, now_ms);
	hear(workers, to);
	while ((first = first_in_turn(workers, now_ms)) != NULL) {
		if (first->listener.has_head)
			take(workers, first, to);
		else
			wait_for_more(workers);
		if (out_of_memory(workers, to->gather))
			return WORKERS_OUT_OF_MEMORY;
		miss_lost(workers, to);
		to->meanwhile(to->arg);
		if (signals_stop())
			workers_ask_to_stop(workers);
		hear(workers, to);
		now_ms = clock_ms(to);
		note_turns(workers, now_ms);
		if (!look(workers, to, now_ms))
			return WORKERS_OUT_OF_MEMORY;
	}
	return answer(workers);
}
