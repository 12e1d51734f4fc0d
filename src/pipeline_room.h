/* The pipeline's own room: shared by pipeline.c, gate.c and follow.c, and by nobody else. */
#ifndef SRC_PIPELINE_ROOM_H
#define SRC_PIPELINE_ROOM_H

#include "dissectors/packet.h"
#include "pipeline.h"
#include "story/knock.h"
#include "story/story.h"
#include "story/web.h"
#include "stream/defrag.h"
#include "stream/flow.h"
#include "stream/stream.h"
#include "tls/dtls.h"
#include "tls/tls.h"

struct pipeline {
	struct session_host host;
	struct story_host story_host;
	struct assembly_budget budget;
	struct tally *tally;
	struct defrag *defrag;
	struct flow_table *flows;
	struct streams *streams;
	struct story *story;
	struct when now;
	struct turn turn;
	int64_t second; /* in which the last frame came */
	struct share share;
	bool matters; /* the frame in work is more than counted */
	void (*over)(void *arg, struct handshake *handshake); /* NULL: nobody wants more of them */
	void (*event)(void *arg, struct event *event);        /* NULL: nor of them */
	void *arg;
};

/* What reads a stream. */
struct follower {
	struct pipeline *pipeline;
	struct stream *stream;
	struct tls *tls; /* NULL: there is nothing more to learn from it, and so in web */
	struct web *web; /* NULL too where nothing was seen that may be HTTP */
	struct knock knock;
	struct ends ends;
	uint64_t last; /* frame */
};

/* gate_tcp, gate_udp and gate_icmp find the flow of a packet of their kind, and give it to who follows that. */
void gate_tcp(struct pipeline *pipeline, const struct packet *packet);
void gate_udp(struct pipeline *pipeline, const struct packet *packet);
void gate_icmp(struct pipeline *pipeline, const struct packet *packet);

/* How a stream reaches its follower. */
extern const struct stream_ops follow_stream;

/* follow_new makes a flow that nothing follows yet; the one silent the longest makes way where there are too many. */
struct flow *follow_new(struct pipeline *pipeline, const struct flow_key *key);

/* follow_tcp and follow_udp begin to follow a flow, at this packet of it; without memory it stays as it was. */
void follow_tcp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet);
void follow_udp(struct pipeline *pipeline, struct flow *flow, unsigned dir, const struct packet *packet);

/* follow_packet notes that a stream was seen in this direction at all, and how it is opened. */
void follow_packet(struct follower *follower, unsigned dir, const struct packet *packet);

/* follow_unreachable takes an ICMP error about a TCP flow. */
void follow_unreachable(struct follower *follower, const struct icmp_header *icmp);

/* follow_last gives the last frame of a flow that is followed. */
uint64_t follow_last(const struct flow *flow);

/* follow_oldest gives the flow that is followed and has been silent the longest; NULL: there is none, or where one must be idle,
 * for LIMIT_HANDSHAKE_SECONDS, none that is. */
struct flow *follow_oldest(const struct pipeline *pipeline, bool idle);

/* follow_settle puts a DTLS flow among those that are settled, or back among the open ones where it begins anew. Of too many
 * that are settled, the one silent the longest is done. */
void follow_settle(struct pipeline *pipeline, struct flow *flow);

/* follow_done says whether nothing more is to be learned from a stream; what is done with it lets go. */
bool follow_done(struct follower *follower);

/* follow_relieve gives up flows, those silent the longest first, while those of this part, or all, hold too much. */
void follow_relieve(struct pipeline *pipeline, unsigned part);

/* follow_end closes the gate: what followed the flow lets go, and its open handshake is over. */
void follow_end(struct pipeline *pipeline, struct flow *flow);

#endif
