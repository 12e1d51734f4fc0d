/* What the tests of the TLS dissectors share: cmocka, samples, and a few checks. */
#ifndef TESTS_TLS_CHECK_H
#define TESTS_TLS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/prefixes.h"
#include "tests/tls_samples.h"
#include "tests/tls_walk.h"

/* CHECK_BYTES: a slice holds just the bytes of a string. */
#define CHECK_BYTES(slice, text)                                        \
	do {                                                            \
		assert_int_equal((slice).n, sizeof(text) - 1);          \
		assert_memory_equal((slice).p, text, sizeof(text) - 1); \
	} while (0)

/* A sample's bytes with one of them changed. */
struct changed {
	uint8_t bytes[512];
	struct slice all;
};

static inline void
change(struct changed *changed, struct slice sample, size_t off, uint8_t byte)
{
	assert_true(sample.n <= sizeof changed->bytes && off < sample.n);
	memcpy(changed->bytes, sample.p, sample.n);
	changed->bytes[off] = byte;
	changed->all = slice_of(changed->bytes, sample.n);
}

/* check_every_prefix walks every prefix of every sample, from its byte skip on. */
static inline void
check_every_prefix(void (*walk)(struct slice prefix, void *arg), size_t skip)
{
	for (size_t i = 0; i < N_SAMPLES; i++) {
		struct slice sample = SAMPLES[i];

		if (slice_skip(&sample, skip))
			every_prefix(sample.p, sample.n, walk, NULL);
	}
}

#endif
