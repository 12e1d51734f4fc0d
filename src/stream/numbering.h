/* The sequence numbers of one direction of a TCP stream: which of them is the byte at offset 0, and where a number
 * lies. A number far from all that is known is stale or a lie, and moves nothing. */
#ifndef SRC_STREAM_NUMBERING_H
#define SRC_STREAM_NUMBERING_H

#include <stdbool.h>
#include <stdint.h>

/* Where the first number is known from, the better after the worse. */
enum numbering_from {
	NUMBERING_UNKNOWN,
	NUMBERING_OWN,   /* the first segment of this direction that was seen, without data */
	NUMBERING_SHOWN, /* what the other side acknowledged */
	NUMBERING_SYN,
};

struct numbering {
	enum numbering_from from;
	uint32_t first; /* the number of the byte at offset 0 */
	uint32_t rival;
	bool disputed;	/* two SYN+ACKs disagree: rival is the other one's first */
	bool confirmed; /* the other side has acknowledged a number that fits: no other SYN+ACK counts */
	bool settled;	/* bytes have been taken: offset 0 stays where it is */
};

/* The four that learn return true when offset 0 has moved: what was noted by offset is void then. */

/* numbering_syn takes the number of a SYN or SYN+ACK of this direction. */
bool numbering_syn(struct numbering *n, uint32_t seq);

/* numbering_data takes the number of a segment of this direction that carries len bytes. */
bool numbering_data(struct numbering *n, uint32_t seq, uint64_t len);

/* numbering_own takes the number of a segment of this direction that carries none. */
bool numbering_own(struct numbering *n, uint32_t seq);

/* numbering_ack takes a number that the other side acknowledged. */
bool numbering_ack(struct numbering *n, uint32_t ack);

/* numbering_is says whether a SYN with this number is this direction's. */
bool numbering_is(const struct numbering *n, uint32_t seq);

/* numbering_answers says whether a SYN+ACK that acknowledges ack can answer this direction's SYN. */
bool numbering_answers(const struct numbering *n, uint32_t ack);

/* numbering_offset gives the offset of a number, the one that is nearest to offset near: negative before the start. */
int64_t numbering_offset(const struct numbering *n, uint32_t seq, uint64_t near);

#endif
