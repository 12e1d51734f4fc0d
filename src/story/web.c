/* Files asked for by HTTP: heads and bodies of both directions of one TCP stream. */
#include <stdlib.h>

#include "web_room.h"

static const int64_t second = 1000000;

struct web *
web_new(struct story_host *host, const struct ends *ends)
{
	struct web *web = calloc(1, sizeof(*web));

	if (web == NULL) {
		host->out_of_memory = true;
		return NULL;
	}
	web->host = host;
	web->ends = ends;
	web->client = -1;
	return web;
}

bool
web_done(const struct web *web)
{
	return web->done;
}

static bool
is_client(const struct web *web, unsigned dir)
{
	return dir == (unsigned)web->client;
}

static struct way *
server_of(struct web *web)
{
	return &web->way[!web->client];
}

static void
forget(struct web *web, struct way *way)
{
	receive_give(web->host, way->n_kept);
	free(way->kept);
	way->kept = NULL;
	way->n_kept = 0;
}

/* ---- what is lost ---- */

/* Which answer belongs to which request is not known any more, before the next request. */
static void
lose(struct web *web, unsigned dir, struct when when)
{
	forget(web, &web->way[dir]);
	forget(web, server_of(web));
	web->way[dir].reading = READ_NOTHING;
	server_of(web)->reading = READ_NOTHING;
	while (web->first != NULL)
		request_over(web, TRANSFER_INCOMPLETE, when);
	if (!web->asked)
		web->done = true;
}

/* The server says no more: whose answer is not over never will be. */
static void
leave(struct web *web, struct when when)
{
	while (web->first != NULL) {
		bool unread = server_of(web)->reading == READ_NOTHING && web->first->spoken;

		request_over(web, unread ? TRANSFER_INCOMPLETE : TRANSFER_BROKEN, when);
	}
	web->done = true;
}

static enum transfer_outcome
outcome_at_the_end(const struct web *web, const struct request *request, struct when when)
{
	const struct event *event = request->event;

	if (event == NULL)
		return TRANSFER_INCOMPLETE;
	if (event->transfer.answered.frame != 0)
		return when.us - event->last.us > LIMIT_TRANSFER_SECONDS * second ? TRANSFER_BROKEN : TRANSFER_INCOMPLETE;
	return web->ends->saw[!web->client] && !request->spoken &&
			       when.us - event->at.us >= LIMIT_ANSWER_SECONDS * second
		       ? TRANSFER_UNANSWERED
		       : TRANSFER_INCOMPLETE;
}

void
web_free(struct web *web, struct when when)
{
	if (web == NULL)
		return;
	while (web->first != NULL)
		request_over(web, outcome_at_the_end(web, web->first, when), when);
	forget(web, &web->way[0]);
	forget(web, &web->way[1]);
	free(web);
}

/* ---- reading ---- */

static void
message_over(struct web *web, unsigned dir, struct when when)
{
	web->way[dir].reading = READ_HEAD;
	if (!is_client(web, dir))
		request_over(web, TRANSFER_DONE, when);
}

/* RFC 9112 section 6.3 */
static void
begin_body(struct web *web, unsigned dir, const struct http_head *head, bool none, struct when when)
{
	struct way *way = &web->way[dir];

	way->chunked = head->chunked;
	way->left = head->length;
	if (none || (head->has_length && head->length == 0))
		message_over(web, dir, when);
	else if (head->chunked)
		way->reading = READ_CHUNK;
	else if (head->has_length)
		way->reading = READ_BODY;
	else
		way->reading = READ_TO_CLOSE;
}

static void
on_head(struct web *web, unsigned dir, const struct http_head *head, struct when when)
{
	if (head->response == is_client(web, dir) || (head->response && web->first == NULL)) {
		lose(web, dir, when);
	} else if (!head->response) {
		request_new(web, head, when);
		begin_body(web, dir, head, !head->chunked && !head->has_length, when);
	} else if (head->status >= 200) { /* others go before the answer */
		request_answered(web, head, when);
		begin_body(web, dir, head, web->first->head || head->status == 204 || head->status == 304, when);
	}
}

static enum dis
read_head(struct web *web, unsigned dir, struct slice *in, struct when when)
{
	struct http_head head;
	struct dis_at at;
	enum dis dis = web->asked ? DIS_OK : http_opens(*in);

	if (dis == DIS_OK)
		dis = http_head(in, &head, &at);
	if (dis == DIS_OK)
		on_head(web, dir, &head, when);
	return dis;
}

static enum dis
read_chunk(struct way *way, struct slice *in)
{
	struct dis_at at;
	enum dis dis = http_chunk(in, &way->left, &at);

	if (dis == DIS_OK)
		way->reading = way->left > 0 ? READ_BODY : READ_TRAILER;
	return dis;
}

static enum dis
read_trailer(struct web *web, unsigned dir, struct slice *in, struct when when)
{
	struct dis_at at;
	enum dis dis = http_trailer(in, &at);

	if (dis == DIS_OK)
		message_over(web, dir, when);
	return dis;
}

