/* What is true of a finding now, and will be at the end. */
#include "settled.h"

/* Whether a configuration or a hash is known at all, that may yet turn out to be about a visit. */
static bool
knows_hashes(const struct report *report)
{
	bool any = report->trust->n_hashes > 0 || report->trust->n_configs > 0;

	for (size_t p = 0; p < report->n_phones && !any; p++)
		any = report->phones[p].n_received > 0;
	return any;
}

/* Whether the visit will go on to matter, and the same configuration to speak for it: not so where only its port tells
 * that it is at the gateway, where another phone's configuration speaks, and where nothing is known yet of any phone. */
bool
settled_visit(const struct report *report, const struct visit *visit)
{
	const unsigned known = MATTERS_GATEWAY | MATTERS_ANYCONNECT | MATTERS_VOICE;

	if (visit->assumed || (visit->config_event != NULL && !visit->told))
		return false;
	if ((visit->matters & known) != 0 || visit->phone->is_phone)
		return true;
	return report->trust->all && !knows_hashes(report);
}

/* Whether an error may yet come to explain this handshake: the hashes of its gateway may become known, and an EC
 * certificate is another thing where the gateway comes to show an RSA one. */
static bool
may_be_explained(const struct report *report, const struct visit *visit, const struct handshake *handshake)
{
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);

	if (handshake->dtls || leaf == NULL || (visit->matters & MATTERS_VOICE) != 0 ||
	    report_trusted(report, visit, handshake) != TRUST_UNKNOWN)
		return false;
	return knows_hashes(report) || (leaf->key_type != NULL && strcmp(leaf->key_type, "EC") == 0);
}

/* One handshake that nothing else will explain is enough. Both lists are by id. */
static bool
will_not_yield(const struct report *report, const struct finding *finding)
{
	const struct visit *visit = finding->visit;
	size_t c = 0;

	for (size_t i = 0; i < visit->n && c < finding->n_covered; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		if (handshake->id != finding->handshakes[c])
			continue;
		if (!may_be_explained(report, visit, handshake))
			return true;
		c++;
	}
	return false;
}

bool
settled_finding(const struct report *report, const struct finding *finding)
{
	if (finding->n_frames == 0 || finding->rule->patience == PATIENCE_REPORT)
		return false;
	if (finding->visit == NULL)
		return true;
	return settled_visit(report, finding->visit) &&
	       (!finding->rule->yields || will_not_yield(report, finding));
}
