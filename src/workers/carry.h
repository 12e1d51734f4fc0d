/* What one process tells another of the same program: handshakes and events as bytes. One walk over a struct names its fields
 * once; it writes them, or reads them, as the carry says.
 *
 * Bytes that are read are from a process that has read bytes from outside itself: whatever they are, what comes of them
 * keeps every bound that fact.h and event.h promise, its texts are escaped, and it can be freed. */
#ifndef SRC_WORKERS_CARRY_H
#define SRC_WORKERS_CARRY_H

#include "story/event.h"
#include "tls/fact.h"

/* Static texts that came from another process, each kept once. */
struct carry_words {
	char *word[LIMIT_FIELD_NAMES];
	size_t n;
};

void carry_words_free(struct carry_words *words);

struct carry {
	bool reads;
	bool bad; /* what is read cannot be: from there on all is zero */
	bool out_of_memory;
	struct slice in; /* what is left to read */
	struct when last;
	struct cert_store *certs;
	struct carry_words *words;
	uint8_t *out; /* what was written; carry_free frees it */
	size_t n, room;
};

/* carry_reading begins to read; certs and words outlive what is read. A carry of zeros writes. */
struct carry carry_reading(struct slice in, struct cert_store *certs, struct carry_words *words);
void carry_free(struct carry *carry);

/* carry_handshake and carry_event write what they are given, and give it back; reading they are given NULL, and give what
 * they read, NULL where it was bad or there was no memory. */
struct handshake *carry_handshake(struct carry *carry, struct handshake *handshake);
struct event *carry_event(struct carry *carry, struct event *event);

/* The rest is for what is carried, its own parts.
 *
 * CARRY carries a number that is at most that much: of any unsigned type, an enum, a bool, or 64 bits with a sign. */
#define CARRY(carry, what, most) ((what) = (__typeof__(what))carry_number(carry, (uint64_t)(what), most))

/* carry_number gives the number that it was given, or that it read: at most that much, 0 where it was bad. Most are small: a
 * byte, whose highest bit says that more follow. */
uint64_t carry_large(struct carry *carry, uint64_t number, uint64_t most);

static inline uint64_t
carry_number(struct carry *carry, uint64_t number, uint64_t most)
{
	uint8_t byte;

	if (carry->reads && slice_peek(carry->in, 0, &byte) && byte < 0x80 && byte <= most) {
		slice_skip(&carry->in, 1);
		return byte;
	}
	if (!carry->reads && number < 0x80 && carry->n < carry->room) {
		carry->out[carry->n++] = (uint8_t)number;
		return number;
	}
	return carry_large(carry, number, most);
}

/* carry_must says that what is read is bad unless this holds. */
void carry_must(struct carry *carry, bool holds);

/* carry_bytes carries n bytes, or numbers of which any will do. */
void carry_bytes(struct carry *carry, void *bytes, size_t n);

/* carry_block carries up to most bytes as they lie somewhere: where they are read they live as long as what is read from. */
struct slice carry_block(struct carry *carry, struct slice block, size_t most);

/* carry_text carries escaped text, or NULL. */
void carry_text(struct carry *carry, char **text);

/* carry_word carries text that is static on one side, and on the other lives as long as words. */
void carry_word(struct carry *carry, const char **word);

/* carry_part says whether a part is there: whether any of its n bytes, up to CARRY_PART_MOST, is not zero. One that is read is all
 * zero before. */
#define CARRY_PART_MOST 256
bool carry_part(struct carry *carry, const void *part, size_t n);

/* carry_list carries the length of a list, at most that much, and makes room for one that is read, all zero. False: its
 * elements are not to be carried. */
bool carry_list(struct carry *carry, void **list, size_t *n, size_t each, size_t most);

/* carry_when carries a frame; frame 0 has no time. */
void carry_when(struct carry *carry, struct when *when);
void carry_endpoint(struct carry *carry, struct endpoint *endpoint);
void carry_vlans(struct carry *carry, uint16_t vlan[LINK_MAX_VLANS], size_t *n);
void carry_repeats(struct carry *carry, struct repeats *repeats);

#endif
