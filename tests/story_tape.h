/* A host for what is read beside TLS that keeps the events it is given, and packets to give it. */
#ifndef TESTS_STORY_TAPE_H
#define TESTS_STORY_TAPE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "src/story/story.h"
#include "tests/lab/bytes.h"

enum { STORY_MOST = 8, STORY_VLAN = 110 };

struct story_tape {
	struct cert_store *certs;
	struct tally tally;
	struct story_host host;
	struct when now;
	struct event *events[STORY_MOST]; /* the first ones */
	size_t n;                         /* all */
};

static inline void
story_over(void *arg, struct event *event)
{
	struct story_tape *tape = arg;

	if (tape->n < STORY_MOST)
		tape->events[tape->n] = event;
	else
		event_free(event);
	tape->n++;
}

static inline void
story_begin(struct story_tape *tape)
{
	*tape = (struct story_tape){.certs = cert_store_new(0), .now = {0, INT64_C(1459541662000000)}};
	assert_non_null(tape->certs);
	tape->host = (struct story_host){
		.certs = tape->certs, .tally = &tape->tally, .over = story_over, .arg = tape};
}

static inline void
story_end(struct story_tape *tape)
{
	for (size_t i = 0; i < tape->n && i < STORY_MOST; i++)
		event_free(tape->events[i]);
	cert_store_free(tape->certs);
}

/* The next frame, so many milliseconds later. */
static inline struct when
story_next(struct story_tape *tape, int64_t ms)
{
	tape->now.frame++;
	tape->now.us += ms * 1000;
	return tape->now;
}

static inline struct ip_addr
story_ip(uint32_t v4)
{
	return (struct ip_addr){{[10] = 0xff, 0xff, (uint8_t)(v4 >> 24), (uint8_t)(v4 >> 16), (uint8_t)(v4 >> 8),
				 (uint8_t)v4}};
}

static inline void
story_assert_ip(const struct ip_addr *ip, uint32_t v4)
{
	struct ip_addr expected = story_ip(v4);

	assert_memory_equal(ip, &expected, sizeof(expected));
}

/* A packet between two hosts whose MAC addresses are 02:00 and their addresses. */
static inline struct packet
story_packet_of(enum packet_kind kind, uint32_t src, uint32_t dst)
{
	struct packet packet = {.kind = kind, .ip = {.version = 4, .src = story_ip(src), .dst = story_ip(dst)}};

	packet.link = (struct link_header){.has_mac = true, .vlan = {STORY_VLAN}, .vlans = 1};
	packet.link.src[0] = packet.link.dst[0] = 2;
	memcpy(packet.link.src + 2, packet.ip.src.b + 12, 4);
	memcpy(packet.link.dst + 2, packet.ip.dst.b + 12, 4);
	return packet;
}

/* bytes must outlive the packet. */
static inline struct packet
story_udp(uint32_t src, uint16_t src_port, uint32_t dst, uint16_t dst_port, const struct bytes *bytes)
{
	struct packet packet = story_packet_of(PACKET_UDP, src, dst);

	packet.ip.protocol = IP_UDP;
	packet.udp = (struct udp_header){src_port, dst_port};
	packet.payload = slice_of(bytes->b, bytes->n);
	packet.payload_len = bytes->n;
	return packet;
}

/* An echo request, or its reply, which goes the other way. */
static inline struct packet
story_echo(uint32_t client, uint32_t server, bool reply, uint16_t sequence)
{
	struct packet packet =
		reply ? story_packet_of(PACKET_ICMP, server, client) : story_packet_of(PACKET_ICMP, client, server);

	packet.ip.protocol = IP_ICMP;
	packet.icmp = (struct icmp_header){.type = reply ? 0 : 8,
					   .echo_request = !reply,
					   .echo_reply = reply,
					   .id = 7,
					   .sequence = sequence};
	return packet;
}

/* Somebody says that a UDP packet could not be delivered. */
static inline struct packet
story_unreachable(uint32_t src, uint16_t src_port, uint32_t dst, uint16_t dst_port)
{
	struct packet packet = story_packet_of(PACKET_ICMP, dst, src);

	packet.ip.protocol = IP_ICMP;
	packet.icmp = (struct icmp_header){
		.type = 3,
		.code = 3,
		.unreachable = true,
		.quoted = {.version = 4, .protocol = IP_UDP, .src = story_ip(src), .dst = story_ip(dst)},
		.src_port = src_port,
		.dst_port = dst_port};
	return packet;
}

/* ---- DNS ---- */

enum { STORY_QUERY = 0x0100, STORY_ANSWER = 0x8180, STORY_TRUNCATED = 0x0200 };

static inline void
story_put_name(struct bytes *out, const char *name)
{
	while (*name != '\0') {
		size_t n = strcspn(name, ".");

		put(out, 1, n);
		put_bytes(out, name, n);
		name += n + (name[n] == '.');
	}
	put(out, 1, 0);
}

/* A message with its question; records follow, as many as it says. */
static inline void
story_dns(struct bytes *out, uint16_t id, unsigned flags, const char *name, uint16_t type, unsigned records)
{
	out->n = 0;
	put(out, 2, id);
	put(out, 2, flags);
	put(out, 2, 1);
	put(out, 2, records);
	put(out, 4, 0);
	story_put_name(out, name);
	put(out, 2, type);
	put(out, 2, 1);
}

/* A record about the name in the question. */
static inline size_t
story_record(struct bytes *out, uint16_t type)
{
	put(out, 2, 0xc00c);
	put(out, 2, type);
	put(out, 2, 1);
	put(out, 4, 300);
	return put(out, 2, 0);
}

static inline void
story_put_address(struct bytes *out, uint32_t v4)
{
	size_t length = story_record(out, DNS_A);

	put(out, 4, v4);
	put_length(out, length, 2);
}

static inline void
story_put_alias(struct bytes *out, const char *target)
{
	size_t length = story_record(out, DNS_CNAME);

	story_put_name(out, target);
	put_length(out, length, 2);
}

#endif
