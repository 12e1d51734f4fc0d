/* Alerts in clear: RFC 8446 section 6, RFC 5246 section 7.2. */
#ifndef DISSECTORS_ALERT_H
#define DISSECTORS_ALERT_H

#include "dis.h"
#include "slice.h"

enum alert_level { ALERT_WARNING = 1, ALERT_FATAL = 2 };

enum alert_code {
	ALERT_CLOSE_NOTIFY = 0,
	ALERT_UNEXPECTED_MESSAGE = 10,
	ALERT_HANDSHAKE_FAILURE = 40,
	ALERT_NO_CERTIFICATE = 41,
	ALERT_BAD_CERTIFICATE = 42,
	ALERT_UNSUPPORTED_CERTIFICATE = 43,
	ALERT_CERTIFICATE_REVOKED = 44,
	ALERT_CERTIFICATE_EXPIRED = 45,
	ALERT_CERTIFICATE_UNKNOWN = 46,
	ALERT_ILLEGAL_PARAMETER = 47,
	ALERT_UNKNOWN_CA = 48,
	ALERT_DECODE_ERROR = 50,
	ALERT_DECRYPT_ERROR = 51,
	ALERT_PROTOCOL_VERSION = 70,
	ALERT_INSUFFICIENT_SECURITY = 71,
	ALERT_USER_CANCELED = 90,
	ALERT_NO_RENEGOTIATION = 100,
	ALERT_CERTIFICATE_REQUIRED = 116,
};

struct alert {
	uint8_t level; /* enum alert_level */
	uint8_t code;  /* enum alert_code, others too */
};

/* alert_dissect reads the body of an alert record. DIS_BAD where it is not two bytes with a known level:
 * then it is encrypted. */
enum dis alert_dissect(struct slice body, struct alert *out, struct dis_at *at);

#endif
