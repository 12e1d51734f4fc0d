/* How events are begun, filled and given. */
#include "tell.h"

#include "text.h"

struct event *
tell_begin(struct story_host *host, enum event_kind kind, const struct packet *packet, enum side from, struct when now)
{
	struct ends ends = ends_of(packet, from);
	struct event *event = event_new(kind);

	if (event == NULL) {
		host->out_of_memory = true;
		return NULL;
	}
	event->at = event->last = now;
	event->client = ends.end[SIDE_CLIENT];
	event->server = ends.end[SIDE_SERVER];
	event->vlans = ends.vlans;
	memcpy(event->vlan, ends.vlan, sizeof(event->vlan));
	return event;
}

void
tell_text(struct story_host *host, char **out, struct slice bytes)
{
	if (bytes.n == 0)
		return;
	*out = text_escape(bytes);
	if (*out == NULL)
		host->out_of_memory = true;
}

void
tell_over(struct story_host *host, struct event *event)
{
	if (host->out_of_memory)
		event_free(event);
	else
		host->over(host->arg, event);
}
