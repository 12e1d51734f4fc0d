/* pcap files written record by record, in either byte order, right or wrong. */
#ifndef TESTS_SAVEFILE_MAKE_H
#define TESTS_SAVEFILE_MAKE_H

#include "tests/pcapng_make.h"

enum pcap_magic { MICRO = 0xa1b2c3d4, NANO = 0xa1b23c4d, KUZNETZOV = 0xa1b2cd34 };

static inline void
pcap_header_of_version(struct made *m, enum pcap_magic magic, uint16_t major, uint16_t minor, uint32_t snaplen,
		       uint32_t linktype)
{
	made_number(m, 4, (uint32_t)magic);
	made_number(m, 2, major);
	made_number(m, 2, minor);
	made_number(m, 8, 0);
	made_number(m, 4, snaplen);
	made_number(m, 4, linktype);
}

static inline void
pcap_header(struct made *m, enum pcap_magic magic, uint32_t snaplen, uint32_t linktype)
{
	pcap_header_of_version(m, magic, 2, 4, snaplen, linktype);
}

/* pcap_numbers writes what stands before a record's packet. */
static inline void
pcap_numbers(struct made *m, enum pcap_magic magic, uint32_t seconds, uint32_t fraction, uint32_t captured, uint32_t len)
{
	made_number(m, 4, seconds);
	made_number(m, 4, fraction);
	made_number(m, 4, captured);
	made_number(m, 4, len);
	if (magic == KUZNETZOV)
		made_number(m, 8, 0);
}

static inline void
pcap_record(struct made *m, enum pcap_magic magic, uint32_t seconds, uint32_t fraction, const char *text, uint32_t len)
{
	pcap_numbers(m, magic, seconds, fraction, (uint32_t)strlen(text), len);
	made_bytes(m, text, strlen(text));
}

#endif
