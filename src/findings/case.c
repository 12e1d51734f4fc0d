/* Handshakes and events gathered, as many as there is room for. */
#include <stdlib.h>

#include "case_room.h"

struct cases *
cases_new(const struct trust *trust)
{
	struct cases *cases = calloc(1, sizeof(*cases));

	if (cases == NULL)
		return NULL;
	cases->trust = trust;
	cases->ring = calloc(LIMIT_HANDSHAKES, sizeof(cases->ring[0]));
	cases->kept = (struct event_ring){calloc(LIMIT_EVENTS, sizeof(struct event *)), LIMIT_EVENTS, 0, 0};
	cases->questions = (struct event_ring){calloc(LIMIT_QUESTIONS, sizeof(struct event *)), LIMIT_QUESTIONS, 0, 0};
	if (cases->ring == NULL || cases->kept.events == NULL || cases->questions.events == NULL) {
		cases_free(cases);
		return NULL;
	}
	return cases;
}

static void
forget_event(struct cases *cases, struct event_ring *ring)
{
	struct event *oldest = ring_at(ring, 0);

	cases->events_held -= event_weight(oldest);
	ring->first = (ring->first + 1) % ring->room;
	ring->n--;
	event_free(oldest);
}

static struct handshake **
place_of(const struct cases *cases, size_t i)
{
	return &cases->ring[(cases->first + i) % LIMIT_HANDSHAKES];
}

void
cases_free(struct cases *cases)
{
	if (cases == NULL)
		return;
	case_report_free(cases);
	for (size_t i = 0; i < cases->n; i++)
		handshake_free(*place_of(cases, i));
	while (cases->kept.n > 0)
		forget_event(cases, &cases->kept);
	while (cases->questions.n > 0)
		forget_event(cases, &cases->questions);
	free(cases->ring);
	free(cases->kept.events);
	free(cases->questions.events);
	free(cases);
}

static void
drop_oldest(struct cases *cases)
{
	struct handshake *oldest = cases->ring[cases->first];

	cases->held -= handshake_weight(oldest);
	cases->first = (cases->first + 1) % LIMIT_HANDSHAKES;
	cases->n--;
	handshake_free(oldest);
}

bool
cases_forget(struct cases *cases, struct tally *tally)
{
	if (cases->n == 0)
		return false;
	drop_oldest(cases);
	tally->evicted_handshakes++;
	return true;
}

void
cases_add(struct cases *cases, struct handshake *handshake, struct tally *tally)
{
	if (cases->n == LIMIT_HANDSHAKES) {
		cases_forget(cases, tally);
		handshake_fetch_certs(*place_of(cases, 0));
		handshake_fetch(*place_of(cases, 1));
	}
	*place_of(cases, cases->n++) = handshake;
	cases->held += handshake_weight(handshake);
	while (cases->n > 1 && cases->held > LIMIT_FACTS)
		cases_forget(cases, tally);
}

/* A phone says who it is every minute. */
static bool
was_said(const struct event_ring *ring, const struct event *event)
{
	for (size_t i = ring->n; i > 0; i--) {
		struct event *before = ring_at(ring, i - 1);
		if (before->kind != EVENT_ANNOUNCEMENT || !event_says_the_same(before, event))
			continue;
		before->again_us = event->at.us;
		return true;
	}
	return false;
}

static const struct phone_file *
content_of(const struct event *event)
{
	return event->kind == EVENT_TRANSFER ? event->transfer.content : NULL;
}

/* Holds a kept file against a trust list: what it weighs may change. False when out of memory; and so below. */
static bool
verify_kept(struct cases *cases, struct event *event, const struct phone_file *list)
{
	bool verified;

	cases->events_held -= event_weight(event);
	verified = phone_file_verify(event->transfer.content, list);
	cases->events_held += event_weight(event);
	return verified;
}

/* Holds the signatures of the last files against this trust list. */
static bool
verify_with(struct cases *cases, const struct phone_file *list)
{
	size_t tried = 0;

	for (size_t i = cases->kept.n; i > 0 && tried < LIMIT_VERIFIED; i--) {
		struct event *event = ring_at(&cases->kept, i - 1);
		if (content_of(event) == NULL)
			continue;
		if (!verify_kept(cases, event, list))
			return false;
		tried++;
	}
	return true;
}

