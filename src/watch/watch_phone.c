/* Phones: how each fares at each of its gateways, and whether what it was told fits what it is shown. */
#include "fares.h"
#include "settled.h"
#include "watch_room.h"

/* One phone's visit: what was said of it, and what is true. */
struct reading {
	struct watch *watch;
	struct watched_phone *phone;
	struct watched_visit *said;
	const struct visit *visit; /* NULL: the phone alone */
};

static struct change
about(const struct reading *reading, struct phone *stub, enum change_kind kind)
{
	struct change change = watch_who(reading->phone, stub, kind);

	if (reading->visit == NULL)
		return change;
	change.has_gateway = true;
	change.server = reading->visit->server;
	change.port = reading->visit->port;
	change.host = reading->visit->host;
	return change;
}

/* ---- does it fail? ---- */

static int64_t
patience_us(const struct report *report, const struct finding *finding)
{
	unsigned patience = finding->rule->patience;

	if (patience == PATIENCE_REPORT || (patience < LIMIT_DOUBT_SECONDS && !settled_finding(report, finding)))
		patience = LIMIT_DOUBT_SECONDS;
	return patience * SECOND;
}

static void
fails(const struct reading *reading, const struct finding *finding)
{
	struct watched_visit *said = reading->said;
	struct watch *watch = reading->watch;
	struct phone stub;
	struct change change;
	int64_t due_us;

	if (said->doubted != finding->rule) {
		said->doubted = finding->rule;
		said->since_us = watch->now_us;
	}
	due_us = said->since_us + patience_us(watch->report, finding);
	if (said->failing == finding->rule)
		return;
	if (due_us > watch->now_us) {
		watch_due(watch, due_us);
		return;
	}
	change = about(reading, &stub, CHANGE_FAILING);
	change.finding = finding;
	change.rule = said->failing;
	said->failing = finding->rule;
	watch_say_of(watch, &reading->phone->flaps, change);
}

static void
is_well(const struct reading *reading)
{
	struct watched_visit *said = reading->said;
	struct phone stub;
	struct change change;

	said->doubted = NULL;
	if (said->failing == NULL)
		return;
	change = about(reading, &stub, CHANGE_WELL);
	change.rule = said->failing;
	said->failing = NULL;
	watch_say_of(reading->watch, &reading->phone->flaps, change);
}

static void
read_fares(const struct reading *reading, struct fares fares)
{
	if (fares.verdict == VERDICT_FAILING)
		fails(reading, fares.finding);
	else if (fares.verdict == VERDICT_OK)
		is_well(reading);
}

/* ---- does the hash fit? ---- */

/* The hashes that count, as far as they are said. */
struct told {
	const struct config_hash *first;
	size_t n;
};

static void
count_told(void *arg, const struct config_hash *hash)
{
	struct told *told = arg;

	told->first = told->first != NULL ? told->first : hash;
	told->n++;
}

static void
describe(struct change_leaf *out, const struct cert *cert, const struct config_hash *like)
{
	size_t n = like != NULL && like->form != HASH_BAD ? like->hash.n : SHA1_SIZE;

	*out = (struct change_leaf){.name = cert->subject, .has_dates = cert->has_dates, .not_after = cert->not_after};
	hash_base64(n == SHA512_SIZE ? cert->sha512 : n == SHA256_SIZE ? cert->sha256 : cert->sha1, n, out->hash);
}

static const struct handshake *
last_shown(const struct visit *visit)
{
	for (size_t i = visit->n; i > 0; i--)
		if (!visit->handshakes[i - 1]->dtls && visit->handshakes[i - 1]->certs[SIDE_SERVER].n > 0)
			return visit->handshakes[i - 1];
	return NULL;
}

static void
read_trust(const struct reading *reading)
{
	const struct report *report = reading->watch->report;
	const struct handshake *last = last_shown(reading->visit);
	enum trusted trusted = last != NULL ? report_trusted(report, reading->visit, last) : TRUST_UNKNOWN;
	enum trusted before = reading->said->trusted;
	bool fits = trusted != TRUST_NONE;
	struct told told = {NULL, 0};
	struct phone stub;
	struct change change;

	if (trusted == TRUST_UNKNOWN || !settled_visit(report, reading->visit))
		return;
	reading->said->trusted = trusted;
	if (fits == (before != TRUST_NONE))
		return;
	report_hashes(report, reading->visit, last, count_told, &told);
	change = about(reading, &stub, fits ? CHANGE_FITS : CHANGE_MISFIT);
	change.before = before != TRUST_UNKNOWN;
	change.told = told.first;
	change.n_told = told.n;
	change.told_by = report_told(reading->visit, last);
	change.has_leaf = true;
	describe(&change.leaf, handshake_leaf(last, SIDE_SERVER), told.first);
	watch_say_of(reading->watch, &reading->phone->flaps, change);
}

/* ---- all of a phone ---- */

/* Findings that are about one visit stand together. */
static size_t
count_of(const struct finding *findings, size_t n, const struct visit *visit)
{
	size_t count = 0;

	while (count < n && findings[count].visit == visit)
		count++;
	return count;
}

static void
read_visit(struct watch *watch, struct watched_phone *phone, const struct visit *visit, const struct finding *findings,
	   size_t n)
{
	struct reading reading = {watch, phone, watched_visit_begin(phone, &visit->server), visit};

	reading.said->seen_us = watch->now_us;
	read_trust(&reading);
	read_fares(&reading, fares_at(visit, findings, n));
}

/* Alone it is remembered only where something was to be said of it. */
static void
read_alone(struct watch *watch, struct watched_phone *phone, const struct phone *now, const struct finding *findings, size_t n)
{
	static const struct ip_addr nowhere;
	struct reading reading = {watch, phone, watched_visit(phone, &nowhere), NULL};
	struct fares fares = fares_alone(now, findings, n, reading.said != NULL ? reading.said->since_us : 0);

	if (reading.said == NULL && fares.verdict != VERDICT_FAILING)
		return;
	reading.said = watched_visit_begin(phone, &nowhere);
	reading.said->seen_us = watch->now_us;
	read_fares(&reading, fares);
}

void
watch_phone(struct watch *watch, struct watched_phone *phone, const struct phone *now, const struct finding *findings, size_t n)
{
	size_t own = count_of(findings, n, NULL);

	read_alone(watch, phone, now, findings, own);
	for (size_t v = 0; v < now->n_visits; v++) {
		const struct visit *visit = &now->visits[v];

		findings = watch_behind(findings, own);
		n -= own;
		own = count_of(findings, n, visit);
		if (visit->matters == 0 || (visit->matters == MATTERS_ALL && !watch->report->trust->all))
			continue;
		watch_gateway(watch, visit);
		read_visit(watch, phone, visit, findings, own);
	}
}

void
watch_phone_calm(struct watch *watch, struct watched_phone *phone)
{
	struct phone stub;
	struct change change;

	if (!flaps_calm(&phone->flaps, watch->now_us, &watch->due_us))
		return;
	change = watch_who(phone, &stub, CHANGE_CALM);
	for (size_t v = 0; v < phone->n_visits && change.rule == NULL; v++)
		change.rule = phone->visits[v].failing;
	watch_say(watch, change);
}
