/* Files that the command line names. */
#include "opened.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct opened {
	const char *path;
	bool taken;
	int fd;	   /* -1: it could not be opened */
	int error; /* the errno of that */
};

static struct opened *list;
static size_t n_list;

static int
open_one(const char *path)
{
	if (strcmp(path, "-") == 0)
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* A shell sets a limit for programs that open one file after the other; those who want more at once may have it. */
static bool
allow_more(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static int
open_now(const char *path)
{
	int fd = open_one(path);

	return fd < 0 && errno == EMFILE && allow_more() ? open_one(path) : fd;
}

bool
opened_add(const char *path)
{
	struct opened *longer = realloc(list, (n_list + 1) * sizeof(*list));
	struct opened *opened;

	if (longer == NULL)
		return false;
	list = longer;
	opened = &list[n_list++];
	*opened = (struct opened){.path = path, .fd = open_now(path)};
	opened->error = opened->fd < 0 ? errno : 0;
	return true;
}

static struct opened *
find(const char *path)
{
	for (size_t i = 0; i < n_list; i++)
		if (!list[i].taken && strcmp(list[i].path, path) == 0)
			return &list[i];
	return NULL;
}

int
opened_take(const char *path)
{
	struct opened *opened = find(path);

	if (opened == NULL)
		return open_now(path);
	opened->taken = true;
	errno = opened->error;
	return opened->fd;
}

bool
opened_is_file(const char *path)
{
	const struct opened *opened = find(path);

	if (opened == NULL)
		return access(path, F_OK) == 0;
	return opened->fd >= 0 ||
	       (opened->error != ENOENT && opened->error != ENOTDIR && opened->error != ENAMETOOLONG);
}

static bool
may_wait(const struct opened *opened)
{
	struct stat about;

	return opened->fd >= 0 &&
	       (fstat(opened->fd, &about) != 0 || (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)));
}

bool
opened_may_wait(void)
{
	for (size_t i = 0; i < n_list; i++)
		if (!list[i].taken && may_wait(&list[i]))
			return true;
	return false;
}

bool
opened_waits(const char *path)
{
	const struct opened *opened = find(path);

	return opened != NULL && may_wait(opened);
}

void
opened_close(void)
{
	for (size_t i = 0; i < n_list; i++)
		if (!list[i].taken && list[i].fd >= 0)
			close(list[i].fd);
	free(list);
	list = NULL;
	n_list = 0;
}
