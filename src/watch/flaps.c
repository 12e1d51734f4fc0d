/* Who changes to and fro must not flood. */
#include "flaps.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)

enum flaps_say
flaps_change(struct flaps *flaps, int64_t now_us)
{
	int64_t *place = &flaps->last_us[flaps->n % LIMIT_CHANGES_AN_HOUR];
	bool often = flaps->n >= LIMIT_CHANGES_AN_HOUR && now_us - *place < HOUR;

	*place = now_us;
	flaps->n++;
	if (flaps->flapping)
		return FLAPS_NOTHING;
	flaps->flapping = often;
	return often ? FLAPS_BEGINNING : FLAPS_CHANGE;
}

bool
flaps_calm(struct flaps *flaps, int64_t now_us, int64_t *due_us)
{
	int64_t calm_us;

	if (!flaps->flapping)
		return false;
	calm_us = flaps->last_us[(flaps->n - 1) % LIMIT_CHANGES_AN_HOUR] + LIMIT_CALM_SECONDS * SECOND;
	if (now_us >= calm_us)
		*flaps = (struct flaps){.n = 0};
	else if (calm_us < *due_us)
		*due_us = calm_us;
	return !flaps->flapping;
}
