/* The DTLS datagrams of one UDP flow. */
#include "dtls.h"

#include <stdlib.h>

#include "dissectors/dtls_record.h"
#include "session_room.h"

struct dtls {
	struct assembly_budget *budget;
	struct ends ends;
	struct dtls_assembly assembly[2]; /* by direction */
	struct when last; /* what came of this flow */
	struct session session;
};

/* What a finished message is given with. */
struct giving {
	struct dtls *dtls;
	unsigned dir;
	struct when when;
};

struct dtls *
dtls_new(struct session_host *host, struct assembly_budget *budget, const struct ends *ends)
{
	struct dtls *dtls = malloc(sizeof(*dtls));

	if (dtls == NULL) {
		host->out_of_memory = true;
		return NULL;
	}
	memset(dtls, 0, offsetof(struct dtls, session));
	dtls->budget = budget;
	dtls->ends = *ends;
	session_begin(&dtls->session, host, &dtls->ends, true);
	return dtls;
}

static void
give_message(void *arg, const struct message *message)
{
	struct giving *giving = arg;
	session_message(&giving->dtls->session, giving->dir, message, giving->when);
}

/* What never became whole is given with its gaps: a certificate before a lost fragment is still one. */
static void
give_up_waiting(struct dtls *dtls, struct when when)
{
	for (unsigned dir = 0; dir < 2; dir++) {
		struct giving giving = {dtls, dir, when};
		dtls_assembly_waiting(&dtls->assembly[dir], dtls->budget, give_message, &giving);
	}
}

void
dtls_free(struct dtls *dtls, struct when when)
{
	if (dtls == NULL)
		return;
	give_up_waiting(dtls, dtls->last);
	session_close(&dtls->session, when);
	free(dtls);
}

/* A ClientHello with another random begins another handshake; numbering starts anew. */
static void
restart(struct dtls *dtls, struct when when)
{
	give_up_waiting(dtls, when);
	for (unsigned dir = 0; dir < 2; dir++)
		dtls_assembly_clear(&dtls->assembly[dir], dtls->budget);
	session_restart(&dtls->session, when);
}

static void
on_fragment(struct dtls *dtls, unsigned dir, const struct handshake_header *header, struct slice fragment,
	    struct when when)
{
	struct giving giving = {dtls, dir, when};
	bool is_hello = header->type == HS_CLIENT_HELLO && header->frag_length == header->length;
	struct message hello;

	if (is_hello && session_restarts(&dtls->session, fragment))
		restart(dtls, when);
	switch (dtls_assembly_add(&dtls->assembly[dir], header, fragment, dtls->budget, give_message,
				  &giving)) {
	case DTLS_AGAIN:
		/* Some stacks count messages by flight: what answers a HelloVerifyRequest is no copy. */
		if (is_hello && session_answers_verify(&dtls->session, fragment)) {
			message_whole(&hello, HS_CLIENT_HELLO, fragment);
			give_message(&giving, &hello);
		} else if (header->frag_offset + header->frag_length == header->length) {
			session_repeat(&dtls->session, header->type, when);
		}
		break;
	case DTLS_WAITING:
	case DTLS_WHOLE:
	case DTLS_REFUSED:
		break;
	}
}

static void
on_handshake(struct dtls *dtls, unsigned dir, struct slice body, struct when when)
{
	struct handshake_header header;
	struct slice fragment;
	struct dis_at at;

	while (body.n > 0) {
		if (handshake_header(&body, true, &header, &at) != DIS_OK ||
		    !handshake_type_known(header.type) || !slice_take(&body, header.frag_length, &fragment))
			return;
		on_fragment(dtls, dir, &header, fragment, when);
	}
}

static void
on_record(struct dtls *dtls, unsigned dir, const struct dtls_record *record, struct when when)
{
	struct session *session = &dtls->session;

	if (record->epoch > 0) {
		session_encrypted(session, dir, record->type, record->body.n, when);
		return;
	}
	switch (record->type) {
	case TLS_HANDSHAKE:
		on_handshake(dtls, dir, record->body, when);
		break;
	case TLS_ALERT:
		session_alert(session, dir, record->body, when);
		break;
	case TLS_CHANGE_CIPHER_SPEC:
		session_ccs(session, dir, when);
		break;
	default:
		break;
	}
}

void
dtls_datagram(struct dtls *dtls, unsigned dir, struct slice datagram, bool cut, struct when when)
{
	struct dtls_record record;
	struct dis_at at;
	size_t whole = datagram.n;
	enum dis dis;

	dtls->last = when;
	dtls->ends.saw[dir] = true;
	while ((dis = dtls_record_next(&datagram, &record, &at)) == DIS_OK)
		on_record(dtls, dir, &record, when);
	if (dis == DIS_MORE && cut)
		session_hole(&dtls->session, dir,
			     &(struct hole_fact){.at = when,
						 .offset = whole - datagram.n,
						 .length = datagram.n,
						 .cut = true,
						 .message = 255});
}

void
dtls_unreachable(struct dtls *dtls, uint8_t type, uint8_t code, struct when when)
{
	dtls->last = when;
	session_unreachable(&dtls->session, type, code, when);
}

uint64_t
dtls_last(const struct dtls *dtls)
{
	return dtls->last.frame;
}

bool
dtls_done(const struct dtls *dtls)
{
	return session_over(&dtls->session);
}

bool
dtls_settled(const struct dtls *dtls)
{
	return session_established(&dtls->session);
}
