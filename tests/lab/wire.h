/* What hosts put on a wire: Ethernet, IPv4 or IPv6, TCP, UDP and ICMP, with right checksums. */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include "bytes.h"
#include "frames.h"

struct host {
	uint8_t mac[6];
	bool v6;
	uint8_t ip[16]; /* the first four bytes in IPv4 */
};

/* wire_checksum is the Internet checksum of n bytes, RFC 1071. */
uint16_t wire_checksum(const uint8_t *p, size_t n);

/* wire_ethernet puts a frame on the wire that is not IP: type is an ethertype, or 802.3's length.
 */
void wire_ethernet(struct frames *frames, enum side from, const struct host *src,
		   const uint8_t dst[6], uint16_t type, const struct bytes *body);

/* wire_icmp puts an ICMP message on the wire, and makes its checksum. */
void wire_icmp(struct frames *frames, enum side from, const struct host *src,
	       const struct host *dst, struct bytes *icmp);

/* wire_udp puts one datagram on the wire. */
void wire_udp(struct frames *frames, enum side from, const struct host *src, uint16_t src_port,
	      const struct host *dst, uint16_t dst_port, const uint8_t *p, size_t n);

/* wire_unreachable answers the last frame, an IPv4 datagram, by ICMP: port unreachable. */
void wire_unreachable(struct frames *frames, enum side from, const struct host *src,
		      const struct host *dst);

/* wire_gre puts a GRE packet on the wire, header and all. */
void wire_gre(struct frames *frames, enum side from, const struct host *src, const struct host *dst,
	      const struct bytes *gre);

/* wire_ipv4_checksum sets the checksum of an IPv4 header of 20 bytes anew. */
void wire_ipv4_checksum(uint8_t *header);

struct tcp_end {
	const struct host *host;
	uint16_t port;
	uint32_t next; /* sequence number of the next byte */
};

struct tcp {
	struct frames *frames;
	struct tcp_end end[2];
	size_t mss;
};

/* tcp_open puts the three-way handshake on the wire; frames, ends and mss are the caller's to set.
 */
void tcp_open(struct tcp *tcp);

/* tcp_send puts bytes on the wire, cut at the MSS, and the acknowledgement of them. */
void tcp_send(struct tcp *tcp, enum side from, const uint8_t *p, size_t n);

/* tcp_fin lets one side say that it has no more to send; tcp_rst breaks the connection. */
void tcp_fin(struct tcp *tcp, enum side from);
void tcp_rst(struct tcp *tcp, enum side from);

#endif
