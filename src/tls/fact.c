/* The facts of one handshake. */
#include "fact.h"

#include <stdlib.h>

#include "dissectors/alert.h"

void
repeats_add(struct repeats *repeats, struct when when)
{
	if (repeats->n < LIMIT_REPEATS)
		repeats->frames[repeats->n] = when.frame;
	repeats->n++;
	repeats->last = when;
}

struct handshake *
handshake_new(void)
{
	return calloc(1, sizeof(struct handshake));
}

static void
client_hello_clear(struct client_hello_fact *hello)
{
	free(hello->ciphers);
	free(hello->server_name);
}

void
handshake_free(struct handshake *handshake)
{
	if (handshake == NULL)
		return;
	client_hello_clear(&handshake->client_hello);
	client_hello_clear(&handshake->first_hello);
	for (size_t side = 0; side < 2; side++) {
		struct cert_list_fact *list = &handshake->certs[side];
		for (size_t i = 0; i < list->n; i++)
			cert_unref(list->certs[i].cert);
		free(list->certs);
	}
	for (size_t i = 0; i < handshake->cert_request.n_authorities; i++)
		free(handshake->cert_request.authorities[i]);
	free(handshake->cert_request.authorities);
	free(handshake);
}

static size_t
text_weight(const char *text)
{
	return text != NULL ? strlen(text) + 1 : 0;
}

static size_t
client_hello_weight(const struct client_hello_fact *hello)
{
	return hello->n_ciphers * sizeof(hello->ciphers[0]) + text_weight(hello->server_name);
}

size_t
handshake_weight(const struct handshake *handshake)
{
	const struct cert_request_fact *request = &handshake->cert_request;
	size_t weight = client_hello_weight(&handshake->client_hello) + client_hello_weight(&handshake->first_hello);

	for (size_t side = 0; side < 2; side++)
		weight += handshake->certs[side].n * sizeof(struct cert_fact);
	for (size_t i = 0; i < request->n_authorities; i++)
		weight += sizeof(request->authorities[i]) + text_weight(request->authorities[i]);
	return weight;
}

size_t
handshake_certs_weight(const struct handshake *handshake)
{
	size_t weight = 0;

	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < handshake->certs[side].n; i++)
			weight += handshake->certs[side].certs[i].cert->size;
	return weight;
}

const struct alert_fact *
handshake_fatal(const struct handshake *handshake)
{
	for (size_t i = 0; i < handshake->n_alerts; i++)
		if (handshake->alerts[i].level == ALERT_FATAL)
			return &handshake->alerts[i];
	return NULL;
}

uint16_t
handshake_version(const struct handshake *handshake)
{
	const struct client_hello_fact *offer = &handshake->client_hello;

	if (handshake->server_hello.at.frame != 0)
		return handshake->server_hello.version;
	if (handshake->hello_retry.at.frame != 0)
		return handshake->hello_retry.version;
	return offer->at.frame != 0 ? offer->version : 0;
}

const struct cert *
handshake_leaf(const struct handshake *handshake, enum side side)
{
	const struct cert_list_fact *list = &handshake->certs[side];
	return list->n > 0 ? list->certs[0].cert : NULL;
}

const char *
outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_INCOMPLETE] = "incomplete",
		[OUTCOME_ESTABLISHED] = "established",
		[OUTCOME_FAILED] = "failed",
		[OUTCOME_UNANSWERED] = "unanswered",
	};
	return names[outcome];
}

const char *
missing_what_name(enum missing_what what)
{
	static const char *const names[] = {
		[MISSING_CLIENT_HELLO] = "client_hello",
		[MISSING_SERVER_HELLO] = "server_hello",
		[MISSING_SERVER_CERTIFICATES] = "server_certificates",
		[MISSING_CLIENT_CERTIFICATES] = "client_certificates",
	};
	return names[what];
}

const char *
missing_why_name(enum missing_why why)
{
	static const char *const names[] = {
		[WHY_RESUMED] = "resumed",
		[WHY_TLS13_ENCRYPTED] = "tls13-encrypted",
		[WHY_HOLE] = "hole",
		[WHY_CUT] = "cut",
		[WHY_NOT_SEEN_FROM_START] = "not-seen-from-start",
		[WHY_ANONYMOUS] = "anonymous",
		[WHY_ONE_DIRECTION] = "one-direction",
		[WHY_NOT_SENT] = "not-sent",
		[WHY_CAPTURE_END] = "capture-end",
		[WHY_LIMIT] = "limit",
		[WHY_MALFORMED] = "malformed",
	};
	return names[why];
}

const char *
side_name(enum side side)
{
	return side == SIDE_CLIENT ? "client" : "server";
}
