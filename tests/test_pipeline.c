/* Who reads which packet: frames in, handshakes and events out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "src/pipeline.h"
#include "tests/lab/bytes.h"
#include "tests/tls_samples.h"

enum { MOST = 4, TCP = 6, UDP = 17, FIN = 0x01, SYN = 0x02, ACK = 0x10 };

enum side_of_wire { PHONE, SERVER };

struct wire {
	struct cert_store *certs;
	struct tally tally;
	struct pipeline *pipeline;
	struct when now;
	struct handshake *handshakes[MOST];
	struct event *events[MOST];
	size_t n_handshakes, n_events;
	uint16_t port[2];
	uint32_t seq[2];
	struct bytes frame;
};

static void
on_handshake(void *arg, struct handshake *handshake)
{
	struct wire *wire = arg;

	assert_true(wire->n_handshakes < MOST);
	wire->handshakes[wire->n_handshakes++] = handshake;
}

static void
on_event(void *arg, struct event *event)
{
	struct wire *wire = arg;

	assert_true(wire->n_events < MOST);
	wire->events[wire->n_events++] = event;
}

static void
begin(struct wire *wire)
{
	*wire = (struct wire){.certs = cert_store_new(0), .now = {0, INT64_C(1459541662000000)}};
	wire->pipeline = pipeline_new(wire->certs, &wire->tally, 1, on_handshake, on_event, wire);
	assert_non_null(wire->pipeline);
}

static void
end(struct wire *wire)
{
	pipeline_free(wire->pipeline);
	for (size_t i = 0; i < wire->n_handshakes; i++)
		handshake_free(wire->handshakes[i]);
	for (size_t i = 0; i < wire->n_events; i++)
		event_free(wire->events[i]);
	cert_store_free(wire->certs);
}

/* ---- frames ---- */

static struct bytes *
begin_frame(struct wire *wire, enum side_of_wire from, uint8_t protocol, size_t n, uint16_t fragment)
{
	struct bytes *out = &wire->frame;

	out->n = 0;
	put(out, 6, 0x020000000000 | !from);
	put(out, 6, 0x020000000000 | from);
	put(out, 4, 0x08004500);
	put(out, 2, 20 + n);
	put(out, 2, 0x1234);
	put(out, 2, fragment);
	put(out, 4, 0x40000000U | (uint32_t)protocol << 16);
	put(out, 4, 0x0a000001 + from);
	put(out, 4, 0x0a000001 + !from);
	return out;
}

static bool
end_frame(struct wire *wire)
{
	struct frame frame = {.when = wire->now,
			      .linktype = LINKTYPE_ETHERNET,
			      .bytes = slice_of(wire->frame.b, wire->frame.n),
			      .wire_len = (uint32_t)wire->frame.n};

	frame.when.frame = ++wire->now.frame;
	wire->now.us += 1000;
	return pipeline_frame(wire->pipeline, &frame);
}

static void
put_udp(struct bytes *out, const uint16_t port[2], enum side_of_wire from, const void *p, size_t n)
{
	put(out, 2, port[from]);
	put(out, 2, port[!from]);
	put(out, 2, 8 + n);
	put(out, 2, 0);
	put_bytes(out, p, n);
}

static bool
datagram(struct wire *wire, enum side_of_wire from, const void *p, size_t n)
{
	put_udp(begin_frame(wire, from, UDP, 8 + n, 0), wire->port, from, p, n);
	return end_frame(wire);
}

static bool
segment(struct wire *wire, enum side_of_wire from, unsigned flags, const char *text)
{
	struct bytes *out = begin_frame(wire, from, TCP, 20 + strlen(text), 0);

	put(out, 2, wire->port[from]);
	put(out, 2, wire->port[!from]);
	put(out, 4, wire->seq[from]);
	put(out, 4, flags & ACK ? wire->seq[!from] : 0);
	put(out, 2, 0x5000U | flags);
	put(out, 2, 0xffff);
	put(out, 4, 0);
	put_text(out, text);
	wire->seq[from] += (uint32_t)strlen(text) + ((flags & (SYN | FIN)) != 0);
	return end_frame(wire);
}

