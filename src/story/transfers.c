/* Files asked for by TFTP: the table of those under way. A transfer is found by its client's port, which lies in one of
 * few buckets, most of them empty. */
#include "transfers.h"

#include <stdlib.h>

#include "exchange.h"
#include "tell.h"
#include "text.h"

#define BUCKETS 1024

struct transfers {
	struct story_host *host;
	struct exchange *bucket[BUCKETS]; /* by the client's port */
	struct exchange *newest, *oldest; /* by last datagram */
	size_t n, held;
};

/* Who sent a datagram or was to get it, as an address and a port. */
struct place {
	const struct ip_addr *ip;
	uint16_t port;
};

struct transfers *
transfers_new(struct story_host *host)
{
	struct transfers *transfers = calloc(1, sizeof(*transfers));

	if (transfers != NULL)
		transfers->host = host;
	return transfers;
}

size_t
transfers_held(const struct transfers *transfers)
{
	return transfers->held;
}

/* ---- the table ---- */

static struct exchange **
bucket_of(struct transfers *transfers, uint16_t client_port)
{
	return &transfers->bucket[client_port % BUCKETS];
}

static void
put_in_bucket(struct transfers *transfers, struct exchange *exchange)
{
	struct exchange **bucket = bucket_of(transfers, exchange->event->client.port);

	exchange->next = *bucket;
	*bucket = exchange;
}

static void
take_from_bucket(struct transfers *transfers, const struct exchange *exchange)
{
	struct exchange **at = bucket_of(transfers, exchange->event->client.port);

	while (*at != exchange)
		at = &(*at)->next;
	*at = exchange->next;
}

static void
unlink_by_age(struct transfers *transfers, struct exchange *exchange)
{
	*(exchange->newer != NULL ? &exchange->newer->older : &transfers->newest) = exchange->older;
	*(exchange->older != NULL ? &exchange->older->newer : &transfers->oldest) = exchange->newer;
}

static void
link_newest(struct transfers *transfers, struct exchange *exchange)
{
	exchange->newer = NULL;
	exchange->older = transfers->newest;
	*(exchange->older != NULL ? &exchange->older->newer : &transfers->oldest) = exchange;
	transfers->newest = exchange;
}

/* It spoke: it is the newest, and may hold more. */
static void
touch(struct transfers *transfers, struct exchange *exchange)
{
	size_t holds = sizeof(*exchange) + event_weight(exchange->event) + exchange->blocks.file.room;

	unlink_by_age(transfers, exchange);
	link_newest(transfers, exchange);
	transfers->held += holds - exchange->held;
	exchange->held = holds;
}

static void
forget(struct transfers *transfers, struct exchange *exchange)
{
	take_from_bucket(transfers, exchange);
	unlink_by_age(transfers, exchange);
	transfers->held -= exchange->held;
	transfers->n--;
}

static void
over(struct transfers *transfers, struct exchange *exchange, enum exchange_end why, struct when now)
{
	forget(transfers, exchange);
	exchange_end(exchange, why, now);
	free(exchange);
}

void
transfers_free(struct transfers *transfers)
{
	if (transfers == NULL)
		return;
	while (transfers->oldest != NULL) {
		struct exchange *exchange = transfers->oldest;

		forget(transfers, exchange);
		exchange_clear(exchange);
		free(exchange);
	}
	free(transfers);
}

void
transfers_age(struct transfers *transfers, struct when now)
{
	const int64_t most = INT64_C(1000000) * LIMIT_TRANSFER_SECONDS;

	while (transfers->oldest != NULL && now.us - transfers->oldest->event->last.us > most)
		over(transfers, transfers->oldest, END_SILENT, now);
}

void
transfers_finish(struct transfers *transfers, struct when now)
{
	while (transfers->oldest != NULL)
		over(transfers, transfers->oldest, END_CAPTURE, now);
}

/* ---- whose datagram it is ---- */

