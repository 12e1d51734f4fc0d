/* What a flow says, gathered into handshakes: who is who, what ends one and begins the next, and what is bounded. */
#include "dissectors/tls_record.h"
#include "tests/session_tape.h"
#include "tests/tls_samples.h"

enum { CLIENT, SERVER };

static struct tape tape;

/* begin makes a session of 10.0.0.1:50000, direction 0, and 10.0.0.2:443. */
static struct session *
begin(bool dtls, int opener)
{
	struct ends ends = tape_ends(true);
	struct session *session;

	tape_begin(&tape);
	ends.opener = opener;
	session = session_new(&tape.host, &ends, dtls);
	assert_non_null(session);
	return session;
}

/* end finishes it, and gives the handshake of this number, counting from 1. */
static const struct handshake *
end(struct session *session, size_t number)
{
	session_free(session, tape_frame(99));
	assert_true(number <= tape.n);
	return number == 0 ? NULL : tape.finished[number - 1];
}

static void
say(struct session *session, unsigned dir, uint8_t type, struct slice body, uint64_t frame)
{
	struct message message = {.type = type, .body = body};

	session_message(session, dir, &message, tape_frame(frame));
}

static void
hello(struct session *session, uint64_t frame)
{
	say(session, CLIENT, HS_CLIENT_HELLO, TLS_BODY(TLS12_CLIENT_HELLO), frame);
}

static void
answer(struct session *session, uint64_t frame)
{
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS12_SERVER_HELLO), frame);
}

static void
answer13(struct session *session, uint64_t frame)
{
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS13_SERVER_HELLO), frame);
}

static void
alert(struct session *session, unsigned dir, const char *bytes, uint64_t frame)
{
	session_alert(session, dir, slice_of(bytes, strlen(bytes)), tape_frame(frame));
}

/* Where no message tells: who opened the connection, else the lower port is the server's. */
static void
who_is_the_client(void **state)
{
	static const struct {
		int opener;
		uint16_t client_port;
		bool known;
	} cases[] = {{0, 50000, true}, {1, 443, true}, {-1, 50000, false}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct session *session = begin(false, cases[i].opener);
		const struct handshake *handshake;

		alert(session, CLIENT, "\2\50", 1);
		handshake = end(session, 1);
		assert_int_equal(handshake->client.port, cases[i].client_port);
		assert_int_equal(handshake->roles_known, cases[i].known);
		assert_int_equal(handshake->alerts[0].from, cases[i].client_port == 50000 ? SIDE_CLIENT : SIDE_SERVER);
		tape_end(&tape);
	}
}

