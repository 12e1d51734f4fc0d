/* Names out of times and numbers. */
#include "output_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

unsigned
output_digits(uint32_t files)
{
	unsigned digits = 0;

	for (uint32_t last = files > 0 ? files - 1 : 0; last > 0; last /= 10)
		digits++;
	return digits;
}

/* strftime's answer for what is too long is that for an empty name; neither will do. */
static bool
timed(const char *pattern, int64_t second, struct output_name *out)
{
	time_t at = second;
	struct tm local;

	return localtime_r(&at, &local) != NULL &&
	       strftime(out->text, sizeof out->text, pattern, &local) > 0;
}

static bool
numbered(uint32_t number, unsigned digits, struct output_name *out)
{
	size_t len = strlen(out->text), room = sizeof out->text - len;

	return (number == 0 && digits == 0) ||
	       (size_t)snprintf(out->text + len, room, "%0*" PRIu32, (int)digits, number) < room;
}

static bool
is_name(const char *text)
{
	return text[0] != '\0' && strchr(text, '/') == NULL && strcmp(text, ".") != 0 &&
	       strcmp(text, "..") != 0 && strlen(text) + strlen(OUTPUT_PART) <= NAME_MAX;
}

bool
output_name(const char *pattern, const int64_t *second, uint32_t number, unsigned digits,
	    struct output_name *out)
{
	if (second != NULL) {
		if (!timed(pattern, *second, out))
			return false;
	} else if ((size_t)snprintf(out->text, sizeof out->text, "%s", pattern) >=
		   sizeof out->text) {
		return false;
	}
	return numbered(number, digits, out) && is_name(out->text);
}
