/* Who phones and switches say they are, by CDP and LLDP. */
#ifndef SRC_STORY_ANNOUNCEMENTS_H
#define SRC_STORY_ANNOUNCEMENTS_H

#include "story.h"

/* announcements_packet makes a CDP or LLDP packet an event. What stands before a cut or broken field counts, if it names
 * the speaker; what is of neither is passed over. The client is the speaker, with the MAC address of the frame that the
 * packet lay in and the first IP address that it calls its own; there is no server. */
void announcements_packet(struct story_host *host, const struct packet *packet, struct when now);

#endif
