/* TLS records: RFC 8446 section 5.1, RFC 5246 section 6.2.1, SSLv3 RFC 6101 section 5.2.1. */
#ifndef DISSECTORS_TLS_RECORD_H
#define DISSECTORS_TLS_RECORD_H

#include "dis.h"
#include "slice.h"

enum tls_content {
	TLS_CHANGE_CIPHER_SPEC = 20,
	TLS_ALERT = 21,
	TLS_HANDSHAKE = 22,
	TLS_APPLICATION_DATA = 23,
	TLS_HEARTBEAT = 24, /* RFC 6520 */
	TLS_CID = 25,       /* RFC 9146, DTLS only */
	TLS_ACK = 26,       /* RFC 9147, DTLS only */
};

#define TLS_RECORD_HEADER 5

/* 2^14 bytes and the most that any version lets a cipher add (RFC 5246 section 6.2.3). */
#define TLS_RECORD_MAX (16384 + 2048)

struct tls_record {
	uint8_t type;     /* enum tls_content */
	uint16_t version; /* 0x03XX: servers look at no more of it */
	uint16_t length;  /* of the body that follows; 0 is legal, and not for application data alone */
};

/* tls_record_next reads one record header and leaves in at the body, which may not be there yet.
 * DIS_BAD where type, version or length cannot be TLS. */
enum dis tls_record_next(struct slice *in, struct tls_record *out, struct dis_at *at);

/* tls_record_opens says whether in, a stream's bytes from some point on, begins with a record that opens a
 * message of a handshake: a plausible header of record and message, also where records are shorter than
 * that; or with an alert in clear. DIS_MORE: too short to tell, and right so far (never of more than 64
 * bytes). DIS_BAD: it does not. Random bytes open nothing. */
enum dis tls_record_opens(struct slice in);

#endif
