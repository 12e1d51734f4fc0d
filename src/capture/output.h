/* Where frames are written to: a capture file, and others after it where a plan or the user says so.
 *
 * A file that is under way has OUTPUT_PART behind its name, and is renamed when it is complete, over
 * what had that name before. When a new one begins, and what it is called, is as with tcpdump's -C,
 * -G and -W, but that the time is the frames' and no clock's. Where nothing can be renamed (a pipe,
 * a terminal, a directory that only root may write in while handspan will not be root) one file is
 * written under its own name.
 *
 * What goes wrong is said once; frames are taken all the same, and are written again when the next
 * file begins.
 *
 * A file is made by openat with O_CREAT, O_EXCL and O_NOFOLLOW in a directory that output_open
 * opened, what a crash left of it is removed by unlinkat, and renameat renames within the
 * directory. */
#ifndef SRC_CAPTURE_OUTPUT_H
#define SRC_CAPTURE_OUTPUT_H

#include "input.h"
#include "output_file.h"

struct output_plan {
	const char *path; /* with every_seconds strftime's, but for the directory */
	uint64_t most_bytes;	/* a file that is larger is followed by another; 0: never */
	uint32_t every_seconds; /* as is one that has lasted so long; 0: never */
	uint32_t files; /* with most_bytes: then the first one comes again; else with every_seconds:
			   then it is over; 0: any number */
	const struct capture_owner *owner; /* who this process will be; NULL: who it is */
	void (*complain)(const char *sentence);
};

struct output;

/* output_open opens what must be opened early. NULL with a whole sentence in err. The texts of plan
 * and its owner outlive the output. */
struct output *output_open(const struct output_plan *plan, char *err, size_t err_size);

/* output_begin begins the first file where its name is known. The file that input reads is never
 * written over; NULL: there is none. False with a whole sentence in err. input outlives the
 * output. */
bool output_begin(struct output *output, const struct output_form *form, const struct input *input,
		  char *err, size_t err_size);

/* output_write takes a frame; false: plan's last file is complete, and the frame is not in it. */
bool output_write(struct output *output, const struct frame *frame);

/* output_flush brings what was written to its file. */
void output_flush(struct output *output);

/* output_rotate completes the file, and lets the next frame begin another. */
void output_rotate(struct output *output);

/* output_finish completes the file; false where not all frames were written, and that has been
 * said. */
bool output_finish(struct output *output);

/* output_directory gives the directory that files are made in while frames are written, or -1. */
int output_directory(const struct output *output);

/* output_close frees it; a file that was not completed stays as it is. It takes NULL. */
void output_close(struct output *output);

#endif
