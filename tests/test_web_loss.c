/* Files asked for by HTTP where not all is there: holes, streams that break off, captures that begin and end in the
 * middle. */
#include "src/limit.h"
#include "tests/web_tape.h"

#define OK_7 "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

/* What follows is read again, whatever was lost before. */
static void
check_that_the_next_is_read(struct web_tape *t, size_t n)
{
	web_get(t, "CTLFile.tlv");
	web_say(t, CUCM, OK_7 "the CTL");
	assert_int_equal(t->tape.n, n + 1);
	web_check(t, n, TRANSFER_DONE, 200, 7);
	web_check_content(t, n, "the CTL", false);
	assert_string_equal(web_transfer(t, n)->file, "CTLFile.tlv");
}

static void
holes_in_a_body(void **state)
{
	static const struct {
		const char *before;
		uint64_t hole;
		const char *after, *content;
		uint64_t size;
	} tries[] = {
		{OK_7 "con", 2, "nt", "con", 5},
		{OK_7 "con", 4, "", "con", 3},
		{OK_7, 3, "tent", NULL, 4},
		{OK_7, 7, "", NULL, 0},
		{CHUNKED "7\r\nco", 3, "nt\r\n0\r\n\r\n", "co", 4},
		{CHUNKED "3\r\ncon\r\n4\r\n", 4, "\r\n0\r\n\r\n", "con", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct web_tape t;

		web_begin(&t);
		web_get(&t, WEB_CONFIG);
		web_say(&t, CUCM, tries[i].before);
		web_miss(&t, CUCM, tries[i].hole);
		web_say(&t, CUCM, tries[i].after);
		assert_int_equal(t.tape.n, 1);
		web_check(&t, 0, TRANSFER_INCOMPLETE, 200, tries[i].size);
		web_check_content(&t, 0, tries[i].content, true);
		check_that_the_next_is_read(&t, 1);
		web_end(&t);
	}
}

/* More holes than can be remembered. */
static void
many_holes_in_a_body(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
	for (unsigned i = 0; i < 100; i++) {
		web_say(&t, CUCM, "1234567");
		web_miss(&t, CUCM, 3);
	}
	web_check(&t, 0, TRANSFER_INCOMPLETE, 200, 700);
	web_check_content(&t, 0, "1234567", true);
	web_end(&t);
}

static void
a_hole_before_the_close(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, "HTTP/1.0 200 OK\r\n\r\ncon");
	web_miss(&t, CUCM, 2);
	web_say(&t, CUCM, "nt");
	web_fin(t.web, CUCM, t.tape.now);
	web_check(&t, 0, TRANSFER_INCOMPLETE, 200, 5);
	web_check_content(&t, 0, "con", true);
	web_end(&t);
}

