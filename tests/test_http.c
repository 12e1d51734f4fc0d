/* dissectors/http.c. Heads are written by hand, in the words of phones and of CUCM and as RFC 9112 has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/prefixes.h"
#include "tests/transfer_walk.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* As a phone asks and CUCM answers. */
#define PHONE_GET "GET /SEP001122334455.cnf.xml.sgn HTTP/1.1\r\nHost:192.0.2.20:6970\r\n\r\n"
#define CUCM_OK                                                                         \
	"HTTP/1.1 200 OK\r\nContent-length: 12952\r\nCache-Control: no-store\r\nContent-type: */*\r\n\r\n"
#define CUCM_MISSING "HTTP/1.1 404 File Not Found\r\nContent-Length: 0\r\n\r\n"
#define OLD_GET "GET /XMLDefault.cnf.xml HTTP/1.0\n\n"
#define FOLDED                                                                            \
	"POST /a HTTP/1.1\r\nHost:\r\n 192.0.2.20\r\nUser-Agent: Cisco\r\n\tIPPhone\r\n " \
	"\r\nTransfer-Encoding: gzip,\r\n chunked\r\nConnection: close\r\n\r\n"

#define FOLDED_LENGTH "HTTP/1.1 200 OK\r\nContent-Length:\r\n 7\r\n\r\n"

static const char *const GOOD[] = {PHONE_GET, CUCM_OK, CUCM_MISSING, OLD_GET, FOLDED, FOLDED_LENGTH};

static struct slice
slice_of_text(const char *text)
{
	return slice_of(text, strlen(text));
}

static void
assert_text(struct slice s, const char *text)
{
	assert_int_equal(s.n, strlen(text));
	assert_memory_equal(s.p, text, s.n);
}

/* head reads text, which must be one head and nothing more. */
static struct http_head
head(const char *text)
{
	struct http_head h;
	struct dis_at at;
	struct slice in = slice_of_text(text);

	assert_int_equal(http_head(&in, &h, &at), DIS_OK);
	assert_int_equal(in.n, 0);
	return h;
}

#define REQUEST(fields) head("GET / HTTP/1.1\r\n" fields "\r\n")

