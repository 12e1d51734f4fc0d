/* One file after the other. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define US_PER_SECOND 1000000

/* What is said once. */
enum trouble { TROUBLE_WRITING = 1, TROUBLE_RENAMING = 2, TROUBLE_LINKTYPE = 4 };

struct output {
	struct output_plan plan;
	struct output_form form;
	const struct input *input;
	char *path;	     /* owned */
	const char *pattern; /* behind the last slash in path */
	int directory;	     /* owned; -1: the file has its own name from the start */
	struct output_file file;
	char *buffer; /* owned */
	uint32_t number;
	int64_t period; /* the second in which it began */
	bool in_period;
	uint32_t periods; /* that are over */
	bool broken;	  /* nothing is written before the next file begins */
	unsigned said;	  /* of every enum trouble */
};

/* ---- what went wrong ---- */

__attribute__((format(printf, 3, 4))) static void
complain(struct output *o, enum trouble trouble, const char *format, ...)
{
	char sentence[2 * PATH_MAX];
	va_list args;

	if ((o->said & trouble) == 0) {
		va_start(args, format);
		vsnprintf(sentence, sizeof sentence, format, args);
		va_end(args);
		o->plan.complain(sentence);
	}
	o->said |= trouble;
}

/* folder_len is how much of path stands before a file's name. */
static int
folder_len(const struct output *o)
{
	return (int)(o->pattern - o->path);
}

/* way_out is what can be done about it. */
static const char *
way_out(int error)
{
	if (error == ENOSPC || error == EDQUOT)
		return "make room, and SIGHUP begins a new file";
	if (error == EACCES || error == EPERM)
		return "-Z names a user who may";
	return "SIGHUP begins a new file";
}

static void
break_off(struct output *o, int error)
{
	const struct output_file *file = &o->file;

	complain(o, TROUBLE_WRITING,
		 "%.*s%s%s cannot be written any further: %s; frames are read on, but not written: "
		 "%s",
		 folder_len(o), o->path, file->directory >= 0 ? file->name.text : o->pattern,
		 file->directory >= 0 ? OUTPUT_PART : "", strerror(error), way_out(error));
	if (o->file.stream != NULL)
		output_file_end(&o->file);
	o->broken = true;
}

/* ---- one file ---- */

/* is_read says whether the file that is called so is the one being read. */
static bool
is_read(const struct output *o, const char *name)
{
	int fd = openat(o->directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	bool is = fd >= 0 && o->input != NULL && input_is(o->input, fd);

	if (fd >= 0)
		close(fd);
	return is;
}

/* begin begins a file in the directory; false with errno, and the rest of a sentence that begins
 * with its name. */
static bool
begin(struct output *o, const int64_t *second, struct output_name *name, char *why, size_t why_size)
{
	bool timed = o->plan.every_seconds > 0;
	unsigned digits = o->plan.most_bytes > 0 ? output_digits(o->plan.files) : 0;

	if (!output_name(o->pattern, timed ? second : NULL, o->number, digits, name)) {
		snprintf(name->text, sizeof name->text, "%s", o->pattern);
		errno = EINVAL;
		snprintf(why, why_size, "is no name for a file, or too long for one");
	} else if (is_read(o, name->text)) {
		errno = EBUSY;
		snprintf(why, why_size, "is being read, it cannot be written at the same time");
	} else if (!output_file_begin(&o->file, o->directory, name, &o->form, o->buffer)) {
		snprintf(why, why_size, "cannot be written: %s", strerror(errno));
	} else {
		return true;
	}
	return false;
}

/* begin_next begins the next file where that is due. */
static void
begin_next(struct output *o, int64_t second)
{
	struct output_name name;
	char why[200];

	if (o->broken || begin(o, &second, &name, why, sizeof why))
		return;
	complain(o, TROUBLE_WRITING, "%.*s%s %s; frames are read on, but not written: %s", folder_len(o), o->path,
		 name.text, why, way_out(errno));
	o->broken = true;
}

/* complete ends the file that is under way, if any, and gives it its name. */
static void
complete(struct output *o)
{
	const struct output_file *file = &o->file;

	o->broken = false;
	if (file->stream == NULL)
		return;
	if (!output_file_end(&o->file)) {
		break_off(o, errno);
		o->broken = false;
	} else if (!output_file_rename(file)) {
		complain(o, TROUBLE_RENAMING,
			 "%.*s%s" OUTPUT_PART " is complete, but cannot be renamed to %s: %s; "
			 "rename it by hand",
			 folder_len(o), o->path, file->name.text, file->name.text,
			 strerror(errno));
	}
}

/* ---- when the next one begins ---- */

static void
count_on(struct output *o)
{
	o->number++;
	if (o->plan.most_bytes > 0 && o->plan.files > 0 && o->number >= o->plan.files)
		o->number = 0;
}

/* end_period completes the file that has lasted long enough; false where it was the last one. */
static bool
end_period(struct output *o, int64_t second)
{
	if (o->in_period && second - o->period < o->plan.every_seconds)
		return true;
	o->period = second;
	if (!o->in_period) {
		o->in_period = true;
		return true;
	}
	complete(o);
	o->number = 0;
	o->periods++;
	return o->plan.most_bytes > 0 || o->plan.files == 0 || o->periods < o->plan.files;
}

static int64_t
second_of(const struct frame *frame)
{
	int64_t us = frame->when.us;

	return us / US_PER_SECOND - (us % US_PER_SECOND < 0);
}

bool
output_write(struct output *o, const struct frame *frame)
{
	if (o->plan.every_seconds > 0 && !end_period(o, second_of(frame)))
		return false;
	if (o->plan.most_bytes > 0 && o->file.stream != NULL &&
	    o->file.bytes > o->plan.most_bytes) {
		complete(o);
		count_on(o);
	}
	if (frame->linktype != o->form.linktype) {
		complain(o, TROUBLE_LINKTYPE,
			 "%s: frame %" PRIu64 " is of link type %" PRIu32
			 ", the first one was of %" PRIu32 "; a pcap file holds one, so frames of "
			 "others are read but not written",
			 o->plan.path, frame->when.frame, frame->linktype, o->form.linktype);
		return true;
	}
	if (o->file.stream == NULL)
		begin_next(o, second_of(frame));
	if (o->file.stream != NULL && !output_file_write(&o->file, &o->form, frame))
		break_off(o, errno);
	return true;
}

void
output_flush(struct output *o)
{
	if (o->file.stream != NULL && !output_file_flush(&o->file))
		break_off(o, errno);
}

void
output_rotate(struct output *o)
{
	if (o->directory < 0) {
		output_flush(o);
	} else if (o->broken || (o->file.stream != NULL && o->file.frames > 0)) {
		complete(o);
		count_on(o);
	}
}

bool
output_finish(struct output *o)
{
	complete(o);
	return o->said == 0;
}

/* ---- opening and closing ---- */

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
	char *folder = folder_len(o) > 0 ? strndup(o->path, (size_t)folder_len(o)) : strdup(".");
	int fd = folder != NULL ? open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	free(folder);
	return fd;
}

