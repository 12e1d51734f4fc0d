/* A pcapng file of any bytes, in pieces that do not fit its blocks. */
#include <stdlib.h>

#include "src/capture/pcapng.h"

/* No divisor of a block's usual lengths: blocks come in parts, and several in one. */
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
read_all(struct pcapng *p)
{
	struct frame frame = {0};
	uint64_t last = 0;
	enum capture_status status;

	while ((status = pcapng_next(p, &frame)) == CAPTURE_FRAME) {
		uint8_t *copy = malloc(frame.bytes.n + 1);

		if (copy == NULL || frame.when.frame <= last || frame.wire_len < frame.bytes.n)
			abort();
		last = frame.when.frame;
		if (!slice_copy(&frame.bytes, copy, frame.bytes.n))
			abort();
		free(copy);
	}
	if (status == CAPTURE_AGAIN || (status == CAPTURE_CUT) != (pcapng_error(p)[0] != '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct slice rest = slice_of(bytes, n);
	struct ahead ahead;
	struct pcapng *p;
	char err[200];

	if (!ahead_start(&ahead, (struct ahead_source){read_step, &rest}))
		return 0;
	p = pcapng_open(&ahead, err, sizeof err);
	if (p != NULL)
		read_all(p);
	pcapng_close(p);
	ahead_end(&ahead);
	return 0;
}
