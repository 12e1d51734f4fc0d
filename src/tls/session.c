/* What a TLS stream or a DTLS flow says, gathered into the facts of one handshake after the other. */
#include "session_room.h"

#include <stdlib.h>

#include "dissectors/alert.h"
#include "dissectors/tls_record.h"

/* Encrypted records looked at behind a finished handshake, for the first application data or an alert. */
#define RECORDS_AFTER 8

/* TLS 1.3's encrypted alert: 2 bytes, 1 of content type, 16 of tag (RFC 8446 section 5.2). A Finished is longer. */
#define TLS13_ALERT_LENGTH 19

void
session_begin(struct session *session, struct session_host *host, const struct ends *ends, bool dtls)
{
	memset(session, 0, offsetof(struct session, damage.lost));
	session->host = host;
	session->ends = ends;
	session->dtls = dtls;
	session->client_dir = -1;
}

struct session *
session_new(struct session_host *host, const struct ends *ends, bool dtls)
{
	struct session *session = malloc(sizeof(*session));

	if (session == NULL) {
		host->out_of_memory = true;
		return NULL;
	}
	session_begin(session, host, ends, dtls);
	return session;
}

/* Who is the client where no hello told: who opened the connection, else whoever has the higher port. */
static unsigned
client_dir(const struct session *session)
{
	if (session->client_dir >= 0)
		return (unsigned)session->client_dir;
	if (session->ends->opener >= 0)
		return (unsigned)session->ends->opener;
	return session->ends->end[0].port < session->ends->end[1].port;
}

enum side
session_side(const struct session *session, unsigned dir)
{
	return dir == client_dir(session) ? SIDE_CLIENT : SIDE_SERVER;
}

struct handshake *
session_open(struct session *session, struct when when)
{
	struct handshake *handshake = session->handshake;

	if (handshake == NULL) {
		handshake = handshake_new();
		if (handshake == NULL) {
			session->host->out_of_memory = true;
			return NULL;
		}
		handshake->id = ++session->host->handshakes;
		handshake->dtls = session->dtls;
		handshake->first = when;
		session->handshake = handshake;
		session->damage.n = 0;
		session->records_after = 0;
		session->over = false;
	}
	handshake->last = when;
	return handshake;
}

static void
note_seen(const struct session *session, struct handshake *handshake)
{
	for (unsigned dir = 0; dir < 2; dir++)
		handshake->saw[session_side(session, dir)] = session->ends->saw[dir];
}

void
session_weigh(struct session *session)
{
	const struct handshake *handshake = session->handshake;
	size_t *held = &session->host->held[session->ends->part];

	*held -= session->weight;
	session->weight = 0;
	if (handshake != NULL)
		session->weight = handshake_weight(handshake) + handshake_certs_weight(handshake);
	*held += session->weight;
}

/* What the flow and its end say of a handshake. False when out of memory. */
static bool
complete(const struct session *session, struct handshake *handshake, struct when when)
{
	unsigned client = client_dir(session);

	handshake->client = session->ends->end[client];
	handshake->server = session->ends->end[!client];
	handshake->roles_known = session->client_dir >= 0 || session->ends->opener >= 0;
	handshake->vlans = session->ends->vlans;
	memcpy(handshake->vlan, session->ends->vlan, sizeof(handshake->vlan));
	handshake->from_start = session->ends->from_start;
	note_seen(session, handshake);
	for (unsigned dir = 0; dir < 2; dir++) {
		handshake->fin[session_side(session, dir)] = session->fin[dir];
		handshake->rst[session_side(session, dir)] = session->rst[dir];
	}
	return conclude(handshake, &session->damage, when);
}

void
session_close(struct session *session, struct when when)
{
	struct handshake *handshake = session->handshake;
	struct tally *tally = session->host->tally;

	if (handshake == NULL)
		return;
	decided_remove(&session->host->decided, session);
	session->handshake = NULL;
	session_weigh(session);
	if (!complete(session, handshake, when))
		session->host->out_of_memory = true;
	tally->handshakes++;
	if (handshake->dtls)
		tally->dtls++;
	else
		tally->tls++;
	handshake = handshake_pack(handshake);
	if (handshake == NULL)
		session->host->out_of_memory = true;
	else
		session->host->over(session->host->arg, handshake);
}

bool
session_decided(const struct session_host *host, struct when now, struct decided_copies *out)
{
	bool done = true;

	decided_copies_clear(out);
	for (size_t i = 0; i < LIMIT_DECIDED; i++) {
		const struct session *session = host->decided.list[i];
		struct handshake *copy = &out->list[out->n];

		if (session == NULL || session->waits)
			continue;
		*copy = *session->handshake;
		done = complete(session, copy, now) && done;
		if (copy->outcome == OUTCOME_FAILED)
			out->n++;
		else
			free(copy->missing);
	}
	return done;
}

/* Something has ended the handshake that is open, if there is one. */
static void
decide(struct session *session)
{
	if (session->handshake != NULL)
		decided_add(&session->host->decided, session);
}

void
session_free(struct session *session, struct when when)
{
	if (session == NULL)
		return;
	session_close(session, when);
	free(session);
}

static void
end_handshake(struct session *session, struct when when)
{
	session_close(session, when);
	session->over = true;
}

void
session_restart(struct session *session, struct when when)
{
	session_close(session, when);
	session->over = false;
}

