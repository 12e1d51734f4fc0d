/* Files asked for by HTTP: requests, answers of every form, and what is of no interest. */
#include "tests/web_tape.h"

#define OK_7 "HTTP/1.1 200 OK\r\nContent-length: 7\r\nCache-Control: no-store\r\nContent-type: */*\r\n\r\n"

static void
a_file(void **state)
{
	static const char request[] = "GET /" WEB_CONFIG ".sgn HTTP/1.1\r\nHost:10.0.0.2:6970\r\n\r\n";

	(void)state;
	for (size_t piece = 1; piece < 90; piece++) {
		struct web_tape t;
		const struct event *event;

		web_begin(&t);
		web_say_each(&t, PHONE, request, piece);
		assert_int_equal(t.tape.n, 0);
		web_say_each(&t, CUCM, OK_7 "content", piece);
		assert_int_equal(t.tape.n, 1);
		assert_false(web_done(t.web));
		web_check(&t, 0, TRANSFER_DONE, 200, 7);
		web_check_content(&t, 0, "content", false);
		event = t.tape.events[0];
		assert_string_equal(event->transfer.file, WEB_CONFIG ".sgn");
		assert_string_equal(event->transfer.mode, "GET");
		assert_false(event->transfer.write);
		assert_true(event->transfer.has_told_size);
		assert_int_equal(event->transfer.told_size, 7);
		assert_int_equal(event->at.frame, (strlen(request) + piece - 1) / piece);
		assert_int_equal(event->last.frame, t.tape.now.frame);
		assert_true(event->transfer.answered.frame > event->at.frame);
		assert_int_equal(event->transfer.refused.frame, 0);
		story_assert_ip(&event->client.ip, 0x0a000007);
		story_assert_ip(&event->server.ip, 0x0a000002);
		assert_int_equal(event->client.port, 50000);
		assert_int_equal(event->server.port, 6970);
		assert_int_equal(event->vlan[0], STORY_VLAN);
		web_end(&t);
	}
}

/* One after the other, and all at once. */
static void
several_on_one_stream(void **state)
{
	static const char missing[] = "HTTP/1.1 404 File Not Found\r\nContent-Length: 9\r\n\r\nnot here!";

	(void)state;
	for (unsigned pipelined = 0; pipelined < 2; pipelined++) {
		struct web_tape t;

		web_begin(&t);
		web_get(&t, "CTLSEP001122334455.tlv");
		if (!pipelined)
			web_say(&t, CUCM, missing);
		web_get(&t, "g3-tones.xml");
		if (!pipelined)
			web_say(&t, CUCM, OK_7 "rington");
		web_get(&t, WEB_CONFIG);
		if (!pipelined)
			web_say(&t, CUCM, OK_7 "content");
		if (pipelined) {
			char all[512];

			snprintf(all, sizeof(all), "%s%s%s", missing, OK_7 "rington", OK_7 "content");
			web_say_each(&t, CUCM, all, 11);
		}
		assert_int_equal(t.tape.n, 3);
		web_check(&t, 0, TRANSFER_REFUSED, 404, 0);
		assert_string_equal(web_transfer(&t, 0)->message, "File Not Found");
		assert_int_equal(web_transfer(&t, 0)->refused.frame, web_transfer(&t, 0)->answered.frame);
		web_check_content(&t, 0, NULL, false);
		web_check(&t, 1, TRANSFER_DONE, 200, 7);
		assert_string_equal(web_transfer(&t, 1)->file, "g3-tones.xml");
		web_check_content(&t, 1, NULL, false);
		web_check(&t, 2, TRANSFER_DONE, 200, 7);
		web_check_content(&t, 2, "content", false);
		web_end(&t);
	}
}

static void
in_chunks(void **state)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
				     "3;x=y\r\ncon\r\n04\r\ntent\r\n0\r\nTrailer: x\r\n\r\n" OK_7 "another";

	(void)state;
	for (size_t piece = 1; piece < 60; piece++) {
		struct web_tape t;

		web_begin(&t);
		web_get(&t, WEB_CONFIG);
		web_get(&t, WEB_CONFIG);
		web_say_each(&t, CUCM, answer, piece);
		assert_int_equal(t.tape.n, 2);
		web_check(&t, 0, TRANSFER_DONE, 200, 7);
		web_check_content(&t, 0, "content", false);
		assert_false(web_transfer(&t, 0)->has_told_size);
		web_check_content(&t, 1, "another", false);
		web_end(&t);
	}
}

