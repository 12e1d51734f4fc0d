/* The door: which packet is whose. */
#include "story.h"

#include <stdlib.h>

#include "announcements.h"
#include "leases.h"
#include "lookups.h"
#include "pings.h"
#include "transfers.h"

enum port { PORT_DNS = 53, PORT_DHCP_SERVER = 67, PORT_DHCP_CLIENT = 68 };

struct story {
	struct story_host *host;
	struct lookups *lookups;
	struct pings *pings;
	struct transfers *transfers;
};

struct story *
story_new(struct story_host *host)
{
	struct story *story = calloc(1, sizeof(*story));

	if (story == NULL)
		return NULL;
	story->host = host;
	story->lookups = lookups_new(host);
	story->pings = pings_new(host);
	story->transfers = transfers_new(host);
	if (story->lookups == NULL || story->pings == NULL || story->transfers == NULL) {
		story_free(story);
		return NULL;
	}
	return story;
}

void
story_age(struct story *story, struct when now)
{
	lookups_age(story->lookups, now);
	pings_age(story->pings, now);
	transfers_age(story->transfers, now);
}

static bool
has_port(const struct udp_header *udp, uint16_t port)
{
	return udp->src_port == port || udp->dst_port == port;
}

static bool
on_udp(struct story *story, const struct packet *packet, struct when now)
{
	if (has_port(&packet->udp, PORT_DNS))
		return lookups_datagram(story->lookups, packet, now);
	if (has_port(&packet->udp, PORT_DHCP_SERVER) || has_port(&packet->udp, PORT_DHCP_CLIENT))
		return leases_datagram(story->host, packet, now);
	return transfers_datagram(story->transfers, packet, now);
}

/* An error may be about a DTLS flow as well. */
static bool
on_icmp(struct story *story, const struct packet *packet, struct when now)
{
	const struct icmp_header *icmp = &packet->icmp;

	if (icmp->echo_request || icmp->echo_reply) {
		pings_packet(story->pings, packet, now);
		return true;
	}
	if (icmp->unreachable && icmp->quoted.protocol == IP_UDP) {
		lookups_unreachable(story->lookups, icmp, now);
		transfers_unreachable(story->transfers, icmp, now);
	}
	return false;
}

bool
story_packet(struct story *story, const struct packet *packet, struct when now)
{
	switch (packet->kind) {
	case PACKET_CDP:
	case PACKET_LLDP:
		announcements_packet(story->host, packet, now);
		return true;
	case PACKET_UDP:
		return on_udp(story, packet, now);
	case PACKET_ICMP:
		return on_icmp(story, packet, now);
	default:
		return false;
	}
}

size_t
story_held(const struct story *story)
{
	return lookups_held(story->lookups) + pings_held(story->pings) + transfers_held(story->transfers);
}

void
story_finish(struct story *story, struct when now)
{
	transfers_finish(story->transfers, now);
	lookups_finish(story->lookups, now);
	pings_finish(story->pings, now);
}

void
story_free(struct story *story)
{
	if (story == NULL)
		return;
	transfers_free(story->transfers);
	lookups_free(story->lookups);
	pings_free(story->pings);
	free(story);
}
