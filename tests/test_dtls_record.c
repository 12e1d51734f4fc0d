/* dissectors/dtls_record.c */
#include "dissectors/dtls_record.h"
#include "tests/tls_check.h"

/* A copy of a sample with one byte changed. */
static bool
opens_with(const uint8_t *sample, size_t n, size_t off, uint8_t byte)
{
	uint8_t bytes[512];

	assert_true(n <= sizeof bytes && off < n);
	memcpy(bytes, sample, n);
	bytes[off] = byte;
	return dtls_record_opens(slice_of(bytes, n));
}

static void
reads_every_record_of_a_datagram(void **state)
{
	struct dtls_record record = {0};
	struct dis_at at;
	struct slice in = SAMPLE(DTLS12_FINISHED);

	(void)state;
	assert_int_equal(dtls_record_next(&in, &record, &at), DIS_OK);
	assert_int_equal(record.type, TLS_CHANGE_CIPHER_SPEC);
	assert_int_equal(record.version, DTLS_1_2);
	assert_int_equal(record.epoch, 0);
	assert_int_equal(record.sequence, 8);
	assert_int_equal(record.body.n, 1);
	assert_int_equal(dtls_record_next(&in, &record, &at), DIS_OK);
	assert_int_equal(record.type, TLS_HANDSHAKE);
	assert_int_equal(record.epoch, 1);
	assert_int_equal(record.sequence, 0);
	assert_int_equal(record.body.n, 48);
	assert_int_equal(in.n, 0);
	assert_int_equal(dtls_record_next(&in, &record, &at), DIS_MORE);
}

static void
reads_dtls_0_9(void **state)
{
	struct dtls_record record = {0};
	struct dis_at at;
	struct slice in = SAMPLE(DTLS09_CLIENT_HELLO);

	(void)state;
	assert_int_equal(dtls_record_next(&in, &record, &at), DIS_OK);
	assert_int_equal(record.type, TLS_HANDSHAKE);
	assert_int_equal(record.version, DTLS_0_9);
	assert_ptr_equal(record.body.p, DTLS09_CLIENT_HELLO + 13);
	assert_int_equal(record.body.n, sizeof DTLS09_CLIENT_HELLO - 13);
}

static void
gives_a_connection_id_the_rest(void **state)
{
	static const char bytes[] = "\x19\xfe\xfd\x00\x01\x00\x00\x00\x00\x01\x02IDID\x00\x03xyz";
	struct dtls_record record = {0};
	struct dis_at at;
	struct slice in = slice_of(bytes, sizeof bytes - 1);

	(void)state;
	assert_int_equal(dtls_record_next(&in, &record, &at), DIS_OK);
	assert_int_equal(record.type, TLS_CID);
	assert_int_equal(record.epoch, 1);
	assert_int_equal(record.sequence, 0x102);
	assert_int_equal(record.body.n, 9);
	assert_int_equal(in.n, 0);
}

static void
refuses_what_cannot_be_dtls(void **state)
{
	static const struct {
		const char *bytes;
		enum dis answer;
		const char *field;
		size_t off;
	} rows[] = {
		{"\x17\xfe\xff\x00\x01\x00\x00\x00\x00\x00\x01\x00\x01x", DIS_OK, NULL, 0},
		{"\x1a\xfe\xfc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01x", DIS_OK, NULL, 0},
		{"\x13\xfe\xff\x00\x01\x00\x00\x00\x00\x00\x01\x00\x01x", DIS_BAD,
		 "dtls_record.type", 0},
		{"\x1b\xfe\xff\x00\x01\x00\x00\x00\x00\x00\x01\x00\x01x", DIS_BAD,
		 "dtls_record.type", 0},
		{"\x2f\xfe\xff\x00\x01\x00\x00\x00\x00\x00\x01\x00\x01x", DIS_BAD,
		 "dtls_record.type", 0}, /* DTLS 1.3's short header */
		{"\x16\x03\x03\x00\x01\x00\x00\x00\x00\x00\x01\x00\x01x", DIS_BAD,
		 "dtls_record.version", 1},
		{"\x16\xfe\xfe\x00\x01\x00\x00\x00\x00\x00\x01\x00\x01x", DIS_BAD,
		 "dtls_record.version", 1},
		{"\x16\xfe\xfd\x00\x01\x00\x00\x00\x00\x00\x01\x48\x01x", DIS_BAD,
		 "dtls_record.length", 11},
		{"\x16\xfe\xfd\x00\x01\x00\x00\x00\x00\x00\x01\x00\x02x", DIS_MORE,
		 "dtls_record.fragment", 13},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct dtls_record record = {.type = 99};
		struct dis_at at = {0};
		struct slice in = slice_of(rows[i].bytes, 14);

		assert_int_equal(dtls_record_next(&in, &record, &at), rows[i].answer);
		if (rows[i].answer == DIS_OK)
			continue;
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_int_equal(in.n, 14);
		assert_int_equal(record.type, 99);
	}
}

