/* The way of one packet.
 *
 *   frame -> packet_dissect -> defrag -> flow (gate) -> stream -> tls  -> session -> handshake
 *                                                    \-> dtls --------/
 *
 * A flow whose handshake is over is done: its later packets cost the one look-up. */
#include "pipeline.h"

#include <stdlib.h>

#include "stream/defrag.h"
#include "dissectors/dtls_record.h"
#include "dissectors/handshake.h"
#include "tls/dtls.h"
#include "stream/flow.h"
#include "limit.h"
#include "stream/stream.h"
#include "tls/tls.h"

/* A fragment may hold a tunnel whose packet is a fragment again, and so on. */
#define FRAGMENT_DEPTH 4

struct pipeline {
	struct session_host host;
	struct assembly_budget budget;
	struct tally *tally;
	struct defrag *defrag;
	struct flow_table *flows;
	struct streams *streams;
	struct when now;
	void (*over)(void *arg, struct handshake *handshake); /* NULL: nobody wants more of them */
	void *arg;
};

/* Memory ran out somewhere on the way. */
static bool
out_of_memory(const struct pipeline *pipeline)
{
	return pipeline->host.out_of_memory || pipeline->budget.out_of_memory ||
	       defrag_out_of_memory(pipeline->defrag) || streams_out_of_memory(pipeline->streams);
}

/* A handshake that ends after memory ran out may lack what was on the wire: nobody is told of it. */
static void
on_over(void *arg, struct handshake *handshake)
{
	struct pipeline *pipeline = arg;

	if (pipeline->over == NULL || out_of_memory(pipeline))
		handshake_free(handshake);
	else
		pipeline->over(pipeline->arg, handshake);
}

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

static const struct stream_ops stream_to_tls = {
	.data = on_data,
	.hole = on_hole,
	.fin = on_fin,
	.rst = on_rst,
};

struct pipeline *
pipeline_new(struct cert_store *certs, struct tally *tally, uint64_t seed,
	     void (*over)(void *arg, struct handshake *handshake), void *arg)
{
	struct pipeline *pipeline = calloc(1, sizeof(*pipeline));

	if (pipeline == NULL)
		return NULL;
	pipeline->tally = tally;
	pipeline->over = over;
	pipeline->arg = arg;
	pipeline->host = (struct session_host){.certs = certs, .tally = tally, .over = on_over, .arg = pipeline};
	pipeline->defrag = defrag_new();
	pipeline->flows = flow_table_new(seed);
	pipeline->streams = streams_new(&stream_to_tls);
	if (pipeline->defrag == NULL || pipeline->flows == NULL || pipeline->streams == NULL) {
		pipeline_free(pipeline);
		return NULL;
	}
	return pipeline;
}

void
pipeline_number(struct pipeline *pipeline, uint32_t last)
{
	pipeline->host.handshakes = last;
}

uint32_t
pipeline_numbered(const struct pipeline *pipeline)
{
	return pipeline->host.handshakes;
}

/* The gate closes: what followed the flow lets go, and its open handshake is over. */
static void
finish_flow(struct pipeline *pipeline, struct flow *flow)
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
		finish_flow(pipeline, flow);
	}
}

static struct flow *
add_flow(struct pipeline *pipeline, const struct flow_key *key)
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
static void
open_tcp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet)
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

/* A flow that is done speaks up again: a new connection on its ports, or a handshake in clear. */
static bool
tcp_begins_again(const struct flow *flow, const struct packet *packet)
{
	struct slice hello = packet->payload;
	struct tls_record record;
	struct handshake_header header;
	struct dis_at at;

	if (packet->tcp.flags & TCP_SYN)
		return !flow->has_syn || flow->syn != packet->tcp.seq;
	return tls_record_opens(hello) == DIS_OK && tls_record_next(&hello, &record, &at) == DIS_OK &&
	       record.type == TLS_HANDSHAKE && handshake_header(&hello, false, &header, &at) == DIS_OK &&
	       header.type == HS_CLIENT_HELLO;
}

