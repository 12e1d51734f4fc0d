/* Addresses leased by DHCP, and the TFTP servers told with them. */
#include "leases.h"

#include "tell.h"

static void
set_client(struct event *event, const struct dhcp *dhcp)
{
	struct endpoint *client = &event->client;

	client->has_mac = dhcp->has_mac;
	memcpy(client->mac, dhcp->mac, sizeof(client->mac));
	client->ip = dhcp->client;
	if (!ip_is_set(&client->ip) && dhcp->type != DHCP_OFFER)
		client->ip = dhcp->yours;
}

static bool
is_broadcast(const struct ip_addr *ip)
{
	static const struct ip_addr everybody = {{[10] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

	return memcmp(ip, &everybody, sizeof(everybody)) == 0;
}

static void
set_server(struct event *event, const struct dhcp *dhcp)
{
	struct endpoint *server = &event->server;

	if (is_broadcast(&server->ip))
		*server = (struct endpoint){.port = server->port};
	if (ip_is_set(&dhcp->server))
		server->ip = dhcp->server;
}

static void
set_lease(struct story_host *host, struct lease *lease, const struct dhcp *dhcp)
{
	lease->reply = dhcp->reply;
	lease->type = dhcp->type;
	lease->xid = dhcp->xid;
	lease->has_mac = dhcp->has_mac;
	memcpy(lease->mac, dhcp->mac, sizeof(lease->mac));
	lease->client = dhcp->client;
	lease->yours = dhcp->yours;
	lease->requested = dhcp->requested;
	lease->server = dhcp->server;
	lease->next_server = dhcp->next_server;
	lease->relay = dhcp->relay;
	tell_text(host, &lease->host_name, dhcp->host_name);
	tell_text(host, &lease->vendor_class, dhcp->vendor_class);
	tell_text(host, &lease->tftp_name, dhcp->tftp_name);
	tell_text(host, &lease->boot_server, dhcp->boot_server);
	tell_text(host, &lease->boot_file, dhcp->boot_file);
	memcpy(lease->tftp, dhcp->tftp, sizeof(lease->tftp));
	lease->n_tftp = dhcp->n_tftp;
	lease->option_66 = dhcp->option_66;
	lease->option_150 = dhcp->option_150;
}

bool
leases_datagram(struct story_host *host, const struct packet *packet, struct when now)
{
	struct dhcp dhcp;
	struct dis_at at;
	struct event *event;

	if (packet->payload.n < packet->payload_len || dhcp_dissect(packet->payload, &dhcp, &at) != DIS_OK)
		return false;
	event = tell_begin(host, EVENT_LEASE, packet, dhcp.reply ? SIDE_SERVER : SIDE_CLIENT, now);
	if (event == NULL)
		return true;
	set_client(event, &dhcp);
	set_server(event, &dhcp);
	set_lease(host, &event->lease, &dhcp);
	tell_over(host, event);
	return true;
}
