/* Headers from the outside in: each function builds its own and hands the rest down. */
#include "wire.h"

enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_GRE = 47 };
enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

#define ETHERNET 14
#define HOP_LIMIT 61

static uint32_t
sum(uint32_t so_far, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		so_far += i % 2 == 0 ? (uint32_t)p[i] << 8 : p[i];
	return so_far;
}

static uint16_t
fold(uint32_t s)
{
	while (s > 0xffff)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

uint16_t
wire_checksum(const uint8_t *p, size_t n)
{
	return fold(sum(0, p, n));
}

void
wire_ipv4_checksum(uint8_t *header)
{
	uint16_t check;

	header[10] = header[11] = 0;
	check = fold(sum(0, header, 20));
	header[10] = (uint8_t)(check >> 8);
	header[11] = (uint8_t)check;
}

static size_t
address_size(const struct host *host)
{
	return host->v6 ? 16 : 4;
}

/* The Internet checksum of a TCP segment or UDP datagram with its pseudo header, RFC 793 and RFC
 * 8200. */
static uint16_t
checksum(const struct host *src, const struct host *dst, uint8_t proto, const struct bytes *l4)
{
	uint32_t s = (uint32_t)(proto + l4->n);

	s = sum(s, src->ip, address_size(src));
	s = sum(s, dst->ip, address_size(dst));
	return fold(sum(s, l4->b, l4->n));
}

static void
put_ipv4(struct bytes *out, const struct host *src, const struct host *dst, uint8_t proto, size_t n,
	 size_t id)
{
	size_t start = put(out, 2, 0x4500);

	put(out, 2, 20 + n);
	put(out, 2, 0x1000 + id);
	put(out, 2, 0x4000); /* do not fragment */
	put(out, 1, HOP_LIMIT);
	put(out, 1, proto);
	put(out, 2, 0);
	put_bytes(out, src->ip, 4);
	put_bytes(out, dst->ip, 4);
	wire_ipv4_checksum(out->b + start);
}

static void
put_ipv6(struct bytes *out, const struct host *src, const struct host *dst, uint8_t proto, size_t n)
{
	put(out, 4, 0x60000000);
	put(out, 2, n);
	put(out, 1, proto);
	put(out, 1, HOP_LIMIT);
	put_bytes(out, src->ip, 16);
	put_bytes(out, dst->ip, 16);
}

void
wire_ethernet(struct frames *frames, enum side from, const struct host *src, const uint8_t dst[6],
	      uint16_t type, const struct bytes *body)
{
	struct bytes out = {.n = 0};

	put_bytes(&out, dst, 6);
	put_bytes(&out, src->mac, 6);
	put(&out, 2, type);
	put_bytes(&out, body->b, body->n);
	frames_add(frames, from, out.b, out.n, 0);
}

static void
send_ip(struct frames *frames, enum side from, const struct host *src, const struct host *dst,
	uint8_t proto, const struct bytes *l4, size_t payload)
{
	struct bytes out = {.n = 0};

	put_bytes(&out, dst->mac, 6);
	put_bytes(&out, src->mac, 6);
	put(&out, 2, src->v6 ? 0x86dd : 0x0800);
	if (src->v6)
		put_ipv6(&out, src, dst, proto, l4->n);
	else
		put_ipv4(&out, src, dst, proto, l4->n, frames->n);
	put_bytes(&out, l4->b, l4->n);
	frames_add(frames, from, out.b, out.n, payload);
}

void
wire_udp(struct frames *frames, enum side from, const struct host *src, uint16_t src_port,
	 const struct host *dst, uint16_t dst_port, const uint8_t *p, size_t n)
{
	struct bytes out = {.n = 0};
	uint16_t check;

	put(&out, 2, src_port);
	put(&out, 2, dst_port);
	put(&out, 2, 8 + n);
	put(&out, 2, 0);
	put_bytes(&out, p, n);
	check = checksum(src, dst, PROTO_UDP, &out);
	put_at(&out, 6, 2, check == 0 ? 0xffff : check); /* 0 would say: none */
	send_ip(frames, from, src, dst, PROTO_UDP, &out, n);
}

void
wire_icmp(struct frames *frames, enum side from, const struct host *src, const struct host *dst,
	  struct bytes *icmp)
{
	put_at(icmp, 2, 2, 0);
	put_at(icmp, 2, 2, wire_checksum(icmp->b, icmp->n));
	send_ip(frames, from, src, dst, PROTO_ICMP, icmp, 0);
}

void
wire_unreachable(struct frames *frames, enum side from, const struct host *src,
		 const struct host *dst)
{
	const struct frame *about = &frames->list[frames->n - 1];
	struct bytes out = {.n = 0};

	put(&out, 4, 0x03030000); /* destination unreachable, port */
	put(&out, 4, 0);
	put_bytes(&out, about->bytes + ETHERNET, about->n - ETHERNET);
	wire_icmp(frames, from, src, dst, &out);
}

void
wire_gre(struct frames *frames, enum side from, const struct host *src, const struct host *dst,
	 const struct bytes *gre)
{
	send_ip(frames, from, src, dst, PROTO_GRE, gre, 0);
}

static void
segment(struct tcp *tcp, enum side from, unsigned flags, const uint8_t *p, size_t n)
{
	struct tcp_end *me = &tcp->end[from], *peer = &tcp->end[!from];
	struct bytes out = {.n = 0};
	bool syn = (flags & SYN) != 0;

	put(&out, 2, me->port);
	put(&out, 2, peer->port);
	put(&out, 4, me->next);
	put(&out, 4, flags & ACK ? peer->next : 0);
	put(&out, 1, syn ? 0x60 : 0x50);
	put(&out, 1, flags);
	put(&out, 2, 65535);
	put(&out, 4, 0); /* checksum and urgent pointer */
	if (syn)
		put(&out, 4, 0x02040000 | tcp->mss);
	put_bytes(&out, p, n);
	put_at(&out, 16, 2, checksum(me->host, peer->host, PROTO_TCP, &out));
	send_ip(tcp->frames, from, me->host, peer->host, PROTO_TCP, &out, n);
	me->next += (uint32_t)n + ((flags & (SYN | FIN)) != 0);
}

void
tcp_open(struct tcp *tcp)
{
	segment(tcp, CLIENT, SYN, NULL, 0);
	frames_wait(tcp->frames, 21480);
	segment(tcp, SERVER, SYN | ACK, NULL, 0);
	frames_wait(tcp->frames, 190);
	segment(tcp, CLIENT, ACK, NULL, 0);
	frames_wait(tcp->frames, 1210);
}

void
tcp_send(struct tcp *tcp, enum side from, const uint8_t *p, size_t n)
{
	while (n > 0) {
		size_t some = n < tcp->mss ? n : tcp->mss;

		segment(tcp, from, some == n ? ACK | PSH : ACK, p, some);
		frames_wait(tcp->frames, 120);
		p += some;
		n -= some;
	}
	segment(tcp, !from, ACK, NULL, 0);
}

void
tcp_fin(struct tcp *tcp, enum side from)
{
	segment(tcp, from, FIN | ACK, NULL, 0);
	frames_wait(tcp->frames, 180);
	segment(tcp, !from, ACK, NULL, 0);
}

void
tcp_rst(struct tcp *tcp, enum side from)
{
	segment(tcp, from, RST | ACK, NULL, 0);
}
