/* The way of one packet: frame, packet, datagram, flow, stream, TLS or DTLS, session, handshake; or story, event. */
#ifndef SRC_PIPELINE_H
#define SRC_PIPELINE_H

#include "capture/capture.h"
#include "story/event.h"
#include "tally.h"
#include "tls/decided.h"
#include "tls/fact.h"
#include "trust/cert.h"
#include "workers/share.h"

struct pipeline;

/* When something is given, among all that is given of the same input, whoever followed it: by frame; at one frame first what
 * has been silent for too long, by the frame that it was last heard in, then what the frame itself brings. */
struct turn {
	uint64_t frame; /* behind the last one: it is over */
	uint64_t order;
};

static inline bool
turn_is_before(struct turn a, struct turn b)
{
	return a.frame < b.frame || (a.frame == b.frame && a.order < b.order);
}

/* pipeline_new makes the way for one input. over takes each handshake when it is over or given up, event
 * each event; tally is counted into; seed makes hashing unpredictable and changes nothing else. NULL when out of memory. */
struct pipeline *pipeline_new(struct cert_store *certs, struct tally *tally, uint64_t seed,
			      void (*over)(void *arg, struct handshake *handshake),
			      void (*event)(void *arg, struct event *event), void *arg);

/* pipeline_share has others read the same frames, and follow what is not this share's: before the first frame. Of what one
 * counts, frames are the first share's. */
void pipeline_share(struct pipeline *pipeline, const struct share *share);

/* pipeline_turn gives the turn of what is being given, or was given last. */
struct turn pipeline_turn(const struct pipeline *pipeline);

/* pipeline_number sets the id that the next handshake gets less one; pipeline_numbered gives the last one. */
void pipeline_number(struct pipeline *pipeline, uint32_t last);
uint32_t pipeline_numbered(const struct pipeline *pipeline);

/* pipeline_held gives what the handshakes and events that are open hold, the certificates that others share too. */
size_t pipeline_held(const struct pipeline *pipeline);

/* pipeline_frame takes the next frame. False when out of memory: handshakes and events that were open then are never
 * given. */
bool pipeline_frame(struct pipeline *pipeline, const struct frame *frame);

/* pipeline_idle says that no frame came until now: what waited for one too long is given up. False as above. */
bool pipeline_idle(struct pipeline *pipeline, int64_t now_us);

/* pipeline_decided_news says whether a handshake was decided since this was asked last that may not be over yet, and
 * pipeline_decided gives those, which live until the next frame; false when out of memory. */
bool pipeline_decided_news(struct pipeline *pipeline);
bool pipeline_decided(const struct pipeline *pipeline, struct decided_copies *out);

/* pipeline_mattered says whether the last frame was more than counted: it belongs to a flow that is followed, to the story,
 * or to what may still become either, a new flow's first packets and IP fragments. A capture of nothing but such frames,
 * and of its last one, gives the same findings. */
bool pipeline_mattered(const struct pipeline *pipeline);

/* pipeline_finish ends the input: what is queued is delivered, what is open is given up. False when out of memory. */
bool pipeline_finish(struct pipeline *pipeline);

/* pipeline_free gives none of the handshakes and events that are open where pipeline_finish was not called. */
void pipeline_free(struct pipeline *pipeline);

#endif
