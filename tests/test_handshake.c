/* dissectors/handshake.c */
#include "dissectors/handshake.h"
#include "tests/tls_check.h"

static void
reads_tls_header(void **state)
{
	struct handshake_header h = {.message_seq = 7, .frag_offset = 7, .frag_length = 7};
	struct dis_at at;
	struct slice in = SAMPLE(TLS12_CERTIFICATE);

	(void)state;
	assert_true(slice_skip(&in, TLS_RECORD_HEADER));
	assert_int_equal(handshake_header(&in, false, &h, &at), DIS_OK);
	assert_int_equal(h.type, HS_CERTIFICATE);
	assert_int_equal(h.length, 560);
	assert_int_equal(h.message_seq, 0);
	assert_int_equal(h.frag_offset, 0);
	assert_int_equal(h.frag_length, 0);
	assert_int_equal(in.n, 560);
}

static void
reads_dtls_fragment(void **state)
{
	struct handshake_header h = {0};
	struct dis_at at;
	struct slice in = SAMPLE(DTLS12_SECOND_DATAGRAM);

	(void)state;
	assert_true(slice_skip(&in, 13));
	assert_int_equal(handshake_header(&in, true, &h, &at), DIS_OK);
	assert_int_equal(h.type, HS_CERTIFICATE);
	assert_int_equal(h.length, 285);
	assert_int_equal(h.message_seq, 2);
	assert_int_equal(h.frag_offset, 117);
	assert_int_equal(h.frag_length, 168);
}

static void
refuses_fragment_outside_its_message(void **state)
{
	static const struct {
		const char *bytes;
		enum dis answer;
		const char *field;
		size_t off;
	} rows[] = {
		/* type, length, message_seq, fragment_offset, fragment_length */
		{"\x0b\x00\x00\x10\x00\x01\x00\x00\x08\x00\x00\x08", DIS_OK, NULL, 0},
		{"\x0b\x00\x00\x10\x00\x01\x00\x00\x10\x00\x00\x00", DIS_OK, NULL, 0},
		{"\x0b\x00\x00\x10\x00\x01\x00\x00\x11\x00\x00\x00", DIS_BAD,
		 "handshake.fragment_offset", 6},
		{"\x0b\x00\x00\x10\x00\x01\x00\x00\x08\x00\x00\x09", DIS_BAD,
		 "handshake.fragment_length", 9},
		{"\x0b\x00\x00\x10\x00\x01\x00\x00\x08\xff\xff\xff", DIS_BAD,
		 "handshake.fragment_length", 9},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct handshake_header h = {.type = 99};
		struct dis_at at = {0};
		struct slice in = slice_of(rows[i].bytes, DTLS_HANDSHAKE_HEADER);

		assert_int_equal(handshake_header(&in, true, &h, &at), rows[i].answer);
		if (rows[i].answer == DIS_OK) {
			assert_int_equal(in.n, 0);
			continue;
		}
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_int_equal(in.n, DTLS_HANDSHAKE_HEADER);
		assert_int_equal(h.type, 99);
	}
}

static void
cut_header(struct slice prefix, void *arg)
{
	struct handshake_header h;
	struct dis_at at;
	bool dtls = *(bool *)arg;
	size_t whole = dtls ? DTLS_HANDSHAKE_HEADER : TLS_HANDSHAKE_HEADER;
	struct slice in = prefix;

	assert_int_equal(handshake_header(&in, dtls, &h, &at), prefix.n < whole ? DIS_MORE : DIS_OK);
	assert_int_equal(in.n, prefix.n < whole ? prefix.n : prefix.n - whole);
}

static void
waits_for_a_whole_header(void **state)
{
	bool dtls = false;

	(void)state;
	every_prefix(TLS12_SERVER_HELLO + 5, 20, cut_header, &dtls);
	dtls = true;
	every_prefix(DTLS12_HELLO_VERIFY + 13, 20, cut_header, &dtls);
}

static void
knows_messages_in_clear(void **state)
{
	static const uint8_t known[] = {
		HS_HELLO_REQUEST, HS_CLIENT_HELLO, HS_SERVER_HELLO, HS_HELLO_VERIFY_REQUEST,
		HS_NEW_SESSION_TICKET, HS_HELLO_RETRY_REQUEST, HS_CERTIFICATE,
		HS_SERVER_KEY_EXCHANGE, HS_CERTIFICATE_REQUEST, HS_SERVER_HELLO_DONE,
		HS_CERTIFICATE_VERIFY, HS_CLIENT_KEY_EXCHANGE, HS_FINISHED, HS_CERTIFICATE_URL,
		HS_CERTIFICATE_STATUS, HS_SUPPLEMENTAL_DATA,
	};
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof known; i++)
		assert_true(handshake_type_known(known[i]));
	for (unsigned type = 0; type < 256; type++)
		count += handshake_type_known((uint8_t)type);
	assert_int_equal(count, sizeof known);
}

static void
knows_how_long_messages_can_be(void **state)
{
	(void)state;
	assert_true(handshake_length_fits(HS_SERVER_HELLO_DONE, 0));
	assert_false(handshake_length_fits(HS_SERVER_HELLO_DONE, 1));
	/* version 2, random 32, session id 1, suites 2, compressions 1 */
	assert_true(handshake_length_fits(HS_CLIENT_HELLO, 38));
	assert_false(handshake_length_fits(HS_CLIENT_HELLO, 37));
	/* ... with 32, 65535, 255, 255 for a cookie and 65535 for extensions */
	assert_true(handshake_length_fits(HS_CLIENT_HELLO, 131653));
	assert_false(handshake_length_fits(HS_CLIENT_HELLO, 131654));
	assert_true(handshake_length_fits(HS_SERVER_HELLO, 38));
	assert_false(handshake_length_fits(HS_SERVER_HELLO, 37));
	assert_true(handshake_length_fits(HS_CERTIFICATE, 3));
	assert_false(handshake_length_fits(HS_CERTIFICATE, 2));
	assert_true(handshake_length_fits(HS_CERTIFICATE, 0xffffff));
	assert_false(handshake_length_fits(8, 100));
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_messages(prefix, false);
	walk_messages(prefix, true);
}

static void
stays_inside_every_prefix(void **state)
{
	(void)state;
	check_every_prefix(walk, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_tls_header),
		cmocka_unit_test(reads_dtls_fragment),
		cmocka_unit_test(refuses_fragment_outside_its_message),
		cmocka_unit_test(waits_for_a_whole_header),
		cmocka_unit_test(knows_messages_in_clear),
		cmocka_unit_test(knows_how_long_messages_can_be),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
