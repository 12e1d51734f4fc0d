/* A small file that the user named, read whole. */
#ifndef SRC_TRUST_FILE_H
#define SRC_TRUST_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* file_read reads a file of at most limit bytes; the caller frees *bytes. False with *why set to
 * static or strerror text. */
bool file_read(const char *path, size_t limit, uint8_t **bytes, size_t *n, const char **why);

#endif
