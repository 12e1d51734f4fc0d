/* One message's body turned into the facts that it states. */
#ifndef SRC_TLS_LEARN_H
#define SRC_TLS_LEARN_H

#include "assemble.h"
#include "dissectors/hello.h"
#include "fact.h"

/* Why a message gave nothing, or not all. */
enum learned {
	LEARNED,
	LEARNED_PART,      /* the rest lies in a gap, or beyond a limit */
	LEARNED_NOTHING,   /* what matters lies in a gap */
	LEARNED_MALFORMED, /* *field says where */
	LEARNED_NO_MEMORY,
};

/* learn_client_hello gives the random, too, which tells a new hello from a copy and is no fact. */
enum learned learn_client_hello(const struct message *message, bool dtls, struct when when,
				struct client_hello_fact *out, uint8_t random[32], const char **field);

/* learn_client_hello_parsed takes a hello that was read already (SSLv2's form). */
enum learned learn_client_hello_parsed(const struct client_hello *hello, struct when when,
				       struct client_hello_fact *out);

/* learn_server_hello reads a ServerHello or a HelloRetryRequest; *retry says which. */
enum learned learn_server_hello(const struct message *message, struct when when,
				struct server_hello_fact *out, bool *retry, const char **field);

enum learned learn_hello_verify(const struct message *message, struct when when,
				struct hello_verify_fact *out, const char **field);

/* learn_certificates reads the list as far as it is whole; a certificate that touches a gap is never hashed. */
enum learned learn_certificates(const struct message *message, struct when when, struct cert_store *store,
				struct cert_list_fact *out, const char **field);

/* learn_certificate adds one certificate to a list. */
enum learned learn_certificate(struct slice der, struct when when, struct cert_store *store,
			       struct cert_list_fact *out);

enum learned learn_certificate_request(const struct message *message, bool tls12, struct when when,
				       struct cert_request_fact *out, const char **field);

/* learn_curve gives the named group of an ECDHE ServerKeyExchange, 0 where there is none. */
uint16_t learn_curve(const struct message *message);

/* learn_client_random reads no more than a ClientHello's random; false where it cannot. */
bool learn_client_random(struct slice body, bool dtls, uint8_t random[32], size_t *cookie_len);

#endif
