/* Which addresses are which phone's. */
#include "identity.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* The MAC address in "SEP001122334455". */
static void
mac_of_name(const char *name, uint8_t mac[6])
{
	for (size_t i = 0; i < 6; i++) {
		char digits[3] = {name[3 + 2 * i], name[4 + 2 * i], '\0'};
		mac[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
}

static void
name_of_mac(const uint8_t mac[6], char name[PHONE_NAME_SIZE])
{
	snprintf(name, PHONE_NAME_SIZE, "SEP%02X%02X%02X%02X%02X%02X", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

/* DHCP's vendor class of Cisco's phones: "Cisco Systems, Inc. IP Phone CP-8861". */
static bool
lease_is_a_phones(const struct lease *lease)
{
	return lease->vendor_class != NULL && strstr(lease->vendor_class, "Cisco") != NULL &&
	       strstr(lease->vendor_class, "Phone") != NULL;
}

bool
identity_name(const struct event *event, char name[PHONE_NAME_SIZE], const char **from)
{
	switch (event->kind) {
	case EVENT_ANNOUNCEMENT:
		*from = event->announcement.lldp ? "LLDP" : "CDP";
		return event->announcement.name != NULL && phone_name_read(event->announcement.name, name);
	case EVENT_LEASE:
		*from = "DHCP";
		if (event->lease.reply)
			return false;
		if (event->lease.host_name != NULL && phone_name_read(event->lease.host_name, name))
			return true;
		if (!event->lease.has_mac || !lease_is_a_phones(&event->lease))
			return false;
		name_of_mac(event->lease.mac, name);
		return true;
	case EVENT_TRANSFER:
		*from = "file name";
		return !event->transfer.write && phone_file_kind_of_name(event->transfer.file, name) != PHONE_FILE_OTHER &&
		       name[0] != '\0';
	case EVENT_LOOKUP:
	case EVENT_PING:
	case EVENT_KNOCK:
		break;
	}
	return false;
}

static bool
has_own_mac(const struct endpoint *end)
{
	static const uint8_t none[6];

	return end->has_mac && memcmp(end->mac, none, sizeof(none)) != 0;
}

static size_t
find(const struct identities *identities, const uint8_t mac[6])
{
	for (size_t i = 0; i < identities->n; i++)
		if (memcmp(identities->list[i].mac, mac, 6) == 0)
			return i;
	return NOBODY;
}

static size_t
find_or_add(struct identities *identities, const char *name)
{
	struct identity *list;
	uint8_t mac[6];
	size_t found;

	mac_of_name(name, mac);
	found = find(identities, mac);
	if (found != NOBODY)
		return found;
	list = realloc(identities->list, (identities->n + 1) * sizeof(*list));
	if (list == NULL) {
		identities->out_of_memory = true;
		return NOBODY;
	}
	identities->list = list;
	list[identities->n] = (struct identity){.phone = NOBODY};
	memcpy(list[identities->n].mac, mac, sizeof(mac));
	return identities->n++;
}

static void
bind(struct identities *identities, const struct ip_addr *ip, size_t identity, uint64_t frame)
{
	struct binding *bindings;

	if (identity == NOBODY || !ip_is_set(ip))
		return;
	for (size_t i = 0; i < identities->n_bindings; i++)
		if (identities->bindings[i].identity == identity && identities->bindings[i].frame == frame &&
		    memcmp(&identities->bindings[i].ip, ip, sizeof(*ip)) == 0)
			return;
	bindings = realloc(identities->bindings, (identities->n_bindings + 1) * sizeof(*bindings));
	if (bindings == NULL) {
		identities->out_of_memory = true;
		return;
	}
	identities->bindings = bindings;
	bindings[identities->n_bindings++] = (struct binding){.ip = *ip, .identity = identity, .frame = frame};
}

static void
learn_names(struct identities *identities, struct event *const *events, size_t n_events,
	    struct handshake *const *handshakes, size_t n)
{
	char name[PHONE_NAME_SIZE];
	const char *from;

	for (size_t i = 0; i < n_events; i++)
		if (identity_name(events[i], name, &from))
			find_or_add(identities, name);
	for (size_t i = 0; i < n; i++) {
		const struct cert *cert = handshake_leaf(handshakes[i], SIDE_CLIENT);
		if (cert != NULL && cert_phone_name(cert, name))
			bind(identities, &handshakes[i]->client.ip, find_or_add(identities, name),
			     handshakes[i]->certs[SIDE_CLIENT].at.frame);
	}
}

static void
learn_speaker(struct identities *identities, const struct endpoint *client)
{
	size_t identity = has_own_mac(client) ? find(identities, client->mac) : NOBODY;

	if (identity != NOBODY)
		identities->list[identity].speaks = true;
}

static void
learn_speakers(struct identities *identities, struct event *const *events, size_t n_events,
	       struct handshake *const *handshakes, size_t n)
{
	for (size_t i = 0; i < n_events; i++)
		if (events[i]->kind != EVENT_LEASE)
			learn_speaker(identities, &events[i]->client);
	for (size_t i = 0; i < n; i++)
		learn_speaker(identities, &handshakes[i]->client);
}

/* Several phones ask for their files from one address: behind NAT, or by somebody else. It is none's own. */
static void
find_shared(struct identities *identities, size_t first)
{
	for (size_t i = first; i < identities->n_bindings; i++)
		for (size_t o = first; o < identities->n_bindings && !identities->bindings[i].shared; o++)
			if (identities->bindings[o].identity != identities->bindings[i].identity &&
			    memcmp(&identities->bindings[o].ip, &identities->bindings[i].ip, sizeof(struct ip_addr)) == 0)
				identities->bindings[i].shared = true;
}

/* Another machine with the phone's address, or with the name of its file. */
static bool
is_another(const struct identity *identity, const struct endpoint *client)
{
	return identity->speaks && has_own_mac(client) && memcmp(identity->mac, client->mac, 6) != 0;
}

static void
learn_address(struct identities *identities, const struct event *event)
{
	char name[PHONE_NAME_SIZE];
	const char *from;

	if (event->kind == EVENT_LEASE && event->lease.has_mac && event->lease.reply &&
	    event->lease.type == DHCP_ACK) {
		size_t identity = find(identities, event->lease.mac);
		bind(identities, &event->lease.yours, identity, event->at.frame);
		bind(identities, &event->lease.client, identity, event->at.frame);
	} else if (event->kind == EVENT_ANNOUNCEMENT && identity_name(event, name, &from)) {
		bind(identities, &event->announcement.ip, find_or_add(identities, name), event->at.frame);
	}
}

bool
identities_learn(struct identities *identities, struct event *const *events, size_t n_events,
		 struct handshake *const *handshakes, size_t n)
{
	char name[PHONE_NAME_SIZE];
	const char *from;
	size_t by_file;

	learn_names(identities, events, n_events, handshakes, n);
	learn_speakers(identities, events, n_events, handshakes, n);
	for (size_t i = 0; i < n_events; i++)
		learn_address(identities, events[i]);
	by_file = identities->n_bindings;
	for (size_t i = 0; i < n_events; i++) {
		size_t identity;
		if (events[i]->kind != EVENT_TRANSFER || !identity_name(events[i], name, &from))
			continue;
		identity = find_or_add(identities, name);
		if (identity != NOBODY && !is_another(&identities->list[identity], &events[i]->client))
			bind(identities, &events[i]->client.ip, identity, events[i]->at.frame);
	}
	find_shared(identities, by_file);
	return !identities->out_of_memory;
}

void
identities_free(struct identities *identities)
{
	free(identities->list);
	free(identities->bindings);
}

size_t
identity_of_client(const struct identities *identities, const struct endpoint *client, uint64_t frame)
{
	size_t found = has_own_mac(client) ? find(identities, client->mac) : NOBODY;
	const struct binding *best = NULL;

	if (found != NOBODY)
		return found;
	for (size_t i = 0; i < identities->n_bindings; i++) {
		const struct binding *binding = &identities->bindings[i];
		if (binding->shared || memcmp(&binding->ip, &client->ip, sizeof(client->ip)) != 0 ||
		    is_another(&identities->list[binding->identity], client))
			continue;
		if (best == NULL || (binding->frame <= frame && (best->frame > frame || binding->frame > best->frame)) ||
		    (binding->frame > frame && best->frame > binding->frame))
			best = binding;
	}
	return best != NULL ? best->identity : NOBODY;
}

size_t
identity_of_event(const struct identities *identities, const struct event *event)
{
	char name[PHONE_NAME_SIZE];
	const char *from;
	uint8_t mac[6];

	if (identity_name(event, name, &from)) {
		size_t identity;
		mac_of_name(name, mac);
		identity = find(identities, mac);
		if (identity != NOBODY &&
		    (event->kind != EVENT_TRANSFER || !is_another(&identities->list[identity], &event->client)))
			return identity;
	}
	if (event->kind == EVENT_ANNOUNCEMENT)
		return NOBODY;
	if (event->kind == EVENT_LEASE)
		return event->lease.has_mac ? find(identities, event->lease.mac) : NOBODY;
	return identity_of_client(identities, &event->client, event->at.frame);
}
