/* The lines of what is read beside TLS: "cdp", "lldp", "dhcp", "transfer". Look-ups and pings have none: a PC makes thousands,
 * and those of a phone stand in its timeline. */
#ifndef SRC_OUTPUT_JSON_EVENT_H
#define SRC_OUTPUT_JSON_EVENT_H

#include <stdio.h>

#include "story/event.h"

/* json_event writes an event that is over. */
void json_event(FILE *to, const struct event *event);

#endif
