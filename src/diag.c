/* What handspan says on stderr. */
#include "diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool quiet, mute, status_shown, stdout_too;

void
diag_quiet(void)
{
	quiet = true;
}

void
diag_mute(void)
{
	mute = true;
}

/* What stdout was given before is there before, where both go to the same place. */
static void
say(const char *format, va_list arguments)
{
	if (mute)
		return;
	diag_status_clear();
	fflush(stdout);
	fputs("handspan: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

void
diag_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void
diag_note(const char *format, ...)
{
	va_list arguments;

	if (quiet)
		return;
	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

static bool
is_pipe(int fd)
{
	struct stat stat;

	return fstat(fd, &stat) != 0 || S_ISFIFO(stat.st_mode) || S_ISSOCK(stat.st_mode);
}

bool
diag_status_possible(void)
{
	const char *term = getenv("TERM");

	stdout_too = isatty(STDOUT_FILENO);
	return !quiet && isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0 &&
	       tcgetpgrp(STDERR_FILENO) == getpgrp() && !is_pipe(STDOUT_FILENO);
}

/* A line that is too long for the terminal is cut by it: what it would put on a next line could not be taken away again. */
#define TO_START "\r"
#define ERASE_REST "\033[K"
#define WRAP_OFF "\033[?7l"
#define WRAP_ON "\033[?7h"

void
diag_status(const char *line)
{
	fprintf(stderr, TO_START WRAP_OFF "%s" ERASE_REST WRAP_ON, line);
	status_shown = true;
}

void
diag_status_clear(void)
{
	if (status_shown)
		fputs(TO_START ERASE_REST, stderr);
	status_shown = false;
}

void
diag_status_make_way(void)
{
	if (stdout_too)
		diag_status_clear();
}
