/* All that the TLS dissectors can be asked of some bytes, and what must hold of every answer: for the tests
 * that cut samples short and for the fuzzers. */
#ifndef TESTS_TLS_WALK_H
#define TESTS_TLS_WALK_H

#include <stdlib.h>

#include "dissectors/alert.h"
#include "dissectors/certificate.h"
#include "dissectors/dtls_record.h"
#include "dissectors/handshake.h"
#include "dissectors/hello.h"
#include "dissectors/tls_record.h"

#define MUST(cond)               \
	do {                     \
		if (!(cond))     \
			abort(); \
	} while (0)

/* walk_inside: a part lies in the whole that it was read of. */
static inline void
walk_inside(struct slice whole, struct slice part)
{
	MUST(part.n == 0 || (part.p >= whole.p && part.n <= whole.n &&
			     (size_t)(part.p - whole.p) <= whole.n - part.n));
}

/* walk_answer: who fails says where, and has moved nothing. */
static inline bool
walk_answer(enum dis answer, struct slice before, struct slice after, const struct dis_at *at)
{
	walk_inside(before, after);
	if (answer == DIS_OK)
		return true;
	MUST(answer == DIS_MORE || answer == DIS_BAD);
	MUST(at->field != NULL && at->off <= before.n);
	MUST(after.p == before.p && after.n == before.n);
	return false;
}

static inline void
walk_messages(struct slice body, bool dtls)
{
	struct handshake_header h;
	struct dis_at at;
	struct slice before = body, fragment;

	while (body.n > 0) {
		if (!walk_answer(handshake_header(&body, dtls, &h, &at), before, body, &at))
			return;
		MUST(!handshake_length_fits(h.type, h.length) || handshake_type_known(h.type));
		MUST(!dtls || (uint64_t)h.frag_offset + h.frag_length <= h.length);
		if (!slice_take(&body, dtls ? h.frag_length : h.length, &fragment))
			return;
		before = body;
	}
}

static inline void
walk_alert(struct slice body)
{
	struct alert alert;
	struct dis_at at = {0};

	walk_answer(alert_dissect(body, &alert, &at), body, body, &at);
}

/* walk_records reads a stream from its start, and looks for an opening at each of its bytes. */
static inline void
walk_records(struct slice in)
{
	struct tls_record record;
	struct dis_at at;
	struct slice before = in, body;

	for (struct slice rest = in; rest.n > 0; slice_skip(&rest, 1))
		MUST(tls_record_opens(rest) != DIS_MORE || rest.n <= 64);
	MUST(tls_record_opens(slice_of(NULL, 0)) == DIS_MORE);
	while (walk_answer(tls_record_next(&in, &record, &at), before, in, &at)) {
		MUST(record.length <= TLS_RECORD_MAX);
		body = slice_first(in, record.length);
		walk_messages(body, false);
		walk_alert(body);
		if (!slice_skip(&in, record.length))
			return;
		before = in;
	}
}

/* walk_datagram reads a datagram's records. */
static inline void
walk_datagram(struct slice in)
{
	struct dtls_record record;
	struct dis_at at;
	struct slice before = in;

	if (dtls_record_opens(in))
		MUST(slice_first(in, 13).n == 13);
	while (walk_answer(dtls_record_next(&in, &record, &at), before, in, &at)) {
		MUST(record.sequence >> 48 == 0);
		walk_inside(before, record.body);
		walk_messages(record.body, true);
		walk_alert(record.body);
		before = in;
	}
}

static inline void
walk_extensions(struct slice exts)
{
	struct tls_ext ext;
	struct dis_at at;
	struct slice whole = exts, before = exts, part;
	uint16_t version;

	if (ext_find(exts, EXT_SUPPORTED_VERSIONS, &part) == DIS_OK)
		walk_inside(exts, part);
	while (walk_answer(ext_next(&exts, &ext, &at), before, exts, &at)) {
		walk_inside(whole, ext.body);
		if (walk_answer(ext_server_name(ext.body, &part, &at), ext.body, ext.body, &at)) {
			walk_inside(ext.body, part);
			MUST(part.n > 0);
		}
		if (walk_answer(ext_client_versions(ext.body, &part, &at), ext.body, ext.body, &at)) {
			walk_inside(ext.body, part);
			MUST(part.n > 0 && part.n % 2 == 0);
		}
		walk_answer(ext_server_version(ext.body, &version, &at), ext.body, ext.body, &at);
		before = exts;
	}
}

