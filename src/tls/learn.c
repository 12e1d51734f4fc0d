/* One message's body turned into the facts that it states. */
#include "learn.h"

#include <stdlib.h>

#include "dissectors/certificate.h"
#include "text.h"

/* copy_up_to gives how much of it found room. */
static size_t
copy_up_to(struct slice from, uint8_t *to, size_t room)
{
	struct slice part = slice_first(from, room);
	size_t n = part.n;

	slice_copy(&part, to, n);
	return n;
}

static bool
in_gap(const struct message *message, struct slice part)
{
	size_t off = (size_t)(part.p - message->body.p);

	for (size_t i = 0; i < message->n_gaps; i++) {
		const struct gap *gap = &message->gaps[i];
		if (off < (size_t)gap->off + gap->len && gap->off < off + part.n)
			return true;
	}
	return false;
}

static enum learned
learn_ciphers(struct slice ciphers, bool sslv2, struct client_hello_fact *out)
{
	size_t width = sslv2 ? 3 : 2;
	size_t n = ciphers.n / width;
	enum learned learned = LEARNED;
	uint64_t value;

	if (n > LIMIT_CIPHERS) {
		n = LIMIT_CIPHERS;
		learned = LEARNED_PART;
	}
	if (n == 0)
		return learned;
	out->ciphers = malloc(n * sizeof(out->ciphers[0]));
	if (out->ciphers == NULL)
		return LEARNED_NO_MEMORY;
	while (out->n_ciphers < n && slice_uint(&ciphers, width, &value))
		out->ciphers[out->n_ciphers++] = (uint32_t)value;
	return learned;
}

static enum learned
learn_client_extensions(struct slice extensions, struct client_hello_fact *out)
{
	struct dis_at at;
	struct slice body, name, versions;
	uint16_t version;

	if (ext_find(extensions, EXT_SUPPORTED_VERSIONS, &body) == DIS_OK &&
	    ext_client_versions(body, &versions, &at) == DIS_OK) {
		out->versions = malloc(LIMIT_VERSIONS * sizeof(out->versions[0]));
		if (out->versions == NULL)
			return LEARNED_NO_MEMORY;
		while (out->n_versions < LIMIT_VERSIONS && slice_u16(&versions, &version))
			out->versions[out->n_versions++] = version;
	}
	if (ext_find(extensions, EXT_SERVER_NAME, &body) == DIS_OK &&
	    ext_server_name(body, &name, &at) == DIS_OK) {
		out->server_name = text_escape(name);
		if (out->server_name == NULL)
			return LEARNED_NO_MEMORY;
	}
	return LEARNED;
}

enum learned
learn_client_hello_parsed(const struct client_hello *hello, struct when when, struct client_hello_fact *out)
{
	enum learned ciphers, extensions;

	*out = (struct client_hello_fact){.at = when, .version = hello->version, .sslv2 = hello->sslv2};
	out->session_id_len = (uint8_t)copy_up_to(hello->session_id, out->session_id, sizeof(out->session_id));
	out->cookie_len = (uint8_t)hello->cookie.n;
	ciphers = learn_ciphers(hello->ciphers, hello->sslv2, out);
	extensions = learn_client_extensions(hello->extensions, out);
	return ciphers > extensions ? ciphers : extensions;
}

enum learned
learn_client_hello(const struct message *message, bool dtls, struct when when,
		   struct client_hello_fact *out, uint8_t random[32], const char **field)
{
	struct client_hello hello;
	struct dis_at at;

	if (message->n_gaps > 0 || message->over_limit)
		return LEARNED_NOTHING;
	if (client_hello(message->body, dtls, &hello, &at) != DIS_OK) {
		*field = at.field;
		return LEARNED_MALFORMED;
	}
	copy_up_to(hello.random, random, 32);
	return learn_client_hello_parsed(&hello, when, out);
}

bool
learn_client_random(struct slice body, bool dtls, uint8_t random[32], size_t *cookie_len)
{
	struct client_hello hello;
	struct dis_at at;

	if (client_hello(body, dtls, &hello, &at) != DIS_OK)
		return false;
	*cookie_len = hello.cookie.n;
	return copy_up_to(hello.random, random, 32) == 32;
}

