/* One of several processes that share one input. */
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "pipeline.h"
#include "text.h"
#include "told.h"
#include "watch/pace.h"

/* What is told is written when it is so much, or after so many frames: the others' wait for it. */
#define TELL_BYTES 32768
#define TELL_FRAMES 1024

/* Of a live capture, not before so long. */
#define TELL_US 50000

#define LENGTH_BYTES 4

/* One input being read. */
struct reading {
	const struct worker *worker;
	const struct options *options;
	struct capture *capture;
	struct pipeline *pipeline;
	struct tally tally;
	struct carry out;
	struct turn last; /* of what was told */
	int64_t told_us;  /* live: when it was told last how far this is */
	struct decided_copies *decided; /* live: room for them */
	uint64_t frames;
	uint32_t begun; /* handshakes that were told of */
	bool stopped;	/* by the parent */
	bool gone;	/* the parent is */
	bool out_of_memory;
};

/* ---- telling ---- */

/* begin_telling writes what stands before each thing told, but for its length; it gives where it begins. What is found when time has
 * passed without a frame comes after what was said to have passed. */
static size_t
begin_telling(struct reading *reading, enum told_kind kind, struct turn turn)
{
	struct carry *out = &reading->out;
	uint8_t length[LENGTH_BYTES] = {0};
	size_t begin = out->n;

	if (turn_is_before(turn, reading->last))
		turn = reading->last;
	reading->last = turn;
	carry_bytes(out, length, sizeof(length));
	CARRY(out, kind, TOLD_END);
	CARRY(out, turn.frame, UINT64_MAX);
	CARRY(out, turn.order, UINT64_MAX);
	return begin;
}

static void
write_out(struct reading *reading)
{
	struct slice left = slice_of(reading->out.out, reading->out.n);

	while (left.n > 0 && !reading->gone) {
		ssize_t written = write(reading->worker->to_parent, left.p, left.n);

		if (written < 0 && errno != EINTR)
			reading->gone = true;
		else if (written > 0)
			slice_skip(&left, (size_t)written);
	}
	reading->out.n = 0;
}

static void
end_telling(struct reading *reading, size_t begin)
{
	struct carry *out = &reading->out;
	size_t n = out->n - begin - LENGTH_BYTES;

	if (out->out_of_memory) { /* nobody is told half of it */
		reading->out_of_memory = true;
		out->out_of_memory = false;
		out->n = begin;
		return;
	}
	for (size_t i = 0; i < LENGTH_BYTES; i++)
		out->out[begin + i] = (uint8_t)(n >> 8 * (LENGTH_BYTES - 1 - i));
	if (out->n >= TELL_BYTES)
		write_out(reading);
}

/* Handshakes that have begun since this was told last. */
static void
tell_begun(struct reading *reading)
{
	uint32_t begun = pipeline_numbered(reading->pipeline) - reading->begun;
	size_t begin;

	if (begun == 0)
		return;
	reading->begun += begun;
	begin = begin_telling(reading, TOLD_BEGUN, pipeline_turn(reading->pipeline));
	CARRY(&reading->out, begun, UINT32_MAX);
	end_telling(reading, begin);
}

static void
on_handshake(void *arg, struct handshake *handshake)
{
	struct reading *reading = arg;
	size_t begin;

	tell_begun(reading);
	begin = begin_telling(reading, TOLD_HANDSHAKE, pipeline_turn(reading->pipeline));
	carry_handshake(&reading->out, handshake);
	end_telling(reading, begin);
	handshake_free(handshake);
}

static void
on_event(void *arg, struct event *event)
{
	struct reading *reading = arg;
	size_t begin = begin_telling(reading, TOLD_EVENT, pipeline_turn(reading->pipeline));

	carry_event(&reading->out, event);
	end_telling(reading, begin);
	event_free(event);
}

/* next: the lowest number that a frame may still have. */
static void
tell_passed(struct reading *reading, uint64_t next)
{
	size_t begin = begin_telling(reading, TOLD_PASSED, (struct turn){.frame = next});

	told_count(&reading->out, &reading->tally);
	end_telling(reading, begin);
	write_out(reading);
}

static char *
sentence_of(const char *text)
{
	return text_escape_name(slice_of(text, strlen(text)));
}

static void
on_notice(void *arg, const char *text, bool own)
{
	struct reading *reading = arg;
	char *sentence = sentence_of(text);
	size_t begin = begin_telling(reading, TOLD_NOTICE, reading->last);

	told_notice(&reading->out, &own, &sentence);
	end_telling(reading, begin);
	reading->out_of_memory |= sentence == NULL;
	free(sentence);
}

/* False when out of memory. */
static bool
tell_decided(struct reading *reading)
{
	struct decided_copies *decided = reading->decided;

	if (!pipeline_decided_news(reading->pipeline))
		return true;
	if (!pipeline_decided(reading->pipeline, decided))
		return false;
	for (size_t i = 0; i < decided->n; i++) {
		size_t begin = begin_telling(reading, TOLD_DECIDED, pipeline_turn(reading->pipeline));

		CARRY(&reading->out, (uint8_t){i == 0}, 1);
		carry_handshake(&reading->out, &decided->list[i]);
		end_telling(reading, begin);
	}
	return true;
}

static void
tell_end(struct reading *reading, struct told_end *end)
{
	size_t begin = begin_telling(reading, TOLD_END, (struct turn){UINT64_MAX, UINT64_MAX});

	told_count(&reading->out, &reading->tally);
	told_end(&reading->out, end);
	end_telling(reading, begin);
	write_out(reading);
}

/* ---- reading ---- */

