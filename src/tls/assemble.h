/* Handshake messages put together: from the records of a TLS stream, and from the fragments of DTLS. */
#ifndef SRC_TLS_ASSEMBLE_H
#define SRC_TLS_ASSEMBLE_H

#include "dissectors/handshake.h"
#include "fact.h"

/* A run of a message's body that was never captured. */
struct gap {
	uint32_t off, len;
	bool cut; /* by the snap length; else never captured */
};

/* One whole message. Gaps are zero bytes in body: nothing may be read out of them. */
struct message {
	uint8_t type;
	struct slice body; /* lives until the callback returns; empty where the type is not wanted */
	struct gap gaps[LIMIT_HOLES];
	size_t n_gaps;
	bool over_limit; /* too long, or no room left: body is empty */
};

/* message_whole makes one that has no gaps; their room is not looked at. */
static inline void
message_whole(struct message *message, uint8_t type, struct slice body)
{
	message->type = type;
	message->body = body;
	message->n_gaps = 0;
	message->over_limit = false;
}

/* Bytes held by all assemblies of a run, and by streams whose first record is undecided, against LIMIT_ASSEMBLY. */
struct assembly_budget {
	size_t held;
	uint64_t refused;
	bool out_of_memory;
};

/* assembly_fits says whether so many bytes more may be held. */
bool assembly_fits(const struct assembly_budget *budget, size_t n);

typedef void (*message_fn)(void *arg, const struct message *message);

/* The message that a direction of a TLS stream is in the middle of. Zeroed is empty. */
struct tls_assembly {
	struct tls_partial *partial; /* NULL: it is in the middle of none */
};

/* tls_assembly_add takes the bytes of handshake records in order, and gives each message that becomes whole.
 * False when what stands there is no handshake message: it is encrypted, and the assembly is empty again. */
bool tls_assembly_add(struct tls_assembly *assembly, struct slice bytes, struct assembly_budget *budget,
		      message_fn give, void *arg);

/* tls_assembly_gap takes len bytes that are not there. False when the end of the message is lost with them:
 * the assembly is empty again, and adding may go on where a message begins. */
bool tls_assembly_gap(struct tls_assembly *assembly, size_t len, bool cut, struct assembly_budget *budget,
		      message_fn give, void *arg);

/* tls_assembly_type gives the type of the message it is in the middle of; 255 where there is none. */
uint8_t tls_assembly_type(const struct tls_assembly *assembly);

/* tls_assembly_lacks gives the first gap in that message, NULL where there is none. */
const struct gap *tls_assembly_lacks(const struct tls_assembly *assembly);

void tls_assembly_clear(struct tls_assembly *assembly, struct assembly_budget *budget);

/* The messages that a direction of a DTLS flow is in the middle of. Zeroed is empty. */
struct dtls_assembly {
	struct dtls_message *first; /* the others behind it, in the order in which they began */
	size_t n;
	uint32_t done[8]; /* message_seq below 256 that were given: a bit each */
};

enum dtls_add {
	DTLS_WAITING, /* a part of its message */
	DTLS_WHOLE,   /* its message is whole and was given */
	DTLS_AGAIN,   /* its message was given before */
	DTLS_REFUSED, /* contradicts what came before, or no room */
};

/* dtls_assembly_add takes one fragment, in any order, overlapping or again. */
enum dtls_add dtls_assembly_add(struct dtls_assembly *assembly, const struct handshake_header *header,
				struct slice fragment, struct assembly_budget *budget, message_fn give,
				void *arg);

/* dtls_assembly_waiting gives each message that never became whole, with its gaps, and forgets it. */
void dtls_assembly_waiting(struct dtls_assembly *assembly, struct assembly_budget *budget, message_fn give,
			   void *arg);

void dtls_assembly_clear(struct dtls_assembly *assembly, struct assembly_budget *budget);

#endif
