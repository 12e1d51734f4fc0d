/* An input file as it lies on disk or comes through a pipe. */
#ifndef SRC_CAPTURE_INPUT_H
#define SRC_CAPTURE_INPUT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct input;

/* input_open opens a file, "-" being stdin. NULL with a whole sentence in err. When *stop becomes
 * true the file ends there: a pipe may stay silent for ever. */
struct input *input_open(const char *path, const volatile sig_atomic_t *stop, char *err,
			 size_t err_size);

/* input_name is what people call path: itself, or stdin. */
const char *input_name(const char *path);

/* input_read reads up to n bytes: how many they are, 0 at the end, -1 on error. */
ssize_t input_read(struct input *input, void *to, size_t n);

uint64_t input_offset(const struct input *input); /* how many bytes were read */
uint64_t input_size(const struct input *input);	  /* how many there were when it was opened; 0: a pipe */
const char *
input_error(const struct input *input); /* after -1, a sentence's second half; NULL before */

/* input_is says whether this is the file that a descriptor is of, under whatever name. */
bool input_is(const struct input *input, int fd);

void input_close(struct input *input);

#endif
