/* Between the command line and the first byte from outside. */
#include "prepare.h"

#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "sandbox/opened.h"
#include "sandbox/sandbox.h"

static int
no_memory(void)
{
	diag_error("out of memory");
	return EXIT_INPUT;
}

static int
open_files(const struct options *options)
{
	bool good = true;

	for (size_t i = 0; good && i < options->n_trust_files; i++)
		good = opened_add(options->trust_files[i].path);
	for (size_t i = 0; good && i < options->n_words; i++)
		good = opened_add(options->words[i]);
	return good ? EXIT_NOTHING : no_memory();
}

/* Files are made by whom this process will be. */
static int
open_outputs(struct options *options, struct prepared *out)
{
	char error[1024];

	if (sandbox_becomes(options->user, &out->owner.user, &out->owner.group))
		options->capture.owner = &out->owner;
	options->capture.outputs = out->outputs = capture_outputs_open(&options->capture, error, sizeof(error));
	if (out->outputs != NULL)
		return EXIT_NOTHING;
	diag_error("%s", error);
	return EXIT_INPUT;
}

static int
open_interfaces(const struct options *options, struct prepared *out)
{
	const char *const *names = options->interfaces;
	const size_t n = options->n_interfaces;
	char error[1024];
	bool good;

	if (options->workers > 1) {
		good = capture_open_shared(names, n, &options->capture, out->shares, options->workers, error, sizeof(error));
	} else {
		out->live = capture_open_live(names, n, &options->capture, error, sizeof(error));
		good = out->live != NULL;
	}
	if (good)
		return EXIT_NOTHING;
	diag_error("%s", error);
	return EXIT_INTERFACE;
}

static int
compile_filter(struct options *options, struct prepared *out)
{
	char error[1024];

	options->capture.filters = out->filters = capture_filters_new(options->capture.filter, error, sizeof(error));
	if (out->filters != NULL)
		return EXIT_NOTHING;
	diag_error("%s", error);
	return EXIT_INPUT;
}

static int
open_all(struct options *options, struct prepared *out)
{
	int status = open_files(options);

	if (status == EXIT_NOTHING && (options->capture.write_to != NULL || options->capture.save_to != NULL))
		status = open_outputs(options, out);
	if (status == EXIT_NOTHING && options->n_interfaces > 0)
		status = open_interfaces(options, out);
	else if (status == EXIT_NOTHING && options->capture.filter != NULL)
		status = compile_filter(options, out);
	if (status == EXIT_NOTHING && options->export_to != NULL) {
		out->export = export_open(options->export_to, options->force);
		status = out->export != NULL ? EXIT_NOTHING : EXIT_INPUT;
	}
	return status;
}

/* Privileges are dropped once, for all processes. */
static int
drop(const struct options *options, const struct prepared *prepared)
{
	bool made;
	int export_to = export_directory(prepared->export, &made);

	if (!sandbox_drop(options->user, made ? export_to : -1))
		return options->user != NULL ? EXIT_USAGE : EXIT_INPUT;
	return export_may_write(prepared->export) ? EXIT_NOTHING : EXIT_INPUT;
}

/* What comes through a pipe can be read only once. */
static bool
can_share(const struct options *options)
{
	for (size_t i = 0; i < options->n_words; i++)
		if (strcmp(options->words[i], "-") == 0 || opened_waits(options->words[i])) {
			diag_note("--workers: '%s' can be read only once: one process reads it all", options->words[i]);
			return false;
		}
	return true;
}

/* Nobody keeps what another reads or writes. */
static void
close_others(const struct options *options, struct prepared *prepared)
{
	bool worker = prepared->workers == NULL;

	for (size_t i = 0; worker && i < options->n_trust_files; i++)
		close(opened_take(options->trust_files[i].path));
	for (size_t i = 0; !worker && i < options->n_words; i++)
		close(opened_take(options->words[i]));
	if (worker) {
		export_close(prepared->export);
		prepared->export = NULL;
	}
}

/* Each worker has its share of a live capture; the first one's is, left to it, their parent's too. */
static void
keep_share(struct prepared *prepared)
{
	const bool worker = prepared->workers == NULL;

	for (unsigned i = 0; i < LIMIT_WORKERS && prepared->shares[i] != NULL; i++) {
		if (i == prepared->worker.share.which) {
			prepared->live = prepared->shares[i];
			if (!worker)
				capture_leave(prepared->live);
		} else {
			capture_close(prepared->shares[i]);
		}
		prepared->shares[i] = NULL;
	}
	if (worker)
		prepared->worker.live = prepared->live;
}

static int
start_workers(const struct options *options, struct prepared *out)
{
	if (options->task != TASK_ANALYSE || options->workers <= 1 || !can_share(options))
		return EXIT_NOTHING;
	if (!workers_start(options->workers, &out->workers, &out->worker))
		return EXIT_INPUT;
	close_others(options, out);
	keep_share(out);
	return EXIT_NOTHING;
}

static int
shut_in(const struct options *options, const struct prepared *prepared)
{
	bool made;
	int export_to = export_directory(prepared->export, &made);
	int sockets[LIMIT_CAPTURED];
	struct sandbox_needs needs = {
		.sockets = sockets, .children = prepared->workers != NULL, .verbose = options->verbose};

	if (prepared->live != NULL && prepared->workers == NULL)
		needs.n_sockets = capture_sockets(prepared->live, sockets);
	if (prepared->outputs != NULL)
		needs.n_directories = capture_outputs_directories(prepared->outputs, needs.directories);
	if (export_to >= 0)
		needs.directories[needs.n_directories++] = export_to;
	if (options->no_sandbox)
		diag_note("--no-sandbox: whoever takes handspan over by what it reads can do all that you can");
	else if (!sandbox_enter(&needs))
		return EXIT_INPUT;
	return EXIT_NOTHING;
}

int
prepare(struct options *options, struct prepared *out)
{
	int status;

	*out = (struct prepared){.live = NULL};
	options->progress = diag_status_possible();
	status = open_all(options, out);
	if (status == EXIT_NOTHING)
		status = drop(options, out);
	if (status == EXIT_NOTHING)
		status = start_workers(options, out);
	if (status == EXIT_NOTHING)
		status = shut_in(options, out);
	return status == EXIT_NOTHING && out->worker.share.of == 0 ? options_read_trust(options) : status;
}

void
prepare_end(struct prepared *prepared)
{
	workers_end(prepared->workers);
	for (unsigned i = 0; i < LIMIT_WORKERS; i++)
		capture_close(prepared->shares[i]);
	capture_close(prepared->live);
	capture_outputs_close(prepared->outputs);
	export_close(prepared->export);
	capture_filters_free(prepared->filters);
	opened_close();
}
