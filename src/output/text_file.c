/* A phone's file as people read it. */
#include "text_file.h"

#include <string.h>

#include "dissectors/trust_list.h"
#include "format.h"
#include "trust/hash.h"

static void
begin(struct wrap *wrap, const char *label)
{
	wrap_label(wrap, label, WRAP_PLAIN);
}

static void
line(struct wrap *wrap, const char *label, const char *text)
{
	begin(wrap, label);
	wrap_text(wrap, text);
	wrap_end(wrap);
}

/* add puts what is there behind a comma and a word. */
static void
add(struct wrap *wrap, const char *what, const char *text)
{
	if (text == NULL)
		return;
	wrap_text(wrap, what);
	wrap_text(wrap, text);
}

/* put_names tells of a certificate what stands beside it. */
static void
put_names(struct wrap *wrap, const char *subject, const char *serial, const char *issuer)
{
	wrap_text(wrap, subject != NULL ? subject : "(no name)");
	add(wrap, ", serial ", serial);
	if (subject != NULL && issuer != NULL && strcmp(subject, issuer) == 0)
		wrap_text(wrap, ", issued by itself");
	else
		add(wrap, ", issued by ", issuer);
}

/* ---- who signed it ---- */

static void
put_header(struct wrap *wrap, const struct seal *seal)
{
	const char *digest = seal_digest_name(seal->digest);
	char time[FORMAT_TIME_SIZE];

	begin(wrap, "signed");
	if (seal->has_time && format_seconds(seal->time, time))
		wrap_format(wrap, "%.10s %.8s UTC, ", time, time + 11);
	if (digest != NULL)
		wrap_text(wrap, digest);
	else
		wrap_format(wrap, "unknown digest %u", seal->digest);
	if (seal->key_bits > 0)
		wrap_format(wrap, ", RSA %u bits", seal->key_bits);
	else
		wrap_text(wrap, ", no signature");
	add(wrap, ", as ", seal->file_name);
	wrap_format(wrap, ", header version %u.%u of %u bytes", seal->major, seal->minor, seal->header_length);
	if (seal->signer_major != 0 || seal->signer_minor != 0)
		wrap_format(wrap, ", signer version %u.%u", seal->signer_major, seal->signer_minor);
	wrap_end(wrap);
	begin(wrap, "by");
	put_names(wrap, seal->signer, seal->signer_serial, seal->signer_issuer);
	wrap_end(wrap);
}

/* add_reason says why nobody knows whether a signature is good. */
static void
add_reason(struct wrap *wrap, const struct phone_file *file)
{
	if (file->cut)
		wrap_text(wrap, ": the file is cut short");
	else if (seal_digest_name(file->seal.digest) == NULL)
		wrap_text(wrap, ": its digest is unknown");
	else if (file->broken == NULL)
		wrap_text(wrap, ": no certificate of its signer is at hand; give --trust-list");
}

static void
put_seal(struct wrap *wrap, const struct phone_file *file)
{
	if (file->seal_state == SEAL_NONE) {
		line(wrap, "signed", "no");
		return;
	}
	put_header(wrap, &file->seal);
	begin(wrap, "");
	wrap_text(wrap, "the signature is ");
	if (file->seal_state == SEAL_BAD)
		wrap_style(wrap, WRAP_RED);
	wrap_text(wrap, seal_state_name(file->seal_state));
	if (file->seal_state == SEAL_BAD)
		wrap_style(wrap, WRAP_PLAIN);
	if (file->seal_state == SEAL_UNVERIFIED)
		add_reason(wrap, file);
	else
		add(wrap, file->seal_state == SEAL_GOOD ? ": it fits " : ": it does not fit ", file->verified_by);
	wrap_end(wrap);
}

static void
put_damage(struct wrap *wrap, const struct phone_file *file)
{
	if (file->cut)
		line(wrap, "damage", "it ends in the middle");
	if (file->broken == NULL)
		return;
	begin(wrap, "damage");
	add(wrap, "what stands in ", file->broken);
	wrap_text(wrap, " cannot be; what follows was not read");
	wrap_end(wrap);
}

/* ---- trust lists ---- */

static void
put_certificate(struct wrap *wrap, const struct cert *cert)
{
	char base64[HASH_BASE64_SIZE], hex[HASH_HEX_SIZE], until[FORMAT_TIME_SIZE];

	hash_hex(cert->sha1, SHA1_SIZE, hex);
	hash_base64(cert->sha1, SHA1_SIZE, base64);
	begin(wrap, "");
	wrap_format(wrap, "certificate of %zu bytes", cert->der_len);
	add(wrap, ", ", cert->key_type);
	if (cert->key_bits > 0)
		wrap_format(wrap, " %u bits", cert->key_bits);
	if (cert->has_dates && format_seconds(cert->not_after, until))
		wrap_format(wrap, ", valid until %.10s", until);
	if (!cert->parsed)
		wrap_text(wrap, " that cannot be read");
	wrap_end(wrap);
	begin(wrap, "");
	add(wrap, "SHA-1 ", hex);
	add(wrap, ", ", base64);
	wrap_end(wrap);
}

static void
put_what_certificate(struct wrap *wrap, const struct list_record *record)
{
	char hex[HASH_HEX_SIZE];

	if (record->subject != NULL || record->serial != NULL) {
		begin(wrap, "");
		put_names(wrap, record->subject, record->serial, record->issuer);
		wrap_end(wrap);
	}
	if (record->cert != NULL) {
		put_certificate(wrap, record->cert);
	} else if (record->hash_len > 0) {
		hash_hex(record->hash, record->hash_len, hex);
		begin(wrap, "");
		add(wrap, "only the certificate's hash: ", hex);
		wrap_end(wrap);
	} else {
		line(wrap, "", "no certificate");
	}
}

