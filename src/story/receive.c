/* The bytes of one file under way: runs of those that came, and a buffer for those that are read. */
#include "receive.h"

#include <stdlib.h>

/* A buffer's first size: CUCM's configurations and lists are 4 to 16 KiB. */
#define ROOM_MIN 4096

void
receive_begin(struct receive *file, struct story_host *host, const char *name)
{
	char phone[PHONE_NAME_SIZE];

	*file = (struct receive){
		.host = host,
		.keeps = phone_file_kind_of_name(name, phone) != PHONE_FILE_OTHER,
		.kept = LIMIT_PHONE_FILE,
		.lost = UINT64_MAX,
	};
}

bool
receive_take(struct story_host *host, size_t n)
{
	if (n > LIMIT_PHONE_FILES - host->transfers_held)
		return false;
	host->transfers_held += n;
	return true;
}

void
receive_give(struct story_host *host, size_t n)
{
	host->transfers_held -= n;
}

void
receive_clear(struct receive *file)
{
	if (file->room > 0)
		receive_give(file->host, file->room);
	free(file->bytes);
	file->bytes = NULL;
	file->room = 0;
}

/* The run that holds the byte at from, or the first behind it. */
static size_t
run_at(const struct receive *file, uint64_t from)
{
	size_t i = 0;

	while (i < file->n_runs && file->run[i].to <= from)
		i++;
	return i;
}

bool
receive_has(const struct receive *file, uint64_t from, uint64_t to)
{
	size_t i = run_at(file, from);

	return from >= to || (i < file->n_runs && file->run[i].from <= from && to <= file->run[i].to);
}

/* Sets the bytes of [from, to) that came before in *old, and joins it with the runs that it meets. */
static bool
add_run(struct receive *file, struct receive_run new, uint64_t *old)
{
	struct receive_run *run = file->run;
	size_t first = 0, last;
	uint64_t met = 0;

	while (first < file->n_runs && run[first].to < new.from)
		first++;
	for (last = first; last < file->n_runs && run[last].from <= new.to; last++)
		met += (run[last].to < new.to ? run[last].to : new.to) -
		       (run[last].from > new.from ? run[last].from : new.from);
	if (first == last && file->n_runs == RECEIVE_RUNS)
		return false;
	*old = met;
	if (last > first) {
		new.from = run[first].from < new.from ? run[first].from : new.from;
		new.to = run[last - 1].to > new.to ? run[last - 1].to : new.to;
	}
	memmove(&run[first + 1], &run[last], (file->n_runs - last) * sizeof(run[0]));
	run[first] = new;
	file->n_runs = file->n_runs + 1 - (last - first);
	return true;
}

/* The buffer doubles, so that a file in small blocks is not copied over and over. */
static bool
make_room(struct receive *file, size_t need)
{
	size_t room = 2 * file->room > ROOM_MIN ? 2 * file->room : ROOM_MIN;
	uint8_t *bytes;

	if (need <= file->room)
		return true;
	if (room < need)
		room = need;
	if (room > LIMIT_PHONE_FILE)
		room = LIMIT_PHONE_FILE;
	if (!receive_take(file->host, room - file->room))
		return false;
	bytes = realloc(file->bytes, room);
	if (bytes == NULL) {
		receive_give(file->host, room - file->room);
		file->host->out_of_memory = true;
		return false;
	}
	file->bytes = bytes;
	file->room = room;
	return true;
}

/* What lies behind a limit is left out. */
static void
keep(struct receive *file, uint64_t from, struct slice bytes)
{
	uint64_t fits = from < file->kept ? file->kept - from : 0;

	if (!file->keeps)
		return;
	if (fits > 0 && !make_room(file, (size_t)from + slice_first(bytes, (size_t)fits).n)) {
		file->kept = from;
		fits = 0;
	}
	if (bytes.n > fits && !file->over) {
		file->over = true;
		file->host->tally->over_limit++;
	}
	bytes = slice_first(bytes, (size_t)fits);
	if (bytes.n > 0)
		slice_copy(&bytes, file->bytes + from, bytes.n);
}

bool
receive_put(struct receive *file, uint64_t from, struct slice bytes)
{
	uint64_t old;

	if (bytes.n == 0 || bytes.n > UINT64_MAX - from || receive_has(file, from, from + bytes.n))
		return true;
	if (!add_run(file, (struct receive_run){from, from + bytes.n}, &old))
		return false;
	file->size += bytes.n - old;
	keep(file, from, bytes);
	return true;
}

void
receive_give_up(struct receive *file, uint64_t to)
{
	struct receive_run *run = file->run;
	uint64_t hole = file->n_runs > 0 && run[0].from == 0 ? run[0].to : 0, end = to;
	size_t met = 0;

	if (hole >= to)
		return;
	if (hole < file->lost)
		file->lost = hole;
	for (; met < file->n_runs && run[met].from <= to; met++)
		end = run[met].to > end ? run[met].to : end;
	if (met == 0 && file->n_runs == RECEIVE_RUNS)
		return;
	memmove(&run[1], &run[met], (file->n_runs - met) * sizeof(run[0]));
	run[0] = (struct receive_run){0, end};
	file->n_runs = file->n_runs + 1 - met;
}

bool
receive_is_whole(const struct receive *file, uint64_t size)
{
	return file->lost >= size && receive_has(file, 0, size);
}

struct phone_file *
receive_content(const struct receive *file, const char *name, bool whole)
{
	uint64_t n = file->n_runs > 0 && file->run[0].from == 0 ? file->run[0].to : 0;
	struct phone_file *content;

	n = n < file->lost ? n : file->lost;
	n = n < file->kept ? n : file->kept;
	if (!file->keeps || n == 0)
		return NULL;
	content = phone_file_read(name, slice_of(file->bytes, (size_t)n), file->host->certs);
	if (content == NULL)
		file->host->out_of_memory = true;
	else if (!whole || file->over)
		content->cut = true;
	return content;
}
