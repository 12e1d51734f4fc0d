/* The options that say where frames come from, and which. Each answers EXIT_NOTHING, or what to exit with; the reason has
 * been said. */
#ifndef SRC_OPTIONS_CAPTURE_H
#define SRC_OPTIONS_CAPTURE_H

#include "options.h"

/* capturing_interface takes one -i more. */
int capturing_interface(struct options *options, const char *name);

/* capturing_number takes -c, -s, -B, or what is none of them: --workers. */
int capturing_number(struct options *options, int option, const char *text);

/* capturing_filter_file reads the filter of -F. */
int capturing_filter_file(struct options *options, const char *path);

/* capturing_check says whether there is something to read; what is wrong has been said. */
bool capturing_check(const struct options *options);

/* capturing_notice says on stderr what becomes of interfaces. */
void capturing_notice(const char *sentence);

#endif