/* open_under_own_name opens what is no plain file, or lies where files cannot be made. */
static bool
open_under_own_name(struct output *o, char *why, size_t why_size)
{
	int fd = open(o->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY,
		      S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
	struct stat stat;

	if (fd >= 0 && o->input != NULL && input_is(o->input, fd)) {
		snprintf(why, why_size, "is being read, it cannot be written at the same time");
		close(fd);
	} else if (fd < 0 || fstat(fd, &stat) != 0 ||
		   (S_ISREG(stat.st_mode) && ftruncate(fd, 0) != 0)) {
		snprintf(why, why_size, "cannot be written: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
	} else if (!output_file_adopt(&o->file, fd, &o->form, o->buffer)) {
		snprintf(why, why_size, "cannot be written: %s", strerror(errno));
	} else {
		return true;
	}
	return false;
}

/* open_in_folder opens the directory, and begins the first file in it where its name is known. */
static bool
open_in_folder(struct output *o, char *why, size_t why_size)
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
		return !rotates && open_under_own_name(o, why, why_size);
	}
	if (o->directory < 0)
		snprintf(why, why_size, "cannot be written: %s", strerror(errno));
	else if (timed && !output_name(o->pattern, &any, 0, 0, &name))
		snprintf(why, why_size, "is no name for a file, or too long for one");
	else
		return timed || begin(o, NULL, &name, why, why_size);
	return false;
}

static bool
open_first(struct output *o, char *why, size_t why_size)
{
	bool timed = o->plan.every_seconds > 0;
	struct stat found;

	if (timed || stat(o->path, &found) != 0 || S_ISREG(found.st_mode))
		return open_in_folder(o, why, why_size);
	if (o->plan.most_bytes == 0)
		return open_under_own_name(o, why, why_size);
	snprintf(why, why_size, "is no plain file, and cannot be followed by others");
	return false;
}

/* give gives the file to whom this process will be. */
static bool
give(const struct output *o, char *why, size_t why_size)
{
	const struct capture_owner *owner = o->plan.owner;
	struct stat stat;
	int fd = o->file.stream != NULL ? fileno(o->file.stream) : -1;

	if (owner == NULL || fd < 0 || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode) ||
	    fchown(fd, owner->user, owner->group) == 0)
		return true;
	snprintf(why, why_size, "cannot be given to the user of -Z: %s", strerror(errno));
	return false;
}

struct output *
output_open(const struct output_plan *plan, const struct output_form *form,
	    const struct input *input, char *err, size_t err_size)
{
	struct output *o = calloc(1, sizeof *o);
	char why[400] = "out of memory";

	tzset();
	if (o != NULL) {
		o->plan = *plan;
		o->form = *form;
		o->input = input;
		o->directory = -1;
		o->buffer = malloc(OUTPUT_BUFFER);
		if (o->buffer != NULL && find_path(o) && open_first(o, why, sizeof why) &&
		    give(o, why, sizeof why))
			return o;
	}
	snprintf(err, err_size, "%s: %s", plan->path, why);
	output_close(o);
	return NULL;
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
	if (o->directory >= 0)
		close(o->directory);
	free(o->buffer);
	free(o->path);
	free(o);
}
