/* BPF filters: for files compiled for each link type, for an interface given to the kernel. */
#include "capture_room.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

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

/* One filter, compiled for one link type. */
struct filter {
	uint32_t linktype;
	struct bpf_program program;
	char problem[PCAP_ERRBUF_SIZE]; /* it may make no sense for a link type: then no frame of it passes */
};

struct capture_filters {
	const char *text;
	size_t n;
	struct filter filters[];
};

/* No link type behind LINKTYPE_LINUX_SLL2 is read. */
static struct capture_filters *
make_room(void)
{
	struct capture_filters *filters;
	size_t n = 0;

	for (uint32_t linktype = 0; linktype <= LINKTYPE_LINUX_SLL2; linktype++)
		n += link_known(linktype);
	filters = calloc(1, sizeof *filters + n * sizeof filters->filters[0]);
	if (filters == NULL)
		return NULL;
	for (uint32_t linktype = 0; linktype <= LINKTYPE_LINUX_SLL2; linktype++) {
		if (link_known(linktype))
			filters->filters[filters->n++].linktype = linktype;
	}
	return filters;
}

/* False when out of memory. */
static bool
compile(struct filter *filter, const char *text)
{
	pcap_t *pcap = capture_dead(filter->linktype);

	if (pcap == NULL)
		return false;
	errno = 0;
	if (pcap_compile(pcap, &filter->program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		snprintf(filter->problem, sizeof filter->problem, "%s", pcap_geterr(pcap));
	pcap_close(pcap);
	return filter->problem[0] == '\0' || errno != ENOMEM;
}

/* Such a name may have been asked for over a slow network: it is not asked for again with each link type. */
static bool
has_unknown_name(const char *problem)
{
	return strncmp(problem, "unknown host", 12) == 0 || strncmp(problem, "unknown network", 15) == 0;
}

/* NULL, or what is wrong. */
static const char *
compile_all(struct capture_filters *filters)
{
	const char *first = NULL;
	bool usable = false;

	for (size_t i = 0; i < filters->n; i++) {
		const char *problem = filters->filters[i].problem;

		if (!compile(&filters->filters[i], filters->text))
			return "out of memory";
		if (has_unknown_name(problem))
			return problem;
		usable = usable || problem[0] == '\0';
		first = first == NULL ? problem : first;
	}
	return usable ? NULL : first;
}

/* find gives the filter for a link type, NULL where none was made. */
static const struct filter *
find(const struct capture_filters *filters, uint32_t linktype)
{
	for (size_t i = 0; i < filters->n; i++) {
		if (filters->filters[i].linktype == linktype)
			return &filters->filters[i];
	}
	return NULL;
}

static void
say_problem(const struct capture_filters *filters, const char *problem, char *err, size_t err_size)
{
	snprintf(err, err_size, "filter \"%s\": %s", filters->text, problem);
}

struct capture_filters *
capture_filters_new(const char *text, char *err, size_t err_size)
{
	struct capture_filters *filters = make_room();
	const char *problem;

	if (filters == NULL) {
		snprintf(err, err_size, "filter \"%s\": out of memory", text);
		return NULL;
	}
	filters->text = text;
	problem = compile_all(filters);
	if (problem == NULL)
		return filters;
	say_problem(filters, problem, err, err_size);
	capture_filters_free(filters);
	return NULL;
}

void
capture_filters_free(struct capture_filters *filters)
{
	for (size_t i = 0; filters != NULL && i < filters->n; i++)
		pcap_freecode(&filters->filters[i].program);
	free(filters);
}

bool
capture_filter_open(struct capture *c, char *err, size_t err_size)
{
	const struct filter *filter;

	c->filters = c->options.filters;
	if (c->filters == NULL)
		c->filters = c->own_filters = capture_filters_new(c->options.filter, err, err_size);
	if (c->filters == NULL)
		return false;
	filter = find(c->filters, c->linktype);
	if (filter == NULL)
		say_problem(c->filters, "no link type that handspan reads", err, err_size);
	else if (filter->problem[0] != '\0')
		say_problem(c->filters, filter->problem, err, err_size);
	return filter != NULL && filter->problem[0] == '\0';
}

/* For files; pcap_setfilter would do it, but keep quiet about the frames it drops, which have
 * numbers. */
bool
capture_filter_passes(const struct capture *c, const struct frame *frame)
{
	const struct filter *filter = find(c->filters, frame->linktype);
	struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame->bytes.n,
				     .len = (bpf_u_int32)frame->wire_len};

	return filter != NULL && filter->problem[0] == '\0' &&
	       pcap_offline_filter(&filter->program, &header, frame->bytes.p) != 0;
}

static bool
set_live(pcap_t *pcap, const char *text, bpf_u_int32 mask)
{
	struct bpf_program program;
	bool good = pcap_compile(pcap, &program, text, 1, mask) == 0;

	if (good) {
		good = pcap_setfilter(pcap, &program) == 0;
		pcap_freecode(&program);
	}
	return good;
}

bool
capture_filter_set_live(pcap_t *pcap, const char *interface, const char *text, char *err, size_t err_size)
{
	bpf_u_int32 net, mask;
	char ignored[PCAP_ERRBUF_SIZE];
	bool good;

	if (pcap_lookupnet(interface, &net, &mask, ignored) != 0)
		mask = PCAP_NETMASK_UNKNOWN;
	good = set_live(pcap, text, mask);
	if (!good)
		snprintf(err, err_size, "filter \"%s\": %s", text, pcap_geterr(pcap));
	return good;
}

/* Of UDP, handspan reads DNS, DHCP and the tunnels of tunnel.h by their ports, TFTP, whose first byte is 0, and DTLS, whose
 * first byte is below 64. A datagram that begins otherwise is RTP, RTCP, QUIC or the like, and is looked at by nobody behind
 * dtls_record_may_be. What lies in fragments, or behind options, extension headers or a tag that the kernel leaves in the
 * frame, passes. */
static const char left_out[] =
	"not (udp and not (port 53 or 67 or 68 or 2152 or 4789 or 6081) and "
	"((ip[0] = 0x45 and ip[6:2] & 0x3fff = 0 and udp[4:2] > 8 and udp[8] >= 64) or "
	"(ip6[0] & 0xf0 = 0x60 and ip6[6] = 17 and ip6[44:2] > 8 and ip6[48] >= 64)))";

bool
capture_filter_leave_out(pcap_t *pcap, uint32_t linktype)
{
	switch (linktype) {
	case LINKTYPE_ETHERNET:
	case LINKTYPE_LINUX_SLL:
	case LINKTYPE_RAW_BSD:
	case LINKTYPE_RAW:
		return set_live(pcap, left_out, PCAP_NETMASK_UNKNOWN);
	default:
		return false;
	}
}
