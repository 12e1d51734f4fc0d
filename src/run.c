/* One input from its opening to its report. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>

#include "diag.h"
#include "gather.h"
#include "pipeline.h"
#include "progress.h"
#include "signals.h"
#include "watch/pace.h"

/* One input being read. */
struct reading {
	const struct options *options;
	const char *name;
	struct capture *capture;   /* NULL: workers read it, */
	struct pipeline *pipeline; /* and so here */
	struct gather *gather;
	struct tally tally;
	struct decided_copies *open; /* those that are looked at before they are over; NULL: nothing is said before the end */
	struct progress progress;
};

static void
on_handshake(void *arg, struct handshake *handshake)
{
	struct reading *reading = arg;

	gather_handshake(reading->gather, handshake, pipeline_held(reading->pipeline));
}

static void
on_event(void *arg, struct event *event)
{
	struct reading *reading = arg;

	gather_event(reading->gather, event, pipeline_held(reading->pipeline));
}

static void
say_tally(const char *name, const struct tally *tally, bool verbose)
{
	diag_note("%s: %llu packets, %llu dropped by kernel, %llu by interface; %llu flows, %llu handshakes, "
		  "%llu certificates; %llu holes, %llu evictions",
		  name, (unsigned long long)tally->packets, (unsigned long long)tally->dropped.kernel,
		  (unsigned long long)tally->dropped.interface, (unsigned long long)tally->flows,
		  (unsigned long long)tally->handshakes, (unsigned long long)tally->certificates,
		  (unsigned long long)tally->holes,
		  (unsigned long long)(tally->evicted_flows + tally->evicted_handshakes));
	if (verbose)
		diag_note("%s: %llu bytes; %llu frames unreadable, %llu cut by the snap length; %llu IP datagrams "
			  "incomplete; %llu bytes in holes; %llu given up at a limit",
			  name, (unsigned long long)tally->bytes, (unsigned long long)tally->unreadable,
			  (unsigned long long)tally->cut, (unsigned long long)tally->fragments_lost,
			  (unsigned long long)tally->hole_bytes, (unsigned long long)tally->over_limit);
}

/* What the counts mean for who reads the findings. */
static void
warn(const char *name, const struct tally *tally, bool live)
{
	if (tally->dropped.kernel + tally->dropped.interface > 0)
		diag_note("%s: packets were dropped while capturing: findings may miss what lay in them%s", name,
			  live ? "; try a larger -B" : "");
	if (tally->evicted_flows + tally->evicted_handshakes + tally->over_limit > 0)
		diag_note("%s: more at once than handspan keeps: some handshakes were given up", name);
	if (tally->packets > 0 && tally->unreadable == tally->packets)
		diag_note("%s: none of the frames could be read: is the link type one that docs/output.md names?",
			  name);
}

/* What was asked for meanwhile. */
static void
heed_signals(struct reading *reading)
{
	struct tally *tally = &reading->tally;

	if (signals_statistics()) {
		capture_drops(reading->capture, &tally->dropped);
		say_tally(reading->name, tally, reading->options->verbose);
	}
	if (signals_rotation())
		capture_rotate(reading->capture);
}

/* False when out of memory. */
static bool
take_frame(struct reading *reading, const struct frame *frame)
{
	if (!pipeline_frame(reading->pipeline, frame) || gather_out_of_memory(reading->gather))
		return false;
	if (reading->options->capture.save_to != NULL)
		capture_save(reading->capture, frame, pipeline_mattered(reading->pipeline));
	return true;
}

/* Says what has been found until now, where there may be something new. False when out of memory. */
static bool
look(struct reading *reading, int64_t now_us)
{
	if (pipeline_decided_news(reading->pipeline))
		gather_stir(reading->gather);
	while (gather_is_due(reading->gather, now_us)) {
		capture_drops(reading->capture, &reading->tally.dropped);
		if (!pipeline_decided(reading->pipeline, reading->open) ||
		    !gather_look(reading->gather, now_us, reading->open))
			return false;
	}
	return true;
}

/* What came, or did not: while no frame comes time passes all the same, but one may still be on its way. False when out of
 * memory. */
static bool
take(struct reading *reading, enum capture_status status, const struct frame *frame)
{
	int64_t now_us;

	if (status == CAPTURE_FRAME)
		return (reading->open == NULL || look(reading, frame->when.us)) && take_frame(reading, frame);
	now_us = pace_clock();
	return pipeline_idle(reading->pipeline, now_us - PACE_ON_ITS_WAY_US) && look(reading, now_us);
}

/* An interface still has what came before the signal: its capture ends by itself. */
static bool
is_stopped(const struct reading *reading)
{
	return signals_stop() && reading->options->n_interfaces == 0;
}

/* Reads to the end, or to the limit, or to a signal. False when out of memory. */
static bool
read_frames(struct reading *reading)
{
	const struct options *options = reading->options;
	struct capture *capture = reading->capture;
	struct tally *tally = &reading->tally;
	enum capture_status status = CAPTURE_FRAME;
	struct frame frame;

	while (!is_stopped(reading) && (options->count == 0 || tally->packets < options->count) &&
	       ((status = capture_next(capture, &frame)) == CAPTURE_FRAME || status == CAPTURE_AGAIN)) {
		if (!take(reading, status, &frame))
			return false;
		progress_frame(&reading->progress);
		heed_signals(reading);
	}
	if (status == CAPTURE_CUT) {
		tally->damaged = true;
		diag_error("%s", capture_error(capture));
		if (capture_out_of_memory(capture))
			return false;
	}
	capture_drops(capture, &tally->dropped);
	return pipeline_finish(reading->pipeline) && !gather_out_of_memory(reading->gather);
}

