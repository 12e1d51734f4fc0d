/* The TLS stream's own room: shared by tls.c and tls_look.c, and by nobody else. */
#ifndef SRC_TLS_TLS_ROOM_H
#define SRC_TLS_TLS_ROOM_H

#include "dissectors/tls_record.h"
#include "tls.h"

enum reading { LOOKING, IN_HEADER, IN_BODY, GIVEN_UP };

struct direction {
	enum reading reading;
	bool synced;    /* a record was found: behind a hole, any plausible record will do */
	bool encrypted; /* behind ChangeCipherSpec */
	bool unaligned; /* behind a hole: the next record need not begin a message */
	uint8_t n_header, n_body;
	uint8_t header[TLS_RECORD_HEADER]; /* where it lies in two pieces */
	uint8_t body[2];                   /* of an alert */
	struct tls_record record;
	uint32_t left;      /* of the body */
	uint32_t unsettled; /* messages that became whole before their record did: a bit for each type */
	uint32_t looked;    /* bytes looked through so far */
	uint32_t n_kept;
	uint8_t *kept; /* the end of what was looked through: a record may begin in it */
	struct tls_assembly assembly;
};

struct tls {
	struct session_host *host;
	struct assembly_budget *budget;
	const struct ends *ends;
	struct session *session; /* NULL: nothing found yet */
	bool may_come;           /* opening words promise TLS, or the stream is seen from the middle */
	struct direction dir[2];
};

/* tls_look looks at bytes for the beginning of a record; what is undecided is kept for the next time. */
void tls_look(struct tls *tls, unsigned dir, struct slice bytes, struct when when);

/* tls_forget drops what was kept. */
void tls_forget(struct tls *tls, struct direction *direction);

/* tls_read_records reads a direction's bytes from where its last record left off. */
void tls_read_records(struct tls *tls, unsigned dir, struct slice bytes, struct when when);

#endif
