/* The lines of what is read beside TLS: docs/output.md tells of every key, docs/handspan.schema.json holds them to it. */
#include "json_event.h"

#include "dissectors/tftp.h"
#include "json_file.h"
#include "json_parts.h"

enum { XID_WIDTH = 4 };

static void
put_number(struct json *json, const char *key, int32_t number)
{
	if (number >= 0)
		json_uint(json, key, (uint64_t)number);
}

static void
put_when(struct json *json, const struct event *event)
{
	json_uint(json, "frame", event->at.frame);
	json_time(json, "time", event->at.us);
}

static void
put_announcement(FILE *to, const struct event *event)
{
	const struct announcement *said = &event->announcement;
	struct json json;

	json_begin(&json, to, said->lldp ? "lldp" : "cdp");
	put_when(&json, event);
	if (event->client.has_mac)
		json_mac(&json, "mac", event->client.mac);
	if (said->has_ip)
		json_ip(&json, "ip", &said->ip);
	json_vlans(&json, event->vlan, event->vlans);
	json_string(&json, said->lldp ? "name" : "device_id", said->name);
	json_string(&json, said->lldp ? "model" : "platform", said->model);
	json_string(&json, "software", said->software);
	json_string(&json, "port", said->port);
	json_string(&json, "serial", said->serial);
	json_string(&json, "chassis", said->chassis);
	json_bool(&json, "is_phone", said->phone);
	put_number(&json, "voice_vlan", said->voice_vlan);
	put_number(&json, "native_vlan", said->native_vlan);
	json_end(&json);
}

static void
put_tftp_servers(struct json *json, const struct lease *lease)
{
	json_bool(json, "option_66", lease->option_66);
	json_bool(json, "option_150", lease->option_150);
	json_array(json, "tftp_servers");
	for (size_t i = 0; i < lease->n_tftp; i++)
		json_ip(json, NULL, &lease->tftp[i]);
	json_array_end(json);
	json_string(json, "tftp_name", lease->tftp_name);
}

static void
put_lease(FILE *to, const struct event *event)
{
	const struct lease *lease = &event->lease;
	struct json json;

	json_begin(&json, to, "dhcp");
	put_when(&json, event);
	json_string(&json, "type", dhcp_type_name(lease->type));
	json_string(&json, "from", side_name(lease->reply ? SIDE_SERVER : SIDE_CLIENT));
	json_code(&json, "xid", lease->xid, XID_WIDTH);
	if (lease->has_mac)
		json_mac(&json, "mac", lease->mac);
	json_vlans(&json, event->vlan, event->vlans);
	json_ip(&json, "client_ip", &lease->client);
	json_ip(&json, "your_ip", &lease->yours);
	json_ip(&json, "requested_ip", &lease->requested);
	json_ip(&json, "server_ip", &lease->server);
	json_ip(&json, "next_server_ip", &lease->next_server);
	json_ip(&json, "relay_ip", &lease->relay);
	json_string(&json, "host_name", lease->host_name);
	json_string(&json, "vendor_class", lease->vendor_class);
	put_tftp_servers(&json, lease);
	json_string(&json, "boot_server", lease->boot_server);
	json_string(&json, "boot_file", lease->boot_file);
	json_end(&json);
}

/* What the server said to the request, and whether that was a refusal. */
static void
put_answer(struct json *json, const struct transfer *transfer)
{
	bool refused = transfer->refused.frame != 0;

	if (transfer->answered.frame != 0) {
		json_object(json, "answer");
		json_uint(json, "frame", transfer->answered.frame);
		if (transfer->http && transfer->code != 0)
			json_uint(json, "status", transfer->code);
		json_object_end(json);
	}
	if (refused) {
		json_object(json, "error");
		json_uint(json, "frame", transfer->refused.frame);
		json_uint(json, "code", transfer->code);
		if (!transfer->http)
			json_string(json, "name", tftp_error_name((uint16_t)transfer->code));
		json_string(json, "message", transfer->message);
		json_object_end(json);
	}
	json_unreachable(json, transfer->unreachable, transfer->unreachable_type, transfer->unreachable_code);
}

/* The data of TFTP: 0 stands for what was never said. */
static void
put_blocks(struct json *json, const struct transfer *transfer)
{
	if (transfer->block_size > 0)
		json_uint(json, "block_size", transfer->block_size);
	if (transfer->window > 0)
		json_uint(json, "window", transfer->window);
	if (transfer->repeats > 0)
		json_uint(json, "repeated_blocks", transfer->repeats);
	if (transfer->data_port != 0)
		json_uint(json, "data_port", transfer->data_port);
}

static void
put_transfer(FILE *to, const struct event *event)
{
	const struct transfer *transfer = &event->transfer;
	struct json json;

	json_begin(&json, to, "transfer");
	json_string(&json, "protocol", transfer->http ? "HTTP" : "TFTP");
	json_string(&json, "outcome", transfer_outcome_name(transfer->outcome));
	put_when(&json, event);
	json_uint(&json, "last_frame", event->last.frame);
	json_endpoint(&json, "client", &event->client);
	json_endpoint(&json, "server", &event->server);
	json_vlans(&json, event->vlan, event->vlans);
	json_string(&json, "file", transfer->file);
	json_string(&json, transfer->http ? "method" : "mode", transfer->mode);
	if (transfer->write)
		json_bool(&json, "write", true);
	json_repeats(&json, transfer->asked.frames, transfer->asked.n);
	put_answer(&json, transfer);
	json_uint(&json, "size", transfer->size);
	if (transfer->has_told_size)
		json_uint(&json, "told_size", transfer->told_size);
	put_blocks(&json, transfer);
	if (transfer->content != NULL)
		json_file(&json, "content", transfer->content);
	json_end(&json);
}

void
json_event(FILE *to, const struct event *event)
{
	switch (event->kind) {
	case EVENT_ANNOUNCEMENT:
		put_announcement(to, event);
		break;
	case EVENT_LEASE:
		put_lease(to, event);
		break;
	case EVENT_TRANSFER:
		put_transfer(to, event);
		break;
	case EVENT_LOOKUP:
	case EVENT_PING:
	case EVENT_KNOCK:
		break;
	}
}
