/* The two ends of a flow. */
#ifndef SRC_TLS_ENDS_H
#define SRC_TLS_ENDS_H

#include "fact.h"

/* By direction: end[0] sends in direction 0. */
struct ends {
	struct endpoint end[2];
	uint16_t vlan[LINK_MAX_VLANS];
	size_t vlans;
	uint8_t part;    /* the flow's */
	bool from_start; /* the flow's first packets are in the capture */
	int opener;      /* the direction that opened it (SYN), -1 where unknown */
	bool saw[2];     /* packets were seen in this direction */
};

/* ends_of gives the ends of a packet that goes in direction dir, and its VLANs: zero where its headers name none. Nothing
 * is known of the rest. */
struct ends ends_of(const struct packet *packet, unsigned dir);

#endif
