/* One interface: opening it, and the way out for who may not. */
#include "capture_interface.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dissectors/link.h"
#include "fanout.h"

#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* say_interfaces lists what could have been meant. */
static void
say_interfaces(const char *name, char *err, size_t err_size)
{
	pcap_if_t *interfaces = NULL;
	char ignored[PCAP_ERRBUF_SIZE];
	int at = snprintf(err, err_size, "%s: no such interface; there are:", name);

	pcap_findalldevs(&interfaces, ignored);
	for (const pcap_if_t *i = interfaces; i != NULL && at > 0 && (size_t)at < err_size;
	     i = i->next) {
		int n = snprintf(err + at, err_size - (size_t)at, " %s", i->name);

		at = n < 0 ? n : at + n;
	}
	pcap_freealldevs(interfaces);
}

static void
say_setcap(const char *name, char *err, size_t err_size)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	snprintf(err, err_size,
		 "%s: no permission to capture; once as root: sudo setcap "
		 "cap_net_raw,cap_net_admin+ep %.*s",
		 name, n > 0 ? (int)n : (int)strlen("handspan"), n > 0 ? path : "handspan");
}

static void
say_why(const struct capture_interface *i, int status, char *err, size_t err_size)
{
	const char *why = pcap_geterr(i->pcap);

	if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED)
		say_setcap(i->name, err, err_size);
	else if (status == PCAP_ERROR_NO_SUCH_DEVICE)
		say_interfaces(i->name, err, err_size);
	else if (status == PCAP_ERROR_IFACE_NOT_UP)
		snprintf(err, err_size, "%s: the interface is down; sudo ip link set %s up",
			 i->name, i->name);
	else
		snprintf(err, err_size, "%s: %s", i->name,
			 why[0] != '\0' ? why : pcap_statustostr(status));
}

static bool
activate(struct capture_interface *i, const struct capture_options *o, int block_ms, char *err, size_t err_size)
{
	int buffer_kib = o->buffer_kib > 0 ? o->buffer_kib : CAPTURE_BUFFER_KIB;

	pcap_set_snaplen(i->pcap,
			 o->snaplen > 0 && o->snaplen < SNAPLEN_MOST ? o->snaplen : SNAPLEN_MOST);
	pcap_set_promisc(i->pcap, !o->no_promiscuous);
	pcap_set_timeout(i->pcap, block_ms);
	pcap_set_tstamp_precision(i->pcap, PCAP_TSTAMP_PRECISION_NANO);
	pcap_set_buffer_size(i->pcap, buffer_kib < INT_MAX / 1024 ? buffer_kib * 1024 : INT_MAX);

	int status = pcap_activate(i->pcap);

	if (status < 0)
		say_why(i, status, err, err_size);
	return status >= 0;
}

static uint64_t
read_counts(struct capture_interface *i)
{
	uint64_t sum = 0;

	for (size_t n = 0; n < LENGTH(i->counts); n++) {
		char text[32] = "";

		if (i->counts[n].fd >= 0 && pread(i->counts[n].fd, text, sizeof text - 1, 0) > 0)
			i->counts[n].n = strtoull(text, NULL, 10);
		sum += i->counts[n].n;
	}
	return sum;
}

/* libpcap would open these anew for each pcap_stats, which the sandbox does not let it do; an interface
 * that is none of the kernel's own has none. */
