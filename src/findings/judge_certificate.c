/* Rules about certificates by themselves: dates, chain, strength. */
#include <stdio.h>

#include "tls/conclude.h"
#include "dissectors/alert.h"
#include "dissectors/dtls_record.h"
#include "dissectors/names.h"
#include "judge.h"

#define DAY INT64_C(86400)
#define EXPIRING_DAYS 30

/* When a version of TLS was new, seconds since 1970: a capture with an older date has no clock to judge dates by. */
static int64_t
version_born(uint16_t version)
{
	if (version_is_tls13(version))
		return INT64_C(1514764800); /* 2018 */
	if (version == 0x0303 || version == DTLS_1_2)
		return INT64_C(1199145600); /* 2008 */
	return INT64_C(788918400); /* 1995 */
}

/* The time to judge a date by, 0 where there is none. */
static int64_t
judging_time(const struct report *report, const struct handshake *handshake)
{
	int64_t now = handshake->certs[SIDE_SERVER].at.us / 1000000;

	if (report->trust->has_now)
		return report->now;
	return now >= version_born(handshake->server_hello.version) ? now : 0;
}

/* A gateway's leaf with dates, and the time it was shown; NULL where there is nothing to judge. */
static const struct cert *
dated_leaf(const struct report *report, const struct handshake *handshake, int64_t *now)
{
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);

	*now = judging_time(report, handshake);
	return leaf != NULL && leaf->parsed && leaf->has_dates && *now != 0 ? leaf : NULL;
}

/* Only a client that turned away over it makes a date an error: phones that pin a hash do not look at dates. */
static enum severity
date_severity(const struct handshake *handshake)
{
	return judge_turned_away(handshake) ? SEVERITY_ERROR : SEVERITY_WARNING;
}

static void
add_end(struct findings *out, struct finding *finding, const struct handshake *handshake)
{
	finding_frame(out, finding, handshake->certs[SIDE_SERVER].at);
	if (judge_turned_away(handshake))
		finding_frame(out, finding, judge_end_frame(handshake));
}

static long long
days_between(int64_t from, int64_t to)
{
	return (long long)((to - from) / DAY);
}

void
judge_certificate_expired(const struct rule *rule, const struct report *report, const struct visit *visit,
			  struct findings *out)
{
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct alert_fact *refused = judge_refused(handshake);
		bool said = refused != NULL && refused->code == ALERT_CERTIFICATE_EXPIRED;
		int64_t now;
		const struct cert *leaf = dated_leaf(report, handshake, &now);
		bool expired = leaf != NULL && leaf->not_after < now;
		struct finding *finding;

		if (!expired && !said)
			continue;
		finding = finding_raise(out, rule, said ? SEVERITY_ERROR : date_severity(handshake),
					expired ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, handshake);
		add_end(out, finding, handshake);
		if (expired)
			finding_detail(out, finding, "%s ended %lld days before it was shown.", leaf->subject,
				       days_between(leaf->not_after, now));
		else
			finding_detail(out, finding,
				       "The client says certificate_expired; by the capture's clock the leaf is valid: "
				       "look at the client's clock, and at the rest of the chain.");
	}
}

void
judge_certificate_not_yet_valid(const struct rule *rule, const struct report *report,
				const struct visit *visit, struct findings *out)
{
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		int64_t now;
		const struct cert *leaf = dated_leaf(report, handshake, &now);
		struct finding *finding;

		if (leaf == NULL || leaf->not_before <= now)
			continue;
		finding = finding_raise(out, rule, date_severity(handshake), CERTAINTY_PROVEN, handshake);
		add_end(out, finding, handshake);
		finding_detail(out, finding, "%s begins %lld days after it was shown.", leaf->subject,
			       days_between(now, leaf->not_before));
	}
}

void
judge_certificate_expiring(const struct rule *rule, const struct report *report, const struct visit *visit,
			   struct findings *out)
{
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		int64_t now;
		const struct cert *leaf = dated_leaf(report, handshake, &now);
		struct finding *finding;

		if (leaf == NULL || leaf->not_after < now || leaf->not_after - now > EXPIRING_DAYS * DAY ||
		    leaf->not_before > leaf->not_after)
			continue;
		finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, handshake->certs[SIDE_SERVER].at);
		finding_detail(out, finding, "%s ends %lld days after it was shown.", leaf->subject,
			       days_between(now, leaf->not_after));
	}
}

