/* The story of one phone as people read it. */
#include "text_story.h"

#include <inttypes.h>
#include <string.h>

#include "format.h"

static const char *
mark(const struct step *step)
{
	static const char *const marks[] = {
		[STEP_SAID] = "", [STEP_OK] = "", [STEP_FAILED] = "!", [STEP_UNKNOWN] = "?"};

	if (step->kind == STEP_END)
		return "";
	return step->first_failed ? "!!" : marks[step->result];
}

/* Frame, seconds since the step before, and kind, in columns; the sentence hangs behind them. */
static void
put_columns(struct wrap *wrap, const struct step *step)
{
	const int64_t ms = step->after_us / 1000;
	const uint64_t magnitude = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	char text[128], after[32];

	snprintf(after, sizeof after, "%c%" PRIu64 ".%03u", ms < 0 ? '-' : '+', magnitude / 1000,
		 (unsigned)(magnitude % 1000));
	wrap_line(wrap);
	if (step->first_failed)
		wrap_style(wrap, WRAP_RED);
	snprintf(text, sizeof text, "  %2s", mark(step));
	wrap_whole(wrap, text);
	if (step->first_failed)
		wrap_style(wrap, WRAP_PLAIN);
	snprintf(text, sizeof text, " %5" PRIu64 " %8s  %-13s  ", step->at.frame, after, step_name(step->kind));
	wrap_whole(wrap, text);
	wrap_hang(wrap);
}

static bool
alike(const struct step *a, const struct step *b)
{
	return a->kind == b->kind && a->result == b->result && strcmp(a->text, b->text) == 0;
}

/* How many of the n steps are like the first of them, and so told with it. */
static size_t
count_alike(const struct step *steps, size_t n)
{
	size_t i = 1;

	while (i < n && !steps[i].first_failed && alike(&steps[0], &steps[i]))
		i++;
	return i;
}

static void
put_step(struct wrap *wrap, const struct step *step, size_t times)
{
	put_columns(wrap, step);
	wrap_text(wrap, step->text);
	if (times > 1)
		wrap_format(wrap, " (%zu times until frame %" PRIu64 ")", times, step[times - 1].at.frame);
	wrap_end(wrap);
}

/* How far it reaches; its end is no step of its own. */
static void
put_extent(struct wrap *wrap, const struct phone *phone)
{
	size_t n = phone->n_steps, failed = 0;
	uint64_t last = 0;

	if (n > 0 && phone->timeline[n - 1].kind == STEP_END)
		n--;
	for (size_t i = 0; i < n; i++) {
		if (phone->timeline[i].last.frame > last)
			last = phone->timeline[i].last.frame;
		if (phone->timeline[i].result == STEP_FAILED)
			failed++;
	}
	wrap_format(wrap, "%zu %s", n, n == 1 ? "step" : "steps");
	if (n > 0)
		wrap_format(wrap, " in frames %" PRIu64 "-%" PRIu64, phone->timeline[0].at.frame, last);
	if (failed > 0)
		wrap_format(wrap, ", %zu failed", failed);
}

void
text_story(struct wrap *wrap, const struct phone *phone)
{
	char time[FORMAT_TIME_SIZE];

	wrap_label(wrap, "story", WRAP_PLAIN);
	put_extent(wrap, phone);
	if (phone->n_steps > 0 && format_time(phone->timeline[0].at.us, time))
		wrap_format(wrap, ", from %.10s %.12s UTC on", time, time + 11);
	wrap_end(wrap);
	for (size_t i = 0, times; i < phone->n_steps; i += times) {
		times = count_alike(&phone->timeline[i], phone->n_steps - i);
		put_step(wrap, &phone->timeline[i], times);
	}
}

void
text_story_short(struct wrap *wrap, const struct phone *phone)
{
	wrap_label(wrap, "story", WRAP_PLAIN);
	put_extent(wrap, phone);
	wrap_text(wrap, "; --story tells it");
	wrap_end(wrap);
}
