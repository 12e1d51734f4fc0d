/* How a phone fares now: by its last handshakes, whatever went before. */
#ifndef SRC_WATCH_FARES_H
#define SRC_WATCH_FARES_H

#include "findings/case.h"

struct fares {
	enum verdict verdict;
	const struct finding *finding; /* why it is failing: the worst, and of several the first */
};

/* fares_at judges by the last TLS and the last DTLS handshake of a visit that show how they end; findings are its own, n of
 * them. A handshake that fails without a finding says nothing. */
struct fares fares_at(const struct visit *visit, const struct finding *findings, size_t n);

/* fares_alone judges by the findings of the phone itself: it fails where one is an error, and is well where it came to a gateway
 * after since_us, or got an address for a name. */
struct fares fares_alone(const struct phone *phone, const struct finding *findings, size_t n, int64_t since_us);

#endif