enum learned
learn_server_hello(const struct message *message, struct when when, struct server_hello_fact *out,
		   bool *retry, const char **field)
{
	struct server_hello hello;
	struct slice body;
	struct dis_at at;
	enum dis dis;

	if (message->n_gaps > 0 || message->over_limit)
		return LEARNED_NOTHING;
	if (message->type == HS_HELLO_RETRY_REQUEST)
		dis = hello_retry_draft(message->body, &hello, &at);
	else
		dis = server_hello(message->body, &hello, &at);
	if (dis != DIS_OK) {
		*field = at.field;
		return LEARNED_MALFORMED;
	}
	*out = (struct server_hello_fact){
		.at = when,
		.version = hello.version,
		.legacy_version = hello.version,
		.cipher = hello.cipher,
	};
	out->session_id_len = (uint8_t)copy_up_to(hello.session_id, out->session_id, sizeof(out->session_id));
	if (ext_find(hello.extensions, EXT_SUPPORTED_VERSIONS, &body) == DIS_OK)
		ext_server_version(body, &out->version, &at);
	*retry = hello.retry;
	return LEARNED;
}

enum learned
learn_hello_verify(const struct message *message, struct when when, struct hello_verify_fact *out,
		   const char **field)
{
	struct hello_verify verify;
	struct dis_at at;

	if (message->n_gaps > 0 || message->over_limit)
		return LEARNED_NOTHING;
	if (hello_verify(message->body, &verify, &at) != DIS_OK) {
		*field = at.field;
		return LEARNED_MALFORMED;
	}
	*out = (struct hello_verify_fact){.at = when, .version = verify.version};
	return LEARNED;
}

enum learned
learn_certificate(struct slice der, struct when when, struct cert_store *store, struct cert_list_fact *out)
{
	struct cert_fact *certs = realloc(out->certs, (out->n + 1) * sizeof(*certs));

	if (certs == NULL)
		return LEARNED_NO_MEMORY;
	out->at = when;
	out->certs = certs;
	certs[out->n] = (struct cert_fact){.at = when, .cert = cert_store_get(store, der)};
	if (certs[out->n].cert == NULL)
		return LEARNED_NO_MEMORY;
	out->n++;
	return LEARNED;
}

enum learned
learn_certificates(const struct message *message, struct when when, struct cert_store *store,
		   struct cert_list_fact *out, const char **field)
{
	struct slice list, der, before;
	struct dis_at at;

	*out = (struct cert_list_fact){.at = when};
	if (message->over_limit || in_gap(message, slice_first(message->body, 3)))
		return LEARNED_NOTHING;
	if (certificate_list(message->body, &list, &at) != DIS_OK) {
		*field = at.field;
		return message->n_gaps > 0 ? LEARNED_NOTHING : LEARNED_MALFORMED;
	}
	for (before = list; list.n > 0; before = list) {
		if (in_gap(message, slice_first(before, 3)))
			return out->n > 0 ? LEARNED_PART : LEARNED_NOTHING;
		if (certificate_next(&list, &der, &at) != DIS_OK) {
			*field = at.field;
			return LEARNED_MALFORMED;
		}
		if (in_gap(message, der) || out->n == LIMIT_CHAIN)
			return out->n > 0 ? LEARNED_PART : LEARNED_NOTHING;
		if (learn_certificate(der, when, store, out) != LEARNED)
			return LEARNED_NO_MEMORY;
	}
	return LEARNED;
}

enum learned
learn_certificate_request(const struct message *message, bool tls12, struct when when,
			  struct cert_request_fact *out, const char **field)
{
	struct certificate_request request;
	struct slice name;
	struct dis_at at;

	*out = (struct cert_request_fact){.at = when};
	if (message->n_gaps > 0 || message->over_limit)
		return LEARNED_NOTHING;
	if (certificate_request(message->body, tls12, &request, &at) != DIS_OK) {
		*field = at.field;
		return LEARNED_MALFORMED;
	}
	out->authorities = calloc(LIMIT_AUTHORITIES, sizeof(out->authorities[0]));
	if (out->authorities == NULL)
		return LEARNED_NO_MEMORY;
	while (out->n_authorities < LIMIT_AUTHORITIES &&
	       authority_next(&request.authorities, &name, &at) == DIS_OK) {
		char *text = cert_name_text(name);
		if (text == NULL)
			return LEARNED_NO_MEMORY;
		out->authorities[out->n_authorities++] = text;
	}
	return LEARNED;
}

uint16_t
learn_curve(const struct message *message)
{
	struct ske_curve curve;
	struct dis_at at;

	if (message->n_gaps > 0 || message->over_limit ||
	    server_key_exchange_curve(message->body, &curve, &at) != DIS_OK)
		return 0;
	return curve.group;
}
