/* The TLS records of a stream turned into facts: real flights of OpenSSL, in all cuts, with holes, behind other
 * protocols, and from the middle. */
#include "src/tls/tls.h"
#include "tests/session_tape.h"
#include "tests/tls_samples.h"

enum { CLIENT, SERVER };

/* The server's flight of a TLS 1.2 handshake in records of one message each, as OpenSSL sent it. */
static struct slice
server_flight(void)
{
	static uint8_t bytes[4096];
	const struct slice parts[] = {SAMPLE(TLS12_SERVER_HELLO), SAMPLE(TLS12_CERTIFICATE),
				      SAMPLE(TLS12_SERVER_KEY_EXCHANGE), SAMPLE(TLS12_CERTIFICATE_REQUEST),
				      SAMPLE(TLS12_SERVER_HELLO_DONE)};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		memcpy(bytes + n, parts[i].p, parts[i].n);
		n += parts[i].n;
	}
	return slice_of(bytes, n);
}

static struct tls *
begin(struct tape *tape, bool from_start)
{
	struct tls *tls;

	tape_begin(tape);
	tape->ends = tape_ends(from_start);
	tls = tls_new(&tape->host, &tape->budget, &tape->ends);
	assert_non_null(tls);
	return tls;
}

static void
send(struct tls *tls, unsigned dir, const void *bytes, size_t n, uint64_t frame)
{
	tls_data(tls, dir, slice_of(bytes, n), tape_frame(frame));
}

static void
assert_server_flight(const struct handshake *handshake)
{
	assert_int_equal(handshake->server_hello.version, 0x0303);
	assert_int_equal(handshake->certs[SIDE_SERVER].n, 2);
	assert_true(handshake->certs[SIDE_SERVER].certs[0].cert->parsed);
	assert_int_not_equal(handshake->server_key_exchange.frame, 0);
	assert_int_not_equal(handshake->cert_request.at.frame, 0);
	assert_int_equal(handshake->n_missing, 1); /* the client's certificate, asked for */
	assert_int_equal(handshake->server.port, 443);
}

static void
test_every_cut(void **state)
{
	struct slice flight = server_flight();

	(void)state;
	for (size_t cut = 1; cut <= flight.n; cut += cut < 64 ? 1 : 37) {
		struct tape tape;
		struct tls *tls = begin(&tape, true);
		struct slice rest = flight, part;
		uint64_t frame = 2;

		send(tls, CLIENT, TLS12_CLIENT_HELLO, sizeof(TLS12_CLIENT_HELLO), 1);
		while (rest.n > 0 && slice_take(&rest, slice_first(rest, cut).n, &part))
			send(tls, SERVER, part.p, part.n, frame++);
		tls_free(tls, tape_frame(frame));
		assert_int_equal(tape.n, 1);
		assert_int_equal(tape.finished[0]->client_hello.at.frame, 1);
		assert_server_flight(tape.finished[0]);
		tape_end(&tape);
	}
}

/* A message stands in the frame in which its record is whole, where Wireshark shows it too. */
static void
test_frame_is_the_record_end(void **state)
{
	uint8_t joined[4096];
	struct slice hello = SAMPLE(TLS12_SERVER_HELLO), certificate = SAMPLE(TLS12_CERTIFICATE);
	size_t n = hello.n - 5 + certificate.n - 5;
	struct tape tape;
	struct tls *tls = begin(&tape, true);

	(void)state;
	memcpy(joined, hello.p, 5);
	joined[3] = (uint8_t)(n >> 8);
	joined[4] = (uint8_t)n;
	memcpy(joined + 5, hello.p + 5, hello.n - 5);
	memcpy(joined + hello.n, certificate.p + 5, certificate.n - 5);
	send(tls, SERVER, joined, hello.n + 10, 7);
	send(tls, SERVER, joined + hello.n + 10, n + 5 - hello.n - 10, 9);
	tls_free(tls, tape_frame(9));
	assert_int_equal(tape.finished[0]->server_hello.at.frame, 9);
	assert_int_equal(tape.finished[0]->certs[SIDE_SERVER].at.frame, 9);
	tape_end(&tape);
}

