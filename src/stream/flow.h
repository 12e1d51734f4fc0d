/* The flow table: who talks to whom, found by one look-up. Real addresses, either direction, TCP and UDP. VLAN tags
 * and tunnels are no part of the key: a span port tags one direction and not the other. */
#ifndef SRC_STREAM_FLOW_H
#define SRC_STREAM_FLOW_H

#include "dissectors/ip.h"
#include "when.h"

/* Whole numbers, which are made, hashed and compared at once; the lower end is first, by address and port. */
struct flow_key {
	uint64_t ip[2][2];
	uint64_t ports; /* and below them the protocol: IP_TCP or IP_UDP */
};

/* Each part of the table has a list of its flows of each kind, by age. */
enum flow_list {
	FLOW_DONE,    /* there is nothing more to learn from it */
	FLOW_SETTLED, /* or nothing but what follows a handshake that went well */
	FLOW_OPEN,
};

#define FLOW_LISTS 3

/* 64 bytes, a cache line: to find a flow that is done is to read one. */
struct flow {
	struct flow_key key;
	uint8_t list; /* enum flow_list */
	uint8_t part; /* below LIMIT_PARTS */
	bool has_syn;
	uint32_t syn; /* number of the last SYN: a copy of it is no new connection */
	int64_t last_us;
	union { /* what the pipeline follows it with, by its protocol, or NULL */
		struct follower *follower; /* TCP */
		struct dtls *dtls;         /* UDP */
	};
};

struct flow_table;

/* flow_table_new makes a table for at most LIMIT_FLOWS; seed makes its hash unpredictable. NULL when out of memory. */
struct flow_table *flow_table_new(uint64_t seed);

/* flow_table_free frees it; its flows must follow nothing any more. */
void flow_table_free(struct flow_table *table);

/* flow_key_make orders two ends; the answer is the direction of a packet from src to dst: 0 or 1. */
unsigned flow_key_make(struct flow_key *key, uint8_t protocol, const struct ip_addr *src, uint16_t src_port,
		       const struct ip_addr *dst, uint16_t dst_port);

/* flow_protocol gives the protocol of a key. */
static inline uint8_t
flow_protocol(const struct flow_key *key)
{
	return key->ports & 0xff;
}

/* flow_part gives the part that a flow lies in: by its addresses, not its ports. */
unsigned flow_part(const struct flow_key *key);

/* flow_find gives the flow of this key, NULL when there is none. */
struct flow *flow_find(struct flow_table *table, const struct flow_key *key);

/* flow_add makes a flow, done and with nothing to follow. NULL when its part is full. */
struct flow *flow_add(struct flow_table *table, const struct flow_key *key, int64_t us);

/* flow_touch notes a packet: the flow becomes the newest of its list. */
void flow_touch(struct flow_table *table, struct flow *flow, int64_t us);

/* flow_move moves a flow to another list of its part, whose newest it becomes. */
void flow_move(struct flow_table *table, struct flow *flow, enum flow_list list);

/* flow_oldest gives the flow of a part's list that has been silent the longest, NULL when the list is empty. */
struct flow *flow_oldest(struct flow_table *table, unsigned part, enum flow_list list);

/* flow_fetch_oldest asks for what flow_oldest and flow_remove will read when this list's oldest go. */
void flow_fetch_oldest(struct flow_table *table, unsigned part, enum flow_list list);

/* flow_remove forgets a flow; it must follow nothing any more. */
void flow_remove(struct flow_table *table, struct flow *flow);

/* flow_part_full says whether a part has its share of LIMIT_FLOWS. */
bool flow_part_full(const struct flow_table *table, unsigned part);

/* flow_count gives the length of a part's list. */
size_t flow_count(const struct flow_table *table, unsigned part, enum flow_list list);

#endif
