/* Addresses leased by DHCP, and the TFTP servers told with them. */
#ifndef SRC_STORY_LEASES_H
#define SRC_STORY_LEASES_H

#include "story.h"

/* leases_datagram makes a UDP packet of port 67 or 68 an event; each message is one. The client has the MAC address that
 * asks (chaddr), whoever relayed it, and the IP address that it has, or is given: an offer is none yet. The server is whom
 * option 54 names, else who answers, or who is asked alone. False: it is not DHCP, or was cut: what it lacks may be just
 * what matters. */
bool leases_datagram(struct story_host *host, const struct packet *packet, struct when now);

#endif
