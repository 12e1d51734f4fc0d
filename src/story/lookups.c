/* Names asked for by DNS, each with its answer. */
#include "lookups.h"

#include <stdlib.h>

#include "dissectors/dns.h"
#include "tell.h"
#include "text.h"

#define DNS_PORT 53
#define CLASS_IN 1

/* Queries of one lookup whose answers are known for it: two servers, asked four times each. */
#define QUERIES 8

/* Records looked at of one answer: its aliases, then addresses. */
#define RECORDS 64

/* What is asked, and by whom. Names are compared by their hash alone: whoever makes two with the same one loses but his
 * own lookup. */
struct question {
	struct ip_addr client;
	uint64_t name;
	uint16_t type;
};

struct query {
	uint16_t port, id;
};

struct asking {
	struct question question;
	struct query queries[QUERIES]; /* the last ones */
	size_t n_queries;              /* all */
	struct ip_addr server;         /* whom the last one went to */
	struct when last;
	struct event *event; /* NULL: it is over */
};

struct lookups {
	struct story_host *host;
	struct asking asking[LIMIT_LOOKUPS]; /* the one silent the longest first */
	size_t n;
};

struct lookups *
lookups_new(struct story_host *host)
{
	struct lookups *lookups = calloc(1, sizeof(*lookups));

	if (lookups != NULL)
		lookups->host = host;
	return lookups;
}

void
lookups_free(struct lookups *lookups)
{
	if (lookups == NULL)
		return;
	for (size_t i = 0; i < lookups->n; i++)
		event_free(lookups->asking[i].event);
	free(lookups);
}

/* FNV-1a */
static uint64_t
hash(const char *text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *text != '\0'; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return h;
}

static bool
same_question(const struct question *a, const struct question *b)
{
	return a->name == b->name && a->type == b->type && memcmp(&a->client, &b->client, sizeof(a->client)) == 0;
}

static bool
has_query(const struct asking *asking, struct query query)
{
	for (size_t i = 0; i < asking->n_queries && i < QUERIES; i++)
		if (asking->queries[i].port == query.port && asking->queries[i].id == query.id)
			return true;
	return false;
}

static void
add_query(struct asking *asking, struct query query)
{
	if (!has_query(asking, query))
		asking->queries[asking->n_queries++ % QUERIES] = query;
}

/* ---- the list ---- */

static void
forget(struct lookups *lookups, struct asking *asking)
{
	size_t behind = (size_t)(lookups->asking + lookups->n - (asking + 1));

	memmove(asking, asking + 1, behind * sizeof(*asking));
	lookups->n--;
}

/* It spoke: it becomes the last of the list. */
static struct asking *
touch(struct lookups *lookups, struct asking *asking, struct when now)
{
	struct asking touched = *asking;

	forget(lookups, asking);
	asking = &lookups->asking[lookups->n++];
	*asking = touched;
	asking->last = now;
	if (asking->event != NULL)
		asking->event->last = now;
	return asking;
}

static void
give(struct lookups *lookups, struct asking *asking)
{
	struct event *event = asking->event;

	asking->event = NULL;
	if (event != NULL)
		tell_over(lookups->host, event);
}

static struct asking *
first_over(struct lookups *lookups)
{
	for (size_t i = 0; i < lookups->n; i++)
		if (lookups->asking[i].event == NULL)
			return &lookups->asking[i];
	return NULL;
}

/* One that is over makes way first. */
static void
make_room(struct lookups *lookups)
{
	struct asking *asking;

	if (lookups->n < LIMIT_LOOKUPS)
		return;
	asking = first_over(lookups);
	if (asking == NULL) {
		asking = &lookups->asking[0];
		lookups->host->tally->evicted_events++;
		give(lookups, asking);
	}
	forget(lookups, asking);
}

static struct asking *
begin(struct lookups *lookups, const struct packet *packet, enum side from, const struct question *question,
      const char *name, struct when now)
{
	struct event *event = tell_begin(lookups->host, EVENT_LOOKUP, packet, from, now);
	struct asking *asking;

	if (event == NULL)
		return NULL;
	event->lookup.type = question->type;
	event->lookup.name = text_escape_name(slice_of(name, strlen(name)));
	if (event->lookup.name == NULL) {
		lookups->host->out_of_memory = true;
		event_free(event);
		return NULL;
	}
	make_room(lookups);
	asking = &lookups->asking[lookups->n++];
	*asking = (struct asking){.question = *question, .last = now, .event = event};
	return asking;
}

/* ---- queries ---- */

/* The lookup that a query repeats, or is a copy of: the newest one. */
static struct asking *
find_repeated(struct lookups *lookups, const struct question *question, struct query query, struct when now)
{
	const int64_t copies = INT64_C(1000000) * LIMIT_DATAGRAM_COPY_SECONDS;

	for (struct asking *asking = lookups->asking + lookups->n; asking-- > lookups->asking;)
		if (same_question(&asking->question, question) &&
		    (asking->event != NULL ||
		     (has_query(asking, query) && now.us - asking->last.us < copies)))
			return asking;
	return NULL;
}

/* The same query to the same server once more, so soon that nobody asked twice. */
static bool
is_span_copy(const struct asking *asking, const struct packet *packet, struct query query, struct when now)
{
	return has_query(asking, query) && memcmp(&asking->server, &packet->ip.dst, sizeof(asking->server)) == 0 &&
	       now.us - asking->last.us < LIMIT_SPAN_COPY_MICROSECONDS;
}

