/* handspan: says why a Cisco phone's VPN handshake failed. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "diag.h"
#include "explain.h"
#include "options.h"
#include "run.h"
#include "show.h"
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

static int
analyse_all(const struct options *options)
{
	struct run run = {.options = options, .certs = cert_store_new()};
	int status = EXIT_NOTHING;

	if (run.certs == NULL) {
		diag_error("out of memory");
		return EXIT_INPUT;
	}
	if (options->export_to != NULL) {
		cert_store_keep_der(run.certs);
		run.export = export_open(options->export_to, options->force);
		if (run.export == NULL) {
			cert_store_free(run.certs);
			return EXIT_INPUT;
		}
	}
	if (getrandom(&run.seed, sizeof(run.seed), 0) != sizeof(run.seed))
		run.seed = UINT64_C(0x2545f4914f6cdd1d);
	sink_text_color(options->color);
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (options->interface != NULL)
		status = run_input(&run, NULL);
	for (size_t i = 0; i < options->n_words && !run_stopped() && !run.out_of_memory; i++) {
		int input = run_input(&run, options->words[i]);
		status = input != EXIT_NOTHING ? input : status;
	}
	if (!export_close(run.export))
		status = EXIT_INPUT;
	cert_store_free(run.certs);
	return status == EXIT_NOTHING && run.findings ? EXIT_FINDINGS : status;
}

static int
perform(const struct options *options)
{
	switch (options->task) {
	case TASK_HELP:
		options_help();
		return EXIT_NOTHING;
	case TASK_VERSION:
		puts("handspan " PACKAGE_VERSION);
		return EXIT_NOTHING;
	case TASK_HASH:
		return translate_all(options);
	case TASK_SHOW:
		return show_files(options);
	case TASK_EXPLAIN:
		return explain_words(options);
	case TASK_LIST_INTERFACES:
		return list_interfaces();
	case TASK_ANALYSE:
		break;
	}
	return analyse_all(options);
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
