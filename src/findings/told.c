/* What the phone was told to trust, and whether it fits what it was shown. */
#include "case.h"

/* What came later does not speak for this handshake. */
static bool
came_before(const struct event *event, const struct handshake *handshake)
{
	return handshake == NULL || event->last.frame < handshake->first.frame;
}

struct received
report_told(const struct visit *visit, const struct handshake *handshake)
{
	const struct phone *phone = visit->phone;

	if (visit->told) {
		for (size_t i = phone->n_received; i > 0; i--)
			if (came_before(phone->received[i - 1].event, handshake))
				return phone->received[i - 1];
		return (struct received){NULL, phone->config};
	}
	if (visit->config_event != NULL && !came_before(visit->config_event, handshake))
		return (struct received){NULL, NULL};
	return (struct received){visit->config_event, visit->config};
}

/* Whose hashes count: the configuration's that speaks for the visit; where none does but the visit is at a gateway or
 * nothing tells, all that were given. */
void
report_hashes(const struct report *report, const struct visit *visit, const struct handshake *handshake,
	      void (*each)(void *arg, const struct config_hash *hash), void *arg)
{
	const struct trust *trust = report->trust;
	const unsigned may = MATTERS_GATEWAY | MATTERS_ANYCONNECT | MATTERS_ALL;
	const struct phone_config *config = report_told(visit, handshake).config;

	if ((visit->matters & may) == 0 && config == NULL)
		return;
	for (size_t i = 0; i < trust->n_hashes; i++)
		each(arg, &trust->hashes[i]);
	for (size_t c = 0; config == NULL && c < trust->n_configs; c++)
		for (size_t i = 0; i < trust->configs[c]->n_hashes; i++)
			each(arg, &trust->configs[c]->hashes[i]);
	for (size_t i = 0; config != NULL && i < config->n_hashes; i++)
		each(arg, &config->hashes[i]);
}

/* A phone reads Base64 alone: what stands in hex in its configuration fits nothing. --cert-hash may be either. */
static bool
is_readable(const struct trust *trust, const struct config_hash *hash)
{
	bool given = trust->n_hashes > 0 && hash >= trust->hashes && hash < trust->hashes + trust->n_hashes;

	return hash->form == HASH_BASE64 || (given && hash->form == HASH_HEX);
}

/* The comparison of one chain with the hashes that count. */
struct comparison {
	const struct trust *trust;
	const struct cert_list_fact *certs;
	enum trusted trusted;
};

static void
compare(void *arg, const struct config_hash *hash)
{
	struct comparison *comparison = arg;

	if (hash->form == HASH_BAD)
		return;
	if (comparison->trusted == TRUST_UNKNOWN)
		comparison->trusted = TRUST_NONE;
	if (!is_readable(comparison->trust, hash))
		return;
	for (size_t i = 0; i < comparison->certs->n; i++) {
		if (!hash_fits(&hash->hash, comparison->certs->certs[i].cert))
			continue;
		if (i == 0)
			comparison->trusted = TRUST_LEAF;
		else if (comparison->trusted != TRUST_LEAF)
			comparison->trusted = TRUST_ISSUER;
	}
}

enum trusted
report_trusted(const struct report *report, const struct visit *visit, const struct handshake *handshake)
{
	struct comparison comparison = {
		.trust = report->trust,
		.certs = &handshake->certs[SIDE_SERVER],
		.trusted = TRUST_UNKNOWN,
	};

	if (comparison.certs->n > 0)
		report_hashes(report, visit, handshake, compare, &comparison);
	return comparison.trusted;
}