static void
test_hole_harms_one_message(void **state)
{
	struct slice flight = server_flight();
	size_t off = sizeof(TLS12_SERVER_HELLO) + 200;
	struct tape tape;
	struct tls *tls = begin(&tape, true);
	const struct handshake *handshake;

	(void)state;
	send(tls, SERVER, flight.p, off, 2);
	tls_hole(tls, SERVER, off, 50, false, tape_frame(9));
	send(tls, SERVER, flight.p + off + 50, flight.n - off - 50, 9);
	tls_free(tls, tape_frame(9));
	handshake = tape.finished[0];
	assert_int_not_equal(handshake->server_hello.at.frame, 0);
	assert_int_not_equal(handshake->server_key_exchange.frame, 0);
	assert_int_equal(handshake->certs[SIDE_SERVER].n, 0);
	assert_int_equal(handshake->n_holes, 1);
	assert_int_equal(handshake->holes[0].message, HS_CERTIFICATE);
	assert_int_equal(tape.tally.holes, 1);
	for (size_t i = 0; i < handshake->n_missing; i++)
		if (handshake->missing[i].what == MISSING_SERVER_CERTIFICATES)
			assert_int_equal(handshake->missing[i].why, WHY_HOLE);
	tape_end(&tape);
}

/* A hole that swallows a record's header: reading goes on at the next record. */
static void
test_hole_over_a_header(void **state)
{
	struct slice flight = server_flight();
	size_t off = sizeof(TLS12_SERVER_HELLO) - 10;
	size_t end = sizeof(TLS12_SERVER_HELLO) + sizeof(TLS12_CERTIFICATE);
	struct tape tape;
	struct tls *tls = begin(&tape, true);

	(void)state;
	send(tls, CLIENT, TLS12_CLIENT_HELLO, sizeof(TLS12_CLIENT_HELLO), 1);
	send(tls, SERVER, flight.p, off, 2);
	tls_hole(tls, SERVER, off, end - off, true, tape_frame(9));
	send(tls, SERVER, flight.p + end, flight.n - end, 9);
	tls_free(tls, tape_frame(9));
	assert_int_equal(tape.n, 1);
	assert_int_equal(tape.finished[0]->server_hello.at.frame, 0);
	assert_int_equal(tape.finished[0]->server_key_exchange.frame, 9);
	tape_end(&tape);
}

static void
test_behind_opening_words(void **state)
{
	static const char connect[] = "CONNECT vpn.example.com:443 HTTP/1.1\r\nHost: vpn.example.com\r\n\r\n";
	static const char answer[] = "HTTP/1.1 200 Connection established\r\n\r\n";
	struct slice flight = server_flight();
	struct tape tape;
	struct tls *tls = begin(&tape, true);

	(void)state;
	send(tls, CLIENT, connect, sizeof(connect) - 1, 1);
	send(tls, SERVER, answer, sizeof(answer) - 1, 2);
	assert_false(tls_done(tls));
	send(tls, CLIENT, TLS12_CLIENT_HELLO, sizeof(TLS12_CLIENT_HELLO), 3);
	send(tls, SERVER, flight.p, flight.n, 4);
	tls_free(tls, tape_frame(4));
	assert_int_equal(tape.n, 1);
	assert_int_equal(tape.finished[0]->client_hello.at.frame, 3);
	assert_server_flight(tape.finished[0]);
	tape_end(&tape);
}