/* first_with_cert gives the first record that has a record's certificate. */
static size_t
first_with_cert(const struct phone_file *list, size_t record)
{
	for (size_t i = 0; i < record; i++)
		if (list->records[i].cert != NULL && list->records[i].cert == list->records[record].cert)
			return i;
	return record;
}

static void
put_record(struct wrap *wrap, const struct phone_file *list, size_t index)
{
	const struct list_record *record = &list->records[index];
	size_t first = first_with_cert(list, index);
	const char *role = record->has_role ? trust_role_name(record->role) : "no role";
	char address[FORMAT_IP_SIZE];

	begin(wrap, "record");
	wrap_format(wrap, "%zu, ", index + 1);
	if (role != NULL)
		wrap_text(wrap, role);
	else
		wrap_format(wrap, "role %u", record->role);
	add(wrap, ", ", record->dns_name);
	if (record->has_ip) {
		format_ip(&record->ip, address);
		add(wrap, ", ", address);
	}
	if (record->odd_address)
		wrap_text(wrap, ", an address of a length that none has");
	if (first != index)
		wrap_format(wrap, ", the certificate of record %zu", first + 1);
	wrap_end(wrap);
	if (first == index)
		put_what_certificate(wrap, record);
}

/* ---- configurations ---- */

static void
put_phone(struct wrap *wrap, const struct phone_config *config)
{
	static const char *const modes[] = {NULL, "not secure", "authenticated", "encrypted"};

	begin(wrap, "phone");
	wrap_text(wrap, config->name[0] != '\0' ? config->name : "(no name)");
	add(wrap, ", ", config->protocol);
	add(wrap, ", firmware ", config->load);
	if (config->security_mode > 0 && (size_t)config->security_mode < sizeof(modes) / sizeof(modes[0]))
		add(wrap, ", ", modes[config->security_mode]);
	wrap_end(wrap);
	if (config->own_cert_md5 != NULL) {
		begin(wrap, "");
		add(wrap, "its own certificate has the MD5 ", config->own_cert_md5);
		wrap_end(wrap);
	}
	if (config->partial)
		line(wrap, "", "the rest of its configuration is not in this file");
}

static void
put_hash(struct wrap *wrap, const struct config_hash *hash, const char *label)
{
	begin(wrap, label);
	wrap_text(wrap, hash->text);
	wrap_text(wrap, " (");
	switch (hash->form) {
	case HASH_BASE64:
		wrap_text(wrap, hash_name(&hash->hash));
		break;
	case HASH_HEX:
		add(wrap, "", hash_name(&hash->hash));
		wrap_text(wrap, " in hex, which a phone does not take: write it in Base64");
		break;
	case HASH_BAD:
		wrap_text(wrap, "no hash at all");
		break;
	}
	wrap_text(wrap, ")");
	wrap_end(wrap);
}

/* put_settings writes those that are written, by words where the number has one. */
static void
put_settings(struct wrap *wrap, const struct phone_config *config)
{
	static const char *const switches[] = {"off", "on"}, *const methods[] = {"user and password", "password",
										 "certificate"};
	const struct {
		const char *what;
		int number;
		const char *const *words;
		int n;
	} settings[] = {
		{"login by ", config->auth_method, methods, 3},
		{"host ID check ", config->enable_host_id_check, switches, 2},
		{"network detection ", config->auto_net_detect, switches, 2},
		{"password kept ", config->password_persistent, switches, 2},
		{"MTU ", config->mtu, NULL, 0},
		{"seconds to connect ", config->fail_connect_time, NULL, 0},
		{"hashAlg ", config->hash_alg, NULL, 0},
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (settings[i].number < 0)
			continue;
		if (!any)
			begin(wrap, "vpn");
		add(wrap, any ? ", " : "", settings[i].what);
		if (settings[i].number < settings[i].n)
			wrap_text(wrap, settings[i].words[settings[i].number]);
		else
			wrap_format(wrap, "%d", settings[i].number);
		any = true;
	}
	if (any)
		wrap_end(wrap);
}

static void
put_configuration(struct wrap *wrap, const struct phone_config *config)
{
	put_phone(wrap, config);
	if (!config->has_vpn_group) {
		line(wrap, "vpn", "there is no <vpnGroup>: this phone was given no VPN");
		return;
	}
	for (size_t i = 0; i < config->n_urls; i++)
		line(wrap, i == 0 ? "url" : "", config->urls[i].text);
	for (size_t i = 0; i < config->n_hashes; i++)
		put_hash(wrap, &config->hashes[i], i == 0 ? "trusts" : "");
	if (config->left_out > 0) {
		begin(wrap, "");
		wrap_format(wrap, "and %zu more", config->left_out);
		wrap_end(wrap);
	}
	put_settings(wrap, config);
}

void
text_file(struct wrap *wrap, const struct phone_file *file)
{
	put_seal(wrap, file);
	put_damage(wrap, file);
	if (file->seal.encrypted)
		line(wrap, "body", "encrypted: only the phone can read it");
	for (size_t i = 0; i < file->n_records; i++)
		put_record(wrap, file, i);
	if (file->config != NULL)
		put_configuration(wrap, file->config);
	if (file->config_error != NULL)
		line(wrap, "config", file->config_error);
}
