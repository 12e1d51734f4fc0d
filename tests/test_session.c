/* What a flow says, gathered into handshakes: who is who, each message with its frame. */
#include "tests/session_make.h"

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
		{HS_CLIENT_HELLO, SIDE_CLIENT}, {HS_CLIENT_KEY_EXCHANGE, SIDE_CLIENT},
		{HS_CERTIFICATE_VERIFY, SIDE_CLIENT},
		{HS_SERVER_HELLO, SIDE_SERVER}, {HS_SERVER_KEY_EXCHANGE, SIDE_SERVER},
		{HS_CERTIFICATE_REQUEST, SIDE_SERVER},
		{HS_SERVER_HELLO_DONE, SIDE_SERVER}, {HS_HELLO_VERIFY_REQUEST, SIDE_SERVER},
		{HS_HELLO_RETRY_REQUEST, SIDE_SERVER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		for (unsigned dir = 0; dir < 2; dir++) {
			struct session *session = begin(false, dir == 0 ? -1 : 0);
			const struct handshake *handshake;

			say(session, dir, types[i][0], slice_of("", 0), 1);
			handshake = end(session, 1);
			assert_int_equal(handshake->client.port == 50000, dir == types[i][1]);
			assert_true(handshake->roles_known);
			tape_end(&tape);
		}
}

static void
ends_are_told(void **state)
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
	ends.saw[SERVER] = true;
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

/* What an open handshake holds is counted once, and no more when it is over. */
static void
what_is_open_is_weighed(void **state)
{
	struct session *session = begin(false, -1);
	size_t offered, shown;

	(void)state;
	assert_int_equal(tape.host.held[0], 0);
	hello(session, 1);
	offered = tape.host.held[0];
	assert_true(offered > 0);
	say(session, SERVER, HS_CERTIFICATE, TLS_BODY(TLS12_CERTIFICATE), 2);
	shown = tape.host.held[0];
	assert_true(shown > offered + 2 * sizeof(struct cert));
	say(session, SERVER, HS_CERTIFICATE, TLS_BODY(TLS12_CERTIFICATE), 3);
	assert_int_equal(tape.host.held[0], shown);
	hello(session, 4); /* another handshake */
	assert_int_equal(tape.host.held[0], offered);
	end(session, 2);
	assert_int_equal(tape.host.held[0], 0);
	tape_end(&tape);
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

/* A CertificateRequest is written otherwise before TLS 1.2. */
static void
a_certificate_request_by_its_version(void **state)
{
	static const struct {
		uint8_t major, minor;
		struct slice body;
	} requests[] = {
		{0x03, 0x01, {TLS10_CERTIFICATE_REQUEST + 9, sizeof(TLS10_CERTIFICATE_REQUEST) - 9}},
		{0x03, 0x03, {TLS12_CERTIFICATE_REQUEST + 9, sizeof(TLS12_CERTIFICATE_REQUEST) - 9}},
		{0xfe, 0xff, {TLS10_CERTIFICATE_REQUEST + 9, sizeof(TLS10_CERTIFICATE_REQUEST) - 9}},
		{0xfe, 0xfd, {TLS12_CERTIFICATE_REQUEST + 9, sizeof(TLS12_CERTIFICATE_REQUEST) - 9}},
	};
	struct slice sample = TLS_BODY(TLS12_SERVER_HELLO);
	uint8_t body[256];

	(void)state;
	memcpy(body, sample.p, sample.n);
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		struct session *session = begin(requests[i].major == 0xfe, 0);
		const struct handshake *handshake;

		body[0] = requests[i].major;
		body[1] = requests[i].minor;
		say(session, SERVER, HS_SERVER_HELLO, slice_of(body, sample.n), 1);
		say(session, SERVER, HS_CERTIFICATE_REQUEST, requests[i].body, 2);
		handshake = end(session, 1);
		assert_int_equal(handshake->cert_request.n_authorities, 1);
		assert_string_equal(handshake->cert_request.authorities[0], "CN=Test-CA");
		tape_end(&tape);
	}
}

