/* Runs of bytes behind the next byte: an array in order of offset, short enough to be walked. */
#include "runs.h"

#include <stdlib.h>
#include <string.h>

#include "limit.h"

/* Each waiting piece may have something missing before it; three more for one that is being put in. */
#define RUNS_MAX (2 * LIMIT_STREAM_PIECES + 3)

uint64_t
runs_end(const struct runs *r)
{
	return r->n > 0 ? r->run[r->n - 1].end : r->next;
}

bool
runs_full(const struct runs *r)
{
	return r->n + 3 > RUNS_MAX; /* two where a run is split in three, and one for what passes at next */
}

static uint64_t
start_of(const struct runs *r, unsigned i)
{
	return i > 0 ? r->run[i - 1].end : r->next;
}

bool
runs_open(const struct runs *r, enum run_kind kind, uint64_t *from, uint64_t *end)
{
	for (unsigned i = 0; i < r->n; i++) {
		const struct run *run = &r->run[i];

		if (run->end <= *from)
			continue;
		if (start_of(r, i) >= *end)
			return false;
		if (run->kind >= kind) {
			*from = run->end;
			continue;
		}
		if (run->end < *end)
			*end = run->end;
		return *from < *end;
	}
	return *from < *end;
}

static void
insert(struct runs *r, unsigned at, struct run run)
{
	memmove(&r->run[at + 1], &r->run[at], (r->n - at) * sizeof(run));
	r->run[at] = run;
	r->n++;
}

/* Sees to it that three more runs fit, as far as there may be so many. */
static bool
make_room(struct runs *r)
{
	unsigned room = r->room == 0 ? 4 : r->room * 2;
	struct run *run;

	if (r->room == RUNS_MAX || r->n + 3 <= r->room)
		return true;
	if (room > RUNS_MAX)
		room = RUNS_MAX;
	run = realloc(r->run, room * sizeof(*run));
	if (run == NULL)
		return false;
	r->run = run;
	r->room = room;
	return true;
}

bool
runs_cover(struct runs *r, uint64_t end)
{
	if (!make_room(r))
		return false;
	if (end > runs_end(r))
		insert(r, r->n, (struct run){.end = end, .kind = RUN_MISSING});
	return true;
}

bool
runs_claim(struct runs *r, enum run_kind kind, uint64_t from, uint64_t end, uint32_t proven)
{
	unsigned i = 0;
	struct run old;

	if (!runs_cover(r, end))
		return false;
	while (r->run[i].end <= from)
		i++;
	old = r->run[i];
	if (old.end > end)
		insert(r, i + 1, old);
	r->run[i] = (struct run){.end = end, .proven = proven, .kind = kind};
	if (start_of(r, i) < from) {
		old.end = from;
		insert(r, i, old);
	}
	if (kind == RUN_WAITING) {
		r->pieces++;
		r->bytes += end - from;
	}
	return true;
}

void
runs_prove(struct runs *r, uint64_t end, uint32_t proven)
{
	for (unsigned i = 0; i < r->n && r->run[i].end <= end; i++)
		if (r->run[i].proven == 0)
			r->run[i].proven = proven;
}

void
runs_truncate(struct runs *r, uint64_t end)
{
	struct run *last = r->n > 0 ? &r->run[r->n - 1] : NULL;

	if (last == NULL || last->kind != RUN_MISSING || last->end <= end)
		return;
	if (start_of(r, r->n - 1) < end)
		last->end = end;
	else if (start_of(r, r->n - 1) == end)
		r->n--;
}

void
runs_advance(struct runs *r, uint64_t next)
{
	unsigned gone = 0;

	for (; gone < r->n && start_of(r, gone) < next; gone++) {
		const struct run *run = &r->run[gone];
		uint64_t end = run->end < next ? run->end : next;

		if (run->kind == RUN_WAITING) {
			r->bytes -= end - start_of(r, gone);
			r->pieces -= run->end == end;
		}
		if (run->end > next)
			break;
	}
	if (gone > 0)
		memmove(r->run, r->run + gone, (r->n - gone) * sizeof(r->run[0]));
	r->n -= gone;
	r->next = next;
	if (r->n == 0)
		runs_clear(r);
}

void
runs_clear(struct runs *r)
{
	free(r->run);
	*r = (struct runs){.next = r->next};
}
