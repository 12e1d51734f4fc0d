/* Files asked for by TFTP: any block size, OACK, windows, blocks that come again or out of order, block numbers that begin
 * again, the server's change of port, several at once (facts sheet cisco-phones, section 3).
 *
 * A request that comes again is a repeat and no transfer of its own: from the same port and for the same file while that
 * one is under way, or from another port while it has no answer, when the transfer's client has the later port. Blocks and
 * requests that come again within LIMIT_SPAN_COPY_MICROSECONDS, of the last new block and of the last request, are a span
 * port's copies and no repeats: their bytes are not compared.
 *
 * A transfer is done when its last block was acknowledged, or when it is silent with all blocks there. It is incomplete, not
 * broken, where the capture lacks what was acknowledged or all that the server said. A client's ACK shows that the server
 * answered: where the answer itself is not there, answered is that ACK's frame. */
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

/* transfers_held gives the bytes that they hold. */
size_t transfers_held(const struct transfers *transfers);

#endif
