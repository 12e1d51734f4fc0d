/* The pipeline's own room: shared by pipeline.c and follow.c, and by nobody else. */
#ifndef SRC_PIPELINE_ROOM_H
#define SRC_PIPELINE_ROOM_H

#include "dissectors/packet.h"
#include "pipeline.h"
#include "stream/defrag.h"
#include "stream/flow.h"
#include "stream/stream.h"
#include "tls/dtls.h"
#include "tls/tls.h"

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

/* How a stream reaches its tls. */
extern const struct stream_ops follow_stream;

/* follow_new makes a flow that nothing follows yet; the one silent the longest makes way where there are too many. */
struct flow *follow_new(struct pipeline *pipeline, const struct flow_key *key);

/* follow_tcp and follow_udp begin to follow a flow, at this packet of it; without memory it stays as it was. */
void follow_tcp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet);
void follow_udp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet);

/* follow_relieve gives up flows, those silent the longest first, while all that are followed hold too much. */
void follow_relieve(struct pipeline *pipeline);

/* follow_end closes the gate: what followed the flow lets go, and its open handshake is over. */
void follow_end(struct pipeline *pipeline, struct flow *flow);

#endif