static bool
report(struct run *run, const struct reading *reading)
{
	if (!gather_report(reading->gather, &run->findings))
		return false;
	say_tally(reading->name, &reading->tally, run->options->verbose);
	warn(reading->name, &reading->tally, run->options->n_interfaces > 0);
	return true;
}

/* Whether there is something to be said before the end. */
static bool
says_early(const struct run *run)
{
	return run->options->n_interfaces > 0 || run->watch != NULL;
}

/* begin begins an input. reading stays where it is: others hold what is in it. */
static void
begin(const struct run *run, const char *name, struct reading *reading)
{
	*reading = (struct reading){.options = run->options, .name = name};
	reading->tally.input = run->options->n_words > 1 ? name : NULL;
	reading->gather = gather_new(run->options, run->certs, run->export, run->watch, &reading->tally);
}

static bool
analyse(struct run *run, struct capture *capture)
{
	struct reading reading;
	bool done;

	begin(run, capture_name(capture), &reading);
	reading.capture = capture;
	reading.pipeline =
		pipeline_new(run->certs, &reading.tally, run->seed, on_handshake, on_event, &reading);
	if (says_early(run))
		reading.open = calloc(1, sizeof(*reading.open));
	done = reading.gather != NULL && reading.pipeline != NULL &&
	       (reading.open != NULL || !says_early(run));
	if (done) {
		if (run->options->progress)
			progress_begin(&reading.progress, capture);
		pipeline_number(reading.pipeline, run->handshakes);
		done = read_frames(&reading);
		progress_end(&reading.progress);
		run->handshakes = pipeline_numbered(reading.pipeline);
	}
	done = done && report(run, &reading);
	pipeline_free(reading.pipeline);
	gather_free(reading.gather);
	if (reading.open != NULL)
		decided_copies_clear(reading.open);
	free(reading.open);
	return done;
}

static void
say_out_of_memory(struct run *run, const char *name)
{
	diag_error("%s: out of memory: reading ends here; what was found before stands", name);
	run->over = true;
}

static int
run_capture(struct run *run, struct capture *capture, const char *note)
{
	const struct capture_options *options = &run->options->capture;
	int status = EXIT_NOTHING;

	signals_catch(capture, options->write_to != NULL || options->save_to != NULL);
	if (note != NULL)
		diag_note("%s: %s", capture_name(capture), note);
	if (!analyse(run, capture)) {
		say_out_of_memory(run, capture_name(capture));
		status = EXIT_INPUT;
	}
	if (capture_lost(capture))
		status = EXIT_INTERFACE;
	if (!capture_finish(capture))
		status = EXIT_INPUT;
	signals_over();
	capture_close(capture);
	return status;
}

static void
heed_statistics(void *arg)
{
	const struct reading *reading = arg;

	if (signals_statistics())
		say_tally(reading->name, &reading->tally, reading->options->verbose);
}

static enum workers_answer
hear_workers(struct run *run, struct reading *reading, const struct capture *live)
{
	struct decided_copies *open = live != NULL ? calloc(1, sizeof(*open)) : NULL;
	enum workers_answer answer = WORKERS_OUT_OF_MEMORY;

	if (reading->gather != NULL && (live == NULL || open != NULL))
		answer = workers_read(run->workers, &(struct workers_to){.gather = reading->gather,
									  .tally = &reading->tally,
									  .certs = run->certs,
									  .handshakes = &run->handshakes,
									  .live = live,
									  .open = open,
									  .meanwhile = heed_statistics,
									  .arg = reading});
	free(open);
	return answer;
}

/* The next file, or a live capture, is read by workers. */
static int
run_shared(struct run *run, const char *name, const struct capture *live)
{
	enum workers_answer answer;
	struct reading reading;

	begin(run, name, &reading);
	signals_catch(NULL, false);
	answer = hear_workers(run, &reading, live);
	if (answer != WORKERS_NOT_READ && answer != WORKERS_OUT_OF_MEMORY && !report(run, &reading))
		answer = WORKERS_OUT_OF_MEMORY;
	if (answer == WORKERS_OUT_OF_MEMORY)
		say_out_of_memory(run, name);
	run->over = run->over || answer == WORKERS_LOST;
	gather_free(reading.gather);
	signals_over();
	if (answer == WORKERS_INTERFACE_LOST)
		return EXIT_INTERFACE;
	return answer == WORKERS_READ ? EXIT_NOTHING : EXIT_INPUT;
}

int
run_live(struct run *run, struct capture *capture)
{
	char note[240];
	int status;

	snprintf(note, sizeof(note), "capturing%s%s; Ctrl-C ends it%s",
		 capture_leaves_out(capture) ? "; voice and QUIC are left out in the kernel (--no-filter takes them too)" : "",
		 run->workers != NULL ? "; frames are numbered by the microseconds since now" : "",
		 run->watch == NULL ? " and reports" : "");
	if (run->workers == NULL)
		return run_capture(run, capture, note);
	diag_note("%s: %s", capture_name(capture), note);
	status = run_shared(run, capture_name(capture), capture);
	capture_close(capture);
	return status;
}

int
run_file(struct run *run, const char *path)
{
	char error[1024];
	struct capture *capture;

	if (run->workers != NULL)
		return run_shared(run, path, NULL);
	capture = capture_open_file(path, &run->options->capture, error, sizeof(error));
	if (capture != NULL)
		return run_capture(run, capture, NULL);
	diag_error("%s", error);
	return EXIT_INPUT;
}
