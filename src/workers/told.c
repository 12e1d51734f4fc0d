/* What a worker tells its parent. */
#include "told.h"

#include <stddef.h>

/* What adds up. */
static const size_t counts[] = {
	offsetof(struct tally, packets),	    offsetof(struct tally, bytes),
	offsetof(struct tally, dropped.kernel),	    offsetof(struct tally, dropped.interface),
	offsetof(struct tally, unreadable),	    offsetof(struct tally, cut),
	offsetof(struct tally, flows),		    offsetof(struct tally, handshakes),
	offsetof(struct tally, tls),		    offsetof(struct tally, dtls),
	offsetof(struct tally, certificates),	    offsetof(struct tally, holes),
	offsetof(struct tally, hole_bytes),	    offsetof(struct tally, evicted_flows),
	offsetof(struct tally, evicted_handshakes), offsetof(struct tally, evicted_events),
	offsetof(struct tally, over_limit),	    offsetof(struct tally, fragments_lost),
};

#define COUNTS (sizeof(counts) / sizeof(counts[0]))

static uint64_t
count_of(const struct tally *tally, size_t i)
{
	return *(const uint64_t *)((const char *)tally + counts[i]);
}

static uint64_t *
count_at(struct tally *tally, size_t i)
{
	return (uint64_t *)((char *)tally + counts[i]);
}

/* Times of day, a few at most. */
static void
carry_drop_spans(struct carry *carry, struct drops *drops)
{
	CARRY(carry, drops->n, LIMIT_DROP_SPANS);
	for (size_t i = 0; i < drops->n; i++) {
		CARRY(carry, drops->spans[i].from_us, INT64_MAX / 2);
		CARRY(carry, drops->spans[i].to_us, INT64_MAX / 2);
	}
}

void
told_count(struct carry *carry, struct tally *tally)
{
	for (size_t i = 0; i < COUNTS; i++)
		CARRY(carry, *count_at(tally, i), UINT64_MAX);
	CARRY(carry, tally->damaged, 1);
	CARRY(carry, tally->first_us, UINT64_MAX);
	CARRY(carry, tally->last_us, UINT64_MAX);
	carry_drop_spans(carry, &tally->dropped);
}

void
told_add(struct tally *sum, const struct tally *now, const struct tally *last)
{
	for (size_t i = 0; i < COUNTS; i++)
		*count_at(sum, i) += count_of(now, i) - count_of(last, i);
	sum->damaged |= now->damaged;
}

void
told_notice(struct carry *carry, bool *own, char **sentence)
{
	CARRY(carry, *own, 1);
	carry_text(carry, sentence);
}

void
told_end(struct carry *carry, struct told_end *end)
{
	CARRY(carry, end->opened, 1);
	CARRY(carry, end->lost, 1);
	CARRY(carry, end->out_of_memory, 1);
	carry_text(carry, &end->sentence);
}
