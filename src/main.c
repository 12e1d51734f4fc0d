/* handspan: says why a Cisco phone's VPN handshake failed. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "diag.h"
#include "explain.h"
#include "options.h"
#include "prepare.h"
#include "run.h"
#include "sandbox/opened.h"
#include "show.h"
#include "signals.h"
#include "translate.h"

static int
translate_all(const struct options *options)
{
	int status = EXIT_NOTHING;

	for (size_t i = 0; i < options->n_words; i++)
		if (!translate(stdout, options->words[i]))
			status = EXIT_INPUT;
	return status;
}

static int
show_files(const struct options *options)
{
	enum show_form form = options->sink == &sink_json ? SHOW_JSON : options->color ? SHOW_STYLED : SHOW_TEXT;

	return show(stdout, options->words, options->n_words, &options->trust, form) ? EXIT_NOTHING : EXIT_INPUT;
}

static int
explain_words(const struct options *options)
{
	for (size_t i = 0; i < options->n_words; i++) {
		const char *id = options->words[i];
		if (strcmp(id, "all") == 0) {
			explain_all(stdout);
		} else if (!explain(stdout, id)) {
			diag_error("--explain: there is no finding '%s'; --explain all lists them", id);
			return EXIT_USAGE;
		}
	}
	return EXIT_NOTHING;
}

static int
list_interfaces(void)
{
	char error[512];

	if (capture_list(error, sizeof(error)))
		return EXIT_NOTHING;
	diag_error("%s", error);
	return EXIT_INTERFACE;
}

/* Each line is given when it is complete, so that nobody waits for it; but where files alone are read, into no terminal, many
 * are given at once. */
static void
buffer_stdout(const struct prepared *prepared)
{
	static char buffer[64 * 1024];
	bool lines = prepared->live != NULL || opened_may_wait() || isatty(STDOUT_FILENO);

	setvbuf(stdout, buffer, lines ? _IOLBF : _IOFBF, sizeof(buffer));
}

static void
on_change(void *arg, const struct change *change)
{
	struct run *run = arg;

	diag_status_make_way();
	run->options->sink->change(stdout, change);
	if (change->finding != NULL && (int)change->finding->severity >= (int)run->options->fail_on)
		run->findings = true;
}

static int
analyse_all(const struct options *options, struct prepared *prepared)
{
	struct run run = {.options = options, .export = prepared->export, .workers = prepared->workers};
	int status = EXIT_NOTHING;

	if (getrandom(&run.seed, sizeof(run.seed), 0) != sizeof(run.seed))
		run.seed = UINT64_C(0x2545f4914f6cdd1d);
	run.certs = cert_store_new(run.seed);
	if (options->watch)
		run.watch = watch_new(on_change, &run);
	if (run.certs == NULL || (options->watch && run.watch == NULL)) {
		diag_error("out of memory");
		watch_free(run.watch);
		cert_store_free(run.certs);
		return EXIT_INPUT;
	}
	sink_text_color(options->color);
	buffer_stdout(prepared);
	if (prepared->live != NULL)
		status = run_live(&run, prepared->live);
	prepared->live = NULL;
	for (size_t i = 0; i < options->n_words && !signals_stop() && !run.over; i++) {
		int input = run_file(&run, options->words[i]);
		status = input != EXIT_NOTHING ? input : status;
	}
	if (run.watch != NULL)
		watch_end(run.watch);
	watch_free(run.watch);
	if (!export_close(run.export))
		status = EXIT_INPUT;
	prepared->export = NULL;
	cert_store_free(run.certs);
	return status == EXIT_NOTHING && run.findings ? EXIT_FINDINGS : status;
}

/* The tasks that read bytes from outside. */
static int
read_outside(struct options *options)
{
	struct prepared prepared;
	int status = prepare(options, &prepared);

	if (status == EXIT_NOTHING && options->task == TASK_HASH)
		status = translate_all(options);
	else if (status == EXIT_NOTHING && options->task == TASK_SHOW)
		status = show_files(options);
	else if (status == EXIT_NOTHING && prepared.worker.share.of > 0)
		status = worker_read(&prepared.worker, options);
	else if (status == EXIT_NOTHING)
		status = analyse_all(options, &prepared);
	prepare_end(&prepared);
	return status;
}

static int
perform(struct options *options)
{
	switch (options->task) {
	case TASK_HELP:
		options_help();
		return EXIT_NOTHING;
	case TASK_VERSION:
		puts("handspan " PACKAGE_VERSION);
		return EXIT_NOTHING;
	case TASK_EXPLAIN:
		return explain_words(options);
	case TASK_LIST_INTERFACES:
		return list_interfaces();
	case TASK_HASH:
	case TASK_SHOW:
	case TASK_ANALYSE:
		break;
	}
	return read_outside(options);
}

int
main(int argc, char **argv)
{
	static char program[] = "handspan"; /* getopt begins its own messages with it */
	struct options options;
	int status;

	argv[0] = program;
	status = options_parse(argc, argv, &options);

	if (status == EXIT_NOTHING)
		status = perform(&options);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		diag_error("stdout: cannot be written");
		status = EXIT_INPUT;
	}
	options_free(&options);
	return status;
}
