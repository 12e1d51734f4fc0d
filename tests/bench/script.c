/* Frames taken to pieces, and put together again. Checksums are sums: what never changes is added up once. */
#include "script.h"

#include <stdlib.h>
#include <string.h>

/* Where things stand in the lab's frames. */
enum {
	MACS = 0,
	ETHERTYPE = 12,
	IP = 14,
	IP_LENGTH = IP + 2,
	IP_PROTOCOL = IP + 9,
	IP_CHECKSUM = IP + 10,
	IP_ADDRESSES = IP + 12,
	L4 = IP + 20,
	PORTS = L4,
	UDP_CHECKSUM = L4 + 6,
	UDP_PAYLOAD = L4 + 8,
	TCP_SEQ = L4 + 4,
	TCP_ACK = L4 + 8,
	TCP_OFFSET = L4 + 12,
	TCP_FLAGS = L4 + 13,
	TCP_CHECKSUM = L4 + 16,
};

enum { PROTO_TCP = 6, PROTO_UDP = 17, SYN = 2, ACK = 16 };

static uint32_t
get(const uint8_t *p, size_t width)
{
	uint32_t value = 0;

	for (size_t i = 0; i < width; i++)
		value = value << 8 | p[i];
	return value;
}

static void
set(uint8_t *p, size_t width, uint32_t value)
{
	for (size_t i = width; i > 0; i--, value >>= 8)
		p[i - 1] = (uint8_t)value;
}

/* ---- checksums: RFC 1071 ---- */

static uint32_t
folded(uint64_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint32_t)sum;
}

static uint32_t
sum_of(const uint8_t *p, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += i % 2 == 0 ? (uint64_t)p[i] << 8 : p[i];
	return folded(sum);
}

static uint64_t
halves(uint32_t value)
{
	return (value >> 16) + (value & 0xffff);
}

static uint16_t
checksum(uint64_t sum)
{
	return (uint16_t)~folded(sum);
}

/* ---- recording ---- */

static void
read_tcp(struct line *line, uint32_t first[2], bool has_first[2])
{
	uint8_t *b = line->bytes;

	line->payload = L4 + (size_t)(b[TCP_OFFSET] >> 4) * 4;
	line->has_ack = b[TCP_FLAGS] & ACK;
	if ((b[TCP_FLAGS] & SYN) && !has_first[line->from]) {
		first[line->from] = get(b + TCP_SEQ, 4);
		has_first[line->from] = true;
	}
	line->seq = get(b + TCP_SEQ, 4) - first[line->from];
	line->ack = get(b + TCP_ACK, 4) - first[!line->from];
	memset(b + TCP_SEQ, 0, 8);
	memset(b + TCP_CHECKSUM, 0, 2);
}

static void
read_udp(struct line *line)
{
	line->payload = UDP_PAYLOAD;
	memset(line->bytes + UDP_CHECKSUM, 0, 2);
}

/* What the lab has written needs no checks; whatever it is that is neither TCP nor UDP in IPv4 stays as it is. */
static void
read_line(struct line *line, uint32_t first[2], bool has_first[2])
{
	uint8_t *b = line->bytes;
	uint32_t protocol = line->n > L4 && get(b + ETHERTYPE, 2) == 0x0800 ? b[IP_PROTOCOL] : 0;

	if (protocol == PROTO_TCP) {
		line->kind = LINE_TCP;
		read_tcp(line, first, has_first);
	} else if (protocol == PROTO_UDP) {
		line->kind = LINE_UDP;
		read_udp(line);
	} else {
		return;
	}
	memset(b + MACS, 0, 12);
	memset(b + IP_CHECKSUM, 0, 2);
	memset(b + IP_ADDRESSES, 0, 8);
	memset(b + PORTS, 0, 4);
	line->ip_sum = sum_of(b + IP, L4 - IP);
	line->sum = folded(protocol + (line->n - L4) + sum_of(b + L4, line->n - L4));
}

void
script_of(struct script *out, struct frames *frames)
{
	uint32_t first[2] = {0, 0};
	bool has_first[2] = {false, false};

	*out = (struct script){.lines = calloc(frames->n, sizeof(*out->lines)), .n = frames->n};
	if (out->lines == NULL)
		lab_die("out of memory");
	for (size_t i = 0; i < frames->n; i++) {
		struct frame *frame = &frames->list[i];

		if (frame->n + 4 > OUT_FRAME_MOST)
			lab_die("too long a frame");
		out->lines[i] = (struct line){.from = frame->from, .bytes = frame->bytes, .n = frame->n};
		read_line(&out->lines[i], first, has_first);
	}
	frames->n = 0;
}

void
script_free(struct script *script)
{
	for (size_t i = 0; i < script->n; i++)
		free(script->lines[i].bytes);
	free(script->lines);
	*script = (struct script){.n = 0};
}

/* ---- saying ---- */

void
line_set(struct line *line, size_t off, uint16_t value)
{
	uint8_t *at = line->bytes + line->payload + off;

	line->sum = folded(line->sum + (uint16_t)~get(at, 2) + value);
	set(at, 2, value);
}

static void
put_ip(const struct line *line, const struct call *call, uint8_t *frame)
{
	uint32_t src = call->ip[line->from], dst = call->ip[!line->from];

	memcpy(frame, call->mac[!line->from], 6);
	memcpy(frame + 6, call->mac[line->from], 6);
	set(frame + IP_ADDRESSES, 4, src);
	set(frame + IP_ADDRESSES + 4, 4, dst);
	set(frame + IP_CHECKSUM, 2, checksum(line->ip_sum + halves(src) + halves(dst)));
}

static void
put_l4(const struct line *line, const struct call *call, uint8_t *frame)
{
	uint16_t src = call->port[line->from], dst = call->port[!line->from];
	uint32_t seq = line->seq + call->seq[line->from];
	uint32_t ack = line->has_ack ? line->ack + call->seq[!line->from] : 0;
	uint64_t sum = line->sum + halves(call->ip[0]) + halves(call->ip[1]) + src + dst;
	uint16_t udp = checksum(sum);

	set(frame + PORTS, 2, src);
	set(frame + PORTS + 2, 2, dst);
	if (line->kind == LINE_UDP) {
		set(frame + UDP_CHECKSUM, 2, udp == 0 ? 0xffff : udp); /* 0 would say: none */
		return;
	}
	set(frame + TCP_SEQ, 4, seq);
	set(frame + TCP_ACK, 4, ack);
	set(frame + TCP_CHECKSUM, 2, checksum(sum + halves(seq) + halves(ack)));
}

void
line_say(const struct line *line, const struct call *call, struct out *out)
{
	uint8_t tagged[OUT_FRAME_MOST], *frame = tagged + 4;

	memcpy(frame, line->bytes, line->n);
	if (line->kind != LINE_RAW) {
		put_ip(line, call, frame);
		put_l4(line, call, frame);
	}
	if (call->vlan == 0) {
		out_packet(out, frame, line->n);
		return;
	}
	memmove(tagged, frame, 12);
	set(tagged + 12, 4, 0x81000000U | call->vlan);
	out_packet(out, tagged, line->n + 4);
}
