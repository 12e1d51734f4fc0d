/* What reading packets costs by itself: libpcap's loop, and a look at one byte of each.
 *
 * usage: bare FILE */
#include <pcap/pcap.h>
#include <stdio.h>

struct seen {
	unsigned long long packets, sum;
};

static void
on_packet(u_char *arg, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct seen *seen = (struct seen *)arg;

	seen->packets++;
	if (header->caplen > 0)
		seen->sum += bytes[header->caplen / 2];
}

int
main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE] = "usage: bare FILE";
	pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], why) : NULL;
	struct seen seen = {0, 0};

	if (pcap == NULL || pcap_loop(pcap, -1, on_packet, (u_char *)&seen) != 0) {
		fprintf(stderr, "%s\n", pcap == NULL ? why : pcap_geterr(pcap));
		return 1;
	}
	printf("%llu packets, %llu\n", seen.packets, seen.sum);
	pcap_close(pcap);
	return 0;
}
