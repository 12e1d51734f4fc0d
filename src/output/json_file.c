/* A phone's file in JSON. */
#include "json_file.h"

#include "dissectors/trust_list.h"
#include "format.h"
#include "json_parts.h"
#include "trust/hash.h"

static void
put_version(struct json *json, const char *key, uint8_t major, uint8_t minor)
{
	char text[sizeof "255.255"];

	snprintf(text, sizeof(text), "%u.%u", major, minor);
	json_string(json, key, text);
}

static void
put_seal(struct json *json, const struct phone_file *file)
{
	const struct seal *seal = &file->seal;

	json_string(json, "signature", seal_state_name(file->seal_state));
	json_string(json, "verified_by", file->verified_by);
	if (file->seal_state == SEAL_NONE)
		return;
	json_object(json, "header");
	put_version(json, "version", seal->major, seal->minor);
	json_uint(json, "length", seal->header_length);
	if (seal->signer_major != 0 || seal->signer_minor != 0)
		put_version(json, "signer_version", seal->signer_major, seal->signer_minor);
	json_string(json, "signer", seal->signer);
	json_string(json, "signer_serial", seal->signer_serial);
	json_string(json, "signer_issuer", seal->signer_issuer);
	json_uint(json, "digest", seal->digest);
	json_string(json, "digest_name", seal_digest_name(seal->digest));
	if (seal->key_bits > 0)
		json_uint(json, "key_bits", seal->key_bits);
	json_string(json, "file_name", seal->file_name);
	if (seal->has_time)
		json_seconds(json, "time", seal->time);
	json_object_end(json);
}

static void
put_certificate(struct json *json, const struct cert *cert)
{
	if (cert == NULL)
		return;
	json_object(json, "certificate");
	json_hex(json, "sha1", cert->sha1, SHA1_SIZE);
	json_base64(json, "sha1_base64", cert->sha1, SHA1_SIZE);
	json_uint(json, "size", cert->der_len);
	if (!cert->parsed)
		json_bool(json, "parsed", false);
	json_string(json, "key_type", cert->key_type);
	if (cert->key_bits > 0)
		json_uint(json, "key_bits", cert->key_bits);
	if (cert->has_dates) {
		json_seconds(json, "not_before", cert->not_before);
		json_seconds(json, "not_after", cert->not_after);
	}
	json_object_end(json);
}

static void
put_record(struct json *json, const struct list_record *record)
{
	char address[FORMAT_IP_SIZE];

	json_object(json, NULL);
	if (record->has_role) {
		json_uint(json, "role", record->role);
		json_string(json, "role_name", trust_role_name(record->role));
	}
	json_string(json, "dns_name", record->dns_name);
	json_string(json, "subject", record->subject);
	json_string(json, "issuer", record->issuer);
	json_string(json, "serial", record->serial);
	put_certificate(json, record->cert);
	if (record->hash_len > 0)
		json_hex(json, "hash", record->hash, record->hash_len);
	if (record->has_ip) {
		format_ip(&record->ip, address);
		json_string(json, "address", address);
	}
	if (record->odd_address)
		json_bool(json, "odd_address", true);
	json_object_end(json);
}

static void
put_urls(struct json *json, const struct phone_config *config)
{
	json_array(json, "urls");
	for (size_t i = 0; i < config->n_urls; i++) {
		const struct config_url *url = &config->urls[i];

		json_object(json, NULL);
		json_string(json, "url", url->text);
		if (url->host[0] != '\0') {
			json_string(json, "host", url->host);
			json_uint(json, "port", url->port);
		}
		json_object_end(json);
	}
	json_array_end(json);
}

/* A phone takes Base64, and nothing else. */
static void
put_hashes(struct json *json, const struct phone_config *config)
{
	json_array(json, "hashes");
	for (size_t i = 0; i < config->n_hashes; i++) {
		const struct config_hash *hash = &config->hashes[i];

		json_object(json, NULL);
		json_string(json, "hash", hash->text);
		json_bool(json, "usable", hash->form == HASH_BASE64);
		if (hash->form != HASH_BAD) {
			json_string(json, "form", hash->form == HASH_HEX ? "hex" : "Base64");
			json_string(json, "digest_name", hash_name(&hash->hash));
		}
		json_object_end(json);
	}
	json_array_end(json);
}

static void
put_numbers(struct json *json, const struct phone_config *config)
{
	const struct {
		const char *key;
		int value;
	} numbers[] = {
		{"host_id_check", config->enable_host_id_check},
		{"auth_method", config->auth_method},
		{"auto_net_detect", config->auto_net_detect},
		{"hash_alg", config->hash_alg},
		{"fail_connect_time", config->fail_connect_time},
		{"mtu", config->mtu},
		{"password_persistent", config->password_persistent},
		{"security_mode", config->security_mode},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].value >= 0)
			json_uint(json, numbers[i].key, (uint64_t)numbers[i].value);
}

static void
put_configuration(struct json *json, const struct phone_config *config)
{
	if (config == NULL)
		return;
	json_object(json, "configuration");
	json_string(json, "phone", config->name[0] != '\0' ? config->name : NULL);
	json_string(json, "firmware", config->load);
	json_string(json, "protocol", config->protocol);
	if (config->partial)
		json_bool(json, "partial", true);
	json_bool(json, "vpn_group", config->has_vpn_group);
	put_urls(json, config);
	put_hashes(json, config);
	if (config->left_out > 0)
		json_uint(json, "left_out", config->left_out);
	put_numbers(json, config);
	json_string(json, "own_certificate_md5", config->own_cert_md5);
	json_object_end(json);
}

void
json_file_members(struct json *json, const struct phone_file *file)
{
	json_string(json, "name", file->name);
	json_string(json, "kind", phone_file_kind_name(file->kind));
	json_string(json, "phone", file->phone[0] != '\0' ? file->phone : NULL);
	json_uint(json, "size", file->n);
	if (file->cut)
		json_bool(json, "cut", true);
	json_string(json, "broken", file->broken);
	put_seal(json, file);
	if (file->seal.encrypted)
		json_bool(json, "encrypted", true);
	if (phone_file_is_list(file)) {
		json_array(json, "records");
		for (size_t i = 0; i < file->n_records; i++)
			put_record(json, &file->records[i]);
		json_array_end(json);
	}
	put_configuration(json, file->config);
	json_string(json, "error", file->config_error);
}

void
json_file(struct json *json, const char *key, const struct phone_file *file)
{
	json_object(json, key);
	json_file_members(json, file);
	json_object_end(json);
}
