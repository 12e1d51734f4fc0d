/* The options that say what the phone trusts. */
#include "options_trust.h"

#include <stdlib.h>

#include "date.h"
#include "diag.h"
#include "trust/host.h"

int
options_no_memory(void)
{
	diag_error("out of memory");
	return EXIT_INPUT;
}

bool
options_make_room(void **list, size_t n, size_t size)
{
	void *longer = realloc(*list, (n + 1) * size);

	if (longer == NULL)
		return false;
	*list = longer;
	return true;
}

static int
add_config(struct trust *trust, const char *path)
{
	struct phone_file *file;
	const char *why;

	if (!options_make_room((void **)&trust->configs, trust->n_configs, sizeof(struct phone_config *)) ||
	    !options_make_room((void **)&trust->files, trust->n_files, sizeof(struct phone_file *)))
		return options_no_memory();
	file = phone_file_open(path, NULL, &why);
	if (file == NULL) {
		diag_error("%s: %s", path, why);
		return EXIT_INPUT;
	}
	trust->files[trust->n_files++] = file;
	if (file->config == NULL && !file->seal.encrypted) {
		diag_error("%s: %s", path, phone_file_problem(file));
		return EXIT_INPUT;
	}
	if (file->config == NULL) {
		diag_note("%s: %s; what the phone trusts is not known from it", path, phone_file_problem(file));
		return EXIT_NOTHING;
	}
	trust->configs[trust->n_configs++] = file->config;
	if (!file->config->has_vpn_group)
		diag_note("%s: there is no <vpnGroup> in it: this phone was given no VPN", path);
	return EXIT_NOTHING;
}

int
trust_verify(struct trust *trust)
{
	for (size_t i = 0; i < trust->n_files; i++) {
		struct phone_file *file = trust->files[i];

		for (size_t l = 0; l < trust->n_lists; l++)
			if (!phone_file_verify(file, trust->lists[l]))
				return options_no_memory();
		if (file->cut)
			diag_note("%s: it ends in the middle: what is behind that is not known", file->name);
		if (file->seal_state == SEAL_BAD)
			diag_note("%s: its signature is bad, by %s: a phone does not take it", file->name, file->verified_by);
	}
	return EXIT_NOTHING;
}

int
trust_add_hash(struct trust *trust, const char *text)
{
	struct config_hash *hash;

	if (!options_make_room((void **)&trust->hashes, trust->n_hashes, sizeof(struct config_hash)))
		return options_no_memory();
	hash = &trust->hashes[trust->n_hashes];
	*hash = (struct config_hash){.text = NULL};
	hash->form = hash_parse(text, &hash->hash);
	if (hash->form == HASH_BAD) {
		diag_error("--cert-hash: '%s' is neither Base64 nor hex of a SHA-1, SHA-256 or SHA-512", text);
		return EXIT_USAGE;
	}
	hash->text = malloc(HASH_BASE64_SIZE);
	if (hash->text == NULL)
		return options_no_memory();
	hash_base64(hash->hash.bytes, hash->hash.n, hash->text);
	trust->n_hashes++;
	return EXIT_NOTHING;
}

/* The store of a list's certificates goes with the last of them. */
static struct phone_file *
open_list(const char *path, const char **why)
{
	struct cert_store *certs = cert_store_new(0);
	struct phone_file *list = NULL;

	*why = "out of memory";
	if (certs != NULL)
		list = phone_file_open(path, certs, why);
	cert_store_free(certs);
	if (list == NULL || (phone_file_is_list(list) && list->n_records > 0))
		return list;
	*why = "no trust list: a CTL or ITL file has records";
	phone_file_free(list);
	return NULL;
}

static int
add_list(struct trust *trust, const char *path)
{
	struct phone_file *list;
	const char *why;

	if (!options_make_room((void **)&trust->lists, trust->n_lists, sizeof(struct phone_file *)))
		return options_no_memory();
	list = open_list(path, &why);
	if (list == NULL) {
		diag_error("%s: %s", path, why);
		return EXIT_INPUT;
	}
	trust->lists[trust->n_lists++] = list;
	if (!phone_file_verify(list, list))
		return options_no_memory();
	if (list->cut || list->broken != NULL)
		diag_note("%s: the list is damaged: only its first %zu records count", path, list->n_records);
	else if (list->seal_state == SEAL_BAD)
		diag_note("%s: its own signature is bad: somebody changed this list", path);
	return EXIT_NOTHING;
}

int
trust_name_file(struct options *options, enum trust_file_kind kind, const char *path)
{
	if (!options_make_room((void **)&options->trust_files, options->n_trust_files, sizeof(struct trust_file)))
		return options_no_memory();
	options->trust_files[options->n_trust_files++] = (struct trust_file){kind, path};
	return EXIT_NOTHING;
}

int
options_read_trust(struct options *options)
{
	int status = EXIT_NOTHING;

	for (size_t i = 0; status == EXIT_NOTHING && i < options->n_trust_files; i++) {
		const struct trust_file *file = &options->trust_files[i];

		if (file->kind == TRUST_FILE_CONFIG)
			status = add_config(&options->trust, file->path);
		else
			status = add_list(&options->trust, file->path);
	}
	return status;
}

int
trust_add_gateway(struct trust *trust, const char *text)
{
	struct gateway_name *gateway;

	if (!options_make_room((void **)&trust->gateways, trust->n_gateways, sizeof(struct gateway_name)))
		return options_no_memory();
	gateway = &trust->gateways[trust->n_gateways];
	if (!host_read(text, 0, &gateway->host, &gateway->port))
		return options_no_memory();
	trust->n_gateways++;
	if (gateway->host[0] != '\0')
		return EXIT_NOTHING;
	diag_error("--gateway: '%s' is no HOST[:PORT]", text);
	return EXIT_USAGE;
}

int
trust_set_now(struct trust *trust, const char *text)
{
	trust->has_now = date_parse(text, &trust->now);
	if (trust->has_now)
		return EXIT_NOTHING;
	diag_error("--now: '%s' is no time like 2016-04-01 or 2016-04-01T20:14:22Z", text);
	return EXIT_USAGE;
}

void
trust_free(struct trust *trust)
{
	for (size_t i = 0; i < trust->n_files; i++)
		phone_file_free(trust->files[i]);
	for (size_t i = 0; i < trust->n_hashes; i++)
		free(trust->hashes[i].text);
	for (size_t i = 0; i < trust->n_gateways; i++)
		free(trust->gateways[i].host);
	for (size_t i = 0; i < trust->n_lists; i++)
		phone_file_free(trust->lists[i]);
	free(trust->lists);
	free(trust->files);
	free(trust->configs);
	free(trust->hashes);
	free(trust->gateways);
}
