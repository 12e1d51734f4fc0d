/* How events are begun, filled and given, by all that reads. */
#ifndef SRC_STORY_TELL_H
#define SRC_STORY_TELL_H

#include "story.h"

/* tell_begin makes an event that begins with this packet, which from sent. NULL when out of memory, which is noted, and so
 * in all below. */
struct event *tell_begin(struct story_host *host, enum event_kind kind, const struct packet *packet, enum side from,
			 struct when now);

/* tell_text sets a text, escaped; where bytes are empty it stays as it was. */
void tell_text(struct story_host *host, char **out, struct slice bytes);

/* tell_over gives an event that is over. Where memory ran out it may lack what was on the wire: nobody is told of it. */
void tell_over(struct story_host *host, struct event *event);

#endif