static void
on_query(struct lookups *lookups, const struct packet *packet, const struct dns *dns, const struct question *question,
	 struct when now)
{
	const struct query query = {packet->udp.src_port, dns->id};
	struct asking *asking = find_repeated(lookups, question, query, now);

	if (asking != NULL && (asking->event == NULL || is_span_copy(asking, packet, query, now)))
		return;
	if (asking != NULL) {
		asking = touch(lookups, asking, now);
		repeats_add(&asking->event->lookup.asked, now);
	} else {
		asking = begin(lookups, packet, SIDE_CLIENT, question, dns->name, now);
	}
	if (asking == NULL)
		return;
	asking->server = packet->ip.dst;
	add_query(asking, query);
}

/* ---- answers ---- */

/* The lookup that an answer answers, or is a copy of an answer to: the newest one. */
static struct asking *
find_asked(struct lookups *lookups, const struct question *question, struct query query)
{
	for (struct asking *asking = lookups->asking + lookups->n; asking-- > lookups->asking;)
		if (same_question(&asking->question, question) && has_query(asking, query))
			return asking;
	return NULL;
}

static void
read_records(struct story_host *host, struct lookup *lookup, struct dns dns)
{
	struct dns_answer record;
	struct dis_at at;
	char alias[DNS_NAME_SIZE] = "";

	lookup->n_ips = 0;
	for (size_t i = 0; i < RECORDS && dns_answer_next(&dns, &record, &at) == DIS_OK; i++) {
		if (record.type == DNS_CNAME)
			memcpy(alias, record.target, sizeof(alias));
		else if (record.type == lookup->type && lookup->n_ips < LIMIT_ANSWERS)
			lookup->ips[lookup->n_ips++] = record.ip;
	}
	free(lookup->alias);
	lookup->alias = NULL;
	if (alias[0] == '\0')
		return;
	lookup->alias = text_escape_name(slice_of(alias, strlen(alias)));
	if (lookup->alias == NULL)
		host->out_of_memory = true;
}

static void
on_answer(struct lookups *lookups, const struct packet *packet, const struct dns *dns,
	  const struct question *question, struct when now)
{
	const struct query query = {packet->udp.dst_port, dns->id};
	struct asking *asking = find_asked(lookups, question, query);
	struct lookup *lookup;

	if (asking == NULL)
		asking = begin(lookups, packet, SIDE_SERVER, question, dns->name, now);
	if (asking == NULL || asking->event == NULL)
		return;
	add_query(asking, query);
	asking = touch(lookups, asking, now);
	lookup = &asking->event->lookup;
	lookup->answered = now;
	lookup->rcode = dns->rcode;
	lookup->truncated = dns->truncated;
	read_records(lookups->host, lookup, *dns);
	if (lookup->rcode == DNS_NOERROR || lookup->rcode == DNS_NXDOMAIN)
		give(lookups, asking);
}

bool
lookups_datagram(struct lookups *lookups, const struct packet *packet, struct when now)
{
	struct question question;
	struct dns dns;
	struct dis_at at;

	if (dns_dissect(packet->payload, &dns, &at) != DIS_OK)
		return false;
	if (dns.class != CLASS_IN || (dns.type != DNS_A && dns.type != DNS_AAAA))
		return true;
	question = (struct question){packet->ip.src, hash(dns.name), dns.type};
	if (dns.response)
		question.client = packet->ip.dst;
	if (!dns.response && packet->udp.dst_port == DNS_PORT)
		on_query(lookups, packet, &dns, &question, now);
	else if (dns.response && packet->udp.src_port == DNS_PORT)
		on_answer(lookups, packet, &dns, &question, now);
	return true;
}

/* ---- what nobody answers ---- */

static bool
asked_from(const struct asking *asking, uint16_t port)
{
	for (size_t i = 0; i < asking->n_queries && i < QUERIES; i++)
		if (asking->queries[i].port == port)
			return true;
	return false;
}

/* One socket may have asked for A and for AAAA: the error is about both. */
void
lookups_unreachable(struct lookups *lookups, const struct icmp_header *icmp, struct when now)
{
	if (icmp->dst_port != DNS_PORT)
		return;
	for (size_t i = 0; i < lookups->n; i++) {
		const struct asking *asking = &lookups->asking[i];

		if (asking->event == NULL || !asked_from(asking, icmp->src_port) ||
		    memcmp(&asking->question.client, &icmp->quoted.src, sizeof(icmp->quoted.src)) != 0)
			continue;
		asking->event->last = now;
		if (asking->event->lookup.unreachable.frame == 0)
			asking->event->lookup.unreachable = now;
	}
}

void
lookups_age(struct lookups *lookups, struct when now)
{
	const int64_t most = INT64_C(1000000) * LIMIT_LOOKUP_SECONDS;

	while (lookups->n > 0 && now.us - lookups->asking[0].last.us > most) {
		give(lookups, &lookups->asking[0]);
		forget(lookups, &lookups->asking[0]);
	}
}

void
lookups_finish(struct lookups *lookups, struct when now)
{
	(void)now;
	for (size_t i = 0; i < lookups->n; i++)
		give(lookups, &lookups->asking[i]);
	lookups->n = 0;
}

size_t
lookups_held(const struct lookups *lookups)
{
	size_t held = 0;

	for (size_t i = 0; i < lookups->n; i++)
		held += lookups->asking[i].event != NULL ? event_weight(lookups->asking[i].event) : 0;
	return held;
}
