/* A session told by hand, for the tests of what it gathers. */
#ifndef TESTS_SESSION_MAKE_H
#define TESTS_SESSION_MAKE_H

#include "dissectors/tls_record.h"
#include "tests/session_tape.h"
#include "tests/tls_samples.h"

enum { CLIENT, SERVER };

static struct tape tape;

/* begin makes a session of 10.0.0.1:50000, direction 0, and 10.0.0.2:443. */
static inline struct session *
begin(bool dtls, int opener)
{
	struct session *session;

	tape_begin(&tape);
	tape.ends = tape_ends(true);
	tape.ends.opener = opener;
	session = session_new(&tape.host, &tape.ends, dtls);
	assert_non_null(session);
	return session;
}

/* end finishes it, and gives the last handshake of these many; NULL where there is none. */
static inline const struct handshake *
end(struct session *session, size_t number)
{
	session_free(session, tape_frame(99));
	assert_int_equal(tape.n, number);
	return number == 0 ? NULL : tape.finished[number - 1];
}

static inline void
say(struct session *session, unsigned dir, uint8_t type, struct slice body, uint64_t frame)
{
	struct message message = {.type = type, .body = body};

	session_message(session, dir, &message, tape_frame(frame));
}

static inline void
hello(struct session *session, uint64_t frame)
{
	say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS12_CLIENT_HELLO), frame);
}

static inline void
answer(struct session *session, uint64_t frame)
{
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS12_SERVER_HELLO), frame);
}

/* agree says both hellos, in frames 1 and 2. */
static inline void
agree(struct session *session, struct slice server_hello)
{
	hello(session, 1);
	say(session, SERVER, HS_SERVER_HELLO, server_hello, 2);
}

/* reason gives why a message is missing, -1 where it is not. */
static inline int
reason(const struct handshake *handshake, enum missing_what what)
{
	for (size_t i = 0; i < handshake->n_missing; i++)
		if (handshake->missing[i].what == what)
			return (int)handshake->missing[i].why;
	return -1;
}

#endif
