/* The line of one phone: docs/output.md tells of every key, docs/handspan.schema.json holds them to it. */
#include "json_phone.h"

#include "format.h"
#include "json_parts.h"
#include "trust/cert_kind.h"

void
json_gateway(struct json *json, const struct visit *visit)
{
	char text[FORMAT_ENDPOINT_SIZE];

	format_endpoint(&visit->server, visit->port, text);
	json_string(json, "gateway", text);
}

static void
put_known(struct json *json, const char *what, const struct ip_addr *ip, struct known known)
{
	if (known.from == NULL)
		return;
	json_object(json, NULL);
	json_string(json, "what", what);
	if (ip != NULL)
		json_ip(json, "ip", ip);
	json_string(json, "from", known.from);
	if (known.at.frame != 0)
		json_uint(json, "frame", known.at.frame);
	json_object_end(json);
}

static void
put_known_from(struct json *json, const struct phone *phone)
{
	json_array(json, "known_from");
	if (phone->name[0] != '\0')
		put_known(json, "name", NULL, (struct known){phone->name_from, phone->name_at});
	if (phone->has_mac)
		put_known(json, "mac", NULL, (struct known){"packets", {0, 0}});
	put_known(json, "model", NULL, phone->model_known);
	put_known(json, "firmware", NULL, phone->software_known);
	for (size_t i = 0; i < phone->n_addresses; i++)
		put_known(json, "addresses", &phone->addresses[i].ip, phone->addresses[i].known);
	json_array_end(json);
}

static void
put_who(struct json *json, const struct phone *phone)
{
	char label[FORMAT_IP_SIZE];

	json_string(json, "phone", format_phone(phone, label));
	json_string(json, "name", phone->name[0] != '\0' ? phone->name : NULL);
	if (phone->has_mac)
		json_mac(json, "mac", phone->mac);
	json_string(json, "model", phone->model);
	json_string(json, "firmware", phone->software);
	if (phone->voice_vlan >= 0)
		json_uint(json, "voice_vlan", (uint64_t)phone->voice_vlan);
	json_array(json, "addresses");
	for (size_t i = 0; i < phone->n_addresses; i++)
		json_ip(json, NULL, &phone->addresses[i].ip);
	json_array_end(json);
	put_known_from(json, phone);
}

static void
put_certificate(struct json *json, const struct phone *phone)
{
	const struct cert *cert = phone->certificate;

	if (cert == NULL)
		return;
	json_object(json, "certificate");
	json_string(json, "kind", cert_kind_name(cert_kind(cert)));
	json_uint(json, "frame", phone->certificate_at.frame);
	json_string(json, "subject", cert->subject);
	json_string(json, "issuer", cert->issuer);
	json_hex(json, "sha1", cert->sha1, SHA1_SIZE);
	json_string(json, "signature", cert->signature);
	json_object_end(json);
}

/* How a configuration came. */
static void
put_transfer(struct json *json, const struct event *event)
{
	const struct phone_file *file = event->transfer.content;

	json_uint(json, "frame", event->at.frame);
	json_uint(json, "last_frame", event->last.frame);
	json_string(json, "protocol", event->transfer.http ? "HTTP" : "TFTP");
	json_string(json, "signature", seal_state_name(file->seal_state));
	if (file->seal_state != SEAL_NONE)
		json_string(json, "signer", file->seal.signer);
}

static void
put_configuration(struct json *json, const struct phone *phone)
{
	struct received told = phone_told(phone);

	if (told.config == NULL)
		return;
	json_object(json, "configuration");
	json_string(json, "source", told.config->source);
	if (told.event != NULL)
		put_transfer(json, told.event);
	json_bool(json, "vpn_group", told.config->has_vpn_group);
	json_array(json, "urls");
	for (size_t i = 0; i < told.config->n_urls; i++)
		json_string(json, NULL, told.config->urls[i].text);
	json_array_end(json);
	json_array(json, "hashes");
	for (size_t i = 0; i < told.config->n_hashes; i++)
		json_string(json, NULL, told.config->hashes[i].text);
	json_array_end(json);
	json_object_end(json);
}

static void
put_encrypted(struct json *json, const struct phone *phone)
{
	const struct event *event = about_encrypted(phone);

	if (event == NULL)
		return;
	json_object(json, "encrypted_configuration");
	json_string(json, "source", event->transfer.content->name);
	put_transfer(json, event);
	json_object_end(json);
}

static void
put_protocol_ids(struct json *json, const char *key, const struct visit *visit, bool dtls)
{
	json_array(json, key);
	for (size_t i = 0; i < visit->n; i++)
		if (visit->handshakes[i]->dtls == dtls)
			json_uint(json, NULL, visit->handshakes[i]->id);
	json_array_end(json);
}

static void
put_visits(struct json *json, const struct phone *phone)
{
	json_array(json, "handshakes");
	for (size_t i = 0; i < phone->n_visits; i++) {
		const struct visit *visit = &phone->visits[i];

		if (visit->matters == 0)
			continue;
		json_object(json, NULL);
		json_gateway(json, visit);
		json_string(json, "host", visit->host);
		put_protocol_ids(json, "tls", visit, false);
		put_protocol_ids(json, "dtls", visit, true);
		json_string(json, "verdict", verdict_name(visit->verdict));
		json_object_end(json);
	}
	json_array_end(json);
}

static void
put_timeline(struct json *json, const struct phone *phone)
{
	if (phone->n_steps == 0)
		return;
	json_array(json, "timeline");
	for (size_t i = 0; i < phone->n_steps; i++) {
		const struct step *step = &phone->timeline[i];

		json_object(json, NULL);
		json_string(json, "step", step_name(step->kind));
		json_string(json, "result", step_result_name(step->result));
		if (step->at.frame != 0) {
			json_uint(json, "frame", step->at.frame);
			json_uint(json, "last_frame", step->last.frame);
			json_time(json, "time", step->at.us);
		}
		json_duration(json, "after", step->after_us);
		json_string(json, "text", step->text);
		if (step->handshake != NULL)
			json_uint(json, "handshake", step->handshake->id);
		if (step->first_failed)
			json_bool(json, "first_failed", true);
		json_object_end(json);
	}
	json_array_end(json);
}

/* Each rule once, though it may have spoken at several gateways. */
static void
put_finding_ids(struct json *json, struct span findings)
{
	json_array(json, "findings");
	for (size_t i = 0; i < findings.n; i++) {
		size_t before = 0;

		while (findings.first[before].rule != findings.first[i].rule)
			before++;
		if (before == i)
			json_string(json, NULL, findings.first[i].rule->id);
	}
	json_array_end(json);
}

void
json_phone(FILE *to, const struct phone *phone, struct span findings)
{
	struct json json;

	json_begin(&json, to, "phone");
	put_who(&json, phone);
	put_certificate(&json, phone);
	put_configuration(&json, phone);
	put_encrypted(&json, phone);
	put_visits(&json, phone);
	put_timeline(&json, phone);
	put_finding_ids(&json, findings);
	json_string(&json, "verdict", verdict_name(phone->verdict));
	json_end(&json);
}