static void
up_to_the_close(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, "HTTP/1.0 200 OK\r\n\r\ncon");
	web_fin(t.web, PHONE, story_next(&t.tape, 1));
	web_say(&t, CUCM, "tent");
	assert_int_equal(t.tape.n, 0);
	web_fin(t.web, CUCM, story_next(&t.tape, 1));
	assert_true(web_done(t.web));
	web_check(&t, 0, TRANSFER_DONE, 200, 7);
	web_check_content(&t, 0, "content", false);
	assert_int_equal(t.tape.events[0]->last.frame, 5);
	web_end(&t);
}

/* Answers that have no body, whatever they say of its length; and one that goes before the answer. */
static void
without_a_body(void **state)
{
	static const struct {
		const char *request, *answer;
		unsigned code;
		enum transfer_outcome expected;
	} tries[] = {
		{"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n", 200, TRANSFER_DONE},
		{"HEAD", "HTTP/1.1 404 No\r\nContent-Length: 4711\r\n\r\n", 404, TRANSFER_REFUSED},
		{"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 4711\r\n\r\n", 304, TRANSFER_DONE},
		{"GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, TRANSFER_DONE},
		{"GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, TRANSFER_DONE},
		{"GET", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", 302, TRANSFER_REFUSED},
		{"GET", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n", 500, TRANSFER_REFUSED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct web_tape t;
		char text[128];

		web_begin(&t);
		snprintf(text, sizeof(text), "%s /" WEB_CONFIG " HTTP/1.1\r\n\r\n", tries[i].request);
		web_say(&t, PHONE, text);
		web_say(&t, CUCM, tries[i].answer);
		web_get(&t, WEB_CONFIG);
		web_say(&t, CUCM, OK_7 "content");
		assert_int_equal(t.tape.n, 2);
		web_check(&t, 0, tries[i].expected, tries[i].code, 0);
		assert_string_equal(web_transfer(&t, 0)->mode, tries[i].request);
		web_check_content(&t, 0, NULL, false);
		web_check_content(&t, 1, "content", false);
		web_end(&t);
	}
}

/* Neither a part of a file nor a compressed one can be read. */
static void
what_cannot_be_read(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 206 Partial Content\r\nContent-Length: 7\r\n\r\ncontent",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\ncontent",
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct web_tape t;

		web_begin(&t);
		web_get(&t, WEB_CONFIG);
		web_say(&t, CUCM, answers[i]);
		web_check(&t, 0, TRANSFER_DONE, i == 0 ? 206 : 200, 7);
		web_check_content(&t, 0, NULL, false);
		web_end(&t);
	}
}

/* The request's own body is the file. */
static void
to_the_server(void **state)
{
	struct web_tape t;

	(void)state;
	web_begin(&t);
	web_say(&t, PHONE, "PUT /report HTTP/1.1\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
	web_say(&t, CUCM, "HTTP/1.1 100 Continue\r\n\r\n");
	web_say(&t, PHONE, "0123456789");
	web_say(&t, CUCM, "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nOK");
	web_say(&t, PHONE, "POST /report HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n");
	web_say(&t, CUCM, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
	web_say(&t, PHONE, "PUT /half HTTP/1.1\r\nContent-Length: 10\r\n\r\n01234");
	web_say(&t, CUCM, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"); /* in the middle */
	web_say(&t, PHONE, "56789");
	web_get(&t, WEB_CONFIG);
	web_say(&t, CUCM, OK_7 "content");
	assert_int_equal(t.tape.n, 4);
	web_check(&t, 0, TRANSFER_DONE, 201, 10);
	assert_true(web_transfer(&t, 0)->write);
	assert_string_equal(web_transfer(&t, 0)->mode, "PUT");
	assert_int_equal(web_transfer(&t, 0)->told_size, 10);
	web_check(&t, 1, TRANSFER_REFUSED, 413, 4);
	assert_false(web_transfer(&t, 1)->has_told_size);
	web_check(&t, 2, TRANSFER_REFUSED, 403, 5);
	web_check(&t, 3, TRANSFER_DONE, 200, 7);
	web_end(&t);
}

static void
targets(void **state)
{
	static const struct {
		const char *target, *file;
	} tries[] = {
		{"/" WEB_CONFIG "?a=b/c", WEB_CONFIG},
		{"/a/b/" WEB_CONFIG, "a/b/" WEB_CONFIG},
		{"http://cucm:6970/a/" WEB_CONFIG, "a/" WEB_CONFIG},
		{WEB_CONFIG, WEB_CONFIG},
		{"a/" WEB_CONFIG, "a/" WEB_CONFIG},
		{"a/b/c/" WEB_CONFIG, "a/b/c/" WEB_CONFIG},
		{"//" WEB_CONFIG, "/" WEB_CONFIG},
		{"/\xff" WEB_CONFIG, "\\xff" WEB_CONFIG},
		{"/", ""},
		{"*", "*"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct web_tape t;
		char text[128];

		web_begin(&t);
		snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\n\r\n", tries[i].target);
		web_say(&t, PHONE, text);
		web_end_stream(&t);
		assert_string_equal(web_transfer(&t, 0)->file, tries[i].file);
		story_end(&t.tape);
	}
}

/* At other ports a stream matters whose first request is for a phone's file, and of its requests those that are. */
static void
at_another_port(void **state)
{
	static const char *const others[] = {"", "index.html", "SEP001122334455.html", WEB_CONFIG "/"};
	static const char *const ours[] = {WEB_CONFIG, "a/sep001122334455.CNF.xml.enc.sgn", "CTLFile.tlv", "x?/../ITLFile.tlv"};
	struct web_tape t;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		web_begin_at(&t, 80);
		web_get(&t, others[i]);
		assert_true(web_done(t.web));
		web_end_stream(&t);
		assert_int_equal(t.tape.n, 0);
		story_end(&t.tape);
	}
	for (size_t i = 0; i < 4; i++) {
		web_begin_at(&t, 8080);
		web_get(&t, ours[i]);
		assert_int_equal(web_done(t.web), i == 3); /* behind the "?" is no file */
		web_get(&t, "logo.png");
		web_end_stream(&t);
		assert_int_equal(t.tape.n, i < 3);
		story_end(&t.tape);
	}
	web_begin_at(&t, 80);
	web_get(&t, WEB_CONFIG);
	web_get(&t, "logo.png");
	web_get(&t, "CTLFile.tlv");
	web_say(&t, CUCM, OK_7 "content" OK_7 "picture" OK_7 "the CTL");
	assert_int_equal(t.tape.n, 2);
	web_check_content(&t, 0, "content", false);
	web_check_content(&t, 1, "the CTL", false);
	assert_int_equal(web_transfer(&t, 1)->content->kind, PHONE_FILE_CTL);
	web_end(&t);
}

static void
what_is_not_http(void **state)
{
	static const char *const openings[] = {"\x16\x03\x01\x02", "SSH-2.0-x\r\n", "CONNECT vpn:443 HTTP/1.1\r\n\r\n",
					       "GET\r\n", "GET /\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		for (size_t piece = 1; piece < 40; piece += 13) {
			struct web_tape t;

			web_begin(&t);
			web_say_each(&t, PHONE, openings[i], piece);
			assert_true(web_done(t.web));
			web_get(&t, WEB_CONFIG);
			web_miss(&t, PHONE, 1);
			web_fin(t.web, CUCM, t.tape.now);
			web_rst(t.web, CUCM, t.tape.now);
			web_end_stream(&t);
			assert_int_equal(t.tape.n, 0);
			story_end(&t.tape);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file),
		cmocka_unit_test(several_on_one_stream),
		cmocka_unit_test(in_chunks),
		cmocka_unit_test(up_to_the_close),
		cmocka_unit_test(without_a_body),
		cmocka_unit_test(what_cannot_be_read),
		cmocka_unit_test(to_the_server),
		cmocka_unit_test(targets),
		cmocka_unit_test(at_another_port),
		cmocka_unit_test(what_is_not_http),
	};

	return cmocka_run_group_tests_name("web", tests, NULL, NULL);
}