/* A message knows better than the ports and than the opener. */
static void
messages_tell_who_is_the_client(void **state)
{
	static const uint8_t types[][2] = {
		{HS_CLIENT_HELLO, SIDE_CLIENT}, {HS_CLIENT_KEY_EXCHANGE, SIDE_CLIENT}, {HS_CERTIFICATE_VERIFY, SIDE_CLIENT},
		{HS_SERVER_HELLO, SIDE_SERVER}, {HS_SERVER_KEY_EXCHANGE, SIDE_SERVER}, {HS_CERTIFICATE_REQUEST, SIDE_SERVER},
		{HS_SERVER_HELLO_DONE, SIDE_SERVER}, {HS_HELLO_VERIFY_REQUEST, SIDE_SERVER},
		{HS_HELLO_RETRY_REQUEST, SIDE_SERVER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		for (unsigned dir = 0; dir < 2; dir++) {
			struct session *session = begin(false, !dir);
			const struct handshake *handshake;

			say(session, dir, types[i][0], slice_of("", 0), 1);
			handshake = end(session, 1);
			assert_int_equal(handshake->client.port == 50000, dir == types[i][1]);
			assert_true(handshake->roles_known);
			tape_end(&tape);
		}
}

static void
ends_are_copied(void **state)
{
	struct ends ends = tape_ends(false);
	struct session *session;
	const struct handshake *handshake;

	(void)state;
	tape_begin(&tape);
	ends.saw[SERVER] = false;
	ends.vlans = 2;
	ends.vlan[1] = 42;
	ends.end[CLIENT].has_mac = true;
	ends.end[CLIENT].mac[5] = 9;
	session = session_new(&tape.host, &ends, true);
	hello(session, 3);
	session_packet(session, SERVER);
	handshake = end(session, 1);
	assert_int_equal(handshake->id, 1);
	assert_true(handshake->dtls && !handshake->from_start);
	assert_true(handshake->saw[SIDE_CLIENT] && handshake->saw[SIDE_SERVER]);
	assert_int_equal(handshake->vlans, 2);
	assert_int_equal(handshake->vlan[1], 42);
	assert_int_equal(handshake->client.mac[5], 9);
	assert_int_equal(handshake->first.frame, 3);
	assert_int_equal(handshake->last.frame, 3);
	assert_int_equal(tape.tally.handshakes, 1);
	assert_int_equal(tape.tally.dtls, 1);
	assert_int_equal(tape.tally.tls, 0);
	tape_end(&tape);
	session_free(NULL, tape_frame(1));
}

static void
each_message_has_its_frame(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	hello(session, 1);
	answer(session, 2);
	say(session, SERVER, HS_CERTIFICATE, TLS_BODY(TLS12_CERTIFICATE), 3);
	say(session, SERVER, HS_SERVER_KEY_EXCHANGE, TLS_BODY(TLS12_SERVER_KEY_EXCHANGE), 4);
	say(session, SERVER, HS_CERTIFICATE_REQUEST, TLS_BODY(TLS12_CERTIFICATE_REQUEST), 5);
	say(session, SERVER, HS_SERVER_HELLO_DONE, slice_of("", 0), 6);
	say(session, CLIENT, HS_CERTIFICATE, TLS_BODY(TLS12_EMPTY_CERTIFICATE), 7);
	say(session, CLIENT, HS_CLIENT_KEY_EXCHANGE, slice_of("", 0), 8);
	say(session, CLIENT, HS_CERTIFICATE_VERIFY, slice_of("", 0), 9);
	say(session, CLIENT, HS_FINISHED, slice_of("", 0), 10);
	say(session, SERVER, HS_CERTIFICATE, TLS_BODY(TLS12_EMPTY_CERTIFICATE), 11); /* the first one stands */
	say(session, SERVER, HS_CERTIFICATE_REQUEST, slice_of("", 0), 11);
	assert_int_equal(session_last(session).frame, 11);
	handshake = end(session, 1);
	assert_int_equal(handshake->client_hello.at.frame, 1);
	assert_int_equal(handshake->server_hello.at.frame, 2);
	assert_int_equal(handshake->certs[SIDE_SERVER].at.frame, 3);
	assert_int_equal(handshake->certs[SIDE_SERVER].n, 2);
	assert_int_equal(handshake->server_key_exchange.frame, 4);
	assert_int_equal(handshake->curve, 0x001d);
	assert_int_equal(handshake->cert_request.at.frame, 5);
	assert_string_equal(handshake->cert_request.authorities[0], "CN=Test-CA");
	assert_int_equal(handshake->server_hello_done.frame, 6);
	assert_int_equal(handshake->certs[SIDE_CLIENT].at.frame, 7);
	assert_int_equal(handshake->client_key_exchange.frame, 8);
	assert_int_equal(handshake->cert_verify.frame, 9);
	assert_int_equal(handshake->last.frame, 11);
	assert_int_equal(handshake->n_missing, 0);
	assert_int_equal(tape.tally.certificates, 2);
	tape_end(&tape);
}

/* A curve is read where the suite says that there is one. */
static void
no_curve_without_an_ec_suite(void **state)
{
	uint8_t body[256];
	struct slice sample = TLS_BODY(TLS12_SERVER_HELLO);
	struct session *session = begin(false, 0);

	(void)state;
	memcpy(body, sample.p, sample.n);
	body[35] = 0x00; /* DHE-RSA-AES256-SHA */
	body[36] = 0x39;
	say(session, SERVER, HS_SERVER_HELLO, slice_of(body, sample.n), 1);
	say(session, SERVER, HS_SERVER_KEY_EXCHANGE, TLS_BODY(TLS12_SERVER_KEY_EXCHANGE), 2);
	assert_int_equal(end(session, 1)->curve, 0);
	tape_end(&tape);
}

/* A record may end frames behind the message in it: only what it held moves. */
static void
settling_moves_to_the_records_end(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	session_settle(session, SERVER, UINT32_MAX, tape_frame(1)); /* nothing is open */
	hello(session, 1);
	answer(session, 2);
	say(session, SERVER, HS_CERTIFICATE, TLS_BODY(TLS12_CERTIFICATE), 2);
	say(session, SERVER, HS_SERVER_KEY_EXCHANGE, TLS_BODY(TLS12_SERVER_KEY_EXCHANGE), 3);
	session_settle(session, SERVER, UINT32_C(1) << HS_CERTIFICATE | UINT32_C(1) << HS_CERTIFICATE_REQUEST,
		       tape_frame(5));
	session_settle(session, SERVER, UINT32_C(1) << HS_SERVER_KEY_EXCHANGE, tape_frame(6));
	session_settle(session, CLIENT, UINT32_C(1) << HS_CLIENT_HELLO | UINT32_C(1) << HS_CERTIFICATE, tape_frame(7));
	handshake = end(session, 1);
	assert_int_equal(handshake->client_hello.at.frame, 7);
	assert_int_equal(handshake->server_hello.at.frame, 2);
	assert_int_equal(handshake->certs[SIDE_SERVER].at.frame, 5);
	assert_int_equal(handshake->certs[SIDE_SERVER].certs[1].at.frame, 5);
	assert_int_equal(handshake->server_key_exchange.frame, 6);
	assert_int_equal(handshake->cert_request.at.frame, 0);
	assert_int_equal(handshake->certs[SIDE_CLIENT].at.frame, 0);
	tape_end(&tape);
}

static void
a_second_hello_begins_another(void **state)
{
	struct session *session = begin(false, 0);

	(void)state;
	hello(session, 1);
	hello(session, 2);
	answer(session, 3);
	answer(session, 4); /* a ServerHello of a handshake whose ClientHello was lost */
	end(session, 3);
	assert_int_equal(tape.n, 3);
	assert_int_equal(tape.finished[0]->client_hello.at.frame, 1);
	assert_int_equal(tape.finished[0]->server_hello.at.frame, 0);
	assert_int_equal(tape.finished[1]->id, 2);
	assert_int_equal(tape.finished[1]->client_hello.at.frame, 2);
	assert_int_equal(tape.finished[1]->server_hello.at.frame, 3);
	assert_int_equal(tape.finished[2]->client_hello.at.frame, 0);
	assert_int_equal(tape.finished[2]->server_hello.at.frame, 4);
	assert_int_equal(tape.finished[2]->first.frame, 4);
	tape_end(&tape);
}

/* One that was asked for goes on; one more does not, nor one behind the ServerHello. */
static void
a_hello_that_was_asked_for(void **state)
{
	struct session *session = begin(false, 0);

	(void)state;
	hello(session, 1);
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS13_HELLO_RETRY), 2);
	hello(session, 3);
	hello(session, 4);
	say(session, SERVER, HS_SERVER_HELLO, TLS_BODY(TLS13_HELLO_RETRY), 5);
	answer13(session, 6);
	hello(session, 7);
	end(session, 3);
	assert_int_equal(tape.n, 3);
	assert_int_equal(tape.finished[0]->first_hello.at.frame, 1);
	assert_int_equal(tape.finished[0]->hello_retry.at.frame, 2);
	assert_int_equal(tape.finished[0]->client_hello.at.frame, 3);
	assert_int_equal(tape.finished[1]->first_hello.at.frame, 0);
	assert_int_equal(tape.finished[1]->server_hello.at.frame, 6);
	assert_int_equal(tape.finished[2]->client_hello.at.frame, 7);
	tape_end(&tape);
}

