/* A fanout group. */
#include "fanout.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include "dissectors/ip.h"
#include "dissectors/link.h"

/* A jump says how many instructions are passed over where it holds, and where it does not. */
#define LOAD8(at)  BPF_STMT(BPF_LD | BPF_B | BPF_IND, at) /* A = what lies there behind X, and so on */
#define LOAD16(at) BPF_STMT(BPF_LD | BPF_H | BPF_IND, at)
#define LOAD32(at) BPF_STMT(BPF_LD | BPF_W | BPF_IND, at)
#define SET(value) BPF_STMT(BPF_LD | BPF_IMM, value)
#define GET(cell)  BPF_STMT(BPF_LD | BPF_MEM, cell)
#define PUT(cell)  BPF_STMT(BPF_ST, cell)
#define SET_X(value) BPF_STMT(BPF_LDX | BPF_IMM, value)
#define GET_X(cell)  BPF_STMT(BPF_LDX | BPF_MEM, cell)
#define PUT_X(cell)  BPF_STMT(BPF_STX, cell)
#define TO_X	     BPF_STMT(BPF_MISC | BPF_TAX, 0)
#define FROM_X	     BPF_STMT(BPF_MISC | BPF_TXA, 0)
#define ALU(op, value) BPF_STMT(BPF_ALU | (op) | BPF_K, value)
#define ALU_X(op)      BPF_STMT(BPF_ALU | (op) | BPF_X, 0)
#define IF_IS(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise)
#define IF_SET(bits, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, then, otherwise)
#define SKIP(n) BPF_STMT(BPF_JMP | BPF_JA, n)
#define ASK(what) BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_AD_OFF + (what)))

#define FORWARD(n) FROM_X, ALU(BPF_ADD, n), TO_X

/* Addresses that follow each other are spread evenly. */
#define SPREAD_AND_END ALU(BPF_MUL, 0x9e3779b1), ALU(BPF_RSH, 16), BPF_STMT(BPF_RET | BPF_A, 0)

enum cell { HASH, LABEL, BEGIN };

#define MPLS_LAST_LABEL 0x100
#define PPPOE_HEADER 8
#define PPP_IPV4 0x0021
#define PPP_IPV6 0x0057
#define IPV4_OFFSET 0x1fff
#define IPV6_HEADER 40
#define ICMP_HEADER 8
#define ICMPV4_UNREACHABLE 3
#define ICMPV6_UNREACHABLE 1

/* One tag behind the one that the kernel keeps apart. */
#define TAG                                                                                                  \
	IF_IS(ETHERTYPE_VLAN, 2, 0), IF_IS(ETHERTYPE_QINQ, 1, 0), IF_IS(ETHERTYPE_QINQ_OLD, 0, 6), LOAD16(2), \
		PUT(HASH), FORWARD(4), GET(HASH)

/* One label, where the one before was not the last. */
#define MPLS_LABEL GET(LABEL), IF_SET(MPLS_LAST_LABEL, 5, 0), LOAD32(0), PUT(LABEL), FORWARD(4)

/* The ethertype for one of two numbers. */
#define TYPE_OF(ipv4, ipv6) IF_IS(ipv4, 0, 2), SET(ETHERTYPE_IPV4), SKIP(2), IF_IS(ipv6, 0, 1), SET(ETHERTYPE_IPV6)

#define IPV6_WORD(at) GET_X(BEGIN), LOAD32(at), GET_X(HASH), ALU_X(BPF_XOR), PUT(HASH)

/* What comes in begins behind its Ethernet header, what goes out with it. */
static const struct sock_filter program[] = {
	/* clang-format off */
	ASK(SKF_AD_PKTTYPE),
	IF_IS(PACKET_OUTGOING, 0, 2),
		SET_X((uint32_t)SKF_NET_OFF),
		SKIP(1),
	SET_X(0),
	ASK(SKF_AD_PROTOCOL),

	TAG, TAG, TAG,

	IF_IS(ETHERTYPE_MPLS, 1, 0),
	IF_IS(ETHERTYPE_MPLS_MULTICAST, 0, 37),
		SET(0), PUT(LABEL),
		MPLS_LABEL, MPLS_LABEL, MPLS_LABEL, MPLS_LABEL,
		LOAD8(0), ALU(BPF_RSH, 4),
		TYPE_OF(4, 6),

	IF_IS(ETHERTYPE_PPPOE_SESSION, 0, 11),
		LOAD16(PPPOE_HEADER - 2), PUT(HASH), FORWARD(PPPOE_HEADER), GET(HASH),
		TYPE_OF(PPP_IPV4, PPP_IPV6),

	IF_IS(ETHERTYPE_IPV4, 0, 26),
		LOAD8(9), IF_IS(IP_ICMP, 0, 15),
			LOAD16(6), IF_SET(IPV4_OFFSET, 13, 0),
				PUT_X(BEGIN),
				LOAD8(0), ALU(BPF_AND, 0x0f), ALU(BPF_LSH, 2), ALU_X(BPF_ADD), TO_X,
				LOAD8(0), IF_IS(ICMPV4_UNREACHABLE, 0, 4),
					FORWARD(ICMP_HEADER),
					SKIP(1),
				GET_X(BEGIN),
		LOAD32(12), PUT(HASH), LOAD32(16), TO_X, GET(HASH), ALU_X(BPF_XOR),
		SPREAD_AND_END,

	IF_IS(ETHERTYPE_IPV6, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, 0),
	LOAD8(6), IF_IS(IP_ICMPV6, 0, 5),
		LOAD8(IPV6_HEADER), IF_IS(ICMPV6_UNREACHABLE, 0, 3),
			FORWARD(IPV6_HEADER + ICMP_HEADER),
	PUT_X(BEGIN), SET(0), PUT(HASH),
	IPV6_WORD(8), IPV6_WORD(12), IPV6_WORD(16), IPV6_WORD(20),
	IPV6_WORD(24), IPV6_WORD(28), IPV6_WORD(32), IPV6_WORD(36),
	GET(HASH),
	SPREAD_AND_END,
	/* clang-format on */
};

const struct sock_filter *
fanout_program(unsigned short *length)
{
	*length = sizeof(program) / sizeof(program[0]);
	return program;
}

static bool
begin(int socket, int *group)
{
	const int anew = (PACKET_FANOUT_CBPF | PACKET_FANOUT_FLAG_UNIQUEID) << 16;
	struct sock_fprog data = {.filter = (struct sock_filter *)(uintptr_t)program};
	socklen_t size = sizeof(*group);

	fanout_program(&data.len);
	return setsockopt(socket, SOL_PACKET, PACKET_FANOUT, &anew, sizeof(anew)) == 0 &&
	       setsockopt(socket, SOL_PACKET, PACKET_FANOUT_DATA, &data, sizeof(data)) == 0 &&
	       getsockopt(socket, SOL_PACKET, PACKET_FANOUT, group, &size) == 0;
}

/* A group is named by its number, below what it does. */
bool
fanout_join(int socket, int *group)
{
	if (*group == 0)
		return begin(socket, group);
	return setsockopt(socket, SOL_PACKET, PACKET_FANOUT, group, sizeof(*group)) == 0;
}
