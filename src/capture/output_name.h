/* The names of files that are written one after the other: tcpdump's. */
#ifndef SRC_CAPTURE_OUTPUT_NAME_H
#define SRC_CAPTURE_OUTPUT_NAME_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* Behind the name of a file that is not complete yet. */
#define OUTPUT_PART ".part"

struct output_name {
	char text[NAME_MAX + 1];
};

/* output_digits is how many digits so many files need, counted from 0; 0 files need none. */
unsigned output_digits(uint32_t files);

/* output_name makes a name of a pattern: where there is a time, strftime's of that second in local
 * time; and a number of at least so many digits, 0 of no digits being left out. False where that
 * is no name for a file that has OUTPUT_PART behind it meanwhile. */
bool output_name(const char *pattern, const int64_t *second, uint32_t number, unsigned digits,
		 struct output_name *out);

#endif
