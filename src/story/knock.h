/* TCP connections that never came to be: asked for again and again, refused, or held up on the way. */
#ifndef SRC_STORY_KNOCK_H
#define SRC_STORY_KNOCK_H

#include "story.h"

/* One connection while it is being opened. All zero: none was asked for. */
struct knock {
	struct when first, last;    /* SYN */
	struct knock_fact *trouble; /* owned; NULL while there is none, as with most */
	bool opened;                /* the server said anything but no: nothing more is noted */
};

/* knock_packet takes a packet of the connection; by_client: of who asks. */
void knock_packet(struct knock *knock, struct story_host *host, const struct packet *packet, bool by_client,
		  struct when now);

/* knock_unreachable takes an ICMP error that quotes a packet of it. */
void knock_unreachable(struct knock *knock, struct story_host *host, const struct icmp_header *icmp, struct when now);

/* knock_end gives an event where the connection was asked for and never came to be, and lets go. A single SYN that
 * nobody answered is none: a scan has millions, and who means it asks again. */
void knock_end(struct knock *knock, struct story_host *host, const struct ends *ends);

#endif
