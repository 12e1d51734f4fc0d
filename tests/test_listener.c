/* A worker as its parent hears it: what it tells, and what none would tell, which is the last that is heard of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "src/workers/listener.h"

static struct cert_store *certs;
static struct carry_words words;

static int
setup(void **state)
{
	(void)state;
	certs = cert_store_new(1);
	return certs == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	carry_words_free(&words);
	cert_store_free(certs);
	return 0;
}

/* ---- telling ---- */

struct line {
	int to;
	struct listener listener;
};

static struct line
begin_line(void)
{
	struct line line = {.listener = {.from = -1}};
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	line.to = ends[1];
	line.listener.from = ends[0];
	listener_begin(&line.listener);
	return line;
}

static void
end_line(struct line *line)
{
	close(line->to);
	close(line->listener.from);
	listener_free(&line->listener);
}

static struct carry
telling(enum told_kind kind, uint64_t frame)
{
	struct carry out = {.n = 0};

	CARRY(&out, kind, TOLD_END);
	CARRY(&out, frame, UINT64_MAX);
	carry_number(&out, 0, UINT64_MAX);
	return out;
}

/* told has the listener hear it, and says whether it has it for its head. */
static bool
told(struct line *line, struct carry *out)
{
	const uint8_t length[4] = {0, 0, (uint8_t)(out->n >> 8), (uint8_t)out->n};

	assert_int_equal(write(line->to, length, sizeof(length)), sizeof(length));
	assert_int_equal(write(line->to, out->out, out->n), out->n);
	carry_free(out);
	listener_read(&line->listener);
	return listener_hear(&line->listener);
}

static bool
tell_begun(struct line *line, uint64_t frame, uint32_t n)
{
	struct carry out = telling(TOLD_BEGUN, frame);

	CARRY(&out, n, UINT32_MAX);
	return told(line, &out);
}

static bool
tell_handshake(struct line *line, enum told_kind kind, uint64_t frame, uint32_t id)
{
	struct carry out = telling(kind, frame);
	struct handshake *handshake = handshake_new();

	assert_non_null(handshake);
	handshake->id = id;
	if (kind == TOLD_DECIDED)
		carry_number(&out, 1, 1);
	carry_handshake(&out, handshake);
	handshake_free(handshake);
	return told(line, &out);
}

static bool
tell_notice(struct line *line, bool own, const char *text)
{
	struct carry out = telling(TOLD_NOTICE, 1);
	char *sentence = strdup(text);

	told_notice(&out, &own, &sentence);
	free(sentence);
	return told(line, &out);
}

static void
tell_passed(struct line *line, uint64_t frame, const struct tally *counted)
{
	struct tally tally = *counted;
	struct carry out = telling(TOLD_PASSED, frame);

	told_count(&out, &tally);
	assert_false(told(line, &out));
}

/* ---- heard ---- */

static void
a_decided_handshake_has_the_number_that_it_will_have(void **state)
{
	struct line line = begin_line();
	struct handshake *handshake;
	bool anew = false;

	(void)state;
	assert_true(tell_begun(&line, 1, 2));
	assert_int_equal(listener_number(&line.listener, 40), 42);
	for (int again = 0; again < 2; again++) {
		assert_true(tell_handshake(&line, TOLD_DECIDED, 2, 2));
		handshake = listener_decided(&line.listener, certs, &words, &anew);
		assert_non_null(handshake);
		assert_true(anew);
		assert_int_equal(handshake->id, 42);
		handshake_free(handshake);
	}
	assert_true(tell_handshake(&line, TOLD_HANDSHAKE, 3, 2));
	handshake = listener_handshake(&line.listener, certs, &words);
	assert_non_null(handshake);
	assert_int_equal(handshake->id, 42);
	handshake_free(handshake);
	assert_false(line.listener.lost);
	/* it is over */
	assert_true(tell_handshake(&line, TOLD_DECIDED, 4, 2));
	assert_null(listener_decided(&line.listener, certs, &words, &anew));
	assert_true(line.listener.lost);
	end_line(&line);
}

static void
none_is_decided_that_has_not_begun(void **state)
{
	struct line line = begin_line();
	bool anew;

	(void)state;
	assert_true(tell_handshake(&line, TOLD_DECIDED, 2, 1));
	assert_null(listener_decided(&line.listener, certs, &words, &anew));
	assert_true(line.listener.lost);
	end_line(&line);
}

static void
a_notice_is_a_sentence_fit_to_be_shown(void **state)
{
	struct line line = begin_line();
	char *sentence;
	bool own;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_true(tell_notice(&line, i == 1, "b0: down; waiting for it"));
		sentence = listener_notice(&line.listener, &own);
		assert_string_equal(sentence, "b0: down; waiting for it");
		assert_int_equal(own, i);
		free(sentence);
	}
	assert_true(tell_notice(&line, false, "b0: \033[2J"));
	assert_null(listener_notice(&line.listener, &own));
	assert_true(line.listener.lost);
	end_line(&line);
}

static void
times_of_drops_are_told(void **state)
{
	struct line line = begin_line();
	struct tally tally = {.packets = 7, .dropped = {.kernel = 3, .n = 2, .spans = {{1, 2}, {300, 400}}}};

	(void)state;
	tell_passed(&line, 5, &tally);
	assert_true(line.listener.counted);
	assert_false(line.listener.lost);
	assert_int_equal(line.listener.tally.dropped.kernel, 3);
	assert_int_equal(line.listener.tally.dropped.n, 2);
	assert_int_equal(line.listener.tally.dropped.spans[1].to_us, 400);
	assert_int_equal(line.listener.next.frame, 5);
	end_line(&line);
}

/* Nobody may reckon with them. */
static void
times_that_none_has_are_not_believed(void **state)
{
	const struct drops wrong[] = {
		{.n = 1, .spans = {{-1, 2}}},
		{.n = 1, .spans = {{1, INT64_MAX}}},
		{.n = 2, .spans = {{1, 2}, {3, -4}}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct line line = begin_line();
		struct tally tally = {.dropped = wrong[i]};

		tell_passed(&line, 5, &tally);
		assert_true(line.listener.lost);
		end_line(&line);
	}
}

static void
nobody_goes_back(void **state)
{
	struct line line = begin_line();
	const struct tally tally = {.packets = 1};

	(void)state;
	tell_passed(&line, 5, &tally);
	assert_true(tell_begun(&line, 5, 1));
	assert_int_equal(listener_number(&line.listener, 0), 1);
	assert_false(line.listener.lost);
	tell_begun(&line, 4, 1);
	assert_true(line.listener.lost);
	end_line(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decided_handshake_has_the_number_that_it_will_have),
		cmocka_unit_test(none_is_decided_that_has_not_begun),
		cmocka_unit_test(a_notice_is_a_sentence_fit_to_be_shown),
		cmocka_unit_test(times_of_drops_are_told),
		cmocka_unit_test(times_that_none_has_are_not_believed),
		cmocka_unit_test(nobody_goes_back),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
