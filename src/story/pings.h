/* Pings: a VPN phone asks its TFTP server so whether it is at home (facts sheet cisco-phones, section 1.1). Those of one
 * host to another are one event, as long as they are of one kind: all answered, or none.
 *
 * A request is unanswered when the next one comes, or nothing for LIMIT_PING_SECONDS. A reply that comes later than that
 * answers those before it all the same. Where the input ends, the last request is of the kind of those before it. A reply
 * without its request is a ping of its own: its first frame is the reply's. A request that comes again within
 * LIMIT_SPAN_COPY_MICROSECONDS is a span port's copy. */
#ifndef SRC_STORY_PINGS_H
#define SRC_STORY_PINGS_H

#include "story.h"

struct pings;

struct pings *pings_new(struct story_host *host);
void pings_free(struct pings *pings);

/* pings_packet takes an echo request or reply. */
void pings_packet(struct pings *pings, const struct packet *packet, struct when now);

/* pings_age ends those in which nothing came for LIMIT_PING_SECONDS; pings_finish ends all. */
void pings_age(struct pings *pings, struct when now);
void pings_finish(struct pings *pings, struct when now);

size_t pings_held(const struct pings *pings);

#endif
