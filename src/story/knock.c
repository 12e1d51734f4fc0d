/* TCP connections that never came to be. */
#include "knock.h"

#include <stdlib.h>

#include "limit.h"
#include "tell.h"

/* Where trouble is noted; NULL when out of memory. */
static struct knock_fact *
trouble_of(struct knock *knock, struct story_host *host)
{
	if (knock->trouble == NULL)
		knock->trouble = calloc(1, sizeof(*knock->trouble));
	if (knock->trouble == NULL)
		host->out_of_memory = true;
	return knock->trouble;
}

static void
asked(struct knock *knock, struct story_host *host, struct when now)
{
	struct knock_fact *trouble;

	if (knock->first.frame == 0) {
		knock->first = now;
	} else if (now.us - knock->last.us > LIMIT_SPAN_COPY_MICROSECONDS) {
		trouble = trouble_of(knock, host);
		if (trouble != NULL)
			repeats_add(&trouble->asked, now);
	}
	knock->last = now;
}

static void
refused(struct knock *knock, struct story_host *host, struct when now)
{
	struct knock_fact *trouble = trouble_of(knock, host);

	if (trouble != NULL && trouble->refused.frame == 0)
		trouble->refused = now;
}

void
knock_packet(struct knock *knock, struct story_host *host, const struct packet *packet, bool by_client,
	     struct when now)
{
	if (knock->opened)
		return;
	if (by_client && (packet->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		asked(knock, host, now);
	else if (!by_client && (packet->tcp.flags & TCP_RST))
		refused(knock, host, now);
	else
		knock->opened = !by_client;
}

void
knock_unreachable(struct knock *knock, struct story_host *host, const struct icmp_header *icmp, struct when now)
{
	struct knock_fact *trouble = knock->opened ? NULL : trouble_of(knock, host);

	if (trouble == NULL || trouble->unreachable.frame != 0)
		return;
	trouble->unreachable = now;
	trouble->unreachable_type = icmp->type;
	trouble->unreachable_code = icmp->code;
}

static struct when
later(struct when a, struct when b)
{
	return a.frame > b.frame ? a : b;
}

static void
tell(const struct knock *knock, struct story_host *host, const struct ends *ends)
{
	const struct knock_fact *trouble = knock->trouble;
	struct event *event = event_new(EVENT_KNOCK);

	if (event == NULL) {
		host->out_of_memory = true;
		return;
	}
	event->at = knock->first;
	event->last = later(knock->last, later(trouble->refused, trouble->unreachable));
	event->client = ends->end[ends->opener];
	event->server = ends->end[!ends->opener];
	event->vlans = ends->vlans;
	memcpy(event->vlan, ends->vlan, sizeof(event->vlan));
	event->knock = *trouble;
	tell_over(host, event);
}

void
knock_end(struct knock *knock, struct story_host *host, const struct ends *ends)
{
	if (knock->first.frame != 0 && !knock->opened && knock->trouble != NULL)
		tell(knock, host, ends);
	free(knock->trouble);
	knock->trouble = NULL;
}
