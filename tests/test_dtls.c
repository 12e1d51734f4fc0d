/* The DTLS datagrams of a flow turned into facts. */
#include "src/tls/dtls.h"
#include "tests/session_tape.h"
#include "tests/tls_samples.h"

enum { CLIENT, SERVER };

static struct dtls *
begin(struct tape *tape)
{
	struct ends ends = tape_ends(true);
	struct dtls *dtls;

	tape_begin(tape);
	ends.opener = -1;
	dtls = dtls_new(&tape->host, &tape->budget, &ends);
	assert_non_null(dtls);
	return dtls;
}

static void
send(struct dtls *dtls, unsigned dir, const void *bytes, size_t n, uint64_t frame)
{
	dtls_datagram(dtls, dir, slice_of(bytes, n), false, tape_frame(frame));
}

static void
test_full_handshake_with_verify(void **state)
{
	struct tape tape;
	struct dtls *dtls = begin(&tape);
	const struct handshake *handshake;

	(void)state;
	send(dtls, CLIENT, DTLS12_CLIENT_HELLO, sizeof(DTLS12_CLIENT_HELLO), 1);
	send(dtls, SERVER, DTLS12_HELLO_VERIFY, sizeof(DTLS12_HELLO_VERIFY), 2);
	send(dtls, CLIENT, DTLS12_CLIENT_HELLO_COOKIE, sizeof(DTLS12_CLIENT_HELLO_COOKIE), 3);
	send(dtls, SERVER, DTLS12_FIRST_FLIGHT, sizeof(DTLS12_FIRST_FLIGHT), 4);
	send(dtls, SERVER, DTLS12_SECOND_DATAGRAM, sizeof(DTLS12_SECOND_DATAGRAM), 5);
	dtls_free(dtls, tape_frame(5));
	assert_int_equal(tape.n, 1);
	handshake = tape.finished[0];
	assert_int_equal(handshake->first_hello.at.frame, 1);
	assert_int_equal(handshake->hello_verify.at.frame, 2);
	assert_int_equal(handshake->client_hello.at.frame, 3);
	assert_int_equal(handshake->server_hello.at.frame, 4);
	assert_int_equal(handshake->server_hello.version, 0xfefd);
	assert_int_equal(handshake->client.port, 50000);
	tape_end(&tape);
}

static void
test_repeats_are_folded(void **state)
{
	struct tape tape;
	struct dtls *dtls = begin(&tape);

	(void)state;
	for (uint64_t frame = 1; frame <= 5; frame++)
		send(dtls, CLIENT, DTLS09_CLIENT_HELLO, sizeof(DTLS09_CLIENT_HELLO), frame);
	dtls_free(dtls, tape_frame(5));
	assert_int_equal(tape.n, 1);
	assert_int_equal(tape.finished[0]->client_hello.at.frame, 1);
	assert_int_equal(tape.finished[0]->client_hello.repeats.n, 4);
	assert_int_equal(tape.finished[0]->client_hello.repeats.last.frame, 5);
	assert_int_equal(tape.finished[0]->outcome, OUTCOME_UNANSWERED);
	tape_end(&tape);
}

/* Another random is another handshake on the same ports. */
static void
test_another_random_begins_anew(void **state)
{
	uint8_t hello[sizeof(DTLS09_CLIENT_HELLO)];
	struct tape tape;
	struct dtls *dtls = begin(&tape);

	(void)state;
	memcpy(hello, DTLS09_CLIENT_HELLO, sizeof(hello));
	send(dtls, CLIENT, hello, sizeof(hello), 1);
	hello[13 + 12 + 2 + 5] ^= 1;
	send(dtls, CLIENT, hello, sizeof(hello), 2);
	dtls_free(dtls, tape_frame(2));
	assert_int_equal(tape.n, 2);
	assert_int_equal(tape.finished[1]->client_hello.at.frame, 2);
	assert_int_equal(tape.finished[1]->client_hello.repeats.n, 0);
	tape_end(&tape);
}

/* A lone hello at the end of a capture is not "unanswered", nor is one that ICMP speaks of without it. */
static void
test_one_hello_is_incomplete(void **state)
{
	struct tape tape;
	struct dtls *dtls = begin(&tape);

	(void)state;
	send(dtls, CLIENT, DTLS09_CLIENT_HELLO, sizeof(DTLS09_CLIENT_HELLO), 1);
	dtls_unreachable(dtls, 3, 3, tape_frame(2));
	dtls_free(dtls, tape_frame(2));
	assert_int_equal(tape.finished[0]->outcome, OUTCOME_INCOMPLETE);
	assert_int_equal(tape.finished[0]->unreachable.frame, 2);
	assert_int_equal(tape.finished[0]->unreachable_code, 3);
	tape_end(&tape);
}

static void
test_cut_datagram_is_a_hole(void **state)
{
	struct tape tape;
	struct dtls *dtls = begin(&tape);

	(void)state;
	send(dtls, CLIENT, DTLS12_CLIENT_HELLO_COOKIE, sizeof(DTLS12_CLIENT_HELLO_COOKIE), 1);
	dtls_datagram(dtls, SERVER, slice_of(DTLS12_FIRST_FLIGHT, 200), true, tape_frame(2));
	dtls_free(dtls, tape_frame(2));
	assert_int_equal(tape.finished[0]->n_holes, 1);
	assert_true(tape.finished[0]->holes[0].cut);
	tape_end(&tape);
}

/* Every prefix and every single changed byte of a flight: nothing is read that is not there, nothing leaks. */
static void
test_damaged_datagrams(void **state)
{
	uint8_t bytes[sizeof(DTLS12_FIRST_FLIGHT)];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		struct tape tape;
		struct dtls *dtls = begin(&tape);

		memcpy(bytes, DTLS12_FIRST_FLIGHT, sizeof(bytes));
		send(dtls, SERVER, bytes, i, 1);
		bytes[i] ^= 0xff;
		send(dtls, SERVER, bytes, sizeof(bytes), 2);
		dtls_free(dtls, tape_frame(2));
		tape_end(&tape);
	}
}

/* A message that never became whole, and nothing else of its flow. */
static void
test_a_fragment_alone_has_its_frame(void **state)
{
	static const uint8_t fragment[] = {
		0x16, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13, /* record */
		HS_CERTIFICATE, 0, 0, 100, 0, 1, 0, 0, 50, 0, 0, 1, 0};
	struct tape tape;
	struct dtls *dtls = begin(&tape);

	(void)state;
	send(dtls, SERVER, fragment, sizeof(fragment), 7);
	dtls_free(dtls, tape_frame(9));
	assert_int_equal(tape.n, 1);
	assert_int_equal(tape.finished[0]->first.frame, 7);
	assert_int_equal(tape.finished[0]->last.frame, 7);
	tape_end(&tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_handshake_with_verify),
		cmocka_unit_test(test_repeats_are_folded),
		cmocka_unit_test(test_another_random_begins_anew),
		cmocka_unit_test(test_one_hello_is_incomplete),
		cmocka_unit_test(test_cut_datagram_is_a_hole),
		cmocka_unit_test(test_damaged_datagrams),
		cmocka_unit_test(test_a_fragment_alone_has_its_frame),
	};

	return cmocka_run_group_tests_name("dtls", tests, NULL, NULL);
}
