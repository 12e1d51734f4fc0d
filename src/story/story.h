/* What is read beside TLS and DTLS: packets in, events out. */
#ifndef SRC_STORY_STORY_H
#define SRC_STORY_STORY_H

#include "dissectors/packet.h"
#include "event.h"
#include "tally.h"
#include "tls/session.h"

/* What all that is read beside TLS has in common. */
struct story_host {
	struct cert_store *certs;
	struct tally *tally;
	bool out_of_memory;
	size_t transfers_held; /* by files, heads and requests under way, of TFTP and HTTP: receive.h counts them */
	void (*over)(void *arg, struct event *event); /* takes it: when it is over, in the order of their ends */
	void *arg;
};

struct story;

/* story_new begins; host must outlive it. NULL when out of memory. */
struct story *story_new(struct story_host *host);

/* story_packet takes a CDP, LLDP, UDP or ICMP packet; reads those it knows, passes over all others at the price of a
 * few comparisons. True: the packet was one of its own, and nobody else need look at it. */
bool story_packet(struct story *story, const struct packet *packet, struct when now);

/* story_age gives up what nothing has come of for too long. */
void story_age(struct story *story, struct when now);

/* story_held gives the bytes held by what is under way. */
size_t story_held(const struct story *story);

/* story_finish ends what is open: the input is over. */
void story_finish(struct story *story, struct when now);

/* story_free gives none of the events that are open where story_finish was not called. */
void story_free(struct story *story);

#endif
