/* What the elements of a phone's configuration say. */
#include "config_element.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "host.h"
#include "limit.h"
#include "phone_name.h"
#include "text.h"

#define HTTPS_PORT 443

static bool
is_name(const char *name, const char *wanted)
{
	return strcasecmp(name, wanted) == 0;
}

/* is_numbered says whether name is wanted with a number behind it, or none, as in certHash1. */
static bool
is_numbered(const char *name, const char *wanted)
{
	size_t n = strlen(wanted);
	return strncasecmp(name, wanted, n) == 0 &&
	       name[n + strspn(name + n, "0123456789")] == '\0';
}

static bool
add_hash(struct phone_config *config, const char *text)
{
	struct config_hash hash, *hashes;

	if (config->n_hashes == LIMIT_HASHES) {
		config->left_out++;
		return true;
	}
	hashes = realloc(config->hashes, (config->n_hashes + 1) * sizeof(*hashes));
	if (hashes == NULL)
		return false;
	config->hashes = hashes;
	hash.form = hash_parse(text, &hash.hash);
	hash.text = text_escape_string(text);
	if (hash.text == NULL)
		return false;
	hashes[config->n_hashes++] = hash;
	return true;
}

static bool
add_url(struct phone_config *config, const char *text)
{
	struct config_url url, *urls;

	if (config->n_urls == LIMIT_URLS) {
		config->left_out++;
		return true;
	}
	urls = realloc(config->urls, (config->n_urls + 1) * sizeof(*urls));
	if (urls == NULL)
		return false;
	config->urls = urls;
	url.text = text_escape_string(text);
	if (url.text == NULL)
		return false;
	if (!host_read(text, HTTPS_PORT, &url.host, &url.port)) {
		free(url.text);
		return false;
	}
	urls[config->n_urls++] = url;
	return true;
}

/* read_number takes up to six digits, true or false. */
static void
read_number(const char *text, int *out)
{
	size_t n = strspn(text, "0123456789");

	if (*out != -1)
		return;
	if (n > 0 && n <= 6 && text[n] == '\0')
		*out = (int)strtol(text, NULL, 10);
	else if (is_name(text, "true") || is_name(text, "false"))
		*out = is_name(text, "true");
}

bool
config_take_vpn(struct phone_config *config, const char *name, const char *text)
{
	const struct {
		const char *name;
		int *value;
	} numbers[] = {
		{"enableHostIDCheck", &config->enable_host_id_check},
		{"authMethod", &config->auth_method},
		{"autoNetDetect", &config->auto_net_detect},
		{"hashAlg", &config->hash_alg},
		{"failConnectTime", &config->fail_connect_time},
		{"mtu", &config->mtu},
		{"pswdPersistent", &config->password_persistent},
	};

	if (is_numbered(name, "url"))
		return add_url(config, text);
	if (is_numbered(name, "certHash"))
		return add_hash(config, text);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (is_name(name, numbers[i].name))
			read_number(text, numbers[i].value);
	return true;
}

bool
config_take_device(struct phone_config *config, const char *name, const char *text)
{
	const struct {
		const char *name;
		char **text;
	} texts[] = {
		{"loadInformation", &config->load},
		{"deviceProtocol", &config->protocol},
		{"certHash", &config->own_cert_md5},
	};

	if (config->name[0] == '\0')
		phone_name_read(text, config->name);
	if (is_name(name, "fullConfig") && is_name(text, "false"))
		config->partial = true;
	if (is_name(name, "deviceSecurityMode"))
		read_number(text, &config->security_mode);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (is_name(name, texts[i].name) && *texts[i].text == NULL)
			return (*texts[i].text = text_escape_string(text)) != NULL;
	return true;
}

static char *
trim(char *line)
{
	char *end = line + strlen(line);

	while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return line + strspn(line, " \t");
}

bool
config_take_bare(struct phone_config *config, char *text)
{
	static const char lines[] = "\r\n";
	struct hash hash;
	char *rest;

	for (char *line = strtok_r(text, lines, &rest); line != NULL;
	     line = strtok_r(NULL, lines, &rest)) {
		line = trim(line);
		if (hash_parse(line, &hash) != HASH_BAD && !add_hash(config, line))
			return false;
	}
	return true;
}