static struct flow *
tcp_flow(struct pipeline *pipeline, const struct flow_key *key, unsigned dir, const struct packet *packet)
{
	struct flow *flow = flow_find(pipeline->flows, key);
	bool fresh = flow == NULL;

	if (fresh) {
		if (packet->payload_len == 0 && (packet->tcp.flags & TCP_SYN) == 0)
			return NULL;
		flow = add_flow(pipeline, key);
	} else if (flow->stream != NULL && stream_restarts(flow->stream, dir, &packet->tcp)) {
		finish_flow(pipeline, flow);
		fresh = true;
	}
	if (flow->stream == NULL && (fresh || tcp_begins_again(flow, packet)))
		open_tcp(pipeline, flow, dir, packet);
	if ((packet->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN) {
		flow->has_syn = true;
		flow->syn = packet->tcp.seq;
	}
	return flow;
}

static void
on_tcp(struct pipeline *pipeline, const struct packet *packet)
{
	struct flow_key key;
	unsigned dir = flow_key_make(&key, IP_TCP, &packet->ip.src, packet->tcp.src_port, &packet->ip.dst,
				     packet->tcp.dst_port);
	struct flow *flow = tcp_flow(pipeline, &key, dir, packet);

	if (flow == NULL)
		return;
	flow_touch(pipeline->flows, flow, pipeline->now.us);
	if (flow->stream == NULL)
		return;
	tls_packet(flow->tls, dir);
	stream_segment(flow->stream, dir, &packet->tcp, packet->payload, packet->payload_len, pipeline->now);
	if (stream_is_done(flow->stream) || tls_done(flow->tls))
		finish_flow(pipeline, flow);
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

static void
open_udp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet)
{
	struct ends ends = ends_of(&flow->key, dir, packet);

	ends.from_start = is_dtls_client_hello(packet->payload);
	make_room(pipeline);
	flow->dtls = dtls_new(&pipeline->host, &pipeline->budget, &ends);
	if (flow->dtls != NULL)
		set_open(pipeline, flow);
}

/* A UDP flow is not remembered before a datagram of it opens a DTLS handshake. */
static void
on_udp(struct pipeline *pipeline, const struct packet *packet)
{
	struct flow_key key;
	unsigned dir = flow_key_make(&key, IP_UDP, &packet->ip.src, packet->udp.src_port, &packet->ip.dst,
				     packet->udp.dst_port);
	struct flow *flow = flow_find(pipeline->flows, &key);

	if (flow == NULL && !dtls_record_opens(packet->payload))
		return;
	if (flow == NULL)
		flow = add_flow(pipeline, &key);
	flow_touch(pipeline->flows, flow, pipeline->now.us);
	if (flow->dtls == NULL && dtls_record_opens(packet->payload))
		open_udp(pipeline, flow, dir, packet);
	if (flow->dtls == NULL)
		return;
	dtls_datagram(flow->dtls, dir, packet->payload, packet->payload.n < packet->payload_len,
		      pipeline->now);
	if (dtls_done(flow->dtls))
		finish_flow(pipeline, flow);
}

static void
on_icmp(struct pipeline *pipeline, const struct packet *packet)
{
	const struct icmp_header *icmp = &packet->icmp;
	struct flow_key key;
	struct flow *flow;

	if (!icmp->unreachable || icmp->quoted.protocol != IP_UDP)
		return;
	flow_key_make(&key, IP_UDP, &icmp->quoted.src, icmp->src_port, &icmp->quoted.dst, icmp->dst_port);
	flow = flow_find(pipeline->flows, &key);
	if (flow != NULL && flow->dtls != NULL)
		dtls_unreachable(flow->dtls, icmp->type, icmp->code, pipeline->now);
}

static void
on_packet(struct pipeline *pipeline, struct packet *packet)
{
	struct slice datagram;
	struct dis_at at;

	for (unsigned depth = 0; packet->kind == PACKET_FRAGMENT && depth < FRAGMENT_DEPTH; depth++)
		if (!defrag_add(pipeline->defrag, &packet->ip, packet->payload, packet->payload_len,
				pipeline->now, &datagram) ||
		    packet_dissect_datagram(datagram, packet, &at) != DIS_OK)
			return;
	if (packet->kind == PACKET_TCP)
		on_tcp(pipeline, packet);
	else if (packet->kind == PACKET_UDP)
		on_udp(pipeline, packet);
	else if (packet->kind == PACKET_ICMP)
		on_icmp(pipeline, packet);
}

static void
give_up_idle(struct pipeline *pipeline)
{
	const int64_t most = INT64_C(1000000) * LIMIT_HANDSHAKE_SECONDS;
	struct flow *flow;

	while ((flow = flow_oldest(pipeline->flows, true)) != NULL && pipeline->now.us - flow->last_us > most)
		finish_flow(pipeline, flow);
}

static void
count_frame(struct tally *tally, const struct frame *frame)
{
	if (tally->packets++ == 0)
		tally->first_us = frame->when.us;
	tally->last_us = frame->when.us;
	tally->bytes += frame->wire_len;
	if (frame->bytes.n < frame->wire_len)
		tally->cut++;
}

bool
pipeline_frame(struct pipeline *pipeline, const struct frame *frame)
{
	struct packet packet;
	struct dis_at at;

	count_frame(pipeline->tally, frame);
	pipeline->now = frame->when;
	give_up_idle(pipeline);
	if (packet_dissect(frame->linktype, frame->bytes, &packet, &at) == DIS_OK)
		on_packet(pipeline, &packet);
	else
		pipeline->tally->unreadable++;
	return !out_of_memory(pipeline);
}

bool
pipeline_finish(struct pipeline *pipeline)
{
	struct defrag_counts fragments = defrag_counts(pipeline->defrag);
	struct flow *flow;

	while ((flow = flow_oldest(pipeline->flows, true)) != NULL)
		finish_flow(pipeline, flow);
	pipeline->tally->fragments_lost = fragments.overlapping + fragments.cut + fragments.aged +
					  fragments.evicted + fragments.incomplete;
	pipeline->tally->over_limit = pipeline->budget.refused + streams_lost(pipeline->streams);
	return !out_of_memory(pipeline);
}

void
pipeline_free(struct pipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	pipeline->over = NULL;
	if (pipeline->defrag != NULL && pipeline->flows != NULL && pipeline->streams != NULL)
		pipeline_finish(pipeline);
	defrag_free(pipeline->defrag);
	flow_table_free(pipeline->flows);
	streams_free(pipeline->streams);
	free(pipeline);
}
