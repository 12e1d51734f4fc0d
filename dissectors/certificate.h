/* Certificate, CertificateRequest and the curve of ServerKeyExchange as TLS 1.2 and before send them in clear:
 * RFC 5246 sections 7.4.2 and 7.4.4, RFC 8422 section 5.4. */
#ifndef DISSECTORS_CERTIFICATE_H
#define DISSECTORS_CERTIFICATE_H

#include "dis.h"
#include "slice.h"

struct certificate_request {
	struct slice types;       /* one byte each */
	struct slice signatures;  /* two bytes each; empty before TLS 1.2 */
	struct slice authorities; /* DER names, for authority_next */
};

struct ske_curve {
	uint16_t group; /* IANA's TLS Supported Groups, 0 where the curve is explicit */
};

/* certificate_list opens the body of a Certificate message: the list, for certificate_next. */
enum dis certificate_list(struct slice body, struct slice *list, struct dis_at *at);

/* certificate_next reads one certificate's DER off the front of a list. */
enum dis certificate_next(struct slice *list, struct slice *der, struct dis_at *at);

/* certificate_request reads the body of a CertificateRequest; tls12 says whether it has signature algorithms. */
enum dis certificate_request(struct slice body, bool tls12, struct certificate_request *out,
			     struct dis_at *at);

/* authority_next reads one DER distinguished name off the front of a request's authorities. */
enum dis authority_next(struct slice *authorities, struct slice *name, struct dis_at *at);

/* server_key_exchange_curve reads the named curve of an ECDHE ServerKeyExchange's body. */
enum dis server_key_exchange_curve(struct slice body, struct ske_curve *out, struct dis_at *at);

#endif