static void
connect(struct wire *wire, uint16_t client_port, uint16_t server_port)
{
	wire->port[PHONE] = client_port;
	wire->port[SERVER] = server_port;
	segment(wire, PHONE, SYN, "");
	segment(wire, SERVER, SYN | ACK, "");
	segment(wire, PHONE, ACK, "");
}

static void
put_query(struct bytes *out)
{
	out->n = 0;
	put(out, 6, UINT64_C(0x000101000001));
	put(out, 6, 0);
	put_bytes(out, "\3vpn\7example\3com", 17);
	put(out, 4, 0x00010001);
}

/* ---- tests ---- */

static void
a_file_comes_by_http(void **state)
{
	static struct wire wire;

	(void)state;
	begin(&wire);
	connect(&wire, 50000, 6970);
	segment(&wire, PHONE, ACK, "GET /SEP001122334455.cnf.xml HTTP/1.1\r\nHost:10.0.0.2:6970\r\n\r\n");
	assert_int_equal(wire.n_events, 0);
	segment(&wire, SERVER, ACK, "HTTP/1.1 200 OK\r\nContent-length: 17\r\n\r\n<device>");
	segment(&wire, SERVER, ACK, "</device>");
	segment(&wire, SERVER, FIN | ACK, "");
	segment(&wire, PHONE, FIN | ACK, "");
	assert_true(pipeline_finish(wire.pipeline));
	assert_int_equal(wire.n_handshakes, 0);
	assert_int_equal(wire.n_events, 1);
	assert_int_equal(wire.events[0]->kind, EVENT_TRANSFER);
	assert_true(wire.events[0]->transfer.http);
	assert_string_equal(wire.events[0]->transfer.file, "SEP001122334455.cnf.xml");
	assert_int_equal(wire.events[0]->transfer.outcome, TRANSFER_DONE);
	assert_int_equal(wire.events[0]->transfer.size, 17);
	assert_int_equal(wire.events[0]->client.ip.b[15], 1);
	assert_int_equal(wire.events[0]->client.port, 50000);
	assert_int_equal(wire.events[0]->server.port, 6970);
	end(&wire);
}

/* A request may come anywhere. */
static void
a_file_comes_by_http_from_the_middle(void **state)
{
	static struct wire wire;

	(void)state;
	begin(&wire);
	wire.port[PHONE] = 50000;
	wire.port[SERVER] = 6970;
	segment(&wire, SERVER, ACK, "the end of something else");
	segment(&wire, PHONE, ACK, "and the end of what asked for it");
	segment(&wire, PHONE, ACK, "GET /ITLFile.tlv HTTP/1.1\r\n\r\n");
	segment(&wire, SERVER, ACK, "HTTP/1.1 404 File Not Found\r\nContent-length: 0\r\n\r\n");
	assert_true(pipeline_finish(wire.pipeline));
	assert_int_equal(wire.n_events, 1);
	assert_string_equal(wire.events[0]->transfer.file, "ITLFile.tlv");
	assert_int_equal(wire.events[0]->transfer.outcome, TRANSFER_REFUSED);
	assert_int_equal(wire.events[0]->transfer.code, 404);
	end(&wire);
}

/* A stream that is neither TLS nor asks for a phone's file is let go at once: a file that looks like TLS is none. */
static void
other_streams_are_let_go(void **state)
{
	static const char *const openings[] = {"GET /index.html HTTP/1.1\r\nHost: www.example.com\r\n\r\n",
					       "SSH-2.0-OpenSSH_9.2\r\n"};
	static struct wire wire;

	(void)state;
	begin(&wire);
	for (unsigned i = 0; i < 2; i++) {
		connect(&wire, (uint16_t)(50000 + i), 80);
		segment(&wire, PHONE, ACK, openings[i]);
		assert_int_equal(pipeline_held(wire.pipeline), 0);
		segment(&wire, SERVER, ACK, "GET /SEP001122334455.cnf.xml HTTP/1.1\r\n\r\n");
		segment(&wire, PHONE, ACK, "GET /SEP001122334455.cnf.xml HTTP/1.1\r\n\r\n");
	}
	assert_true(pipeline_finish(wire.pipeline));
	assert_int_equal(wire.n_events + wire.n_handshakes, 0);
	end(&wire);
}

