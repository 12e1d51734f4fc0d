/* A fanout group: packet sockets of one interface, among which the kernel shares out the frames, each to one of them. Which one,
 * a program in classic BPF says, by what it says modulo how many they are:
 *
 *   IP          the two addresses, either way round, and nothing else: fragments have no ports, and a phone's TLS and DTLS stay
 *               together. It is looked for behind tags, MPLS labels and PPPoE; of a tunnel the outer pair counts.
 *   ICMP        that cannot deliver something: the addresses of what it quotes, so that it comes to who follows that.
 *   all else    CDP, LLDP, ARP and whatever is cut within its addresses: the first one's. */
#ifndef SRC_CAPTURE_FANOUT_H
#define SRC_CAPTURE_FANOUT_H

#include <stdbool.h>
#include <stddef.h>

struct sock_filter; /* of <linux/filter.h>; libpcap's struct bpf_insn is the same */

/* fanout_program gives the program. Its first FANOUT_ASKS instructions ask the kernel: those behind them want the ethertype in A, and in X
 * where what it names begins. */
#define FANOUT_ASKS 6
const struct sock_filter *fanout_program(unsigned short *length);

/* fanout_join makes a socket a member of a group, as its next one; 0 is a new group, whose name is then there. False and errno. */
bool fanout_join(int socket, int *group);

#endif
