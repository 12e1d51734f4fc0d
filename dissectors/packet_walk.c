/* The long way through a frame: link layer, shims, IP, tunnels and what is inside them, to TCP, UDP or ICMP, CDP or LLDP. */
#include "packet_walk.h"

#include "tunnel.h"

/* Where in a frame the walk is. */
struct walk {
	struct slice in;      /* what is left; a header that cannot be read leaves it there */
	size_t len;           /* since the first IP header: what the headers say is left */
	bool whole;           /* nothing of an IP packet was cut off: running off the end in it is a lie */
	uint16_t next;        /* the ethertype of what in begins with */
	unsigned layers;
	bool has_speaker;     /* in lies in a frame without an IP packet between, and this is the frame's source */
	uint8_t speaker[6];
	const uint8_t *frame; /* offsets count from here */
};

static enum dis layers(struct walk *walk, struct packet *out, struct dis_at *at);

static enum dis
stopped(const struct walk *walk, enum dis why, struct dis_at *at)
{
	at->off += (size_t)(walk->in.p - walk->frame);
	return walk->whole ? DIS_BAD : why;
}

static void
set_payload(const struct walk *walk, enum packet_kind kind, struct packet *out)
{
	out->kind = kind;
	out->payload = walk->in;
	out->payload_len = walk->len;
}

static enum dis
tcp_layer(struct walk *walk, struct packet *out, struct dis_at *at)
{
	const size_t before = walk->in.n;
	enum dis got = tcp_dissect(&walk->in, &out->tcp, at);

	if (got != DIS_OK)
		return got;
	walk->len -= before - walk->in.n;
	set_payload(walk, PACKET_TCP, out);
	return DIS_OK;
}

static enum dis
icmp_layer(struct walk *walk, struct packet *out, struct dis_at *at)
{
	const size_t before = walk->in.n;
	enum dis got = icmp_dissect(&walk->in, out->ip.version, &out->icmp, at);

	if (got != DIS_OK)
		return got;
	walk->len -= before - walk->in.n;
	set_payload(walk, PACKET_ICMP, out);
	return DIS_OK;
}

/* udp_tunnel follows what looks like a tunnel by its port and first bytes. Any port may hold anything: where
 * nothing comes of it, the datagram is one like all others. */
static void
udp_tunnel(const struct walk *walk, struct packet *out)
{
	struct walk inside = *walk;
	struct packet datagram;
	struct dis_at at;

	if (tunnel_udp(&inside.in, out->udp.src_port, out->udp.dst_port, &inside.next, &at) != DIS_OK ||
	    inside.next == ETHERTYPE_NONE)
		return;
	datagram = *out;
	out->kind = PACKET_OTHER;
	if (layers(&inside, out, &at) != DIS_OK || out->kind == PACKET_OTHER)
		*out = datagram;
}

static enum dis
udp_layer(struct walk *walk, struct packet *out, struct dis_at *at)
{
	struct slice s = walk->in;
	size_t len;
	enum dis got = udp_dissect(&s, &out->udp, &len, at);

	if (got != DIS_OK)
		return got;
	if (len > walk->len - UDP_HEADER_SIZE) {
		*at = (struct dis_at){.field = "udp.length", .off = 4};
		return DIS_BAD;
	}
	walk->in = s;
	walk->len = len;
	set_payload(walk, PACKET_UDP, out);
	udp_tunnel(walk, out);
	return DIS_OK;
}

/* ip_body goes on behind an IP header. */
static enum dis
ip_body(struct walk *walk, struct packet *out, struct dis_at *at)
{
	walk->next = ETHERTYPE_NONE;
	if (out->ip.fragment) {
		set_payload(walk, PACKET_FRAGMENT, out);
		return DIS_OK;
	}
	switch (out->ip.protocol) {
	case IP_TCP:
		return tcp_layer(walk, out, at);
	case IP_UDP:
		return udp_layer(walk, out, at);
	case IP_ICMP:
		return out->ip.version == 4 ? icmp_layer(walk, out, at) : DIS_OK;
	case IP_ICMPV6:
		return out->ip.version == 6 ? icmp_layer(walk, out, at) : DIS_OK;
	case IP_IPIP:
		walk->next = ETHERTYPE_IPV4;
		return DIS_OK;
	case IP_IPV6:
		walk->next = ETHERTYPE_IPV6;
		return DIS_OK;
	case IP_GRE:
		return tunnel_gre(&walk->in, &walk->next, at);
	default:
		return DIS_OK;
	}
}

