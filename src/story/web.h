/* Files asked for by HTTP on one TCP stream, read as it comes (facts sheet cisco-phones, section 3): an event for every
 * request whose file is a phone's by its name, and for every one to the port where CUCM has them. Who speaks first asks.
 *
 * A file's size is that of its body, by PUT and POST of the request's; mode is the method. What is asked for without a
 * body (HEAD) and what the client has already (304) is done with 0 bytes. What is compressed or in part (206) is counted,
 * and no content. Where a head lies in a hole, what waits for an answer is incomplete, and nothing is read before the next
 * request; a body may have holes. */
#ifndef SRC_STORY_WEB_H
#define SRC_STORY_WEB_H

#include "story.h"

struct web;

/* web_new begins a stream; ends must outlive it, and go on saying which directions were seen. NULL when out of memory. */
struct web *web_new(struct story_host *host, const struct ends *ends);

/* web_free ends what is open, and frees; it takes NULL. */
void web_free(struct web *web, struct when when);

/* What the stream brings, in order; dir is 0 or 1. */
void web_data(struct web *web, unsigned dir, struct slice bytes, struct when when);
void web_hole(struct web *web, unsigned dir, uint64_t len, struct when when);
void web_fin(struct web *web, unsigned dir, struct when when);
void web_rst(struct web *web, unsigned dir, struct when when);

/* web_done says that nothing more is to be learned: the stream is not HTTP, or no file for a phone was asked for. */
bool web_done(const struct web *web);

#endif
