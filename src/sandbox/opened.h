/* Files that the command line names, opened while that is still allowed (sandbox.h) and taken by whoever reads or writes them.
 * What cannot be opened is found out when it is taken, so that every input is spoken of in its turn. */
#ifndef SRC_SANDBOX_OPENED_H
#define SRC_SANDBOX_OPENED_H

#include <stdbool.h>

/* opened_input opens a file for reading, "-" being stdin, as often as the command line names it. It never waits: a pipe that
 * nobody writes to yet is open at once, and is to be polled before it is read. False when out of memory. path must stay. */
bool opened_input(const char *path);

/* opened_output opens a file for writing, or makes it. What is in it stays: it may turn out to be the input. */
bool opened_output(const char *path);

/* These give the descriptor of a file so opened, which is then the caller's; one that was not, they open now. -1 and errno. */
int opened_take_input(const char *path);
int opened_take_output(const char *path);

/* opened_is_file says whether there is such a file at all, be it one that may not be read. */
bool opened_is_file(const char *path);

/* opened_close closes what nobody took. */
void opened_close(void);

#endif