static void
opens_with_handshakes(void **state)
{
	/* Bytes 32 to 39 of a ClientHello: no version there. */
	static const char later_fragment[] =
		"\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x01\x00\x14"
		"\x01\x00\x00\x98\x00\x00\x00\x00\x20\x00\x00\x08" "abcdefgh";

	(void)state;
	assert_true(dtls_record_opens(SAMPLE(DTLS12_CLIENT_HELLO)));
	assert_true(dtls_record_opens(SAMPLE(DTLS12_CLIENT_HELLO_COOKIE)));
	assert_true(dtls_record_opens(SAMPLE(DTLS12_HELLO_VERIFY)));
	assert_true(dtls_record_opens(SAMPLE(DTLS12_FIRST_FLIGHT)));
	assert_true(dtls_record_opens(SAMPLE(DTLS12_SECOND_DATAGRAM)));
	assert_true(dtls_record_opens(SAMPLE(DTLS09_CLIENT_HELLO)));
	assert_true(dtls_record_opens(SAMPLE(DTLS09_HELLO_VERIFY)));
	assert_true(dtls_record_opens(SAMPLE(later_fragment)));
	assert_true(dtls_record_opens(
		slice_of("\x15\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x02\x02\x2f", 15)));
}

static void
opens_cut(struct slice prefix, void *arg)
{
	(void)arg;
	assert_int_equal(dtls_record_opens(prefix), prefix.n >= 25);
}

static void
opens_where_the_capture_cut_the_datagram(void **state)
{
	(void)state;
	every_prefix(DTLS12_CLIENT_HELLO, sizeof DTLS12_CLIENT_HELLO, opens_cut, NULL);
	every_prefix(DTLS12_SECOND_DATAGRAM, sizeof DTLS12_SECOND_DATAGRAM, opens_cut, NULL);
}

static void
refuses_implausible_headers(void **state)
{
	static const struct {
		size_t off;
		uint8_t byte;
	} rows[] = {
		{0, TLS_CHANGE_CIPHER_SPEC}, {0, TLS_APPLICATION_DATA}, {0, TLS_ALERT},
		{1, 0x03},  /* version */
		{4, 1},     /* epoch */
		{5, 1},     /* sequence number of more than three bytes */
		{11, 0x80}, /* record length */
		{12, 11},   /* ... shorter than a message's header */
		{12, 0xa3}, /* ... shorter than the fragment */
		{13, 99},   /* no such message */
		{14, 0xff}, /* message length of 16 million */
		{17, 1},    /* message_seq of more than a byte */
		{21, 0x99}, /* fragment_offset behind the end */
		{24, 0x99}, /* fragment_length over the end */
		{25, 0x03}, /* client_version of TLS */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_false(opens_with(DTLS12_CLIENT_HELLO, sizeof DTLS12_CLIENT_HELLO, rows[i].off,
					rows[i].byte));
	/* The same change where it says nothing: a byte of random. */
	assert_true(opens_with(DTLS12_CLIENT_HELLO, sizeof DTLS12_CLIENT_HELLO, 27, 0x03));
}

static void
refuses_other_datagrams(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} rows[] = {
		{"", 0},
		{"\x80\x00\x12\x34\x00\x00\x00\xa0\x11\x22\x33\x44xxxxxxxxxxxxxxxx", 28}, /* RTP */
		{"\x00\x01\x00\x08\x21\x12\xa4\x42xxxxxxxxxxxx\x00\x06\x00\x04user", 28}, /* STUN */
		{"\xc3\x00\x00\x00\x01\x08xxxxxxxx\x00\x00\x44\x9e\x00\x00\x00\x02", 22}, /* QUIC */
		{"\x15\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x01\x00\x03\x02\x2f\x00", 16}, /* 3 bytes */
		{"\x15\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x01\x00\x03\x02\x2f", 15}, /* ... cut */
		{"\x15\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x01\x00\x02\x07\x2f", 15}, /* no level */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_false(dtls_record_opens(slice_of(rows[i].bytes, rows[i].n)));
	assert_false(dtls_record_opens(SAMPLE(TLS12_CLIENT_HELLO)));
	assert_false(dtls_record_opens(SAMPLE(DTLS12_FINISHED)));
}

static void
knows_dtls_by_its_first_byte(void **state)
{
	(void)state;
	for (unsigned first = 0; first <= UINT8_MAX; first++) {
		uint8_t byte = (uint8_t)first;

		assert_int_equal(dtls_record_may_be(slice_of(&byte, 1)), first >= 20 && first <= 63);
	}
	assert_true(dtls_record_may_be(slice_of("", 0)));
	assert_true(dtls_record_may_be(SAMPLE(DTLS12_CLIENT_HELLO)));
	assert_true(dtls_record_may_be(SAMPLE(DTLS12_FINISHED)));
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_datagram(prefix);
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
		cmocka_unit_test(reads_every_record_of_a_datagram),
		cmocka_unit_test(reads_dtls_0_9),
		cmocka_unit_test(gives_a_connection_id_the_rest),
		cmocka_unit_test(refuses_what_cannot_be_dtls),
		cmocka_unit_test(opens_with_handshakes),
		cmocka_unit_test(opens_where_the_capture_cut_the_datagram),
		cmocka_unit_test(refuses_implausible_headers),
		cmocka_unit_test(refuses_other_datagrams),
		cmocka_unit_test(knows_dtls_by_its_first_byte),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
