/* dissectors/certificate.c */
#include "dissectors/certificate.h"
#include "tests/tls_check.h"

static void
reads_a_chain(void **state)
{
	struct slice list, der;
	struct dis_at at;

	(void)state;
	assert_int_equal(certificate_list(TLS_BODY(TLS12_CERTIFICATE), &list, &at), DIS_OK);
	assert_int_equal(list.n, 557);
	assert_int_equal(certificate_next(&list, &der, &at), DIS_OK);
	assert_int_equal(der.n, 279);
	assert_memory_equal(der.p, "\x30\x82\x01\x13\x30", 5);
	assert_int_equal(certificate_next(&list, &der, &at), DIS_OK);
	assert_int_equal(der.n, 272);
	assert_memory_equal(der.p, "\x30\x82\x01\x0c\x30", 5);
	assert_int_equal(list.n, 0);
	assert_int_equal(certificate_next(&list, &der, &at), DIS_MORE);
}

static void
reads_an_empty_list(void **state)
{
	struct slice list = {.n = 9};
	struct dis_at at;

	(void)state;
	assert_int_equal(certificate_list(TLS_BODY(TLS12_EMPTY_CERTIFICATE), &list, &at), DIS_OK);
	assert_int_equal(list.n, 0);
}

static void
refuses_broken_lists(void **state)
{
	struct slice list, der, empty = slice_of("\x00\x00\x00", 3);
	struct dis_at at = {0};

	(void)state;
	assert_int_equal(certificate_list(slice_of("\x00\x00\x01xy", 5), &list, &at), DIS_BAD);
	assert_string_equal(at.field, "certificate.end");
	assert_int_equal(at.off, 4);
	assert_int_equal(certificate_list(slice_of("\x00\x00\x03xy", 5), &list, &at), DIS_MORE);
	assert_string_equal(at.field, "certificate.certificate_list");
	assert_int_equal(certificate_next(&empty, &der, &at), DIS_BAD);
	assert_string_equal(at.field, "certificate_list.certificate");
	assert_int_equal(empty.n, 3);
}

static void
reads_requests(void **state)
{
	static const char name[] = "\x30\x12\x31\x10\x30\x0e\x06\x03\x55\x04\x03\x0c\x07Test-CA";
	struct certificate_request r = {0};
	struct dis_at at;
	struct slice der;

	(void)state;
	assert_int_equal(certificate_request(TLS_BODY(TLS12_CERTIFICATE_REQUEST), true, &r, &at), DIS_OK);
	assert_int_equal(r.types.n, 3);
	assert_memory_equal(r.types.p, "\x01\x02\x40", 3);
	assert_int_equal(r.signatures.n, 40);
	assert_int_equal(authority_next(&r.authorities, &der, &at), DIS_OK);
	assert_int_equal(der.n, sizeof name - 1);
	assert_memory_equal(der.p, name, sizeof name - 1);
	assert_int_equal(r.authorities.n, 0);
	assert_int_equal(certificate_request(TLS_BODY(TLS10_CERTIFICATE_REQUEST), false, &r, &at), DIS_OK);
	assert_int_equal(r.types.n, 3);
	assert_int_equal(r.signatures.n, 0);
	assert_int_equal(authority_next(&r.authorities, &der, &at), DIS_OK);
	assert_memory_equal(der.p, name, sizeof name - 1);
}

