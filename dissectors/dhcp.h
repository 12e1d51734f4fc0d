/* DHCP and BOOTP for IPv4: RFC 2131, RFC 2132, RFC 3396 (long options), RFC 5859 (option 150). */
#ifndef DISSECTORS_DHCP_H
#define DISSECTORS_DHCP_H

#include "dis.h"
#include "ip.h"
#include "slice.h"

enum dhcp_type {
	DHCP_NONE, /* BOOTP */
	DHCP_DISCOVER,
	DHCP_OFFER,
	DHCP_REQUEST,
	DHCP_DECLINE,
	DHCP_ACK,
	DHCP_NAK,
	DHCP_RELEASE,
	DHCP_INFORM,
};

#define DHCP_MAX_SERVERS 8 /* of option 150: phones take two */

/* Addresses are mapped IPv4; 0.0.0.0 and those that were not said are all zero bytes. Texts not said are empty, with
 * trailing NULs cut off. */
struct dhcp {
	bool reply; /* op 2, of the server */
	uint8_t type; /* enum dhcp_type, or a later one */
	uint32_t xid;
	bool has_mac; /* an Ethernet address as chaddr */
	uint8_t mac[6];
	struct ip_addr client; /* ciaddr: the address it has already, in a renewal */
	struct ip_addr yours, next_server, relay; /* yiaddr, siaddr, giaddr */
	struct slice boot_server, boot_file; /* sname and file, where they hold no options */
	struct ip_addr requested; /* option 50 */
	struct ip_addr server;    /* option 54 */
	struct slice host_name;    /* option 12 */
	struct slice vendor_class; /* option 60: "Cisco Systems, Inc. IP Phone CP-8861" */
	struct slice tftp_name;    /* option 66 as text; empty where it was four raw bytes */
	struct ip_addr tftp[DHCP_MAX_SERVERS]; /* option 150 as addresses or as text, else option 66's four raw bytes or
						* its text where that is an address */
	size_t n_tftp;
	bool option_66, option_150; /* they were there at all */
};

/* dhcp_dissect reads a UDP datagram of port 67 or 68. An option of a wrong length counts as not said; of an option that
 * comes in pieces (RFC 3396), the first piece counts. Where it fails, out has what came before. */
enum dis dhcp_dissect(struct slice datagram, struct dhcp *out, struct dis_at *at);

/* dhcp_type_name names a message type: "DISCOVER"; "BOOTP" for DHCP_NONE, NULL where unknown. */
const char *dhcp_type_name(uint8_t type);

#endif
