/* Names asked for by DNS, each with its answer. */
#ifndef SRC_STORY_LOOKUPS_H
#define SRC_STORY_LOOKUPS_H

#include "story.h"

struct lookups;

struct lookups *lookups_new(struct story_host *host);
void lookups_free(struct lookups *lookups);

/* lookups_datagram takes a UDP packet of port 53. */
void lookups_datagram(struct lookups *lookups, const struct packet *packet, struct when now);

/* lookups_unreachable takes an ICMP error that quotes a UDP packet. */
void lookups_unreachable(struct lookups *lookups, const struct icmp_header *icmp, struct when now);

/* lookups_age ends those that nobody answered for LIMIT_LOOKUP_SECONDS; lookups_finish ends all. */
void lookups_age(struct lookups *lookups, struct when now);
void lookups_finish(struct lookups *lookups, struct when now);

size_t lookups_held(const struct lookups *lookups);

#endif
