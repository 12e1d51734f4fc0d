/* Files that the command line names, opened while that is still allowed (sandbox.h) and taken by whoever reads them.
 * What cannot be opened is found out when it is taken, so that every input is spoken of in its turn. */
#ifndef SRC_SANDBOX_OPENED_H
#define SRC_SANDBOX_OPENED_H

#include <stdbool.h>

/* opened_add opens a file for reading, "-" being stdin, as often as the command line names it. It never waits: a pipe that
 * nobody writes to yet is open at once, and is to be polled before it is read. False when out of memory. path must stay. */
bool opened_add(const char *path);

/* opened_take gives the descriptor of a file so opened, which is then the caller's; one that was not, it opens now. -1 and
 * errno. */
int opened_take(const char *path);

/* opened_is_file says whether there is such a file at all, be it one that may not be read. */
bool opened_is_file(const char *path);

/* opened_may_wait says whether any that nobody took yet may keep its reader waiting: it is no file on a disk. */
bool opened_may_wait(void);

/* opened_waits says so of one. */
bool opened_waits(const char *path);

/* opened_close closes what nobody took. */
void opened_close(void);

#endif