/* A head or a chunk's line lies in the hole: what waits for an answer is incomplete, and the rest of it is no head. */
static void
holes_in_heads(void **state)
{
	static const struct {
		const char *before;
		uint64_t hole;
		unsigned code;
		uint64_t size;
	} tries[] = {
		{"", 9, 0, 0},
		{"HTTP/1.1 200 OK\r\nCon", 9, 0, 0},
		{OK_7 "con", 40, 200, 3},
		{CHUNKED "3\r\ncon", 9, 200, 3},
		{CHUNKED "3\r\ncon\r\n0\r\nTrai", 9, 200, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct web_tape t;

		web_begin(&t);
		web_get(&t, WEB_CONFIG);
		if (tries[i].before[0] != '\0')
			web_say(&t, CUCM, tries[i].before);
		web_miss(&t, CUCM, tries[i].hole);
		web_say(&t, CUCM, OK_7 "what is this?");
		web_miss(&t, CUCM, 10000);
		assert_int_equal(t.tape.n, 1);
		web_check(&t, 0, TRANSFER_INCOMPLETE, tries[i].code, tries[i].size);
		check_that_the_next_is_read(&t, 1);
		web_end(&t);
	}
}

/* A request lies in the hole: its answer is nobody's, and neither is what was still to be answered before it. */
static void
holes_in_requests(void **state)
{
	static const struct {
		const char *asked, *answered, *lost_answer;
		enum transfer_outcome expected;
		unsigned code;
		uint64_t size;
	} tries[] = {
		{"", OK_7 "content", OK_7 "the ITL", TRANSFER_DONE, 200, 7},
		{"GET /ITLFi", OK_7 "content", OK_7 "the ITL", TRANSFER_DONE, 200, 7},
		{"GET /ITLFi", OK_7 "con", OK_7 "the ITL", TRANSFER_INCOMPLETE, 200, 3},
		{"GET /ITLFi", "HTTP/1.1 404 Fi", "", TRANSFER_INCOMPLETE, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct web_tape t;

		web_begin(&t);
		web_get(&t, WEB_CONFIG);
		web_say(&t, CUCM, tries[i].answered);
		web_say(&t, PHONE, tries[i].asked);
		web_miss(&t, PHONE, 60);
		web_say(&t, PHONE, "Host: 10.0.0.2");
		web_say(&t, CUCM, tries[i].lost_answer);
		web_check(&t, 0, tries[i].expected, tries[i].code, tries[i].size);
		check_that_the_next_is_read(&t, 1);
		web_end(&t);
	}
}

/* Requests sent without waiting, and their answers in a hole: what comes behind it belongs to none of them. */
static void
holes_over_answers(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_get(&t, WEB_CONFIG);
	web_get(&t, "ITLFile.tlv");
	web_get(&t, "CTLFile.tlv");
	web_say(&t, CUCM, OK_7 "con");
	web_miss(&t, CUCM, 4 + strlen(OK_7) + 7);
	web_say(&t, CUCM, OK_7 "the CTL");
	assert_int_equal(t.tape.n, 3);
	web_check(&t, 0, TRANSFER_INCOMPLETE, 200, 3);
	web_check(&t, 1, TRANSFER_INCOMPLETE, 0, 0);
	web_check(&t, 2, TRANSFER_INCOMPLETE, 0, 0);
	check_that_the_next_is_read(&t, 3);
	web_end(&t);
}

/* An answer to a lost request that another request interrupts. */
static void
an_answer_to_a_lost_request(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, OK_7 "content");
	web_miss(&t, PHONE, 60);
	web_say(&t, CUCM, "HTTP/1.1 200 OK\r\nContent-Le");
	web_get(&t, "CTLFile.tlv");
	web_say(&t, CUCM, "ngth: 7\r\n\r\nthe ITL");
	web_say(&t, CUCM, OK_7 "the CTL");
	assert_int_equal(t.tape.n, 2);
	web_check_content(&t, 1, "the CTL", false);
	web_end(&t);
}

/* A body of the phone's may have holes as well. */
static void
a_hole_in_what_is_sent(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_say(&t, PHONE, "PUT /report HTTP/1.1\r\nContent-Length: 10\r\n\r\n01");
	web_miss(&t, PHONE, 3);
	web_say(&t, PHONE, "56789");
	web_say(&t, CUCM, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	web_check(&t, 0, TRANSFER_INCOMPLETE, 200, 7);
	check_that_the_next_is_read(&t, 1);
	web_end(&t);
}

static void
no_answer_of_http(void **state)
{
	static const char *const answers[] = {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
					      "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", CHUNKED "x\r\n"};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct web_tape t;

		web_begin(&t);
		web_get(&t, WEB_CONFIG);
		web_say(&t, CUCM, answers[i]);
		web_check(&t, 0, TRANSFER_INCOMPLETE, i == 3 ? 200 : 0, 0);
		check_that_the_next_is_read(&t, 1);
		web_end(&t);
	}
}

/* An answer that nobody asked for, and a capture that begins in the middle of one. */
static void
answers_without_requests(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, OK_7 "content");
	web_say(&t, CUCM, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
	check_that_the_next_is_read(&t, 1);
	web_end(&t);
	web_begin(&t);
	t.ends.from_start = false;
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, "the end of something");
	web_say(&t, CUCM, OK_7 "content");
	assert_int_equal(t.tape.n, 1);
	web_check_content(&t, 0, "content", false);
	web_end(&t);
}

