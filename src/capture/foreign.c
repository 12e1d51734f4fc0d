/* What people take for a capture that handspan reads, by its first bytes. */
#include "foreign.h"

#include <stdio.h>

static const char editcap[] = "editcap -F pcap IN OUT makes a capture file of it";

static const struct foreign {
	const char *magic;
	size_t magic_len;
	const char *what;
	const char *way_out;
} foreigns[] = {
	{"RTSS", 4, "a Microsoft Network Monitor 1 capture", editcap},
	{"GMBU", 4, "a Microsoft Network Monitor 2 capture", editcap},
	{"XCP\0", 4, "a NetXRay or Sniffer capture", editcap},
	{"TRSNIFF data", 12, "a DOS Sniffer capture", editcap},
	{"\x7fver", 4, "an EtherPeek or OmniPeek capture", editcap},
	{"iptrace ", 8, "an AIX iptrace capture", editcap},
	{"TR\0\x64", 4, "an HP-UX nettl capture", editcap},
	{"\x1f\x9d", 2, "compressed by compress", "gzip -dc FILE | handspan - reads it"},
	{"\xfd"
	 "7zXZ\0",
	 6, "compressed by xz", "xz -dc FILE | handspan - reads it"},
	{"BZh", 3, "compressed by bzip2", "bzip2 -dc FILE | handspan - reads it"},
	{"PK\3\4", 4, "a zip archive", "unzip it and name the capture files in it"},
	{"7z\xbc\xaf\x27\x1c", 6, "a 7-Zip archive",
	 "7z x unpacks it; name the capture files in it"},
};

void
foreign_explain(const char *name, struct slice start, char *out, size_t out_size)
{
	for (size_t i = 0; i < sizeof foreigns / sizeof foreigns[0]; i++) {
		const struct foreign *f = &foreigns[i];

		if (slice_starts(start, f->magic, f->magic_len)) {
			snprintf(out, out_size, "%s: not pcap, pcapng or snoop but %s; %s", name,
				 f->what, f->way_out);
			return;
		}
	}
	snprintf(out, out_size, "%s: not a capture file (pcap, pcapng or snoop)", name);
}
