/* A small file that the user named, read whole. */
#include "file.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/opened.h"

/* Reads up to n bytes: how many they are, fewer at the end, -1 on error. A pipe is polled first, for it never waits. */
static ssize_t
read_up_to(int fd, uint8_t *to, size_t n)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	size_t have = 0;

	while (have < n) {
		ssize_t got = poll(&pollfd, 1, -1) < 0 ? -1 : read(fd, to + have, n - have);

		if (got == 0)
			break;
		if (got > 0)
			have += (size_t)got;
		else if (errno != EINTR && errno != EAGAIN)
			return -1;
	}
	return (ssize_t)have;
}

bool
file_read(const char *path, size_t limit, uint8_t **bytes, size_t *n, const char **why)
{
	int fd = opened_take(path);
	uint8_t *buffer;
	ssize_t got;

	if (fd < 0) {
		*why = strerror(errno);
		return false;
	}
	/* One byte of room beyond the limit tells "too big" from "just fits", also where a file has
	 * no size. */
	buffer = malloc(limit + 1);
	got = buffer != NULL ? read_up_to(fd, buffer, limit + 1) : -1;
	*why = got < 0 ? strerror(errno) : "too big";
	close(fd);
	if (got < 0 || (size_t)got > limit) {
		free(buffer);
		return false;
	}
	*bytes = buffer;
	*n = (size_t)got;
	return true;
}
