/* Where files can be made, and the first one. */
#include "output_room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* may_make says whether the owner will be able to make files in a directory. What access control
 * lists and other groups would allow is not looked at. */
static bool
may_make(int directory, const struct capture_owner *owner)
{
	mode_t needed = S_IWOTH | S_IXOTH;
	struct stat stat;

	if (owner == NULL)
		return faccessat(directory, ".", W_OK | X_OK, AT_EACCESS) == 0;
	if (fstat(directory, &stat) != 0)
		return false;
	if (stat.st_uid == owner->user)
		needed = S_IWUSR | S_IXUSR;
	else if (stat.st_gid == owner->group)
		needed = S_IWGRP | S_IXGRP;
	errno = EACCES;
	return (stat.st_mode & needed) == needed;
}

/* A link to a file stands for that file: renaming would replace the link. */
static bool
find_path(struct output *o)
{
	struct stat stat;

	if (o->plan.every_seconds == 0 && lstat(o->plan.path, &stat) == 0 && S_ISLNK(stat.st_mode))
		o->path = realpath(o->plan.path, NULL);
	if (o->path == NULL)
		o->path = strdup(o->plan.path);
	if (o->path == NULL)
		return false;

	const char *slash = strrchr(o->path, '/');

	o->pattern = slash != NULL ? slash + 1 : o->path;
	return true;
}

static int
open_folder(const struct output *o)
{
	char *folder = output_folder_len(o) > 0 ? strndup(o->path, (size_t)output_folder_len(o)) : strdup(".");
	int fd = folder != NULL ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	free(folder);
	return fd;
}

/* give gives a file to whom this process will be, unless it is already. */
static bool
give(const struct output *o, int fd, char *why, size_t why_size)
{
	const struct capture_owner *owner = o->plan.owner;
	struct stat stat;

	if (owner == NULL || owner->user == geteuid() || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode) ||
	    fchown(fd, owner->user, owner->group) == 0)
		return true;
	snprintf(why, why_size, "cannot be given to the user of -Z: %s", strerror(errno));
	return false;
}

/* open_own opens what is no plain file, or lies where files cannot be made. What is in it stays: it
 * may be the input. */
static bool
open_own(struct output *o, char *why, size_t why_size)
{
	o->own_fd = open(o->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY,
			 S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
	if (o->own_fd >= 0)
		return give(o, o->own_fd, why, why_size);
	snprintf(why, why_size, "cannot be written: %s", strerror(errno));
	return false;
}

static bool
open_directory(struct output *o, char *why, size_t why_size)
{
	bool timed = o->plan.every_seconds > 0, rotates = timed || o->plan.most_bytes > 0;
	const int64_t any = 0;
	struct output_name name;

	o->directory = open_folder(o);
	if (o->directory >= 0 && !may_make(o->directory, o->plan.owner)) {
		if (rotates)
			snprintf(why, why_size,
				 "no files can be made beside it: %s; name another directory, or "
				 "with -Z a user who may write in this one",
				 strerror(errno));
		close(o->directory);
		o->directory = -1;
		return !rotates && open_own(o, why, why_size);
	}
	if (o->directory < 0)
		snprintf(why, why_size, "cannot be written: %s", strerror(errno));
	else if (timed && !output_name(o->pattern, &any, 0, 0, &name))
		snprintf(why, why_size, "is no name for a file, or too long for one");
	else
		return true;
	return false;
}

static bool
open_either(struct output *o, char *why, size_t why_size)
{
	struct stat found;

	if (o->plan.every_seconds > 0 || stat(o->path, &found) != 0 || S_ISREG(found.st_mode))
		return open_directory(o, why, why_size);
	if (o->plan.most_bytes == 0)
		return open_own(o, why, why_size);
	snprintf(why, why_size, "is no plain file, and cannot be followed by others");
	return false;
}

struct output *
output_open(const struct output_plan *plan, char *err, size_t err_size)
{
	struct output *o = calloc(1, sizeof *o);
	char why[400] = "out of memory";

	tzset(); /* reads a file */
	if (o != NULL) {
		o->plan = *plan;
		o->directory = o->own_fd = -1;
		o->buffer = malloc(OUTPUT_BUFFER);
		if (o->buffer != NULL && find_path(o) && open_either(o, why, sizeof why))
			return o;
	}
	snprintf(err, err_size, "%s: %s", plan->path, why);
	output_close(o);
	return NULL;
}

static bool
begin_own(struct output *o, char *why, size_t why_size)
{
	int fd = o->own_fd;
	struct stat stat;

	if (o->input != NULL && input_is(o->input, fd)) {
		snprintf(why, why_size, "is being read, it cannot be written at the same time");
		return false;
	}
	o->own_fd = -1;
	if (fstat(fd, &stat) != 0 || (S_ISREG(stat.st_mode) && ftruncate(fd, 0) != 0))
		close(fd);
	else if (output_file_adopt(&o->file, fd, &o->form, o->buffer))
		return true;
	snprintf(why, why_size, "cannot be written: %s", strerror(errno));
	return false;
}

bool
output_begin(struct output *o, const struct output_form *form, const struct input *input, char *err,
	     size_t err_size)
{
	struct output_name name;
	char why[400];
	bool good = true;

	o->form = *form;
	o->input = input;
	if (o->directory < 0)
		good = begin_own(o, why, sizeof why);
	else if (o->plan.every_seconds == 0)
		good = output_begin_in_folder(o, NULL, &name, why, sizeof why) &&
		       give(o, fileno(o->file.stream), why, sizeof why);
	if (!good)
		snprintf(err, err_size, "%s: %s", o->plan.path, why);
	return good;
}

int
output_directory(const struct output *o)
{
	return o->directory;
}

void
output_close(struct output *o)
{
	if (o == NULL)
		return;
	if (o->file.stream != NULL)
		output_file_end(&o->file);
	if (o->own_fd >= 0)
		close(o->own_fd);
	if (o->directory >= 0)
		close(o->directory);
	free(o->buffer);
	free(o->path);
	free(o);
}
