/* The way of one packet.
 *
 *   frame -> packet_dissect -> defrag -> gate -> follow: stream -> tls  -> session -> handshake
 *                                 |                   |       \-> web --------------> event
 *                                 |                   \-> dtls -> session -> handshake
 *                                 \-> story -> event */
#include "pipeline_room.h"

#include <stdlib.h>

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
	size_t held = story_held(pipeline->story);

	for (size_t part = 0; part < LIMIT_PARTS; part++)
		held += pipeline->host.held[part];
	return held;
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
			gate_tcp(pipeline, packet);
		return;
	}
	if (pipeline->share.which == 0 && story_packet(pipeline->story, packet, pipeline->now)) {
		pipeline->matters = true;
		return;
	}
	if (packet->kind == PACKET_UDP && has_flow(pipeline, packet))
		gate_udp(pipeline, packet);
	else if (packet->kind == PACKET_ICMP)
		gate_icmp(pipeline, packet);
}

static void
give_up(struct pipeline *pipeline, struct flow *flow)
{
	pipeline->turn.order = follow_last(flow);
	follow_end(pipeline, flow);
}

static void
give_up_all(struct pipeline *pipeline, bool idle)
{
	struct flow *flow;

	while ((flow = follow_oldest(pipeline, idle)) != NULL)
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

/* Nothing grows old within a second. */
static void
pass_time(struct pipeline *pipeline, struct when now)
{
	const int64_t second = now.us / 1000000;

	pipeline->now = now;
	pipeline->turn.frame = now.frame;
	if (second != pipeline->second) {
		give_up_all(pipeline, true);
		pipeline->turn.order = now.frame;
		story_age(pipeline->story, now);
	}
	pipeline->second = second;
	pipeline->turn.order = now.frame + 1;
}

bool
pipeline_frame(struct pipeline *pipeline, const struct frame *frame)
{
	const bool first = pipeline->share.which == 0;
	struct packet packet;
	struct dis_at at;

	if (first)
		count_frame(pipeline->tally, frame);
	pass_time(pipeline, frame->when);
	pipeline->matters = false;
	if (packet_dissect(frame->linktype, frame->bytes, &packet, &at) == DIS_OK)
		on_packet(pipeline, &packet);
	else if (first)
		pipeline->tally->unreadable++;
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

	pipeline->turn.frame = behind;
	give_up_all(pipeline, false);
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
