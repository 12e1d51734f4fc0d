/* What a phone says and is told before its handshake. */
#include "event.h"

#include <stdlib.h>
#include <strings.h>

struct event *
event_new(enum event_kind kind)
{
	struct event *event = calloc(1, sizeof(*event));

	if (event == NULL)
		return NULL;
	event->kind = kind;
	if (kind == EVENT_ANNOUNCEMENT)
		event->announcement.voice_vlan = event->announcement.native_vlan = -1;
	return event;
}

/* The most texts that an event has. */
#define TEXTS 6

/* texts lists the texts that an event may hold, some of them NULL, and gives how many they are. */
static size_t
texts(const struct event *event, char *out[TEXTS])
{
	size_t n = 0;

	switch (event->kind) {
	case EVENT_ANNOUNCEMENT:
		out[n++] = event->announcement.name;
		out[n++] = event->announcement.model;
		out[n++] = event->announcement.software;
		out[n++] = event->announcement.port;
		out[n++] = event->announcement.serial;
		out[n++] = event->announcement.chassis;
		break;
	case EVENT_LEASE:
		out[n++] = event->lease.host_name;
		out[n++] = event->lease.vendor_class;
		out[n++] = event->lease.tftp_name;
		out[n++] = event->lease.boot_server;
		out[n++] = event->lease.boot_file;
		break;
	case EVENT_TRANSFER:
		out[n++] = event->transfer.file;
		out[n++] = event->transfer.mode;
		out[n++] = event->transfer.message;
		break;
	case EVENT_LOOKUP:
		out[n++] = event->lookup.name;
		out[n++] = event->lookup.alias;
		break;
	case EVENT_PING:
	case EVENT_KNOCK:
		break;
	}
	return n;
}

void
event_free(struct event *event)
{
	char *text[TEXTS];

	if (event == NULL)
		return;
	for (size_t n = texts(event, text); n > 0; n--)
		free(text[n - 1]);
	if (event->kind == EVENT_TRANSFER)
		phone_file_free(event->transfer.content);
	free(event);
}

size_t
event_weight(const struct event *event)
{
	size_t weight = sizeof(*event);
	char *text[TEXTS];

	for (size_t n = texts(event, text); n > 0; n--)
		weight += text[n - 1] != NULL ? strlen(text[n - 1]) + 1 : 0;
	if (event->kind == EVENT_TRANSFER && event->transfer.content != NULL)
		weight += phone_file_weight(event->transfer.content);
	return weight;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_speaker(const struct event *a, const struct event *b)
{
	return a->client.has_mac == b->client.has_mac &&
	       (!a->client.has_mac || memcmp(a->client.mac, b->client.mac, sizeof(a->client.mac)) == 0);
}

static bool
same_texts(const struct event *a, const struct event *b)
{
	char *of_a[TEXTS], *of_b[TEXTS];
	size_t n = texts(a, of_a);

	texts(b, of_b);
	while (n > 0 && same_text(of_a[n - 1], of_b[n - 1]))
		n--;
	return n == 0;
}

bool
event_says_the_same(const struct event *a, const struct event *b)
{
	const struct announcement *x = &a->announcement, *y = &b->announcement;

	return a->kind == EVENT_ANNOUNCEMENT && b->kind == EVENT_ANNOUNCEMENT && same_speaker(a, b) &&
	       x->lldp == y->lldp && x->phone == y->phone && x->voice_vlan == y->voice_vlan &&
	       x->native_vlan == y->native_vlan && x->has_ip == y->has_ip &&
	       memcmp(&x->ip, &y->ip, sizeof(x->ip)) == 0 && same_texts(a, b);
}

bool
ip_is_set(const struct ip_addr *ip)
{
	static const struct ip_addr unset;

	return memcmp(ip, &unset, sizeof(unset)) != 0;
}

const char *
transfer_outcome_name(enum transfer_outcome outcome)
{
	static const char *const names[] = {
		[TRANSFER_DONE] = "done",
		[TRANSFER_REFUSED] = "refused",
		[TRANSFER_UNANSWERED] = "unanswered",
		[TRANSFER_BROKEN] = "broken",
		[TRANSFER_INCOMPLETE] = "incomplete",
	};

	return names[outcome];
}

bool
lookup_is_for(const struct lookup *lookup, const char *host)
{
	size_t n = strlen(host);

	return n > 0 && strncasecmp(lookup->name, host, n) == 0 && (lookup->name[n] == '\0' || lookup->name[n] == '.');
}
