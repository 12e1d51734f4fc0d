/* Messages turned into the facts of the handshake that is open, or of the next. */
#include <stdlib.h>

#include "dissectors/dtls_record.h"
#include "dissectors/names.h"
#include "learn.h"
#include "session_room.h"

static void
note(struct session *session, enum learned learned, enum missing_what what, const struct message *message,
     const char *field)
{
	switch (learned) {
	case LEARNED:
		break;
	case LEARNED_NO_MEMORY:
		session->host->out_of_memory = true;
		break;
	case LEARNED_MALFORMED:
		damage_add(&session->damage, what, WHY_MALFORMED, 0, 0, field);
		break;
	case LEARNED_PART:
	case LEARNED_NOTHING:
		if (message->n_gaps > 0)
			damage_add(&session->damage, what, message->gaps[0].cut ? WHY_CUT : WHY_HOLE,
				   message->gaps[0].off, message->gaps[0].len, NULL);
		else
			damage_add(&session->damage, what, WHY_LIMIT, 0, 0, NULL);
		break;
	}
}

/* A second ClientHello goes on with the handshake where the server asked for it; else it begins another. */
static void
place_client_hello(struct session *session, struct client_hello_fact *hello, struct when when)
{
	struct handshake *handshake = session->handshake;
	bool asked = handshake != NULL && handshake->server_hello.at.frame == 0 &&
		     handshake->first_hello.at.frame == 0 &&
		     (handshake->hello_retry.at.frame != 0 || handshake->hello_verify.at.frame != 0);

	if (handshake != NULL && handshake->client_hello.at.frame != 0) {
		if (asked)
			handshake->first_hello = handshake->client_hello;
		else
			session_close(session, when);
	}
	handshake = session_open(session, when);
	if (handshake == NULL) {
		client_hello_clear(hello);
		return;
	}
	handshake->client_hello = *hello;
	session_weigh(session);
}

static void
on_client_hello(struct session *session, const struct message *message, struct when when)
{
	struct client_hello_fact hello = {.at.frame = 0};
	uint8_t random[sizeof(session->random)];
	const char *field = NULL;
	enum learned learned = learn_client_hello(message, session->dtls, when, &hello, random, &field);

	if (learned == LEARNED || learned == LEARNED_PART) {
		place_client_hello(session, &hello, when);
		memcpy(session->random, random, sizeof(random));
		session->has_random = true;
	} else {
		client_hello_clear(&hello);
		session_open(session, when);
	}
	note(session, learned, MISSING_CLIENT_HELLO, message, field);
}

static void
on_server_hello(struct session *session, const struct message *message, struct when when)
{
	struct server_hello_fact hello = {.at.frame = 0};
	struct handshake *handshake = session->handshake;
	const char *field = NULL;
	bool retry = false;
	enum learned learned = learn_server_hello(message, when, &hello, &retry, &field);

	if (learned == LEARNED && !retry && handshake != NULL && handshake->server_hello.at.frame != 0)
		session_close(session, when);
	handshake = session_open(session, when);
	note(session, learned, MISSING_SERVER_HELLO, message, field);
	if (handshake == NULL || learned != LEARNED)
		return;
	if (retry)
		handshake->hello_retry = (struct hello_retry_fact){hello.at, hello.cipher, hello.version};
	else
		handshake->server_hello = hello;
}

static void
on_certificate(struct session *session, struct handshake *handshake, enum side side,
	       const struct message *message, struct when when)
{
	struct cert_list_fact list;
	const char *field = NULL;
	enum learned learned;

	if (handshake->certs[side].at.frame != 0)
		return;
	learned = learn_certificates(message, when, session->host->certs, &list, &field);
	note(session, learned,
	     side == SIDE_CLIENT ? MISSING_CLIENT_CERTIFICATES : MISSING_SERVER_CERTIFICATES, message, field);
	if (learned == LEARNED || list.n > 0)
		handshake->certs[side] = list;
	else
		free(list.certs);
	session->host->tally->certificates += list.n;
	session_weigh(session);
}

