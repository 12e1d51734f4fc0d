/* Handshake messages put together, from any cuts and in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "src/tls/assemble.h"

enum { MOST = 8 };

/* What was given, copied. */
struct given {
	struct message message[MOST];
	uint8_t body[MOST][4096];
	size_t n;
};

static void
give(void *arg, const struct message *message)
{
	struct given *given = arg;

	assert_true(given->n < MOST);
	assert_true(message->body.n <= sizeof(given->body[0]));
	given->message[given->n] = *message;
	if (message->body.n > 0)
		memcpy(given->body[given->n], message->body.p, message->body.n);
	given->n++;
}

/* A Certificate message of n bytes of body, 0, 1, 2 and so on. */
static size_t
make_message(uint8_t *out, uint8_t type, size_t n)
{
	out[0] = type;
	out[1] = 0;
	out[2] = (uint8_t)(n >> 8);
	out[3] = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		out[4 + i] = (uint8_t)i;
	return n + 4;
}

static void
assert_body(const struct given *given, size_t which, size_t n)
{
	assert_int_equal(given->message[which].body.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(given->body[which][i], (uint8_t)i);
}

static void
test_tls_every_cut(void **state)
{
	uint8_t bytes[2048];
	size_t n = make_message(bytes, HS_CERTIFICATE, 700);

	(void)state;
	n += make_message(bytes + n, HS_SERVER_HELLO_DONE, 0);
	n += make_message(bytes + n, HS_SERVER_HELLO, 300);
	for (size_t cut = 1; cut < n; cut++) {
		struct assembly_budget budget = {.held = 0};
		struct tls_assembly assembly = {.partial = NULL};
		struct given given = {.n = 0};
		struct slice rest = slice_of(bytes, n), part;

		while (slice_take(&rest, slice_first(rest, cut).n, &part) && part.n > 0)
			assert_true(tls_assembly_add(&assembly, part, &budget, give, &given));
		assert_int_equal(given.n, 3);
		assert_body(&given, 0, 700);
		assert_int_equal(given.message[1].type, HS_SERVER_HELLO_DONE);
		assert_body(&given, 2, 300);
		assert_int_equal(budget.held, 0);
	}
}

static void
test_tls_gap_is_named(void **state)
{
	uint8_t bytes[1024];
	size_t n = make_message(bytes, HS_CERTIFICATE, 500);
	struct assembly_budget budget = {.held = 0};
	struct tls_assembly assembly = {.partial = NULL};
	struct given given = {.n = 0};

	(void)state;
	assert_true(tls_assembly_add(&assembly, slice_of(bytes, 104), &budget, give, &given));
	assert_int_equal(tls_assembly_type(&assembly), HS_CERTIFICATE);
	assert_true(tls_assembly_gap(&assembly, 50, true, &budget, give, &given));
	assert_true(tls_assembly_add(&assembly, slice_of(bytes + 154, n - 154), &budget, give, &given));
	assert_int_equal(given.n, 1);
	assert_int_equal(given.message[0].n_gaps, 1);
	assert_int_equal(given.message[0].gaps[0].off, 100);
	assert_int_equal(given.message[0].gaps[0].len, 50);
	assert_true(given.message[0].gaps[0].cut);
	assert_int_equal(given.body[0][99], 99);
	assert_int_equal(given.body[0][100], 0);
	assert_int_equal(given.body[0][150], 150);
	assert_int_equal(budget.held, 0);
}

static void
test_tls_gap_over_the_end(void **state)
{
	uint8_t bytes[1024];
	struct assembly_budget budget = {.held = 0};
	struct tls_assembly assembly = {.partial = NULL};
	struct given given = {.n = 0};

	(void)state;
	make_message(bytes, HS_CERTIFICATE, 500);
	assert_true(tls_assembly_add(&assembly, slice_of(bytes, 400), &budget, give, &given));
	assert_false(tls_assembly_gap(&assembly, 105, false, &budget, give, &given));
	assert_int_equal(tls_assembly_type(&assembly), 255);
	assert_int_equal(given.n, 0);
	assert_int_equal(budget.held, 0);
}

static void
test_tls_encrypted_is_no_message(void **state)
{
	static const uint8_t bytes[] = {0x7b, 0x10, 0x22, 0x31, 0x99, 0x41};
	struct assembly_budget budget = {.held = 0};
	struct tls_assembly assembly = {.partial = NULL};
	struct given given = {.n = 0};

	(void)state;
	assert_false(tls_assembly_add(&assembly, slice_of(bytes, sizeof(bytes)), &budget, give, &given));
	assert_int_equal(given.n, 0);
}

/* 16 MiB are announced and a few bytes come: no more is held than came; and nothing over the limit ever is. */
static void
test_tls_announced_is_not_held(void **state)
{
	static const uint8_t header[] = {HS_CERTIFICATE, 0xff, 0xff, 0xff};
	uint8_t *bytes = calloc(1, 65536);
	struct assembly_budget budget = {.held = 0};
	struct tls_assembly assembly = {.partial = NULL};
	struct given given = {.n = 0};

	(void)state;
	assert_true(tls_assembly_add(&assembly, slice_of(header, sizeof(header)), &budget, give, &given));
	assert_true(tls_assembly_add(&assembly, slice_of(bytes, 100), &budget, give, &given));
	assert_true(budget.held <= 4096);
	for (size_t i = 0; i < 255; i++)
		assert_true(tls_assembly_add(&assembly, slice_of(bytes, 65536), &budget, give, &given));
	assert_true(budget.held <= LIMIT_MESSAGE);
	assert_int_equal(budget.refused, 1);
	tls_assembly_clear(&assembly, &budget);
	assert_int_equal(budget.held, 0);
	free(bytes);
}

static struct handshake_header
fragment(uint16_t seq, uint32_t length, uint32_t offset, uint32_t n)
{
	return (struct handshake_header){.type = HS_CERTIFICATE, .length = length, .message_seq = seq,
					 .frag_offset = offset, .frag_length = n};
}

static enum dtls_add
add(struct dtls_assembly *assembly, struct handshake_header header, const uint8_t *body,
    struct assembly_budget *budget, struct given *given)
{
	return dtls_assembly_add(assembly, &header, slice_of(body + header.frag_offset, header.frag_length),
				 budget, give, given);
}

/* Against the naive model: random fragments, overlapping and again, until every byte has come. */
static void
test_dtls_random_fragments(void **state)
{
	uint8_t bytes[1004];
	const uint8_t *body = bytes + 4;
	uint32_t seed = 1;

	(void)state;
	make_message(bytes, HS_CERTIFICATE, 1000);
	for (unsigned round = 0; round < 500; round++) {
		struct assembly_budget budget = {.held = 0};
		struct dtls_assembly assembly = {.n = 0};
		struct given given = {.n = 0};
		bool have[1000] = {false};
		size_t missing = 1000;

		while (missing > 0) {
			uint32_t from, n;
			enum dtls_add answer;
			seed = seed * 1664525 + 1013904223;
			from = seed >> 8 & 1023;
			n = 30 + (seed >> 20 & 255);
			if (from >= 1000)
				continue;
			n = from + n > 1000 ? 1000 - from : n;
			answer = add(&assembly, fragment(3, 1000, from, n), body, &budget, &given);
			for (uint32_t i = from; i < from + n; i++) {
				missing -= !have[i];
				have[i] = true;
			}
			assert_int_equal(answer, missing > 0 ? DTLS_WAITING : DTLS_WHOLE);
		}
		assert_int_equal(given.n, 1);
		assert_body(&given, 0, 1000);
		assert_int_equal(add(&assembly, fragment(3, 1000, 0, 10), body, &budget, &given), DTLS_AGAIN);
		assert_int_equal(budget.held, 0);
		dtls_assembly_clear(&assembly, &budget);
	}
}

static void
test_dtls_contradiction_is_refused(void **state)
{
	uint8_t bytes[1004];
	struct assembly_budget budget = {.held = 0};
	struct dtls_assembly assembly = {.n = 0};
	struct given given = {.n = 0};

	(void)state;
	make_message(bytes, HS_CERTIFICATE, 1000);
	assert_int_equal(add(&assembly, fragment(0, 1000, 0, 10), bytes, &budget, &given), DTLS_WAITING);
	assert_int_equal(add(&assembly, fragment(0, 999, 10, 10), bytes, &budget, &given), DTLS_REFUSED);
	dtls_assembly_clear(&assembly, &budget);
}

static void
test_dtls_messages_are_bounded(void **state)
{
	uint8_t bytes[1004] = {0};
	struct assembly_budget budget = {.held = 0};
	struct dtls_assembly assembly = {.n = 0};
	struct given given = {.n = 0};

	(void)state;
	for (uint16_t seq = 0; seq < LIMIT_DTLS_MESSAGES; seq++)
		assert_int_equal(add(&assembly, fragment(seq, 1000, 0, 1), bytes, &budget, &given), DTLS_WAITING);
	assert_int_equal(add(&assembly, fragment(99, 1000, 0, 1), bytes, &budget, &given), DTLS_REFUSED);
	assert_int_equal(budget.refused, 1);
	dtls_assembly_clear(&assembly, &budget);
	assert_int_equal(budget.held, 0);
}

/* What is announced, or lies far ahead, takes no memory; what is within reach does. */
static void
test_dtls_far_ahead_is_refused(void **state)
{
	const uint8_t byte = 0, *body = &byte;
	struct assembly_budget budget = {.held = 0};
	struct dtls_assembly assembly = {.n = 0};
	struct given given = {.n = 0};
	struct handshake_header header = fragment(0, LIMIT_MESSAGE, LIMIT_DTLS_REACH, 1);

	(void)state;
	assert_int_equal(dtls_assembly_add(&assembly, &header, slice_of(body, 1), &budget, give, &given), DTLS_REFUSED);
	assert_int_equal(budget.refused, 1);
	assert_true(budget.held < 4096);
	header.frag_offset--;
	assert_int_equal(dtls_assembly_add(&assembly, &header, slice_of(body, 1), &budget, give, &given), DTLS_WAITING);
	assert_true(budget.held >= LIMIT_DTLS_REACH);
	dtls_assembly_waiting(&assembly, &budget, give, &given);
	assert_int_equal(given.n, 1);
	assert_true(given.message[0].over_limit);
	assert_int_equal(given.message[0].gaps[0].len, LIMIT_DTLS_REACH - 1);
	assert_int_equal(budget.held, 0);
}

static void
test_dtls_waiting_is_given_with_gaps(void **state)
{
	uint8_t bytes[1004];
	const uint8_t *body = bytes + 4;
	struct assembly_budget budget = {.held = 0};
	struct dtls_assembly assembly = {.n = 0};
	struct given given = {.n = 0};

	(void)state;
	make_message(bytes, HS_CERTIFICATE, 1000);
	add(&assembly, fragment(0, 1000, 0, 400), body, &budget, &given);
	add(&assembly, fragment(0, 1000, 600, 100), body, &budget, &given);
	dtls_assembly_waiting(&assembly, &budget, give, &given);
	assert_int_equal(given.n, 1);
	assert_int_equal(given.message[0].n_gaps, 2);
	assert_int_equal(given.message[0].gaps[0].off, 400);
	assert_int_equal(given.message[0].gaps[0].len, 200);
	assert_int_equal(given.message[0].gaps[1].off, 700);
	assert_int_equal(given.message[0].gaps[1].len, 300);
	assert_int_equal(given.message[0].body.n, 1000);
	assert_int_equal(given.body[0][399], (uint8_t)399);
	assert_int_equal(budget.held, 0);
}

static void
test_all_together_are_bounded(void **state)
{
	static const uint8_t header[TLS_HANDSHAKE_HEADER + 1] = {HS_CERTIFICATE, 0, 1, 0, 0};
	struct assembly_budget budget = {.held = LIMIT_ASSEMBLY - 100};
	struct tls_assembly tls = {.partial = NULL};
	struct dtls_assembly dtls = {.n = 0};
	struct given given = {.n = 0};

	(void)state;
	assert_true(assembly_fits(&budget, 100));
	assert_false(assembly_fits(&budget, 101));
	assert_true(tls_assembly_add(&tls, slice_of(header, sizeof(header)), &budget, give, &given));
	assert_int_equal(add(&dtls, fragment(0, 1000, 0, 1), header, &budget, &given), DTLS_REFUSED);
	assert_int_equal(budget.refused, 2);
	assert_int_equal(budget.held, LIMIT_ASSEMBLY - 100);
	tls_assembly_clear(&tls, &budget);
	dtls_assembly_clear(&dtls, &budget);
	budget.held = LIMIT_ASSEMBLY + 1; /* streams may go beyond it by what they keep */
	assert_false(assembly_fits(&budget, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tls_every_cut),
		cmocka_unit_test(test_tls_gap_is_named),
		cmocka_unit_test(test_tls_gap_over_the_end),
		cmocka_unit_test(test_tls_encrypted_is_no_message),
		cmocka_unit_test(test_tls_announced_is_not_held),
		cmocka_unit_test(test_dtls_random_fragments),
		cmocka_unit_test(test_dtls_contradiction_is_refused),
		cmocka_unit_test(test_dtls_messages_are_bounded),
		cmocka_unit_test(test_dtls_far_ahead_is_refused),
		cmocka_unit_test(test_all_together_are_bounded),
		cmocka_unit_test(test_dtls_waiting_is_given_with_gaps),
	};

	return cmocka_run_group_tests_name("assemble", tests, NULL, NULL);
}
