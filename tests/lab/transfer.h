/* Files on their way to a phone, by TFTP and by HTTP, with what can go wrong. */
#ifndef LAB_TRANSFER_H
#define LAB_TRANSFER_H

#include "announce.h"

/* A file that is asked for by TFTP. */
struct download {
	const struct host *client, *server;
	const char *file;
	const struct bytes *content; /* NULL: there is no such file */
	unsigned block_size, window; /* options; 0: not asked for */
	bool asks_size;		     /* option tsize */
	unsigned lost;		     /* this block does not come the first time */
	unsigned repeated;	     /* this one comes twice */
	unsigned stops;		     /* with this one the server falls silent */
};

/* tftp_get asks for a file, and gets it or the error that it is not there. */
void tftp_get(struct lab *lab, const struct download *download);

/* tftp_unanswered asks times in all, some seconds apart. */
void tftp_unanswered(struct lab *lab, const struct download *download, unsigned times);

/* tftp_unreachable does so too, and is told by ICMP each time that nobody is at that port. */
void tftp_unreachable(struct lab *lab, const struct download *download, unsigned times);

/* web_open connects to a server's port 6970. */
void web_open(struct tcp *tcp, struct lab *lab, const struct host *client,
	      const struct host *server);

/* web_get asks for a file as a phone does; content NULL: there is no such file. */
void web_get(struct tcp *tcp, const char *file, const struct bytes *content);

/* web_close ends the connection. */
void web_close(struct tcp *tcp);

#endif
