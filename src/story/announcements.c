/* Who phones and switches say they are. */
#include "announcements.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "dissectors/cdp.h"
#include "dissectors/lldp.h"
#include "tell.h"

enum chassis_subtype { CHASSIS_MAC = 4, CHASSIS_NETWORK_ADDRESS = 5 };
enum port_subtype { PORT_MAC = 3 };

static struct event *
begin(struct story_host *host, const struct packet *packet, struct when now)
{
	struct event *event = tell_begin(host, EVENT_ANNOUNCEMENT, packet, SIDE_CLIENT, now);

	if (event == NULL)
		return NULL;
	event->client = (struct endpoint){.has_mac = packet->has_speaker};
	memcpy(event->client.mac, packet->speaker, sizeof(event->client.mac));
	event->server = (struct endpoint){.port = 0};
	return event;
}

static void
set_ip(struct event *event, bool has_ip, const struct ip_addr *ip)
{
	if (!has_ip)
		return;
	event->announcement.has_ip = true;
	event->announcement.ip = event->client.ip = *ip;
}

static void
cdp_packet(struct story_host *host, const struct packet *packet, struct when now)
{
	struct cdp cdp;
	struct dis_at at;
	struct event *event;
	struct announcement *said;

	if (cdp_dissect(packet->payload, &cdp, &at) != DIS_OK && cdp.device_id.n == 0)
		return;
	event = begin(host, packet, now);
	if (event == NULL)
		return;
	said = &event->announcement;
	tell_text(host, &said->name, cdp.device_id);
	tell_text(host, &said->model, cdp.platform);
	tell_text(host, &said->software, cdp.software);
	tell_text(host, &said->port, cdp.port_id);
	said->phone = cdp.capabilities & CDP_PHONE;
	said->native_vlan = cdp.native_vlan;
	said->voice_vlan = cdp.voice_vlan_asked ? -1 : cdp.voice_vlan;
	set_ip(event, cdp.has_ip, &cdp.ip);
	tell_over(host, event);
}

/* The first of two texts that says anything. */
static struct slice
either(struct slice a, struct slice b)
{
	return a.n > 0 ? a : b;
}

static bool
tell_mac(struct story_host *host, char **out, struct slice bytes)
{
	char text[sizeof("00:11:22:33:44:55")];
	uint8_t mac[6];

	if (bytes.n != sizeof(mac) || !slice_copy(&bytes, mac, sizeof(mac)))
		return false;
	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	tell_text(host, out, slice_of(text, strlen(text)));
	return true;
}

/* IEEE 802.1AB section 8.5.2.3: a network address stands behind its family's number. */
static bool
tell_address(struct story_host *host, char **out, struct slice bytes)
{
	char text[INET6_ADDRSTRLEN];

	if (!slice_skip(&bytes, 1) || (bytes.n != 4 && bytes.n != 16))
		return false;
	inet_ntop(bytes.n == 4 ? AF_INET : AF_INET6, bytes.p, text, sizeof(text));
	tell_text(host, out, slice_of(text, strlen(text)));
	return true;
}

static void
tell_ids(struct story_host *host, struct announcement *said, const struct lldp *lldp)
{
	uint8_t chassis = lldp->chassis_subtype;

	if ((chassis != CHASSIS_MAC || !tell_mac(host, &said->chassis, lldp->chassis_id)) &&
	    (chassis != CHASSIS_NETWORK_ADDRESS || !tell_address(host, &said->chassis, lldp->chassis_id)))
		tell_text(host, &said->chassis, lldp->chassis_id);
	if (lldp->port_subtype != PORT_MAC || !tell_mac(host, &said->port, lldp->port_id))
		tell_text(host, &said->port, lldp->port_id);
}

static void
lldp_packet(struct story_host *host, const struct packet *packet, struct when now)
{
	struct lldp lldp;
	struct dis_at at;
	struct event *event;
	struct announcement *said;

	if (lldp_dissect(packet->payload, &lldp, &at) != DIS_OK && lldp.chassis_id.n == 0)
		return;
	event = begin(host, packet, now);
	if (event == NULL)
		return;
	said = &event->announcement;
	said->lldp = true;
	tell_text(host, &said->name, lldp.system_name);
	tell_text(host, &said->model, either(lldp.model, lldp.system_description));
	tell_text(host, &said->software, either(lldp.software, lldp.firmware));
	tell_text(host, &said->serial, lldp.serial);
	tell_ids(host, said, &lldp);
	said->phone = lldp.capabilities & LLDP_PHONE;
	said->voice_vlan = lldp.voice_vlan;
	set_ip(event, lldp.has_ip, &lldp.ip);
	tell_over(host, event);
}

void
announcements_packet(struct story_host *host, const struct packet *packet, struct when now)
{
	if (packet->kind == PACKET_CDP)
		cdp_packet(host, packet, now);
	else
		lldp_packet(host, packet, now);
}
