/* stream.h when memory runs out, in this room or inside libnids: a stream may be given up, and is counted; nothing
 * else goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "failing_malloc.h"
#include "src/stream/reorder.h"
#include "stream_tape.h"

/* send is tape_cut with an allocation that always succeeds. */
static void
send(struct tape *t, unsigned dir, uint8_t flags, uint64_t off, size_t len)
{
	struct tcp_header tcp = tape_header(t, dir, flags, off);

	stream_segment(t->stream, dir, &tcp, slice_of(tape_said(dir, off), len), len, tape_when(t));
}

/* A stream with everything that allocates. */
static void
talk(struct tape *t)
{
	send(t, 0, TCP_SYN, 0, 0);
	send(t, 1, TCP_SYN | TCP_ACK, 0, 0);
	send(t, 0, TCP_ACK, 0, 100);
	send(t, 1, TCP_ACK, 3000, 1400);
	t->acked[1] = 6000;
	send(t, 0, TCP_ACK, 150, 7000);
	send(t, 1, TCP_ACK, 0, 100);
	send(t, 1, TCP_ACK, 5000, 10);
	send(t, 1, TCP_ACK, 100, 2900);
	send(t, 0, TCP_ACK, 100, 50);
	send(t, 1, TCP_ACK | TCP_FIN, 6000, 10);
	stream_flush(t->stream, tape_when(t));
}

static void
in_the_middle(void **state)
{
	struct streams *engine = streams_new(&tape_ops);
	struct tape *t = calloc(1, sizeof(*t));
	size_t nth = 0;
	bool failed;

	(void)state;
	do {
		uint64_t lost = streams_lost(engine);

		*t = (struct tape){.isn = {100, 200}};
		t->stream = stream_new(engine, t);
		assert_non_null(t->stream);
		failing_malloc_begin(++nth, false);
		talk(t);
		failed = failing_malloc_end().failed;
		assert_false(t->wrong);
		assert_true(failed == stream_is_done(t->stream));
		assert_true(failed == (streams_lost(engine) > lost));
		assert_true(streams_out_of_memory(engine) == (failed || nth > 1));
		stream_close(t->stream);
		assert_int_equal(engine->waiting, 0);
		assert_int_equal(engine->n_free, LIMIT_STREAMS);
	} while (failed);
	assert_in_range(nth, 10, 100);
	assert_int_equal(t->dir[0].data, 7150);
	assert_int_equal(t->dir[1].data, 4420);
	streams_free(engine);
	free(t);
}

/* In a process of its own each time: an engine that has half begun stays shut. */
static int
begin_without_memory(size_t nth)
{
	struct streams *engine;
	bool failed;

	failing_malloc_begin(nth, false);
	engine = streams_new(&tape_ops);
	failed = failing_malloc_end().failed;
	if (failed != (engine == NULL))
		return 2;
	if (engine == NULL && streams_new(&tape_ops) != NULL && nth > 2)
		return 3;
	streams_free(engine);
	return !failed;
}

static void
at_the_beginning(void **state)
{
	int status = 0;
	size_t nth = 0;

	(void)state;
	while (status == 0) {
		pid_t child;

		fflush(NULL);
		child = fork();
		if (child == 0)
			_exit(begin_without_memory(nth + 1));
		assert_true(child > 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		nth++;
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1); /* none failed any more */
	assert_in_range(nth, 5, 100);
}

static void
a_stream_itself(void **state)
{
	struct streams *engine = streams_new(&tape_ops);

	(void)state;
	failing_malloc_begin(1, false);
	assert_null(stream_new(engine, NULL));
	failing_malloc_end();
	assert_int_equal(engine->n_free, LIMIT_STREAMS);
	streams_free(engine);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_the_beginning),
		cmocka_unit_test(in_the_middle),
		cmocka_unit_test(a_stream_itself),
	};

	if (!failing_malloc_works()) {
		puts("SKIP: this build's malloc cannot be replaced");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
