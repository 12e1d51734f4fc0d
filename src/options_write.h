/* The options that say which frames are written, and where. */
#ifndef SRC_OPTIONS_WRITE_H
#define SRC_OPTIONS_WRITE_H

#include "options.h"

/* write_rotate takes -C, -G or -W. EXIT_NOTHING, or what to exit with; the reason has been said. */
int write_rotate(struct capture_options *capture, int option, const char *text);

/* write_check says what cannot go together, and what is missing, for so many inputs. As above. */
int write_check(const struct capture_options *capture, size_t inputs);

/* write_complain says on stderr why frames are not written. */
void write_complain(const char *sentence);

#endif
