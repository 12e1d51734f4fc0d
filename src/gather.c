/* What becomes of the handshakes and events of one input. */
#include "gather.h"

#include <stdlib.h>

#include "diag.h"
#include "limit.h"
#include "watch/news.h"
#include "watch/pace.h"

struct gather {
	const struct options *options;
	struct cert_store *certs;
	struct export *export;
	struct watch *watch;
	struct tally *tally;
	struct cases *cases;
	struct news news;
	struct pace pace;
	int64_t let_go_us; /* when old stories were let go of last */
	bool out_of_memory;
};

struct gather *
gather_new(const struct options *options, struct cert_store *certs, struct export *export, struct watch *watch,
	   struct tally *tally)
{
	struct gather *gather = malloc(sizeof(*gather));
	struct cases *cases = cases_new(&options->trust);

	if (gather == NULL || cases == NULL) {
		free(gather);
		cases_free(cases);
		return NULL;
	}
	*gather = (struct gather){
		.options = options, .certs = certs, .export = export, .watch = watch, .tally = tally, .cases = cases};
	pace_begin(&gather->pace, options->n_interfaces == 0);
	return gather;
}

void
gather_free(struct gather *gather)
{
	if (gather == NULL)
		return;
	news_free(&gather->news);
	cases_free(gather->cases);
	free(gather);
}

bool
gather_out_of_memory(const struct gather *gather)
{
	return gather->out_of_memory;
}

/* More certificates are kept than there is room for, those of what is open left out. */
static bool
too_many_certificates(const struct gather *gather, size_t held)
{
	return cert_store_held(gather->certs) > LIMIT_CERT_BYTES + held;
}

/* Neither --story nor --watch has any. */
static bool
writes_lines(const struct gather *gather)
{
	return !gather->options->story && gather->watch == NULL;
}

void
gather_handshake(struct gather *gather, struct handshake *handshake, size_t held)
{
	if (gather->options->sink->handshake != NULL && writes_lines(gather)) {
		diag_status_make_way();
		gather->options->sink->handshake(stdout, handshake);
	}
	export_handshake(gather->export, handshake);
	cases_add(gather->cases, handshake, gather->tally);
	if (gather->watch != NULL)
		cases_let_go_of_the_same(gather->cases);
	pace_news(&gather->pace);
	while (too_many_certificates(gather, held) && cases_forget(gather->cases, gather->tally))
		continue;
}

static void
write_event(const struct gather *gather, const struct event *event)
{
	if (gather->options->sink->event == NULL || !writes_lines(gather))
		return;
	diag_status_make_way();
	gather->options->sink->event(stdout, event);
}

/* The cases hold a file against the trust lists that they know, and keep it as their newest event; of others they may
 * have heard before. */
void
gather_event(struct gather *gather, struct event *event, size_t held)
{
	bool transfer = event->kind == EVENT_TRANSFER;

	if (!transfer)
		write_event(gather, event);
	if (!cases_add_event(gather->cases, event, gather->tally))
		gather->out_of_memory = true;
	pace_news(&gather->pace);
	if (!transfer)
		return;
	write_event(gather, event);
	export_event(gather->export, event);
	while (too_many_certificates(gather, held) && cases_forget_event(gather->cases, gather->tally))
		continue;
}

/* What the findings say that they did not say before. */
struct telling {
	const struct options *options;
	int64_t now_us;
};

static void
tell(void *arg, const struct finding *finding)
{
	const struct telling *telling = arg;

	telling->options->sink->news(stdout, finding, telling->now_us);
}

void
gather_stir(struct gather *gather)
{
	pace_news(&gather->pace);
}

bool
gather_is_due(const struct gather *gather, int64_t now_us)
{
	return pace_due(&gather->pace, now_us) && (gather->watch != NULL || writes_lines(gather));
}

static const struct report *
findings_so_far(struct gather *gather, struct decided_copies *open)
{
	return cases_findings(gather->cases, gather->tally, open != NULL ? open->list : NULL, open != NULL ? open->n : 0);
}

/* Old stories are let go of, and what is left is held against what was said. */
static bool
watch_for_changes(struct gather *gather, int64_t now_us, struct decided_copies *open, int64_t *due_us)
{
	const int64_t second = 1000000;
	const struct report *report;

	if (now_us / second / LIMIT_LET_GO_SECONDS != gather->let_go_us / second / LIMIT_LET_GO_SECONDS) {
		cases_let_go(gather->cases, now_us - LIMIT_WATCHED_SECONDS * second);
		gather->let_go_us = now_us;
	}
	report = findings_so_far(gather, open);
	return report != NULL && watch_read(gather->watch, report, now_us, due_us);
}

static bool
say_news(struct gather *gather, int64_t now_us, struct decided_copies *open, int64_t *due_us)
{
	struct telling telling = {gather->options, now_us};
	const struct report *report = findings_so_far(gather, open);
	bool done = report != NULL && news_read(&gather->news, report, now_us, tell, &telling);

	*due_us = gather->news.due_us;
	return done;
}

bool
gather_look(struct gather *gather, int64_t now_us, struct decided_copies *open)
{
	int64_t due_us = INT64_MAX;
	bool done;

	now_us = pace_when(&gather->pace, gather->tally->last_us, now_us);
	pace_look(&gather->pace);
	done = (gather->watch != NULL ? watch_for_changes : say_news)(gather, now_us, open, &due_us);
	pace_looked(&gather->pace, now_us, due_us, cases_kept(gather->cases));
	return done;
}

bool
gather_report(struct gather *gather, bool *findings)
{
	const struct options *options = gather->options;
	const struct report *report;

	if (gather->watch != NULL)
		return gather->tally->packets == 0 || gather_look(gather, gather->tally->last_us, NULL);
	report = cases_report(gather->cases, gather->tally);
	if (report == NULL)
		return false;
	for (size_t i = 0; i < report->n_findings; i++)
		if ((int)report->findings[i].severity >= (int)options->fail_on)
			*findings = true;
	if (options->story)
		options->sink->story(stdout, report, gather->tally);
	else
		options->sink->report(stdout, report, gather->tally);
	fflush(stdout);
	return true;
}
