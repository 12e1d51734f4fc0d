/* What a phone says and is told before its handshake, each with the frames that prove it. Events are facts, as
 * handshakes are (tls/fact.h): they have no opinion, and do not change once they are given. */
#ifndef SRC_STORY_EVENT_H
#define SRC_STORY_EVENT_H

#include "dissectors/dhcp.h"
#include "dissectors/dns.h"
#include "tls/fact.h"
#include "trust/phone_file.h"

enum event_kind {
	EVENT_ANNOUNCEMENT, /* CDP or LLDP */
	EVENT_LEASE,        /* one DHCP message */
	EVENT_TRANSFER,     /* a file asked for by TFTP or HTTP */
	EVENT_LOOKUP,       /* a name asked for by DNS */
	EVENT_PING,         /* ICMP echo */
	EVENT_KNOCK,        /* a TCP connection that never came to be */
};

/* Who somebody says he is. Texts are escaped; NULL: not said; and so in all below. */
struct announcement {
	bool lldp;
	char *name;     /* CDP device id, LLDP system name */
	char *model;    /* CDP platform, LLDP-MED model, else LLDP system description */
	char *software, *port, *serial;
	char *chassis;  /* LLDP chassis id, as text */
	bool phone;     /* its capabilities say so */
	bool has_ip;
	struct ip_addr ip;
	int32_t voice_vlan, native_vlan; /* -1 */
};

struct lease {
	bool reply;
	uint8_t type; /* enum dhcp_type */
	uint32_t xid;
	uint8_t mac[6]; /* chaddr; the client's */
	bool has_mac;
	struct ip_addr client, yours, requested, server, next_server, relay; /* zero: not said */
	char *host_name, *vendor_class, *tftp_name, *boot_server, *boot_file;
	struct ip_addr tftp[DHCP_MAX_SERVERS];
	size_t n_tftp;
	bool option_66, option_150;
};

enum transfer_outcome {
	TRANSFER_DONE,
	TRANSFER_REFUSED,    /* an ERROR, or a status that is no success */
	TRANSFER_UNANSWERED, /* nothing came back */
	TRANSFER_BROKEN,     /* begun, then nothing more came, or one side gave up */
	TRANSFER_INCOMPLETE, /* the capture does not show the end, or not all of it */
};

struct transfer {
	bool http, write; /* write: to the server */
	enum transfer_outcome outcome;
	char *file; /* as asked for; without HTTP's leading slash */
	char *mode; /* TFTP; HTTP's method */
	struct repeats asked; /* copies of the request, the first left out */
	struct when answered; /* the first answer; frame 0: none; and so in all below */
	struct when refused;  /* the ERROR, or the status line */
	unsigned code;        /* of it; HTTP: the status of any answer */
	char *message;
	struct when unreachable; /* ICMP said that nobody takes the request */
	uint8_t unreachable_type, unreachable_code;
	uint64_t size;      /* bytes of the file that came */
	bool has_told_size; /* tsize, Content-Length */
	uint64_t told_size;
	unsigned block_size, window; /* TFTP */
	uint64_t repeats;            /* blocks that came again */
	uint16_t data_port;          /* the server's for the data, TFTP */
	struct phone_file *content; /* configurations and trust lists; NULL: of another kind, or nothing came */
};

struct lookup {
	char *name; /* lower case */
	uint16_t type; /* enum dns_type, or another */
	struct repeats asked; /* copies of the query, the first left out */
	struct when answered;
	uint8_t rcode;
	bool truncated; /* the answer says that there is more, which the client may ask for over TCP */
	struct ip_addr ips[LIMIT_ANSWERS];
	size_t n_ips;
	char *alias; /* the last CNAME's target */
	struct when unreachable;
};

struct ping {
	struct repeats asked; /* requests without the first */
	struct when answered; /* the first reply */
};

struct knock_fact {
	struct repeats asked; /* SYNs, the first left out */
	struct when refused;  /* RST */
	struct when unreachable; /* ICMP */
	uint8_t unreachable_type, unreachable_code;
};

struct event {
	enum event_kind kind;
	struct when at;    /* its first frame */
	struct when last;  /* its last one */
	int64_t again_us;  /* when an announcement that says the same came last; 0: none did */
	struct endpoint client; /* who announces, leases, asks; ip zero where it has none yet */
	struct endpoint server; /* zero: none; ports 0 where there are none */
	uint16_t vlan[LINK_MAX_VLANS];
	size_t vlans;
	union {
		struct announcement announcement;
		struct lease lease;
		struct transfer transfer;
		struct lookup lookup;
		struct ping ping;
		struct knock_fact knock;
	};
};

/* event_new makes an empty one; NULL when out of memory. */
struct event *event_new(enum event_kind kind);
void event_free(struct event *event);

/* event_weight gives the bytes that it holds, certificates left out. */
size_t event_weight(const struct event *event);

/* event_says_the_same says whether two announcements say the same of the same speaker. */
bool event_says_the_same(const struct event *a, const struct event *b);

/* lookup_is_for says whether a look-up is one for this host: by its name, or with a search domain behind it. */
bool lookup_is_for(const struct lookup *lookup, const char *host);

/* ip_is_set says whether an address is not all zero. */
bool ip_is_set(const struct ip_addr *ip);

/* Static names: "done", "refused", "unanswered", "broken", "incomplete". */
const char *transfer_outcome_name(enum transfer_outcome outcome);

#endif
