/* Frames of several interfaces in the order of their time stamps.
 *
 * The kernel hands frames over in blocks: when one is full, or after a while. A frame of one interface may so be at hand
 * before an older one of another is, and the two may be question and answer, on the two sides of a tap. So it waits until
 * the others have had time to hand over what is older; never for one that is down. */
#include "capture_interface.h"

#include <poll.h>

/* How long one that is alone is waited for, for signals to be looked at. */
#define ALONE_US 100000

#define US_PER_MS 1000

/* How long others are waited for, and what may still come when the capture is to stop: a block's time, and what the timer is
 * late. */
#define PATIENCE_US ((BLOCK_OF_SEVERAL_MS + TIMER_LATE_MS) * US_PER_MS)
#define LAST_US ((BLOCK_MS + TIMER_LATE_MS) * US_PER_MS)

/* How long it may take to give all that came before, a full buffer at the most. */
#define STOP_US 2000000

/* How often the clock is looked at for drops while frames keep coming. */
#define FRAMES_BETWEEN 1024

static bool
is_empty(const struct capture_interface *i)
{
	return !i->has_head && !i->gone;
}

/* look_anew looks at those that have given their frame away, or have been waited for. */
static void
look_anew(struct capture *c)
{
	for (size_t n = 0; n < c->live->n; n++) {
		struct capture_interface *i = &c->live->interfaces[n];

		if (is_empty(i) && i->empty_us == 0)
			live_look(c, i);
	}
}

/* needed_us is when an empty interface must have been looked at for a frame of that time to be next. */
static int64_t
needed_us(const struct capture_interface *i, int64_t frame_us)
{
	return frame_us + (i->down ? 0 : PATIENCE_US);
}

/* look_for_older looks at those that may have come by something older than a frame of that time. */
static void
look_for_older(struct capture *c, int64_t frame_us)
{
	for (size_t n = 0; n < c->live->n; n++) {
		struct capture_interface *i = &c->live->interfaces[n];

		if (is_empty(i) && i->empty_us < needed_us(i, frame_us))
			live_look(c, i);
	}
}

static bool
is_before(const struct frame *one, const struct frame *other)
{
	return one->when.us != other->when.us ? one->when.us < other->when.us : one->ns < other->ns;
}

static struct capture_interface *
earliest(struct live *live)
{
	struct capture_interface *first = NULL;

	for (size_t n = 0; n < live->n; n++) {
		struct capture_interface *i = &live->interfaces[n];

		if (i->has_head && (first == NULL || is_before(&i->head, &first->head)))
			first = i;
	}
	return first;
}

/* patience_us says for how long a frame still has to wait for others. */
static int64_t
patience_us(const struct live *live, int64_t frame_us)
{
	int64_t most = 0;

	for (size_t n = 0; n < live->n; n++) {
		const struct capture_interface *i = &live->interfaces[n];

		if (is_empty(i) && needed_us(i, frame_us) - i->empty_us > most)
			most = needed_us(i, frame_us) - i->empty_us;
	}
	/* A frame from the future is from before the clock was set. */
	return most > PATIENCE_US ? 0 : most;
}

/* What is older than what was seen of each was given, but for what is at hand. */
static void
note_passed(struct live *live)
{
	int64_t passed_us = INT64_MAX;

	for (size_t n = 0; n < live->n; n++) {
		const struct capture_interface *i = &live->interfaces[n];
		int64_t us = i->has_head ? i->head.when.us : i->empty_us - PATIENCE_US;

		if (!i->gone && us < passed_us)
			passed_us = us;
	}
	if (passed_us != INT64_MAX)
		live_passed(live, passed_us);
}

/* wait_for_more waits for those of which nothing is at hand. */
static void
wait_for_more(struct live *live, int64_t most_us)
{
	struct pollfd polls[LIMIT_CAPTURED];

	for (size_t n = 0; n < live->n; n++) {
		struct capture_interface *i = &live->interfaces[n];

		polls[n] = (struct pollfd){.fd = is_empty(i) ? i->poll_fd : -1, .events = POLLIN};
	}
	poll(polls, (nfds_t)live->n, (int)((most_us + US_PER_MS - 1) / US_PER_MS));
	for (size_t n = 0; n < live->n; n++)
		live->interfaces[n].empty_us = 0;
}

/* is_over says of a capture that is to stop whether all has been given that had come by then. first is the frame to be given,
 * or NULL. The clock may have been set meanwhile. */
static bool
is_over(struct live *live, const struct capture_interface *first)
{
	int64_t now = live_now_us();

	if (live->stopped_us == 0)
		live->stopped_us = now;
	if (now < live->stopped_us || now >= live->stopped_us + STOP_US)
		return true;
	return first != NULL ? first->head.when.us > live->stopped_us : now >= live->stopped_us + LAST_US;
}

enum capture_status
capture_live_next(struct capture *c, struct frame *out)
{
	struct live *live = c->live;
	struct capture_interface *first;
	int64_t wait;

	look_anew(c);
	first = earliest(live);
	if (first != NULL && live->n > 1) {
		look_for_older(c, first->head.when.us);
		first = earliest(live);
	}
	if (c->status != CAPTURE_FRAME)
		return c->status;
	if (first != NULL)
		wait = patience_us(live, first->head.when.us);
	else
		wait = c->stop ? PATIENCE_US : ALONE_US;
	if (c->stop && (first == NULL || wait <= 0) && is_over(live, first))
		return c->status = CAPTURE_END;
	if (wait > 0) {
		note_passed(live);
		wait_for_more(live, wait);
		live_count(c);
		return CAPTURE_AGAIN;
	}
	*out = first->head;
	c->frames++;
	out->when.frame = live_number(c, out->when.us);
	first->has_head = false;
	first->empty_us = 0;
	if (c->frames % FRAMES_BETWEEN == 0)
		live_count(c);
	return CAPTURE_FRAME;
}
