/* A host for sessions that keeps the handshakes they finish. */
#ifndef TESTS_SESSION_TAPE_H
#define TESTS_SESSION_TAPE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "src/tls/session.h"

enum { TAPE_MOST = 8 };

struct tape {
	struct cert_store *certs;
	struct tally tally;
	struct session_host host;
	struct assembly_budget budget;
	struct ends ends; /* of the one flow */
	struct handshake *finished[TAPE_MOST];
	size_t n;
};

static inline void
tape_over(void *arg, struct handshake *handshake)
{
	struct tape *tape = arg;

	assert_true(tape->n < TAPE_MOST);
	tape->finished[tape->n++] = handshake;
}

static inline void
tape_begin(struct tape *tape)
{
	*tape = (struct tape){.certs = cert_store_new(0)};
	assert_non_null(tape->certs);
	tape->host = (struct session_host){
		.certs = tape->certs, .tally = &tape->tally, .over = tape_over, .arg = tape};
}

/* Nothing may be held any more. */
static inline void
tape_end(struct tape *tape)
{
	for (size_t i = 0; i < tape->n; i++)
		handshake_free(tape->finished[i]);
	cert_store_free(tape->certs);
	assert_int_equal(tape->budget.held, 0);
	assert_int_equal(tape->host.held[0], 0);
}

/* The two ends of a flow that its opener's first packet began: 10.0.0.1:50000 in direction 0, 10.0.0.2:443 in 1. */
static inline struct ends
tape_ends(bool from_start)
{
	struct ends ends = {.from_start = from_start, .opener = from_start ? 0 : -1, .saw = {true, true}};

	for (unsigned i = 0; i < 2; i++)
		ends.end[i].ip = (struct ip_addr){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, (uint8_t)(i + 1)}};
	ends.end[0].port = 50000;
	ends.end[1].port = 443;
	return ends;
}

/* The frame of this number, a millisecond a frame. */
static inline struct when
tape_frame(uint64_t frame)
{
	return (struct when){frame, INT64_C(1459541662000000) + (int64_t)frame * 1000};
}

#endif