static void
on_certificate_request(struct session *session, struct handshake *handshake, const struct message *message,
		       struct when when)
{
	uint16_t version = handshake->server_hello.version;
	bool tls12 = version == 0x0303 || version == DTLS_1_2;
	const char *field = NULL;

	if (handshake->cert_request.at.frame != 0)
		return;
	if (learn_certificate_request(message, tls12, when, &handshake->cert_request, &field) ==
	    LEARNED_NO_MEMORY)
		session->host->out_of_memory = true;
	session_weigh(session);
}

static void
on_server_key_exchange(struct handshake *handshake, const struct message *message, struct when when)
{
	const struct cipher_name *cipher = cipher_lookup((uint16_t)handshake->server_hello.cipher);

	handshake->server_key_exchange = when;
	if (cipher != NULL && cipher->ec_exchange)
		handshake->curve = learn_curve(message);
}

static void
on_hello_verify(struct session *session, struct handshake *handshake, const struct message *message,
		struct when when)
{
	const char *field = NULL;

	if (handshake->hello_verify.at.frame == 0)
		note(session, learn_hello_verify(message, when, &handshake->hello_verify, &field),
		     MISSING_SERVER_HELLO, message, field);
}

/* Who sends what tells who is who. */
static void
learn_role(struct session *session, unsigned dir, uint8_t type)
{
	switch (type) {
	case HS_CLIENT_HELLO:
	case HS_CLIENT_KEY_EXCHANGE:
	case HS_CERTIFICATE_VERIFY:
		session->client_dir = (int)dir;
		break;
	case HS_SERVER_HELLO:
	case HS_HELLO_VERIFY_REQUEST:
	case HS_HELLO_RETRY_REQUEST:
	case HS_SERVER_KEY_EXCHANGE:
	case HS_CERTIFICATE_REQUEST:
	case HS_SERVER_HELLO_DONE:
		session->client_dir = !dir;
		break;
	default:
		break;
	}
}

static void
on_other_message(struct session *session, unsigned dir, const struct message *message, struct when when)
{
	struct handshake *handshake = session_open(session, when);

	if (handshake == NULL)
		return;
	switch (message->type) {
	case HS_HELLO_VERIFY_REQUEST:
		on_hello_verify(session, handshake, message, when);
		break;
	case HS_CERTIFICATE:
		on_certificate(session, handshake, session_side(session, dir), message, when);
		break;
	case HS_SERVER_KEY_EXCHANGE:
		on_server_key_exchange(handshake, message, when);
		break;
	case HS_CERTIFICATE_REQUEST:
		on_certificate_request(session, handshake, message, when);
		break;
	case HS_SERVER_HELLO_DONE:
		handshake->server_hello_done = when;
		break;
	case HS_CLIENT_KEY_EXCHANGE:
		handshake->client_key_exchange = when;
		break;
	case HS_CERTIFICATE_VERIFY:
		handshake->cert_verify = when;
		break;
	default:
		break;
	}
}

void
session_message(struct session *session, unsigned dir, const struct message *message, struct when when)
{
	learn_role(session, dir, message->type);
	switch (message->type) {
	case HS_CLIENT_HELLO:
		on_client_hello(session, message, when);
		break;
	case HS_SERVER_HELLO:
	case HS_HELLO_RETRY_REQUEST:
		on_server_hello(session, message, when);
		break;
	default:
		on_other_message(session, dir, message, when);
		break;
	}
}

static void
move_to(struct when *at, struct when when)
{
	if (at->frame != 0)
		*at = when;
}

