/* IP fragments: a small table of datagrams in assembly, each with its bytes and which of them have come. */
#include "defrag.h"

#include <stdlib.h>
#include <string.h>

#include "limit.h"

#define UNIT 8 /* bytes: fragments begin at a multiple, and end at one but for the last */
#define DATAGRAM_MAX 65535
#define BODY_MIN 2048
#define UNITS (65536 / UNIT)

#define BUCKETS (2 * LIMIT_DATAGRAMS)

enum state {
	WAITING,
	DROPPED,  /* what else comes of it is ignored */
	COMPLETE, /* its copies are ignored, for a while; the body stays to know them by */
};

struct datagram {
	enum state state;
	uint8_t version;
	uint8_t protocol; /* IPv6: as its first part says */
	uint32_t id;
	struct ip_addr src, dst;
	int64_t began; /* its first fragment, in microseconds */
	struct datagram *next; /* in its bucket, or among those that are free */
	struct datagram *newer, *older; /* by last fragment */
	uint8_t *body;
	size_t room; /* of body */
	size_t len;  /* 0: the last fragment has not come */
	size_t top;  /* the end of all that has come */
	size_t filled;
};

/* Which units have come, and at which of them a fragment begins. */
struct units {
	uint64_t come[UNITS / 64], begin[UNITS / 64];
};

struct defrag {
	struct datagram datagram[LIMIT_DATAGRAMS];
	struct units units[LIMIT_DATAGRAMS];
	struct datagram *bucket[BUCKETS];
	struct datagram *free, *newest, *oldest;
	size_t bytes; /* room in all bodies */
	uint8_t *given;  /* the body last given out: the next fragment may lie in it, a tunnel's */
	uint8_t *orphan; /* that body, when its datagram has been forgotten meanwhile */
	uint8_t given_protocol;
	bool out_of_memory;
	struct defrag_counts counts;
};

struct defrag *
defrag_new(void)
{
	struct defrag *defrag = calloc(1, sizeof(*defrag));

	if (defrag == NULL)
		return NULL;
	for (size_t i = 0; i < LIMIT_DATAGRAMS; i++) {
		defrag->datagram[i].next = defrag->free;
		defrag->free = &defrag->datagram[i];
	}
	return defrag;
}

void
defrag_free(struct defrag *defrag)
{
	if (defrag == NULL)
		return;
	for (size_t i = 0; i < LIMIT_DATAGRAMS; i++)
		free(defrag->datagram[i].body);
	free(defrag);
}

/* ---- units ---- */

static bool
has(const uint64_t *bits, size_t unit)
{
	return bits[unit / 64] >> unit % 64 & 1;
}

static void
set(uint64_t *bits, size_t unit)
{
	bits[unit / 64] |= UINT64_C(1) << unit % 64;
}

static size_t
units_in(size_t len)
{
	return (len + UNIT - 1) / UNIT;
}

static bool
any_has_come(const struct units *u, size_t from, size_t end)
{
	for (size_t unit = from; unit < end; unit++)
		if (has(u->come, unit))
			return true;
	return false;
}

/* One fragment, and no other, has brought exactly these. */
static bool
came_as_one(const struct units *u, size_t from, size_t end)
{
	size_t unit = from + 1;

	if (!has(u->begin, from))
		return false;
	while (unit < UNITS && has(u->come, unit) && !has(u->begin, unit))
		unit++;
	return unit == end;
}

/* ---- the table ---- */

/* RFC 791: source, destination, protocol and identification; RFC 8200 section 4.5: without the protocol. */
static bool
is_of(const struct datagram *d, const struct ip_header *ip)
{
	return d->id == ip->id && d->version == ip->version && (ip->version == 6 || d->protocol == ip->protocol) &&
	       memcmp(&d->src, &ip->src, sizeof(ip->src)) == 0 && memcmp(&d->dst, &ip->dst, sizeof(ip->dst)) == 0;
}

