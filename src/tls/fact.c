/* The facts of one handshake. */
#include "fact.h"

#include <stdlib.h>

#include "dissectors/alert.h"
#include "fetch.h"

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
	struct handshake *handshake = malloc(sizeof(*handshake));

	if (handshake != NULL)
		*handshake = (struct handshake){.size = 0};
	return handshake;
}

/* add makes room for one more in a list; NULL when out of memory. */
static void *
add(void *list, size_t n, size_t each)
{
	return realloc(list, (n + 1) * each);
}

bool
copies_add(struct copies *copies, struct when when)
{
	if (copies->n < LIMIT_REPEATS) {
		uint64_t *frames = add(copies->frames, copies->n, sizeof(*frames));

		if (frames == NULL)
			return false;
		copies->frames = frames;
		frames[copies->n] = when.frame;
	}
	copies->n++;
	copies->last = when;
	return true;
}

bool
handshake_add_alert(struct handshake *handshake, struct alert_fact alert)
{
	struct alert_fact *alerts;

	if (handshake->n_alerts == LIMIT_ALERTS)
		return true;
	alerts = add(handshake->alerts, handshake->n_alerts, sizeof(*alerts));
	if (alerts == NULL)
		return false;
	handshake->alerts = alerts;
	alerts[handshake->n_alerts++] = alert;
	return true;
}

bool
handshake_add_hole(struct handshake *handshake, struct hole_fact hole)
{
	struct hole_fact *holes;

	if (handshake->n_holes == LIMIT_HOLES)
		return true;
	holes = add(handshake->holes, handshake->n_holes, sizeof(*holes));
	if (holes == NULL)
		return false;
	handshake->holes = holes;
	holes[handshake->n_holes++] = hole;
	return true;
}

bool
handshake_add_missing(struct handshake *handshake, struct missing_fact fact)
{
	struct missing_fact *missing = add(handshake->missing, handshake->n_missing, sizeof(*missing));

	if (missing == NULL)
		return false;
	handshake->missing = missing;
	missing[handshake->n_missing++] = fact;
	return true;
}

/* ---- a handshake's own parts: its lists and texts ---- */

/* What is done with a part of so many bytes; gives where it lies from now on. */
typedef void *visit_part(void *arg, void *part, size_t n);

/* Most have few; and each walk over them is inlined, to be made for what it does. */
#define WALK static inline __attribute__((always_inline)) void
#define VISIT(part, n)                                                                                                       \
	do {                                                                                                                 \
		if ((part) != NULL)                                                                                          \
			(part) = visit(arg, part, n);                                                                        \
	} while (0)

WALK
visit_copies(struct copies *copies, visit_part *visit, void *arg)
{
	size_t kept = copies->n < LIMIT_REPEATS ? copies->n : LIMIT_REPEATS;

	VISIT(copies->frames, kept * sizeof(copies->frames[0]));
}

WALK
visit_client_hello(struct client_hello_fact *hello, visit_part *visit, void *arg)
{
	VISIT(hello->ciphers, hello->n_ciphers * sizeof(hello->ciphers[0]));
	VISIT(hello->versions, hello->n_versions * sizeof(hello->versions[0]));
	VISIT(hello->server_name, strlen(hello->server_name) + 1);
	visit_copies(&hello->repeats, visit, arg);
}

WALK
visit_parts(struct handshake *handshake, visit_part *visit, void *arg)
{
	struct cert_request_fact *request = &handshake->cert_request;

	visit_client_hello(&handshake->client_hello, visit, arg);
	visit_client_hello(&handshake->first_hello, visit, arg);
	visit_copies(&handshake->server_hello.repeats, visit, arg);
	for (size_t side = 0; side < 2; side++) {
		struct cert_list_fact *list = &handshake->certs[side];
		VISIT(list->certs, list->n * sizeof(list->certs[0]));
	}
	for (size_t i = 0; i < request->n_authorities; i++)
		VISIT(request->authorities[i], strlen(request->authorities[i]) + 1);
	VISIT(request->authorities, request->n_authorities * sizeof(request->authorities[0]));
	VISIT(handshake->alerts, handshake->n_alerts * sizeof(handshake->alerts[0]));
	VISIT(handshake->holes, handshake->n_holes * sizeof(handshake->holes[0]));
	VISIT(handshake->missing, handshake->n_missing * sizeof(handshake->missing[0]));
}

static void *
free_part(void *arg, void *part, size_t n)
{
	(void)arg;
	(void)n;
	free(part);
	return NULL;
}

/* In a block, each part begins where any may. */
#define ALIGNED(n) (((n) + _Alignof(struct handshake) - 1) / _Alignof(struct handshake) * _Alignof(struct handshake))

static void *
weigh_part(void *arg, void *part, size_t n)
{
	*(size_t *)arg += ALIGNED(n);
	return part;
}

/* Moves a part to where there is room; empty lists may have some, too. */
static void *
move_part(void *arg, void *part, size_t n)
{
	uint8_t **room = arg, *to = *room;

	if (n > 0)
		memcpy(to, part, n);
	free(part);
	*room += ALIGNED(n);
	return n > 0 ? to : NULL;
}

void
client_hello_clear(struct client_hello_fact *hello)
{
	visit_client_hello(hello, free_part, NULL);
}

void
handshake_free(struct handshake *handshake)
{
	if (handshake == NULL)
		return;
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < handshake->certs[side].n; i++)
			cert_unref(handshake->certs[side].certs[i].cert);
	if (handshake->size == 0)
		visit_parts(handshake, free_part, NULL);
	free(handshake);
}

void
handshake_fetch(const struct handshake *handshake)
{
	fetch(handshake, sizeof(*handshake));
}

void
handshake_fetch_certs(const struct handshake *handshake)
{
	for (size_t side = 0; side < 2; side++)
		fetch(handshake->certs[side].certs, 1);
}

struct handshake *
handshake_pack(struct handshake *handshake)
{
	size_t size = sizeof(*handshake) + handshake_weight(handshake);
	struct handshake *packed = malloc(size);
	uint8_t *room = (uint8_t *)(packed + 1);

	if (packed == NULL) {
		handshake_free(handshake);
		return NULL;
	}
	*packed = *handshake;
	packed->size = size;
	visit_parts(packed, move_part, &room);
	free(handshake);
	return packed;
}

size_t
handshake_weight(const struct handshake *handshake)
{
	size_t weight = 0;

	if (handshake->size > 0)
		return handshake->size - sizeof(*handshake);
	visit_parts((struct handshake *)handshake, weigh_part, &weight); /* which leaves all where it is */
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
