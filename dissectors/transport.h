/* TCP (RFC 9293), UDP (RFC 768), and of ICMP (RFC 792, RFC 4443) the echoes and the errors that name a flow. */
#ifndef DISSECTORS_TRANSPORT_H
#define DISSECTORS_TRANSPORT_H

#include "dis.h"
#include "ip.h"
#include "slice.h"

enum tcp_flag { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10 };

struct tcp_header {
	uint16_t src_port, dst_port;
	uint32_t seq, ack; /* ack is meaningful with TCP_ACK only */
	uint8_t flags;     /* enum tcp_flag, others too */
};

#define UDP_HEADER_SIZE 8

struct udp_header {
	uint16_t src_port, dst_port;
};

/* An error quotes the packet that it is about: whose traffic could not be delivered. */
struct icmp_header {
	uint8_t type, code;
	bool unreachable; /* type 3 (v4) or 1 (v6): quoted and the ports are set */
	bool echo_request, echo_reply; /* id and sequence are set */
	uint16_t id, sequence;
	struct ip_header quoted; /* protocol IP_TCP or IP_UDP, addresses as the sender wrote them */
	uint16_t src_port, dst_port;
};

/* tcp_dissect reads a TCP header with its options; in is left at the payload. */
enum dis tcp_dissect(struct slice *in, struct tcp_header *out, struct dis_at *at);

/* udp_dissect reads a UDP header; in is left at the payload, *len is the payload's length by the header
 * (RFC 2675: 0 means the rest). */
enum dis udp_dissect(struct slice *in, struct udp_header *out, size_t *len, struct dis_at *at);

/* icmp_dissect reads an ICMP (version 4) or ICMPv6 (version 6) message and the packet that it quotes; in is
 * left behind the checksum. */
enum dis icmp_dissect(struct slice *in, uint8_t version, struct icmp_header *out, struct dis_at *at);

#endif