static void
test_from_the_middle(void **state)
{
	struct slice flight = server_flight();
	size_t skip = sizeof(TLS12_SERVER_HELLO) - 20;
	struct tape tape;
	struct tls *tls = begin(&tape, false);

	(void)state;
	send(tls, SERVER, flight.p + skip, flight.n - skip, 1);
	tls_free(tls, tape_frame(1));
	assert_int_equal(tape.n, 1);
	assert_int_equal(tape.finished[0]->certs[SIDE_SERVER].n, 2);
	assert_int_equal(tape.finished[0]->server.port, 443);
	tape_end(&tape);
}

/* Plain HTTP is given up after one look. */
static void
test_not_tls_is_done(void **state)
{
	static const char get[] = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";
	struct tape tape;
	struct tls *tls = begin(&tape, true);

	(void)state;
	send(tls, CLIENT, get, sizeof(get) - 1, 1);
	assert_true(tls_done(tls));
	tls_free(tls, tape_frame(1));
	assert_int_equal(tape.n, 0);
	tape_end(&tape);
}

/* A download that was there before the capture: who receives it says nothing. */
static void
test_bulk_from_the_middle_is_done(void **state)
{
	static const uint8_t bulk[1024];
	const unsigned enough = LIMIT_OPENING_BYTES / sizeof(bulk);
	struct tape tape;
	struct tls *tls = begin(&tape, false);

	(void)state;
	for (unsigned i = 0; i < enough; i++) {
		assert_false(tls_done(tls));
		send(tls, SERVER, bulk, sizeof(bulk), i + 1);
	}
	assert_true(tls_done(tls));
	tls_free(tls, tape_frame(enough));
	assert_int_equal(tape.n, 0);
	tape_end(&tape);
}

/* TLS 1.3 with a HelloRetryRequest: dummy ChangeCipherSpecs end nothing, both ClientHellos are kept. */
static void
test_hello_retry(void **state)
{
	static const uint8_t ccs[] = {20, 3, 3, 0, 1, 1};
	struct tape tape;
	struct tls *tls = begin(&tape, true);
	const struct handshake *handshake;

	(void)state;
	send(tls, CLIENT, TLS13_CLIENT_HELLO, sizeof(TLS13_CLIENT_HELLO), 1);
	send(tls, SERVER, TLS13_HELLO_RETRY, sizeof(TLS13_HELLO_RETRY), 2);
	send(tls, SERVER, ccs, sizeof(ccs), 2);
	send(tls, CLIENT, ccs, sizeof(ccs), 3);
	send(tls, CLIENT, TLS13_CLIENT_HELLO, sizeof(TLS13_CLIENT_HELLO), 3);
	send(tls, SERVER, TLS13_SERVER_HELLO, sizeof(TLS13_SERVER_HELLO), 4);
	tls_free(tls, tape_frame(4));
	assert_int_equal(tape.n, 1);
	handshake = tape.finished[0];
	assert_int_equal(handshake->first_hello.at.frame, 1);
	assert_int_equal(handshake->hello_retry.at.frame, 2);
	assert_int_equal(handshake->client_hello.at.frame, 3);
	assert_int_equal(handshake->server_hello.at.frame, 4);
	assert_int_equal(handshake->server_hello.version, 0x0304);
	assert_int_equal(handshake->missing[0].why, WHY_TLS13_ENCRYPTED);
	tape_end(&tape);
}

static void
test_alert_fails_it(void **state)
{
	struct tape tape;
	struct tls *tls = begin(&tape, true);

	(void)state;
	send(tls, CLIENT, TLS12_CLIENT_HELLO, sizeof(TLS12_CLIENT_HELLO), 1);
	send(tls, SERVER, TLS12_ALERT, sizeof(TLS12_ALERT), 2);
	tls_fin(tls, SERVER, tape_frame(3));
	tls_free(tls, tape_frame(3));
	assert_int_equal(tape.finished[0]->outcome, OUTCOME_FAILED);
	assert_int_equal(handshake_fatal(tape.finished[0])->from, SIDE_SERVER);
	assert_int_equal(handshake_fatal(tape.finished[0])->at.frame, 2);
	assert_int_equal(tape.finished[0]->fin[SIDE_SERVER].frame, 3);
	tape_end(&tape);
}

