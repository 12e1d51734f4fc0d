/* The way of one packet.
 *
 *   frame -> packet_dissect -> defrag -> flow (gate) -> follow: stream -> tls  -> session -> handshake
 *                                 |                          |       \-> web --------------> event
 *                                 |                          \-> dtls -> session -> handshake
 *                                 \-> story -> event
 *
 * A flow whose handshake is over is done: its later packets cost the one look-up. */
#include "pipeline_room.h"

#include <stdlib.h>

#include "dissectors/dtls_record.h"
#include "dissectors/handshake.h"
#include "dissectors/tls_record.h"
#include "limit.h"

/* A fragment may hold a tunnel whose packet is a fragment again, and so on. */
#define FRAGMENT_DEPTH 4

/* Memory ran out somewhere on the way. */
static bool
out_of_memory(const struct pipeline *pipeline)
{
	return pipeline->host.out_of_memory || pipeline->story_host.out_of_memory || pipeline->budget.out_of_memory ||
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
on_event(void *arg, struct event *event)
{
	struct pipeline *pipeline = arg;

	if (pipeline->event == NULL || out_of_memory(pipeline))
		event_free(event);
	else
		pipeline->event(pipeline->arg, event);
}

struct pipeline *
pipeline_new(struct cert_store *certs, struct tally *tally, uint64_t seed,
	     void (*over)(void *arg, struct handshake *handshake), void (*event)(void *arg, struct event *event),
	     void *arg)
{
	struct pipeline *pipeline = calloc(1, sizeof(*pipeline));

	if (pipeline == NULL)
		return NULL;
	pipeline->tally = tally;
	pipeline->over = over;
	pipeline->event = event;
	pipeline->arg = arg;
	pipeline->host = (struct session_host){.certs = certs, .tally = tally, .over = on_over, .arg = pipeline};
	pipeline->story_host =
		(struct story_host){.certs = certs, .tally = tally, .over = on_event, .arg = pipeline};
	pipeline->defrag = defrag_new();
	pipeline->flows = flow_table_new(seed);
	pipeline->streams = streams_new(&follow_stream);
	pipeline->story = story_new(&pipeline->story_host);
	if (pipeline->defrag == NULL || pipeline->flows == NULL || pipeline->streams == NULL ||
	    pipeline->story == NULL) {
		pipeline_free(pipeline);
		return NULL;
	}
	return pipeline;
}

void
pipeline_share(struct pipeline *pipeline, const struct share *share)
{
	pipeline->share = *share;
}

struct turn
pipeline_turn(const struct pipeline *pipeline)
{
	return pipeline->turn;
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

size_t
pipeline_held(const struct pipeline *pipeline)
{
	return pipeline->host.held + story_held(pipeline->story);
}

/* A flow that is done speaks up again: a new connection on its ports, or a handshake in clear. */
static bool
tcp_begins_again(const struct flow *flow, const struct packet *packet)
{
	struct slice hello = packet->payload;
	struct tls_record record;
	struct handshake_header header;
	struct dis_at at;
	uint8_t type;

	if (packet->tcp.flags & TCP_SYN)
		return !flow->has_syn || flow->syn != packet->tcp.seq;
	return slice_peek(hello, 0, &type) && type == TLS_HANDSHAKE && tls_record_opens(hello) == DIS_OK &&
	       tls_record_next(&hello, &record, &at) == DIS_OK &&
	       handshake_header(&hello, false, &header, &at) == DIS_OK && header.type == HS_CLIENT_HELLO;
}

static struct flow *
tcp_flow(struct pipeline *pipeline, const struct flow_key *key, unsigned dir, const struct packet *packet)
{
	struct flow *flow = flow_find(pipeline->flows, key);
	bool fresh = flow == NULL;

	if (fresh) {
		if (packet->payload_len == 0 && (packet->tcp.flags & TCP_SYN) == 0)
			return NULL;
		flow = follow_new(pipeline, key);
	} else if (flow->follower != NULL && stream_restarts(flow->follower->stream, dir, &packet->tcp)) {
		follow_end(pipeline, flow);
		fresh = true;
	}
	if (flow->follower == NULL && (fresh || tcp_begins_again(flow, packet)))
		follow_tcp(pipeline, flow, dir, packet);
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
	struct follower *follower;

	if (flow == NULL)
		return;
	flow_touch(pipeline->flows, flow, pipeline->now.us);
	follower = flow->follower;
	if (follower == NULL)
		return;
	pipeline->matters = true;
	follow_packet(follower, dir, packet);
	stream_segment(follower->stream, dir, &packet->tcp, packet->payload, packet->payload_len, pipeline->now);
	if (pipeline->host.decided.n > 0 && follower->tls != NULL)
		tls_waits(follower->tls, stream_waits(follower->stream));
	if (stream_is_done(follower->stream) || follow_done(follower))
		follow_end(pipeline, flow);
}

/* A UDP flow is not remembered before a datagram of it opens a DTLS handshake. */
static void
on_udp(struct pipeline *pipeline, const struct packet *packet)
{
	struct flow_key key;
	struct flow *flow;
	unsigned dir;

	if (!dtls_record_may_be(packet->payload))
		return;
	dir = flow_key_make(&key, IP_UDP, &packet->ip.src, packet->udp.src_port, &packet->ip.dst,
			    packet->udp.dst_port);
	flow = flow_find(pipeline->flows, &key);
	if (flow == NULL && !dtls_record_opens(packet->payload))
		return;
	if (flow == NULL)
		flow = follow_new(pipeline, &key);
	flow_touch(pipeline->flows, flow, pipeline->now.us);
	if (flow->dtls == NULL && dtls_record_opens(packet->payload))
		follow_udp(pipeline, flow, dir, packet);
	if (flow->dtls == NULL)
		return;
	pipeline->matters = true;
	dtls_datagram(flow->dtls, dir, packet->payload, packet->payload.n < packet->payload_len,
		      pipeline->now);
	if (dtls_done(flow->dtls))
		follow_end(pipeline, flow);
}

static void
on_icmp(struct pipeline *pipeline, const struct packet *packet)
{
	const struct icmp_header *icmp = &packet->icmp;
	struct flow_key key;
	struct flow *flow;

	if (!icmp->unreachable)
		return;
	pipeline->matters = true;
	flow_key_make(&key, icmp->quoted.protocol, &icmp->quoted.src, icmp->src_port, &icmp->quoted.dst,
		      icmp->dst_port);
	flow = flow_find(pipeline->flows, &key);
	if (flow == NULL || !flow->open)
		return;
	flow_touch(pipeline->flows, flow, pipeline->now.us);
	if (flow_protocol(&key) == IP_UDP)
		dtls_unreachable(flow->dtls, icmp->type, icmp->code, pipeline->now);
	else
		follow_unreachable(flow->follower, icmp);
}

static bool
has_flow(const struct pipeline *pipeline, const struct packet *packet)
{
	return pipeline->share.of <= 1 || share_has(&pipeline->share, packet);
}

static void
on_packet(struct pipeline *pipeline, struct packet *packet)
{
	struct slice datagram;
	struct dis_at at;

	pipeline->matters = packet->kind == PACKET_FRAGMENT;
	for (unsigned depth = 0; packet->kind == PACKET_FRAGMENT && depth < FRAGMENT_DEPTH; depth++) {
		if (!defrag_add(pipeline->defrag, &packet->ip, packet->payload, packet->payload_len,
				pipeline->now, &datagram))
			return;
		packet->ip.protocol = defrag_protocol(pipeline->defrag);
		if (packet_dissect_datagram(datagram, packet, &at) != DIS_OK)
			return;
	}
	if (packet->kind == PACKET_TCP) {
		if (has_flow(pipeline, packet))
			on_tcp(pipeline, packet);
		return;
	}
	if (pipeline->share.which == 0 && story_packet(pipeline->story, packet, pipeline->now)) {
		pipeline->matters = true;
		return;
	}
	if (packet->kind == PACKET_UDP && has_flow(pipeline, packet))
		on_udp(pipeline, packet);
	else if (packet->kind == PACKET_ICMP)
		on_icmp(pipeline, packet);
}

static void
give_up(struct pipeline *pipeline, struct flow *flow)
{
	pipeline->turn.order = follow_last(flow);
	follow_end(pipeline, flow);
}

static void
give_up_idle(struct pipeline *pipeline)
{
	const int64_t most = INT64_C(1000000) * LIMIT_HANDSHAKE_SECONDS;
	struct flow *flow;

	while ((flow = flow_oldest(pipeline->flows, true)) != NULL && pipeline->now.us - flow->last_us > most)
		give_up(pipeline, flow);
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

/* What can be said of a frame without looking at it. */
static void
pass_time(struct pipeline *pipeline, struct when now)
{
	pipeline->now = now;
	pipeline->turn.frame = now.frame;
	give_up_idle(pipeline);
	pipeline->turn.order = now.frame;
	story_age(pipeline->story, now);
	pipeline->turn.order = now.frame + 1;
}

bool
pipeline_frame(struct pipeline *pipeline, const struct frame *frame)
{
	const bool first = pipeline->share.which == 0;
	enum share_look look = SHARE_OWN;
	struct packet packet;
	struct dis_at at;

	if (first)
		count_frame(pipeline->tally, frame);
	pass_time(pipeline, frame->when);
	pipeline->matters = false;
	if (pipeline->share.of > 1)
		look = share_look(&pipeline->share, frame->linktype, frame->bytes);
	if (look == SHARE_ANOTHERS)
		return !out_of_memory(pipeline);
	if (packet_dissect(frame->linktype, frame->bytes, &packet, &at) == DIS_OK)
		on_packet(pipeline, &packet);
	else if (first || look == SHARE_OWN)
		pipeline->tally->unreadable++;
	if (pipeline->matters)
		follow_relieve(pipeline);
	return !out_of_memory(pipeline);
}

bool
pipeline_idle(struct pipeline *pipeline, int64_t now_us)
{
	const struct when now = {pipeline->now.frame, now_us};

	if (now.frame == 0 || now_us <= pipeline->now.us)
		return true;
	pipeline->tally->last_us = now_us;
	pass_time(pipeline, now);
	return !out_of_memory(pipeline);
}

bool
pipeline_decided_news(struct pipeline *pipeline)
{
	bool news = pipeline->host.decided.news;

	pipeline->host.decided.news = false;
	return news;
}

bool
pipeline_decided(const struct pipeline *pipeline, struct decided_copies *out)
{
	return session_decided(&pipeline->host, pipeline->now, out);
}

bool
pipeline_mattered(const struct pipeline *pipeline)
{
	return pipeline->matters;
}

static void
end_all(struct pipeline *pipeline)
{
	const uint64_t behind = pipeline->now.frame + 1;
	struct flow *flow;

	pipeline->turn.frame = behind;
	while ((flow = flow_oldest(pipeline->flows, true)) != NULL)
		give_up(pipeline, flow);
	pipeline->turn.order = behind;
	story_finish(pipeline->story, pipeline->now);
}

bool
pipeline_finish(struct pipeline *pipeline)
{
	struct defrag_counts fragments = defrag_counts(pipeline->defrag);

	end_all(pipeline);
	if (pipeline->share.which == 0)
		pipeline->tally->fragments_lost = fragments.overlapping + fragments.cut + fragments.aged +
						  fragments.evicted + fragments.incomplete;
	pipeline->tally->over_limit += pipeline->budget.refused + streams_lost(pipeline->streams);
	return !out_of_memory(pipeline);
}

void
pipeline_free(struct pipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	pipeline->over = NULL;
	pipeline->event = NULL;
	if (pipeline->defrag != NULL && pipeline->flows != NULL && pipeline->streams != NULL &&
	    pipeline->story != NULL)
		end_all(pipeline);
	defrag_free(pipeline->defrag);
	flow_table_free(pipeline->flows);
	streams_free(pipeline->streams);
	story_free(pipeline->story);
	free(pipeline);
}
