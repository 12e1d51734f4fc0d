/* A TLS connection on the wire: TCP, and two real OpenSSL ends that talk over it. */
#ifndef LAB_TALK_H
#define LAB_TALK_H

#include "end.h"

/* Who speaks CDP on this wire, and when next. */
#define LAB_SPEAKERS 4
struct speaker {
	const struct device *device; /* announce.h */
	const struct host *at;	     /* NULL: it has no address yet */
	uint64_t due;
};

/* One capture in the making. */
struct lab {
	struct frames frames;
	const char *dir, *name;
	unsigned connections; /* made so far: each gets a port of its own */
	bool pcapng;
	size_t cut; /* bytes to cut off the end of the file */
	struct speaker speakers[LAB_SPEAKERS];
	size_t n_speakers;
};

struct talk {
	struct lab *lab;
	struct tcp tcp;
	struct end end[2];
	bool has_failed;
	enum side failed; /* who gave up first */
	/* reframe changes what the wire shows of one side's flight; NULL: nothing. */
	void (*reframe)(enum side from, struct bytes *flight);
};

/* talk_open makes the ends and puts the TCP handshake on the wire. */
void talk_open(struct talk *talk, struct lab *lab, const struct party *client,
	       const struct party *server);

/* talk_bytes and talk_plain put on the wire what no OpenSSL has written. */
void talk_bytes(struct talk *talk, enum side from, const void *p, size_t n);
void talk_plain(struct talk *talk, enum side from, const char *text);

/* talk_handshake lets both ends talk until neither has more to say; true when both are up. */
bool talk_handshake(struct talk *talk);

/* talk_say sends application data. */
void talk_say(struct talk *talk, enum side from, const char *text);

/* talk_deliver puts on the wire, and gives to the other side, what one side's OpenSSL has written.
 */
void talk_deliver(struct talk *talk, enum side from);

/* talk_close ends the connection as its state asks for: politely, or as the refusing party does it.
 */
void talk_close(struct talk *talk);

/* talk_start opens a connection and runs its handshake. */
bool talk_start(struct talk *talk, struct lab *lab, const struct party *client,
		const struct party *server);

/* talk_all does the whole of it: handshake, and the end. */
void talk_all(struct lab *lab, const struct party *client, const struct party *server);

#endif
