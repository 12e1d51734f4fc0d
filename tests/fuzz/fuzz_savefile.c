/* A pcap file of any bytes, in pieces that do not fit its records. */
#include <stdlib.h>

#include "src/capture/savefile.h"

/* No divisor of a record's usual lengths. */
#define STEP 61

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static ssize_t
read_step(void *arg, void *to, size_t n)
{
	struct slice *rest = arg;
	struct slice part = slice_first(*rest, n < STEP ? n : STEP);

	return slice_copy(rest, to, part.n) ? (ssize_t)part.n : -1;
}

/* read_all also has each frame's bytes touched, in a block of their own. */
static void
read_all(struct savefile *s, size_t n)
{
	struct frame frame = {0};
	enum capture_status status;
	size_t seen = 0;

	while ((status = savefile_next(s, &frame)) == CAPTURE_FRAME) {
		uint8_t *copy = malloc(frame.bytes.n + 1);

		if (copy == NULL || frame.wire_len < frame.bytes.n || frame.when.us < 0)
			abort();
		seen++;
		if (frame.when.frame != seen || frame.bytes.n + 16 * seen > n)
			abort();
		if (!slice_copy(&frame.bytes, copy, frame.bytes.n))
			abort();
		free(copy);
	}
	if (status == CAPTURE_AGAIN || (status == CAPTURE_CUT) != (savefile_error(s)[0] != '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct slice rest = slice_of(bytes, n);
	struct ahead ahead;
	struct savefile *s;
	char err[200] = "";

	if (!ahead_start(&ahead, (struct ahead_source){read_step, &rest}))
		return 0;
	s = savefile_open(&ahead, err, sizeof err);
	if (s != NULL)
		read_all(s, n);
	else if (err[0] == '\0')
		abort();
	savefile_close(s);
	ahead_end(&ahead);
	return 0;
}
