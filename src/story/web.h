/* Files asked for by HTTP on one TCP stream, read as it comes (facts sheet cisco-phones, section 3). */
#ifndef SRC_STORY_WEB_H
#define SRC_STORY_WEB_H

#include "story.h"

struct web;

/* web_new begins a stream; NULL when out of memory. */
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
