/* Dates as people type them. */
#ifndef SRC_DATE_H
#define SRC_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* date_parse reads "2016-04-01", "2016-04-01T20:14:22Z" (UTC, the Z may be missing) or seconds since 1970. */
bool date_parse(const char *text, int64_t *seconds);

#endif
