/* One capture file as it is written: pcap, under another name until it is complete. */
#ifndef SRC_CAPTURE_OUTPUT_FILE_H
#define SRC_CAPTURE_OUTPUT_FILE_H

#include <stdio.h>

#include "capture.h"
#include "output_name.h"

/* What a pcap file says of all its frames. */
struct output_form {
	uint32_t linktype;
	uint32_t snaplen;
	bool counts_ns;
};

struct output_file {
	FILE *stream;  /* NULL: none is under way */
	int directory; /* in which it has OUTPUT_PART behind its name; -1: it has its name already */
	struct output_name name;
	uint64_t bytes;	 /* so far */
	uint64_t frames; /* so far */
};

/* Of what the stdio under a file is given. */
#define OUTPUT_BUFFER (64 * 1024)

/* output_file_begin makes a file in a directory, in the place of one that was not completed;
 * output_file_adopt takes an open one. Both write what stands before the first frame, through a
 * buffer that lives as long. False and errno. */
bool output_file_begin(struct output_file *file, int directory, const struct output_name *name,
		       const struct output_form *form, char *buffer);
bool output_file_adopt(struct output_file *file, int fd, const struct output_form *form,
		       char *buffer);

/* output_file_write adds a frame. A time that the file's 32 bits do not hold wraps. False and
 * errno. */
bool output_file_write(struct output_file *file, const struct output_form *form,
		       const struct frame *frame);

/* output_file_flush brings what was written to the file. False and errno. */
bool output_file_flush(struct output_file *file);

/* output_file_end closes the file; false and errno where not all that was written is in it.
 * output_file_rename gives a file that was ended well its name. */
bool output_file_end(struct output_file *file);
bool output_file_rename(const struct output_file *file);

#endif
