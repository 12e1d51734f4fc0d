/* What a phone says and is told before its handshake, told by hand as tests/facts.h tells handshakes. Phone x is
 * 10.0.0.x, SEP0011223344XX; its server is 10.1.0.1. */
#ifndef TESTS_EVENTS_H
#define TESTS_EVENTS_H

#include "tests/finding_check.h"

static inline struct when
tick(void)
{
	facts.now.frame++;
	facts.now.us += 1000;
	return facts.now;
}

/* tells begins an event of this phone in the next frame. */
static inline struct event *
tells(enum event_kind kind, uint8_t phone)
{
	struct event *event = event_new(kind);

	assert_non_null(event);
	assert_true(facts.n_events < FACTS_EVENTS);
	facts.events[facts.n_events++] = event;
	event->at = event->last = tick();
	event->client.ip = v4(10, 0, 0, phone);
	event->server.ip = v4(10, 1, 0, 1);
	return event;
}

static inline void
has_mac(struct endpoint *end, uint8_t phone)
{
	end->has_mac = true;
	memcpy(end->mac, (const uint8_t[]){0x00, 0x11, 0x22, 0x33, 0x44, phone}, 6);
}

/* ends is the event's last frame. */
static inline struct when
ends(struct event *event)
{
	event->last = tick();
	return event->last;
}

static inline char *
copy(const char *text)
{
	char *made = strdup(text);

	assert_non_null(made);
	return made;
}

/* announces is CDP; ip 0: none. */
static inline struct event *
announces(uint8_t phone, uint8_t ip)
{
	struct event *event = tells(EVENT_ANNOUNCEMENT, phone);
	char name[32];

	snprintf(name, sizeof(name), "SEP0011223344%02X", phone);
	event->client.ip = (struct ip_addr){{0}};
	has_mac(&event->client, phone);
	event->announcement = (struct announcement){.voice_vlan = -1, .native_vlan = -1, .phone = true};
	event->announcement.name = copy(name);
	event->announcement.model = copy("Cisco IP Phone 8861");
	event->announcement.software = copy("sip88xx.12-8-1");
	if (ip != 0)
		event->announcement.ip = event->client.ip = v4(10, 0, 0, ip);
	return event;
}

/* leases is one DHCP message; option: 150, 66 or 0. */
static inline struct event *
leases(uint8_t phone, enum dhcp_type type, uint32_t xid, uint8_t ip, int option)
{
	struct event *event = tells(EVENT_LEASE, phone);
	struct lease *lease = &event->lease;

	event->client.ip = (struct ip_addr){{0}};
	has_mac(&event->client, phone);
	lease->type = (uint8_t)type;
	lease->reply = type == DHCP_OFFER || type == DHCP_ACK || type == DHCP_NAK;
	lease->xid = xid;
	lease->has_mac = true;
	memcpy(lease->mac, event->client.mac, 6);
	if (!lease->reply) {
		char name[32];
		snprintf(name, sizeof(name), "SEP0011223344%02X", phone);
		lease->host_name = copy(name);
		return event;
	}
	lease->yours = v4(10, 0, 0, ip);
	lease->server = v4(10, 0, 0, 254);
	lease->option_150 = option == 150;
	lease->option_66 = option == 66;
	if (option == 150)
		lease->tftp[lease->n_tftp++] = v4(10, 1, 0, 1);
	return event;
}

/* gets_lease is the four of them. */
static inline void
gets_lease(uint8_t phone, uint32_t xid, uint8_t ip, int option)
{
	leases(phone, DHCP_DISCOVER, xid, 0, 0);
	leases(phone, DHCP_OFFER, xid, ip, option);
	leases(phone, DHCP_REQUEST, xid, 0, 0);
	leases(phone, DHCP_ACK, xid, ip, option);
}

/* asks_for begins a transfer that has not been answered. */
static inline struct event *
asks_for(uint8_t phone, bool http, const char *file)
{
	struct event *event = tells(EVENT_TRANSFER, phone);

	event->transfer.http = http;
	event->transfer.file = copy(file);
	event->transfer.outcome = TRANSFER_UNANSWERED;
	return event;
}

static inline struct event *
is_refused(struct event *event, unsigned code)
{
	event->transfer.outcome = TRANSFER_REFUSED;
	event->transfer.answered = event->transfer.refused = ends(event);
	event->transfer.code = code;
	event->transfer.message = copy("File not found");
	return event;
}

/* brings ends a transfer with this content, in two frames. */
static inline struct event *
brings(struct event *event, const char *content)
{
	event->transfer.outcome = TRANSFER_DONE;
	event->transfer.answered = ends(event);
	event->last = ends(event);
	event->transfer.size = strlen(content);
	event->transfer.content = phone_file_read(event->transfer.file, slice_of(content, strlen(content)), NULL);
	assert_non_null(event->transfer.content);
	return event;
}

/* looks_up is a DNS query that has not been answered. */
static inline struct event *
looks_up(uint8_t phone, const char *name)
{
	struct event *event = tells(EVENT_LOOKUP, phone);

	event->lookup.name = copy(name);
	event->lookup.type = DNS_A;
	return event;
}

static inline void
is_answered(struct event *event, uint8_t rcode, uint8_t gateway)
{
	event->lookup.answered = ends(event);
	event->lookup.rcode = rcode;
	if (gateway != 0)
		event->lookup.ips[event->lookup.n_ips++] = v4(198, 51, 100, gateway);
}

static inline const struct phone *
phone_named(const char *name)
{
	const struct report *report = judged();

	for (size_t p = 0; p < report->n_phones; p++)
		if (strcmp(report->phones[p].name, name) == 0)
			return &report->phones[p];
	fail_msg("no phone %s", name);
	return NULL;
}

#endif
