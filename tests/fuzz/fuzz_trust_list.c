/* Records of trust lists, of any bytes. */
#include <stdlib.h>

#include "dissectors/trust_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* must_lie_in: a slice that is there is a part of the list. */
static void
must_lie_in(struct slice list, struct slice part)
{
	if (part.n > 0 && (part.p < list.p || part.n > list.n || part.p > list.p + (list.n - part.n)))
		abort();
}

static void
must_be_sound(struct slice list, const struct trust_record *record)
{
	const struct slice parts[] = {record->dns_name,	  record->subject,   record->issuer,	  record->serial,
				      record->public_key, record->signature, record->certificate, record->hash};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		must_lie_in(list, parts[i]);
	if (record->role != 0 && !record->has_role)
		abort();
	if (record->has_ip && record->odd_address && record->length == 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct slice list = slice_of(bytes, n);
	struct trust_record record;
	struct dis_at at = {0};

	for (;;) {
		struct slice before = list;
		enum dis answer = trust_list_next(&list, &record, &at);

		must_be_sound(before, &record);
		if (answer == DIS_OK ? list.n + record.length != before.n : list.n != before.n || at.off > before.n)
			abort();
		if (answer != DIS_OK)
			return 0;
	}
}