/* All that a flood could put into one bucket is LIMIT_DATAGRAMS: no secret is needed. */
static struct datagram **
bucket_of(struct defrag *defrag, uint32_t id, const struct ip_addr *src, const struct ip_addr *dst)
{
	uint32_t word[8], hash = id;

	memcpy(word, src, sizeof(*src));
	memcpy(word + 4, dst, sizeof(*dst));
	for (size_t i = 0; i < 8; i++)
		hash = (hash ^ word[i]) * 2654435761U;
	return &defrag->bucket[(uint64_t)hash * BUCKETS >> 32];
}

static void
unlink_by_age(struct defrag *defrag, struct datagram *d)
{
	*(d->newer != NULL ? &d->newer->older : &defrag->newest) = d->older;
	*(d->older != NULL ? &d->older->newer : &defrag->oldest) = d->newer;
}

static void
link_newest(struct defrag *defrag, struct datagram *d)
{
	d->newer = NULL;
	d->older = defrag->newest;
	*(d->older != NULL ? &d->older->newer : &defrag->oldest) = d;
	defrag->newest = d;
}

static void
free_body(struct defrag *defrag, struct datagram *d)
{
	defrag->bytes -= d->room;
	if (d->body != NULL && d->body == defrag->given)
		defrag->orphan = d->body;
	else
		free(d->body);
	d->body = NULL;
	d->room = 0;
}

static void
drop(struct defrag *defrag, struct datagram *d, uint64_t *count)
{
	++*count;
	free_body(defrag, d);
	d->state = DROPPED;
}

static void
forget(struct defrag *defrag, struct datagram *d, uint64_t *count)
{
	struct datagram **at = bucket_of(defrag, d->id, &d->src, &d->dst);

	*count += d->state == WAITING;
	free_body(defrag, d);
	unlink_by_age(defrag, d);
	while (*at != d)
		at = &(*at)->next;
	*at = d->next;
	d->next = defrag->free;
	defrag->free = d;
}

/* Packet time may go backwards; it is no age then. */
static bool
too_old(const struct datagram *d, int64_t now)
{
	uint64_t limit = d->state == COMPLETE ? LIMIT_DATAGRAM_COPY_SECONDS : LIMIT_DATAGRAM_SECONDS;

	return now > d->began && (uint64_t)now - (uint64_t)d->began > limit * 1000000;
}

static struct datagram *
begin(struct defrag *defrag, const struct ip_header *ip, int64_t now)
{
	struct datagram **bucket = bucket_of(defrag, ip->id, &ip->src, &ip->dst);
	struct datagram *d;

	if (defrag->free == NULL)
		forget(defrag, defrag->oldest, &defrag->counts.evicted);
	d = defrag->free;
	defrag->free = d->next;
	*d = (struct datagram){
		.version = ip->version,
		.protocol = ip->protocol,
		.id = ip->id,
		.src = ip->src,
		.dst = ip->dst,
		.began = now,
		.next = *bucket,
	};
	*bucket = d;
	link_newest(defrag, d);
	memset(&defrag->units[d - defrag->datagram], 0, sizeof(defrag->units[0]));
	return d;
}

/* find gives the datagram of a fragment, a new one where there is none. */
static struct datagram *
find(struct defrag *defrag, const struct ip_header *ip, int64_t now)
{
	struct datagram *d;

	while (defrag->oldest != NULL && too_old(defrag->oldest, now))
		forget(defrag, defrag->oldest, &defrag->counts.aged);
	d = *bucket_of(defrag, ip->id, &ip->src, &ip->dst);
	while (d != NULL && !is_of(d, ip))
		d = d->next;
	if (d != NULL && too_old(d, now)) {
		forget(defrag, d, &defrag->counts.aged);
		d = NULL;
	}
	if (d == NULL)
		return begin(defrag, ip, now);
	unlink_by_age(defrag, d);
	link_newest(defrag, d);
	return d;
}

/* ---- one fragment ---- */

/* make_room lets a body hold so many bytes, others making way; it is the newest itself, and the limit is more than
 * one body. */