/* One side breaks off: before the answer, in its body, in its head. A refusal that was read is one. */
static void
broken_off(void **state)
{
	static const struct {
		const char *answer;
		enum transfer_outcome expected;
		unsigned code;
		uint64_t size;
	} tries[] = {
		{NULL, TRANSFER_BROKEN, 0, 0},
		{OK_7 "con", TRANSFER_BROKEN, 200, 3},
		{"HTTP/1.1 200", TRANSFER_BROKEN, 0, 0},
		{CHUNKED "3\r\ncon\r\n", TRANSFER_BROKEN, 200, 3},
		{"HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\nnot", TRANSFER_REFUSED, 404, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		for (unsigned how = 0; how < 3; how++) {
			struct web_tape t;

			web_begin(&t);
			web_get(&t, WEB_CONFIG);
			if (tries[i].answer != NULL)
				web_say(&t, CUCM, tries[i].answer);
			if (how == 0)
				web_fin(t.web, CUCM, t.tape.now);
			else
				web_rst(t.web, how == 1 ? PHONE : CUCM, t.tape.now);
			assert_true(web_done(t.web));
			web_check(&t, 0, tries[i].expected, tries[i].code, tries[i].size);
			web_end(&t);
		}
	}
}

/* A reset ends nothing; and where nothing could be read, nothing is said to be broken. */
static void
reset(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, "HTTP/1.0 200 OK\r\n\r\ncon");
	web_rst(t.web, CUCM, t.tape.now);
	web_check(&t, 0, TRANSFER_BROKEN, 200, 3);
	web_check_content(&t, 0, "con", true);
	web_end(&t);
	web_begin(&t);
	t.ends.from_start = false;
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, "unknown");
	web_rst(t.web, CUCM, t.tape.now);
	web_check(&t, 0, TRANSFER_INCOMPLETE, 0, 0);
	web_end(&t);
	web_begin(&t);
	t.ends.from_start = false;
	web_get(&t, WEB_CONFIG);
	web_rst(t.web, CUCM, t.tape.now);
	web_check(&t, 0, TRANSFER_BROKEN, 0, 0);
	web_end(&t);
}

/* The capture ends, or the stream is silent for long. */
static void
the_end(void **state)
{
	static const struct {
		const char *answer;
		int64_t seconds;
		bool one_direction;
		enum transfer_outcome expected;
	} tries[] = {
		{NULL, 0, false, TRANSFER_INCOMPLETE},
		{NULL, LIMIT_ANSWER_SECONDS - 1, false, TRANSFER_INCOMPLETE},
		{NULL, LIMIT_ANSWER_SECONDS, false, TRANSFER_UNANSWERED},
		{NULL, LIMIT_ANSWER_SECONDS, true, TRANSFER_INCOMPLETE},
		{"HTTP/1.1 200", LIMIT_ANSWER_SECONDS, false, TRANSFER_INCOMPLETE},
		{OK_7 "con", LIMIT_TRANSFER_SECONDS, false, TRANSFER_INCOMPLETE},
		{OK_7 "con", LIMIT_TRANSFER_SECONDS + 1, false, TRANSFER_BROKEN},
		{"HTTP/1.0 200 OK\r\n\r\ncon", 0, false, TRANSFER_INCOMPLETE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct web_tape t;

		web_begin(&t);
		t.ends.saw[CUCM] = !tries[i].one_direction;
		web_get(&t, "a.loads");
		web_get(&t, WEB_CONFIG);
		web_say(&t, CUCM, OK_7 "content");
		if (tries[i].answer != NULL)
			web_say(&t, CUCM, tries[i].answer);
		t.tape.now.us += tries[i].seconds * 1000000;
		web_end_stream(&t);
		assert_int_equal(t.tape.n, 2);
		assert_int_equal(web_transfer(&t, 1)->outcome, tries[i].expected);
		story_end(&t.tape);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holes_in_a_body),
		cmocka_unit_test(many_holes_in_a_body),
		cmocka_unit_test(a_hole_before_the_close),
		cmocka_unit_test(holes_in_heads),
		cmocka_unit_test(holes_in_requests),
		cmocka_unit_test(holes_over_answers),
		cmocka_unit_test(an_answer_to_a_lost_request),
		cmocka_unit_test(a_hole_in_what_is_sent),
		cmocka_unit_test(no_answer_of_http),
		cmocka_unit_test(answers_without_requests),
		cmocka_unit_test(broken_off),
		cmocka_unit_test(reset),
		cmocka_unit_test(the_end),
	};

	return cmocka_run_group_tests_name("web, loss", tests, NULL, NULL);
}
