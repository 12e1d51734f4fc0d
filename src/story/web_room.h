/* The room of HTTP: web.c reads the stream, request.c knows what was asked and how it was answered. Nobody else looks in. */
#ifndef SRC_STORY_WEB_ROOM_H
#define SRC_STORY_WEB_ROOM_H

#include "dissectors/http.h"
#include "receive.h"
#include "tls/ends.h"
#include "web.h"

struct request {
	struct request *next;
	struct event *event; /* NULL: its file is of no interest, but its answer takes its turn */
	bool head;           /* its answer has no body */
	bool spoken;         /* the server said anything since it was the first */
	bool taken;          /* its answer is a success */
	struct receive file; /* and where its next byte lies */
	uint64_t off;
	size_t held;
};

/* What a direction is in the middle of. */
enum reading {
	READ_HEAD,
	READ_BODY,     /* left bytes of it, or of one of its chunks */
	READ_CHUNK,    /* the line before a chunk */
	READ_TRAILER,
	READ_TO_CLOSE,
	READ_NOTHING,  /* until bytes come that begin with a head */
};

struct way {
	enum reading reading;
	bool chunked;
	uint64_t left;
	uint8_t *kept; /* a head or line that is not whole yet */
	size_t n_kept;
};

struct web {
	struct story_host *host;
	const struct ends *ends;
	struct way way[2];
	int client; /* the direction that asks, -1: nobody has spoken */
	bool asked;
	bool done;
	struct request *first, *last; /* those whose answers are not over, in order */
	struct request *sending;      /* the last one, whose own body may be under way, unless its answer is over */
	size_t n_requests;
};

/* request_new takes a request; the stream may be given up for it. */
void request_new(struct web *web, const struct http_head *head, struct when when);

/* request_answered notes the first request's answer. */
void request_answered(struct web *web, const struct http_head *head, struct when when);

/* request_body takes bytes of a body that this direction sends; request_hole, bytes of it that were never captured. */
void request_body(struct web *web, unsigned dir, struct slice bytes, struct when when);
void request_hole(struct web *web, unsigned dir, uint64_t len, struct when when);

/* request_over ends the first request. A refusal is one however it ended, and what lacks bytes is not done. */
void request_over(struct web *web, enum transfer_outcome outcome, struct when when);

#endif
