/* All visits looked through once. */
#include "survey.h"

#include <stdlib.h>

/* The first handshake with a certificate that fits the hashes of a configuration, or all where it is NULL. */
static const struct handshake *
first_fitting(const struct report *report, const struct phone_config *config)
{
	const struct visit any = {.config = config, .matters = MATTERS_ALL};

	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++) {
			const struct visit *visit = &report->phones[p].visits[v];
			for (size_t i = 0; i < visit->n; i++) {
				enum trusted trusted = report_trusted(report, &any, visit->handshakes[i]);
				if (trusted == TRUST_LEAF || trusted == TRUST_ISSUER)
					return visit->handshakes[i];
			}
		}
	return NULL;
}

static void
look_at_hashes(struct report *report, const struct phone_config *config)
{
	const struct handshake *fitting = first_fitting(report, config);

	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++)
			if (report->phones[p].visits[v].config == config)
				report->phones[p].visits[v].fitting = fitting;
}

static bool
has_key(const struct handshake *handshake, const char *type)
{
	const struct cert *leaf = handshake_leaf(handshake, SIDE_SERVER);

	return leaf != NULL && leaf->key_type != NULL && strcmp(leaf->key_type, type) == 0;
}

static void
look_at_keys(struct server_keys *keys, const struct visit *visit)
{
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];

		if (keys->rsa == NULL && has_key(handshake, "RSA"))
			keys->rsa = handshake;
		if (keys->ec == NULL && has_key(handshake, "EC"))
			keys->ec = handshake;
	}
}

/* By server; among visits to the same one, as they stand in the report. */
struct place {
	struct visit *visit;
	size_t number;
};

static int
by_server(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	int order = memcmp(&left->visit->server, &right->visit->server, sizeof(left->visit->server));

	return order != 0 ? order : (left->number > right->number) - (left->number < right->number);
}

static void
group(struct report *report, struct place *places, size_t n)
{
	struct server_keys *keys = report->keys;

	qsort(places, n, sizeof(*places), by_server);
	for (size_t i = 0; i < n; i++) {
		struct visit *visit = places[i].visit;

		if (i > 0 && memcmp(&visit->server, &places[i - 1].visit->server, sizeof(visit->server)) != 0)
			keys++;
		visit->keys = keys;
		look_at_keys(keys, visit);
	}
}

bool
survey(struct report *report)
{
	struct place *places;
	size_t visits = 0, n = 0;

	for (size_t p = 0; p < report->n_phones; p++)
		visits += report->phones[p].n_visits;
	places = calloc(visits + 1, sizeof(*places));
	report->keys = calloc(visits + 1, sizeof(*report->keys));
	if (places == NULL || report->keys == NULL) {
		free(places);
		return false;
	}
	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++) {
			struct visit *visit = &report->phones[p].visits[v];

			report->visits_that_matter += visit->matters != 0;
			places[n] = (struct place){visit, n};
			n++;
		}
	group(report, places, n);
	free(places);
	look_at_hashes(report, NULL);
	for (size_t c = 0; c < report->trust->n_configs; c++)
		look_at_hashes(report, report->trust->configs[c]);
	for (size_t p = 0; p < report->n_phones; p++)
		if (report->phones[p].n_received > 0 && report->phones[p].n_visits > 0)
			look_at_hashes(report, phone_told(&report->phones[p]).config);
	return true;
}
