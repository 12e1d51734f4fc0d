/* Names asked for by DNS, each with its answer: class IN, types A and AAAA.
 *
 * A client that asks for the same once more while nobody answered it, with another id or another server, is still at the
 * same lookup, and any server's answer to any of these queries answers it. The event has the server that was asked first.
 * A query that comes again within LIMIT_SPAN_COPY_MICROSECONDS is a span port's copy and no repeat.
 *
 * NOERROR and NXDOMAIN end a lookup at once. Any other answer leaves it open, for another server may know better: the last
 * one counts. Copies of queries and answers of a lookup that is over are known for a while, and passed over. An answer
 * whose query was not seen is a lookup of its own: its first frame is the answer's. */
#ifndef SRC_STORY_LOOKUPS_H
#define SRC_STORY_LOOKUPS_H

#include "story.h"

struct lookups;

struct lookups *lookups_new(struct story_host *host);
void lookups_free(struct lookups *lookups);

/* lookups_datagram takes a UDP packet of port 53. False: it is no DNS. */
bool lookups_datagram(struct lookups *lookups, const struct packet *packet, struct when now);

/* lookups_unreachable takes an ICMP error that quotes a UDP packet. */
void lookups_unreachable(struct lookups *lookups, const struct icmp_header *icmp, struct when now);

/* lookups_age ends those that nobody answered for LIMIT_LOOKUP_SECONDS; lookups_finish ends all. */
void lookups_age(struct lookups *lookups, struct when now);
void lookups_finish(struct lookups *lookups, struct when now);

size_t lookups_held(const struct lookups *lookups);

#endif
