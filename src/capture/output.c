/* One file after the other. */
#include "output_room.h"

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

int
output_folder_len(const struct output *o)
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
		 output_folder_len(o), o->path, file->directory >= 0 ? file->name.text : o->pattern,
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

bool
output_begin_in_folder(struct output *o, const int64_t *second, struct output_name *name, char *why, size_t why_size)
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

	if (o->broken || output_begin_in_folder(o, &second, &name, why, sizeof why))
		return;
	complain(o, TROUBLE_WRITING, "%.*s%s %s; frames are read on, but not written: %s", output_folder_len(o), o->path,
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
			 output_folder_len(o), o->path, file->name.text, file->name.text,
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