static void
look_for_parent(struct reading *reading)
{
	struct pollfd pollfd = {.fd = reading->worker->asked, .events = POLLIN};

	if (poll(&pollfd, 1, 0) <= 0)
		return;
	if (reading->worker->live != NULL)
		capture_stop(reading->worker->live);
	else
		reading->stopped = true;
}

/* False when out of memory. */
static bool
take_frame(struct reading *reading, const struct frame *frame)
{
	if (!pipeline_frame(reading->pipeline, frame))
		return false;
	tell_begun(reading);
	if (++reading->frames % TELL_FRAMES == 0) {
		tell_passed(reading, frame->when.frame + 1);
		look_for_parent(reading);
	}
	return !reading->out_of_memory;
}

/* Whatever came or did not, now and then the parent is told how far this is. False when out of memory. */
static bool
tell_live(struct reading *reading)
{
	int64_t now_us = pace_clock();

	if (now_us >= reading->told_us && now_us - reading->told_us < TELL_US)
		return true;
	reading->told_us = now_us;
	capture_drops(reading->capture, &reading->tally.dropped);
	if (!tell_decided(reading))
		return false;
	tell_passed(reading, capture_next_number(reading->capture));
	look_for_parent(reading);
	return true;
}

/* False when out of memory. */
static bool
take_live(struct reading *reading, enum capture_status status, const struct frame *frame)
{
	bool alive = status == CAPTURE_FRAME ? pipeline_frame(reading->pipeline, frame)
					     : pipeline_idle(reading->pipeline, pace_clock() - PACE_ON_ITS_WAY_US);

	if (!alive)
		return false;
	tell_begun(reading);
	if (status != CAPTURE_FRAME || ++reading->frames % TELL_FRAMES == 0)
		alive = tell_live(reading);
	return alive && !reading->out_of_memory;
}

/* False when out of memory. */
static bool
read_frames(struct reading *reading, struct told_end *end)
{
	const bool live = reading->worker->live != NULL;
	const uint64_t most = reading->options->count;
	struct tally *tally = &reading->tally;
	enum capture_status status = CAPTURE_FRAME;
	struct frame frame;

	while (!reading->stopped && !reading->gone && (most == 0 || reading->frames < most) &&
	       ((status = capture_next(reading->capture, &frame)) == CAPTURE_FRAME || status == CAPTURE_AGAIN))
		if (live ? !take_live(reading, status, &frame) : !take_frame(reading, &frame))
			return false;
	if (status == CAPTURE_CUT) {
		tally->damaged = true;
		end->lost = capture_lost(reading->capture);
		end->sentence = sentence_of(capture_error(reading->capture));
		if (capture_out_of_memory(reading->capture) || end->sentence == NULL)
			return false;
	}
	if (live || reading->worker->share.which == 0)
		capture_drops(reading->capture, &tally->dropped);
	return pipeline_finish(reading->pipeline) && !reading->out_of_memory;
}

static void
read_capture(struct reading *reading, struct cert_store *certs, uint64_t seed, struct told_end *end)
{
	reading->pipeline = pipeline_new(certs, &reading->tally, seed, on_handshake, on_event, reading);
	end->out_of_memory = reading->pipeline == NULL;
	if (reading->pipeline == NULL)
		return;
	if (reading->worker->live == NULL)
		pipeline_share(reading->pipeline, &reading->worker->share);
	end->out_of_memory = !read_frames(reading, end);
	tell_begun(reading);
}

static void
end_reading(struct reading *reading, struct told_end *end)
{
	tell_end(reading, end);
	pipeline_free(reading->pipeline);
	carry_free(&reading->out);
	free(end->sentence);
}

static void
read_share(const struct worker *worker, const struct options *options, struct cert_store *certs, uint64_t seed)
{
	struct reading reading = {.worker = worker, .options = options, .capture = worker->live};
	struct told_end end = {.opened = true};

	capture_heard_by(worker->live, on_notice, &reading);
	reading.decided = calloc(1, sizeof(*reading.decided));
	end.out_of_memory = reading.decided == NULL;
	if (reading.decided != NULL)
		read_capture(&reading, certs, seed, &end);
	end_reading(&reading, &end);
	if (reading.decided != NULL)
		decided_copies_clear(reading.decided);
	free(reading.decided);
}

/* False where nobody listens any more. */
static bool
read_file(const struct worker *worker, const struct options *options, const char *path, struct cert_store *certs,
	  uint64_t seed)
{
	struct reading reading = {.worker = worker, .options = options};
	struct told_end end = {.opened = true};
	char error[1024];

	reading.capture = capture_open_file(path, &options->capture, error, sizeof(error));
	if (reading.capture != NULL) {
		read_capture(&reading, certs, seed, &end);
	} else {
		end = (struct told_end){.sentence = sentence_of(error)};
		end.out_of_memory = end.sentence == NULL;
	}
	end_reading(&reading, &end);
	capture_close(reading.capture);
	return !reading.gone && !reading.stopped && !end.out_of_memory;
}

int
worker_read(const struct worker *worker, const struct options *options)
{
	uint64_t seed = 0;
	struct cert_store *certs;
	bool heard = true;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = UINT64_C(0x2545f4914f6cdd1d);
	certs = cert_store_new(seed);
	if (certs != NULL && worker->live != NULL)
		read_share(worker, options, certs, seed);
	for (size_t i = 0; certs != NULL && heard && i < options->n_words; i++)
		heard = read_file(worker, options, options->words[i], certs, seed);
	cert_store_free(certs);
	return certs != NULL ? EXIT_NOTHING : EXIT_INPUT;
}
