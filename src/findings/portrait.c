/* What is known of each phone, by itself. */
#include "portrait.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "identity.h"

static void
take_name(struct phone *phone, const char *name, const char *from, struct when at)
{
	if (phone->name_from != NULL)
		return;
	memcpy(phone->name, name, sizeof(phone->name));
	phone->name_from = from;
	phone->name_at = at;
}

/* The model as phones' certificates have it, out of "Cisco IP Phone 8861" or "Cisco Systems, Inc. IP Phone CP-8861". False
 * when out of memory; and so below. */
static bool
take_model(struct phone *phone, const char *text, const char *from, struct when at)
{
	const char *number = text != NULL ? strstr(text, "Phone ") : NULL;
	int made;

	if (text == NULL || phone->model != NULL)
		return true;
	if (number != NULL && isdigit((unsigned char)number[6]))
		made = asprintf(&phone->model, "CP-%s", number + 6);
	else
		made = asprintf(&phone->model, "%s", number != NULL ? number + 6 : text);
	if (made < 0) {
		phone->model = NULL;
		return false;
	}
	phone->model_known = (struct known){from, at};
	return true;
}

static void
take_software(struct phone *phone, const char *text, const char *from, struct when at)
{
	if (text == NULL || phone->software != NULL)
		return;
	phone->software = text;
	phone->software_known = (struct known){from, at};
}

static bool
look_at_event(struct phone *phone, const struct event *event)
{
	const char *from;
	char name[PHONE_NAME_SIZE];

	if (phone->is_phone && identity_name(event, name, &from))
		take_name(phone, name, from, event->at);
	if (event->kind == EVENT_ANNOUNCEMENT) {
		from = event->announcement.lldp ? "LLDP" : "CDP";
		take_software(phone, event->announcement.software, from, event->at);
		if (event->announcement.voice_vlan >= 0)
			phone->voice_vlan = event->announcement.voice_vlan;
		return take_model(phone, event->announcement.model, from, event->at);
	}
	if (event->kind == EVENT_LEASE && !event->lease.reply)
		return take_model(phone, event->lease.vendor_class, "DHCP", event->at);
	return true;
}

/* The model in "CP-8861-SEP001122334455". */
static bool
model_of_certificate(struct phone *phone)
{
	const char *cn = phone->certificate->subject_cn, *sep = cn != NULL ? strstr(cn, "-SEP") : NULL;

	if (phone->model != NULL || sep == NULL || strncmp(cn, "CP-", 3) != 0)
		return true;
	phone->model = strndup(cn, (size_t)(sep - cn));
	phone->model_known = (struct known){"certificate", phone->certificate_at};
	return phone->model != NULL;
}

static bool
look_at_certificate(struct phone *phone, const struct handshake *handshake)
{
	const struct cert *cert = handshake_leaf(handshake, SIDE_CLIENT);
	char name[PHONE_NAME_SIZE];

	if (cert == NULL || phone->certificate != NULL || !cert_phone_name(cert, name))
		return true;
	phone->certificate = cert;
	phone->certificate_at = handshake->certs[SIDE_CLIENT].at;
	take_name(phone, name, "certificate", phone->certificate_at);
	return model_of_certificate(phone);
}

static bool
is_new(const struct phone *phone, const struct phone_file *content)
{
	const struct phone_file *last;

	if (phone->n_received == 0)
		return true;
	last = phone->received[phone->n_received - 1].event->transfer.content;
	return last->n != content->n || memcmp(last->bytes, content->bytes, content->n) != 0;
}

/* Transfers stand by their first frames; what counts is when they were over. */
static bool
receive(struct phone *phone, const struct event *event)
{
	const struct phone_file *content = event->kind == EVENT_TRANSFER ? event->transfer.content : NULL;
	size_t at = phone->n_received;

	if (content == NULL || content->config == NULL || content->cut || event->transfer.write ||
	    event->transfer.outcome != TRANSFER_DONE || !is_new(phone, content))
		return true;
	if (phone->received == NULL)
		phone->received = calloc(LIMIT_RECEIVED, sizeof(phone->received[0]));
	if (phone->received == NULL)
		return false;
	if (at == LIMIT_RECEIVED)
		memmove(phone->received, phone->received + 1, --at * sizeof(phone->received[0]));
	for (; at > 0 && phone->received[at - 1].event->last.frame > event->last.frame; at--)
		phone->received[at] = phone->received[at - 1];
	phone->received[at] = (struct received){event, content->config};
	if (phone->n_received < LIMIT_RECEIVED)
		phone->n_received++;
	return true;
}

struct received
phone_told(const struct phone *phone)
{
	if (phone->n_received > 0)
		return phone->received[phone->n_received - 1];
	return (struct received){NULL, phone->config};
}

/* The switch tells every phone behind it the same VLAN. */
static int32_t
voice_vlan_of_switch(const struct report *report)
{
	for (size_t e = 0; e < report->n_events; e++) {
		const struct event *event = report->events[e];
		if (event->kind == EVENT_ANNOUNCEMENT && !event->announcement.phone &&
		    event->announcement.voice_vlan > 0 && event->announcement.voice_vlan < 4095)
			return event->announcement.voice_vlan;
	}
	return -1;
}

static bool
draw(struct phone *phone, int32_t voice_vlan)
{
	for (size_t e = 0; e < phone->n_events; e++)
		if (!look_at_event(phone, phone->events[e]) || !receive(phone, phone->events[e]))
			return false;
	for (size_t v = 0; v < phone->n_visits; v++)
		for (size_t i = 0; i < phone->visits[v].n; i++)
			if (!look_at_certificate(phone, phone->visits[v].handshakes[i]))
				return false;
	for (size_t i = phone->n_received; i > 0; i--)
		take_software(phone, phone->received[i - 1].config->load, "configuration",
			      phone->received[i - 1].event->last);
	if (phone->is_phone && phone->voice_vlan < 0)
		phone->voice_vlan = voice_vlan;
	return true;
}

bool
portrait_draw(struct report *report)
{
	int32_t voice_vlan = voice_vlan_of_switch(report);

	for (size_t p = 0; p < report->n_phones; p++)
		if (!draw(&report->phones[p], voice_vlan))
			return false;
	for (size_t p = 0; p < report->n_phones && report->n_told < LIMIT_TOLD; p++)
		if (report->phones[p].n_received > 0 && report->phones[p].n_visits == 0)
			report->told[report->n_told++] = phone_told(&report->phones[p]);
	return true;
}
