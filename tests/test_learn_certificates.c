/* Certificates turned into facts: chains that are whole, that touch a gap, that lie; and who asks for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "src/tls/learn.h"
#include "tests/tls_samples.h"

#define AT ((struct when){7, 7000})

static struct message
whole(uint8_t type, struct slice body)
{
	return (struct message){.type = type, .body = body};
}

/* with_gap makes a message of which len bytes from off on were never captured. */
static struct message
with_gap(uint8_t type, struct slice body, uint32_t off, uint32_t len)
{
	struct message message = whole(type, body);

	message.gaps[message.n_gaps++] = (struct gap){off, len, false};
	return message;
}

static void
free_list(struct cert_list_fact *list)
{
	for (size_t i = 0; i < list->n; i++)
		cert_unref(list->certs[i].cert);
	free(list->certs);
}

/* The chain of the sample: 3 bytes of length, and each certificate behind 3 more. */
#define FIRST_LENGTH 3
#define FIRST_DER 6
#define SECOND_LENGTH (6 + 279)
#define SECOND_DER (SECOND_LENGTH + 3)

static void
check_chain(struct message message, enum learned expected, size_t n)
{
	struct cert_store *store = cert_store_new(0);
	struct cert_list_fact list;
	const char *field = NULL;

	assert_non_null(store);
	assert_int_equal(learn_certificates(&message, AT, store, &list, &field), expected);
	assert_int_equal(list.n, n);
	assert_int_equal(list.at.frame, 7);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(list.certs[i].at.frame, 7);
	assert_int_equal(field != NULL, expected == LEARNED_MALFORMED);
	free_list(&list);
	cert_store_free(store);
}

static void
a_chain(void **state)
{
	struct cert_store *store = cert_store_new(0);
	struct message message = whole(HS_CERTIFICATE, TLS_BODY(TLS12_CERTIFICATE));
	struct cert_list_fact list;
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_certificates(&message, AT, store, &list, &field), LEARNED);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.certs[0].cert->subject_cn, "gw.example.test");
	assert_string_equal(list.certs[1].cert->subject_cn, "Test-CA");
	free_list(&list);
	cert_store_free(store);
	check_chain(whole(HS_CERTIFICATE, TLS_BODY(TLS12_EMPTY_CERTIFICATE)), LEARNED, 0);
}

/* What touches a gap is never hashed, and what its length says is not known; what stands before it is good. */
static void
chains_with_gaps(void **state)
{
	struct slice body = TLS_BODY(TLS12_CERTIFICATE);
	const uint32_t end = (uint32_t)body.n;

	(void)state;
	check_chain(with_gap(HS_CERTIFICATE, body, end - 1, 1), LEARNED_PART, 1);
	check_chain(with_gap(HS_CERTIFICATE, body, SECOND_DER, 1), LEARNED_PART, 1);
	check_chain(with_gap(HS_CERTIFICATE, body, SECOND_LENGTH, 1), LEARNED_PART, 1);
	check_chain(with_gap(HS_CERTIFICATE, body, SECOND_LENGTH + 2, 1), LEARNED_PART, 1);
	check_chain(with_gap(HS_CERTIFICATE, body, SECOND_LENGTH - 1, 1), LEARNED_NOTHING, 0);
	check_chain(with_gap(HS_CERTIFICATE, body, FIRST_DER, 1), LEARNED_NOTHING, 0);
	check_chain(with_gap(HS_CERTIFICATE, body, FIRST_LENGTH + 1, 1), LEARNED_NOTHING, 0);
	check_chain(with_gap(HS_CERTIFICATE, body, 0, 1), LEARNED_NOTHING, 0);
	check_chain(with_gap(HS_CERTIFICATE, body, 0, end), LEARNED_NOTHING, 0);
}

