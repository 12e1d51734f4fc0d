/* One refusal, as many wires, taps and accidents may show it: the phone knows the hash of another
 * certificate. */
#include <pcap/pcap.h>

#include "relink.h"
#include "scenarios.h"

static const struct vpn_config right_hash = {.hashes = {GATEWAY_RSA}};

static void
refusal(struct lab *lab)
{
	struct party gateway = vpn_gateway;

	gateway.shows[0] = GATEWAY_RENEWED;
	talk_all(lab, &vpn_phone, &gateway);
}

/* The same with a chain of two, so that the Certificate is worth cutting. */
static void
long_refusal(struct lab *lab, int fragment, size_t mss, void (*reframe)(enum side, struct bytes *))
{
	struct party gateway = vpn_gateway;
	struct talk talk;

	gateway.shows[0] = GATEWAY_ISSUED;
	gateway.shows[1] = ISSUING_CA;
	gateway.fragment = fragment;
	gateway.mss = mss;
	talk_open(&talk, lab, &vpn_phone, &gateway);
	talk.reframe = reframe;
	talk_handshake(&talk);
	talk_close(&talk);
}

static void
many_records(struct lab *lab)
{
	long_refusal(lab, 512, 100, NULL);
}

/* Joins the handshake records of a flight into one. */
static void
join(enum side from, struct bytes *flight)
{
	struct bytes out = {.n = 0};

	if (from != SERVER || flight->b[0] != 22)
		return;
	put_bytes(&out, flight->b, 5);
	for (size_t i = 0, n; i < flight->n; i += 5 + n) {
		n = (size_t)flight->b[i + 3] << 8 | flight->b[i + 4];
		put_bytes(&out, flight->b + i + 5, n);
	}
	put_length(&out, 3, 2);
	*flight = out;
}

static void
one_record(struct lab *lab)
{
	long_refusal(lab, 0, 1380, join);
}

static void
shuffled(struct lab *lab)
{
	struct frames *frames = &lab->frames;

	long_refusal(lab, 0, 536, NULL);
	frames_swap(frames, frames_nth(frames, SERVER, 1), frames_nth(frames, SERVER, 3));
	frames_repeat(frames, frames_nth(frames, SERVER, 2));
	frames_repeat(frames, frames_nth(frames, CLIENT, 0));
}

static void
segment_lost(struct lab *lab)
{
	struct frames *frames = &lab->frames;

	long_refusal(lab, 0, 536, NULL);
	frames_drop(frames, frames_nth(frames, SERVER, 2));
}

static void
server_only(struct lab *lab)
{
	refusal(lab);
	frames_only(&lab->frames, SERVER);
}

static void
client_only(struct lab *lab)
{
	refusal(lab);
	frames_only(&lab->frames, CLIENT);
}

static void
from_the_middle(struct lab *lab)
{
	refusal(lab);
	for (size_t first = frames_nth(&lab->frames, SERVER, 0); first > 0; first--)
		frames_drop(&lab->frames, 0);
}

static void
ipv6(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;
	struct talk talk;
	struct dtls dtls;

	phone.host = &host_phone_v6;
	gateway.host = &host_gateway_v6;
	dtls_init(&dtls, lab, &phone, &gateway);
	vpn_up(&talk, lab, &phone, &gateway, &dtls);
	if (!dtls_resume(&dtls))
		lab_die("DTLS does not come up");
	talk_close(&talk);
	dtls_free(&dtls);
	vpn_config(lab, &(struct vpn_config){.host = "[2001:db8:100::1]", .hashes = {GATEWAY_RSA}});
}

static void
vlan(struct lab *lab)
{
	refusal(lab);
	relink_tag(&lab->frames, 0x8100, 110);
	vpn_config(lab, &right_hash);
}

static void
qinq(struct lab *lab)
{
	refusal(lab);
	relink_tag(&lab->frames, 0x8100, 110);
	relink_tag(&lab->frames, 0x88a8, 2001);
}