static void
knows_what_opens_a_request(void **state)
{
	static const struct {
		const char *bytes;
		enum dis answer;
	} rows[] = {
		{"GET ", DIS_OK}, {"GET /a HTTP/1.1\r\n", DIS_OK}, {"HEAD /", DIS_OK}, {"POST /", DIS_OK},
		{"PUT /", DIS_OK}, {"OPTIONS *", DIS_OK}, {"DELETE /", DIS_OK},
		{"", DIS_MORE}, {"G", DIS_MORE}, {"GET", DIS_MORE}, {"P", DIS_MORE}, {"PO", DIS_MORE},
		{"OPTIONS", DIS_MORE}, {"DELETE", DIS_MORE}, {"HEA", DIS_MORE}, {"PUT", DIS_MORE},
		{"GET\t/", DIS_BAD}, {"GETS ", DIS_BAD}, {"get /", DIS_BAD}, {" GET /", DIS_BAD},
		{"CONNECT ", DIS_BAD}, {"TRACE /", DIS_BAD}, {"HTTP/1.1 200 OK", DIS_BAD},
		{"\x16\x03\x01", DIS_BAD}, {"\r\nGET /", DIS_BAD}, {"PA", DIS_BAD},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (http_opens(slice_of_text(rows[i].bytes)) != rows[i].answer)
			fail_msg("%s", rows[i].bytes);
	assert_int_equal(http_opens((struct slice){0}), DIS_MORE);
}

static void
reads_a_phones_request(void **state)
{
	struct http_head h = head(PHONE_GET);

	(void)state;
	assert_false(h.response);
	assert_text(h.method, "GET");
	assert_text(h.target, "/SEP001122334455.cnf.xml.sgn");
	assert_text(h.host, "192.0.2.20:6970");
	assert_int_equal(h.user_agent.n + h.content_type.n, 0);
	assert_false(h.has_length || h.chunked || h.close || h.packed);

	h = head(OLD_GET);
	assert_text(h.target, "/XMLDefault.cnf.xml");
	assert_true(h.close);
	assert_int_equal(h.host.n, 0);
}

static void
reads_cucms_answers(void **state)
{
	struct http_head h = head(CUCM_OK);

	(void)state;
	assert_true(h.response);
	assert_int_equal(h.status, 200);
	assert_text(h.reason, "OK");
	assert_text(h.content_type, "*/*");
	assert_true(h.has_length);
	assert_int_equal(h.length, 12952);
	assert_int_equal(h.method.n + h.target.n, 0);
	assert_false(h.chunked || h.close || h.packed);

	h = head(CUCM_MISSING);
	assert_int_equal(h.status, 404);
	assert_text(h.reason, "File Not Found");
	assert_true(h.has_length);
	assert_int_equal(h.length, 0);
}

static void
leaves_what_follows(void **state)
{
	struct http_head h;
	struct dis_at at;
	struct slice in = slice_of_text(CUCM_OK "\r\n<device>");

	(void)state;
	assert_int_equal(http_head(&in, &h, &at), DIS_OK);
	assert_text(in, "\r\n<device>");
}

static void
reads_start_lines_leniently(void **state)
{
	static const struct {
		const char *line, *target;
	} requests[] = {
		{"GET / HTTP/1.1", "/"},
		{"GET  /a\t HTTP/1.1 ", "/a"},
		{"\r\n\nGET /a HTTP/1.9", "/a"},
		{"GET /Ringlist 2.xml HTTP/1.1", "/Ringlist 2.xml"},
		{"GET http://192.0.2.20:6970/a HTTP/1.1", "http://192.0.2.20:6970/a"},
		{"OPTIONS * HTTP/1.1", "*"},
		{"HTTPS / HTTP/1.1", "/"},
	};
	static const struct {
		const char *line;
		uint16_t status;
		const char *reason;
	} responses[] = {
		{"HTTP/1.0 302 Temporary moved", 302, "Temporary moved"},
		{"HTTP/1.1 200", 200, ""},
		{"HTTP/1.1 200 ", 200, ""},
		{"HTTP/1.1  500\tInternal  Error ", 500, "Internal  Error"},
		{"HTTP/1.1 100 Continue", 100, "Continue"},
		{"HTTP/1.1 999 \xff", 999, "\xff"},
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++) {
		struct http_head h = head(strcat(strcpy(text, requests[i].line), "\r\n\r\n"));

		assert_false(h.response);
		assert_text(h.target, requests[i].target);
	}
	for (size_t i = 0; i < COUNT(responses); i++) {
		struct http_head h = head(strcat(strcpy(text, responses[i].line), "\n\n"));

		assert_true(h.response);
		assert_int_equal(h.status, responses[i].status);
		assert_text(h.reason, responses[i].reason);
	}
}

static void
reads_fields_leniently(void **state)
{
	struct http_head h = REQUEST("hOST : \t a b \t \r\nCONTENT-TYPE:text/xml\nuser-agent:\r\n");

	(void)state;
	assert_text(h.host, "a b");
	assert_text(h.content_type, "text/xml");
	assert_int_equal(h.user_agent.n, 0);

	/* no field: no colon, no name, a name that only begins or ends like one, one that is folded into another's value */
	h = REQUEST("Host\r\n: a\r\nHosts: b\r\nX-Host: c\r\nX: d\r\n Host: e\r\n\r: f\r\n");
	assert_int_equal(h.host.n, 0);
	/* nor what is folded onto the first line */
	assert_int_equal(REQUEST(" Host: a\r\n").host.n, 0);

	/* over and over: the first that says anything */
	h = REQUEST("Host:\r\nHost: a\r\nUser-Agent: u\r\nHost: b\r\nUser-Agent: v\r\nContent-Type: s\r\nContent-Type: t\r\n");
	assert_text(h.host, "a");
	assert_text(h.user_agent, "u");
	assert_text(h.content_type, "s");
}

static void
reads_folded_fields(void **state)
{
	struct http_head h = head(FOLDED);

	(void)state;
	assert_text(h.host, "192.0.2.20");
	assert_text(h.user_agent, "Cisco\r\n\tIPPhone");
	assert_true(h.chunked && h.packed && h.close);

	h = REQUEST("Content-Length:\n\t7\n \nContent-Type: a\n");
	assert_int_equal(h.length, 7);
	assert_text(h.content_type, "a");
}

static void
reads_lengths(void **state)
{
	static const struct {
		const char *fields;
		bool good;
		uint64_t length;
	} rows[] = {
		{"Content-Length: 0\r\n", true, 0},
		{"content-length:18446744073709551615\r\n", true, UINT64_MAX},
		{"Content-Length: 7\r\nX: y\r\nContent-length: 07\r\n", true, 7},
		{"Content-Length: 7, 7\r\n", true, 7},
		{"Content-Length: 7\r\nContent-Length: 8\r\n", false, 0},
		{"Content-Length: 0\r\nContent-Length: 8\r\n", false, 0},
		{"Content-Length: 7, 8\r\n", false, 0},
		{"Content-Length: 7 8\r\n", false, 0},
		{"Content-Length: 7\r\n 8\r\n", false, 0},
		{"Content-Length:\r\n", false, 0},
		{"Content-Length: 7,,7\r\n", false, 0},
		{"Content-Length: -7\r\n", false, 0},
		{"Content-Length: +7\r\n", false, 0},
		{"Content-Length: 0x7\r\n", false, 0},
		{"Content-Length: 18446744073709551616\r\n", false, 0},
		{"Content-Length: x\r\nTransfer-Encoding: chunked\r\n", false, 0},
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_head h = {.status = 9};
		struct dis_at at = {0};
		struct slice in = slice_of_text(strcat(strcat(strcpy(text, "HTTP/1.1 200 OK\r\n"), rows[i].fields), "\r\n"));

		if (http_head(&in, &h, &at) != (rows[i].good ? DIS_OK : DIS_BAD))
			fail_msg("%s", rows[i].fields);
		assert_true(rows[i].good ? in.n == 0 && h.has_length : in.n == strlen(text) && h.status == 9);
		assert_int_equal(h.length, rows[i].length);
	}
}

static void
reads_codings(void **state)
{
	static const struct {
		const char *fields;
		bool chunked, has_length, packed;
	} rows[] = {
		{"Transfer-Encoding: chunked\r\n", true, false, false},
		{"transfer-encoding:CHUNKED\r\nContent-Length: 7\r\n", true, false, false},
		{"Content-Length: 7\r\nTransfer-Encoding: Chunked\r\n", true, false, false},
		{"Transfer-Encoding: gzip, chunked\r\n", true, false, true},
		{"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", true, false, true},
		{"Transfer-Encoding: , chunked ,\r\n", true, false, false},
		{"Transfer-Encoding: chunked, gzip\r\nContent-Length: 7\r\n", false, false, true},
		{"Transfer-Encoding: gzip\r\nContent-Length: 7\r\n", false, false, true},
		{"Transfer-Encoding: identity\r\nContent-Length: 7\r\n", false, true, false},
		{"Transfer-Encoding:\r\nContent-Length: 7\r\n", false, true, false},
		{"Transfer-Encoding: xchunked\r\nContent-Length: 7\r\n", false, false, true},
		{"Content-Encoding: gzip\r\nContent-Length: 7\r\n", false, true, true},
		{"Content-Encoding: Identity\r\n", false, false, false},
		{"Content-Encoding:\r\n", false, false, false},
		{"Content-Encoding: , identity\r\n", false, false, false},
		{"Content-Encoding: identity, br\r\n", false, false, true},
		{"Content-Encoding: br\r\nContent-Encoding: identity\r\n", false, false, true},
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_head h = head(strcat(strcat(strcpy(text, "HTTP/1.1 200 OK\r\n"), rows[i].fields), "\r\n"));

		if (h.chunked != rows[i].chunked || h.has_length != rows[i].has_length || h.packed != rows[i].packed)
			fail_msg("%s", rows[i].fields);
		assert_int_equal(h.length, h.has_length ? 7 : 0);
	}
}

static void
knows_whether_the_connection_ends(void **state)
{
	static const struct {
		const char *head;
		bool close;
	} rows[] = {
		{"HTTP/1.1 200 OK\r\n\r\n", false},
		{"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", true},
		{"HTTP/1.1 200 OK\r\nconnection:Upgrade,Close\r\n\r\n", true},
		{"HTTP/1.1 200 OK\r\nConnection: closed\r\n\r\n", false},
		{"HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n", true},
		{"HTTP/1.0 200 OK\r\n\r\n", true},
		{"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n", false},
		{"HTTP/1.0 200 OK\r\nConnection: keep-alive, TE\r\n\r\n", false},
		{"HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\n\r\n", true},
		{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false},
		{"GET / HTTP/1.0\r\nConnection: TE\r\n\r\n", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (head(rows[i].head).close != rows[i].close)
			fail_msg("%s", rows[i].head);
}

/* What cannot be a head is refused as soon as its line is whole. */
static void
refuses_what_is_no_head(void **state)
{
	static const struct {
		const char *bytes, *field;
		size_t off;
	} rows[] = {
		{"GET /\r\n", "http.start_line", 0},
		{"GET\r\n", "http.start_line", 0},
		{"GET HTTP/1.1\r\n", "http.start_line", 0},
		{"GET  HTTP/1.1\r\n", "http.start_line", 0},
		{"GET /aHTTP/1.1\r\n", "http.start_line", 0},
		{" / HTTP/1.1\r\n", "http.start_line", 0},
		{"HTTP/1.1\r\n", "http.start_line", 0},
		{"GET / HTTP/2.0\r\n", "http.start_line", 0},
		{"GET / HTTP/1.x\r\n", "http.start_line", 0},
		{"GET / http/1.1\r\n", "http.start_line", 0},
		{"REGISTER sip:cucm.example.com SIP/2.0\r\n", "http.start_line", 0},
		{"HTTP/1. 200 OK\r\n", "http.start_line", 0},
		{"HTTP/1./ 200 OK\r\n", "http.start_line", 0},
		{"HTTP/1.10 200 OK\r\n", "http.start_line", 0},
		{"HTTP/2 200\r\n", "http.start_line", 0},
		{"HTTP/1.1 20 OK\r\n", "http.start_line", 0},
		{"HTTP/1.1 2000 OK\r\n", "http.start_line", 0},
		{"HTTP/1.1 099 OK\r\n", "http.start_line", 0},
		{"HTTP/1.1 2x0 OK\r\n", "http.start_line", 0},
		{"\r\n\nx\n", "http.start_line", 3},
		{"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: x\r\nX", "http.field", 23},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_head h = {.status = 9};
		struct dis_at at = {0};
		struct slice in = slice_of_text(rows[i].bytes);

		if (http_head(&in, &h, &at) != DIS_BAD)
			fail_msg("%s", rows[i].bytes);
		assert_string_equal(at.field, rows[i].field);
		assert_int_equal(at.off, rows[i].off);
		assert_int_equal(in.n, strlen(rows[i].bytes));
		assert_int_equal(h.status, 9);
	}
}

static void
reads_chunked_bodies(void **state)
{
	struct slice in = slice_of_text("8\r\n<device>\r\n0b ;a=\"b\"\n</device>\r\n\n000\r\nX: 1\r\n y\r\n\r\nHTTP/1.1");
	struct slice data;
	struct dis_at at;
	uint64_t size;

	(void)state;
	assert_int_equal(http_chunk(&in, &size, &at), DIS_OK);
	assert_int_equal(size, 8);
	assert_true(slice_take(&in, 8, &data));
	assert_text(data, "<device>");
	assert_int_equal(http_chunk(&in, &size, &at), DIS_OK);
	assert_int_equal(size, 11);
	assert_true(slice_take(&in, 11, &data));
	assert_text(data, "</device>\r\n");
	assert_int_equal(http_chunk(&in, &size, &at), DIS_OK);
	assert_int_equal(size, 0);
	assert_int_equal(http_trailer(&in, &at), DIS_OK);
	assert_text(in, "HTTP/1.1");
}

static void
reads_chunk_lines(void **state)
{
	static const struct {
		const char *line;
		enum dis answer;
		uint64_t size;
		size_t off;
	} rows[] = {
		{"0\r\n", DIS_OK, 0, 0},
		{"1aF\n", DIS_OK, 0x1af, 0},
		{"\r\n1AF\r\n", DIS_OK, 0x1af, 0},
		{" 10 \t\r\n", DIS_OK, 16, 0},
		{"10;x;y\r\n", DIS_OK, 16, 0},
		{"0000000000000000000ffffffffffffffff\r\n", DIS_OK, UINT64_MAX, 0},
		{"10000000000000000\r\n", DIS_BAD, 0, 0},
		{"g\r\n", DIS_BAD, 0, 0},
		{"1 0\r\n", DIS_BAD, 0, 0},
		{"0x10\r\n", DIS_BAD, 0, 0},
		{"-1\r\n", DIS_BAD, 0, 0},
		{":\r\n", DIS_BAD, 0, 0},
		{"@\r\n", DIS_BAD, 0, 0},
		{";10\r\n", DIS_BAD, 0, 0},
		{" \r\n", DIS_BAD, 0, 0},
		{"\r\n\r\n10\r\n", DIS_BAD, 0, 2},
		{"", DIS_MORE, 0, 0},
		{"10", DIS_MORE, 0, 0},
		{"10\r", DIS_MORE, 0, 0},
		{"\r\n", DIS_MORE, 0, 2},
		{"\r\n10;", DIS_MORE, 0, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice in = slice_of_text(rows[i].line);
		struct dis_at at = {0};
		uint64_t size = 9;

		if (http_chunk(&in, &size, &at) != rows[i].answer)
			fail_msg("%s", rows[i].line);
		assert_int_equal(size, rows[i].answer == DIS_OK ? rows[i].size : 9);
		assert_int_equal(in.n, rows[i].answer == DIS_OK ? 0 : strlen(rows[i].line));
		if (rows[i].answer != DIS_OK)
			assert_string_equal(at.field, "http.chunk_size");
		assert_int_equal(at.off, rows[i].off);
	}
}

static void
waits_for_a_whole_trailer(void **state)
{
	static const char trailer[] = "X: 1\r\nY: 2\n\r\n";
	struct dis_at at;

	(void)state;
	for (size_t n = 0; n < strlen(trailer); n++) {
		struct slice in = slice_of(trailer, n);

		assert_int_equal(http_trailer(&in, &at), DIS_MORE);
		assert_string_equal(at.field, "http.trailer");
		assert_int_equal(in.n, n);
	}
}

/* All but the whole: more is needed. */
static void
expect_more(struct slice prefix, void *whole)
{
	struct http_head h;
	struct dis_at at;
	struct slice in = prefix;

	assert_int_equal(http_head(&in, &h, &at), prefix.n < *(size_t *)whole ? DIS_MORE : DIS_OK);
	walk_http(prefix);
}

static void
wants_more_of_every_prefix_of_a_head(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(GOOD); i++) {
		size_t whole = strlen(GOOD[i]);

		every_prefix((const uint8_t *)GOOD[i], whole, expect_more, &whole);
	}
}

static void
walk(struct slice prefix, void *arg)
{
	struct slice in = prefix;

	(void)arg;
	walk_http(prefix);
	(void)walk_chunks(&in);
}

static void
stays_inside_every_prefix(void **state)
{
	static const char *const samples[] = {
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x\r\nabcd\r\n0\r\nX: y\r\n\r\n" CUCM_MISSING,
		CUCM_MISSING CUCM_MISSING PHONE_GET,
		"a\r\n0123456789\r\n0\r\n\r\n",
		"GET / HTTP/2\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++)
		every_prefix((const uint8_t *)samples[i], strlen(samples[i]), walk, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_opens_a_request),
		cmocka_unit_test(reads_a_phones_request),
		cmocka_unit_test(reads_cucms_answers),
		cmocka_unit_test(leaves_what_follows),
		cmocka_unit_test(reads_start_lines_leniently),
		cmocka_unit_test(reads_fields_leniently),
		cmocka_unit_test(reads_folded_fields),
		cmocka_unit_test(reads_lengths),
		cmocka_unit_test(reads_codings),
		cmocka_unit_test(knows_whether_the_connection_ends),
		cmocka_unit_test(refuses_what_is_no_head),
		cmocka_unit_test(reads_chunked_bodies),
		cmocka_unit_test(reads_chunk_lines),
		cmocka_unit_test(waits_for_a_whole_trailer),
		cmocka_unit_test(wants_more_of_every_prefix_of_a_head),
		cmocka_unit_test(stays_inside_every_prefix),
	};

	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
