/* What every sink asks of a report. */
#include "about.h"

/* Takes the first n. */
static struct span
take(struct span *rest, size_t n)
{
	struct span taken = {rest->first, n};

	rest->n -= n;
	if (n > 0)
		rest->first += n;
	return taken;
}

struct span
about_phone(struct span *rest, const struct phone *phone)
{
	size_t n = 0;

	while (n < rest->n && rest->first[n].phone == phone)
		n++;
	return take(rest, n);
}

struct span
about_visit(struct span *rest, const struct visit *visit)
{
	size_t n = 0;

	while (n < rest->n && rest->first[n].visit == visit)
		n++;
	return take(rest, n);
}

struct span
about_own(struct span *rest)
{
	return about_visit(rest, NULL);
}

bool
about_matters(const struct phone *phone, struct span findings)
{
	for (size_t i = 0; i < phone->n_visits; i++)
		if (phone->visits[i].matters != 0)
			return true;
	return phone->is_phone || findings.n > 0;
}

bool
about_has_story(const struct phone *phone)
{
	for (size_t i = 0; i < phone->n_steps; i++)
		if (phone->timeline[i].event != NULL &&
		    (phone->is_phone || phone->timeline[i].event->kind != EVENT_LEASE))
			return true;
	return false;
}

static bool
is_encrypted(const struct event *event)
{
	const struct phone_file *file = event->kind == EVENT_TRANSFER ? event->transfer.content : NULL;

	return file != NULL && file->kind == PHONE_FILE_CONFIG && file->seal_state != SEAL_NONE &&
	       file->seal.encrypted && event->transfer.outcome == TRANSFER_DONE;
}

const struct event *
about_encrypted(const struct phone *phone)
{
	const struct event *last = phone_told(phone).event, *found = NULL;

	for (size_t i = 0; i < phone->n_events; i++) {
		const struct event *event = phone->events[i];

		if (!is_encrypted(event) || (last != NULL && event->last.frame < last->last.frame))
			continue;
		found = last = event;
	}
	return found;
}
