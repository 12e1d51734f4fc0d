/* Sends the frames of a capture file over interfaces, as often and as fast as is asked for, and prints how many they were.
 *
 * usage: send FILE INTERFACE[,INTERFACE] [TIMES [MBIT]]
 *
 * Over two interfaces they go as over the two sides of a tap: which one, the frame's addresses say. MBIT are a second's, with
 * what lies between frames on a wire; without it they go as fast as they can. */
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SIDES 2
#define AT_ONCE 32

/* Preamble, checksum and the gap between two. */
#define BETWEEN_FRAMES 24

#define ADDRESSES 12
#define NS_PER_SECOND 1000000000

struct frame {
	const uint8_t *bytes;
	uint32_t n;
	unsigned side;
};

struct sender {
	int sockets[SIDES];
	struct frame *frames;
	size_t n, room;
	double ns_per_byte; /* 0: as fast as can be */
	uint64_t sent, bytes, refused;
	struct timespec begun;
};

static void
give_up(const char *what, const char *why)
{
	fprintf(stderr, "send: %s: %s\n", what, why);
	exit(1);
}

static void
keep(u_char *arg, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct sender *s = (struct sender *)arg;
	uint8_t *copy = malloc(header->caplen + 1);

	if (s->n == s->room) {
		s->room = s->room * 2 + 1024;
		s->frames = realloc(s->frames, s->room * sizeof *s->frames);
	}
	if (copy == NULL || s->frames == NULL)
		give_up("frames", "out of memory");
	memcpy(copy, bytes, header->caplen);
	s->frames[s->n++] = (struct frame){
		.bytes = copy,
		.n = header->caplen,
		.side = header->caplen >= ADDRESSES && memcmp(copy, copy + ADDRESSES / 2, ADDRESSES / 2) < 0,
	};
}

static void
read_all(struct sender *s, const char *path)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, why);

	if (pcap == NULL || pcap_datalink(pcap) != DLT_EN10MB)
		give_up(path, pcap == NULL ? why : "no Ethernet");
	if (pcap_loop(pcap, -1, keep, (u_char *)s) != 0)
		give_up(path, pcap_geterr(pcap));
	pcap_close(pcap);
}

static int
open_side(const char *interface)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface)};
	int bypass = 1;
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || address.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
		give_up(interface, strerror(errno));
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof bypass);
	return fd;
}

static void
open_sides(struct sender *s, char *interfaces)
{
	char *second = strchr(interfaces, ',');

	if (second != NULL)
		*second++ = '\0';
	s->sockets[0] = s->sockets[1] = open_side(interfaces);
	if (second != NULL)
		s->sockets[1] = open_side(second);
}

/* due_ns is how long from now the next frame is due. */
static int64_t
due_ns(const struct sender *s)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)((double)(s->bytes + s->sent * BETWEEN_FRAMES) * s->ns_per_byte) -
	       ((now.tv_sec - s->begun.tv_sec) * (int64_t)NS_PER_SECOND + now.tv_nsec - s->begun.tv_nsec);
}

static void
wait_until_due(const struct sender *s)
{
	int64_t ns = s->ns_per_byte > 0 ? due_ns(s) : 0;

	if (ns > 0)
		nanosleep(&(struct timespec){.tv_sec = ns / NS_PER_SECOND, .tv_nsec = ns % NS_PER_SECOND}, NULL);
}

/* alike is how many of the frames, of so many, go the same way. */
static unsigned
alike(const struct frame *frames, size_t n)
{
	unsigned i = 1;

	while (i < n && i < AT_ONCE && frames[i].side == frames[0].side)
		i++;
	return i;
}

/* A frame that the interface refuses is not sent again. */
static size_t
send_some(struct sender *s, const struct frame *frames, size_t n)
{
	struct mmsghdr messages[AT_ONCE] = {0};
	struct iovec parts[AT_ONCE];
	unsigned these = alike(frames, n);
	int sent;

	for (unsigned i = 0; i < these; i++) {
		parts[i] = (struct iovec){.iov_base = (void *)(uintptr_t)frames[i].bytes, .iov_len = frames[i].n};
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
	}
	sent = sendmmsg(s->sockets[frames[0].side], messages, these, 0);
	if (sent <= 0) {
		s->refused++;
		return 1;
	}
	for (int i = 0; i < sent; i++)
		s->bytes += frames[i].n;
	s->sent += (uint64_t)sent;
	return (size_t)sent;
}

int
main(int argc, char **argv)
{
	static struct sender s;
	unsigned long times = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
	double seconds;

	if (argc < 3)
		give_up("usage", "send FILE INTERFACE[,INTERFACE] [TIMES [MBIT]]");
	s.ns_per_byte = argc > 4 ? 8000 / strtod(argv[4], NULL) : 0;
	read_all(&s, argv[1]);
	open_sides(&s, argv[2]);
	clock_gettime(CLOCK_MONOTONIC, &s.begun);
	for (unsigned long i = 0; i < times; i++)
		for (size_t at = 0; at < s.n;) {
			wait_until_due(&s);
			at += send_some(&s, s.frames + at, s.n - at);
		}
	s.ns_per_byte = 0;
	seconds = -(double)due_ns(&s) / NS_PER_SECOND;
	printf("%llu sent, %llu refused, %.0f packets/s, %.0f Mbit/s\n", (unsigned long long)s.sent,
	       (unsigned long long)s.refused, (double)s.sent / seconds,
	       (double)(s.bytes + s.sent * BETWEEN_FRAMES) * 8 / seconds / 1e6);
	return 0;
}
