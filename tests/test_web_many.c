/* Files asked for by HTTP, many at once: floods stay bounded, and memory may run out anywhere. */
#include "src/limit.h"
#include "tests/allocations.h"
#include "tests/web_tape.h"

#define OK_7 "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"

static void
heads_that_never_end(void **state)
{
	(void)state;
	for (unsigned dir = 0; dir < 2; dir++) {
		struct web_tape t;

		web_begin(&t);
		web_get(&t, WEB_CONFIG);
		web_say(&t, dir, dir == PHONE ? "GET / HTTP/1.1\r\n" : "HTTP/1.1 200 OK\r\n");
		for (unsigned i = 0; i < 3000; i++) {
			web_say(&t, dir, "X: and so on, and so on\r\n");
			assert_true(t.tape.host.transfers_held < 32768);
		}
		web_check(&t, 0, TRANSFER_INCOMPLETE, 0, 0);
		assert_int_equal(t.tape.tally.over_limit, 1);
		web_get(&t, WEB_CONFIG);
		web_say(&t, CUCM, OK_7 "content");
		web_check_content(&t, 1, "content", false);
		web_end(&t);
	}
}

static void
a_flood_of_requests(void **state)
{
	enum { FLOOD = 100000 };
	struct web_tape t;

	(void)state;
	web_begin(&t);
	for (unsigned i = 0; i < FLOOD; i++) {
		web_get(&t, WEB_CONFIG);
		web_say(&t, CUCM, OK_7 "content");
		assert_int_equal(t.tape.host.transfers_held, 0);
	}
	assert_int_equal(t.tape.n, FLOOD);
	for (unsigned i = 0; i < FLOOD; i++)
		web_get(&t, WEB_CONFIG); /* without waiting */
	assert_true(web_done(t.web));
	assert_int_equal(t.tape.n, FLOOD + LIMIT_WEB_REQUESTS);
	assert_int_equal(t.tape.tally.over_limit, 1);
	web_end(&t);
}

/* Streams together hold no more than all files may. */
static void
a_flood_of_streams(void **state)
{
	enum { FLOOD = 4000 };
	static struct web *webs[FLOOD];
	static const char opening[] = "GET /" WEB_CONFIG " HTTP/1.1\r\n\r\nGET /";
	uint8_t head[8000];
	struct web_tape t;

	(void)state;
	memset(head, 'x', sizeof(head));
	memcpy(head, opening, strlen(opening));
	web_begin(&t);
	for (unsigned i = 0; i < FLOOD; i++) {
		webs[i] = web_new(&t.tape.host, &t.ends);
		assert_non_null(webs[i]);
		web_data(webs[i], PHONE, slice_of(head, sizeof(head)), t.tape.now);
		assert_true(t.tape.host.transfers_held <= LIMIT_PHONE_FILES);
	}
	assert_true(t.tape.tally.over_limit > FLOOD / 2);
	for (unsigned i = 0; i < FLOOD; i++)
		web_free(webs[i], t.tape.now);
	web_end(&t);
}

static void
a_file_that_never_ends(void **state)
{
	uint8_t bytes[65536] = {0};
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n");
	for (unsigned i = 0; i < 1000; i++) {
		web_say_bytes(&t, CUCM, bytes, sizeof(bytes));
		assert_true(t.tape.host.transfers_held < LIMIT_PHONE_FILE + 8192);
	}
	web_miss(&t, CUCM, UINT64_C(1) << 63);
	web_say_bytes(&t, CUCM, bytes, sizeof(bytes));
	web_rst(t.web, CUCM, t.tape.now);
	web_check(&t, 0, TRANSFER_BROKEN, 200, 1001 * sizeof(bytes));
	assert_int_equal(web_transfer(&t, 0)->content->n, LIMIT_PHONE_FILE);
	assert_true(web_transfer(&t, 0)->content->cut);
	web_end(&t);
}

static void
no_memory_is_said(void **state)
{
	bool failed = true;
	size_t nth;

	(void)state;
	for (nth = 1; failed; nth++) {
		struct web_tape t;

		web_begin(&t);
		web_free(t.web, t.tape.now);
		allocations_fail(nth);
		t.web = web_new(&t.tape.host, &t.ends);
		if (t.web != NULL) {
			static const char asked[] = "GET /" WEB_CONFIG " HTTP/1.1\r\n\r\nGET /CTLFile.tlv HTTP/1.1\r\n\r\n";
			static const char answered[] = OK_7 "contentHTTP/1.1 404 No\r\n\r\n";

			for (size_t i = 0; i < strlen(asked); i += 20)
				web_data(t.web, PHONE, slice_first(slice_of(asked + i, strlen(asked) - i), 20), t.tape.now);
			for (size_t i = 0; i < strlen(answered); i += 20)
				web_data(t.web, CUCM, slice_first(slice_of(answered + i, strlen(answered) - i), 20),
					 t.tape.now);
			web_fin(t.web, CUCM, t.tape.now);
		}
		web_end_stream(&t);
		failed = allocations_failed();
		assert_int_equal(t.tape.host.out_of_memory, failed);
		if (!failed)
			assert_int_equal(t.tape.n, 2);
		story_end(&t.tape);
	}
	assert_true(nth > 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_that_never_end),
		cmocka_unit_test(a_flood_of_requests),
		cmocka_unit_test(a_flood_of_streams),
		cmocka_unit_test(a_file_that_never_ends),
		cmocka_unit_test(no_memory_is_said),
	};

	return cmocka_run_group_tests_name("web, many", tests, NULL, NULL);
}