/* A chain to judge: more than hashes of bytes, and all of it there. */
static bool
chain_is_readable(const struct handshake *handshake)
{
	const struct cert_list_fact *chain = &handshake->certs[SIDE_SERVER];

	for (size_t i = 0; i < handshake->n_missing; i++)
		if (handshake->missing[i].what == MISSING_SERVER_CERTIFICATES)
			return false;
	for (size_t i = 0; i < chain->n; i++)
		if (!chain->certs[i].cert->parsed)
			return false;
	return chain->n > 0;
}

static bool
issuer_is_there(const struct cert_list_fact *chain, const struct cert *leaf)
{
	for (size_t i = 0; i < chain->n; i++)
		if (cert_issued(chain->certs[i].cert, leaf))
			return true;
	return false;
}

void
judge_chain_incomplete(const struct rule *rule, const struct report *report, const struct visit *visit,
		       struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct cert_list_fact *chain = &handshake->certs[SIDE_SERVER];
		const struct cert *leaf;
		struct finding *finding;

		if (!chain_is_readable(handshake))
			continue;
		leaf = chain->certs[0].cert;
		if (leaf->self_signed || issuer_is_there(chain, leaf))
			continue;
		finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, chain->at);
		finding_expected(out, finding, leaf->issuer);
		finding_detail(out, finding, "%s came without the certificate of its issuer, %s.", leaf->subject,
			       leaf->issuer);
	}
}

void
judge_chain_order(const struct rule *rule, const struct report *report, const struct visit *visit,
		  struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct cert_list_fact *chain = &handshake->certs[SIDE_SERVER];
		struct finding *finding;

		if (!chain_is_readable(handshake) || chain->n < 2)
			continue;
		for (size_t c = 0; c + 1 < chain->n; c++) {
			const struct cert *lower = chain->certs[c].cert;
			if (cert_issued(chain->certs[c + 1].cert, lower) || lower->self_signed ||
			    !issuer_is_there(chain, lower))
				continue;
			finding = finding_raise(out, rule, SEVERITY_WARNING, CERTAINTY_PROVEN, handshake);
			finding_frame(out, finding, chain->at);
			finding_expected(out, finding, lower->issuer);
			finding_actual(out, finding, chain->certs[c + 1].cert->subject);
			finding_detail(out, finding, "Behind %s should come %s, but %s does.", lower->subject,
				       lower->issuer, chain->certs[c + 1].cert->subject);
		}
	}
}

static void
weak(struct findings *out, const struct rule *rule, const struct handshake *handshake, struct when at,
     const char *what)
{
	struct finding *finding = finding_raise(out, rule, SEVERITY_INFO, CERTAINTY_PROVEN, handshake);

	finding_frame(out, finding, at);
	finding_actual(out, finding, what);
	finding_detail(out, finding, "Agreed on or shown, and no longer held to be safe: see what was found.");
}

static void
look_for_weak_suite(struct findings *out, const struct rule *rule, const struct handshake *handshake)
{
	const struct server_hello_fact *hello = &handshake->server_hello;
	const struct cipher_name *cipher = cipher_lookup((uint16_t)hello->cipher);

	if (hello->at.frame == 0)
		return;
	if (hello->version == 0x0300 || hello->version == 0x0002)
		weak(out, rule, handshake, hello->at, hello->version == 0x0300 ? "SSLv3" : "SSLv2");
	if (hello->cipher <= 0xffff && cipher != NULL && cipher->weak != 0)
		weak(out, rule, handshake, hello->at, cipher->iana);
}

static void
look_for_weak_cert(struct findings *out, const struct rule *rule, const struct handshake *handshake)
{
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);
	struct when at = handshake->certs[SIDE_SERVER].at;
	char text[64];

	if (leaf == NULL || !leaf->parsed)
		return;
	if (leaf->key_type != NULL && strcmp(leaf->key_type, "RSA") == 0 && leaf->key_bits != 0 &&
	    leaf->key_bits < 2048) {
		snprintf(text, sizeof(text), "RSA key of %u bits", leaf->key_bits);
		weak(out, rule, handshake, at, text);
	}
	if (leaf->signature != NULL && !leaf->self_signed &&
	    (strncmp(leaf->signature, "sha1", 4) == 0 || strncmp(leaf->signature, "md5", 3) == 0 ||
	     strcmp(leaf->signature, "ecdsa-with-SHA1") == 0 || strcmp(leaf->signature, "dsaWithSHA1") == 0))
		weak(out, rule, handshake, at, leaf->signature);
}

void
judge_weak_crypto(const struct rule *rule, const struct report *report, const struct visit *visit,
		  struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		look_for_weak_suite(out, rule, visit->handshakes[i]);
		look_for_weak_cert(out, rule, visit->handshakes[i]);
	}
}
