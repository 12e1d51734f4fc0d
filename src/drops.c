/* Packets that were dropped. */
#include "drops.h"

/* What belongs together on the wire is not further apart. */
#define SHORTLY_US (INT64_C(1000000) * LIMIT_HANDSHAKE_SECONDS)

static bool
is_near(const struct drops *drops, size_t i, int64_t from_us, int64_t to_us)
{
	return drops->spans[i].from_us - to_us <= SHORTLY_US && from_us - drops->spans[i].to_us <= SHORTLY_US;
}

/* A clock may have been set back. */
static void
widen(struct drop_span *span, int64_t from_us, int64_t to_us)
{
	if (from_us < span->from_us)
		span->from_us = from_us;
	if (to_us > span->to_us)
		span->to_us = to_us;
}

/* Several who count tell of the same times one after the other. */
void
drops_add(struct drops *drops, uint64_t kernel, uint64_t interface, int64_t from_us, int64_t to_us)
{
	size_t i = 0;

	drops->kernel += kernel;
	drops->interface += interface;
	while (i < drops->n && !is_near(drops, i, from_us, to_us))
		i++;
	if (i == LIMIT_DROP_SPANS)
		i--;
	if (i == drops->n)
		drops->spans[drops->n++] = (struct drop_span){from_us, to_us};
	else
		widen(&drops->spans[i], from_us, to_us);
}

bool
drops_touch(const struct drops *drops, int64_t from_us, int64_t to_us)
{
	if (drops->n == 0)
		return drops->kernel + drops->interface > 0;
	for (size_t i = 0; i < drops->n; i++)
		if (is_near(drops, i, from_us, to_us))
			return true;
	return false;
}
