/* Rules about the gateway's certificate: is it the one that the phone was told to trust? */
#include <stdio.h>
#include <strings.h>

#include "tls/conclude.h"
#include "dissectors/alert.h"
#include "dissectors/names.h"
#include "judge.h"

#define ASA_TEMPORARY "ASA Temporary Self Signed Certificate"

/* The expected hashes added to a finding, and the digest that they are of. */
struct expecting {
	struct findings *out;
	struct finding *finding;
	size_t digest; /* bytes of the first usable hash, 0: none yet */
};

static void
add_expected(void *arg, const struct config_hash *hash)
{
	struct expecting *expecting = arg;

	finding_expected(expecting->out, expecting->finding, hash->text);
	if (expecting->digest == 0 && hash->form != HASH_BAD)
		expecting->digest = hash->hash.n;
}

/* Writes what the leaf would be called in the phone's configuration. */
static void
leaf_hash(const struct cert *leaf, size_t digest, char text[HASH_BASE64_SIZE])
{
	if (digest == SHA256_SIZE)
		hash_base64(leaf->sha256, SHA256_SIZE, text);
	else if (digest == SHA512_SIZE)
		hash_base64(leaf->sha512, SHA512_SIZE, text);
	else
		hash_base64(leaf->sha1, SHA1_SIZE, text);
}

static void
add_hashes(struct findings *out, struct finding *finding, const struct report *report,
	   const struct visit *visit, const struct handshake *handshake)
{
	struct expecting expecting = {.out = out, .finding = finding};
	char text[HASH_BASE64_SIZE];

	report_hashes(report, visit, handshake, add_expected, &expecting);
	judge_source(out, finding, report_told(visit, handshake));
	leaf_hash(handshake_leaf(handshake, SIDE_SERVER), expecting.digest, text);
	finding_actual(out, finding, text);
}

static bool
chain_is_whole(const struct handshake *handshake)
{
	for (size_t i = 0; i < handshake->n_missing; i++)
		if (handshake->missing[i].what == MISSING_SERVER_CERTIFICATES)
			return false;
	return true;
}

/* Whether this visit is the one that the hashes are about. Where nothing tells and there are several, only a
 * client that refused the certificate speaks for it. */
static bool
hashes_apply(const struct report *report, const struct visit *visit, const struct handshake *handshake)
{
	return visit->matters != MATTERS_ALL || report->visits_that_matter == 1 ||
	       judge_refused(handshake) != NULL;
}

/* follows: the finding of an EC certificate stands above, and this one is its consequence. */
static void
detail_mismatch(struct findings *out, struct finding *finding, const struct visit *visit,
		const struct handshake *handshake, bool follows)
{
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);
	const struct handshake *elsewhere = visit->fitting;
	const char *subject = leaf->subject != NULL ? leaf->subject : "a certificate that does not parse";

	if (follows)
		finding_detail(out, finding, "The EC certificate above fits none of the phone's hashes.");
	else if (elsewhere != NULL && elsewhere != handshake)
		finding_detail(out, finding,
			       "The gateway showed %s, which fits none of the phone's hashes; the certificate that fits "
			       "was shown in frame %llu.",
			       subject, (unsigned long long)elsewhere->certs[SIDE_SERVER].at.frame);
	else if (judge_accepted(handshake))
		finding_detail(out, finding,
			       "The gateway showed %s, which fits none of the given hashes, and the client went on all "
			       "the same: this is not the configuration that it runs, or it does not pin.",
			       subject);
	else
		finding_detail(out, finding, "The gateway showed %s, which fits none of the phone's hashes.", subject);
}

void
judge_cert_hash_mismatch(const struct rule *rule, const struct report *report, const struct visit *visit,
			 struct findings *out)
{
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		bool sure = chain_is_whole(handshake) && !visit->assumed &&
			    (visit->matters != MATTERS_ALL || report->visits_that_matter == 1);
		bool follows = findings_explain(out, handshake);
		struct finding *finding;

		if (handshake->dtls || report_trusted(report, visit, handshake) != TRUST_NONE ||
		    !hashes_apply(report, visit, handshake))
			continue;
		finding = finding_raise(out, rule, judge_accepted(handshake) ? SEVERITY_WARNING : SEVERITY_ERROR,
					sure ? CERTAINTY_PROVEN : CERTAINTY_LIKELY, handshake);
		finding_frame(out, finding, handshake->certs[SIDE_SERVER].at);
		if (judge_turned_away(handshake))
			finding_frame(out, finding, judge_end_frame(handshake));
		add_hashes(out, finding, report, visit, handshake);
		if (finding != NULL && finding->detail == NULL)
			detail_mismatch(out, finding, visit, handshake, follows);
	}
}

static bool
is_ec(const struct cert *leaf)
{
	return leaf != NULL && leaf->key_type != NULL && strcmp(leaf->key_type, "EC") == 0;
}

static void
describe_ec(struct findings *out, struct finding *finding, const struct handshake *handshake,
	    const struct handshake *rsa)
{
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);
	char suite[JUDGE_SUITE];

	judge_suite(handshake->server_hello.cipher, suite);
	if (rsa != NULL) {
		finding_frame(out, finding, rsa->certs[SIDE_SERVER].at);
		finding_detail(out, finding,
			       "The gateway chose %s and showed an EC certificate (%s); in frame %llu it had shown an RSA "
			       "one.",
			       suite, leaf->subject, (unsigned long long)rsa->certs[SIDE_SERVER].at.frame);
	}
	finding_detail(out, finding, "The gateway chose %s and showed an EC certificate (%s).", suite,
		       leaf->subject);
}