static bool
make_room(struct defrag *defrag, struct datagram *d, size_t bytes)
{
	size_t room = d->room > 0 ? d->room : BODY_MIN;
	uint8_t *body;

	while (room < bytes)
		room *= 2;
	if (room == d->room)
		return true;
	for (struct datagram *other = defrag->oldest, *newer;
	     defrag->bytes - d->room + room > LIMIT_DATAGRAM_BYTES; other = newer) {
		newer = other->newer;
		if (other->body != NULL)
			forget(defrag, other, &defrag->counts.evicted);
	}
	body = realloc(d->body, room);
	if (body == NULL) {
		defrag->out_of_memory = true;
		return false;
	}
	defrag->bytes += room - d->room;
	d->body = body;
	d->room = room;
	return true;
}

/* Nothing may lie behind the last fragment, and there is one. */
static bool
fits(const struct datagram *d, const struct ip_header *ip, size_t end)
{
	if (end > DATAGRAM_MAX || (ip->more && end % UNIT != 0))
		return false;
	if (ip->more)
		return d->len == 0 || end < d->len;
	return d->len == 0 ? end >= d->top : end == d->len;
}

/* put adds a fragment that fits. False when it overlaps another and is no copy of it. */
static bool
put(struct datagram *d, struct units *u, const struct ip_header *ip, struct slice payload)
{
	size_t from = ip->offset / UNIT, end = from + units_in(payload.n);

	if (any_has_come(u, from, end))
		return came_as_one(u, from, end) && (ip->more || d->len > 0) &&
		       memcmp(d->body + ip->offset, payload.p, payload.n) == 0;
	memcpy(d->body + ip->offset, payload.p, payload.n);
	set(u->begin, from);
	for (size_t unit = from; unit < end; unit++)
		set(u->come, unit);
	d->filled += payload.n;
	if (d->top < ip->offset + payload.n)
		d->top = ip->offset + payload.n;
	if (!ip->more)
		d->len = d->top;
	if (ip->offset == 0)
		d->protocol = ip->protocol;
	return true;
}

/* is_copy says whether a fragment is of a datagram that is complete; another one may have its number already. */
static bool
is_copy(const struct datagram *d, const struct ip_header *ip, struct slice payload)
{
	size_t end = ip->offset + payload.n;

	return end <= d->len && ip->more == (end < d->len) &&
	       memcmp(d->body + ip->offset, payload.p, payload.n) == 0;
}

static bool
add(struct defrag *defrag, const struct ip_header *ip, struct slice payload, size_t len, int64_t now,
    struct slice *out)
{
	struct datagram *d = find(defrag, ip, now);
	const size_t end = ip->offset + len;

	if (d->state == COMPLETE && !is_copy(d, ip, slice_first(payload, len))) {
		forget(defrag, d, &defrag->counts.aged);
		d = begin(defrag, ip, now);
	}
	if (d->state != WAITING)
		return false;
	if (payload.n < len)
		drop(defrag, d, &defrag->counts.cut);
	else if (!fits(d, ip, end))
		drop(defrag, d, &defrag->counts.overlapping);
	else if (!make_room(defrag, d, end))
		drop(defrag, d, &defrag->counts.evicted);
	else if (!put(d, &defrag->units[d - defrag->datagram], ip, slice_first(payload, len)))
		drop(defrag, d, &defrag->counts.overlapping);
	if (d->state != WAITING || d->len == 0 || d->filled < d->len)
		return false;
	*out = slice_of(d->body, d->len);
	defrag->given_protocol = d->protocol;
	d->state = COMPLETE;
	return true;
}

bool
defrag_add(struct defrag *defrag, const struct ip_header *ip, struct slice payload, size_t len, struct when when,
	   struct slice *out)
{
	bool complete;

	if (len == 0)
		return false;
	complete = add(defrag, ip, payload, len, when.us, out);
	free(defrag->orphan);
	defrag->orphan = NULL;
	defrag->given = complete ? defrag->newest->body : NULL;
	return complete;
}

uint8_t
defrag_protocol(const struct defrag *defrag)
{
	return defrag->given_protocol;
}

struct defrag_counts
defrag_counts(const struct defrag *defrag)
{
	struct defrag_counts counts = defrag->counts;

	for (const struct datagram *d = defrag->newest; d != NULL; d = d->older)
		counts.incomplete += d->state == WAITING;
	return counts;
}

bool
defrag_out_of_memory(const struct defrag *defrag)
{
	return defrag->out_of_memory;
}