/* What stands in a mail is no request: a stream seen from its start begins with one, or has none. */
static void
a_request_comes_first(void **state)
{
	static struct wire wire;

	(void)state;
	begin(&wire);
	connect(&wire, 50000, 25);
	segment(&wire, SERVER, ACK, "220 mail.example.com ESMTP\r\n");
	segment(&wire, PHONE, ACK, "EHLO x\r\n");
	segment(&wire, PHONE, ACK, "GET /SEP001122334455.cnf.xml HTTP/1.1\r\n\r\n");
	assert_true(pipeline_finish(wire.pipeline));
	assert_int_equal(wire.n_events, 0);
	end(&wire);
}

static void
client_hello(struct wire *wire)
{
	struct bytes *out = begin_frame(wire, PHONE, TCP, 20 + sizeof(TLS12_CLIENT_HELLO), 0);

	put(out, 2, wire->port[PHONE]);
	put(out, 2, wire->port[SERVER]);
	put(out, 4, wire->seq[PHONE]);
	put(out, 4, wire->seq[SERVER]);
	put(out, 4, 0x50100000);
	put(out, 4, 0);
	put_bytes(out, TLS12_CLIENT_HELLO, sizeof(TLS12_CLIENT_HELLO));
	wire->seq[PHONE] += (uint32_t)sizeof(TLS12_CLIENT_HELLO);
	end_frame(wire);
}

static void
tls_is_read_beside_it(void **state)
{
	static struct wire wire;

	(void)state;
	begin(&wire);
	connect(&wire, 50000, 443);
	client_hello(&wire);
	assert_true(pipeline_held(wire.pipeline) > 0);
	assert_true(pipeline_finish(wire.pipeline));
	assert_int_equal(wire.n_handshakes, 1);
	assert_int_equal(wire.handshakes[0]->client.port, 50000);
	assert_int_equal(wire.handshakes[0]->client.mac[5], 0);
	assert_int_equal(wire.handshakes[0]->server.mac[5], 1);
	assert_true(wire.handshakes[0]->from_start);
	assert_int_equal(wire.n_events, 0);
	end(&wire);
}

/* An interface on which nothing comes any more. */
static void
time_passes_without_frames(void **state)
{
	static struct wire wire;
	struct bytes query;
	int64_t last_us;

	(void)state;
	begin(&wire);
	assert_true(pipeline_idle(wire.pipeline, wire.now.us));
	assert_int_equal(wire.tally.last_us, 0);
	connect(&wire, 50000, 443);
	client_hello(&wire);
	wire.port[SERVER] = 53;
	put_query(&query);
	datagram(&wire, PHONE, query.b, query.n);
	last_us = wire.tally.last_us;
	assert_true(pipeline_idle(wire.pipeline, last_us - 1));
	assert_int_equal(wire.tally.last_us, last_us);
	assert_true(pipeline_idle(wire.pipeline, last_us + INT64_C(1000000) * LIMIT_LOOKUP_SECONDS + 1000000));
	assert_int_equal(wire.n_events, 1);
	assert_int_equal(wire.n_handshakes, 0);
	assert_true(pipeline_idle(wire.pipeline, last_us + INT64_C(1000000) * LIMIT_HANDSHAKE_SECONDS + 1000000));
	assert_int_equal(wire.n_handshakes, 1);
	assert_int_equal(wire.handshakes[0]->outcome, OUTCOME_UNANSWERED);
	assert_true(wire.tally.last_us > last_us);
	end(&wire);
}

/* A hole before the alert: the certificate may lie in it. */
static void
what_is_decided_waits_for_its_bytes(void **state)
{
	static struct wire wire;
	static struct decided_copies open;

	(void)state;
	begin(&wire);
	connect(&wire, 50000, 443);
	client_hello(&wire);
	wire.seq[SERVER] += 10;
	segment(&wire, SERVER, ACK, "behind the hole");
	assert_false(pipeline_decided_news(wire.pipeline));
	segment(&wire, PHONE, FIN | ACK, "");
	assert_true(pipeline_decided_news(wire.pipeline));
	assert_true(pipeline_decided(wire.pipeline, &open));
	assert_int_equal(open.n, 0);
	wire.seq[SERVER] -= 10 + (uint32_t)strlen("behind the hole");
	segment(&wire, SERVER, ACK, "0123456789");
	assert_true(pipeline_decided_news(wire.pipeline));
	assert_false(pipeline_decided_news(wire.pipeline));
	assert_true(pipeline_decided(wire.pipeline, &open));
	assert_int_equal(open.n, 1);
	decided_copies_clear(&open);
	end(&wire);
}

