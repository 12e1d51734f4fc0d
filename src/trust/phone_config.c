/* What a phone was told: the XML library's room. The document is read as a stream of tags, and
 * nobody takes its declarations: so its entities stand for nothing, whatever they name and however
 * often. */
#include "phone_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/parser.h>

#include "config_element.h"
#include "file.h"
#include "limit.h"
#include "phone_name.h"
#include "text.h"

#define ENCRYPTED_MAJOR 2 /* header version of .enc.sgn; .sgn and trust lists have 1 */

static const char out_of_memory[] = "out of memory";
static const char encrypted[] = "encrypted configuration (.enc.sgn): ask CUCM for the clear one";
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

/* unwrap cuts Cisco's header off a signed file; NULL, or a sentence why that cannot be done (facts
 * sheet cisco-phones, section 2.1):
 *
 *   struct {
 *     uint8  tag = 1; uint16 length = 2; uint8  major, minor;
 *     uint8  tag = 2; uint16 length = 2; uint16 header_length; // all of the header's bytes
 *     ...
 *   } */
static const char *
unwrap(struct slice *file)
{
	struct slice header = *file;
	uint8_t major, minor;
	uint16_t header_len;

	if (!slice_starts(header, "\1\0\2", 3))
		return NULL;
	if (!slice_skip(&header, 3) || !slice_u8(&header, &major) || !slice_u8(&header, &minor) ||
	    !slice_starts(header, "\2\0\2", 3) || !slice_skip(&header, 3) ||
	    !slice_u16(&header, &header_len) || !slice_skip(file, header_len))
		return "signed configuration (.sgn) cut short: fetch it again";
	return major == ENCRYPTED_MAJOR ? encrypted : NULL;
}

/* read_xml fills config from a file's bytes; NULL, or a sentence why there is no configuration in
 * them. */
static const char *
read_xml(struct slice file, struct phone_config *config)
{
	struct reading r = {.config = config};
	const char *problem;

	if (file.n == 0)
		return "empty file: fetch it again";
	if (file.n > LIMIT_CONFIG_BYTES)
		return "too big for a phone configuration";
	problem = unwrap(&file);
	if (problem != NULL)
		return problem;
	if (!parse(file, &r))
		return out_of_memory;
	config->partial |= r.depth > 0;
	if (config->has_vpn_group || (r.has_device && r.depth == 0))
		return NULL;
	if (r.has_device)
		return "damaged or cut short before any <vpnGroup>: fetch it again";
	if (r.elements > 0)
		return "not a phone configuration: no <device> or <vpnGroup> in it";
	return strstr(config->source, ".enc") != NULL
		       ? encrypted
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

/* say writes a sentence about a file, whose name may be a stranger's. */
static void
say(char *err, size_t err_size, const char *source, const char *problem)
{
	char *shown = text_escape_string(source);

	snprintf(err, err_size, "%s: %s", shown == NULL ? "?" : shown, problem);
	free(shown);
}

struct phone_config *
phone_config_parse(struct slice xml, const char *source, char *err, size_t err_size)
{
	struct phone_config *config = config_new(source);
	const char *problem = config == NULL ? out_of_memory : read_xml(xml, config);

	if (problem == NULL)
		return config;
	say(err, err_size, source, problem);
	phone_config_free(config);
	return NULL;
}

struct phone_config *
phone_config_read(const char *path, char *err, size_t err_size)
{
	struct phone_config *config;
	uint8_t *bytes;
	size_t n;
	const char *why;

	if (!file_read(path, LIMIT_CONFIG_BYTES, &bytes, &n, &why)) {
		say(err, err_size, path, why);
		return NULL;
	}
	config = phone_config_parse(slice_of(bytes, n), path, err, err_size);
	free(bytes);
	return config;
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
	free(config);
}
