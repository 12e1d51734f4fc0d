/* How far the reading of a long file is: one line of status on the terminal.
 *
 *   phone.pcap  43 %  21.5 GB of 50.0 GB  612 MB/s  0:47 left
 *
 * Nothing of the analysis depends on the clock that is looked at for this. */
#ifndef SRC_PROGRESS_H
#define SRC_PROGRESS_H

#include "capture/capture.h"

#define PROGRESS_LINE 256

/* How much was read when. */
struct progress_mark {
	int64_t us;
	uint64_t bytes;
};

struct progress {
	const struct capture *capture; /* NULL: nothing is shown */
	char *name;		       /* of the file, fit to be shown; owned; NULL: out of memory */
	unsigned frames; /* until the clock is looked at */
	int64_t draw_at; /* microseconds */
	struct progress_mark older, newer; /* between which and now the rate is taken */
};

/* progress_begin begins one input, which outlives it; what has no size, and what is read in no time, shows nothing.
 * progress_end takes the line away. */
void progress_begin(struct progress *p, const struct capture *capture);
void progress_end(struct progress *p);

/* progress_look looks at the clock, and shows the line a few times a second. */
void progress_look(struct progress *p);

/* progress_frame is called for each frame. */
static inline void
progress_frame(struct progress *p)
{
	if (p->capture != NULL && --p->frames == 0)
		progress_look(p);
}

/* progress_line writes the line: done and size in bytes, size not 0, and how many of them come in a second. Of a long name its
 * end is shown. */
void progress_line(const char *name, uint64_t done, uint64_t size, uint64_t bytes_per_second,
		   char out[PROGRESS_LINE]);

#endif
