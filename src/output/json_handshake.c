/* The line of one handshake: docs/output.md tells of every key, docs/handspan.schema.json holds
 * them to it. */
#include "json_handshake.h"

#include "dissectors/alert.h"
#include "dissectors/names.h"
#include "format.h"
#include "json_parts.h"

enum { SSLV2 = 0x0002, CIPHER_WIDTH = 2, CIPHER_WIDTH_SSLV2 = 3 };

static void
put_client_hello(struct json *json, const char *key, const struct client_hello_fact *hello)
{
	unsigned width = hello->sslv2 ? CIPHER_WIDTH_SSLV2 : CIPHER_WIDTH;

	if (hello->at.frame == 0)
		return;
	json_object(json, key);
	json_uint(json, "frame", hello->at.frame);
	json_code(json, "version", hello->version, 2);
	json_array(json, "ciphers");
	for (size_t i = 0; i < hello->n_ciphers; i++)
		json_code(json, NULL, hello->ciphers[i], width);
	json_array_end(json);
	if (hello->n_versions > 0) {
		json_array(json, "supported_versions");
		for (size_t i = 0; i < hello->n_versions; i++)
			json_code(json, NULL, hello->versions[i], 2);
		json_array_end(json);
	}
	json_string(json, "server_name", hello->server_name);
	json_hex(json, "session_id", hello->session_id, hello->session_id_len);
	json_repeats(json, hello->repeats.frames, hello->repeats.n);
	json_object_end(json);
}

static void
put_cipher(struct json *json, uint16_t version, uint32_t cipher)
{
	bool sslv2 = version == SSLV2;
	const struct cipher_name *name = sslv2 ? NULL : cipher_lookup((uint16_t)cipher);

	json_code(json, "cipher", cipher, sslv2 ? CIPHER_WIDTH_SSLV2 : CIPHER_WIDTH);
	if (name != NULL) {
		json_word(json, "cipher_name", name->iana);
		json_word(json, "cipher_openssl", name->openssl);
	}
}

static void
put_hello_retry(struct json *json, const struct hello_retry_fact *retry)
{
	if (retry->at.frame == 0)
		return;
	json_object(json, "hello_retry");
	json_uint(json, "frame", retry->at.frame);
	json_code(json, "version", retry->version, 2);
	if (retry->cipher != 0)
		put_cipher(json, retry->version, retry->cipher);
	json_object_end(json);
}

static void
put_hello_verify(struct json *json, const struct hello_verify_fact *verify)
{
	if (verify->at.frame == 0)
		return;
	json_object(json, "hello_verify");
	json_uint(json, "frame", verify->at.frame);
	json_code(json, "version", verify->version, 2);
	json_object_end(json);
}

static void
put_server_hello(struct json *json, const struct handshake *handshake)
{
	const struct server_hello_fact *hello = &handshake->server_hello;

	if (hello->at.frame == 0)
		return;
	json_object(json, "server_hello");
	json_uint(json, "frame", hello->at.frame);
	json_code(json, "version", hello->version, 2);
	put_cipher(json, hello->version, hello->cipher);
	json_hex(json, "session_id", hello->session_id, hello->session_id_len);
	json_bool(json, "resumed", handshake->resumed);
	json_repeats(json, hello->repeats.frames, hello->repeats.n);
	json_object_end(json);
}

static void
put_parsed(struct json *json, const struct cert *cert)
{
	json_string(json, "key_type", cert->key_type);
	if (cert->key_bits > 0)
		json_uint(json, "key_bits", cert->key_bits);
	json_string(json, "curve", cert->curve);
	json_string(json, "subject", cert->subject);
	json_string(json, "issuer", cert->issuer);
	json_string(json, "serial", cert->serial);
	if (cert->has_dates) {
		json_seconds(json, "not_before", cert->not_before);
		json_seconds(json, "not_after", cert->not_after);
	}
	json_string(json, "signature", cert->signature);
	json_bool(json, "self_signed", cert->self_signed);
	json_strings(json, "dns_names", cert->dns_names, cert->n_dns_names);
	json_strings(json, "ip_addresses", cert->ip_addresses, cert->n_ip_addresses);
	if (cert->alt_names_cut)
		json_bool(json, "alt_names_cut", true);
}

static void
put_certificate(struct json *json, const struct cert *cert)
{
	size_t here = json_here(json);

	if (cert->json != NULL) {
		json_again(json, slice_of(cert->json, cert->json_len));
		return;
	}
	json_hex(json, "sha1", cert->sha1, SHA1_SIZE);
	json_base64(json, "sha1_base64", cert->sha1, SHA1_SIZE);
	json_hex(json, "sha256", cert->sha256, SHA256_SIZE);
	json_base64(json, "sha256_base64", cert->sha256, SHA256_SIZE);
	if (cert->parsed)
		put_parsed(json, cert);
	else
		json_bool(json, "parsed", false);
	cert_keep_json(cert, json_since(json, here));
}

static inline void
put_certificates(struct json *json, const char *key, const struct cert_list_fact *list)
{
	json_array(json, key);
	for (size_t i = 0; i < list->n; i++) {
		json_object(json, NULL);
		json_uint(json, "frame", list->certs[i].at.frame);
		put_certificate(json, list->certs[i].cert);
		json_object_end(json);
	}
	json_array_end(json);
}

