/* Interfaces: opening, waiting, and the way out for who may not. */
#include "capture_room.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* How long the kernel may gather frames, and how long an idle interface is waited for. */
#define LIVE_MS 100

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
say_live(struct capture *c, int status, char *err, size_t err_size)
{
	const char *why = pcap_geterr(c->pcap);

	if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED)
		say_setcap(c->name, err, err_size);
	else if (status == PCAP_ERROR_NO_SUCH_DEVICE)
		say_interfaces(c->name, err, err_size);
	else if (status == PCAP_ERROR_IFACE_NOT_UP)
		snprintf(err, err_size, "%s: the interface is down; sudo ip link set %s up",
			 c->name, c->name);
	else
		snprintf(err, err_size, "%s: %s", c->name,
			 why[0] != '\0' ? why : pcap_statustostr(status));
}

static bool
activate(struct capture *c, char *err, size_t err_size)
{
	const struct capture_options *o = &c->options;

	pcap_set_snaplen(c->pcap,
			 o->snaplen > 0 && o->snaplen < SNAPLEN_MOST ? o->snaplen : SNAPLEN_MOST);
	pcap_set_promisc(c->pcap, !o->no_promiscuous);
	pcap_set_timeout(c->pcap, LIVE_MS);
	if (o->buffer_kib > 0)
		pcap_set_buffer_size(c->pcap, o->buffer_kib < INT_MAX / 1024 ? o->buffer_kib * 1024
									     : INT_MAX);

	int status = pcap_activate(c->pcap);

	if (status < 0)
		say_live(c, status, err, err_size);
	return status >= 0;
}

/* libpcap would open these anew for each pcap_stats, which the sandbox does not let it do; an interface
 * that is none of the kernel's own has none. */
static void
open_drops(struct capture *c)
{
	static const char *const names[] = {"rx_missed_errors", "rx_fifo_errors"};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "/sys/class/net/%s/statistics/%s", c->name, names[i]);
		c->drops_fd[i] = open(path, O_RDONLY | O_CLOEXEC);
	}
	c->drops_before = capture_live_drops(c);
}

uint64_t
capture_live_drops(const struct capture *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof c->drops_fd / sizeof c->drops_fd[0]; i++) {
		char text[32] = "";

		if (c->drops_fd[i] >= 0 && pread(c->drops_fd[i], text, sizeof text - 1, 0) > 0)
			sum += strtoull(text, NULL, 10);
	}
	return sum - c->drops_before;
}

void
capture_live_close(struct capture *c)
{
	for (size_t i = 0; i < sizeof c->drops_fd / sizeof c->drops_fd[0]; i++) {
		if (c->drops_fd[i] >= 0)
			close(c->drops_fd[i]);
	}
}

int
capture_socket(const struct capture *c)
{
	return c->live ? pcap_fileno(c->pcap) : -1;
}

bool
capture_live_open(struct capture *c, char *err, size_t err_size)
{
	char why[PCAP_ERRBUF_SIZE];

	c->live = true;
	c->pcap = pcap_create(c->name, why);
	if (c->pcap == NULL) {
		snprintf(err, err_size, "%s: %s", c->name, why);
		return false;
	}
	if (!activate(c, err, err_size))
		return false;
	open_drops(c);
	c->linktype = capture_linktype(pcap_datalink(c->pcap));
	c->snaplen = (uint32_t)pcap_snapshot(c->pcap);
	/* Waiting here, not in libpcap: there an idle interface is waited for without end. */
	c->poll_fd = pcap_get_selectable_fd(c->pcap);
	if (c->poll_fd >= 0 && pcap_setnonblock(c->pcap, 1, why) != 0)
		c->poll_fd = -1;
	return (c->options.filter == NULL || capture_filter_set_live(c, err, err_size)) &&
	       capture_output_open(c, err, err_size);
}

enum capture_status
capture_live_next(struct capture *c, struct frame *out)
{
	struct pollfd pollfd = {.fd = c->poll_fd, .events = POLLIN};
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int answer = pcap_next_ex(c->pcap, &header, &bytes);

	if (answer == 1) {
		capture_frame(c, header, bytes, header->ts.tv_sec, out);
		return CAPTURE_FRAME;
	}
	if (answer == PCAP_ERROR_BREAK)
		return c->status = CAPTURE_END;
	if (answer != 0)
		return capture_cut(c, "%s", pcap_geterr(c->pcap));
	if (c->poll_fd >= 0)
		poll(&pollfd, 1, LIVE_MS);
	return CAPTURE_AGAIN;
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