static void
a_datagram_in_fragments_is_one(void **state)
{
	static struct wire wire;
	struct bytes query, whole = {.n = 0};
	const uint16_t port[2] = {40000, 53};

	(void)state;
	begin(&wire);
	put_query(&query);
	put_udp(&whole, port, PHONE, query.b, query.n);
	put_bytes(begin_frame(&wire, PHONE, UDP, 16, 0x2000), whole.b, 16);
	end_frame(&wire);
	put_bytes(begin_frame(&wire, PHONE, UDP, whole.n - 16, 2), whole.b + 16, whole.n - 16);
	end_frame(&wire);
	assert_true(pipeline_held(wire.pipeline) > 0);
	assert_true(pipeline_finish(wire.pipeline));
	assert_int_equal(wire.n_events, 1);
	assert_string_equal(wire.events[0]->lookup.name, "vpn.example.com");
	assert_int_equal(wire.events[0]->at.frame, 2);
	end(&wire);
}

/* A VPN on the port of DNS; and an error that both are told of. */
static void
dtls_may_lie_on_any_port(void **state)
{
	static struct wire wire;
	struct bytes query, quoted = {.n = 0};
	struct bytes *out;

	(void)state;
	begin(&wire);
	put_query(&query);
	wire.port[PHONE] = 40000;
	wire.port[SERVER] = 53;
	datagram(&wire, PHONE, DTLS12_CLIENT_HELLO, sizeof(DTLS12_CLIENT_HELLO));
	put_bytes(&quoted, wire.frame.b + 14, 28);
	datagram(&wire, PHONE, query.b, query.n);
	out = begin_frame(&wire, SERVER, 1, 8 + quoted.n, 0);
	put(out, 8, UINT64_C(0x0303000000000000));
	put_bytes(out, quoted.b, quoted.n);
	end_frame(&wire);
	assert_true(pipeline_finish(wire.pipeline));
	assert_int_equal(wire.n_handshakes, 1);
	assert_true(wire.handshakes[0]->dtls);
	assert_int_equal(wire.handshakes[0]->unreachable.frame, 3);
	assert_int_equal(wire.n_events, 1);
	assert_int_equal(wire.events[0]->lookup.unreachable.frame, 3);
	end(&wire);
}

/* A flow whose handshake goes well, of three frames. */
static void
establish(struct wire *wire, uint16_t port)
{
	static const uint8_t finished[] = {22, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0xaa, 0xbb};

	wire->port[PHONE] = port;
	wire->port[SERVER] = 443;
	datagram(wire, PHONE, DTLS12_CLIENT_HELLO, sizeof(DTLS12_CLIENT_HELLO));
	datagram(wire, SERVER, finished, sizeof(finished));
	datagram(wire, PHONE, finished, sizeof(finished));
}

/* Of those that wait only for what may follow, the one silent the longest is told of: nothing of it is lost. */
static void
established_dtls_waits_for_few(void **state)
{
	enum { ROOM = LIMIT_SETTLED_FLOWS / LIMIT_PARTS };
	static struct wire wire;

	(void)state;
	begin(&wire);
	for (uint16_t i = 0; i < ROOM; i++)
		establish(&wire, 40000 + i);
	assert_int_equal(wire.n_handshakes, 0);
	establish(&wire, 50000);
	assert_int_equal(wire.n_handshakes, 1);
	assert_int_equal(wire.handshakes[0]->client.port, 40000);
	assert_int_equal(wire.handshakes[0]->last.frame, 3);
	assert_int_equal(wire.handshakes[0]->outcome, OUTCOME_ESTABLISHED);
	wire.port[PHONE] = 40001; /* begins anew: its first handshake is over, and the flow is one of those that are open */
	datagram(&wire, PHONE, DTLS09_CLIENT_HELLO, sizeof(DTLS09_CLIENT_HELLO));
	assert_int_equal(wire.n_handshakes, 2);
	assert_int_equal(wire.handshakes[1]->client.port, 40001);
	establish(&wire, 50001);
	assert_int_equal(wire.n_handshakes, 2);
	establish(&wire, 50002);
	assert_int_equal(wire.n_handshakes, 3);
	assert_int_equal(wire.handshakes[2]->client.port, 40002);
	assert_int_equal(wire.tally.evicted_flows, 0);
	end(&wire);
}