static void
alerts_are_bounded(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	hello(session, 1);
	for (uint64_t i = 0; i < LIMIT_ALERTS + 3; i++)
		alert(session, SERVER, "\1\160", 2 + i);
	handshake = end(session, 1);
	assert_int_equal(handshake->n_alerts, LIMIT_ALERTS);
	assert_int_equal(handshake->alerts[LIMIT_ALERTS - 1].at.frame, 1 + LIMIT_ALERTS);
	assert_int_equal(handshake->alerts[0].from, SIDE_SERVER);
	assert_int_equal(handshake->alerts[0].code, 112);
	assert_int_equal(handshake->alerts[0].level, 1);
	tape_end(&tape);
}

static void
an_alert_that_cannot_be_read(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	hello(session, 1);
	alert(session, CLIENT, "0123456789abcdef", 2);
	alert(session, CLIENT, "\3\60", 3); /* no such level */
	handshake = end(session, 1);
	assert_int_equal(handshake->n_alerts, 0);
	assert_int_equal(handshake->encrypted_alert[SIDE_CLIENT].frame, 2);
	assert_int_equal(handshake->encrypted_alert[SIDE_SERVER].frame, 0);
	tape_end(&tape);
}

static void
closes_and_resets_by_side(void **state)
{
	struct session *session = begin(false, 0);
	const struct handshake *handshake;

	(void)state;
	hello(session, 1);
	session_rst(session, SERVER, tape_frame(2));
	session_rst(session, SERVER, tape_frame(3));
	session_fin(session, CLIENT, tape_frame(4));
	session_fin(session, CLIENT, tape_frame(5));
	assert_false(session_over(session));
	assert_int_equal(tape.n, 0);
	session_fin(session, SERVER, tape_frame(6));
	assert_true(session_over(session));
	handshake = end(session, 1);
	assert_int_equal(tape.n, 1);
	assert_int_equal(handshake->rst[SIDE_SERVER].frame, 2);
	assert_int_equal(handshake->rst[SIDE_CLIENT].frame, 0);
	assert_int_equal(handshake->fin[SIDE_CLIENT].frame, 4);
	assert_int_equal(handshake->fin[SIDE_SERVER].frame, 6);
	tape_end(&tape);
}

