/* HTTP between a phone and its server on one stream, told piece by piece. */
#ifndef TESTS_WEB_TAPE_H
#define TESTS_WEB_TAPE_H

#include "src/story/web.h"
#include "tests/story_tape.h"

enum { PHONE, CUCM }; /* directions */

#define WEB_CONFIG "SEP001122334455.cnf.xml"

struct web_tape {
	struct story_tape tape;
	struct ends ends;
	struct web *web;
};

static inline void
web_begin_at(struct web_tape *t, uint16_t port)
{
	story_begin(&t->tape);
	t->ends = (struct ends){.from_start = true, .saw = {true, true}, .vlan = {STORY_VLAN}, .vlans = 1};
	t->ends.end[PHONE].ip = story_ip(0x0a000007);
	t->ends.end[PHONE].port = 50000;
	t->ends.end[CUCM].ip = story_ip(0x0a000002);
	t->ends.end[CUCM].port = port;
	t->web = web_new(&t->tape.host, &t->ends);
	assert_non_null(t->web);
}

static inline void
web_begin(struct web_tape *t)
{
	web_begin_at(t, 6970);
}

static inline void
web_end_stream(struct web_tape *t)
{
	web_free(t->web, t->tape.now);
	t->web = NULL;
	assert_int_equal(t->tape.host.transfers_held, 0);
}

static inline void
web_end(struct web_tape *t)
{
	web_end_stream(t);
	story_end(&t->tape);
}

/* A piece in a block of its own, so that reading on is seen. */
static inline void
web_say_bytes(struct web_tape *t, unsigned dir, const void *bytes, size_t n)
{
	uint8_t *copy = malloc(n);

	assert_non_null(copy);
	memcpy(copy, bytes, n);
	web_data(t->web, dir, slice_of(copy, n), story_next(&t->tape, 2));
	free(copy);
}

static inline void
web_say(struct web_tape *t, unsigned dir, const char *text)
{
	web_say_bytes(t, dir, text, strlen(text));
}

static inline void
web_say_each(struct web_tape *t, unsigned dir, const char *text, size_t piece)
{
	for (size_t n = strlen(text); n > 0; n -= piece, text += piece) {
		piece = piece < n ? piece : n;
		web_say_bytes(t, dir, text, piece);
	}
}

static inline void
web_miss(struct web_tape *t, unsigned dir, uint64_t n)
{
	web_hole(t->web, dir, n, story_next(&t->tape, 2));
}

static inline void
web_get(struct web_tape *t, const char *file)
{
	char text[256];

	snprintf(text, sizeof(text), "GET /%s HTTP/1.1\r\nHost:10.0.0.2:6970\r\n\r\n", file);
	web_say(t, PHONE, text);
}

/* The n-th request that is over, from 0. */
static inline const struct transfer *
web_transfer(const struct web_tape *t, size_t n)
{
	assert_true(n < t->tape.n && n < STORY_MOST);
	assert_int_equal(t->tape.events[n]->kind, EVENT_TRANSFER);
	assert_true(t->tape.events[n]->transfer.http);
	return &t->tape.events[n]->transfer;
}

/* It ended so, with so many bytes. */
static inline void
web_check(const struct web_tape *t, size_t n, enum transfer_outcome outcome, unsigned code, uint64_t size)
{
	const struct transfer *transfer = web_transfer(t, n);

	assert_string_equal(transfer_outcome_name(transfer->outcome), transfer_outcome_name(outcome));
	assert_int_equal(transfer->code, code);
	assert_int_equal(transfer->size, size);
}

/* NULL: there is no content. */
static inline void
web_check_content(const struct web_tape *t, size_t n, const char *expected, bool cut)
{
	const struct phone_file *content = web_transfer(t, n)->content;

	if (expected == NULL) {
		assert_null(content);
		return;
	}
	assert_non_null(content);
	assert_int_equal(content->n, strlen(expected));
	assert_memory_equal(content->bytes, expected, content->n);
	assert_int_equal(content->cut, cut);
}

#endif
