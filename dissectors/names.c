/* Names of numbers on the wire, looked up in tables sorted by number. */
#include "names.h"

#include <stddef.h>

struct number_name {
	uint16_t value;
	const char *name;
};

#include "names_table.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The versions that a hello or a record can carry; drafts of TLS 1.3 apart. */
static const struct number_name VERSIONS[] = {
	{0x0002, "SSLv2"},    {0x0100, "DTLSv0.9"}, {0x0300, "SSLv3"},    {0x0301, "TLSv1"},
	{0x0302, "TLSv1.1"},  {0x0303, "TLSv1.2"},  {0x0304, "TLSv1.3"},  {0xfefc, "DTLSv1.3"},
	{0xfefd, "DTLSv1.2"}, {0xfeff, "DTLSv1"},
};

static const char *
number_lookup(const struct number_name *table, size_t count, uint16_t value)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (table[mid].value == value)
			return table[mid].name;
		if (table[mid].value < value)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct cipher_name *
cipher_lookup(uint16_t value)
{
	size_t low = 0, high = COUNT(CIPHERS);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (CIPHERS[mid].value == value)
			return &CIPHERS[mid];
		if (CIPHERS[mid].value < value)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const char *
version_name(uint16_t version)
{
	if (version >> 8 == 0x7f)
		return "TLSv1.3";
	return number_lookup(VERSIONS, COUNT(VERSIONS), version);
}

const char *
alert_name(uint8_t code)
{
	const char *name = number_lookup(ALERTS, COUNT(ALERTS), code);

	return name != NULL ? name : "unknown";
}

const char *
group_name(uint16_t group)
{
	return number_lookup(GROUPS, COUNT(GROUPS), group);
}
