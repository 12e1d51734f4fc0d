/* Dates as people type them. */
#include "date.h"

#include <stdio.h>
#include <string.h>

/* The first and last second of years 1 to 9999. */
#define FIRST_SECOND INT64_C(-62135596800)
#define LAST_SECOND INT64_C(253402300799)

/* Days from 1970-01-01 to a date of the Gregorian calendar. A 13th month is the next year's first. */
static int64_t
days_to(int year, int month, int day)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int64_t past = year - 1;

	return past * 365 + past / 4 - past / 100 + past / 400 + before[month - 1] + (leap && month > 2) + day -
	       1 - 719162;
}

static bool
is_day(int year, int month, int day)
{
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
	       days_to(year, month, day) < days_to(year, month + 1, 1);
}

bool
date_parse(const char *text, int64_t *seconds)
{
	int year, month, day, hour = 0, minute = 0, second = 0;
	int at = 0;
	long long number;

	if (sscanf(text, "%lld%n", &number, &at) == 1 && text[at] == '\0') {
		if (number < FIRST_SECOND || number > LAST_SECOND)
			return false;
		*seconds = number;
		return true;
	}
	if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &at) != 3)
		return false;
	text += at;
	if (*text == 'T' || *text == ' ') {
		if (sscanf(text + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &at) != 3)
			return false;
		text += at + 1;
	}
	if (strcmp(text, "Z") != 0 && strcmp(text, "") != 0)
		return false;
	if (!is_day(year, month, day) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 60)
		return false;
	*seconds = days_to(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	return true;
}
