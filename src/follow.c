/* What follows a flow: TCP goes through stream to tls and web, UDP to dtls, until there is nothing more to learn. */
#include <stdlib.h>

#include "dissectors/dtls_record.h"
#include "dissectors/handshake.h"
#include "dissectors/http.h"
#include "limit.h"
#include "pipeline_room.h"

/* Most streams are not HTTP: they cost one look at their first bytes. A stream seen from the middle may come to its next
 * request anywhere. */
static void
look_for_web(struct follower *follower, uint64_t off, struct slice bytes)
{
	struct pipeline *pipeline = follower->pipeline;
	enum dis opens;

	if (off > 0 && follower->ends.from_start)
		return;
	opens = http_opens(bytes);
	if (opens == DIS_BAD || (opens == DIS_MORE && off > 0))
		return;
	follower->web = web_new(&pipeline->story_host, &follower->ends);
}

static void
on_data(void *arg, unsigned dir, uint64_t off, struct slice bytes, struct when when)
{
	struct follower *follower = arg;

	if (follower->web == NULL)
		look_for_web(follower, off, bytes);
	if (follower->tls != NULL)
		tls_data(follower->tls, dir, bytes, when);
	if (follower->web != NULL)
		web_data(follower->web, dir, bytes, when);
}

static void
on_hole(void *arg, unsigned dir, uint64_t off, uint64_t len, enum hole_why why, struct when when)
{
	struct follower *follower = arg;

	if (follower->tls != NULL)
		tls_hole(follower->tls, dir, off, len, why == HOLE_CUT, when);
	if (follower->web != NULL)
		web_hole(follower->web, dir, len, when);
}

static void
on_fin(void *arg, unsigned dir, struct when when)
{
	struct follower *follower = arg;

	if (follower->tls != NULL)
		tls_fin(follower->tls, dir, when);
	if (follower->web != NULL)
		web_fin(follower->web, dir, when);
}

static void
on_rst(void *arg, unsigned dir, bool plain, struct when when)
{
	struct follower *follower = arg;

	if (follower->tls != NULL)
		tls_rst(follower->tls, dir, plain, when);
	if (follower->web != NULL)
		web_rst(follower->web, dir, when);
}

const struct stream_ops follow_stream = {
	.data = on_data,
	.hole = on_hole,
	.fin = on_fin,
	.rst = on_rst,
};

void
follow_packet(struct follower *follower, unsigned dir, const struct packet *packet)
{
	follower->last = follower->pipeline->now.frame;
	follower->ends.saw[dir] = true;
	if (follower->ends.opener >= 0)
		knock_packet(&follower->knock, &follower->pipeline->story_host, packet,
			     (int)dir == follower->ends.opener, follower->pipeline->now);
}

void
follow_unreachable(struct follower *follower, const struct icmp_header *icmp)
{
	struct pipeline *pipeline = follower->pipeline;

	follower->last = pipeline->now.frame;
	knock_unreachable(&follower->knock, &pipeline->story_host, icmp, pipeline->now);
}

uint64_t
follow_last(const struct flow *flow)
{
	return flow_protocol(&flow->key) == IP_UDP ? dtls_last(flow->dtls) : flow->follower->last;
}

/* Where both are done, the stream's end is theirs too. */
bool
follow_done(struct follower *follower)
{
	bool no_tls = follower->tls == NULL || tls_done(follower->tls);
	bool no_web = follower->web == NULL || web_done(follower->web);

	if (no_tls && no_web)
		return true;
	if (no_tls) {
		tls_free(follower->tls, follower->pipeline->now);
		follower->tls = NULL;
	}
	if (no_web) {
		web_free(follower->web, follower->pipeline->now);
		follower->web = NULL;
	}
	return false;
}

static void
follower_free(struct follower *follower, struct when now)
{
	if (follower->stream != NULL) {
		stream_flush(follower->stream, now);
		stream_close(follower->stream);
	}
	tls_free(follower->tls, now);
	web_free(follower->web, now);
	knock_end(&follower->knock, &follower->pipeline->story_host, &follower->ends);
	free(follower);
}

/* The gate closes: what followed the flow lets go, and its open handshake is over. */
void
follow_end(struct pipeline *pipeline, struct flow *flow)
{
	if (flow_protocol(&flow->key) == IP_UDP) {
		dtls_free(flow->dtls, pipeline->now);
		flow->dtls = NULL;
	} else if (flow->follower != NULL) {
		follower_free(flow->follower, pipeline->now);
		flow->follower = NULL;
	}
	flow_move(pipeline->flows, flow, FLOW_DONE);
}

static bool
is_idle(const struct pipeline *pipeline, const struct flow *flow)
{
	return pipeline->now.us - flow->last_us > INT64_C(1000000) * LIMIT_HANDSHAKE_SECONDS;
}

/* The one of a part. */
static struct flow *
oldest_of(const struct pipeline *pipeline, unsigned part)
{
	struct flow *settled = flow_oldest(pipeline->flows, part, FLOW_SETTLED);
	struct flow *open = flow_oldest(pipeline->flows, part, FLOW_OPEN);

	if (settled == NULL || open == NULL)
		return settled != NULL ? settled : open;
	return follow_last(settled) < follow_last(open) ? settled : open;
}

