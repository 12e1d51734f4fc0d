/* Which addresses are which phone's, by all that names one. */
#ifndef SRC_FINDINGS_IDENTITY_H
#define SRC_FINDINGS_IDENTITY_H

#include "case.h"

#define NOBODY SIZE_MAX

struct identity {
	uint8_t mac[6];
	bool speaks; /* frames with its own MAC address are on this wire: another's with its IP address are not its own */
	size_t phone; /* in the report; NOBODY: none yet */
};

/* An address was this phone's in this frame. */
struct binding {
	struct ip_addr ip;
	size_t identity;
	uint64_t frame;
	bool shared; /* by the name of a file, and others asked for their own from there */
};

struct identities {
	struct identity *list;
	size_t n;
	struct binding *bindings;
	size_t n_bindings;
	bool out_of_memory;
};

/* identities_learn goes through all that may name a phone. False when out of memory. */
bool identities_learn(struct identities *identities, struct event *const *events, size_t n_events,
		      struct handshake *const *handshakes, size_t n);
void identities_free(struct identities *identities);

/* identity_of_event and identity_of_client give whose event, or whose handshake, this is; NOBODY: nothing tells. */
size_t identity_of_event(const struct identities *identities, const struct event *event);
size_t identity_of_client(const struct identities *identities, const struct endpoint *client, uint64_t frame);

/* identity_name gives what an event calls its phone: the "SEP" name, and how it says so; false where it does not. */
bool identity_name(const struct event *event, char name[PHONE_NAME_SIZE], const char **from);

#endif
