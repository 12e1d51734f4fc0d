/* What output.c and output_open.c share. */
#ifndef SRC_CAPTURE_OUTPUT_ROOM_H
#define SRC_CAPTURE_OUTPUT_ROOM_H

#include "output.h"

struct output {
	struct output_plan plan;
	struct output_form form;
	const struct input *input;
	char *path;	     /* owned */
	const char *pattern; /* behind the last slash in path */
	int directory;	     /* owned; -1: the file has its own name from the start */
	int own_fd;	     /* of such a file, owned until it is begun */
	struct output_file file;
	char *buffer; /* owned */
	uint32_t number;
	int64_t period; /* the second in which it began */
	bool in_period;
	uint32_t periods; /* that are over */
	bool broken;	  /* nothing is written before the next file begins */
	unsigned said;	  /* of every enum trouble */
};

/* output_folder_len is how much of path stands before a file's name. */
int output_folder_len(const struct output *output);

/* output_begin_in_folder begins a file in the directory; false with errno, and the rest of a
 * sentence that begins with its name. */
bool output_begin_in_folder(struct output *output, const int64_t *second, struct output_name *name,
			    char *why, size_t why_size);

#endif
