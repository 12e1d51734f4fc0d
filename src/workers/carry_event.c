/* Events between processes. */
#include "carry.h"

static void
carry_ip(struct carry *carry, struct ip_addr *ip)
{
	carry_bytes(carry, ip->b, sizeof(ip->b));
}

/* A VLAN, or -1. */
static void
carry_vlan(struct carry *carry, int32_t *vlan)
{
	uint32_t number = (uint32_t)*vlan;

	CARRY(carry, number, UINT32_MAX);
	*vlan = (int32_t)number;
}

static void
carry_announcement(struct carry *carry, struct announcement *said)
{
	CARRY(carry, said->lldp, 1);
	carry_text(carry, &said->name);
	carry_text(carry, &said->model);
	carry_text(carry, &said->software);
	carry_text(carry, &said->port);
	carry_text(carry, &said->serial);
	carry_text(carry, &said->chassis);
	CARRY(carry, said->phone, 1);
	CARRY(carry, said->has_ip, 1);
	carry_ip(carry, &said->ip);
	carry_vlan(carry, &said->voice_vlan);
	carry_vlan(carry, &said->native_vlan);
}

static void
carry_lease(struct carry *carry, struct lease *lease)
{
	CARRY(carry, lease->reply, 1);
	CARRY(carry, lease->type, UINT8_MAX);
	CARRY(carry, lease->xid, UINT32_MAX);
	carry_bytes(carry, lease->mac, sizeof(lease->mac));
	CARRY(carry, lease->has_mac, 1);
	carry_ip(carry, &lease->client);
	carry_ip(carry, &lease->yours);
	carry_ip(carry, &lease->requested);
	carry_ip(carry, &lease->server);
	carry_ip(carry, &lease->next_server);
	carry_ip(carry, &lease->relay);
	carry_text(carry, &lease->host_name);
	carry_text(carry, &lease->vendor_class);
	carry_text(carry, &lease->tftp_name);
	carry_text(carry, &lease->boot_server);
	carry_text(carry, &lease->boot_file);
	CARRY(carry, lease->n_tftp, DHCP_MAX_SERVERS);
	for (size_t i = 0; i < lease->n_tftp; i++)
		carry_ip(carry, &lease->tftp[i]);
	CARRY(carry, lease->option_66, 1);
	CARRY(carry, lease->option_150, 1);
}

/* A phone's file travels as it came, and is read once more. */
static void
carry_content(struct carry *carry, const char *name, struct phone_file **content)
{
	bool there = *content != NULL, cut = there && (*content)->cut;
	struct slice bytes = slice_of(NULL, 0);

	CARRY(carry, there, 1);
	if (!there)
		return;
	CARRY(carry, cut, 1);
	if (!carry->reads)
		bytes = slice_of((*content)->bytes, (*content)->n);
	bytes = carry_block(carry, bytes, LIMIT_PHONE_FILE);
	if (!carry->reads || carry->bad || carry->out_of_memory)
		return;
	*content = phone_file_read(name, bytes, carry->certs);
	if (*content == NULL)
		carry->out_of_memory = true;
	else
		(*content)->cut |= cut;
}

static void
carry_transfer(struct carry *carry, struct transfer *transfer)
{
	CARRY(carry, transfer->http, 1);
	CARRY(carry, transfer->write, 1);
	CARRY(carry, transfer->outcome, TRANSFER_INCOMPLETE);
	carry_text(carry, &transfer->file);
	carry_must(carry, transfer->file != NULL);
	carry_text(carry, &transfer->mode);
	carry_repeats(carry, &transfer->asked);
	carry_when(carry, &transfer->answered);
	carry_when(carry, &transfer->refused);
	CARRY(carry, transfer->code, UINT32_MAX);
	carry_text(carry, &transfer->message);
	carry_when(carry, &transfer->unreachable);
	CARRY(carry, transfer->unreachable_type, UINT8_MAX);
	CARRY(carry, transfer->unreachable_code, UINT8_MAX);
	CARRY(carry, transfer->size, UINT64_MAX);
	CARRY(carry, transfer->has_told_size, 1);
	CARRY(carry, transfer->told_size, UINT64_MAX);
	CARRY(carry, transfer->block_size, UINT32_MAX);
	CARRY(carry, transfer->window, UINT32_MAX);
	CARRY(carry, transfer->repeats, UINT64_MAX);
	CARRY(carry, transfer->data_port, UINT16_MAX);
	carry_content(carry, transfer->file, &transfer->content);
}

static void
carry_lookup(struct carry *carry, struct lookup *lookup)
{
	carry_text(carry, &lookup->name);
	carry_must(carry, lookup->name != NULL);
	CARRY(carry, lookup->type, UINT16_MAX);
	carry_repeats(carry, &lookup->asked);
	carry_when(carry, &lookup->answered);
	CARRY(carry, lookup->rcode, UINT8_MAX);
	CARRY(carry, lookup->truncated, 1);
	CARRY(carry, lookup->n_ips, LIMIT_ANSWERS);
	for (size_t i = 0; i < lookup->n_ips; i++)
		carry_ip(carry, &lookup->ips[i]);
	carry_text(carry, &lookup->alias);
	carry_when(carry, &lookup->unreachable);
}

static void
carry_ping(struct carry *carry, struct ping *ping)
{
	carry_repeats(carry, &ping->asked);
	carry_when(carry, &ping->answered);
}

static void
carry_knock(struct carry *carry, struct knock_fact *knock)
{
	carry_repeats(carry, &knock->asked);
	carry_when(carry, &knock->refused);
	carry_when(carry, &knock->unreachable);
	CARRY(carry, knock->unreachable_type, UINT8_MAX);
	CARRY(carry, knock->unreachable_code, UINT8_MAX);
}

static void
carry_kind(struct carry *carry, struct event *event)
{
	switch (event->kind) {
	case EVENT_ANNOUNCEMENT:
		carry_announcement(carry, &event->announcement);
		break;
	case EVENT_LEASE:
		carry_lease(carry, &event->lease);
		break;
	case EVENT_TRANSFER:
		carry_transfer(carry, &event->transfer);
		break;
	case EVENT_LOOKUP:
		carry_lookup(carry, &event->lookup);
		break;
	case EVENT_PING:
		carry_ping(carry, &event->ping);
		break;
	case EVENT_KNOCK:
		carry_knock(carry, &event->knock);
		break;
	}
}

struct event *
carry_event(struct carry *carry, struct event *event)
{
	enum event_kind kind = carry->reads ? EVENT_ANNOUNCEMENT : event->kind;

	CARRY(carry, kind, EVENT_KNOCK);
	if (carry->reads)
		event = event_new(kind);
	if (event == NULL) {
		carry->out_of_memory = true;
		return NULL;
	}
	carry->last = (struct when){0, 0};
	carry_when(carry, &event->at);
	carry_when(carry, &event->last);
	carry_endpoint(carry, &event->client);
	carry_endpoint(carry, &event->server);
	carry_vlans(carry, event->vlan, &event->vlans);
	carry_kind(carry, event);
	if (!carry->bad && !carry->out_of_memory)
		return event;
	if (carry->reads)
		event_free(event);
	return NULL;
}
