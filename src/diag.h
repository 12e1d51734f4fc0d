/* What handspan says on stderr: "handspan: the thing: what is wrong; the way out". */
#ifndef SRC_DIAG_H
#define SRC_DIAG_H

/* diag_quiet leaves out notes; errors are always said. */
void diag_quiet(void);

/* diag_error says why something could not be done; diag_note, what is good to know. One line, without a newline. */
void diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void diag_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
