/* IP fragments, v4 and v6, put together in any order. Overlap that disagrees or that RFC 5722 forbids drops the datagram,
 * and whatever else comes of it for LIMIT_DATAGRAM_SECONDS. Memory is bounded: the datagram that was silent for the
 * longest makes way. */
#ifndef SRC_STREAM_DEFRAG_H
#define SRC_STREAM_DEFRAG_H

#include "dissectors/ip.h"
#include "when.h"

struct defrag;

struct defrag *defrag_new(void); /* NULL when out of memory */
void defrag_free(struct defrag *defrag);

/* defrag_add takes one fragment: ip is its header, payload what was captured of it, len its length by the
 * header. True when it completes its datagram: *out then holds the whole body, valid until the next call, which may
 * be given a fragment that lies in it.
 * A cut fragment (payload.n < len) drops its datagram. An exact copy of a fragment is ignored. */
bool defrag_add(struct defrag *defrag, const struct ip_header *ip, struct slice payload, size_t len,
		struct when when, struct slice *out);

/* defrag_protocol gives the protocol of the datagram that was completed last. IPv6 fragments may name different ones:
 * the first one's counts (RFC 8200 section 4.5). */
uint8_t defrag_protocol(const struct defrag *defrag);

/* What did not become a datagram: dropped for fragments that overlap or cannot lie in one datagram, or for a cut one;
 * given up for age or room. */
struct defrag_counts {
	uint64_t overlapping, cut, aged, evicted, incomplete; /* incomplete: still waiting now */
};
struct defrag_counts defrag_counts(const struct defrag *defrag);

/* defrag_out_of_memory says whether a datagram was ever given up because there was no memory. */
bool defrag_out_of_memory(const struct defrag *defrag);

#endif
