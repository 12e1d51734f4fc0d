/* Opening and reading input files, so that a signal always gets through. */
#include "input.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/opened.h"

/* How long a silent pipe is waited for before the stop flag is looked at again: a signal may come
 * just before the wait, and then nothing else would end it. */
#define STOP_LOOK_MS 200

struct input {
	int fd;	    /* owned, also when it is stdin's */
	bool waits; /* for others to write: a pipe, a socket */
	dev_t device;
	ino_t inode;
	const volatile sig_atomic_t *stop;
	off_t begin; /* where a file on a disk is read from: a shell may have read of it */
	uint64_t offset, size;
	char error[128];
};

const char *
input_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "stdin" : path;
}

static void
say_why(const char *name, int error, char *err, size_t err_size)
{
	if (error == ENOENT)
		snprintf(err, err_size, "%s: no such file", name);
	else if (error == EACCES)
		snprintf(err, err_size, "%s: permission denied; read it as its owner or with sudo",
			 name);
	else
		snprintf(err, err_size, "%s: cannot be opened: %s", name, strerror(error));
}

struct input *
input_open(const char *path, const volatile sig_atomic_t *stop, char *err, size_t err_size)
{
	const char *name = input_name(path);
	int fd = opened_take(path);
	struct stat stat;
	struct input *input = NULL;

	if (fd < 0 || fstat(fd, &stat) != 0)
		say_why(name, errno, err, err_size);
	else if (S_ISDIR(stat.st_mode))
		snprintf(err, err_size, "%s: a directory; name the capture files in it", name);
	else if (isatty(fd))
		snprintf(err, err_size,
			 "%s: a terminal, no capture; tcpdump -U -w - | handspan - reads from a "
			 "pipe",
			 name);
	else if ((input = calloc(1, sizeof *input)) == NULL)
		snprintf(err, err_size, "%s: out of memory", name);
	if (input == NULL) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	input->fd = fd;
	input->waits = !S_ISREG(stat.st_mode);
	input->size = input->waits ? 0 : (uint64_t)stat.st_size;
	input->begin = input->waits ? 0 : lseek(fd, 0, SEEK_CUR);
	input->device = stat.st_dev;
	input->inode = stat.st_ino;
	input->stop = stop;
	return input;
}

/* wait_for_bytes waits until there is something to read or the end; false when it must stop. */
static bool
wait_for_bytes(const struct input *input)
{
	struct pollfd pollfd = {.fd = input->fd, .events = POLLIN};

	while (!*input->stop) {
		if (!input->waits || poll(&pollfd, 1, STOP_LOOK_MS) > 0)
			return true;
	}
	return false;
}

/* Several processes may have the same descriptor of a file on a disk, and each its own place in it. */
static ssize_t
read_at(const struct input *input, void *to, size_t n)
{
	return input->waits ? read(input->fd, to, n) : pread(input->fd, to, n, input->begin + (off_t)input->offset);
}

ssize_t
input_read(struct input *input, void *to, size_t n)
{
	ssize_t got;

	do {
		if (!wait_for_bytes(input))
			return 0;
		got = read_at(input, to, n);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got >= 0)
		input->offset += (uint64_t)got;
	else
		snprintf(input->error, sizeof input->error,
			 "cannot be read at byte %" PRIu64 ": %s", input->offset, strerror(errno));
	return got;
}

uint64_t
input_offset(const struct input *input)
{
	return input->offset;
}

uint64_t
input_size(const struct input *input)
{
	return input->size;
}

const char *
input_error(const struct input *input)
{
	return input->error[0] != '\0' ? input->error : NULL;
}

bool
input_is(const struct input *input, int fd)
{
	struct stat other;

	return fstat(fd, &other) == 0 && other.st_dev == input->device &&
	       other.st_ino == input->inode;
}

void
input_close(struct input *input)
{
	if (input == NULL)
		return;
	close(input->fd);
	free(input);
}