static void
the_first_icmp_error_stands(void **state)
{
	struct session *session = begin(true, -1);
	const struct handshake *handshake;

	(void)state;
	session_unreachable(session, 3, 1, tape_frame(1)); /* about nothing */
	hello(session, 2);
	session_unreachable(session, 3, 3, tape_frame(3));
	session_unreachable(session, 3, 13, tape_frame(4));
	handshake = end(session, 1);
	assert_int_equal(handshake->unreachable.frame, 3);
	assert_int_equal(handshake->unreachable_type, 3);
	assert_int_equal(handshake->unreachable_code, 3);
	assert_int_equal(handshake->last.frame, 3);
	tape_end(&tape);
}

/* An SSLv2 server shows its certificate in its hello, and the suites that both know. */
static void
an_sslv2_handshake(void **state)
{
	struct slice in = SAMPLE(SSLV2_CLIENT_HELLO), out = SAMPLE(SSLV2_SERVER_HELLO);
	struct session *session = begin(false, -1);
	struct sslv2_server_hello server;
	struct client_hello client;
	const struct handshake *handshake;
	struct dis_at at;

	(void)state;
	assert_int_equal(sslv2_client_hello(&in, &client, &at), DIS_OK);
	assert_int_equal(sslv2_server_hello(&out, &server, &at), DIS_OK);
	session_sslv2_client(session, SERVER, &client, tape_frame(1));
	session_sslv2_server(session, CLIENT, &server, tape_frame(2));
	handshake = end(session, 1);
	assert_int_equal(tape.n, 1);
	assert_int_equal(handshake->client.port, 443);
	assert_true(handshake->roles_known && handshake->client_hello.sslv2);
	assert_int_equal(handshake->server_hello.at.frame, 2);
	assert_int_equal(handshake->server_hello.version, 0x0002);
	assert_true(handshake->server_hello.cipher > 0xffff);
	assert_int_equal(handshake->certs[SIDE_SERVER].n, 1);
	assert_int_equal(handshake->certs[SIDE_SERVER].at.frame, 2);
	assert_string_equal(handshake->certs[SIDE_SERVER].certs[0].cert->subject_cn, "Test-CA");
	assert_int_equal(tape.tally.certificates, 1);
	tape_end(&tape);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_the_client),
		cmocka_unit_test(messages_tell_who_is_the_client),
		cmocka_unit_test(ends_are_copied),
		cmocka_unit_test(each_message_has_its_frame),
		cmocka_unit_test(no_curve_without_an_ec_suite),
		cmocka_unit_test(settling_moves_to_the_records_end),
		cmocka_unit_test(a_second_hello_begins_another),
		cmocka_unit_test(a_hello_that_was_asked_for),
		cmocka_unit_test(alerts_are_bounded),
		cmocka_unit_test(an_alert_that_cannot_be_read),
		cmocka_unit_test(closes_and_resets_by_side),
		cmocka_unit_test(the_first_icmp_error_stands),
		cmocka_unit_test(an_sslv2_handshake),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
