/* Certificates as people read them, and whether the phone trusts them. */
#include "text_cert.h"

#include <inttypes.h>
#include <string.h>

#include "format.h"

struct hash_lines {
	struct wrap *wrap;
	const struct trust *trust;
	struct when from; /* frame 0: nobody need know */
	bool any;
};

static bool
is_given(const struct trust *trust, const struct config_hash *hash)
{
	for (size_t i = 0; i < trust->n_hashes; i++)
		if (hash == &trust->hashes[i])
			return true;
	return false;
}

static void
put_known_hash(void *arg, const struct config_hash *hash)
{
	struct hash_lines *lines = arg;

	wrap_label(lines->wrap, lines->any ? "" : "trusts", WRAP_PLAIN);
	lines->any = true;
	wrap_text(lines->wrap, hash->text);
	if (hash->form == HASH_BAD)
		wrap_text(lines->wrap, " (no hash at all)");
	else if (hash->form == HASH_HEX && !is_given(lines->trust, hash))
		wrap_text(lines->wrap, " (in hex, which a phone cannot read)");
	if (lines->from.frame != 0)
		wrap_format(lines->wrap, " from frame %" PRIu64 " on", lines->from.frame);
	wrap_end(lines->wrap);
}

void
text_trusts(struct wrap *wrap, const struct report *report, const struct visit *visit)
{
	struct hash_lines lines = {.wrap = wrap, .trust = report->trust};
	const struct phone *phone = visit->phone;

	if (!visit->told || phone->n_received < 2) {
		report_hashes(report, visit, NULL, put_known_hash, &lines);
		return;
	}
	for (size_t r = 0; r < phone->n_received; r++) {
		const struct phone_config *config = phone->received[r].config;
		lines.from = phone->received[r].event->last;
		for (size_t i = 0; i < config->n_hashes; i++)
			put_known_hash(&lines, &config->hashes[i]);
	}
}

static void
put_key(struct wrap *wrap, const struct cert *cert)
{
	wrap_text(wrap, cert->key_type != NULL ? cert->key_type : "unknown key");
	if (cert->key_bits > 0)
		wrap_format(wrap, " %u bits", cert->key_bits);
	if (cert->curve != NULL) {
		wrap_text(wrap, " (");
		wrap_text(wrap, cert->curve);
		wrap_text(wrap, ")");
	}
}

static void
put_name(struct wrap *wrap, const char *what, const char *name)
{
	wrap_text(wrap, what);
	wrap_text(wrap, name != NULL && *name != '\0' ? name : "(no name)");
}

static void
put_hash(struct wrap *wrap, const struct cert *cert)
{
	char base64[HASH_BASE64_SIZE];

	hash_base64(cert->sha1, SHA1_SIZE, base64);
	wrap_text(wrap, "SHA-1 ");
	wrap_text(wrap, base64);
}

struct search {
	const struct cert *cert;
	bool fits;
};

static void
try_hash(void *arg, const struct config_hash *hash)
{
	struct search *search = arg;

	search->fits =
		search->fits || (hash->form != HASH_BAD && hash_fits(&hash->hash, search->cert));
}

/* The certificate behind the leaf that has a hash of the list. */
static void
put_trusted_issuer(struct wrap *wrap, const struct report *report, const struct visit *visit,
		   const struct handshake *handshake)
{
	const struct cert_list_fact *list = &handshake->certs[SIDE_SERVER];

	for (size_t i = 1; i < list->n; i++) {
		struct search search = {.cert = list->certs[i].cert};

		report_hashes(report, visit, handshake, try_hash, &search);
		if (!search.fits)
			continue;
		wrap_text(wrap, ": ");
		put_hash(wrap, search.cert);
		put_name(wrap, ", ", search.cert->subject);
		return;
	}
}

static void
put_trust(struct wrap *wrap, const struct report *report, const struct visit *visit,
	  const struct handshake *handshake)
{
	switch (report_trusted(report, visit, handshake)) {
	case TRUST_UNKNOWN:
		wrap_text(wrap, ", no hash to compare it with");
		break;
	case TRUST_LEAF:
		wrap_text(wrap, ", which the phone trusts");
		break;
	case TRUST_ISSUER:
		wrap_text(wrap, ", which the phone trusts through its chain");
		put_trusted_issuer(wrap, report, visit, handshake);
		break;
	case TRUST_NONE:
		wrap_text(wrap, ", which the phone does NOT trust");
		break;
	}
}

/* The first handshake of the visit up to this one that showed the same leaf. */
static const struct handshake *
first_with_leaf(const struct visit *visit, size_t index, enum side side)
{
	const struct cert *cert = handshake_leaf(visit->handshakes[index], side);

	for (size_t i = 0; i < index; i++) {
		const struct cert *earlier = handshake_leaf(visit->handshakes[i], side);

		if (earlier != NULL && memcmp(earlier->sha256, cert->sha256, SHA256_SIZE) == 0)
			return visit->handshakes[i];
	}
	return visit->handshakes[index];
}

static void
put_leaf(struct wrap *wrap, const struct cert *leaf)
{
	char until[FORMAT_TIME_SIZE];

	if (!leaf->parsed) {
		wrap_format(wrap, ": %zu bytes that cannot be read", leaf->der_len);
		return;
	}
	wrap_text(wrap, ": ");
	put_key(wrap, leaf);
	put_name(wrap, leaf->self_signed ? ", self-signed, " : ", ", leaf->subject);
	if (!leaf->self_signed)
		put_name(wrap, ", issued by ", leaf->issuer);
	if (leaf->has_dates && format_seconds(leaf->not_after, until))
		wrap_format(wrap, ", valid until %.10s", until);
}

/* Gives false where the leaf was described before. */
static bool
put_certificate(struct wrap *wrap, const struct visit *visit, size_t index, enum side side)
{
	const struct cert_list_fact *list = &visit->handshakes[index]->certs[side];
	const struct handshake *first = first_with_leaf(visit, index, side);

	wrap_format(wrap, "%s's certificate in frame %" PRIu64, side_name(side),
		    list->certs[0].at.frame);
	if (first != visit->handshakes[index]) {
		wrap_format(wrap, ": the same as in frame %" PRIu64,
			    first->certs[side].certs[0].at.frame);
		return false;
	}
	put_leaf(wrap, list->certs[0].cert);
	if (list->n > 1)
		wrap_format(wrap, ", with %zu more of its chain", list->n - 1);
	return true;
}

static void
put_side(struct wrap *wrap, const struct report *report, const struct visit *visit, size_t index,
	 enum side side)
{
	const struct handshake *handshake = visit->handshakes[index];
	const struct cert_list_fact *list = &handshake->certs[side];
	bool more = false;

	if (list->at.frame == 0)
		return;
	wrap_label(wrap, "", WRAP_PLAIN);
	if (list->n > 0)
		more = put_certificate(wrap, visit, index, side);
	else
		wrap_format(wrap, "%s's Certificate message in frame %" PRIu64 " is empty",
			    side_name(side), list->at.frame);
	wrap_end(wrap);
	if (!more)
		return;
	wrap_label(wrap, "", WRAP_PLAIN);
	put_hash(wrap, list->certs[0].cert);
	if (side == SIDE_SERVER)
		put_trust(wrap, report, visit, handshake);
	wrap_end(wrap);
}

void
text_certs(struct wrap *wrap, const struct report *report, const struct visit *visit, size_t index)
{
	put_side(wrap, report, visit, index, SIDE_SERVER);
	put_side(wrap, report, visit, index, SIDE_CLIENT);
}
