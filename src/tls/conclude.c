/* How a handshake ended, and what is missing of it. */
#include "conclude.h"

#include "dissectors/alert.h"
#include "dissectors/dtls_record.h"
#include "dissectors/names.h"

/* A ClientHello without an answer for so long is unanswered: OpenSSL repeats its DTLS hello after 1 s, then 2 s. */
#define UNANSWERED_US 3000000

void
damage_add(struct damage *damage, enum missing_what what, enum missing_why why, uint64_t offset,
	   uint64_t length, const char *field)
{
	for (size_t i = 0; i < damage->n; i++)
		if (damage->lost[i].what == what)
			return;
	damage->lost[damage->n++] = (struct missing_fact){
		.what = what, .why = why, .offset = offset, .length = length, .field = field};
}

bool
version_is_tls13(uint16_t version)
{
	return version == 0x0304 || version == DTLS_1_3 || version >> 8 == 0x7f;
}

bool
handshake_is_established(const struct handshake *handshake)
{
	bool client = handshake->encrypted[SIDE_CLIENT].frame != 0;
	bool server = handshake->encrypted[SIDE_SERVER].frame != 0;

	if (version_is_tls13(handshake->server_hello.version))
		return client;
	return (client && server) || handshake->app_data[SIDE_SERVER].frame != 0 ||
	       (handshake->app_data[SIDE_CLIENT].frame != 0 && !handshake->saw[SIDE_SERVER]);
}

/* Whether the server answered the last ClientHello: one that asks for another hello is an answer until that has come. */
static bool
server_answered(const struct handshake *handshake)
{
	bool asked = handshake->hello_retry.at.frame != 0 || handshake->hello_verify.at.frame != 0;
	bool alerted = false;

	for (size_t i = 0; i < handshake->n_alerts; i++)
		alerted = alerted || handshake->alerts[i].from == SIDE_SERVER;
	return alerted || handshake->server_hello.at.frame != 0 || handshake->certs[SIDE_SERVER].at.frame != 0 ||
	       handshake->ccs[SIDE_SERVER].frame != 0 || (asked && handshake->first_hello.at.frame == 0);
}

/* Where one direction was not captured, a close may stand behind a handshake that went well. */
static enum outcome
judge_outcome(const struct handshake *handshake, struct when now)
{
	const struct client_hello_fact *hello = &handshake->client_hello;
	const struct when *fin = handshake->fin, *rst = handshake->rst;
	bool both = handshake->saw[SIDE_CLIENT] && handshake->saw[SIDE_SERVER];
	bool tls13_alert = version_is_tls13(handshake->server_hello.version) &&
			   handshake->encrypted_alert[SIDE_CLIENT].frame != 0;

	if (handshake_is_established(handshake))
		return OUTCOME_ESTABLISHED;
	if (handshake_fatal(handshake) != NULL || tls13_alert)
		return OUTCOME_FAILED;
	if (both && (rst[0].frame != 0 || rst[1].frame != 0))
		return OUTCOME_FAILED;
	if (!server_answered(handshake) && hello->at.frame != 0 && fin[SIDE_SERVER].frame == 0 &&
	    (handshake->dtls || handshake->saw[SIDE_SERVER]) &&
	    (hello->repeats.n > 0 || now.us - hello->at.us >= UNANSWERED_US))
		return OUTCOME_UNANSWERED;
	return both && (fin[0].frame != 0 || fin[1].frame != 0) ? OUTCOME_FAILED : OUTCOME_INCOMPLETE;
}

/* A server that goes to ChangeCipherSpec without a Certificate took up an old session: its id came back, or
 * the client's ticket was good. */
