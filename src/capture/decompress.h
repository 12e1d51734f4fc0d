/* The bytes of an input as they were before gzip, zstd or lz4 packed them; a plain file's as they
 * are. Which of them it is shows in the file's first bytes, never in its name. */
#ifndef SRC_CAPTURE_DECOMPRESS_H
#define SRC_CAPTURE_DECOMPRESS_H

#include <sys/types.h>

#include "dissectors/slice.h"
#include "input.h"

/* How many of the first bytes decompress_start shows: a pcap file's header. */
#define DECOMPRESS_START 24

struct decompress;

/* decompress_open reads the start of an input; the input stays the caller's, and open. NULL when
 * out of memory. */
struct decompress *decompress_open(struct input *input);

/* decompress_start gives the first bytes, DECOMPRESS_START or all there are, and does not take
 * them. Only before the first decompress_read; they live until then. */
struct slice decompress_start(const struct decompress *d);

/* decompress_read takes up to n bytes: how many they are, 0 at the end, -1 when no more can be
 * read. The first call gives all of decompress_start where n has room for it. */
ssize_t decompress_read(struct decompress *d, void *to, size_t n);

/* decompress_error says what is wrong with the file and where, a sentence's second half; NULL when
 * all is well so far. */
const char *decompress_error(const struct decompress *d);

void decompress_close(struct decompress *d);

#endif
