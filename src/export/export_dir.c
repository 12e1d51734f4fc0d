/* The directory that is exported to. */
#include "export_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* No name from the wire begins with a dot. */
static const char half_written[] = ".handspan-export";

int
export_dir_open(const char *path, bool *made)
{
	*made = mkdir(path, S_IRWXU) == 0;
	if (!*made && errno != EEXIST)
		return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool
write_all(int fd, struct slice bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		slice_skip(&bytes, (size_t)n);
	}
	return true;
}

/* Makes a file that was not there. */
static bool
create(int dir, const char *name, struct slice bytes)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
	bool written;
	int why;

	if (fd < 0)
		return false;
	written = write_all(fd, bytes);
	why = errno;
	if (close(fd) != 0 && written) {
		written = false;
		why = errno;
	}
	if (!written)
		unlinkat(dir, name, 0);
	errno = why;
	return written;
}

static bool
reads_same(int fd, struct slice bytes)
{
	char block[4096];
	ssize_t n;

	while ((n = read(fd, block, sizeof block)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !slice_starts(bytes, block, (size_t)n))
			return false;
		slice_skip(&bytes, (size_t)n);
	}
	return bytes.n == 0;
}

/* Says whether a plain file of these bytes is there. */
static bool
is_same(int dir, const char *name, struct slice bytes)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat stat;
	bool same;

	if (fd < 0)
		return false;
	same = fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode) && (uint64_t)stat.st_size == bytes.n &&
	       reads_same(fd, bytes);
	close(fd);
	return same;
}

static bool
replace(int dir, const char *name, struct slice bytes)
{
	int why;

	unlinkat(dir, half_written, 0);
	if (!create(dir, half_written, bytes))
		return false;
	if (renameat(dir, half_written, dir, name) == 0)
		return true;
	why = errno;
	unlinkat(dir, half_written, 0);
	errno = why;
	return false;
}

enum export_result
export_dir_write(int dir, const char *name, struct slice bytes, bool force)
{
	if (create(dir, name, bytes))
		return EXPORT_WRITTEN;
	if (errno != EEXIST)
		return EXPORT_FAILED;
	if (is_same(dir, name, bytes))
		return EXPORT_SAME;
	if (!force)
		return EXPORT_OTHER;
	return replace(dir, name, bytes) ? EXPORT_WRITTEN : EXPORT_FAILED;
}
