/* TCP connections that never came to be. */
#include "knock.h"

#include "limit.h"
#include "tell.h"

void
knock_packet(struct knock *knock, const struct packet *packet, bool by_client, struct when now)
{
	bool syn = (packet->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;

	if (!by_client && (packet->tcp.flags & TCP_RST) == 0)
		knock->opened = true;
	else if (!by_client && knock->refused.frame == 0)
		knock->refused = now;
	if (!by_client || !syn)
		return;
	if (knock->first.frame == 0)
		knock->first = now;
	else if (now.us - knock->last.us > LIMIT_SPAN_COPY_MICROSECONDS)
		repeats_add(&knock->asked, now);
	knock->last = now;
}

void
knock_unreachable(struct knock *knock, const struct icmp_header *icmp, struct when now)
{
	if (knock->unreachable.frame != 0)
		return;
	knock->unreachable = now;
	knock->unreachable_type = icmp->type;
	knock->unreachable_code = icmp->code;
}

static struct when
later(struct when a, struct when b)
{
	return a.frame > b.frame ? a : b;
}

void
knock_end(const struct knock *knock, struct story_host *host, const struct ends *ends)
{
	struct event *event;

	if (knock->first.frame == 0 || knock->opened ||
	    (knock->asked.n == 0 && knock->refused.frame == 0 && knock->unreachable.frame == 0))
		return;
	event = event_new(EVENT_KNOCK);
	if (event == NULL) {
		host->out_of_memory = true;
		return;
	}
	event->at = knock->first;
	event->last = later(knock->last, later(knock->refused, knock->unreachable));
	event->client = ends->end[ends->opener];
	event->server = ends->end[!ends->opener];
	event->vlans = ends->vlans;
	memcpy(event->vlan, ends->vlan, sizeof(event->vlan));
	event->knock = (struct knock_fact){
		.asked = knock->asked,
		.refused = knock->refused,
		.unreachable = knock->unreachable,
		.unreachable_type = knock->unreachable_type,
		.unreachable_code = knock->unreachable_code,
	};
	tell_over(host, event);
}