static inline void
walk_client_hello(struct slice body, bool dtls)
{
	struct client_hello h;
	struct dis_at at;

	if (!walk_answer(client_hello(body, dtls, &h, &at), body, body, &at))
		return;
	MUST(h.random.n == 32 && h.session_id.n <= 32 && h.ciphers.n % 2 == 0 && !h.sslv2);
	MUST(dtls || h.cookie.n == 0);
	walk_inside(body, h.random);
	walk_inside(body, h.session_id);
	walk_inside(body, h.cookie);
	walk_inside(body, h.ciphers);
	walk_inside(body, h.compressions);
	walk_inside(body, h.extensions);
	walk_extensions(h.extensions);
}

static inline void
walk_server_hello(struct slice body, enum dis answer, const struct server_hello *h,
		  const struct dis_at *at)
{
	if (!walk_answer(answer, body, body, at))
		return;
	MUST(h->session_id.n <= 32);
	walk_inside(body, h->random);
	walk_inside(body, h->session_id);
	walk_inside(body, h->extensions);
	walk_extensions(h->extensions);
}

static inline void
walk_sslv2(struct slice in)
{
	struct client_hello client;
	struct sslv2_server_hello server;
	struct dis_at at;
	struct slice rest = in;

	if (walk_answer(sslv2_client_hello(&rest, &client, &at), in, rest, &at)) {
		MUST(client.sslv2 && client.ciphers.n % 3 == 0 && client.random.n >= 16);
		walk_inside(in, client.ciphers);
		walk_inside(in, client.session_id);
		walk_inside(in, client.random);
	}
	rest = in;
	if (walk_answer(sslv2_server_hello(&rest, &server, &at), in, rest, &at)) {
		MUST(server.ciphers.n % 3 == 0);
		walk_inside(in, server.certificate);
		walk_inside(in, server.ciphers);
	}
}

/* walk_hello takes the same bytes for the body of every hello there is. */
static inline void
walk_hello(struct slice body)
{
	struct server_hello hello;
	struct hello_verify verify;
	struct dis_at at;
	enum dis answer;

	walk_client_hello(body, false);
	walk_client_hello(body, true);
	answer = server_hello(body, &hello, &at);
	walk_server_hello(body, answer, &hello, &at);
	answer = hello_retry_draft(body, &hello, &at);
	walk_server_hello(body, answer, &hello, &at);
	if (walk_answer(hello_verify(body, &verify, &at), body, body, &at))
		walk_inside(body, verify.cookie);
	walk_sslv2(body);
	walk_extensions(body);
}

static inline void
walk_certificate_request(struct slice body, bool tls12)
{
	struct certificate_request request;
	struct dis_at at;
	struct slice before, name;

	if (!walk_answer(certificate_request(body, tls12, &request, &at), body, body, &at))
		return;
	walk_inside(body, request.types);
	walk_inside(body, request.signatures);
	walk_inside(body, request.authorities);
	before = request.authorities;
	while (walk_answer(authority_next(&request.authorities, &name, &at), before,
			   request.authorities, &at)) {
		MUST(name.n > 0);
		walk_inside(before, name);
		before = request.authorities;
	}
}

/* walk_certificate takes the same bytes for a Certificate, a CertificateRequest and a ServerKeyExchange. */
static inline void
walk_certificate(struct slice body)
{
	struct ske_curve curve;
	struct dis_at at;
	struct slice list, before, der;

	walk_certificate_request(body, true);
	walk_certificate_request(body, false);
	walk_answer(server_key_exchange_curve(body, &curve, &at), body, body, &at);
	if (!walk_answer(certificate_list(body, &list, &at), body, body, &at))
		return;
	walk_inside(body, list);
	before = list;
	while (walk_answer(certificate_next(&list, &der, &at), before, list, &at)) {
		MUST(der.n > 0);
		walk_inside(before, der);
		before = list;
	}
}

#endif