static bool
same_ip(const struct ip_addr *a, const struct ip_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool
is_of_client(const struct exchange *exchange, struct place client)
{
	return exchange->event->client.port == client.port && same_ip(&exchange->event->client.ip, client.ip);
}

static bool
is_of_server(const struct exchange *exchange, const struct ip_addr *server)
{
	return same_ip(&exchange->event->server.ip, server) || same_ip(&exchange->peer, server);
}

/* A server with several addresses, or one that was asked by broadcast, may answer from another than the one asked: its
 * answer is that to the only request of this client's port that has none. */
static struct exchange *
find(struct transfers *transfers, struct place client, const struct ip_addr *server)
{
	struct exchange *unanswered = NULL;
	unsigned n = 0;

	for (struct exchange *e = *bucket_of(transfers, client.port); e != NULL; e = e->next) {
		if (!is_of_client(e, client))
			continue;
		if (is_of_server(e, server))
			return e;
		if (e->event->transfer.answered.frame == 0) {
			unanswered = e;
			n++;
		}
	}
	return n == 1 ? unanswered : NULL;
}

/* Finds the transfer of a datagram, and which side sent it. */
static struct exchange *
find_either_way(struct transfers *transfers, struct place from, struct place to, enum side *sender)
{
	struct exchange *exchange = find(transfers, to, from.ip);

	*sender = SIDE_SERVER;
	if (exchange == NULL) {
		exchange = find(transfers, from, to.ip);
		*sender = SIDE_CLIENT;
	}
	return exchange;
}

/* ---- requests ---- */

static bool
asks_the_same(const struct exchange *exchange, const struct event *request)
{
	return exchange->event->transfer.write == request->transfer.write &&
	       strcmp(exchange->event->transfer.file, request->transfer.file) == 0;
}

/* A copy of a request that is under way, of the same port; or of another while the first has no answer. */
static struct exchange *
find_asked(struct transfers *transfers, const struct event *request)
{
	struct place client = {&request->client.ip, request->client.port};
	struct exchange *exchange = NULL;

	for (struct exchange *e = transfers->newest; e != NULL; e = e->older) {
		if (!same_ip(&e->event->server.ip, &request->server.ip) || !asks_the_same(e, request))
			continue;
		if (is_of_client(e, client))
			return e;
		if (e->event->transfer.answered.frame == 0 && same_ip(&e->event->client.ip, client.ip))
			exchange = e;
	}
	return exchange;
}

/* What else this port of the client had asked this server for, it has left. */
static void
leave_others(struct transfers *transfers, const struct event *request, struct when now)
{
	struct place client = {&request->client.ip, request->client.port};
	struct exchange *next;

	for (struct exchange *e = *bucket_of(transfers, client.port); e != NULL; e = next) {
		next = e->next;
		if (is_of_client(e, client) && same_ip(&e->event->server.ip, &request->server.ip))
			over(transfers, e, END_LEFT, now);
	}
}

static void
begin(struct transfers *transfers, struct event *event, const struct tftp *tftp, struct when now)
{
	struct exchange *exchange;

	leave_others(transfers, event, now);
	if (transfers->n == LIMIT_TRANSFERS) {
		transfers->host->tally->evicted_events++;
		over(transfers, transfers->oldest, END_CAPTURE, now);
	}
	exchange = malloc(sizeof(*exchange));
	if (exchange == NULL) {
		transfers->host->out_of_memory = true;
		event_free(event);
		return;
	}
	exchange_begin(exchange, transfers->host, event, tftp, now);
	put_in_bucket(transfers, exchange);
	link_newest(transfers, exchange);
	transfers->n++;
	touch(transfers, exchange);
}

static void
ask_again(struct transfers *transfers, struct exchange *exchange, uint16_t client_port, struct when now)
{
	take_from_bucket(transfers, exchange);
	exchange_ask_again(exchange, client_port, now);
	put_in_bucket(transfers, exchange);
	touch(transfers, exchange);
}

static void
on_request(struct transfers *transfers, const struct packet *packet, const struct tftp *tftp, struct when now)
{
	struct story_host *host = transfers->host;
	struct event *request = tell_begin(host, EVENT_TRANSFER, packet, SIDE_CLIENT, now);
	struct exchange *exchange;

	if (request == NULL)
		return;
	request->transfer.write = tftp->opcode == TFTP_WRQ;
	request->transfer.file = text_escape(tftp->file); /* an empty name is one too */
	tell_text(host, &request->transfer.mode, tftp->mode);
	if (request->transfer.file == NULL || host->out_of_memory) {
		host->out_of_memory = true;
		event_free(request);
		return;
	}
	exchange = find_asked(transfers, request);
	if (exchange == NULL) {
		begin(transfers, request, tftp, now);
		return;
	}
	ask_again(transfers, exchange, request->client.port, now);
	event_free(request);
}

/* ---- the door ---- */

/* The one look that any other UDP packet costs. */
static bool
may_be_one(struct transfers *transfers, const struct udp_header *udp)
{
	if (udp->dst_port == TFTP_PORT)
		return true;
	return transfers->n > 0 && (*bucket_of(transfers, udp->src_port) != NULL || *bucket_of(transfers, udp->dst_port) != NULL);
}

static bool
take(struct transfers *transfers, const struct packet *packet, struct when now)
{
	struct place from = {&packet->ip.src, packet->udp.src_port}, to = {&packet->ip.dst, packet->udp.dst_port};
	struct exchange_datagram datagram = {.missing = packet->payload_len > packet->payload.n
								? packet->payload_len - packet->payload.n
								: 0};
	struct exchange *exchange;
	struct dis_at at;
	enum side sender;
	bool asks;

	if (tftp_dissect(packet->payload, &datagram.tftp, &at) != DIS_OK)
		return false;
	asks = datagram.tftp.opcode == TFTP_RRQ || datagram.tftp.opcode == TFTP_WRQ;
	if (asks && to.port == TFTP_PORT) {
		on_request(transfers, packet, &datagram.tftp, now);
		return true;
	}
	exchange = asks ? NULL : find_either_way(transfers, from, to, &sender);
	if (exchange == NULL)
		return false;
	datagram.from_server = sender == SIDE_SERVER;
	datagram.server = sender == SIDE_SERVER ? *from.ip : *to.ip;
	datagram.server_port = sender == SIDE_SERVER ? from.port : to.port;
	if (exchange_datagram(exchange, &datagram, now))
		over(transfers, exchange, END_SAID, now);
	else
		touch(transfers, exchange);
	return true;
}

bool
transfers_datagram(struct transfers *transfers, const struct packet *packet, struct when now)
{
	return may_be_one(transfers, &packet->udp) && take(transfers, packet, now);
}

void
transfers_unreachable(struct transfers *transfers, const struct icmp_header *icmp, struct when now)
{
	struct place from = {&icmp->quoted.src, icmp->src_port}, to = {&icmp->quoted.dst, icmp->dst_port};
	struct exchange *exchange;
	enum side sender;

	if (icmp->quoted.protocol != IP_UDP)
		return;
	exchange = find_either_way(transfers, from, to, &sender);
	if (exchange == NULL || !is_of_server(exchange, sender == SIDE_SERVER ? from.ip : to.ip))
		return;
	exchange_unreachable(exchange, sender, icmp, now);
	touch(transfers, exchange);
}
