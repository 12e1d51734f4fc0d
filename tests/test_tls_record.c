/* dissectors/tls_record.c */
#include "dissectors/tls_record.h"
#include "tests/tls_check.h"

/* A stream that a test puts together. */
struct stream {
	uint8_t bytes[4096];
	size_t n;
};

static void
put(struct stream *stream, const void *bytes, size_t n)
{
	assert_true(n <= sizeof stream->bytes - stream->n);
	memcpy(stream->bytes + stream->n, bytes, n);
	stream->n += n;
}

static void
put_header(struct stream *stream, size_t length)
{
	const uint8_t header[] = {TLS_HANDSHAKE, 3, 3, (uint8_t)(length >> 8), (uint8_t)length};

	put(stream, header, sizeof header);
}

/* put_records cuts the message of a record into records of at most most bytes. */
static void
put_records(struct stream *stream, struct slice record, size_t most)
{
	struct slice part;

	assert_true(slice_skip(&record, TLS_RECORD_HEADER));
	while (record.n > 0) {
		assert_true(slice_take(&record, slice_first(record, most).n, &part));
		put_header(stream, part.n);
		put(stream, part.p, part.n);
	}
}

static enum dis
opens(const struct stream *stream)
{
	return tls_record_opens(slice_of(stream->bytes, stream->n));
}

static void
reads_header(void **state)
{
	struct tls_record record = {0};
	struct dis_at at;
	struct slice in = SAMPLE(TLS12_CLIENT_HELLO);

	(void)state;
	assert_int_equal(tls_record_next(&in, &record, &at), DIS_OK);
	assert_int_equal(record.type, TLS_HANDSHAKE);
	assert_int_equal(record.version, 0x0301);
	assert_int_equal(record.length, sizeof TLS12_CLIENT_HELLO - 5);
	assert_ptr_equal(in.p, TLS12_CLIENT_HELLO + 5);
	assert_int_equal(in.n, record.length);
}

