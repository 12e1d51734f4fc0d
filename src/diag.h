/* What handspan says on stderr: "handspan: the thing: what is wrong; the way out". */
#ifndef SRC_DIAG_H
#define SRC_DIAG_H

#include <stdbool.h>

/* diag_quiet leaves out notes; errors are always said. */
void diag_quiet(void);

/* diag_mute leaves out all, errors too: another process speaks for this one. */
void diag_mute(void);

/* diag_error says why something could not be done; diag_note, what is good to know. One line, without a newline. */
void diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void diag_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* diag_status_possible says whether a line of status can be shown: stderr is a terminal, this program is in its foreground, and
 * stdout is no pipe, for who reads that may write to the terminal too. It is asked before the sandbox is entered. */
bool diag_status_possible(void);

/* diag_status shows such a line in the place of the one before. It goes when anything else is said here, by diag_status_clear,
 * and by diag_status_make_way where stdout is a terminal too: whoever writes to stdout asks for that first. */
void diag_status(const char *line);
void diag_status_make_way(void);
void diag_status_clear(void);

#endif
