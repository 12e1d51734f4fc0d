/* What a phone was told: the XML library's room. The document is read as a stream of tags, and
 * nobody takes its declarations: so its entities stand for nothing, whatever they name and however
 * often. */
#include "phone_config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/parser.h>

#include "config_element.h"
#include "config_parse.h"
#include "limit.h"
#include "phone_name.h"
#include "text.h"

const char config_encrypted[] = "encrypted configuration (.enc.sgn): ask CUCM for the clear one";

static const char blanks[] = " \t\r\n";

/* A document on its way through the parser. */
struct reading {
	struct phone_config *config;
	xmlParserCtxtPtr parser;
	size_t elements;
	bool has_device, no_memory;
	unsigned depth;
	unsigned device, vpn_group, credentials; /* depth of the outermost one open; 0: none */
	char text[LIMIT_CONFIG_TEXT]; /* since the last tag, without leading blanks */
	size_t text_len;
};

/* end_text closes the text since the last tag, and gives it without the blanks around it. */
static char *
end_text(struct reading *r)
{
	while (r->text_len > 0 && strchr(blanks, r->text[r->text_len - 1]) != NULL)
		r->text_len--;
	r->text[r->text_len] = '\0';
	r->text_len = 0;
	return r->text;
}

static void
check(struct reading *r, bool ok)
{
	if (ok)
		return;
	r->no_memory = true;
	xmlStopParser(r->parser);
}

static void
on_text(void *arg, const xmlChar *text, int n)
{
	struct reading *r = arg;

	for (int i = 0; i < n && r->text_len < sizeof(r->text) - 1; i++)
		if (r->text_len > 0 || strchr(blanks, text[i]) == NULL)
			r->text[r->text_len++] = (char)text[i];
}

/* local_name drops a prefix, bound or not. */
static const char *
local_name(const xmlChar *name)
{
	const char *colon = strrchr((const char *)name, ':');
	return colon == NULL ? (const char *)name : colon + 1;
}

static void
on_start(void *arg, const xmlChar *qualified, const xmlChar **attributes)
{
	struct reading *r = arg;
	const char *name = local_name(qualified);
	char *text = end_text(r);

	(void)attributes;
	if (r->credentials != 0 && r->credentials == r->depth)
		check(r, config_take_bare(r->config, text));
	r->elements++;
	r->depth++;
	if (r->device == 0 && strcasecmp(name, "device") == 0) {
		r->has_device = true;
		r->device = r->depth;
	} else if (r->vpn_group == 0 && strcasecmp(name, "vpnGroup") == 0) {
		r->config->has_vpn_group = true;
		r->vpn_group = r->depth;
	} else if (r->vpn_group != 0 && r->credentials == 0 &&
		   strcasecmp(name, "credentials") == 0) {
		r->credentials = r->depth;
	}
}

static void
on_end(void *arg, const xmlChar *qualified)
{
	struct reading *r = arg;
	const char *name = local_name(qualified);
	char *text = end_text(r);

	if (r->depth == r->credentials) {
		check(r, config_take_bare(r->config, text));
		r->credentials = 0;
	} else if (r->depth == r->vpn_group) {
		r->vpn_group = 0;
	} else if (r->depth == r->device) {
		r->device = 0;
	} else if (*text != '\0' && r->vpn_group != 0) {
		check(r, config_take_vpn(r->config, name, text));
	} else if (*text != '\0' && r->device != 0 && r->depth == r->device + 1) {
		check(r, config_take_device(r->config, name, text));
	}
	r->depth--;
}

/* on_error is told all that is wrong with a document, of which only this is ours. */
static void
on_error(void *arg, const xmlError *error)
{
	struct reading *r = arg;
	r->no_memory |= error->code == XML_ERR_NO_MEMORY;
}

