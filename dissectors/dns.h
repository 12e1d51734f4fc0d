/* DNS queries and answers over UDP: RFC 1035, RFC 3596. */
#ifndef DISSECTORS_DNS_H
#define DISSECTORS_DNS_H

#include "dis.h"
#include "ip.h"
#include "slice.h"

enum dns_type { DNS_A = 1, DNS_CNAME = 5, DNS_AAAA = 28 };
enum dns_rcode { DNS_NOERROR, DNS_FORMERR, DNS_SERVFAIL, DNS_NXDOMAIN, DNS_NOTIMP, DNS_REFUSED };

#define DNS_NAME_SIZE 1025 /* 255 bytes of a name, each spelt \DDD at the most, and a NUL */

struct dns {
	uint16_t id;
	bool response, truncated;
	uint8_t opcode, rcode;
	uint16_t questions, answers;
	char name[DNS_NAME_SIZE]; /* of the first question, lower case, no dot at its end; "" for the root */
	uint16_t type, class;     /* of the first question */
	struct slice message, rest; /* for dns_answer_next, with what is still to be read of them */
	uint16_t questions_left, answers_left;
};

struct dns_answer {
	char name[DNS_NAME_SIZE]; /* whom it is about */
	uint16_t type;            /* DNS_A, DNS_AAAA and DNS_CNAME are read, others only stepped over */
	uint32_t ttl;
	struct ip_addr ip;          /* DNS_A, DNS_AAAA */
	char target[DNS_NAME_SIZE]; /* DNS_CNAME, else "" */
};

/* dns_dissect reads a message up to its first question; a message with no question, or with another opcode than a
 * query, is DIS_BAD. Bytes of a name that are no letter, digit, '-' or '_' are spelt \DDD. */
enum dis dns_dissect(struct slice message, struct dns *out, struct dis_at *at);

/* dns_answer_next reads the next record of the answer section; DIS_MORE too when there are no more of them. Where it
 * fails, dns stays before that record. */
enum dis dns_answer_next(struct dns *dns, struct dns_answer *out, struct dis_at *at);

#endif
