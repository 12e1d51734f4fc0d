/* A session without memory: whichever allocation fails, it is said, and nothing crashes or leaks. */
#include "tests/allocations.h"
#include "tests/session_tape.h"
#include "tests/tls_samples.h"

enum { CLIENT, SERVER };

static void
say(struct session *session, unsigned dir, uint8_t type, struct slice body, uint64_t frame)
{
	struct message message = {.type = type, .body = body};

	session_message(session, dir, &message, tape_frame(frame));
}

/* tell goes through all that allocates: two handshakes with chains, and one of SSLv2. */
static void
tell(struct session *session)
{
	struct slice in = SAMPLE(SSLV2_CLIENT_HELLO), out = SAMPLE(SSLV2_SERVER_HELLO);
	struct sslv2_server_hello server;
	struct client_hello client;
	struct dis_at at;

	for (uint64_t i = 0; i < 2; i++) {
		say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS12_CLIENT_HELLO), 1);
		say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS12_SERVER_HELLO), 2);
		say(session, SERVER, HS_CERTIFICATE, TLS_BODY(TLS12_CERTIFICATE), 3);
		say(session, SERVER, HS_CERTIFICATE_REQUEST, TLS_BODY(TLS12_CERTIFICATE_REQUEST), 4);
		session_alert(session, SERVER, slice_of("\2\50", 2), tape_frame(5));
	}
	assert_int_equal(sslv2_client_hello(&in, &client, &at), DIS_OK);
	assert_int_equal(sslv2_server_hello(&out, &server, &at), DIS_OK);
	session_sslv2_client(session, CLIENT, &client, tape_frame(6));
	session_sslv2_server(session, SERVER, &server, tape_frame(7));
}

static void
no_memory_is_said(void **state)
{
	const struct ends ends = tape_ends(true);
	bool failed = true;
	size_t nth;

	(void)state;
	for (nth = 1; failed; nth++) {
		struct tape tape;
		struct session *session;

		tape_begin(&tape);
		allocations_fail(nth);
		session = session_new(&tape.host, &ends, false);
		if (session != NULL)
			tell(session);
		session_free(session, tape_frame(9));
		failed = allocations_failed();
		assert_int_equal(tape.host.out_of_memory, failed);
		if (!failed)
			assert_int_equal(tape.n, 3);
		tape_end(&tape);
	}
	assert_true(nth > 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("session without memory", tests, NULL, NULL);
}
