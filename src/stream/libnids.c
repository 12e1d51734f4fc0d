/* libnids 1.26, fed the way it can stand. What it does with a packet is in its tcp.c; the notes here say why none of
 * its traps can be reached. */
#include "libnids.h"

#include <arpa/inet.h>
#include <nids.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdlib.h>

#include "dissectors/transport.h"
#include "limit.h"

/* libnids lets three streams in for four places in its table. At one more it would drop the oldest or pause(). */
#define NIDS_TABLE (LIMIT_STREAMS * 4 / 3 + 4)

enum header_size { IP_HEADER = 20, TCP_HEADER = 20, TCP_WINDOW_SCALE = 4 };

static struct {
	pcap_t *pcap;
	void (*bytes)(void *arg, unsigned dir, struct slice bytes);
	void *arg; /* of the segment that libnids has now */
	struct half_stream *receiver; /* whoever got bytes of it; NULL: nobody did */
	jmp_buf no_memory;
	struct pcap_pkthdr frame;
	alignas(8) uint8_t packet[IP_HEADER + TCP_HEADER + TCP_WINDOW_SCALE + LIBNIDS_BYTES_MAX];
} room;

/* ---- what libnids calls ---- */

/* libnids would go on with NULL if this returned. Its lists are whole wherever it calls this; the node that it was
 * about to add is all that can be lost. No callback is ever on the stack then: they do not call libnids. */
static _Noreturn void
no_memory(char *where)
{
	(void)where;
	longjmp(room.no_memory, 1);
}

static void
no_syslog(int type, int number, struct ip *ip, void *data)
{
	(void)type;
	(void)number;
	(void)ip;
	(void)data;
}

/* Everything is taken each time, so libnids's buffer holds what is new and nothing else. */
static void
on_tcp(struct tcp_stream *tcp, void **unused)
{
	/* What the client receives was sent by the server, which is direction 1. */
	unsigned dir = tcp->client.count_new > 0;
	struct half_stream *receiver = dir == 1 ? &tcp->client : &tcp->server;

	(void)unused;
	if (tcp->nids_state == NIDS_JUST_EST) {
		tcp->client.collect = tcp->server.collect = 1;
	} else if (tcp->nids_state == NIDS_DATA) {
		room.bytes(room.arg, dir, slice_of(receiver->data, (size_t)receiver->count_new));
		room.receiver = receiver;
	}
}

/* libnids would keep an empty buffer of 4 KiB or more for each direction; it makes one where there is none. */
static void
free_buffer(struct half_stream *receiver)
{
	if (receiver == NULL || receiver->count != receiver->offset)
		return;
	free(receiver->data);
	receiver->data = NULL;
	receiver->bufsize = 0;
}

/* ---- what libnids is given ---- */

