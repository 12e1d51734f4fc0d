/* Whose is it? Several workers read the same frames; each follows the flows between its own pairs of addresses, the first
 * one has all else. */
#ifndef SRC_WORKERS_SHARE_H
#define SRC_WORKERS_SHARE_H

#include "dissectors/packet.h"

/* One worker's share. Where of is 0 or 1 all is its own, and nobody has to ask. */
struct share {
	unsigned which; /* from 0; the first one counts frames and hears the story */
	unsigned of;
};

enum share_look {
	SHARE_ANOTHERS, /* nothing in the frame is this share's */
	SHARE_OWN,
	SHARE_UNTOLD, /* its headers do not stand plain: all look closer, and what they cannot read is the first one's */
};

/* share_look looks at a frame's headers. */
enum share_look share_look(const struct share *share, uint32_t linktype, struct slice frame);

/* share_has says whether the flow of a TCP or UDP packet is this share's; what its addresses do not tell its ports may,
 * where datagrams between several addresses belong together. */
bool share_has(const struct share *share, const struct packet *packet);

#endif
