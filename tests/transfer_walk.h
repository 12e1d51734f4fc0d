/* All that the dissectors of TFTP and HTTP can be asked of some bytes, and what must hold of every answer: for the tests
 * that cut samples short and for the fuzzers. */
#ifndef TESTS_TRANSFER_WALK_H
#define TESTS_TRANSFER_WALK_H

#include "dissectors/http.h"
#include "dissectors/tftp.h"
#include "tests/tls_walk.h"

static inline void
walk_tftp_options(struct slice whole, struct slice options)
{
	struct tftp_option option;
	struct dis_at at;
	struct slice before = options;
	uint64_t number;

	while (walk_answer(tftp_option_next(&options, &option, &at), before, options, &at)) {
		walk_inside(whole, option.name);
		walk_inside(whole, option.value);
		MUST(options.n == before.n - option.name.n - option.value.n - 2);
		(void)tftp_option_is(&option, "blksize");
		if (tftp_option_number(&option, &number))
			MUST(option.value.n > 0);
		before = options;
	}
}

static inline void
walk_tftp(struct slice datagram)
{
	struct tftp t;
	struct dis_at at = {0};

	if (!walk_answer(tftp_dissect(datagram, &t, &at), datagram, datagram, &at))
		return;
	MUST(t.opcode >= TFTP_RRQ && t.opcode <= TFTP_OACK);
	walk_inside(datagram, t.file);
	walk_inside(datagram, t.mode);
	walk_inside(datagram, t.options);
	walk_inside(datagram, t.data);
	walk_inside(datagram, t.message);
	MUST(t.data.n == 0 || (t.opcode == TFTP_DATA && t.data.n == datagram.n - 4));
	(void)tftp_error_name(t.code);
	walk_tftp_options(datagram, t.options);
}

/* A head that is read is read of its own bytes alone, and of none fewer. */
static inline void
walk_head(struct slice before, struct slice after, const struct http_head *h)
{
	const struct slice parts[] = {h->method, h->target, h->reason, h->host, h->content_type, h->user_agent};
	struct slice own = slice_first(before, before.n - after.n), less = slice_first(own, own.n - 1);
	struct http_head again;
	struct dis_at at;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		walk_inside(own, parts[i]);
	MUST(h->response ? h->status >= 100 && h->status <= 999 && h->method.n == 0
			 : h->status == 0 && h->method.n > 0 && h->target.n > 0);
	MUST(!h->has_length || !h->chunked);
	MUST(h->has_length || h->length == 0);
	MUST(http_head(&less, &again, &at) == DIS_MORE);
	MUST(http_head(&own, &again, &at) == DIS_OK && own.n == 0);
	MUST(again.has_length == h->has_length && again.length == h->length && again.chunked == h->chunked);
}

static inline bool
walk_chunks(struct slice *in)
{
	struct dis_at at;
	struct slice before;
	uint64_t size;

	do {
		before = *in;
		if (!walk_answer(http_chunk(in, &size, &at), before, *in, &at))
			return false;
		MUST(in->n < before.n);
		if (size > in->n || !slice_skip(in, (size_t)size))
			return false;
	} while (size > 0);
	before = *in;
	return walk_answer(http_trailer(in, &at), before, *in, &at);
}

/* One side of a connection: heads, each with its body. */
static inline void
walk_http(struct slice bytes)
{
	struct http_head h;
	struct dis_at at;
	struct slice before = bytes;
	enum dis opens = http_opens(bytes);

	MUST(opens != DIS_MORE || bytes.n < strlen("OPTIONS "));
	MUST(bytes.n == 0 || opens == DIS_BAD || http_opens(slice_first(bytes, bytes.n - 1)) != DIS_BAD);
	while (walk_answer(http_head(&bytes, &h, &at), before, bytes, &at)) {
		MUST(bytes.n < before.n);
		walk_head(before, bytes, &h);
		if (h.chunked ? !walk_chunks(&bytes) : h.length > bytes.n || !slice_skip(&bytes, (size_t)h.length))
			return;
		before = bytes;
	}
}

#endif
