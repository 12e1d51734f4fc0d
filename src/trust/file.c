/* A small file that the user named, read whole. */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
file_read(const char *path, size_t limit, uint8_t **bytes, size_t *n, const char **why)
{
	uint8_t *buffer = NULL;
	size_t got;
	FILE *file = fopen(path, "rbe");

	if (file == NULL) {
		*why = strerror(errno);
		return false;
	}
	/* One byte of room beyond the limit tells "too big" from "just fits", also where a file has
	 * no size. */
	buffer = malloc(limit + 1);
	if (buffer == NULL) {
		*why = strerror(ENOMEM);
		goto fail;
	}
	got = fread(buffer, 1, limit + 1, file);
	if (ferror(file)) {
		*why = strerror(errno);
		goto fail;
	}
	if (got > limit) {
		*why = "too big";
		goto fail;
	}
	fclose(file);
	*bytes = buffer;
	*n = got;
	return true;
fail:
	free(buffer);
	fclose(file);
	return false;
}
