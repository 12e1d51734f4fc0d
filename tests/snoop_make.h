/* snoop files written record by record, right or wrong. */
#ifndef TESTS_SNOOP_MAKE_H
#define TESTS_SNOOP_MAKE_H

#include "tests/pcapng_make.h"

static inline void
snoop_header(struct made *m, uint32_t version, uint32_t datalink)
{
	*m = (struct made){.big_endian = true};
	made_bytes(m, "snoop\0\0", 8);
	made_number(m, 4, version);
	made_number(m, 4, datalink);
}

/* What stands in a record beside its packet; drops and padding are rarely of interest. */
struct snoop_record {
	uint32_t seconds, us;
	uint32_t len; /* on the wire */
	uint32_t drops, padding;
};

/* snoop_record writes a record of len bytes with text captured, and opens it as made_open does: its
 * length stands at m->block + 8. */
static inline void
snoop_record(struct made *m, const char *text, struct snoop_record record)
{
	m->block = m->n;
	made_number(m, 4, record.len);
	made_number(m, 4, strlen(text));
	made_number(m, 4, 24 + strlen(text) + record.padding);
	made_number(m, 4, record.drops);
	made_number(m, 4, record.seconds);
	made_number(m, 4, record.us);
	made_bytes(m, text, strlen(text));
	for (uint32_t i = 0; i < record.padding; i++)
		made_number(m, 1, 0xff);
}

#endif
