/* DTLS records: RFC 6347 section 4.1, and Cisco's DTLS 0.9 (facts sheet section 4).  DTLS 1.3's encrypted
 * records (RFC 9147 section 4) have another header and are not read. */
#ifndef DISSECTORS_DTLS_RECORD_H
#define DISSECTORS_DTLS_RECORD_H

#include "dis.h"
#include "slice.h"
#include "tls_record.h"

enum dtls_version {
	DTLS_0_9 = 0x0100, /* OpenSSL's DTLS1_BAD_VER */
	DTLS_1_0 = 0xfeff,
	DTLS_1_2 = 0xfefd,
	DTLS_1_3 = 0xfefc,
};

struct dtls_record {
	uint8_t type; /* enum tls_content */
	uint16_t version;
	uint16_t epoch;
	uint64_t sequence; /* 48 bits */
	struct slice body;
};

/* dtls_record_next reads one record, header and body, off a datagram. A record with a connection id
 * (TLS_CID) does not say how long that is: its body is the rest of the datagram. */
enum dis dtls_record_next(struct slice *in, struct dtls_record *out, struct dis_at *at);

/* dtls_record_may_be says whether a datagram begins as DTLS does (RFC 7983): others are RTP, QUIC or whatever else shares
 * the port. One of which the capture left nothing may be DTLS. */
bool dtls_record_may_be(struct slice datagram);

/* dtls_record_opens says whether a datagram begins with a record in clear that opens or carries a handshake:
 * handshake of epoch 0 with a plausible message header, or an alert of epoch 0. Another datagram (RTP, STUN,
 * QUIC) is refused; one that the capture cut behind the message header is not. */
bool dtls_record_opens(struct slice datagram);

#endif
