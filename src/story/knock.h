/* TCP connections that never came to be: asked for again and again, refused, or held up on the way. */
#ifndef SRC_STORY_KNOCK_H
#define SRC_STORY_KNOCK_H

#include "story.h"

/* One connection while it is being opened. All zero: none was asked for. */
struct knock {
	struct when first, last;
	struct repeats asked; /* SYNs, the first left out */
	bool opened;          /* the server said anything but no */
	struct when refused;  /* its RST */
	struct when unreachable;
	uint8_t unreachable_type, unreachable_code;
};

/* knock_packet takes a packet of the connection; by_client: of who asks. */
void knock_packet(struct knock *knock, const struct packet *packet, bool by_client, struct when now);

/* knock_unreachable takes an ICMP error that quotes a packet of it. */
void knock_unreachable(struct knock *knock, const struct icmp_header *icmp, struct when now);

/* knock_end gives an event where the connection was asked for and never came to be. A single SYN that nobody answered
 * is none: a scan has millions, and who means it asks again. */
void knock_end(const struct knock *knock, struct story_host *host, const struct ends *ends);

#endif