/* Moves what one message stated to a later frame. */
static void
settle_message(struct handshake *handshake, enum side side, uint8_t type, struct when when)
{
	struct cert_list_fact *list = &handshake->certs[side];

	switch (type) {
	case HS_CLIENT_HELLO:
		move_to(&handshake->client_hello.at, when);
		break;
	case HS_SERVER_HELLO:
		move_to(&handshake->server_hello.at, when);
		break;
	case HS_CERTIFICATE:
		move_to(&list->at, when);
		for (size_t i = 0; i < list->n; i++)
			list->certs[i].at = when;
		break;
	case HS_CERTIFICATE_REQUEST:
		move_to(&handshake->cert_request.at, when);
		break;
	case HS_SERVER_KEY_EXCHANGE:
		move_to(&handshake->server_key_exchange, when);
		break;
	default:
		break;
	}
}

void
session_settle(struct session *session, unsigned dir, uint32_t types, struct when when)
{
	for (uint8_t type = 0; session->handshake != NULL && type < 32; type++)
		if (types & UINT32_C(1) << type)
			settle_message(session->handshake, session_side(session, dir), type, when);
}

void
session_repeat(struct session *session, uint8_t type, struct when when)
{
	struct handshake *handshake = session->handshake;
	bool added = true;

	if (handshake == NULL)
		return;
	handshake->last = when;
	if (type == HS_CLIENT_HELLO && handshake->client_hello.at.frame != 0)
		added = copies_add(&handshake->client_hello.repeats, when);
	if (type == HS_SERVER_HELLO && handshake->server_hello.at.frame != 0)
		added = copies_add(&handshake->server_hello.repeats, when);
	if (!added)
		session->host->out_of_memory = true;
}

/* Behind the version, and read without the rest. */
static bool
same_random(const struct session *session, struct slice hello)
{
	return slice_skip(&hello, sizeof(uint16_t)) && slice_starts(hello, session->random, sizeof(session->random));
}

bool
session_restarts(const struct session *session, struct slice hello)
{
	const struct handshake *handshake = session->handshake;
	uint8_t random[32];
	size_t cookie_len;

	if (!session->has_random || same_random(session, hello) ||
	    !learn_client_random(hello, session->dtls, random, &cookie_len))
		return false;
	return !(handshake != NULL && handshake->hello_verify.at.frame != 0 && cookie_len > 0 &&
		 handshake->first_hello.at.frame == 0);
}

bool
session_answers_verify(const struct session *session, struct slice hello)
{
	const struct handshake *handshake = session->handshake;
	uint8_t random[32];
	size_t cookie_len;

	return handshake != NULL && handshake->hello_verify.at.frame != 0 &&
	       handshake->first_hello.at.frame == 0 &&
	       learn_client_random(hello, session->dtls, random, &cookie_len) && cookie_len > 0;
}

void
session_sslv2_client(struct session *session, unsigned dir, const struct client_hello *hello,
		     struct when when)
{
	struct client_hello_fact fact;

	session->client_dir = (int)dir;
	if (learn_client_hello_parsed(hello, when, &fact) == LEARNED_NO_MEMORY)
		session->host->out_of_memory = true;
	place_client_hello(session, &fact, when);
}

void
session_sslv2_server(struct session *session, unsigned dir, const struct sslv2_server_hello *hello,
		     struct when when)
{
	struct handshake *handshake = session_open(session, when);
	struct cert_list_fact *list;
	struct slice ciphers = hello->ciphers;
	uint64_t cipher;

	session->client_dir = !dir;
	if (handshake == NULL)
		return;
	handshake->server_hello = (struct server_hello_fact){
		.at = when, .version = hello->version, .legacy_version = hello->version};
	if (slice_uint(&ciphers, 3, &cipher))
		handshake->server_hello.cipher = (uint32_t)cipher;
	list = &handshake->certs[SIDE_SERVER];
	if (hello->certificate.n > 0 &&
	    learn_certificate(hello->certificate, when, session->host->certs, list) == LEARNED_NO_MEMORY)
		session->host->out_of_memory = true;
	session->host->tally->certificates += list->n;
	session_weigh(session);
}