static void
put_alerts(struct json *json, const struct handshake *handshake)
{
	json_array(json, "alerts");
	for (size_t i = 0; i < handshake->n_alerts; i++) {
		const struct alert_fact *alert = &handshake->alerts[i];

		json_object(json, NULL);
		json_uint(json, "frame", alert->at.frame);
		json_word(json, "from", side_name(alert->from));
		json_word(json, "level", alert->level == ALERT_FATAL ? "fatal" : "warning");
		json_uint(json, "code", alert->code);
		json_word(json, "name", alert_name(alert->code));
		json_object_end(json);
	}
	json_array_end(json);
}

static void
put_missing(struct json *json, const struct handshake *handshake)
{
	json_array(json, "missing");
	for (size_t i = 0; i < handshake->n_missing; i++) {
		const struct missing_fact *missing = &handshake->missing[i];

		json_object(json, NULL);
		json_word(json, "what", missing_what_name(missing->what));
		json_word(json, "why", missing_why_name(missing->why));
		if (missing->length > 0) {
			json_uint(json, "offset", missing->offset);
			json_uint(json, "length", missing->length);
		}
		json_string(json, "field", missing->field);
		json_object_end(json);
	}
	json_array_end(json);
}

/* What each side may have done once: where in the capture, and who. Absent where nobody did. */
static void
put_sides(struct json *json, const char *key, const struct when at[2])
{
	if (at[SIDE_CLIENT].frame == 0 && at[SIDE_SERVER].frame == 0)
		return;
	json_array(json, key);
	for (unsigned side = 0; side < 2; side++) {
		if (at[side].frame == 0)
			continue;
		json_object(json, NULL);
		json_uint(json, "frame", at[side].frame);
		json_word(json, "from", side_name((enum side)side));
		json_object_end(json);
	}
	json_array_end(json);
}

static void
put_empty_certificates(struct json *json, const struct handshake *handshake)
{
	struct when at[2] = {{0}};

	for (unsigned side = 0; side < 2; side++)
		if (handshake->certs[side].n == 0)
			at[side] = handshake->certs[side].at;
	put_sides(json, "empty_certificates", at);
}

static void
put_certificate_request(struct json *json, const struct cert_request_fact *request)
{
	if (request->at.frame == 0)
		return;
	json_object(json, "certificate_request");
	json_uint(json, "frame", request->at.frame);
	json_strings(json, "authorities", request->authorities, request->n_authorities);
	json_object_end(json);
}

static void
put_key_exchange(struct json *json, const struct handshake *handshake)
{
	const char *name;

	if (handshake->server_key_exchange.frame == 0)
		return;
	name = group_name(handshake->curve);
	json_object(json, "server_key_exchange");
	json_uint(json, "frame", handshake->server_key_exchange.frame);
	if (name != NULL)
		json_word(json, "curve", name);
	else if (handshake->curve != 0)
		json_code(json, "curve", handshake->curve, 2);
	json_object_end(json);
}

static void
put_end(struct json *json, const struct handshake *handshake)
{
	const struct when *fin = handshake->fin, *rst = handshake->rst;

	if ((fin[0].frame | fin[1].frame | rst[0].frame | rst[1].frame) == 0)
		return;
	json_object(json, "end");
	put_sides(json, "fin", fin);
	put_sides(json, "rst", rst);
	json_object_end(json);
}

static void
put_holes(struct json *json, const struct handshake *handshake)
{
	if (handshake->n_holes == 0)
		return;
	json_array(json, "holes");
	for (size_t i = 0; i < handshake->n_holes; i++) {
		const struct hole_fact *hole = &handshake->holes[i];

		json_object(json, NULL);
		json_uint(json, "frame", hole->at.frame);
		json_word(json, "from", side_name(hole->from));
		json_word(json, "message", format_message(hole->message));
		json_uint(json, "offset", hole->offset);
		json_uint(json, "length", hole->length);
		json_word(json, "why", missing_why_name(hole->cut ? WHY_CUT : WHY_HOLE));
		json_object_end(json);
	}
	json_array_end(json);
}

void
json_handshake(FILE *to, const struct handshake *handshake)
{
	struct json json;

	json_begin(&json, to, "handshake");
	json_uint(&json, "id", handshake->id);
	json_word(&json, "protocol", format_protocol(handshake));
	json_word(&json, "version", format_version(handshake));
	json_word(&json, "outcome", outcome_name(handshake->outcome));
	json_uint(&json, "first_frame", handshake->first.frame);
	json_uint(&json, "last_frame", handshake->last.frame);
	json_time(&json, "time", handshake->first.us);
	json_endpoint(&json, "client", &handshake->client);
	json_endpoint(&json, "server", &handshake->server);
	if (!handshake->roles_known)
		json_bool(&json, "roles_guessed", true);
	json_vlans(&json, handshake->vlan, handshake->vlans);
	put_client_hello(&json, "first_client_hello", &handshake->first_hello);
	put_hello_retry(&json, &handshake->hello_retry);
	put_hello_verify(&json, &handshake->hello_verify);
	put_client_hello(&json, "client_hello", &handshake->client_hello);
	put_server_hello(&json, handshake);
	put_certificates(&json, "server_certificates", &handshake->certs[SIDE_SERVER]);
	put_certificates(&json, "client_certificates", &handshake->certs[SIDE_CLIENT]);
	put_empty_certificates(&json, handshake);
	put_certificate_request(&json, &handshake->cert_request);
	put_key_exchange(&json, handshake);
	put_alerts(&json, handshake);
	put_sides(&json, "encrypted_alerts", handshake->encrypted_alert);
	put_end(&json, handshake);
	json_unreachable(&json, handshake->unreachable, handshake->unreachable_type, handshake->unreachable_code);
	put_holes(&json, handshake);
	put_missing(&json, handshake);
	json_end(&json);
}
