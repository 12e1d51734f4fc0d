/* What is said of a visit where all is well. A check is named only where its rule had facts to
 * judge. */
#include "text_well.h"

#include "text_handshake.h"

/* What the handshakes of a visit had to show. */
struct shown {
	size_t established[2], others; /* by dtls */
	bool server_hello[2];
	bool hash, dates, client_certificate;
	const struct cert *unknown; /* a certificate, and no hash to compare it with */
	bool hidden;		    /* no certificate at all, and why: */
	enum missing_why why;
};

static void
look_at_certificates(struct shown *shown, const struct report *report, const struct visit *visit,
		     const struct handshake *handshake)
{
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);

	if (leaf != NULL) {
		if (report_trusted(report, visit, handshake) != TRUST_UNKNOWN)
			shown->hash = true;
		else if (shown->unknown == NULL)
			shown->unknown = leaf;
		shown->dates = shown->dates || leaf->has_dates;
	}
	if (handshake_leaf(handshake, SIDE_CLIENT) != NULL)
		shown->client_certificate = true;
	for (size_t i = 0; i < handshake->n_missing; i++)
		if (handshake->missing[i].what == MISSING_SERVER_CERTIFICATES && !handshake->dtls &&
		    !shown->hidden) {
			shown->hidden = true;
			shown->why = handshake->missing[i].why;
		}
}

static struct shown
look_at(const struct report *report, const struct visit *visit)
{
	struct shown shown = {.hash = false};

	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];

		if (handshake->outcome == OUTCOME_ESTABLISHED)
			shown.established[handshake->dtls]++;
		else
			shown.others++;
		if (handshake->server_hello.at.frame != 0)
			shown.server_hello[handshake->dtls] = true;
		look_at_certificates(&shown, report, visit, handshake);
	}
	return shown;
}

static void
put_counts(struct wrap *wrap, const struct shown *shown)
{
	if (shown->established[0] > 0)
		wrap_format(wrap, "%zu TLS ", shown->established[0]);
	if (shown->established[0] > 0 && shown->established[1] > 0)
		wrap_text(wrap, "and ");
	if (shown->established[1] > 0)
		wrap_format(wrap, "%zu DTLS ", shown->established[1]);
	wrap_text(wrap,
		  shown->established[0] + shown->established[1] == 1 ? "handshake" : "handshakes");
	wrap_text(wrap, " established");
	if (shown->others > 0)
		wrap_format(wrap, ", %zu not shown to their end", shown->others);
	wrap_text(wrap, ".");
}

/* Adds one item to a list; before is what stands before it. */
static void
put_item(struct wrap *wrap, const char **before, const char *item)
{
	wrap_text(wrap, *before);
	wrap_text(wrap, item);
	*before = ", ";
}

static void
end_list(struct wrap *wrap, const char *before)
{
	if (*before == ',')
		wrap_text(wrap, ".");
}

static void
put_checked(struct wrap *wrap, const struct shown *shown)
{
	const char *before = " Checked: ";

	if (shown->hash)
		put_item(wrap, &before, "certificate hash");
	if (shown->dates)
		put_item(wrap, &before, "certificate dates");
	if (shown->client_certificate)
		put_item(wrap, &before, "client certificate");
	if (shown->server_hello[0] && shown->server_hello[1])
		put_item(wrap, &before, "ciphers of TLS and DTLS against each other");
	end_list(wrap, before);
}

/* CUCM and its like are trusted by CTL and ITL, not by certHash. */
static bool
may_be_gateway(const struct visit *visit)
{
	return (visit->matters & MATTERS_VOICE) == 0 &&
	       (visit->matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT | MATTERS_ALL)) != 0;
}

static void
put_unchecked(struct wrap *wrap, const struct visit *visit, const struct shown *shown)
{
	const char *before = " Not checked: ";
	char hash[HASH_BASE64_SIZE];

	if (!shown->hash && shown->unknown != NULL && may_be_gateway(visit)) {
		hash_base64(shown->unknown->sha1, SHA1_SIZE, hash);
		put_item(wrap, &before, "certificate hash (");
		wrap_text(wrap, hash);
		wrap_text(wrap, "; give --phone-config or --cert-hash)");
	}
	if (!shown->dates && shown->hidden) {
		put_item(wrap, &before, "certificate (");
		wrap_text(wrap, text_missing(shown->why));
		wrap_text(wrap, ")");
	}
	if (!shown->server_hello[1] &&
	    (visit->matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT)) != 0)
		put_item(wrap, &before, "DTLS (there is none)");
	if (!shown->server_hello[0])
		put_item(wrap, &before, "TLS (there is none)");
	end_list(wrap, before);
}

void
text_well(struct wrap *wrap, const struct report *report, const struct visit *visit)
{
	struct shown shown = look_at(report, visit);

	put_counts(wrap, &shown);
	put_checked(wrap, &shown);
	put_unchecked(wrap, visit, &shown);
}
