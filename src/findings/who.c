/* The phones of a report, with their visits and events. */
#include "who.h"

#include <stdlib.h>
#include <strings.h>

#include "gateway.h"
#include "identity.h"

/* A client by its address, and the phone that it is where nothing names it: its place in the report, or NOBODY. */
struct client {
	struct ip_addr ip;
	size_t phone;
};

/* How a phone is found: by what names it, else by its address. */
struct directory {
	struct identities identities;
	struct client *clients; /* by address, each once */
	size_t n_clients;
};

/* Makes room for one more element of a growing array of n: room doubles. */
static void *
grow(void *array, size_t n, size_t size)
{
	if (n > 0 && (n & (n - 1)) != 0)
		return array;
	return realloc(array, (n == 0 ? 1 : n * 2) * size);
}

static struct phone *
add_phone(struct report *report)
{
	struct phone *phones = grow(report->phones, report->n_phones, sizeof(*phones));

	if (phones == NULL)
		return NULL;
	report->phones = phones;
	phones[report->n_phones] = (struct phone){.voice_vlan = -1};
	return &phones[report->n_phones++];
}

static int
by_address(const void *a, const void *b)
{
	const struct client *left = a, *right = b;

	return memcmp(&left->ip, &right->ip, sizeof(left->ip));
}

/* Lists all addresses that clients come from. False when out of memory. */
static bool
list_clients(struct directory *directory, const struct report *report, struct handshake *const *handshakes, size_t n)
{
	struct client *clients = calloc(report->n_events + n + 1, sizeof(*clients));
	size_t all = 0, kept = 0;

	if (clients == NULL)
		return false;
	for (size_t e = 0; e < report->n_events; e++)
		clients[all++] = (struct client){report->events[e]->client.ip, NOBODY};
	for (size_t h = 0; h < n; h++)
		clients[all++] = (struct client){handshakes[h]->client.ip, NOBODY};
	qsort(clients, all, sizeof(*clients), by_address);
	for (size_t i = 0; i < all; i++)
		if (kept == 0 || by_address(&clients[i], &clients[kept - 1]) != 0)
			clients[kept++] = clients[i];
	directory->clients = clients;
	directory->n_clients = kept;
	return true;
}

/* Where it is noted which phone this is: of an identity, else of the client that is known by its address alone; NULL: of
 * neither. */
static size_t *
place_of(const struct directory *directory, size_t identity, const struct ip_addr *ip)
{
	const struct client wanted = {.ip = *ip};
	struct client *client;

	if (identity != NOBODY)
		return &directory->identities.list[identity].phone;
	if (!ip_is_set(ip))
		return NULL;
	client = bsearch(&wanted, directory->clients, directory->n_clients, sizeof(wanted), by_address);
	return client != NULL ? &client->phone : NULL;
}

static struct phone *
make_phone(struct report *report, struct directory *directory, size_t identity, const struct endpoint *client)
{
	size_t *place = place_of(directory, identity, &client->ip);
	const uint8_t *mac = client->mac;
	struct phone *phone;

	if (place != NULL && *place != NOBODY)
		return &report->phones[*place];
	phone = add_phone(report);
	if (phone == NULL)
		return NULL;
	if (place != NULL)
		*place = report->n_phones - 1;
	phone->is_phone = identity != NOBODY;
	phone->has_mac = phone->is_phone || client->has_mac;
	if (phone->is_phone)
		mac = directory->identities.list[identity].mac;
	memcpy(phone->mac, mac, sizeof(phone->mac));
	return phone;
}

/* An address of the phone, and how it is known. False when out of memory; and so below. */
static bool
add_address(struct phone *phone, const struct ip_addr *ip, const char *from, struct when at)
{
	struct phone_address *addresses;

	if (!ip_is_set(ip))
		return true;
	for (size_t i = 0; i < phone->n_addresses; i++)
		if (memcmp(&phone->addresses[i].ip, ip, sizeof(*ip)) == 0)
			return true;
	addresses = grow(phone->addresses, phone->n_addresses, sizeof(*addresses));
	if (addresses == NULL)
		return false;
	phone->addresses = addresses;
	addresses[phone->n_addresses++] = (struct phone_address){*ip, {from, at}};
	phone->ip = addresses[0].ip;
	return true;
}

static struct visit *
visit_of(struct phone *phone, const struct endpoint *server)
{
	struct visit *visits;

	for (size_t v = 0; v < phone->n_visits; v++)
		if (memcmp(&phone->visits[v].server, &server->ip, sizeof(server->ip)) == 0)
			return &phone->visits[v];
	visits = grow(phone->visits, phone->n_visits, sizeof(*visits));
	if (visits == NULL)
		return NULL;
	phone->visits = visits;
	visits[phone->n_visits] = (struct visit){.server = server->ip, .port = server->port};
	return &visits[phone->n_visits++];
}