void
session_alert(struct session *session, unsigned dir, struct slice body, struct when when)
{
	struct handshake *handshake;
	struct alert_fact fact;
	struct alert alert;
	struct dis_at at;

	if (alert_dissect(body, &alert, &at) != DIS_OK) {
		session_encrypted(session, dir, TLS_ALERT, body.n, when);
		return;
	}
	handshake = session_open(session, when);
	fact = (struct alert_fact){
		.at = when, .from = session_side(session, dir), .level = alert.level, .code = alert.code};
	if (handshake != NULL && !handshake_add_alert(handshake, fact))
		session->host->out_of_memory = true;
	if (alert.level == ALERT_FATAL)
		decide(session);
}

/* A ChangeCipherSpec of TLS 1.3 is a dummy (RFC 8446 appendix D.4): so is one beside a HelloRetryRequest,
 * and one of a client that offered TLS 1.3 and has no answer yet (early data). */
static bool
ccs_is_dummy(const struct handshake *handshake, enum side side)
{
	const struct server_hello_fact *answer = &handshake->server_hello;

	if (answer->at.frame != 0)
		return version_is_tls13(answer->version);
	return handshake->hello_retry.at.frame != 0 ||
	       (side == SIDE_CLIENT && handshake->client_hello.n_versions > 0);
}

bool
session_ccs(struct session *session, unsigned dir, struct when when)
{
	struct handshake *handshake = session->handshake;
	enum side side = session_side(session, dir);

	if (handshake == NULL)
		return true;
	handshake->last = when;
	if (ccs_is_dummy(handshake, side))
		return false;
	if (handshake->ccs[side].frame == 0)
		handshake->ccs[side] = when;
	return true;
}

static void
set_once(struct when *what, struct when when)
{
	if (what->frame == 0)
		*what = when;
}

/* TLS 1.3 hides the type of what it encrypts; length and order still tell a Finished from an alert. */
static void
on_hidden_record(struct handshake *handshake, enum side side, size_t length, struct when when)
{
	if (handshake->encrypted[side].frame != 0) {
		if (side == SIDE_CLIENT)
			set_once(&handshake->app_data[side], when);
	} else if (side == SIDE_CLIENT && length <= TLS13_ALERT_LENGTH) {
		set_once(&handshake->encrypted_alert[side], when);
	} else {
		handshake->encrypted[side] = when;
	}
}

/* A client may send data before the server's Finished has come (False Start, RFC 7918): that is waited for. */
static bool
is_enough(struct session *session, const struct handshake *handshake)
{
	bool established = handshake_is_established(handshake), data = handshake->app_data[SIDE_CLIENT].frame != 0;

	return (established && data) || ((established || data) && ++session->records_after >= RECORDS_AFTER);
}

void
session_encrypted(struct session *session, unsigned dir, uint8_t content, size_t length, struct when when)
{
	struct handshake *handshake = session->handshake;
	enum side side = session_side(session, dir);

	if (handshake == NULL) {
		session->over = !session->dtls;
		return;
	}
	handshake->last = when;
	if (content == TLS_ALERT)
		set_once(&handshake->encrypted_alert[side], when);
	else if (content == TLS_HANDSHAKE)
		set_once(&handshake->encrypted[side], when);
	else if (version_is_tls13(handshake->server_hello.version))
		on_hidden_record(handshake, side, length, when);
	else if (handshake->ccs[side].frame != 0)
		set_once(&handshake->app_data[side], when);
	note_seen(session, handshake);
	if (handshake->encrypted_alert[SIDE_CLIENT].frame != 0)
		decide(session);
	if (is_enough(session, handshake))
		end_handshake(session, when);
}

void
session_hole(struct session *session, unsigned dir, const struct hole_fact *hole)
{
	struct hole_fact fact = *hole;

	fact.from = session_side(session, dir);
	session->host->tally->holes++;
	session->host->tally->hole_bytes += hole->length;
	if (session->handshake != NULL && !handshake_add_hole(session->handshake, fact))
		session->host->out_of_memory = true;
}

void
session_lost(struct session *session, unsigned dir, uint8_t type, const struct hole_fact *hole)
{
	enum side side = session_side(session, dir);
	enum missing_what what;

	if (type == HS_CLIENT_HELLO)
		what = MISSING_CLIENT_HELLO;
	else if (type == HS_SERVER_HELLO)
		what = MISSING_SERVER_HELLO;
	else if (type == HS_CERTIFICATE && side == SIDE_CLIENT)
		what = MISSING_CLIENT_CERTIFICATES;
	else if (type == HS_CERTIFICATE)
		what = MISSING_SERVER_CERTIFICATES;
	else
		return;
	damage_add(&session->damage, what, hole->cut ? WHY_CUT : WHY_HOLE, hole->offset, hole->length, NULL);
}

void
session_fin(struct session *session, unsigned dir, struct when when)
{
	set_once(&session->fin[dir], when);
	decide(session);
	if (session->fin[!dir].frame != 0)
		end_handshake(session, when);
}

void
session_rst(struct session *session, unsigned dir, bool plain, struct when when)
{
	const struct handshake *handshake = session->handshake;

	set_once(&session->rst[dir], when);
	decide(session);
	if (plain && handshake != NULL && handshake_is_established(handshake) && dir == client_dir(session))
		end_handshake(session, when);
}

void
session_unreachable(struct session *session, uint8_t type, uint8_t code, struct when when)
{
	struct handshake *handshake = session->handshake;

	if (handshake == NULL || handshake->unreachable.frame != 0)
		return;
	handshake->unreachable = when;
	handshake->unreachable_type = type;
	handshake->unreachable_code = code;
	handshake->last = when;
}

void
session_waits(struct session *session, bool waits)
{
	if (session->waits && !waits && session->handshake != NULL)
		session->host->decided.news = true;
	session->waits = waits;
}

bool
session_established(const struct session *session)
{
	return session->handshake != NULL && handshake_is_established(session->handshake);
}

bool
session_over(const struct session *session)
{
	return session->over;
}
