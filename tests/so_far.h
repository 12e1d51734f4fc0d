/* What a wire has shown so far, of what is told by hand, as it is judged while frames still come. */
#ifndef TESTS_SO_FAR_H
#define TESTS_SO_FAR_H

#include "tests/events.h"

static struct {
	size_t handshakes, events; /* that the cases have */
} told;

static inline int
so_far_setup(void **state)
{
	told.handshakes = told.events = 0;
	return facts_setup(state);
}

static inline const struct report *
so_far(void)
{
	for (; told.handshakes < facts.n; told.handshakes++) {
		struct handshake *handshake = facts.told[told.handshakes];

		assert_true(conclude(handshake, &facts.damage[told.handshakes], facts.now));
		cases_add(facts.cases, handshake, &facts.tally);
	}
	for (; told.events < facts.n_events; told.events++)
		assert_true(cases_add_event(facts.cases, facts.events[told.events], &facts.tally));
	facts.tally.last_us = facts.now.us;
	facts.report = cases_findings(facts.cases, &facts.tally, NULL, 0);
	assert_non_null(facts.report);
	return facts.report;
}

#endif
