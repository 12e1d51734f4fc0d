/* One input from its opening to its report. */
#include "run.h"

#include <signal.h>

#include "diag.h"
#include "limit.h"
#include "pipeline.h"

static volatile sig_atomic_t stop_asked, statistics_asked, rotation_asked;
static bool ignore_hangup; /* nohup's wish, for the signal handler alone */
static struct capture *volatile running; /* for the signal handler alone */

static void
on_stop(int signal_number)
{
	struct capture *capture = running;

	if (stop_asked) {
		signal(signal_number, SIG_DFL);
		raise(signal_number);
	}
	stop_asked = 1;
	if (capture != NULL)
		capture_stop(capture);
}

static void
on_statistics(int signal_number)
{
	(void)signal_number;
	statistics_asked = 1;
}

/* The kernel sends it when the terminal is gone, and people when they want a new file. */
static void
on_hangup(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	if (info->si_code != SI_KERNEL)
		rotation_asked = 1;
	else if (!ignore_hangup)
		on_stop(signal_number);
}

/* Without files to rotate it does what it always does. */
static void
catch_hangup(const struct capture_options *options)
{
	struct sigaction hangup = {.sa_sigaction = on_hangup, .sa_flags = SA_RESTART | SA_SIGINFO};
	struct sigaction before;

	if (options->write_to == NULL && options->save_to == NULL)
		return;
	sigaction(SIGHUP, &hangup, &before);
	ignore_hangup = before.sa_handler == SIG_IGN;
}

/* SIGINT and SIGTERM: stop, flush and report; a second one: now. SIGUSR1: statistics. An input that is still being
 * opened is simply left. */
static void
catch_signals(void)
{
	struct sigaction stop = {.sa_handler = on_stop};
	struct sigaction statistics = {.sa_handler = on_statistics, .sa_flags = SA_RESTART};

	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGUSR1, &statistics, NULL);
}

bool
run_stopped(void)
{
	return stop_asked != 0;
}

/* Where finished handshakes and events go. */
struct finishing {
	const struct run *run;
	const struct options *options;
	struct pipeline *pipeline;
	struct cases *cases;
	struct tally *tally;
	bool out_of_memory;
};

/* More certificates are kept than there is room for, those of open handshakes left out. */
static bool
too_many_certificates(const struct finishing *finishing)
{
	return cert_store_held(finishing->run->certs) > LIMIT_CERT_BYTES + pipeline_held(finishing->pipeline);
}

static void
on_handshake(void *arg, struct handshake *handshake)
{
	struct finishing *finishing = arg;

	if (finishing->options->sink->handshake != NULL && !finishing->options->story)
		finishing->options->sink->handshake(stdout, handshake);
	export_handshake(finishing->run->export, handshake);
	cases_add(finishing->cases, handshake, finishing->tally);
	while (too_many_certificates(finishing) && cases_forget(finishing->cases, finishing->tally))
		continue;
}

static void
write_event(const struct finishing *finishing, const struct event *event)
{
	if (finishing->options->sink->event != NULL && !finishing->options->story)
		finishing->options->sink->event(stdout, event);
}

/* The cases hold a file against the trust lists that they know, and keep it as their newest event; of others they may
 * have heard before. */
static void
on_event(void *arg, struct event *event)
{
	struct finishing *finishing = arg;
	bool transfer = event->kind == EVENT_TRANSFER;

	if (!transfer)
		write_event(finishing, event);
	if (!cases_add_event(finishing->cases, event, finishing->tally))
		finishing->out_of_memory = true;
	if (!transfer)
		return;
	write_event(finishing, event);
	export_event(finishing->run->export, event);
	while (too_many_certificates(finishing) && cases_forget_event(finishing->cases, finishing->tally))
		continue;
}

