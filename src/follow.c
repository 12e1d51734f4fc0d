/* What follows a flow: TCP goes through stream to tls, UDP to dtls, until there is nothing more to learn. */
#include <stdlib.h>

#include "dissectors/dtls_record.h"
#include "dissectors/handshake.h"
#include "limit.h"
#include "pipeline_room.h"

static void
on_data(void *arg, unsigned dir, uint64_t off, struct slice bytes, struct when when)
{
	(void)off;
	tls_data(arg, dir, bytes, when);
}

static void
on_hole(void *arg, unsigned dir, uint64_t off, uint64_t len, enum hole_why why, struct when when)
{
	tls_hole(arg, dir, off, len, why == HOLE_CUT, when);
}

static void
on_fin(void *arg, unsigned dir, struct when when)
{
	tls_fin(arg, dir, when);
}

static void
on_rst(void *arg, unsigned dir, struct when when)
{
	tls_rst(arg, dir, when);
}

const struct stream_ops follow_stream = {
	.data = on_data,
	.hole = on_hole,
	.fin = on_fin,
	.rst = on_rst,
};

/* The gate closes: what followed the flow lets go, and its open handshake is over. */
void
follow_end(struct pipeline *pipeline, struct flow *flow)
{
	if (flow->stream != NULL) {
		stream_flush(flow->stream, pipeline->now);
		stream_close(flow->stream);
	}
	tls_free(flow->tls, pipeline->now);
	dtls_free(flow->dtls, pipeline->now);
	flow->stream = NULL;
	flow->tls = NULL;
	flow->dtls = NULL;
	flow_set_open(pipeline->flows, flow, false);
}

static void
give_up_oldest(struct pipeline *pipeline)
{
	struct flow *flow = flow_oldest(pipeline->flows, true);

	if (flow != NULL) {
		pipeline->tally->evicted_flows++;
		follow_end(pipeline, flow);
	}
}

/* One more message, however long, finds room. */
void
follow_relieve(struct pipeline *pipeline)
{
	while (flow_count_open(pipeline->flows) > 0 &&
	       (pipeline->budget.held > LIMIT_ASSEMBLY - LIMIT_MESSAGE || pipeline->host.held > LIMIT_OPEN_FACTS))
		give_up_oldest(pipeline);
}

struct flow *
follow_new(struct pipeline *pipeline, const struct flow_key *key)
{
	if (flow_table_full(pipeline->flows)) {
		if (flow_oldest(pipeline->flows, false) == NULL)
			give_up_oldest(pipeline);
		flow_remove(pipeline->flows, flow_oldest(pipeline->flows, false));
	}
	return flow_add(pipeline->flows, key, pipeline->now.us);
}

static void
set_open(struct pipeline *pipeline, struct flow *flow)
{
	pipeline->tally->flows++;
	flow_set_open(pipeline->flows, flow, true);
}

/* One more flow is to be opened: in the place of another where there are too many. */
static void
make_room(struct pipeline *pipeline)
{
	if (flow_count_open(pipeline->flows) >= LIMIT_OPEN_FLOWS)
		give_up_oldest(pipeline);
}

static struct ends
ends_of(const struct flow_key *key, unsigned dir, const struct packet *packet)
{
	struct ends ends = {.opener = -1, .vlans = packet->link.vlans};

	for (unsigned i = 0; i < 2; i++) {
		struct endpoint *end = &ends.end[i];
		end->ip = key->ip[i];
		end->port = key->port[i];
		end->has_mac = packet->link.has_mac;
		memcpy(end->mac, i == dir ? packet->link.src : packet->link.dst, sizeof(end->mac));
	}
	memcpy(ends.vlan, packet->link.vlan, sizeof(ends.vlan));
	return ends;
}

/* Begins to follow a TCP flow, at its SYN or in the middle of it. */
void
follow_tcp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet)
{
	struct ends ends = ends_of(&flow->key, dir, packet);

	if (packet->tcp.flags & TCP_SYN) {
		ends.from_start = true;
		ends.opener = (packet->tcp.flags & TCP_ACK) ? !dir : (int)dir;
	}
	make_room(pipeline);
	flow->tls = tls_new(&pipeline->host, &pipeline->budget, &ends);
	if (flow->tls == NULL)
		return;
	flow->stream = stream_new(pipeline->streams, flow->tls);
	if (flow->stream == NULL) {
		pipeline->host.out_of_memory = true;
		tls_free(flow->tls, pipeline->now);
		flow->tls = NULL;
		return;
	}
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
	struct ends ends = ends_of(&flow->key, dir, packet);

	ends.from_start = is_dtls_client_hello(packet->payload);
	make_room(pipeline);
	flow->dtls = dtls_new(&pipeline->host, &pipeline->budget, &ends);
	if (flow->dtls != NULL)
		set_open(pipeline, flow);
}