static bool
judge_resumed(const struct handshake *handshake)
{
	const struct client_hello_fact *offer = &handshake->client_hello;
	const struct server_hello_fact *answer = &handshake->server_hello;
	bool echoed = offer->session_id_len > 0 && offer->session_id_len == answer->session_id_len &&
		      memcmp(offer->session_id, answer->session_id, offer->session_id_len) == 0;

	if (answer->at.frame == 0 || version_is_tls13(answer->version) ||
	    handshake->certs[SIDE_SERVER].at.frame != 0 || handshake->server_hello_done.frame != 0 ||
	    handshake->server_key_exchange.frame != 0)
		return false;
	return handshake->ccs[SIDE_SERVER].frame != 0 || (echoed && handshake->dtls);
}

static bool
is_anonymous(const struct handshake *handshake)
{
	const struct cipher_name *cipher = cipher_lookup((uint16_t)handshake->server_hello.cipher);

	return cipher != NULL && (cipher->auth == AUTH_ANON || cipher->auth == AUTH_PSK);
}

static const struct missing_fact *
find_damage(const struct damage *damage, enum missing_what what)
{
	for (size_t i = 0; i < damage->n; i++)
		if (damage->lost[i].what == what)
			return &damage->lost[i];
	return NULL;
}

/* Why a message is not there when nothing on the wire was harmed. */
static enum missing_why
plain_reason(const struct handshake *handshake, enum missing_what what)
{
	enum side sender = what == MISSING_CLIENT_HELLO || what == MISSING_CLIENT_CERTIFICATES ? SIDE_CLIENT
											      : SIDE_SERVER;

	if (what == MISSING_SERVER_CERTIFICATES && handshake->server_hello.at.frame != 0) {
		if (version_is_tls13(handshake->server_hello.version))
			return WHY_TLS13_ENCRYPTED;
		if (is_anonymous(handshake))
			return WHY_ANONYMOUS;
		if (handshake->resumed)
			return WHY_RESUMED;
	}
	if (!handshake->saw[sender])
		return WHY_ONE_DIRECTION;
	if (!handshake->from_start && handshake->client_hello.at.frame == 0)
		return WHY_NOT_SEEN_FROM_START;
	if (handshake->outcome == OUTCOME_INCOMPLETE)
		return WHY_CAPTURE_END;
	return handshake->outcome == OUTCOME_ESTABLISHED ? WHY_NOT_SEEN_FROM_START : WHY_NOT_SENT;
}

/* False when out of memory. */
static bool
add_missing(struct handshake *handshake, const struct damage *damage, enum missing_what what)
{
	const struct missing_fact *harmed = find_damage(damage, what);

	if (harmed != NULL)
		return handshake_add_missing(handshake, *harmed);
	return handshake_add_missing(handshake,
				     (struct missing_fact){.what = what, .why = plain_reason(handshake, what)});
}

/* Whether a side's certificates are missing, or not whole. */
static bool
lacks_certs(const struct handshake *handshake, const struct damage *damage, enum side side)
{
	if (side == SIDE_SERVER)
		return handshake->certs[side].n == 0 || find_damage(damage, MISSING_SERVER_CERTIFICATES) != NULL;
	return find_damage(damage, MISSING_CLIENT_CERTIFICATES) != NULL ||
	       (handshake->cert_request.at.frame != 0 && handshake->certs[side].at.frame == 0);
}

bool
conclude(struct handshake *handshake, const struct damage *damage, struct when now)
{
	bool lacks[MISSING_WHATS] = {
		[MISSING_CLIENT_HELLO] = handshake->client_hello.at.frame == 0,
		[MISSING_SERVER_HELLO] = handshake->server_hello.at.frame == 0,
		[MISSING_SERVER_CERTIFICATES] = lacks_certs(handshake, damage, SIDE_SERVER),
		[MISSING_CLIENT_CERTIFICATES] = lacks_certs(handshake, damage, SIDE_CLIENT),
	};

	handshake->outcome = judge_outcome(handshake, now);
	handshake->resumed = judge_resumed(handshake);
	for (unsigned what = 0; what < MISSING_WHATS; what++)
		if (lacks[what] && !add_missing(handshake, damage, what))
			return false;
	return true;
}