/* parse runs the document through the parser; false when out of memory. */
static bool
parse(struct slice xml, struct reading *r)
{
	static const xmlSAXHandler handlers = {
		.initialized = 1, /* not XML_SAX2_MAGIC: SAX 1 knows no namespaces to demand */
		.startElement = on_start,
		.endElement = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
	};

	/* The cast: older versions of the library take xmlError without const. */
	xmlSetStructuredErrorFunc(r, (xmlStructuredErrorFunc)on_error);
	r->parser = xmlNewParserCtxt();
	if (r->parser == NULL) {
		xmlSetStructuredErrorFunc(NULL, NULL);
		r->no_memory = true;
		return false;
	}
	*r->parser->sax = handlers;
	r->parser->userData = r;
	xmlFreeDoc(xmlCtxtReadMemory(r->parser, (const char *)xml.p, (int)xml.n, NULL, NULL,
				     XML_PARSE_RECOVER | XML_PARSE_NONET));
	xmlSetStructuredErrorFunc(NULL, NULL);
	xmlFreeParserCtxt(r->parser);
	return !r->no_memory;
}

/* read_xml fills a configuration from a document; NULL, or a sentence why there is none in it. */
static const char *
read_xml(struct slice xml, struct reading *r)
{
	struct phone_config *config = r->config;

	if (xml.n > LIMIT_CONFIG_BYTES)
		return "too big for a phone configuration";
	if (!parse(xml, r))
		return NULL;
	config->partial |= r->depth > 0;
	if (config->has_vpn_group || (r->has_device && r->depth == 0))
		return NULL;
	if (r->has_device)
		return "damaged or cut short before any <vpnGroup>: fetch it again";
	if (r->elements > 0)
		return "not a phone configuration: no <device> or <vpnGroup> in it";
	return strstr(config->source, ".enc") != NULL ? config_encrypted
						      : "not a phone configuration: no readable XML in it";
}

/* config_new makes a configuration of which nothing is known but its file's name. */
static struct phone_config *
config_new(const char *source)
{
	struct phone_config *config = calloc(1, sizeof(*config));
	const char *slash = strrchr(source, '/');

	if (config == NULL)
		return NULL;
	config->enable_host_id_check = config->auth_method = config->auto_net_detect = -1;
	config->hash_alg = config->fail_connect_time = -1;
	config->mtu = config->password_persistent = config->security_mode = -1;
	for (const char *p = slash == NULL ? source : slash; *p != '\0'; p++)
		if (phone_name_read(p, config->name))
			break;
	config->source = text_escape_string(source);
	if (config->source == NULL) {
		free(config);
		return NULL;
	}
	return config;
}

struct phone_config *
config_parse(struct slice xml, const char *source, bool *cut, const char **problem)
{
	struct reading r = {.config = config_new(source)};

	*cut = false;
	*problem = NULL;
	if (r.config == NULL)
		return NULL;
	*problem = read_xml(xml, &r);
	*cut = (r.has_device || r.config->has_vpn_group) && r.depth > 0;
	if (*problem == NULL && !r.no_memory)
		return r.config;
	phone_config_free(r.config);
	return NULL;
}

void
phone_config_free(struct phone_config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < config->n_urls; i++) {
		free(config->urls[i].text);
		free(config->urls[i].host);
	}
	for (size_t i = 0; i < config->n_hashes; i++)
		free(config->hashes[i].text);
	free(config->urls);
	free(config->hashes);
	free(config->source);
	free(config->load);
	free(config->protocol);
	free(config->own_cert_md5);
	free(config);
}

static size_t
text_size(const char *text)
{
	return text != NULL ? strlen(text) + 1 : 0;
}

size_t
phone_config_weight(const struct phone_config *config)
{
	size_t weight = sizeof(*config) + config->n_urls * sizeof(*config->urls) +
			config->n_hashes * sizeof(*config->hashes) + text_size(config->source) +
			text_size(config->load) + text_size(config->protocol) + text_size(config->own_cert_md5);

	for (size_t i = 0; i < config->n_urls; i++)
		weight += text_size(config->urls[i].text) + text_size(config->urls[i].host);
	for (size_t i = 0; i < config->n_hashes; i++)
		weight += text_size(config->hashes[i].text);
	return weight;
}
