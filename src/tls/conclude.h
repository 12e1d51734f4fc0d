/* How a handshake ended, and what is missing of it: concluded from its facts, once it is over. */
#ifndef SRC_TLS_CONCLUDE_H
#define SRC_TLS_CONCLUDE_H

#include "fact.h"

/* What was harmed on the way, message by message. Zeroed is none. */
struct damage {
	size_t n;
	struct missing_fact lost[MISSING_WHATS];
};

/* damage_add notes that a message came to harm; the first harm of each counts. */
void damage_add(struct damage *damage, enum missing_what what, enum missing_why why, uint64_t offset,
		uint64_t length, const char *field);

/* conclude sets outcome, resumed and missing; now is the last that is known of the flow or the capture. False when out of
 * memory. */
bool conclude(struct handshake *handshake, const struct damage *damage, struct when now);

/* handshake_is_established says whether both sides have switched to encryption and gone on. */
bool handshake_is_established(const struct handshake *handshake);

/* version_is_tls13 says whether a version is TLS 1.3, DTLS 1.3, or a draft of it. */
bool version_is_tls13(uint16_t version);

#endif
