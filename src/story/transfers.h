/* Files asked for by TFTP: any block size, OACK, windows, blocks that come again or out of order, block numbers that begin
 * again, the server's change of port, several at once (facts sheet cisco-phones, section 3). */
#ifndef SRC_STORY_TRANSFERS_H
#define SRC_STORY_TRANSFERS_H

#include "story.h"

struct transfers;

struct transfers *transfers_new(struct story_host *host);
void transfers_free(struct transfers *transfers);

/* transfers_datagram takes a UDP packet; false, after one look at its ports, where no transfer is its. */
bool transfers_datagram(struct transfers *transfers, const struct packet *packet, struct when now);

/* transfers_unreachable takes an ICMP error that quotes a UDP packet. */
void transfers_unreachable(struct transfers *transfers, const struct icmp_header *icmp, struct when now);

/* transfers_age ends those in which nothing came for LIMIT_TRANSFER_SECONDS; transfers_finish ends all. */
void transfers_age(struct transfers *transfers, struct when now);
void transfers_finish(struct transfers *transfers, struct when now);

size_t transfers_held(const struct transfers *transfers);

#endif
