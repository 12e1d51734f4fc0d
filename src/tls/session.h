/* What a TLS stream or a DTLS flow says, gathered into the facts of one handshake after the other. */
#ifndef SRC_TLS_SESSION_H
#define SRC_TLS_SESSION_H

#include "assemble.h"
#include "decided.h"
#include "dissectors/hello.h"
#include "ends.h"
#include "fact.h"
#include "tally.h"

/* What all sessions of a run share. */
struct session_host {
	struct cert_store *certs;
	struct tally *tally;
	uint32_t handshakes; /* ids given so far */
	size_t held[LIMIT_PARTS]; /* by all handshakes that are open, their certificates too, by the parts of their flows */
	bool out_of_memory;
	struct decided decided;
	void (*over)(void *arg, struct handshake *handshake); /* takes it */
	void *arg;
};

struct session;

/* session_begin makes one for a flow in which something like TLS or DTLS was seen; ends must outlive it, and go on saying
 * which directions were seen. session_close ends it: what is open is concluded and given away. when: the last thing that is known
 * of the flow. */
void session_begin(struct session *session, struct session_host *host, const struct ends *ends, bool dtls);
void session_close(struct session *session, struct when when);

/* session_new makes one in memory of its own, NULL when there is none; session_free closes and frees it. */
struct session *session_new(struct session_host *host, const struct ends *ends, bool dtls);
void session_free(struct session *session, struct when when);

/* What was seen, in the order of the wire; dir is 0 or 1. */
void session_message(struct session *session, unsigned dir, const struct message *message, struct when when);
void session_sslv2_client(struct session *session, unsigned dir, const struct client_hello *hello,
			  struct when when);
void session_sslv2_server(struct session *session, unsigned dir, const struct sslv2_server_hello *hello,
			  struct when when);
void session_alert(struct session *session, unsigned dir, struct slice body, struct when when);
void session_fin(struct session *session, unsigned dir, struct when when);
void session_unreachable(struct session *session, uint8_t type, uint8_t code, struct when when);

/* session_rst takes a reset, plain as in stream.h. Where the client resets what is established, what the server
 * may still send reaches nobody: that is over. */
void session_rst(struct session *session, unsigned dir, bool plain, struct when when);

/* session_waits says whether bytes are missing that may still come: what is decided without them may be decided otherwise. */
void session_waits(struct session *session, bool waits);

/* session_settle moves what was learned of these messages (a bit for each enum handshake_type below 32) to the frame
 * in which the record that holds them is whole: that is where Wireshark shows them. */
void session_settle(struct session *session, unsigned dir, uint32_t types, struct when when);

/* session_repeat notes a copy of a DTLS message that was given before. */
void session_repeat(struct session *session, uint8_t type, struct when when);

/* session_hole notes bytes that were never captured; session_lost, that a message was lost in them. */
void session_hole(struct session *session, unsigned dir, const struct hole_fact *hole);
void session_lost(struct session *session, unsigned dir, uint8_t type, const struct hole_fact *hole);

/* session_ccs answers whether what follows in this direction is encrypted: not so for TLS 1.3's dummies. */
bool session_ccs(struct session *session, unsigned dir, struct when when);

/* session_encrypted notes a record that cannot be read: content is its enum tls_content, length its body's. */
void session_encrypted(struct session *session, unsigned dir, uint8_t content, size_t length,
		       struct when when);

/* session_established says whether the handshake that is open is established. */
bool session_established(const struct session *session);

/* session_over says whether nothing more is to be learned from this flow. */
bool session_over(const struct session *session);

/* session_decided fills in, anew, the handshakes that have failed and are not over, as they would be if they were over now. False
 * when out of memory. */
bool session_decided(const struct session_host *host, struct when now, struct decided_copies *out);

/* session_restart closes the handshake that is open: another one begins on the same flow. */
void session_restart(struct session *session, struct when when);

/* session_restarts says whether a ClientHello, a whole one, begins another handshake; session_answers_verify,
 * whether it is the one with the cookie that the HelloVerifyRequest asked for. */
bool session_restarts(const struct session *session, struct slice hello);
bool session_answers_verify(const struct session *session, struct slice hello);

#endif
