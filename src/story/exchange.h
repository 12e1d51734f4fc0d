/* One file asked for by TFTP: what its datagrams say, and how it ended.
 *
 * Its data counts from the port that answers first, or from any while the client has not answered one; from then on from
 * that one alone, for a server that got the request twice answers both. Where the client asks again after that, it may
 * begin anew from another port. */
#ifndef SRC_STORY_EXCHANGE_H
#define SRC_STORY_EXCHANGE_H

#include "blocks.h"

enum exchange_end {
	END_SAID,    /* its datagrams say so */
	END_SILENT,  /* nothing came for LIMIT_TRANSFER_SECONDS */
	END_LEFT,    /* its client began another on the same port */
	END_CAPTURE, /* the capture is over, or it is given up at a limit */
};

struct exchange {
	struct story_host *host;
	struct event *event;
	struct blocks blocks;
	struct ip_addr peer; /* the server's address that answers, which may be another than the one that was asked */
	struct when asked;   /* the last time */
	bool settled;        /* the client has answered the data port */
	bool asked_again;    /* since it did */
	bool heard;          /* anything of the server's */
	bool unwanted;       /* ICMP said that nobody takes the server's */
	bool turned_down;    /* the server's ERROR came before any block */
	/* the table's */
	struct exchange *next; /* of the same bucket */
	struct exchange *newer, *older;
	size_t held;
};

/* What a datagram is, as far as the exchange asks. */
struct exchange_datagram {
	bool from_server;
	struct ip_addr server;
	uint16_t server_port;
	struct tftp tftp;
	size_t missing; /* bytes that the capture cut off its end */
};

/* exchange_begin begins with a request; event is its, and becomes the exchange's. */
void exchange_begin(struct exchange *exchange, struct story_host *host, struct event *event, const struct tftp *request,
		    struct when now);

/* exchange_ask_again takes a copy of the request. */
void exchange_ask_again(struct exchange *exchange, uint16_t client_port, struct when now);

/* exchange_datagram takes any other datagram of it. True: it is over. */
bool exchange_datagram(struct exchange *exchange, const struct exchange_datagram *datagram, struct when now);

/* exchange_unreachable takes ICMP's word that nobody takes what this side sent. */
void exchange_unreachable(struct exchange *exchange, enum side from, const struct icmp_header *icmp, struct when now);

/* exchange_end says how it ended and gives the event to the host; the exchange holds nothing any more. */
void exchange_end(struct exchange *exchange, enum exchange_end why, struct when now);

/* exchange_clear lets go of what it holds, and gives nothing. */
void exchange_clear(struct exchange *exchange);

#endif
