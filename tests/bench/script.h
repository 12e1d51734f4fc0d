/* A conversation that was recorded once, to be had again by others: at other addresses and ports, with other sequence
 * numbers, in another VLAN, and with right checksums. */
#ifndef BENCH_SCRIPT_H
#define BENCH_SCRIPT_H

#include "tests/lab/frames.h"
#include "out.h"

enum line_kind { LINE_RAW, LINE_UDP, LINE_TCP };

/* One frame: Ethernet, IPv4, TCP or UDP; or whatever else, which is said as it was recorded. What each call has of its
 * own is zero in it. */
struct line {
	enum line_kind kind;
	enum side from;
	uint8_t *bytes; /* owned */
	size_t n, payload; /* its length; where its payload begins */
	uint32_t ip_sum, sum; /* of the IP header; of all that TCP's or UDP's checksum is over */
	uint32_t seq, ack; /* since the first of its side and of the other */
	bool has_ack;
};

struct script {
	struct line *lines; /* owned */
	size_t n;
};

/* Who has the conversation. */
struct call {
	uint8_t mac[2][6];
	uint32_t ip[2];
	uint16_t port[2];
	uint32_t seq[2]; /* first sequence numbers */
	uint16_t vlan;   /* 0: untagged */
};

/* script_of takes what stands in frames, and empties them. */
void script_of(struct script *out, struct frames *frames);
void script_free(struct script *script);

/* line_set puts another number at an even offset into a line's payload. */
void line_set(struct line *line, size_t off, uint16_t value);

/* line_say writes the frame of a line. */
void line_say(const struct line *line, const struct call *call, struct out *out);

#endif