/* Holds the signature of a file against the lists that were given, and the last ones on the wire. */
static bool
verify(struct cases *cases, struct event *event)
{
	const struct phone_file *content = event->transfer.content;
	size_t tried = 0;

	for (size_t i = 0; i < cases->trust->n_lists; i++)
		if (!verify_kept(cases, event, cases->trust->lists[i]))
			return false;
	for (size_t i = cases->kept.n; i > 0 && tried < LIMIT_VERIFIED; i--) {
		const struct phone_file *list = content_of(ring_at(&cases->kept, i - 1));
		if (list == NULL || !phone_file_is_list(list))
			continue;
		if (!verify_kept(cases, event, list))
			return false;
		tried++;
	}
	return !phone_file_is_list(content) || verify_with(cases, content);
}

bool
cases_add_event(struct cases *cases, struct event *event, struct tally *tally)
{
	bool question = event->kind == EVENT_LOOKUP || event->kind == EVENT_PING || event->kind == EVENT_KNOCK;
	struct event_ring *ring = question ? &cases->questions : &cases->kept;
	bool verified = true;

	if (event->kind == EVENT_ANNOUNCEMENT && was_said(ring, event)) {
		event_free(event);
		return true;
	}
	if (ring->n == ring->room) {
		forget_event(cases, ring);
		tally->evicted_events++;
	}
	ring->events[(ring->first + ring->n++) % ring->room] = event;
	cases->events_held += event_weight(event);
	if (content_of(event) != NULL)
		verified = verify(cases, event);
	while (cases->events_held > LIMIT_EVENT_BYTES && cases_forget_event(cases, tally))
		continue;
	return verified;
}

bool
cases_forget_event(struct cases *cases, struct tally *tally)
{
	if (cases->kept.n < 2)
		return false;
	forget_event(cases, &cases->kept);
	tally->evicted_events++;
	return true;
}

static bool
same_ends(const struct handshake *a, const struct handshake *b)
{
	return memcmp(&a->client.ip, &b->client.ip, sizeof(a->client.ip)) == 0 &&
	       memcmp(&a->server.ip, &b->server.ip, sizeof(a->server.ip)) == 0 && a->server.port == b->server.port;
}

static bool
tell_the_same(const struct handshake *a, const struct handshake *b)
{
	return a->dtls == b->dtls && a->outcome == b->outcome && same_ends(a, b) &&
	       handshake_leaf(a, SIDE_SERVER) == handshake_leaf(b, SIDE_SERVER);
}

void
cases_let_go_of_the_same(struct cases *cases)
{
	const struct handshake *newest = cases->n > 0 ? *place_of(cases, cases->n - 1) : NULL;
	size_t same = 0, i = cases->n;

	while (same <= LIMIT_THE_SAME && i-- > 0)
		same += tell_the_same(*place_of(cases, i), newest);
	if (same <= LIMIT_THE_SAME)
		return;
	for (; i > 0; i--) {
		struct handshake *moved = *place_of(cases, i);

		*place_of(cases, i) = *place_of(cases, i - 1);
		*place_of(cases, i - 1) = moved;
	}
	drop_oldest(cases);
}

/* The last file of its name: what it says holds until another comes. */
static bool
holds(const struct event_ring *ring, size_t i)
{
	const struct event *event = ring_at(ring, i);

	while (content_of(event) != NULL && ++i < ring->n)
		if (content_of(ring_at(ring, i)) != NULL && strcmp(ring_at(ring, i)->transfer.file, event->transfer.file) == 0)
			return false;
	return content_of(event) != NULL;
}

static void
let_go(struct cases *cases, struct event_ring *ring, int64_t before_us)
{
	size_t kept = 0;

	for (size_t i = 0; i < ring->n; i++) {
		struct event *event = ring_at(ring, i);

		if (event->last.us < before_us && event->again_us < before_us && !holds(ring, i)) {
			cases->events_held -= event_weight(event);
			event_free(event);
		} else {
			ring->events[(ring->first + kept++) % ring->room] = event;
		}
	}
	ring->n = kept;
}

void
cases_let_go(struct cases *cases, int64_t before_us)
{
	case_report_free(cases);
	while (cases->n > 0 && cases->ring[cases->first]->last.us < before_us)
		drop_oldest(cases);
	let_go(cases, &cases->kept, before_us);
	let_go(cases, &cases->questions, before_us);
}

size_t
cases_kept(const struct cases *cases)
{
	return cases->n + cases->kept.n + cases->questions.n;
}
