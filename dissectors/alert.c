/* Alerts in clear. */
#include "alert.h"

/* NEED reads one field: DIS_MORE where it runs off the end, DIS_BAD where its value cannot be. */
#define NEED(read, valid, name)                                              \
	do {                                                                 \
		size_t off_ = body.n - s.n;                                  \
		bool there_ = (read);                                        \
		if (!there_ || !(valid)) {                                   \
			*at = (struct dis_at){.field = (name), .off = off_}; \
			return there_ ? DIS_BAD : DIS_MORE;                  \
		}                                                            \
	} while (0)

/* struct {
 *     AlertLevel level;
 *     AlertDescription description;
 * } Alert; */
enum dis
alert_dissect(struct slice body, struct alert *out, struct dis_at *at)
{
	struct alert a;
	struct slice s = body;

	NEED(slice_u8(&s, &a.level), a.level == ALERT_WARNING || a.level == ALERT_FATAL,
	     "alert.level");
	NEED(slice_u8(&s, &a.code), true, "alert.description");
	NEED(true, s.n == 0, "alert.end");
	*out = a;
	return DIS_OK;
}
