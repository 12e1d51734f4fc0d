/* Pings, those of one host to another together. */
#include "pings.h"

#include <stdlib.h>

#include "tell.h"

struct echo {
	uint16_t id, sequence;
};

/* One host pings another. */
struct pinging {
	struct ip_addr client, server;
	struct echo echo;     /* the last request */
	struct when last;
	struct event *event;   /* what is known of those before; NULL: nothing */
	struct event *waiting; /* the last request, as long as nothing is known of it; else NULL */
};

struct pings {
	struct story_host *host;
	struct pinging pinging[LIMIT_PINGS]; /* the one silent the longest first */
	size_t n;
};

struct pings *
pings_new(struct story_host *host)
{
	struct pings *pings = calloc(1, sizeof(*pings));

	if (pings != NULL)
		pings->host = host;
	return pings;
}

void
pings_free(struct pings *pings)
{
	if (pings == NULL)
		return;
	for (size_t i = 0; i < pings->n; i++) {
		event_free(pings->pinging[i].event);
		event_free(pings->pinging[i].waiting);
	}
	free(pings);
}

/* ---- what is known ---- */

static bool
is_answered(const struct event *event)
{
	return event->ping.answered.frame != 0;
}

static void
join(struct event *known, struct event *request)
{
	repeats_add(&known->ping.asked, request->at);
	if (known->last.frame < request->last.frame)
		known->last = request->last;
	event_free(request);
}

/* The last request was answered now, or never: it joins those before it where they are of that kind. */
static void
settle(struct pings *pings, struct pinging *pinging, bool answered, struct when now)
{
	struct event *known = pinging->event, *request = pinging->waiting;

	pinging->waiting = NULL;
	if (answered)
		request->ping.answered = request->last = now;
	if (known != NULL && is_answered(known) == answered) {
		join(known, request);
		return;
	}
	pinging->event = request;
	if (known != NULL)
		tell_over(pings->host, known);
}

/* ---- the list ---- */

static struct pinging *
find(struct pings *pings, const struct ip_addr *client, const struct ip_addr *server)
{
	for (size_t i = 0; i < pings->n; i++) {
		struct pinging *pinging = &pings->pinging[i];

		if (memcmp(&pinging->client, client, sizeof(*client)) == 0 &&
		    memcmp(&pinging->server, server, sizeof(*server)) == 0)
			return pinging;
	}
	return NULL;
}

static void
forget(struct pings *pings, struct pinging *pinging)
{
	size_t behind = (size_t)(pings->pinging + pings->n - (pinging + 1));

	memmove(pinging, pinging + 1, behind * sizeof(*pinging));
	pings->n--;
}

/* Its list is left first: whoever is told may ask what the others hold. as_before: it ends early, and nobody can tell what
 * would have become of the last request. */
static void
give(struct pings *pings, struct pinging *pinging, bool as_before, struct when now)
{
	struct pinging given = *pinging;

	forget(pings, pinging);
	if (given.waiting != NULL && given.event != NULL && as_before)
		join(given.event, given.waiting);
	else if (given.waiting != NULL)
		settle(pings, &given, false, now);
	tell_over(pings->host, given.event);
}

/* It spoke: it becomes the last of the list. */
static struct pinging *
touch(struct pings *pings, struct pinging *pinging, struct when now)
{
	struct pinging touched = *pinging;

	forget(pings, pinging);
	pinging = &pings->pinging[pings->n++];
	*pinging = touched;
	pinging->last = now;
	return pinging;
}

static struct pinging *
begin(struct pings *pings, const struct ip_addr *client, const struct ip_addr *server, struct when now)
{
	struct pinging *pinging;

	if (pings->n == LIMIT_PINGS) {
		pings->host->tally->evicted_events++;
		give(pings, &pings->pinging[0], true, now);
	}
	pinging = &pings->pinging[pings->n++];
	*pinging = (struct pinging){.client = *client, .server = *server, .last = now};
	return pinging;
}

/* ---- packets ---- */

static bool
same_echo(struct echo a, struct echo b)
{
	return a.id == b.id && a.sequence == b.sequence;
}

static void
on_request(struct pings *pings, const struct packet *packet, struct echo echo, struct when now)
{
	struct pinging *pinging = find(pings, &packet->ip.src, &packet->ip.dst);
	struct event *request;

	if (pinging != NULL && same_echo(pinging->echo, echo) &&
	    now.us - pinging->last.us < LIMIT_SPAN_COPY_MICROSECONDS)
		return;
	request = tell_begin(pings->host, EVENT_PING, packet, SIDE_CLIENT, now);
	if (request == NULL)
		return;
	if (pinging == NULL)
		pinging = begin(pings, &packet->ip.src, &packet->ip.dst, now);
	else
		pinging = touch(pings, pinging, now);
	if (pinging->waiting != NULL)
		settle(pings, pinging, false, now);
	pinging->waiting = request;
	pinging->echo = echo;
}

/* A reply whose request was not seen. */
static void
on_reply_alone(struct pings *pings, const struct packet *packet, struct echo echo, struct when now)
{
	struct event *reply = tell_begin(pings->host, EVENT_PING, packet, SIDE_SERVER, now);
	struct pinging *pinging;

	if (reply == NULL)
		return;
	reply->ping.answered = now;
	pinging = begin(pings, &packet->ip.dst, &packet->ip.src, now);
	pinging->event = reply;
	pinging->echo = echo;
}

static void
on_reply(struct pings *pings, const struct packet *packet, struct echo echo, struct when now)
{
	struct pinging *pinging = find(pings, &packet->ip.dst, &packet->ip.src);

	if (pinging == NULL)
		on_reply_alone(pings, packet, echo, now);
	else if (pinging->waiting != NULL && same_echo(pinging->echo, echo))
		settle(pings, touch(pings, pinging, now), true, now);
	else if (pinging->event != NULL && !is_answered(pinging->event))
		pinging->event->ping.answered = pinging->event->last = now;
}

void
pings_packet(struct pings *pings, const struct packet *packet, struct when now)
{
	const struct echo echo = {packet->icmp.id, packet->icmp.sequence};

	if (packet->icmp.echo_request)
		on_request(pings, packet, echo, now);
	else
		on_reply(pings, packet, echo, now);
}

void
pings_age(struct pings *pings, struct when now)
{
	const int64_t most = INT64_C(1000000) * LIMIT_PING_SECONDS;

	while (pings->n > 0 && now.us - pings->pinging[0].last.us > most)
		give(pings, &pings->pinging[0], false, now);
}

void
pings_finish(struct pings *pings, struct when now)
{
	while (pings->n > 0)
		give(pings, &pings->pinging[0], true, now);
}

size_t
pings_held(const struct pings *pings)
{
	size_t held = 0;

	for (size_t i = 0; i < pings->n; i++) {
		const struct pinging *pinging = &pings->pinging[i];

		held += pinging->event != NULL ? event_weight(pinging->event) : 0;
		held += pinging->waiting != NULL ? event_weight(pinging->waiting) : 0;
	}
	return held;
}
