/* A change as a line of a log. Lines are never broken: grep finds them whole. */
#include "text_change.h"

#include <inttypes.h>

#include "format.h"
#include "limit.h"
#include "wrap.h"

enum { DATE_END = 10, TIME_END = 19 };

static void
put(struct wrap *wrap, const char *text)
{
	wrap_whole(wrap, text);
}

static void
put_number(struct wrap *wrap, uint64_t n)
{
	char number[FORMAT_NUMBER_SIZE];

	format_number(n, number);
	put(wrap, number);
}

/* "2026-11-22T03:24:49Z": a log has seconds. */
static void
put_time(struct wrap *wrap, int64_t us)
{
	char time[FORMAT_TIME_SIZE];

	if (format_time(us, time) == 0) {
		put(wrap, "-");
		return;
	}
	time[TIME_END] = '\0';
	put(wrap, time);
	put(wrap, "Z");
}

static void
put_who(struct wrap *wrap, const struct change *change)
{
	char label[FORMAT_IP_SIZE], gateway[FORMAT_ENDPOINT_SIZE] = "-";

	put(wrap, " ");
	put(wrap, change->phone != NULL ? format_phone(change->phone, label) : "-");
	put(wrap, " ");
	if (change->has_gateway && change->host != NULL) {
		put(wrap, change->host);
		put(wrap, ":");
		put_number(wrap, change->port);
	} else {
		if (change->has_gateway)
			format_endpoint(&change->server, change->port, gateway);
		put(wrap, gateway);
	}
	put(wrap, " ");
}

static void
put_leaf(struct wrap *wrap, const struct change_leaf *leaf)
{
	char date[FORMAT_TIME_SIZE];

	put(wrap, leaf->name != NULL ? leaf->name : "a certificate that does not parse");
	put(wrap, ", ");
	put(wrap, leaf->hash);
	if (!leaf->has_dates || format_seconds(leaf->not_after, date) == 0)
		return;
	date[DATE_END] = '\0';
	put(wrap, ", valid until ");
	put(wrap, date);
}

static void
put_days(struct wrap *wrap, uint64_t days)
{
	if (days == 0) {
		put(wrap, "expires within a day: ");
		return;
	}
	put(wrap, "expires in ");
	put_number(wrap, days);
	put(wrap, days == 1 ? " day: " : " days: ");
}

static void
put_misfit(struct wrap *wrap, const struct change *change)
{
	put(wrap, change->before ? "hash no longer fits: told " : "hash does not fit: told ");
	put(wrap, change->told->text);
	if (change->n_told > 1) {
		put(wrap, " and ");
		put_number(wrap, change->n_told - 1);
		put(wrap, " more");
	}
	if (change->told_by.event != NULL) {
		put(wrap, " (");
		put(wrap, change->told_by.event->transfer.file);
		put(wrap, ", frame ");
		put_number(wrap, change->told_by.event->last.frame);
		put(wrap, ")");
	}
	put(wrap, ", shown ");
	put_leaf(wrap, &change->leaf);
}

static void
put_finding(struct wrap *wrap, const struct change *change)
{
	const struct finding *finding = change->finding;

	put(wrap, change->rule != NULL ? "fails otherwise: " : "starts failing: ");
	put(wrap, finding->rule->id);
	put(wrap, " (");
	put(wrap, severity_name(finding->severity));
	put(wrap, ", ");
	put(wrap, certainty_name(finding->certainty));
	put(wrap, finding->tainted ? ", in doubt): " : "): ");
	put(wrap, finding->detail != NULL ? finding->detail : finding->rule->title);
}

static void
put_calm(struct wrap *wrap, const struct change *change)
{
	put(wrap, "calm again: no change for ");
	put_number(wrap, LIMIT_CALM_SECONDS / 60);
	put(wrap, " min");
	if (change->rule != NULL) {
		put(wrap, ", failing: ");
		put(wrap, change->rule->id);
	}
}

static void
put_forgotten(struct wrap *wrap, const struct change *change)
{
	static const struct {
		const char *before;
		uint64_t limit;
		const char *behind;
	} reasons[] = {
		[FORGOTTEN_UNSEEN] = {"not seen for ", LIMIT_WATCHED_SECONDS / 3600, " h"},
		[FORGOTTEN_PHONES] = {"more than ", LIMIT_WATCHED, " phones"},
		[FORGOTTEN_GATEWAYS] = {"more than ", LIMIT_WATCHED_GATEWAYS, " gateways"},
		[FORGOTTEN_LEAVES] = {"more than ", LIMIT_GATEWAY_LEAVES, " certificates here: "},
	};

	put(wrap, "forgotten: ");
	put(wrap, reasons[change->why].before);
	put_number(wrap, reasons[change->why].limit);
	put(wrap, reasons[change->why].behind);
	if (change->has_leaf)
		put_leaf(wrap, &change->leaf);
}

static void
put_what(struct wrap *wrap, const struct change *change)
{
	switch (change->kind) {
	case CHANGE_NEW_LEAF:
		put(wrap, "new certificate: ");
		put_leaf(wrap, &change->leaf);
		break;
	case CHANGE_EXPIRES:
		put_days(wrap, change->n);
		put_leaf(wrap, &change->leaf);
		break;
	case CHANGE_EXPIRED:
		put(wrap, "has expired: ");
		put_leaf(wrap, &change->leaf);
		break;
	case CHANGE_MISFIT:
		put_misfit(wrap, change);
		break;
	case CHANGE_FITS:
		put(wrap, "hash fits again: shown ");
		put_leaf(wrap, &change->leaf);
		break;
	case CHANGE_FAILING:
		put_finding(wrap, change);
		break;
	case CHANGE_WELL:
		put(wrap, "stops failing: ");
		put(wrap, change->rule->id);
		break;
	case CHANGE_FLAPPING:
		put(wrap, "flaps: more changes within an hour than ");
		put_number(wrap, LIMIT_CHANGES_AN_HOUR);
		break;
	case CHANGE_CALM:
		put_calm(wrap, change);
		break;
	case CHANGE_FORGOTTEN:
		put_forgotten(wrap, change);
		break;
	case CHANGE_UNSAID:
		put_number(wrap, change->n);
		put(wrap, " changes not said: more within a minute than ");
		put_number(wrap, LIMIT_CHANGES_A_MINUTE);
		break;
	}
}

void
text_change(FILE *to, const struct change *change)
{
	struct wrap wrap;

	wrap_begin(&wrap, to, false);
	wrap_line(&wrap);
	put_time(&wrap, change->us);
	put_who(&wrap, change);
	put_what(&wrap, change);
	wrap_end(&wrap);
}
