/* The line that shows how far the reading of a long file is. */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "diag.h"
#include "text.h"

/* Looking at the clock costs as much as a tenth of a frame. */
#define FRAMES_PER_LOOK 256

#define FIRST_US 1000000
#define EACH_US 250000

/* The rate is that of the last five to ten seconds. */
#define MARK_US 5000000

#define US_PER_SECOND 1000000

/* So that the line has room in 80 columns. */
#define NAME_CHARACTERS 24

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * US_PER_SECOND + t.tv_nsec / 1000;
}

void
progress_begin(struct progress *p, const struct capture *capture)
{
	struct progress_mark mark = {.us = now()};
	const char *slash = strrchr(capture_name(capture), '/');
	uint64_t size;

	*p = (struct progress){.frames = FRAMES_PER_LOOK, .draw_at = mark.us + FIRST_US};
	capture_bytes(capture, &mark.bytes, &size);
	if (size == 0)
		return;
	p->capture = capture;
	p->name = text_escape_string(slash != NULL ? slash + 1 : capture_name(capture));
	p->older = p->newer = mark;
}

void
progress_end(struct progress *p)
{
	if (p->capture != NULL)
		diag_status_clear();
	free(p->name);
	*p = (struct progress){.capture = NULL};
}

static uint64_t
rate(const struct progress *p, struct progress_mark mark)
{
	return (uint64_t)((double)(mark.bytes - p->older.bytes) * US_PER_SECOND / (double)(mark.us - p->older.us));
}

void
progress_look(struct progress *p)
{
	struct progress_mark mark = {.us = now()};
	char line[PROGRESS_LINE];
	uint64_t size;

	p->frames = FRAMES_PER_LOOK;
	if (mark.us < p->draw_at)
		return;
	p->draw_at = mark.us + EACH_US;
	capture_bytes(p->capture, &mark.bytes, &size);
	progress_line(p->name != NULL ? p->name : "", mark.bytes, size, rate(p, mark), line);
	diag_status(line);
	if (mark.us - p->newer.us >= MARK_US) {
		p->older = p->newer;
		p->newer = mark;
	}
}

/* end_of gives the last characters of a long name, as many as have room. */
static const char *
end_of(const char *name)
{
	const char *end = name + strlen(name);
	unsigned characters = 0;

	while (end > name && characters < NAME_CHARACTERS) {
		end--;
		characters += ((unsigned char)*end & 0xc0) != 0x80;
	}
	return end;
}

#define QUANTITY_SIZE 16

/* write_quantity writes three digits at least where there are as many. */
static void
write_quantity(uint64_t bytes, char out[QUANTITY_SIZE])
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
	double value = (double)bytes;
	size_t unit = 0;

	for (; value >= 999.5; value /= 1000)
		unit++;
	snprintf(out, QUANTITY_SIZE, "%.*f %s", unit > 0 && value < 99.95, value, units[unit]);
}

#define LEFT_SIZE 40

static void
write_left(uint64_t seconds, char out[LEFT_SIZE])
{
	if (seconds < 3600)
		snprintf(out, LEFT_SIZE, "  %" PRIu64 ":%02" PRIu64 " left", seconds / 60, seconds % 60);
	else
		snprintf(out, LEFT_SIZE, "  %" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " left", seconds / 3600,
			 seconds / 60 % 60, seconds % 60);
}

void
progress_line(const char *name, uint64_t done, uint64_t size, uint64_t bytes_per_second, char out[PROGRESS_LINE])
{
	const char *end = end_of(name);
	char so_far[QUANTITY_SIZE], all[QUANTITY_SIZE], each_second[QUANTITY_SIZE], left[LEFT_SIZE] = "";

	if (size < done)
		size = done; /* it grows */
	write_quantity(done, so_far);
	write_quantity(size, all);
	write_quantity(bytes_per_second, each_second);
	if (bytes_per_second > 0)
		write_left((size - done) / bytes_per_second + ((size - done) % bytes_per_second > 0), left);
	snprintf(out, PROGRESS_LINE, "%s%s  %u %%  %s of %s  %s/s%s", end > name ? "..." : "", end,
		 (unsigned)((double)done / (double)size * 100), so_far, all, each_second, left);
}
