/* BPF filters, compiled for each link type that needs one. */
#include "capture_room.h"

#include <errno.h>
#include <stdio.h>

#include "dissectors/link.h"

/* Where libpcap's DLT_ differ from the LINKTYPE_ in files; it maps them itself, but does not export
 * that. */
static const struct {
	int dlt;
	uint32_t linktype;
} linktypes[] = {
	{DLT_RAW, LINKTYPE_RAW}, {DLT_ATM_RFC1483, 100}, {DLT_SLIP_BSDOS, 102},
	{DLT_PPP_BSDOS, 103},	 {DLT_ATM_CLIP, 106},
};

uint32_t
capture_linktype(int dlt)
{
	for (size_t i = 0; i < sizeof linktypes / sizeof linktypes[0]; i++) {
		if (linktypes[i].dlt == dlt)
			return linktypes[i].linktype;
	}
	return (uint32_t)dlt;
}

/* An offline reader, of a file that is nothing but its header. pcap_open_dead would do, but what
 * that compiles takes frames of LINKTYPE_NULL for this machine's own. */
pcap_t *
capture_dead(uint32_t linktype)
{
	const struct pcap_file_header header = {.magic = 0xa1b2c3d4,
						.version_major = PCAP_VERSION_MAJOR,
						.version_minor = PCAP_VERSION_MINOR,
						.snaplen = SNAPLEN_MOST,
						.linktype = linktype};
	FILE *file = fmemopen(NULL, sizeof header, "w+");
	char ignored[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = NULL;

	if (file == NULL)
		return NULL;
	if (fwrite(&header, sizeof header, 1, file) == 1 && fseek(file, 0, SEEK_SET) == 0)
		pcap = pcap_fopen_offline(file, ignored);
	if (pcap == NULL)
		fclose(file);
	return pcap;
}

bool
capture_filter_make(struct capture *c, uint32_t linktype, char *err, size_t err_size)
{
	struct filter *filter = &c->filters[c->filters_made++ % LIMIT_FILTERS];
	pcap_t *pcap = c->pcap != NULL ? c->pcap : capture_dead(linktype);

	pcap_freecode(&filter->program);
	*filter = (struct filter){.linktype = linktype};
	if (pcap == NULL) {
		snprintf(err, err_size, "out of memory");
		return false;
	}
	filter->usable = pcap_compile(pcap, &filter->program, c->options.filter, 1,
				      PCAP_NETMASK_UNKNOWN) == 0;
	if (!filter->usable)
		snprintf(err, err_size, "filter \"%s\": %s", c->options.filter, pcap_geterr(pcap));
	if (pcap != c->pcap)
		pcap_close(pcap);
	return filter->usable;
}

static const struct filter *
find_filter(struct capture *c, uint32_t linktype)
{
	char why[PCAP_ERRBUF_SIZE];

	for (size_t i = 0; i < LIMIT_FILTERS && i < c->filters_made; i++) {
		if (c->filters[i].linktype == linktype)
			return &c->filters[i];
	}
	errno = 0;
	if (!capture_filter_make(c, linktype, why, sizeof why))
		c->out_of_memory = errno == ENOMEM;
	return &c->filters[(c->filters_made - 1) % LIMIT_FILTERS];
}

/* For files; pcap_setfilter would do it, but keep quiet about the frames it drops, which have
 * numbers. */
bool
capture_filter_passes(struct capture *c, const struct frame *frame)
{
	if (c->options.filter == NULL || c->live)
		return true;

	const struct filter *filter = find_filter(c, frame->linktype);
	struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame->bytes.n,
				     .len = (bpf_u_int32)frame->wire_len};

	return filter->usable &&
	       pcap_offline_filter(&filter->program, &header, frame->bytes.p) != 0;
}

bool
capture_filter_set_live(struct capture *c, char *err, size_t err_size)
{
	struct bpf_program program;
	bpf_u_int32 net, mask;
	char ignored[PCAP_ERRBUF_SIZE];

	if (pcap_lookupnet(c->name, &net, &mask, ignored) != 0)
		mask = PCAP_NETMASK_UNKNOWN;

	bool good = pcap_compile(c->pcap, &program, c->options.filter, 1, mask) == 0;

	if (good) {
		good = pcap_setfilter(c->pcap, &program) == 0;
		pcap_freecode(&program);
	}
	if (!good)
		snprintf(err, err_size, "filter \"%s\": %s", c->options.filter,
			 pcap_geterr(c->pcap));
	return good;
}
