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

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct slice rest = slice_of(bytes, n);
	struct frame frame = {0};
	uint64_t last = 0;
	char err[200];
	enum capture_status status = CAPTURE_FRAME;
	struct pcapng *p = pcapng_open((struct pcapng_source){read_step, &rest}, err, sizeof err);

	if (p == NULL)
		return 0;
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
	pcapng_close(p);
	return 0;
}