static void
refuses_what_cannot_be_tls(void **state)
{
	static const struct {
		const char *bytes;
		enum dis answer;
		const char *field;
		size_t off;
	} rows[] = {
		{"\x14\x03\x00\x00\x01", DIS_OK, NULL, 0},
		{"\x17\x03\x04\x00\x00", DIS_OK, NULL, 0},
		{"\x17\x03\x03\x48\x00", DIS_OK, NULL, 0},
		{"\x17\x03\x03\x48\x01", DIS_BAD, "tls_record.length", 3},
		{"\x18\x03\x03\x00\x01", DIS_OK, NULL, 0},
		{"\x19\x03\x03\x00\x01", DIS_BAD, "tls_record.type", 0},
		{"\x13\x03\x03\x00\x01", DIS_BAD, "tls_record.type", 0},
		{"\x16\x02\x03\x00\x01", DIS_BAD, "tls_record.version", 1},
		{"\x16\xfe\xff\x00\x01", DIS_BAD, "tls_record.version", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct tls_record record = {.type = 99};
		struct dis_at at = {0};
		struct slice in = slice_of(rows[i].bytes, TLS_RECORD_HEADER);

		assert_int_equal(tls_record_next(&in, &record, &at), rows[i].answer);
		if (rows[i].answer == DIS_OK)
			continue;
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_int_equal(in.n, TLS_RECORD_HEADER);
		assert_int_equal(record.type, 99);
	}
}

static void
cut_header(struct slice prefix, void *arg)
{
	struct tls_record record;
	struct dis_at at;
	enum dis answer = prefix.n < TLS_RECORD_HEADER ? DIS_MORE : DIS_OK;

	(void)arg;
	assert_int_equal(tls_record_next(&prefix, &record, &at), answer);
}

static void
waits_for_a_whole_header(void **state)
{
	(void)state;
	every_prefix(TLS12_ALERT, sizeof TLS12_ALERT, cut_header, NULL);
}

/* opens_at: MORE up to the byte that tells, OK from there on. */
static void
opens_at(struct slice prefix, void *arg)
{
	assert_int_equal(tls_record_opens(prefix), prefix.n < *(size_t *)arg ? DIS_MORE : DIS_OK);
}

static void
opens_with_first_records(void **state)
{
	static const struct {
		struct slice record;
		size_t tells;
	} rows[] = {
		{{TLS12_CLIENT_HELLO, sizeof TLS12_CLIENT_HELLO}, 11},
		{{TLS12_CLIENT_HELLO_BARE, sizeof TLS12_CLIENT_HELLO_BARE}, 11},
		{{TLS13_CLIENT_HELLO, sizeof TLS13_CLIENT_HELLO}, 11},
		{{TLS12_SERVER_HELLO, sizeof TLS12_SERVER_HELLO}, 11},
		{{TLS13_SERVER_HELLO, sizeof TLS13_SERVER_HELLO}, 11},
		{{TLS13_HELLO_RETRY, sizeof TLS13_HELLO_RETRY}, 11},
		{{DRAFT14_SERVER_HELLO, sizeof DRAFT14_SERVER_HELLO}, 11},
		{{DRAFT18_SERVER_HELLO, sizeof DRAFT18_SERVER_HELLO}, 11},
		{{DRAFT18_HELLO_RETRY, sizeof DRAFT18_HELLO_RETRY}, 11},
		{{TLS12_CERTIFICATE, sizeof TLS12_CERTIFICATE}, 12},
		{{TLS12_EMPTY_CERTIFICATE, sizeof TLS12_EMPTY_CERTIFICATE}, 12},
		{{TLS12_SERVER_KEY_EXCHANGE, sizeof TLS12_SERVER_KEY_EXCHANGE}, 9},
		{{TLS12_CERTIFICATE_REQUEST, sizeof TLS12_CERTIFICATE_REQUEST}, 9},
		{{TLS10_CERTIFICATE_REQUEST, sizeof TLS10_CERTIFICATE_REQUEST}, 9},
		{{TLS12_SERVER_HELLO_DONE, sizeof TLS12_SERVER_HELLO_DONE}, 9},
		{{TLS12_ALERT, sizeof TLS12_ALERT}, 7},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t tells = rows[i].tells;

		every_prefix(rows[i].record.p, rows[i].record.n, opens_at, &tells);
	}
}

static void
opens_whatever_the_records_are_cut_into(void **state)
{
	static const struct slice messages[] = {
		{TLS12_CLIENT_HELLO, sizeof TLS12_CLIENT_HELLO},
		{TLS12_SERVER_HELLO, sizeof TLS12_SERVER_HELLO},
		{TLS12_CERTIFICATE, sizeof TLS12_CERTIFICATE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
		for (size_t most = 1; most <= 12; most++) {
			struct stream stream = {.n = 0};

			put_records(&stream, messages[i], most);
			assert_int_equal(opens(&stream), DIS_OK);
		}
	}
}

static void
waits_for_a_header_in_pieces(void **state)
{
	struct stream stream = {.n = 0};

	(void)state;
	put_records(&stream, SAMPLE(TLS12_CLIENT_HELLO_BARE), 1);
	/* Six records of one byte each: type, length, version. */
	for (size_t n = 0; n < 6 * 6; n++)
		assert_int_equal(tls_record_opens(slice_of(stream.bytes, n)), DIS_MORE);
	assert_int_equal(tls_record_opens(slice_of(stream.bytes, 6 * 6)), DIS_OK);
}

static void
refuses_pieces_of_something_else(void **state)
{
	struct stream empty = {.n = 0}, mixed = {.n = 0};

	(void)state;
	/* An empty record in between, and one that is not of a handshake. */
	put(&empty, "\x16\x03\x01\x00\x02\x01\x00", 7);
	put(&empty, "\x16\x03\x01\x00\x00\x16\x03\x01\x00\x10", 10);
	assert_int_equal(opens(&empty), DIS_BAD);
	put(&mixed, "\x16\x03\x01\x00\x02\x01\x00", 7);
	put(&mixed, "\x17\x03\x01\x00\x02\x00\x40", 7);
	assert_int_equal(opens(&mixed), DIS_BAD);
}

static void
opens_with_several_messages_in_one_record(void **state)
{
	static const struct slice flight[] = {
		{TLS12_SERVER_HELLO, sizeof TLS12_SERVER_HELLO},
		{TLS12_CERTIFICATE, sizeof TLS12_CERTIFICATE},
		{TLS12_SERVER_KEY_EXCHANGE, sizeof TLS12_SERVER_KEY_EXCHANGE},
		{TLS12_CERTIFICATE_REQUEST, sizeof TLS12_CERTIFICATE_REQUEST},
		{TLS12_SERVER_HELLO_DONE, sizeof TLS12_SERVER_HELLO_DONE},
	};

	(void)state;
	/* Whichever of them the capture begins with. */
	for (size_t first = 0; first < 5; first++) {
		struct stream stream = {.n = 0};
		size_t length = 0;

		for (size_t i = first; i < 5; i++)
			length += flight[i].n - TLS_RECORD_HEADER;
		put_header(&stream, length);
		for (size_t i = first; i < 5; i++)
			put(&stream, flight[i].p + TLS_RECORD_HEADER, flight[i].n - TLS_RECORD_HEADER);
		put(&stream, TLS12_ALERT, sizeof TLS12_ALERT);
		for (size_t n = 12; n <= stream.n; n++)
			assert_int_equal(tls_record_opens(slice_of(stream.bytes, n)), DIS_OK);
	}
}

static void
refuses_a_record_that_messages_do_not_fill(void **state)
{
	struct stream rest = {.n = 0}, over = {.n = 0}, chain = {.n = 0};

	(void)state;
	/* ServerHelloDone, then a byte that is no message. */
	put(&rest, "\x16\x03\x03\x00\x06\x0e\x00\x00\x00\xff\xff", 11);
	assert_int_equal(opens(&rest), DIS_BAD);
	/* A ServerKeyExchange of 5 bytes in a record that ends behind its fourth. */
	put(&over, "\x16\x03\x03\x00\x08\x0c\x00\x00\x05\x03\x00\x17\x01\x04", 14);
	assert_int_equal(opens(&over), DIS_BAD);
	/* More of them than any side sends: who follows them all does a liar's work. */
	put_header(&chain, 4 * 100);
	for (unsigned i = 0; i < 100; i++)
		put(&chain, "\x0e\x00\x00\x00", 4);
	assert_int_equal(opens(&chain), DIS_BAD);
}

static void
refuses_other_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} rows[] = {
		{"\x14\x03\x03\x00\x01\x01", 6},                         /* ChangeCipherSpec */
		{"\x17\x03\x03\x00\x20xxxxxxx", 12},                     /* application data */
		{"\x15\x03\x03\x00\x1a\x00\x00\x00\x00", 9},             /* an encrypted alert */
		{"\x15\x03\x03\x00\x1a\x01", 6},                         /* ... beginning like a warning */
		{"\x15\x03\x03\x00\x01\x02", 6},                         /* half an alert */
		{"\x15\x03\x03\x00\x02\x03\x28", 7},                     /* no such level */
		{"\x15\x02", 2},                                         /* SSL 2 has none */
		{"\x16\x03\x03\x00\x04\x00\x00\x00\x00", 9},             /* HelloRequest */
		{"\x16\x03\x03\x00\x20\x14\x00\x00\x0c", 9},             /* Finished in clear */
		{"\x16\x03\x03\x00\x20\x03\x00\x00\x1c", 9},             /* DTLS's HelloVerifyRequest */
		{"\x16\x03\x03\x00\x40\x01\x00\x00\x25", 9},             /* ClientHello of 37 bytes */
		{"\x16\x03\x03\x00\x40\x01\x00\x00\x3c\xfe\xfd", 11},    /* ... of DTLS 1.2 */
		{"\x16\x03\x03\x00\x40\x01\x00\x00\x3c\x7f\x12", 11},    /* ... of a draft */
		{"\x16\x03\x03\x00\x40\x02\x00\x00\x3c\x03\x05", 11},    /* ServerHello of TLS 1.4 */
		{"\x16\x03\x03\x01\x40\x0b\x00\x01\x3c\x00\x01\x3a", 12}, /* a list one byte too long */
		{"\x16\x03\x03\x00\x40\x05", 6},                         /* no such message */
		{"\x16\x03\x03\x00\x00\x01", 6},                         /* an empty record */
		{"GET / HTTP/1.1\r\n", 16},
		{"SSH-2.0-OpenSSH_9.2\r\n", 21},
		{"220 mail ESMTP\r\n", 16},
		{"\x03\x00\x00\x13\x0e\xe0", 6}, /* RDP */
		{"G", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(tls_record_opens(slice_of(rows[i].bytes, rows[i].n)), DIS_BAD);
	assert_int_equal(tls_record_opens(SAMPLE(TLS12_CLIENT_FINISHED)), DIS_BAD);
	assert_int_equal(tls_record_opens(SAMPLE(DTLS12_CLIENT_HELLO)), DIS_BAD);
}

static uint8_t
noise(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint8_t)(*seed >> 56);
}

static void
finds_nothing_in_noise(void **state)
{
	/* Encrypted Finished of CBC, GCM and a client's CertificateVerify, told by nothing but their length. */
	static const uint8_t lengths[] = {0, 40, 48, 64, 80, 255};
	uint64_t seed = 0x9e3779b97f4a7c15;
	uint8_t bytes[300];

	(void)state;
	for (unsigned round = 0; round < 200000; round++) {
		uint8_t length = lengths[round % sizeof lengths];

		for (size_t i = 0; i < sizeof bytes; i++)
			bytes[i] = noise(&seed);
		if (length > 0)
			memcpy(bytes, "\x16\x03\x03\x00", 4);
		if (length > 0)
			bytes[4] = length;
		assert_int_not_equal(tls_record_opens(slice_of(bytes, sizeof bytes)), DIS_OK);
	}
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_records(prefix);
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
		cmocka_unit_test(reads_header),
		cmocka_unit_test(refuses_what_cannot_be_tls),
		cmocka_unit_test(waits_for_a_whole_header),
		cmocka_unit_test(opens_with_first_records),
		cmocka_unit_test(opens_whatever_the_records_are_cut_into),
		cmocka_unit_test(waits_for_a_header_in_pieces),
		cmocka_unit_test(refuses_pieces_of_something_else),
		cmocka_unit_test(opens_with_several_messages_in_one_record),
		cmocka_unit_test(refuses_a_record_that_messages_do_not_fill),
		cmocka_unit_test(refuses_other_bytes),
		cmocka_unit_test(finds_nothing_in_noise),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