static void
put16(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void
put32(uint8_t *at, uint32_t v)
{
	put16(at, v >> 16);
	put16(at + 2, v);
}

/* Both directions' bytes are numbered from 1. */
static uint32_t
number_at(uint64_t off)
{
	return (uint32_t)off + 1;
}

/* Both ends of a stream have its number for an address, which must not be 0; port 1 sends direction 0. */
static uint32_t
address_of(const struct libnids_stream *s)
{
	return (uint32_t)s->number + 1;
}

static void
write_ip(uint8_t *packet, uint32_t address, size_t len)
{
	const uint32_t version = 0x4500, ttl_and_tcp = 0x4006;
	uint32_t sum = version + (uint32_t)len + ttl_and_tcp + 2 * (address >> 16) + 2 * (address & 0xffff);

	sum = (sum & 0xffff) + (sum >> 16);
	put16(packet, version);
	put16(packet + 2, (uint32_t)len);
	put32(packet + 4, 0);
	put16(packet + 8, ttl_and_tcp);
	put16(packet + 10, ~sum);
	put32(packet + 12, address);
	put32(packet + 16, address);
}

/* No URG, no timestamps, the same acknowledgement until the anchor moves, and 1 GiB of window. */
static void
write_tcp(uint8_t *tcp, const struct libnids_stream *s, unsigned dir, uint8_t flags, uint32_t number)
{
	bool syn = flags & TCP_SYN;

	put16(tcp, dir + 1);
	put16(tcp + 2, 2 - dir);
	put32(tcp + 4, number);
	put32(tcp + 8, flags & TCP_ACK ? number_at(s->anchor[!dir]) : 0);
	put16(tcp + 12, (syn ? 0x6000U : 0x5000U) | flags);
	put16(tcp + 14, 0xffff);
	put32(tcp + 16, 0);
	if (syn) /* no-operation; window scale of 3 bytes, 14 */
		put32(tcp + TCP_HEADER, 0x0103030e);
}

static bool
give(const struct libnids_stream *s, unsigned dir, uint8_t flags, uint32_t number, struct slice bytes)
{
	size_t header = IP_HEADER + TCP_HEADER + (flags & TCP_SYN ? TCP_WINDOW_SCALE : 0);

	write_ip(room.packet, address_of(s), header + bytes.n);
	write_tcp(room.packet + IP_HEADER, s, dir, flags, number);
	if (bytes.n > 0)
		memcpy(room.packet + header, bytes.p, bytes.n);
	room.frame.caplen = room.frame.len = (bpf_u_int32)(header + bytes.n);
	room.receiver = NULL;
	if (setjmp(room.no_memory) != 0)
		return false;
	nids_pcap_handler(NULL, &room.frame, room.packet);
	free_buffer(room.receiver);
	return true;
}

/* ---- the door ---- */

bool
libnids_connect(struct libnids_stream *s, const uint64_t off[2])
{
	s->connected = true;
	s->anchor[0] = off[0];
	s->anchor[1] = off[1];
	return give(s, 0, TCP_SYN, number_at(off[0]) - 1, slice_of(NULL, 0)) &&
	       give(s, 1, TCP_SYN | TCP_ACK, number_at(off[1]) - 1, slice_of(NULL, 0)) &&
	       give(s, 0, TCP_ACK, number_at(off[0]), slice_of(NULL, 0));
}

bool
libnids_feed(struct libnids_stream *s, unsigned dir, uint64_t off, struct slice bytes, void *arg)
{
	room.arg = arg;
	return give(s, dir, TCP_ACK, number_at(off), bytes);
}

static struct tcp_stream *
find(const struct libnids_stream *s)
{
	uint32_t address = htonl(address_of(s));
	struct tuple4 name = {.source = 1, .dest = 2, .saddr = address, .daddr = address};

	return nids_find_tcp_stream(&name);
}

/* libnids's next number is sender.first_data_seq + receiver.count, its window begins at receiver.ack_seq. */
void
libnids_anchor(struct libnids_stream *s, unsigned dir, uint64_t off)
{
	struct tcp_stream *tcp = find(s);
	struct half_stream *sender, *receiver;

	if (tcp == NULL)
		return;
	s->anchor[dir] = off;
	sender = dir == 0 ? &tcp->client : &tcp->server;
	receiver = dir == 0 ? &tcp->server : &tcp->client;
	sender->first_data_seq = receiver->ack_seq = number_at(off);
	receiver->count = receiver->offset = 0;
}

void
libnids_let_go(struct libnids_stream *s)
{
	struct tcp_stream *tcp = s->connected ? find(s) : NULL;

	if (tcp != NULL)
		nids_free_tcp_stream(tcp);
	s->connected = false;
}

bool
libnids_open(void (*bytes)(void *arg, unsigned dir, struct slice bytes))
{
	static struct nids_chksum_ctl no_checksums = {.action = NIDS_DONT_CHKSUM};

	if (room.pcap != NULL)
		return false;
	room.pcap = pcap_open_dead(DLT_RAW, 65535);
	if (room.pcap == NULL)
		return false;
	room.bytes = bytes;
	nids_params.pcap_desc = room.pcap;
	nids_params.n_tcp_streams = NIDS_TABLE;
	nids_params.n_hosts = 1;	/* no fragment comes here */
	nids_params.scan_num_hosts = 0; /* no scan detection */
	nids_params.sk_buff_size = 0;	/* a queue's 64 KiB are for its bytes */
	nids_params.dev_addon = 0;
	nids_params.syslog = no_syslog;
	nids_params.no_mem = no_memory;
	if (setjmp(room.no_memory) != 0 || !nids_init())
		return false; /* what libnids has half begun it cannot end: the room stays shut */
	nids_register_chksum_ctl(&no_checksums, 1);
	nids_register_tcp(on_tcp);
	return true;
}

/* libnids leaks a callback that is still registered when it exits. */
void
libnids_close(void)
{
	nids_unregister_tcp(on_tcp);
	nids_exit();
	pcap_close(room.pcap);
	room.pcap = NULL;
}