static enum dis
ip_layer(struct walk *walk, struct packet *out, struct dis_at *at)
{
	const bool inside = out->ip.version != 0;
	enum dis got = ip_dissect(&walk->in, &out->ip, &walk->len, at);

	if (got != DIS_OK) {
		out->ip.version = 0;
		return got;
	}
	walk->whole = walk->whole || walk->in.n == walk->len;
	walk->has_speaker = false;
	out->tunnels += inside;
	return ip_body(walk, out, at);
}

static void
set_speaker(struct walk *walk, const struct link_header *frame)
{
	walk->has_speaker = frame->has_mac;
	memcpy(walk->speaker, frame->src, sizeof(walk->speaker));
}

/* inner_frame begins a frame in a tunnel: it has a speaker of its own. */
static enum dis
inner_frame(struct walk *walk, struct packet *out, struct dis_at *at)
{
	struct link_header inner = {0};
	enum dis got = link_shim(&walk->in, &inner, &walk->next, at);

	if (got != DIS_OK)
		return got;
	set_speaker(walk, &inner);
	if (out->ip.version == 0)
		link_set_mac(&out->link, inner.src, inner.dst);
	return DIS_OK;
}

static enum dis
announcement(struct walk *walk, enum packet_kind kind, struct packet *out)
{
	walk->next = ETHERTYPE_NONE;
	walk->len = walk->in.n;
	set_payload(walk, kind, out);
	out->has_speaker = walk->has_speaker;
	memcpy(out->speaker, walk->speaker, sizeof(out->speaker));
	return DIS_OK;
}

static enum dis
shim_layer(struct walk *walk, struct packet *out, struct dis_at *at)
{
	/* What a tunnel's inside has of addresses and tags is not reported. */
	struct link_header inner = {0};

	return link_shim(&walk->in, out->ip.version != 0 ? &inner : &out->link, &walk->next, at);
}

static enum dis
layer(struct walk *walk, struct packet *out, struct dis_at *at)
{
	switch (walk->next) {
	case ETHERTYPE_IPV4:
	case ETHERTYPE_IPV6:
		return ip_layer(walk, out, at);
	case ETHERTYPE_CDP:
		return announcement(walk, PACKET_CDP, out);
	case ETHERTYPE_LLDP:
		return announcement(walk, PACKET_LLDP, out);
	case ETHERTYPE_TRANSPARENT:
		return inner_frame(walk, out, at);
	default:
		return shim_layer(walk, out, at);
	}
}

static enum dis
layers(struct walk *walk, struct packet *out, struct dis_at *at)
{
	while (walk->next != ETHERTYPE_NONE) {
		enum dis got;

		if (walk->layers++ == PACKET_MAX_LAYERS) {
			*at = (struct dis_at){.field = "packet.layers"};
			return stopped(walk, DIS_BAD, at);
		}
		got = layer(walk, out, at);
		if (got != DIS_OK)
			return stopped(walk, got, at);
	}
	return DIS_OK;
}

enum dis
packet_walk(uint32_t linktype, struct slice frame, struct packet *out, struct dis_at *at)
{
	struct walk walk = {.in = frame, .frame = frame.p};
	enum dis got;

	/* Only what every kind has: the rest is set where its kind is. */
	out->kind = PACKET_OTHER;
	out->link = (struct link_header){0};
	out->tunnels = 0;
	out->ip.version = 0;
	out->payload = slice_first(frame, 0);
	out->payload_len = 0;
	got = link_start(linktype, &walk.in, &out->link, &walk.next, at);
	if (got != DIS_OK)
		return got;
	set_speaker(&walk, &out->link);
	return layers(&walk, out, at);
}

enum dis
packet_dissect_datagram(struct slice data, struct packet *out, struct dis_at *at)
{
	struct walk walk = {.in = data, .whole = true, .frame = data.p};
	enum dis got;

	out->kind = PACKET_OTHER;
	out->ip.fragment = false;
	out->payload = slice_first(data, 0);
	out->payload_len = 0;
	got = ip_extensions(&walk.in, &out->ip, at);
	walk.len = walk.in.n;
	if (got == DIS_OK)
		got = ip_body(&walk, out, at);
	return got == DIS_OK ? layers(&walk, out, at) : stopped(&walk, got, at);
}