void
judge_ec_certificate(const struct rule *rule, const struct report *report, const struct visit *visit,
		     struct findings *out)
{
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);
		enum trusted trusted = report_trusted(report, visit, handshake);
		bool mismatch = trusted == TRUST_NONE && hashes_apply(report, visit, handshake);
		const struct handshake *rsa;
		struct finding *finding;
		bool temporary;

		if (handshake->dtls || !is_ec(leaf) || judge_accepted(handshake) || trusted == TRUST_LEAF ||
		    trusted == TRUST_ISSUER)
			continue;
		rsa = visit->keys->rsa;
		if (!mismatch && !(judge_turned_away(handshake) && (leaf->self_signed || rsa != NULL)))
			continue;
		temporary = leaf->subject_cn != NULL && strcmp(leaf->subject_cn, ASA_TEMPORARY) == 0;
		finding = finding_raise(out, rule, SEVERITY_ERROR,
					temporary || (mismatch && rsa != NULL) ? CERTAINTY_PROVEN : CERTAINTY_LIKELY,
					handshake);
		finding_frame(out, finding, handshake->server_hello.at);
		finding_frame(out, finding, handshake->certs[SIDE_SERVER].at);
		if (judge_turned_away(handshake))
			finding_frame(out, finding, judge_end_frame(handshake));
		add_hashes(out, finding, report, visit, handshake);
		describe_ec(out, finding, handshake, rsa);
	}
}

void
judge_server_certificate_rejected(const struct rule *rule, const struct report *report,
				  const struct visit *visit, struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct alert_fact *refused = judge_refused(handshake);
		const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);
		struct finding *finding;

		if (refused == NULL || findings_explain(out, handshake))
			continue;
		finding = finding_raise(out, rule, SEVERITY_ERROR, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, handshake->certs[SIDE_SERVER].at);
		finding_frame(out, finding, refused->at);
		finding_actual(out, finding, alert_name(refused->code));
		finding_detail(out, finding, "The client answered the server's certificate%s%s with the alert %s (%u).",
			       leaf != NULL && leaf->subject != NULL ? " " : "",
			       leaf != NULL && leaf->subject != NULL ? leaf->subject : "",
			       alert_name(refused->code), refused->code);
	}
}

void
judge_certificate_hidden(const struct rule *rule, const struct report *report, const struct visit *visit,
			 struct findings *out)
{
	const struct trust *trust = report->trust;

	if (!judge_is_named(visit) && trust->n_configs == 0 && trust->n_hashes == 0)
		return;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		struct finding *finding;

		if (handshake->server_hello.at.frame == 0 || !version_is_tls13(handshake->server_hello.version))
			continue;
		finding = finding_raise(out, rule, SEVERITY_INFO, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, handshake->server_hello.at);
		finding_detail(out, finding,
			       "They agreed on %s, which encrypts the certificate: whether it fits the phone's hashes "
			       "is unknown, not failed.",
			       version_name(handshake->server_hello.version));
	}
}

/* A phone compares the url's host with each name as it stands: a wildcard is no match (design: findings). */
static bool
names_host(const struct cert *leaf, const char *host)
{
	for (size_t i = 0; i < leaf->n_dns_names; i++)
		if (strcasecmp(leaf->dns_names[i], host) == 0)
			return true;
	for (size_t i = 0; i < leaf->n_ip_addresses; i++)
		if (strcasecmp(leaf->ip_addresses[i], host) == 0)
			return true;
	return leaf->n_dns_names + leaf->n_ip_addresses == 0 && leaf->subject_cn != NULL &&
	       strcasecmp(leaf->subject_cn, host) == 0;
}

static void
add_names(struct findings *out, struct finding *finding, const struct cert *leaf)
{
	for (size_t i = 0; i < leaf->n_dns_names; i++)
		finding_actual(out, finding, leaf->dns_names[i]);
	for (size_t i = 0; i < leaf->n_ip_addresses; i++)
		finding_actual(out, finding, leaf->ip_addresses[i]);
	if (leaf->n_dns_names + leaf->n_ip_addresses == 0 && leaf->subject_cn != NULL)
		finding_actual(out, finding, leaf->subject_cn);
}

void
judge_host_id_mismatch(const struct rule *rule, const struct report *report, const struct visit *visit,
		       struct findings *out)
{
	(void)report;
	for (size_t i = 0; visit->host != NULL && i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);
		const struct phone_config *config = report_told(visit, handshake).config;
		bool asked = config != NULL && config->enable_host_id_check == 1, stopped;
		struct finding *finding;

		if (config == NULL || handshake->dtls || leaf == NULL || !leaf->parsed || leaf->alt_names_cut ||
		    names_host(leaf, visit->host))
			continue;
		/* a certificate that is not trusted is never asked for its names */
		stopped = asked && !judge_accepted(handshake) && !findings_explain(out, handshake);
		finding = finding_raise(out, rule, stopped ? SEVERITY_ERROR : SEVERITY_INFO, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, handshake->certs[SIDE_SERVER].at);
		finding_expected(out, finding, visit->host);
		add_names(out, finding, leaf);
		finding_detail(out, finding, "The url names %s, the certificate does not%s.", visit->host,
			       asked ? "" : "; the configuration does not ask the phone to check this");
	}
}