/* facts_of counts the messages that a handshake knows of. */
static size_t
facts_of(const struct handshake *handshake)
{
	const struct when facts[] = {
		handshake->client_hello.at, handshake->server_hello.at, handshake->hello_verify.at,
		handshake->hello_retry.at, handshake->certs[0].at, handshake->certs[1].at, handshake->cert_request.at,
		handshake->server_key_exchange, handshake->server_hello_done, handshake->client_key_exchange,
		handshake->cert_verify,
	};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		n += facts[i].frame != 0;
	return n;
}

/* A message tells of itself and of no other. */
static void
each_message_is_one_fact(void **state)
{
	const struct {
		uint8_t type;
		struct slice body;
	} messages[] = {
		{HS_CLIENT_HELLO, TLS_BODY(TLS12_CLIENT_HELLO)}, {HS_SERVER_HELLO, TLS_BODY(TLS12_SERVER_HELLO)},
		{HS_SERVER_HELLO, TLS_BODY(TLS13_HELLO_RETRY)},
		{HS_HELLO_VERIFY_REQUEST, DTLS_BODY(DTLS12_HELLO_VERIFY)},
		{HS_CERTIFICATE, TLS_BODY(TLS12_CERTIFICATE)}, {HS_SERVER_KEY_EXCHANGE, slice_of("", 0)},
		{HS_CERTIFICATE_REQUEST, TLS_BODY(TLS12_CERTIFICATE_REQUEST)}, {HS_SERVER_HELLO_DONE, slice_of("", 0)},
		{HS_CLIENT_KEY_EXCHANGE, slice_of("", 0)}, {HS_CERTIFICATE_VERIFY, slice_of("", 0)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct session *session = begin(false, 0);
		const struct handshake *handshake;

		say(session, CLIENT, messages[i].type, messages[i].body, 1);
		handshake = end(session, 1);
		assert_int_equal(facts_of(handshake), 1);
		for (size_t m = 0; m < handshake->n_missing; m++)
			assert_int_not_equal(handshake->missing[m].why, WHY_MALFORMED);
		assert_false(tape.host.out_of_memory);
		tape_end(&tape);
	}
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

/* settled gives what a handshake knows of, one after the other. */
static void
settled(const struct handshake *handshake, uint64_t frames[6])
{
	frames[0] = handshake->client_hello.at.frame;
	frames[1] = handshake->server_hello.at.frame;
	frames[2] = handshake->certs[SIDE_SERVER].at.frame;
	frames[3] = handshake->server_key_exchange.frame;
	frames[4] = handshake->cert_request.at.frame;
	frames[5] = handshake->server_hello_done.frame;
}

static void
settling_moves_one_message(void **state)
{
	static const uint8_t types[] = {HS_CLIENT_HELLO, HS_SERVER_HELLO, HS_CERTIFICATE, HS_SERVER_KEY_EXCHANGE,
					HS_CERTIFICATE_REQUEST};

	(void)state;
	for (size_t i = 0; i < sizeof(types); i++) {
		struct session *session = begin(false, 0);
		uint64_t frames[6];

		hello(session, 1);
		answer(session, 1);
		say(session, SERVER, HS_CERTIFICATE, TLS_BODY(TLS12_CERTIFICATE), 1);
		say(session, SERVER, HS_SERVER_KEY_EXCHANGE, slice_of("", 0), 1);
		say(session, SERVER, HS_CERTIFICATE_REQUEST, TLS_BODY(TLS12_CERTIFICATE_REQUEST), 1);
		say(session, SERVER, HS_SERVER_HELLO_DONE, slice_of("", 0), 1);
		session_settle(session, SERVER, UINT32_C(1) << types[i], tape_frame(2));
		settled(end(session, 1), frames);
		for (size_t f = 0; f < 6; f++)
			assert_int_equal(frames[f], f == i ? 2 : 1);
		tape_end(&tape);
	}
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
		cmocka_unit_test(ends_are_told),
		cmocka_unit_test(what_is_open_is_weighed),
		cmocka_unit_test(each_message_has_its_frame),
		cmocka_unit_test(a_certificate_request_by_its_version),
		cmocka_unit_test(each_message_is_one_fact),
		cmocka_unit_test(no_curve_without_an_ec_suite),
		cmocka_unit_test(settling_moves_to_the_records_end),
		cmocka_unit_test(settling_moves_one_message),
		cmocka_unit_test(an_sslv2_handshake),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