static void
assert_matters(const struct wire *wire, bool matters)
{
	assert_true(pipeline_mattered(wire->pipeline) == matters);
}

static void
streams_matter_until_they_are_done(void **state)
{
	static struct wire wire;

	(void)state;
	begin(&wire);
	connect(&wire, 50000, 22);
	assert_matters(&wire, true);
	segment(&wire, SERVER, ACK, "SSH-2.0-OpenSSH_9.2\r\n");
	assert_matters(&wire, true);
	segment(&wire, PHONE, ACK, "SSH-2.0-OpenSSH_9.2\r\n");
	assert_matters(&wire, false);
	segment(&wire, PHONE, FIN | ACK, "");
	assert_matters(&wire, false);
	wire.seq[PHONE] += 1000;
	segment(&wire, PHONE, SYN, "");
	assert_matters(&wire, true);
	wire.port[PHONE]++;
	segment(&wire, PHONE, ACK, "");
	assert_matters(&wire, false);
	end(&wire);
}

static void
fragments_matter_and_what_tells_the_story(void **state)
{
	static struct wire wire;
	struct bytes query;
	struct bytes *out;

	(void)state;
	begin(&wire);
	put_query(&query);
	wire.port[PHONE] = 40000;
	wire.port[SERVER] = 53;
	datagram(&wire, PHONE, query.b, query.n);
	assert_matters(&wire, true);
	wire.port[SERVER] = 16384;
	datagram(&wire, PHONE, query.b, query.n);
	assert_matters(&wire, false);
	datagram(&wire, PHONE, DTLS12_CLIENT_HELLO, sizeof(DTLS12_CLIENT_HELLO));
	assert_matters(&wire, true);
	put_bytes(begin_frame(&wire, PHONE, UDP, 16, 0x2000), query.b, 16);
	end_frame(&wire);
	assert_matters(&wire, true);
	out = begin_frame(&wire, PHONE, 50, 16, 0); /* ESP */
	put_bytes(out, query.b, 16);
	end_frame(&wire);
	assert_matters(&wire, false);
	end(&wire);
}

/* What is open when the pipeline goes without its end is given to nobody. */
static void
nothing_is_given_without_an_end(void **state)
{
	static struct wire wire;
	struct bytes query;

	(void)state;
	begin(&wire);
	put_query(&query);
	wire.port[PHONE] = 40000;
	wire.port[SERVER] = 53;
	datagram(&wire, PHONE, query.b, query.n);
	connect(&wire, 50000, 6970);
	segment(&wire, PHONE, ACK, "GET /CTLFile.tlv HTTP/1.1\r\n\r\n");
	end(&wire);
	assert_int_equal(wire.n_events, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_comes_by_http),
		cmocka_unit_test(a_file_comes_by_http_from_the_middle),
		cmocka_unit_test(other_streams_are_let_go),
		cmocka_unit_test(a_request_comes_first),
		cmocka_unit_test(tls_is_read_beside_it),
		cmocka_unit_test(time_passes_without_frames),
		cmocka_unit_test(what_is_decided_waits_for_its_bytes),
		cmocka_unit_test(a_datagram_in_fragments_is_one),
		cmocka_unit_test(dtls_may_lie_on_any_port),
		cmocka_unit_test(established_dtls_waits_for_few),
		cmocka_unit_test(streams_matter_until_they_are_done),
		cmocka_unit_test(fragments_matter_and_what_tells_the_story),
		cmocka_unit_test(nothing_is_given_without_an_end),
	};

	return cmocka_run_group_tests_name("pipeline", tests, NULL, NULL);
}
