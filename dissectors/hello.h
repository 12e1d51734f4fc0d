/* ClientHello, ServerHello, HelloVerifyRequest: RFC 8446 section 4.1, RFC 5246 section 7.4.1, RFC 6347 section
 * 4.2.1, SSLv2 as in RFC 6101 appendix E and the SSL 2.0 draft. Extensions: RFC 6066, RFC 8446 section 4.2. */
#ifndef DISSECTORS_HELLO_H
#define DISSECTORS_HELLO_H

#include "dis.h"
#include "slice.h"

enum tls_extension {
	EXT_SERVER_NAME = 0,
	EXT_SUPPORTED_GROUPS = 10,
	EXT_ALPN = 16,
	EXT_EXTENDED_MASTER_SECRET = 23,
	EXT_SESSION_TICKET = 35,
	EXT_PRE_SHARED_KEY = 41,
	EXT_SUPPORTED_VERSIONS = 43,
};

struct client_hello {
	uint16_t version; /* the legacy field; 0x0002 for an SSLv2 hello that offers no more */
	bool sslv2;       /* came in SSLv2's form: ciphers are of 3 bytes */
	struct slice random, session_id, cookie, ciphers, compressions, extensions;
};

struct server_hello {
	uint16_t version; /* the legacy field */
	bool retry;       /* a HelloRetryRequest: RFC 8446 section 4.1.3's fixed random, or a draft's own message */
	uint16_t cipher;
	struct slice random, session_id, extensions;
};

struct hello_verify {
	uint16_t version;
	struct slice cookie;
};

/* An SSLv2 ServerHello: the ciphers both know (3 bytes each; the client chooses later) and one certificate. */
struct sslv2_server_hello {
	uint16_t version;
	struct slice certificate, ciphers;
};

struct tls_ext {
	uint16_t type; /* enum tls_extension, others too */
	struct slice body;
};

/* client_hello reads the body of a ClientHello message, with DTLS's cookie where dtls. */
enum dis client_hello(struct slice body, bool dtls, struct client_hello *out, struct dis_at *at);

/* server_hello reads the body of a ServerHello, of drafts 14 to 21 of TLS 1.3 too (0x7fXX as the version, no
 * session id or compression; draft 14's 0x0304 alike). */
enum dis server_hello(struct slice body, struct server_hello *out, struct dis_at *at);

/* hello_retry_draft reads the body of the HelloRetryRequest message (type 6) of TLS 1.3's drafts. */
enum dis hello_retry_draft(struct slice body, struct server_hello *out, struct dis_at *at);

/* hello_verify reads the body of a HelloVerifyRequest. */
enum dis hello_verify(struct slice body, struct hello_verify *out, struct dis_at *at);

/* sslv2_client_hello reads a whole SSLv2 record that holds a ClientHello, off a stream. */
enum dis sslv2_client_hello(struct slice *in, struct client_hello *out, struct dis_at *at);

/* sslv2_server_hello reads a whole SSLv2 record that holds a ServerHello, off a stream. */
enum dis sslv2_server_hello(struct slice *in, struct sslv2_server_hello *out, struct dis_at *at);

/* ext_next reads one extension off the front of exts; no array, so no cap to forget. */
enum dis ext_next(struct slice *exts, struct tls_ext *out, struct dis_at *at);

/* ext_find finds the first extension of a type. DIS_MORE: not there. */
enum dis ext_find(struct slice exts, uint16_t type, struct slice *body);

/* ext_server_name gives the first host_name of a server_name extension's body (RFC 6066 section 3). */
enum dis ext_server_name(struct slice body, struct slice *name, struct dis_at *at);

/* ext_client_versions gives the list of 2-byte versions in a ClientHello's supported_versions. */
enum dis ext_client_versions(struct slice body, struct slice *versions, struct dis_at *at);

/* ext_server_version gives the version in a ServerHello's supported_versions. */
enum dis ext_server_version(struct slice body, uint16_t *version, struct dis_at *at);

/* cipher_is_grease says whether a 16-bit value is GREASE (RFC 8701) and so means nothing. */
bool cipher_is_grease(uint16_t value);

/* cipher_is_signal says whether a suite is no suite but a signal: 0x00ff (RFC 5746) or 0x5600 (RFC 7507). */
bool cipher_is_signal(uint16_t value);

#endif
