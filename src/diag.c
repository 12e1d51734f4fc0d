/* What handspan says on stderr. */
#include "diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static bool quiet;

void
diag_quiet(void)
{
	quiet = true;
}

/* What stdout was given before is there before, where both go to the same place. */
static void
say(const char *format, va_list arguments)
{
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