static void
refuses_broken_requests(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		bool tls12;
		enum dis answer;
		const char *field;
		size_t off;
	} rows[] = {
		{"\x01\x40\x00\x03\x04\x03\x04\x00\x00", 9, true, DIS_BAD,
		 "certificate_request.supported_signature_algorithms", 2},
		{"\x01\x40\x00\x02\x04\x03\x00\x00x", 9, true, DIS_BAD, "certificate_request.end", 8},
		{"\x01\x40\x00\x02\x04\x03\x00\x01", 8, true, DIS_MORE,
		 "certificate_request.certificate_authorities", 6},
		{"\x01\x40\x00\x02\x04\x03\x00\x00", 8, false, DIS_BAD, "certificate_request.end", 6},
		{"\x03\x40", 2, false, DIS_MORE, "certificate_request.certificate_types", 0},
	};
	struct slice empty = slice_of("\x00\x00", 2), der;
	struct dis_at at = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct certificate_request r = {.types = {.n = 99}};

		assert_int_equal(certificate_request(slice_of(rows[i].bytes, rows[i].n),
						     rows[i].tls12, &r, &at),
				 rows[i].answer);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_int_equal(r.types.n, 99);
	}
	assert_int_equal(authority_next(&empty, &der, &at), DIS_BAD);
	assert_string_equal(at.field, "certificate_authorities.distinguished_name");
}

static void
reads_curves(void **state)
{
	struct ske_curve curve = {0};
	struct dis_at at = {0};

	(void)state;
	assert_int_equal(server_key_exchange_curve(TLS_BODY(TLS12_SERVER_KEY_EXCHANGE), &curve, &at), DIS_OK);
	assert_int_equal(curve.group, 0x001d);
	assert_int_equal(server_key_exchange_curve(slice_of("\x01\x20", 2), &curve, &at), DIS_OK);
	assert_int_equal(curve.group, 0);
	assert_int_equal(server_key_exchange_curve(slice_of("\x02\x20", 2), &curve, &at), DIS_OK);
	assert_int_equal(server_key_exchange_curve(slice_of("\x03\x00\x17\x01x", 5), &curve, &at), DIS_OK);
	assert_int_equal(curve.group, 0x0017);
	assert_int_equal(server_key_exchange_curve(slice_of("\x00\x80", 2), &curve, &at), DIS_BAD);
	assert_string_equal(at.field, "server_key_exchange.curve_type");
	assert_int_equal(server_key_exchange_curve(slice_of("\x04\x00\x17", 3), &curve, &at), DIS_BAD);
	assert_int_equal(server_key_exchange_curve(slice_of("\x03\x00\x17\x00x", 5), &curve, &at), DIS_BAD);
	assert_string_equal(at.field, "server_key_exchange.point");
	assert_int_equal(server_key_exchange_curve(slice_of("\x03\x00", 2), &curve, &at), DIS_MORE);
	assert_string_equal(at.field, "server_key_exchange.namedcurve");
}

static void
wants_more(struct slice prefix, void *arg)
{
	const struct slice *whole = arg;
	struct certificate_request r;
	struct slice list;
	struct dis_at at;
	enum dis answer = prefix.n < whole->n ? DIS_MORE : DIS_OK;

	if (whole->n == sizeof TLS12_CERTIFICATE - 9)
		assert_int_equal(certificate_list(prefix, &list, &at), answer);
	else
		assert_int_equal(certificate_request(prefix, true, &r, &at), answer);
}

static void
tells_cut_from_broken(void **state)
{
	struct slice whole = TLS_BODY(TLS12_CERTIFICATE);

	(void)state;
	every_prefix(whole.p, whole.n, wants_more, &whole);
	whole = TLS_BODY(TLS12_CERTIFICATE_REQUEST);
	every_prefix(whole.p, whole.n, wants_more, &whole);
}

static void
walk(struct slice prefix, void *arg)
{
	(void)arg;
	walk_certificate(prefix);
}

static void
stays_inside_every_prefix(void **state)
{
	(void)state;
	check_every_prefix(walk, 0);
	check_every_prefix(walk, 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_chain),
		cmocka_unit_test(reads_an_empty_list),
		cmocka_unit_test(refuses_broken_lists),
		cmocka_unit_test(reads_requests),
		cmocka_unit_test(refuses_broken_requests),
		cmocka_unit_test(reads_curves),
		cmocka_unit_test(tells_cut_from_broken),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
