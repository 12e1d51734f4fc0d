/* The options that say which frames are written, and where. */
#include "options_write.h"

#include <limits.h>
#include <string.h>

#include "diag.h"

/* tcpdump's, not 1 MiB. */
#define MEGABYTE 1000000

int
write_rotate(struct capture_options *capture, int option, const char *text)
{
	const char name[] = {'-', (char)option, '\0'};
	long number;

	if (!options_number(text, name, INT_MAX, &number))
		return EXIT_USAGE;
	if (option == 'C')
		capture->file_bytes = (uint64_t)number * MEGABYTE;
	else if (option == 'G')
		capture->file_seconds = (uint32_t)number;
	else
		capture->files = (uint32_t)number;
	return EXIT_NOTHING;
}

static bool
is_stdout(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

int
write_check(const struct capture_options *capture, size_t inputs)
{
	bool rotates = capture->file_bytes > 0 || capture->file_seconds > 0;
	const char *wrong = NULL;

	if (is_stdout(capture->write_to))
		wrong = "-w: stdout carries the results; name a file";
	else if (is_stdout(capture->save_to))
		wrong = "--save-handshakes: stdout carries the results; name a file";
	else if (capture->write_to != NULL && inputs > 1)
		wrong = "-w takes the frames of one input";
	else if (capture->save_to != NULL && inputs > 1)
		wrong = "--save-handshakes takes the frames of one input";
	else if (capture->write_to != NULL && capture->save_to != NULL &&
		 strcmp(capture->write_to, capture->save_to) == 0)
		wrong = "-w and --save-handshakes cannot write the same file";
	else if (capture->write_to == NULL && (rotates || capture->files > 0))
		wrong = "-C, -G and -W say when -w begins a new file; name one with it";
	else if (capture->files > 0 && !rotates)
		wrong = "-W counts files that -C or -G begins; give one of them";
	if (wrong == NULL)
		return EXIT_NOTHING;
	diag_error("%s", wrong);
	return EXIT_USAGE;
}

void
write_complain(const char *sentence)
{
	diag_error("%s", sentence);
}