static void
chains_that_lie(void **state)
{
	struct slice body = TLS_BODY(TLS12_CERTIFICATE);
	uint8_t bytes[sizeof(TLS12_CERTIFICATE)];
	struct message over = whole(HS_CERTIFICATE, body);

	(void)state;
	memcpy(bytes, body.p, body.n);
	check_chain(whole(HS_CERTIFICATE, slice_first(body, 100)), LEARNED_MALFORMED, 0);
	bytes[SECOND_LENGTH + 2]++; /* longer than what is left */
	check_chain(whole(HS_CERTIFICATE, slice_of(bytes, body.n)), LEARNED_MALFORMED, 1);
	over.over_limit = true;
	check_chain(over, LEARNED_NOTHING, 0);
}

static void
more_certificates_than_are_kept(void **state)
{
	static uint8_t bytes[3 + 4 * (LIMIT_CHAIN + 1)];

	(void)state;
	for (size_t n = LIMIT_CHAIN; n <= LIMIT_CHAIN + 1; n++) {
		bytes[1] = (uint8_t)(4 * n >> 8);
		bytes[2] = (uint8_t)(4 * n);
		for (size_t i = 0; i < n; i++)
			memcpy(bytes + 3 + 4 * i, "\0\0\1\x30", 4);
		check_chain(whole(HS_CERTIFICATE, slice_of(bytes, 3 + 4 * n)), n == LIMIT_CHAIN ? LEARNED : LEARNED_PART,
			    LIMIT_CHAIN);
	}
}

static void
free_request(struct cert_request_fact *request)
{
	for (size_t i = 0; i < request->n_authorities; i++)
		free(request->authorities[i]);
	free(request->authorities);
}

static void
certificate_requests(void **state)
{
	struct message message = whole(HS_CERTIFICATE_REQUEST, TLS_BODY(TLS12_CERTIFICATE_REQUEST));
	struct cert_request_fact request;
	const char *field = NULL;

	(void)state;
	assert_int_equal(learn_certificate_request(&message, true, AT, &request, &field), LEARNED);
	assert_int_equal(request.at.frame, 7);
	assert_int_equal(request.n_authorities, 1);
	assert_string_equal(request.authorities[0], "CN=Test-CA");
	free_request(&request);
	message = whole(HS_CERTIFICATE_REQUEST, TLS_BODY(TLS10_CERTIFICATE_REQUEST));
	assert_int_equal(learn_certificate_request(&message, false, AT, &request, &field), LEARNED);
	assert_int_equal(request.n_authorities, 1);
	free_request(&request);
	assert_int_equal(learn_certificate_request(&message, true, AT, &request, &field), LEARNED_MALFORMED);
	assert_int_equal(request.at.frame, 7); /* it was asked for all the same */
	assert_non_null(field);
	message = with_gap(HS_CERTIFICATE_REQUEST, message.body, 3, 1);
	assert_int_equal(learn_certificate_request(&message, false, AT, &request, &field), LEARNED_NOTHING);
	assert_int_equal(request.at.frame, 7);
}

static void
more_authorities_than_are_kept(void **state)
{
	static uint8_t bytes[4 + 4 * (LIMIT_AUTHORITIES + 5)];
	const size_t n = LIMIT_AUTHORITIES + 5;
	struct message message = whole(HS_CERTIFICATE_REQUEST, slice_of(bytes, 4 + 4 * n));
	struct cert_request_fact request;
	const char *field = NULL;

	(void)state;
	memcpy(bytes, (uint8_t[]){1, 1, (uint8_t)(4 * n >> 8), (uint8_t)(4 * n)}, 4);
	for (size_t i = 0; i < n; i++)
		memcpy(bytes + 4 + 4 * i, "\0\2\x30\0", 4);
	assert_int_equal(learn_certificate_request(&message, false, AT, &request, &field), LEARNED);
	assert_int_equal(request.n_authorities, LIMIT_AUTHORITIES);
	free_request(&request);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain),
		cmocka_unit_test(chains_with_gaps),
		cmocka_unit_test(chains_that_lie),
		cmocka_unit_test(more_certificates_than_are_kept),
		cmocka_unit_test(certificate_requests),
		cmocka_unit_test(more_authorities_than_are_kept),
	};

	return cmocka_run_group_tests_name("learn: certificates", tests, NULL, NULL);
}
