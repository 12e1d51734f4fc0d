/* The gate: which flow a packet is of, and whether there is still something to learn from it. A flow whose handshake is
 * over is done: its later packets cost the one look-up. */
#include "dissectors/dtls_record.h"
#include "dissectors/handshake.h"
#include "dissectors/tls_record.h"
#include "pipeline_room.h"

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

void
gate_tcp(struct pipeline *pipeline, const struct packet *packet)
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
	follow_relieve(pipeline, flow->part);
}

/* A UDP flow is not remembered before a datagram of it opens a DTLS handshake. */
void
gate_udp(struct pipeline *pipeline, const struct packet *packet)
{
	struct flow_key key;
	struct flow *flow;
	unsigned dir;
	bool opens;

	if (!dtls_record_may_be(packet->payload))
		return;
	dir = flow_key_make(&key, IP_UDP, &packet->ip.src, packet->udp.src_port, &packet->ip.dst,
			    packet->udp.dst_port);
	flow = flow_find(pipeline->flows, &key);
	opens = (flow == NULL || flow->dtls == NULL) && dtls_record_opens(packet->payload);
	if (flow == NULL && !opens)
		return;
	if (flow == NULL)
		flow = follow_new(pipeline, &key);
	flow_touch(pipeline->flows, flow, pipeline->now.us);
	if (opens)
		follow_udp(pipeline, flow, dir, packet);
	if (flow->dtls == NULL)
		return;
	pipeline->matters = true;
	dtls_datagram(flow->dtls, dir, packet->payload, packet->payload.n < packet->payload_len,
		      pipeline->now);
	if (dtls_done(flow->dtls))
		follow_end(pipeline, flow);
	else
		follow_settle(pipeline, flow);
	follow_relieve(pipeline, flow->part);
}

void
gate_icmp(struct pipeline *pipeline, const struct packet *packet)
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
	if (flow == NULL || flow->list == FLOW_DONE)
		return;
	flow_touch(pipeline->flows, flow, pipeline->now.us);
	if (flow_protocol(&key) == IP_UDP)
		dtls_unreachable(flow->dtls, icmp->type, icmp->code, pipeline->now);
	else
		follow_unreachable(flow->follower, icmp);
}
