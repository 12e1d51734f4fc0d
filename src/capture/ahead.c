/* The buffer that capture files are read into. */
#include "ahead.h"

#include <errno.h>
#include <stdlib.h>

/* Bytes asked of the source at once: smaller reads cost more of the kernel's time for each byte. */
#define BUFFER_BYTES (1024 * 1024)

bool
ahead_start(struct ahead *a, struct ahead_source source)
{
	*a = (struct ahead){
		.source = source, .room = BUFFER_BYTES, .buffer = malloc(BUFFER_BYTES)};
	return a->buffer != NULL;
}

void
ahead_end(struct ahead *a)
{
	free(a->buffer);
}

/* make_room brings unread to the front of a buffer of at least n bytes. */
static bool
make_room(struct ahead *a, size_t n)
{
	if (a->unread.n > 0)
		memmove(a->buffer, a->unread.p, a->unread.n);
	if (n > a->room) {
		uint8_t *larger = realloc(a->buffer, n);

		if (larger == NULL) {
			a->out_of_memory = true;
			a->unread = slice_of(a->buffer, a->unread.n);
			return false;
		}
		a->buffer = larger;
		a->room = n;
	}
	a->unread = slice_of(a->buffer, a->unread.n);
	return true;
}

bool
ahead_fill(struct ahead *a, size_t n)
{
	if (!make_room(a, n))
		return false;
	while (a->unread.n < n) {
		errno = 0; /* whoever of zlib, libzstd and liblz4 finds no memory, malloc leaves ENOMEM */

		ssize_t got = a->source.read(a->source.arg, a->buffer + a->unread.n, a->room - a->unread.n);

		a->ended = got == 0;
		a->out_of_memory = got < 0 && errno == ENOMEM;
		if (got <= 0)
			return false;
		a->unread.n += (size_t)got;
		a->given += (uint64_t)got;
	}
	return true;
}

bool
ahead_over(const struct ahead *a)
{
	return a->ended && a->unread.n == 0;
}

const char *
ahead_lack(const struct ahead *a, const char *at_end)
{
	if (a->out_of_memory)
		return "out of memory";
	return a->ended ? at_end : "no more can be read";
}