static bool
place_handshake(struct report *report, struct directory *directory, struct handshake *handshake)
{
	size_t identity = identity_of_client(&directory->identities, &handshake->client, handshake->first.frame);
	struct phone *phone = make_phone(report, directory, identity, &handshake->client);
	struct visit *visit = phone != NULL ? visit_of(phone, &handshake->server) : NULL;
	struct handshake **handshakes;

	if (visit == NULL || !add_address(phone, &handshake->client.ip, "packets", handshake->first))
		return false;
	handshakes = grow(visit->handshakes, visit->n, sizeof(*handshakes));
	if (handshakes == NULL)
		return false;
	handshakes[visit->n++] = handshake;
	visit->handshakes = handshakes;
	return true;
}

bool
who_is_asked_for(const struct trust *trust, const char *name)
{
	for (size_t i = 0; i < trust->n_gateways; i++)
		if (strcasecmp(trust->gateways[i].host, name) == 0)
			return true;
	for (size_t c = 0; c < trust->n_configs; c++)
		for (size_t u = 0; u < trust->configs[c]->n_urls; u++)
			if (strcasecmp(trust->configs[c]->urls[u].host, name) == 0)
				return true;
	return false;
}

/* Whoever asks for a phone's file, for the name of the gateway or for a connection to it is worth a line though nothing names him; and who gets no
 * answer, where somebody's configuration was given and nobody comes to a handshake. */
static bool
event_makes_a_client(const struct report *report, const struct event *event, bool handshakes)
{
	char name[PHONE_NAME_SIZE];

	if (event->kind == EVENT_TRANSFER)
		return phone_file_kind_of_name(event->transfer.file, name) != PHONE_FILE_OTHER;
	if (event->kind == EVENT_KNOCK)
		return gateway_is_at(report, &(const struct phone){.ip = event->client.ip}, &event->server, NULL);
	if (event->kind != EVENT_LOOKUP)
		return false;
	return who_is_asked_for(report->trust, event->lookup.name) ||
	       (!handshakes && report->trust->n_configs > 0 && event->lookup.answered.frame == 0);
}

static bool
note_address(struct phone *phone, const struct event *event)
{
	const struct ip_addr *ip = &event->client.ip;
	const char *from = "packets";

	if (event->kind == EVENT_ANNOUNCEMENT) {
		ip = &event->announcement.ip;
		from = event->announcement.lldp ? "LLDP" : "CDP";
	} else if (event->kind == EVENT_LEASE) {
		if (!event->lease.reply || event->lease.type != DHCP_ACK)
			return true;
		ip = ip_is_set(&event->lease.yours) ? &event->lease.yours : &event->lease.client;
		from = "DHCP";
	}
	return add_address(phone, ip, from, event->at);
}

/* All that makes a phone, by first frame. */
static bool
make_phones(struct report *report, struct directory *directory, struct handshake *const *handshakes, size_t n)
{
	size_t e = 0, h = 0;

	while (e < report->n_events || h < n) {
		const struct event *event = e < report->n_events ? report->events[e] : NULL;
		struct phone *phone;
		size_t identity;

		if (event == NULL || (h < n && handshakes[h]->first.frame < event->at.frame)) {
			if (!place_handshake(report, directory, handshakes[h++]))
				return false;
			continue;
		}
		e++;
		identity = identity_of_event(&directory->identities, event);
		if (identity == NOBODY && !event_makes_a_client(report, event, n > 0))
			continue;
		phone = make_phone(report, directory, identity, &event->client);
		if (phone == NULL || !note_address(phone, event))
			return false;
	}
	return true;
}

static bool
place_events(struct report *report, const struct directory *directory)
{
	for (size_t e = 0; e < report->n_events; e++) {
		const struct event *event = report->events[e];
		size_t identity = identity_of_event(&directory->identities, event);
		const size_t *place = place_of(directory, identity, &event->client.ip);
		const struct event **events;
		struct phone *phone;

		if (place == NULL || *place == NOBODY)
			continue;
		phone = &report->phones[*place];
		events = grow(phone->events, phone->n_events, sizeof(*events));
		if (events == NULL)
			return false;
		phone->events = events;
		events[phone->n_events++] = event;
	}
	return true;
}

bool
who_gather(struct report *report, struct handshake *const *handshakes, size_t n)
{
	struct directory directory = {.n_clients = 0};
	bool done = identities_learn(&directory.identities, report->events, report->n_events, handshakes, n) &&
		    list_clients(&directory, report, handshakes, n) && make_phones(report, &directory, handshakes, n) &&
		    place_events(report, &directory);

	identities_free(&directory.identities);
	free(directory.clients);
	return done;
}

void
who_free(struct report *report)
{
	for (size_t p = 0; p < report->n_phones; p++) {
		struct phone *phone = &report->phones[p];
		for (size_t v = 0; v < phone->n_visits; v++)
			free(phone->visits[v].handshakes);
		for (size_t s = 0; s < phone->n_steps; s++)
			free(phone->timeline[s].text);
		free(phone->visits);
		free(phone->addresses);
		free(phone->received);
		free(phone->events);
		free(phone->timeline);
		free(phone->model);
	}
	free(report->phones);
}