static void
linux_sll(struct lab *lab)
{
	refusal(lab);
	relink(&lab->frames, DLT_LINUX_SLL);
}

static void
linux_sll2(struct lab *lab)
{
	refusal(lab);
	relink(&lab->frames, DLT_LINUX_SLL2);
}

static void
raw(struct lab *lab)
{
	refusal(lab);
	relink(&lab->frames, DLT_RAW);
}

static void
null(struct lab *lab)
{
	refusal(lab);
	relink(&lab->frames, DLT_NULL);
}

static void
erspan(struct lab *lab)
{
	refusal(lab);
	relink_erspan(&lab->frames);
}

static void
ip_fragments(struct lab *lab)
{
	refusal(lab);
	relink_fragment(&lab->frames, frames_nth(&lab->frames, SERVER, 0), 400);
}

static void
offload(struct lab *lab)
{
	long_refusal(lab, 0, 16000, NULL);
	relink_offload(&lab->frames, SERVER);
}

static void
pcapng(struct lab *lab)
{
	refusal(lab);
	lab->pcapng = true;
}

static void
cut_file(struct lab *lab)
{
	refusal(lab);
	lab->cut = 21;
}

static void
snap_length(struct lab *lab)
{
	refusal(lab);
	frames_snap(&lab->frames, 400);
}

const struct scenario wire_scenarios[] = {
	{"60-many-records",
	 "a chain of two in records of 512 bytes and segments of 100: refused (48)",
	 "server-certificate-rejected", many_records},
	{"61-one-record",
	 "ServerHello, Certificate and ServerHelloDone in one record, which OpenSSL never does",
	 "server-certificate-rejected", one_record},
	{"62-segments-shuffled",
	 "two segments of the Certificate have changed places, two are there twice",
	 "server-certificate-rejected", shuffled},
	{"63-segment-lost",
	 "the capture lost a segment inside the Certificate: no hash can be made of it",
	 "capture-loss, server-certificate-rejected", segment_lost},
	{"64-server-only", "only the gateway's side was captured", "", server_only},
	{"65-client-only", "only the phone's side was captured", "server-certificate-rejected",
	 client_only},
	{"66-from-the-middle", "the capture begins after the ClientHello",
	 "server-certificate-rejected", from_the_middle},
	{"67-ipv6", "all is well over IPv6: TLS 1.2, tunnel, DTLS 0.9", "", ipv6},
	{"68-vlan", "802.1Q, voice VLAN 110", "cert-hash-mismatch", vlan},
	{"69-qinq", "802.1ad 2001 around 802.1Q 110", "server-certificate-rejected", qinq},
	{"70-linux-sll", "tcpdump -i any, first form", "server-certificate-rejected", linux_sll},
	{"71-linux-sll2", "tcpdump -i any, second form", "server-certificate-rejected", linux_sll2},
	{"72-raw", "no link layer", "server-certificate-rejected", raw},
	{"73-null", "BSD loopback", "server-certificate-rejected", null},
	{"74-erspan", "a span sent over IP: GRE and ERSPAN II", "server-certificate-rejected",
	 erspan},
	{"75-ip-fragments", "the segment with the Certificate comes in IPv4 fragments",
	 "server-certificate-rejected", ip_fragments},
	{"76-pcapng", "the file is pcapng, written big-endian", "server-certificate-rejected",
	 pcapng},
	{"77-cut-file", "the file ends in the middle of its last packet",
	 "server-certificate-rejected", cut_file},
	{"78-snap-length", "every frame cut to 400 bytes: no whole Certificate",
	 "capture-loss, server-certificate-rejected", snap_length},
	{"79-offload",
	 "captured on the gateway itself, whose card fills in checksums and cuts "
	 "segments: none of its checksums is right, and a segment too long for Ethernet "
	 "has the IP length 0",
	 "server-certificate-rejected", offload},
	{0}};
