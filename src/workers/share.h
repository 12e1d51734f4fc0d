/* Whose is it? Several workers read the same frames; each follows the flows between its own pairs of addresses, the first
 * one has all else: it hears the story, and counts the frames. */
#ifndef SRC_WORKERS_SHARE_H
#define SRC_WORKERS_SHARE_H

#include "dissectors/packet.h"

/* One worker's share. Where of is 0 or 1 all is its own, and nobody has to ask. */
struct share {
	unsigned which; /* from 0 */
	unsigned of;
};

/* share_has says whether the flow of a TCP or UDP packet is this share's: by its pair of addresses, but the first one's where the story
 * reads it by its ports. */
bool share_has(const struct share *share, const struct packet *packet);

#endif