struct flow *
follow_oldest(const struct pipeline *pipeline, bool idle)
{
	struct flow *oldest = NULL;

	for (unsigned part = 0; part < LIMIT_PARTS; part++) {
		struct flow *flow = oldest_of(pipeline, part);

		if (flow != NULL && (!idle || is_idle(pipeline, flow)) &&
		    (oldest == NULL || follow_last(flow) < follow_last(oldest)))
			oldest = flow;
	}
	return oldest;
}

static void
give_up(struct pipeline *pipeline, struct flow *flow)
{
	if (flow != NULL) {
		pipeline->tally->evicted_flows++;
		follow_end(pipeline, flow);
	}
}

/* One more message, however long, finds room. */
void
follow_relieve(struct pipeline *pipeline, unsigned part)
{
	struct flow *flow;

	while (pipeline->host.held[part] > LIMIT_OPEN_FACTS / LIMIT_PARTS &&
	       (flow = oldest_of(pipeline, part)) != NULL)
		give_up(pipeline, flow);
	while (pipeline->budget.held > LIMIT_ASSEMBLY - LIMIT_MESSAGE && (flow = follow_oldest(pipeline, false)) != NULL)
		give_up(pipeline, flow);
}

struct flow *
follow_new(struct pipeline *pipeline, const struct flow_key *key)
{
	struct flow_table *flows = pipeline->flows;
	const unsigned part = flow_part(key);

	if (flow_part_full(flows, part)) { /* some are done: more are in it than may be open */
		flow_remove(flows, flow_oldest(flows, part, FLOW_DONE));
		flow_fetch_oldest(flows, part, FLOW_DONE);
	}
	return flow_add(flows, key, pipeline->now.us);
}

static void
set_open(struct pipeline *pipeline, struct flow *flow)
{
	pipeline->tally->flows++;
	flow_move(pipeline->flows, flow, FLOW_OPEN);
}

/* One more flow of this part is to be opened: in the place of another where there are too many. */
static void
make_room(struct pipeline *pipeline, unsigned part)
{
	if (flow_count(pipeline->flows, part, FLOW_OPEN) >= LIMIT_OPEN_FLOWS / LIMIT_PARTS)
		give_up(pipeline, flow_oldest(pipeline->flows, part, FLOW_OPEN));
}

void
follow_settle(struct pipeline *pipeline, struct flow *flow)
{
	const enum flow_list list = dtls_settled(flow->dtls) ? FLOW_SETTLED : FLOW_OPEN;

	if (flow->list == list)
		return;
	if (list == FLOW_OPEN)
		make_room(pipeline, flow->part);
	flow_move(pipeline->flows, flow, list);
	if (flow_count(pipeline->flows, flow->part, FLOW_SETTLED) > LIMIT_SETTLED_FLOWS / LIMIT_PARTS)
		follow_end(pipeline, flow_oldest(pipeline->flows, flow->part, FLOW_SETTLED));
}

static struct follower *
follower_new(struct pipeline *pipeline, const struct ends *ends)
{
	struct follower *follower = malloc(sizeof(*follower));

	if (follower == NULL) {
		pipeline->host.out_of_memory = true;
		return NULL;
	}
	*follower = (struct follower){.pipeline = pipeline, .ends = *ends};
	follower->tls = tls_new(&pipeline->host, &pipeline->budget, &follower->ends);
	if (follower->tls == NULL) {
		free(follower);
		return NULL;
	}
	return follower;
}

/* Begins to follow a TCP flow, at its SYN or in the middle of it. */
void
follow_tcp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet)
{
	struct ends ends = ends_of(packet, dir);
	struct follower *follower;

	if (packet->tcp.flags & TCP_SYN) {
		ends.from_start = true;
		ends.opener = (packet->tcp.flags & TCP_ACK) ? !dir : (int)dir;
	}
	ends.part = flow->part;
	make_room(pipeline, flow->part);
	follower = follower_new(pipeline, &ends);
	if (follower == NULL)
		return;
	follower->stream = stream_new(pipeline->streams, follower);
	if (follower->stream == NULL) {
		pipeline->host.out_of_memory = true;
		follower_free(follower, pipeline->now);
		return;
	}
	flow->follower = follower;
	set_open(pipeline, flow);
}

static bool
is_dtls_client_hello(struct slice datagram)
{
	struct dtls_record record;
	struct handshake_header header;
	struct dis_at at;

	return dtls_record_next(&datagram, &record, &at) == DIS_OK &&
	       handshake_header(&record.body, true, &header, &at) == DIS_OK && header.type == HS_CLIENT_HELLO;
}

void
follow_udp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet)
{
	struct ends ends = ends_of(packet, dir);

	ends.part = flow->part;
	ends.from_start = is_dtls_client_hello(packet->payload);
	make_room(pipeline, flow->part);
	flow->dtls = dtls_new(&pipeline->host, &pipeline->budget, &ends);
	if (flow->dtls != NULL)
		set_open(pipeline, flow);
}
