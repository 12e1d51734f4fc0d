/* The options that say where frames come from, and which. */
#include "options_capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "options_trust.h"

int
capturing_interface(struct options *options, const char *name)
{
	for (size_t i = 0; i < options->n_interfaces; i++)
		if (strcmp(options->interfaces[i], name) == 0) {
			diag_error("-i: %s is named twice", name);
			return EXIT_USAGE;
		}
	if (options->n_interfaces == LIMIT_CAPTURED) {
		diag_error("-i: more than %d interfaces at once; -i any is all of them", LIMIT_CAPTURED);
		return EXIT_USAGE;
	}
	options->interfaces[options->n_interfaces++] = name;
	return EXIT_NOTHING;
}

int
capturing_number(struct options *options, int option, const char *text)
{
	long number;

	if (option == 'c' && options_number(text, "-c", 1000000000000L, &number))
		options->count = (uint64_t)number;
	else if (option == 's' && options_number(text, "-s", 262144, &number))
		options->capture.snaplen = (int)number;
	else if (option == 'B' && options_number(text, "-B", CAPTURE_BUFFER_MOST_KIB, &number))
		options->capture.buffer_kib = (int)number;
	else if (strchr("csB", option) == NULL && options_number(text, "--workers", LIMIT_WORKERS, &number))
		options->workers = (unsigned)number;
	else
		return EXIT_USAGE;
	return EXIT_NOTHING;
}

int
capturing_filter_file(struct options *options, const char *path)
{
	char text[8192];
	FILE *file = fopen(path, "r");
	size_t n;

	if (file == NULL) {
		diag_error("%s: %s", path, strerror(errno));
		return EXIT_INPUT;
	}
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	free(options->filter);
	options->filter = strndup(text, n);
	options->capture.filter = options->filter;
	return options->filter != NULL ? EXIT_NOTHING : options_no_memory();
}

bool
capturing_check(const struct options *options)
{
	if (options->n_interfaces > 0 && options->n_words > 0)
		diag_error("-i and capture files do not go together");
	else if (options->n_interfaces == 0 && options->n_words == 0)
		diag_error("name a capture file, or an interface with -i; try 'handspan --help'");
	else if (options->workers > 1 && options->n_interfaces > 0 && options->count > 0)
		diag_error("-c wants all frames in one process; leave --workers out");
	else if (options->workers > 1 && (options->capture.write_to != NULL || options->capture.save_to != NULL))
		diag_error("-w and --save-handshakes want all frames in one process; leave --workers out");
	else if (options->workers > 1 && options->watch && options->n_words > 0)
		diag_error("--watch reads files in one process; leave --workers out");
	else
		return true;
	return false;
}

void
capturing_notice(const char *sentence)
{
	diag_note("%s", sentence);
}
