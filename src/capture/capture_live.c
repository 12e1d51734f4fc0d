/* Interfaces: frames of several in the order of their time stamps, waiting, and what becomes of who goes down.
 *
 * The kernel hands frames over in blocks: when one is full, or after a while. A frame of one interface may so be at hand
 * before an older one of another is, and the two may be question and answer, on the two sides of a tap. So it waits until
 * the others have had time to hand over what is older; never for one that is down. */
#include "capture_interface.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* How long the kernel may gather frames for a block; where there are others to be put in order with, for
 * what is waited for lies in the rings meanwhile. */
#define BLOCK_MS 100
#define BLOCK_OF_SEVERAL_MS 10

/* How long others are waited for: a block's time, and what the kernel's timer is late. */
#define PATIENCE_US 20000

#define US_PER_MS 1000

struct live {
	char *names; /* owned */
	size_t n;
	struct capture_interface interfaces[];
};

/* ---- opening ---- */

static char *
join(const char *const *names, size_t n)
{
	size_t room = 1;
	char *joined;

	for (size_t i = 0; i < n; i++)
		room += strlen(names[i]) + 2;
	joined = calloc(1, room);
	for (size_t i = 0; joined != NULL && i < n; i++) {
		strcat(joined, i > 0 ? ", " : "");
		strcat(joined, names[i]);
	}
	return joined;
}

static bool
open_all(struct capture *c, const char *const *names, size_t n, char *err, size_t err_size)
{
	int block_ms = n > 1 ? BLOCK_OF_SEVERAL_MS : BLOCK_MS;

	for (size_t i = 0; i < n; i++) {
		struct capture_interface *interface = &c->live->interfaces[c->live->n++];

		if (!interface_open(interface, names[i], &c->options, block_ms, err, err_size))
			return false;
		if ((uint32_t)pcap_snapshot(interface->pcap) > c->snaplen)
			c->snaplen = (uint32_t)pcap_snapshot(interface->pcap);
	}
	c->linktype = c->live->interfaces[0].linktype;
	return true;
}

/* A pcap file holds frames of one link type. */
static bool
may_be_written(const struct capture *c, char *err, size_t err_size)
{
	const struct live *live = c->live;
	const char *option = c->options.write_to != NULL ? "-w" : "--save-handshakes";

	if (c->options.write_to == NULL && c->options.save_to == NULL)
		return true;
	for (size_t i = 0; i < live->n; i++) {
		if (live->interfaces[i].linktype == c->linktype)
			continue;
		snprintf(err, err_size,
			 "%s: is of link type %" PRIu32 ", %s of %" PRIu32 ", and a pcap file holds one: leave %s out, or "
			 "have a handspan each capture them",
			 live->interfaces[i].name, live->interfaces[i].linktype, live->interfaces[0].name, c->linktype,
			 option);
		return false;
	}
	return true;
}

bool
capture_live_open(struct capture *c, const char *const *names, size_t n, char *err, size_t err_size)
{
	c->live = calloc(1, sizeof *c->live + n * sizeof c->live->interfaces[0]);
	if (c->live != NULL)
		c->live->names = join(names, n);
	if (c->live == NULL || c->live->names == NULL) {
		snprintf(err, err_size, "%s: out of memory", names[0]);
		return false;
	}
	c->name = c->live->names;
	return open_all(c, names, n, err, err_size) && may_be_written(c, err, err_size) &&
	       capture_output_open(c, err, err_size);
}

void
capture_live_close(struct capture *c)
{
	for (size_t i = 0; c->live != NULL && i < c->live->n; i++)
		interface_close(&c->live->interfaces[i]);
	if (c->live != NULL)
		free(c->live->names);
	free(c->live);
}

size_t
capture_sockets(const struct capture *c, int out[LIMIT_CAPTURED])
{
	size_t n = c->live != NULL ? c->live->n : 0;

	for (size_t i = 0; i < n; i++)
		out[i] = pcap_fileno(c->live->interfaces[i].pcap);
	return n;
}

void
capture_live_drops(struct capture *c, uint64_t *kernel, uint64_t *interface)
{
	for (size_t i = 0; i < c->live->n; i++) {
		struct pcap_stat stat;

		if (pcap_stats(c->live->interfaces[i].pcap, &stat) == 0)
			*kernel += stat.ps_drop;
		*interface += interface_drops(&c->live->interfaces[i]);
	}
}

/* ---- what becomes of them ---- */

__attribute__((format(printf, 2, 3))) static void
notice(const struct capture *c, const char *format, ...)
{
	char sentence[sizeof c->error];
	va_list args;

	if (c->options.notice == NULL)
		return;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	c->options.notice(sentence);
}

static bool
others_go_on(const struct live *live)
{
	for (size_t i = 0; i < live->n; i++) {
		if (!live->interfaces[i].gone)
			return true;
	}
	return false;
}

static void
on_gone(struct capture *c, const struct capture_interface *i)
{
	if (others_go_on(c->live)) {
		notice(c, "%s: %s; the others go on", i->name, pcap_geterr(i->pcap));
		return;
	}
	snprintf(c->error, sizeof c->error, "%s: %s", i->name, pcap_geterr(i->pcap));
	c->lost = true;
	c->status = CAPTURE_CUT;
}

/* now_us is the clock that frames are stamped by. */
static int64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / NS_PER_US;
}

/* look asks an interface for its next frame. */
static void
look(struct capture *c, struct capture_interface *i)
{
	bool was_down = i->down;

	interface_next(i);
	if (i->down && !was_down)
		notice(c, "%s: down; waiting for it", i->name);
	else if (was_down && !i->down && !i->gone)
		notice(c, "%s: up again", i->name);
	if (i->gone)
		on_gone(c, i);
	if (!i->has_head)
		i->empty_us = now_us();
}

/* ---- order ---- */

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
			look(c, i);
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
			look(c, i);
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
	wait = first != NULL ? patience_us(live, first->head.when.us) : (int64_t)BLOCK_MS * US_PER_MS;
	if (wait > 0) {
		wait_for_more(live, wait);
		return CAPTURE_AGAIN;
	}
	*out = first->head;
	out->when.frame = ++c->frames;
	first->has_head = false;
	first->empty_us = 0;
	return CAPTURE_FRAME;
}
