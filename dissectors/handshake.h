/* Headers of handshake messages: RFC 8446 section 4, RFC 6347 section 4.2.2. */
#ifndef DISSECTORS_HANDSHAKE_H
#define DISSECTORS_HANDSHAKE_H

#include "dis.h"
#include "slice.h"

enum handshake_type {
	HS_HELLO_REQUEST = 0,
	HS_CLIENT_HELLO = 1,
	HS_SERVER_HELLO = 2,
	HS_HELLO_VERIFY_REQUEST = 3,
	HS_NEW_SESSION_TICKET = 4,
	HS_HELLO_RETRY_REQUEST = 6, /* drafts of TLS 1.3 only; later a ServerHello with a fixed random */
	HS_CERTIFICATE = 11,
	HS_SERVER_KEY_EXCHANGE = 12,
	HS_CERTIFICATE_REQUEST = 13,
	HS_SERVER_HELLO_DONE = 14,
	HS_CERTIFICATE_VERIFY = 15,
	HS_CLIENT_KEY_EXCHANGE = 16,
	HS_FINISHED = 20,
	HS_CERTIFICATE_URL = 21,
	HS_CERTIFICATE_STATUS = 22,
	HS_SUPPLEMENTAL_DATA = 23,
};

#define TLS_HANDSHAKE_HEADER 4
#define DTLS_HANDSHAKE_HEADER 12

struct handshake_header {
	uint8_t type;    /* enum handshake_type */
	uint32_t length; /* of the whole message's body */
	/* DTLS only: which message, and which part of it follows */
	uint16_t message_seq;
	uint32_t frag_offset, frag_length;
};

/* handshake_header reads a message header, the DTLS form where dtls; in is left at the body (TLS) or at the
 * fragment (DTLS). DIS_BAD where a DTLS fragment lies outside its message. */
enum dis handshake_header(struct slice *in, bool dtls, struct handshake_header *out, struct dis_at *at);

/* handshake_type_known says whether type is a message that any version of TLS has in clear. */
bool handshake_type_known(uint8_t type);

/* handshake_length_fits says whether a message of this type can be so long. False for an unknown type. */
bool handshake_length_fits(uint8_t type, uint32_t length);

#endif
