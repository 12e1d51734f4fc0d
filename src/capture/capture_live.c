/* Interfaces, one or several: opening them, and what is to be said of them meanwhile. */
#include "capture_interface.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* How often drops are counted, and how often told. */
#define COUNT_US INT64_C(1000000)
#define TELL_US INT64_C(10000000)

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
open_all(struct capture *c, const char *const *names, size_t n, int *groups, char *err, size_t err_size)
{
	int block_ms = n > 1 || groups != NULL ? BLOCK_OF_SEVERAL_MS : BLOCK_MS;

	for (size_t i = 0; i < n; i++) {
		struct capture_interface *interface = &c->live->interfaces[c->live->n++];

		if (!interface_open(interface, names[i], &c->options, block_ms, err, err_size))
			return false;
		if (groups != NULL && !interface_share(interface, &groups[i], err, err_size))
			return false;
		if (!c->live->beside)
			interface_counts(interface);
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
capture_live_open(struct capture *c, const char *const *names, size_t n, int *groups, char *err, size_t err_size)
{
	c->live = calloc(1, sizeof *c->live + n * sizeof c->live->interfaces[0]);
	if (c->live != NULL)
		c->live->names = join(names, n);
	if (c->live == NULL || c->live->names == NULL) {
		snprintf(err, err_size, "%s: out of memory", names[0]);
		return false;
	}
	c->name = c->live->names;
	c->live->counted_us = live_now_us();
	c->live->beside = groups != NULL && groups[0] != 0;
	return open_all(c, names, n, groups, err, err_size) && may_be_written(c, err, err_size) &&
	       capture_output_open(c, err, err_size);
}

void
capture_leave(struct capture *c)
{
	for (size_t i = 0; i < c->live->n; i++)
		interface_close(&c->live->interfaces[i]);
}

void
capture_live_close(struct capture *c)
{
	if (c->live != NULL)
		capture_leave(c);
	if (c->live != NULL)
		free(c->live->names);
	free(c->live);
}

bool
capture_leaves_out(const struct capture *c)
{
	for (size_t i = 0; c->live != NULL && i < c->live->n; i++) {
		if (c->live->interfaces[i].leaves_out)
			return true;
	}
	return false;
}

size_t
capture_sockets(const struct capture *c, int out[LIMIT_CAPTURED])
{
	size_t n = c->live != NULL ? c->live->n : 0;

	for (size_t i = 0; i < n; i++)
		out[i] = pcap_fileno(c->live->interfaces[i].pcap);
	return n;
}

int64_t
live_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / NS_PER_US;
}

/* ---- what becomes of them ---- */

__attribute__((format(printf, 3, 4))) static void
notice(const struct capture *c, bool own, const char *format, ...)
{
	char sentence[sizeof c->error];
	va_list args;

	if (!own && c->live->beside)
		return;
	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	if (c->heard != NULL)
		c->heard(c->heard_arg, sentence, own);
	else if (c->options.notice != NULL)
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
		notice(c, false, "%s: %s; the others go on", i->name, pcap_geterr(i->pcap));
		return;
	}
	snprintf(c->error, sizeof c->error, "%s: %s", i->name, pcap_geterr(i->pcap));
	c->lost = true;
	c->status = CAPTURE_CUT;
}

/* What came before all who share an interface were there, came to several of them. */
static bool
is_early(const struct live *live, struct capture_interface *i)
{
	if (i->has_head && i->head.when.us >= live->begun_us)
		i->begun = true;
	return i->has_head && !i->begun;
}

void
live_look(struct capture *c, struct capture_interface *i)
{
	bool was_down = i->down;

	do
		interface_next(i);
	while (is_early(c->live, i));
	if (i->down && !was_down)
		notice(c, false, "%s: down; waiting for it", i->name);
	else if (was_down && !i->down && !i->gone)
		notice(c, false, "%s: up again", i->name);
	if (i->gone)
		on_gone(c, i);
	if (!i->has_head)
		i->empty_us = live_now_us();
}

/* ---- numbers ---- */

/* number_of gives the number that is due at that time; the clock may have been set back behind the beginning. */
static uint64_t
number_of(const struct live *live, int64_t us)
{
	return us > live->begun_us ? (uint64_t)(us - live->begun_us) : 1;
}

uint64_t
live_number(struct capture *c, int64_t us)
{
	struct live *live = c->live;

	if (live->begun_us == 0)
		return c->frames;
	live_passed(live, us);
	return live->next++;
}

void
live_passed(struct live *live, int64_t us)
{
	if (live->begun_us != 0 && number_of(live, us) > live->next)
		live->next = number_of(live, us);
}

void
capture_live_begin(struct capture *const *captures, unsigned n)
{
	int64_t now_us = live_now_us();

	for (unsigned i = 0; i < n; i++) {
		captures[i]->live->begun_us = now_us;
		captures[i]->live->next = 1;
	}
}

int64_t
capture_clock(const struct capture *c, uint64_t number)
{
	int64_t now = live_now_us();

	return number < number_of(c->live, now) ? c->live->begun_us + (int64_t)number : now;
}

uint64_t
capture_next_number(const struct capture *c)
{
	return c->live->next;
}

/* ---- drops ---- */

static void
tell_drops(const struct capture *c, struct capture_interface *i, int64_t now)
{
	int kib = c->options.buffer_kib > 0 ? c->options.buffer_kib : CAPTURE_BUFFER_KIB;
	int more_kib = kib < CAPTURE_BUFFER_MOST_KIB / 4 ? kib * 4 : CAPTURE_BUFFER_MOST_KIB;

	if (i->told_us != 0 && now >= i->told_us && now - i->told_us < TELL_US)
		return;
	if (i->dropped.kernel > i->told.kernel)
		notice(c, true, "%s: %" PRIu64 " packets dropped by the kernel so far; try -B %d", i->name,
		       i->dropped.kernel, more_kib);
	if (i->dropped.interface > i->told.interface)
		notice(c, false,
		       "%s: %" PRIu64 " packets dropped by the interface so far; ethtool -g %s tells whether its ring "
		       "can be larger", i->name, i->dropped.interface, i->name);
	i->told = i->dropped;
	i->told_us = now;
}

static void
count_drops(struct capture *c, int64_t now)
{
	struct live *live = c->live;

	for (size_t n = 0; n < live->n; n++) {
		struct capture_interface *i = &live->interfaces[n];
		struct interface_drops before = i->dropped;

		interface_count(i);
		if (i->dropped.kernel == before.kernel && i->dropped.interface == before.interface)
			continue;
		drops_add(&live->drops, i->dropped.kernel - before.kernel, i->dropped.interface - before.interface,
			  live->counted_us, now);
		tell_drops(c, i, now);
	}
	live->counted_us = now;
}

/* The clock may have been set back. */
void
live_count(struct capture *c)
{
	int64_t now = live_now_us();

	if (now - c->live->counted_us >= COUNT_US || now < c->live->counted_us)
		count_drops(c, now);
}

const struct drops *
capture_live_drops(struct capture *c)
{
	count_drops(c, live_now_us());
	return &c->live->drops;
}
