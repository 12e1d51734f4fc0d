/* Many conversations at once, a line of one and then a line of another; where one ends the next begins. */
#ifndef BENCH_CROWD_H
#define BENCH_CROWD_H

#include "script.h"

/* A conversation under way. */
struct voice {
	const struct script *script;
	struct call call;
	size_t next;
	const struct line *late; /* a line that comes after some others, or NULL */
	unsigned lateness;
};

/* voice_say says the next line; false when there are no more. */
bool voice_say(struct voice *voice, struct out *out);

/* voice_lose does so badly: of a hundred lines the capture lacks half a one, half a one is lost and said again, three
 * come late and one comes twice. */
bool voice_lose(struct voice *voice, struct out *out);

/* crowd_run lets so many talk at once until out is full, the scripts in turn, each at other addresses and ports. */
void crowd_run(const struct script *scripts, size_t n, size_t at_once,
	       bool (*say)(struct voice *voice, struct out *out), struct out *out);

#endif