/* Behind ChangeCipherSpec nothing is read; application data of the client ends what is to be learned. */
static void
test_established_is_over(void **state)
{
	static const uint8_t encrypted[] = {20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 4, 1, 0, 0, 0};
	static const uint8_t data[] = {23, 3, 3, 0, 4, 9, 9, 9, 9};
	struct slice flight = server_flight();
	struct tape tape;
	struct tls *tls = begin(&tape, true);

	(void)state;
	send(tls, CLIENT, TLS12_CLIENT_HELLO, sizeof(TLS12_CLIENT_HELLO), 1);
	send(tls, SERVER, flight.p, flight.n, 2);
	send(tls, CLIENT, encrypted, sizeof(encrypted), 3);
	send(tls, SERVER, encrypted, sizeof(encrypted), 4);
	assert_false(tls_done(tls));
	send(tls, CLIENT, data, sizeof(data), 5);
	assert_true(tls_done(tls));
	assert_int_equal(tape.n, 1);
	assert_int_equal(tape.finished[0]->outcome, OUTCOME_ESTABLISHED);
	assert_int_equal(tape.finished[0]->app_data[SIDE_CLIENT].frame, 5);
	tls_free(tls, tape_frame(5));
	tape_end(&tape);
}

static void
test_sslv2_hello(void **state)
{
	struct tape tape;
	struct tls *tls = begin(&tape, true);
	size_t half = sizeof(SSLV2_CLIENT_HELLO_TLS10) / 2;

	(void)state;
	send(tls, CLIENT, SSLV2_CLIENT_HELLO_TLS10, half, 1);
	send(tls, CLIENT, SSLV2_CLIENT_HELLO_TLS10 + half, sizeof(SSLV2_CLIENT_HELLO_TLS10) - half, 2);
	send(tls, SERVER, TLS12_SERVER_HELLO, sizeof(TLS12_SERVER_HELLO), 3);
	tls_free(tls, tape_frame(3));
	assert_int_equal(tape.n, 1);
	assert_true(tape.finished[0]->client_hello.sslv2);
	assert_int_equal(tape.finished[0]->client_hello.at.frame, 2);
	assert_int_equal(tape.finished[0]->server_hello.at.frame, 3);
	tape_end(&tape);
}

static void
test_second_handshake(void **state)
{
	struct slice flight = server_flight();
	struct tape tape;
	struct tls *tls = begin(&tape, true);

	(void)state;
	for (uint64_t i = 0; i < 2; i++) {
		send(tls, CLIENT, TLS12_CLIENT_HELLO, sizeof(TLS12_CLIENT_HELLO), 2 * i + 1);
		send(tls, SERVER, flight.p, flight.n, 2 * i + 2);
	}
	tls_free(tls, tape_frame(4));
	assert_int_equal(tape.n, 2);
	assert_int_equal(tape.finished[1]->id, 2);
	assert_int_equal(tape.finished[1]->client_hello.at.frame, 3);
	assert_server_flight(tape.finished[1]);
	tape_end(&tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_frame_is_the_record_end),
		cmocka_unit_test(test_hole_harms_one_message),
		cmocka_unit_test(test_hole_over_a_header),
		cmocka_unit_test(test_behind_opening_words),
		cmocka_unit_test(test_from_the_middle),
		cmocka_unit_test(test_not_tls_is_done),
		cmocka_unit_test(test_bulk_from_the_middle_is_done),
		cmocka_unit_test(test_hello_retry),
		cmocka_unit_test(test_alert_fails_it),
		cmocka_unit_test(test_established_is_over),
		cmocka_unit_test(test_sslv2_hello),
		cmocka_unit_test(test_second_handshake),
	};

	return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