static void
say_tally(const char *name, const struct tally *tally, bool verbose)
{
	diag_note("%s: %llu packets, %llu dropped by kernel, %llu by interface; %llu flows, %llu handshakes, "
		  "%llu certificates; %llu holes, %llu evictions",
		  name, (unsigned long long)tally->packets, (unsigned long long)tally->dropped_kernel,
		  (unsigned long long)tally->dropped_interface, (unsigned long long)tally->flows,
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
	if (tally->dropped_kernel + tally->dropped_interface > 0)
		diag_note("%s: packets were dropped while capturing: findings may miss what lay in them%s", name,
			  live ? "; try -B 16384" : "");
	if (tally->evicted_flows + tally->evicted_handshakes + tally->over_limit > 0)
		diag_note("%s: more at once than handspan keeps: some handshakes were given up", name);
	if (tally->packets > 0 && tally->unreadable == tally->packets)
		diag_note("%s: none of the frames could be read: is the link type one that docs/output.md names?",
			  name);
}

/* What was asked for meanwhile. */
static void
heed_signals(const struct finishing *finishing, struct capture *capture)
{
	struct tally *tally = finishing->tally;

	if (statistics_asked) {
		statistics_asked = 0;
		capture_drops(capture, &tally->dropped_kernel, &tally->dropped_interface);
		say_tally(capture_name(capture), tally, finishing->options->verbose);
	}
	if (rotation_asked) {
		rotation_asked = 0;
		capture_rotate(capture);
	}
}

/* False when out of memory. */
static bool
take_frame(struct finishing *finishing, struct capture *capture, const struct frame *frame)
{
	if (!pipeline_frame(finishing->pipeline, frame) || finishing->out_of_memory)
		return false;
	if (finishing->options->capture.save_to != NULL)
		capture_save(capture, frame, pipeline_mattered(finishing->pipeline));
	return true;
}

/* Reads to the end, or to the limit, or to a signal. False when out of memory. */
static bool
read_frames(struct finishing *finishing, struct capture *capture)
{
	const struct options *options = finishing->options;
	struct tally *tally = finishing->tally;
	enum capture_status status = CAPTURE_FRAME;
	struct frame frame;

	while (!stop_asked && (options->count == 0 || tally->packets < options->count) &&
	       ((status = capture_next(capture, &frame)) == CAPTURE_FRAME || status == CAPTURE_AGAIN)) {
		if (status == CAPTURE_FRAME && !take_frame(finishing, capture, &frame))
			return false;
		heed_signals(finishing, capture);
	}
	if (status == CAPTURE_CUT) {
		tally->damaged = true;
		diag_error("%s", capture_error(capture));
		if (capture_out_of_memory(capture))
			return false;
	}
	capture_drops(capture, &tally->dropped_kernel, &tally->dropped_interface);
	return pipeline_finish(finishing->pipeline) && !finishing->out_of_memory;
}

static bool
report(struct run *run, struct cases *cases, const char *name, const struct tally *tally)
{
	const struct report *made = cases_report(cases, tally);

	if (made == NULL)
		return false;
	for (size_t i = 0; i < made->n_findings; i++)
		if ((int)made->findings[i].severity >= (int)run->options->fail_on)
			run->findings = true;
	if (run->options->story)
		run->options->sink->story(stdout, made, tally);
	else
		run->options->sink->report(stdout, made, tally);
	fflush(stdout);
	say_tally(name, tally, run->options->verbose);
	warn(name, tally, run->options->interface != NULL);
	return true;
}

static bool
analyse(struct run *run, struct capture *capture)
{
	struct tally tally = {.input = run->options->n_words > 1 ? capture_name(capture) : NULL};
	struct cases *cases = cases_new(&run->options->trust);
	struct finishing finishing = {run, run->options, NULL, cases, &tally, false};
	struct pipeline *pipeline =
		pipeline_new(run->certs, &tally, run->seed, on_handshake, on_event, &finishing);
	bool done = cases != NULL && pipeline != NULL;

	finishing.pipeline = pipeline;
	if (done) {
		pipeline_number(pipeline, run->handshakes);
		done = read_frames(&finishing, capture);
		run->handshakes = pipeline_numbered(pipeline);
	}
	done = done && report(run, cases, capture_name(capture), &tally);
	pipeline_free(pipeline);
	cases_free(cases);
	return done;
}

static int
run_capture(struct run *run, struct capture *capture, const char *note)
{
	int status = EXIT_NOTHING;

	running = capture;
	catch_signals();
	catch_hangup(&run->options->capture);
	if (note != NULL)
		diag_note("%s: %s", capture_name(capture), note);
	if (!analyse(run, capture)) {
		diag_error("%s: out of memory: reading ends here; what was found before stands",
			   capture_name(capture));
		run->out_of_memory = true;
		status = EXIT_INPUT;
	}
	if (!capture_finish(capture))
		status = EXIT_INPUT;
	running = NULL;
	capture_close(capture);
	return status;
}

int
run_interface(struct run *run, struct capture *capture)
{
	return run_capture(run, capture, "capturing; Ctrl-C ends it and reports");
}

int
run_file(struct run *run, const char *path)
{
	char error[1024];
	struct capture *capture = capture_open_file(path, &run->options->capture, error, sizeof(error));

	if (capture != NULL)
		return run_capture(run, capture, NULL);
	diag_error("%s", error);
	return EXIT_INPUT;
}