/* Steps over bytes of a body, or a hole in it. */
static void
step_over(struct web *web, unsigned dir, uint64_t n, struct when when)
{
	struct way *way = &web->way[dir];

	if (way->reading == READ_TO_CLOSE)
		return;
	way->left -= n;
	if (way->left == 0 && way->chunked)
		way->reading = READ_CHUNK;
	else if (way->left == 0)
		message_over(web, dir, when);
}

static enum dis
read_body(struct web *web, unsigned dir, struct slice *in, struct when when)
{
	const struct way *way = &web->way[dir];
	struct slice body;

	(void)slice_take(in, way->reading == READ_BODY && way->left < in->n ? (size_t)way->left : in->n, &body);
	request_body(web, dir, body, when);
	step_over(web, dir, body.n, when);
	return DIS_OK;
}

static enum dis
read_next(struct web *web, unsigned dir, struct slice *in, struct when when)
{
	switch (web->way[dir].reading) {
	case READ_HEAD:
		return read_head(web, dir, in, when);
	case READ_CHUNK:
		return read_chunk(&web->way[dir], in);
	case READ_TRAILER:
		return read_trailer(web, dir, in, when);
	case READ_BODY:
	case READ_TO_CLOSE:
		return read_body(web, dir, in, when);
	default:
		(void)slice_skip(in, in->n);
		return DIS_OK;
	}
}

/* ---- what is not whole yet ---- */

static void
keep(struct web *web, unsigned dir, struct slice rest, struct when when)
{
	struct way *way = &web->way[dir];

	if (rest.n > HTTP_MAX_HEAD || !receive_take(web->host, rest.n)) {
		web->host->tally->over_limit++;
		lose(web, dir, when);
		return;
	}
	way->kept = malloc(rest.n);
	if (way->kept == NULL) {
		web->host->out_of_memory = true;
		receive_give(web->host, rest.n);
		return;
	}
	way->n_kept = rest.n;
	slice_copy(&rest, way->kept, rest.n);
}

static void
read_all(struct web *web, unsigned dir, struct slice in, struct when when)
{
	enum dis dis = DIS_OK;

	while (in.n > 0 && dis == DIS_OK && !web->done)
		dis = read_next(web, dir, &in, when);
	if (dis == DIS_BAD)
		lose(web, dir, when);
	else if (dis == DIS_MORE)
		keep(web, dir, in, when);
}

/* Joins what was kept with what has come. */
static void
read_joined(struct web *web, unsigned dir, struct slice bytes, struct when when)
{
	struct way *way = &web->way[dir];
	size_t n = way->n_kept + bytes.n;
	uint8_t *joined = malloc(n);

	if (joined == NULL) {
		web->host->out_of_memory = true;
		return;
	}
	memcpy(joined, way->kept, way->n_kept);
	slice_copy(&bytes, joined + way->n_kept, bytes.n);
	forget(web, way);
	read_all(web, dir, slice_of(joined, n), when);
	free(joined);
}

static bool
begins_with_a_head(const struct web *web, unsigned dir, struct slice bytes)
{
	if (is_client(web, dir))
		return http_opens(bytes) == DIS_OK;
	return web->first != NULL && slice_starts(bytes, "HTTP/1.", strlen("HTTP/1."));
}

/* ---- the stream ---- */

/* Who speaks first asks, or it is not HTTP. */
static void
first_words(struct web *web, unsigned dir)
{
	web->client = (int)dir;
	if (!web->ends->from_start)
		server_of(web)->reading = READ_NOTHING;
}

static void
note_spoken(struct web *web, unsigned dir)
{
	if (!is_client(web, dir) && web->first != NULL)
		web->first->spoken = true;
}

void
web_data(struct web *web, unsigned dir, struct slice bytes, struct when when)
{
	struct way *way = &web->way[dir];

	if (web->done || bytes.n == 0)
		return;
	if (web->client < 0)
		first_words(web, dir);
	note_spoken(web, dir);
	if (way->reading == READ_NOTHING && begins_with_a_head(web, dir, bytes))
		way->reading = READ_HEAD;
	if (way->n_kept > 0)
		read_joined(web, dir, bytes, when);
	else
		read_all(web, dir, bytes, when);
}

void
web_hole(struct web *web, unsigned dir, uint64_t len, struct when when)
{
	struct way *way = &web->way[dir];
	bool in_body = way->reading == READ_BODY || way->reading == READ_TO_CLOSE;
	uint64_t of_body = way->reading == READ_BODY && way->left < len ? way->left : len;

	if (web->done || web->client < 0 || way->reading == READ_NOTHING)
		return;
	note_spoken(web, dir);
	if (in_body) {
		request_hole(web, dir, of_body, when);
		step_over(web, dir, of_body, when);
	}
	if (!in_body || of_body < len)
		lose(web, dir, when);
}

/* The client's end leaves the server's answers to come. */
void
web_fin(struct web *web, unsigned dir, struct when when)
{
	if (web->done || web->client < 0 || is_client(web, dir))
		return;
	if (server_of(web)->reading == READ_TO_CLOSE)
		message_over(web, dir, when);
	leave(web, when);
}

void
web_rst(struct web *web, unsigned dir, struct when when)
{
	(void)dir;
	if (!web->done && web->client >= 0)
		leave(web, when);
}