void
interface_counts(struct capture_interface *i)
{
	static const char *const names[INTERFACE_COUNTS] = {"rx_missed_errors", "rx_fifo_errors"};
	char path[PATH_MAX];

	for (size_t n = 0; n < LENGTH(names); n++) {
		snprintf(path, sizeof path, "/sys/class/net/%s/statistics/%s", i->name, names[n]);
		i->counts[n].fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	i->counted_before = read_counts(i);
}

void
interface_count(struct capture_interface *i)
{
	struct pcap_stat stat;

	i->dropped.interface = read_counts(i) - i->counted_before;
	if (pcap_stats(i->pcap, &stat) != 0)
		return;
	i->dropped.kernel += stat.ps_drop - i->kernel_count;
	i->kernel_count = stat.ps_drop;
}

bool
interface_open(struct capture_interface *i, const char *name, const struct capture_options *options, int block_ms,
	       char *err, size_t err_size)
{
	char why[PCAP_ERRBUF_SIZE];

	*i = (struct capture_interface){.name = name, .poll_fd = -1, .counts = {{.fd = -1}, {.fd = -1}}};
	i->pcap = pcap_create(name, why);
	if (i->pcap == NULL) {
		snprintf(err, err_size, "%s: %s", name, why);
		return false;
	}
	if (!activate(i, options, block_ms, err, err_size))
		return false;
	i->linktype = capture_linktype(pcap_datalink(i->pcap));
	i->counts_ns = pcap_get_tstamp_precision(i->pcap) == PCAP_TSTAMP_PRECISION_NANO;
	i->poll_fd = pcap_get_selectable_fd(i->pcap);
	/* Waiting is capture_live.c's: libpcap would wait for an idle interface without end. */
	if (pcap_setnonblock(i->pcap, 1, why) != 0) {
		snprintf(err, err_size, "%s: %s", name, why);
		return false;
	}
	if (options->filter != NULL)
		return capture_filter_set_live(i->pcap, name, options->filter, err, err_size);
	i->leaves_out = options->leave_out && capture_filter_leave_out(i->pcap, i->linktype);
	return true;
}

bool
interface_share(struct capture_interface *i, int *group, char *err, size_t err_size)
{
	switch (i->linktype) {
	case LINKTYPE_ETHERNET:
	case LINKTYPE_LINUX_SLL:
	case LINKTYPE_RAW:
		if (fanout_join(pcap_fileno(i->pcap), group))
			return true;
		snprintf(err, err_size, "%s: its frames cannot be shared out among workers: %s; leave --workers out", i->name,
			 strerror(errno));
		return false;
	default:
		snprintf(err, err_size, "%s: is of link type %u, whose frames cannot be shared out by their addresses; leave "
			 "--workers out", i->name, (unsigned)i->linktype);
		return false;
	}
}

void
interface_close(struct capture_interface *i)
{
	for (size_t n = 0; n < LENGTH(i->counts); n++) {
		if (i->counts[n].fd >= 0)
			close(i->counts[n].fd);
		i->counts[n].fd = -1;
	}
	if (i->pcap != NULL)
		pcap_close(i->pcap);
	i->pcap = NULL;
}

void
interface_next(struct capture_interface *i)
{
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int answer = pcap_next_ex(i->pcap, &header, &bytes);

	/* While an interface is down, and only then, libpcap wants to look from time to time what became of it. */
	i->down = pcap_get_required_select_timeout(i->pcap) != NULL;
	i->gone = answer < 0;
	i->has_head = answer == 1;
	if (i->has_head) {
		int64_t fraction = header->ts.tv_usec;

		i->head = (struct frame){
			.when.us = (int64_t)header->ts.tv_sec * US_PER_SECOND +
				   (i->counts_ns ? fraction / NS_PER_US : fraction),
			.ns = i->counts_ns ? (uint32_t)(fraction % NS_PER_US) : 0,
			.linktype = i->linktype,
			.bytes = slice_of(bytes, header->caplen),
			.wire_len = header->len > header->caplen ? header->len : header->caplen,
		};
	}
}

bool
capture_list(char *err, size_t err_size)
{
	pcap_if_t *interfaces = NULL;
	char why[PCAP_ERRBUF_SIZE];

	if (pcap_findalldevs(&interfaces, why) != 0) {
		snprintf(err, err_size, "the interfaces cannot be listed: %s", why);
		return false;
	}
	if (interfaces == NULL)
		say_setcap("no interface", err, err_size);
	for (const pcap_if_t *i = interfaces; i != NULL; i = i->next) {
		const char *state = (i->flags & PCAP_IF_UP) == 0 ? "down" : "up";

		printf("%s\t%s\t%s\n", i->name, state,
		       i->description != NULL ? i->description : "");
	}
	pcap_freealldevs(interfaces);
	return interfaces != NULL;
}
