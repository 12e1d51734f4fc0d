/* The handshakes of one visit as people read them. */
#include "text_handshake.h"

#include <inttypes.h>
#include <string.h>

#include "dissectors/alert.h"
#include "dissectors/hello.h"
#include "dissectors/names.h"
#include "format.h"
#include "text_cert.h"

/* Frame ranges listed of handshakes that are folded; the rest is counted. */
enum { RANGES_SHOWN = 12 };

const char *
text_missing(enum missing_why why)
{
	static const char *const words[] = {
		[WHY_RESUMED] = "the session was resumed",
		[WHY_TLS13_ENCRYPTED] = "TLS 1.3 encrypts it",
		[WHY_HOLE] = "bytes of it are missing in the capture",
		[WHY_CUT] = "the snap length cut it off",
		[WHY_NOT_SEEN_FROM_START] = "the capture does not show the beginning",
		[WHY_ANONYMOUS] = "the cipher does without",
		[WHY_ONE_DIRECTION] = "the capture shows the other side only",
		[WHY_NOT_SENT] = "it was never sent",
		[WHY_CAPTURE_END] = "the capture ends before it",
		[WHY_LIMIT] = "it was given up at a limit",
		[WHY_MALFORMED] = "it cannot be read",
	};
	return words[why];
}

/* Something that ends a connection, without saying why. */
struct ending {
	uint64_t frame; /* 0: none */
	enum side from;
	const char *what;
};

static void
take_earlier(struct ending *ending, const struct when at[2], const char *what)
{
	for (unsigned side = 0; side < 2; side++)
		if (at[side].frame != 0 && (ending->frame == 0 || at[side].frame < ending->frame))
			*ending = (struct ending){at[side].frame, (enum side)side, what};
}

static struct ending
first_ending(const struct handshake *handshake)
{
	struct ending ending = {.what = ""};

	take_earlier(&ending, handshake->encrypted_alert, "sent an encrypted alert");
	take_earlier(&ending, handshake->fin, "closed the connection");
	take_earlier(&ending, handshake->rst, "reset the connection");
	return ending;
}

static bool
same_leaf(const struct handshake *a, const struct handshake *b, enum side side)
{
	const struct cert *one = handshake_leaf(a, side), *other = handshake_leaf(b, side);

	if (one == NULL || other == NULL)
		return one == other;
	return memcmp(one->sha256, other->sha256, SHA256_SIZE) == 0;
}

static bool
same_failure(const struct handshake *a, const struct handshake *b)
{
	const struct alert_fact *one = handshake_fatal(a), *other = handshake_fatal(b);
	struct ending ending = first_ending(a), another = first_ending(b);

	if (one != NULL && other != NULL)
		return one->from == other->from && one->code == other->code;
	return one == other && ending.from == another.from &&
	       strcmp(ending.what, another.what) == 0;
}

/* What the server chose; where it did not, what the client offered. */
static bool
same_ciphers(const struct handshake *a, const struct handshake *b)
{
	return a->server_hello.cipher == b->server_hello.cipher &&
	       (a->server_hello.at.frame != 0 || handshake_same_offer(a, b));
}

static bool
alike(const struct handshake *a, const struct handshake *b)
{
	return a->dtls == b->dtls && a->outcome == b->outcome && a->resumed == b->resumed &&
	       a->server.port == b->server.port && handshake_version(a) == handshake_version(b) &&
	       same_ciphers(a, b) && same_leaf(a, b, SIDE_SERVER) && same_leaf(a, b, SIDE_CLIENT) &&
	       (a->outcome != OUTCOME_FAILED || same_failure(a, b));
}

/* The first of the visit's handshakes that is like this one. */
static size_t
first_alike(const struct visit *visit, size_t index)
{
	size_t i = 0;

	while (i < index && !alike(visit->handshakes[i], visit->handshakes[index]))
		i++;
	return i;
}

static void
put_frames(struct wrap *wrap, const struct handshake *handshake)
{
	if (handshake->first.frame == handshake->last.frame)
		wrap_format(wrap, "%" PRIu64, handshake->first.frame);
	else
		wrap_format(wrap, "%" PRIu64 "-%" PRIu64, handshake->first.frame,
			    handshake->last.frame);
}

static void
put_cipher_name(struct wrap *wrap, uint32_t cipher)
{
	const struct cipher_name *name =
		cipher <= UINT16_MAX ? cipher_lookup((uint16_t)cipher) : NULL;

	if (name == NULL)
		wrap_format(wrap, "cipher 0x%04x", (unsigned)cipher);
	else
		wrap_text(wrap, name->openssl != NULL ? name->openssl : name->iana);
}

/* What the client asked for, where the server has not said which it takes. */
static void
put_offer(struct wrap *wrap, const struct client_hello_fact *hello)
{
	unsigned n = 0;
	uint32_t last = 0;

	for (size_t i = 0; i < hello->n_ciphers; i++) {
		uint32_t cipher = hello->ciphers[i];

		if (!hello->sslv2 &&
		    (cipher_is_grease((uint16_t)cipher) || cipher_is_signal((uint16_t)cipher)))
			continue;
		last = cipher;
		n++;
	}
	wrap_text(wrap, ", offering ");
	if (n == 1)
		put_cipher_name(wrap, last);
	else
		wrap_format(wrap, "%u ciphers", n);
}

static void
put_time(struct wrap *wrap, const struct when *when)
{
	char time[FORMAT_TIME_SIZE];

	/* Milliseconds are what logs have. */
	if (format_time(when->us, time))
		wrap_format(wrap, ", %.10s %.12s", time, time + 11);
}

static void
put_first_line(struct wrap *wrap, const struct visit *visit, const struct handshake *handshake)
{
	const char *version = format_version(handshake);

	wrap_label(wrap, version != NULL ? version : format_protocol(handshake), WRAP_PLAIN);
	wrap_text(wrap, handshake->first.frame == handshake->last.frame ? "frame " : "frames ");
	put_frames(wrap, handshake);
	put_time(wrap, &handshake->first);
	if (handshake->server.port != visit->port)
		wrap_format(wrap, ", port %u", handshake->server.port);
	if (handshake->server_hello.at.frame != 0) {
		wrap_text(wrap, ", ");
		put_cipher_name(wrap, handshake->server_hello.cipher);
	} else if (handshake->client_hello.n_ciphers > 0) {
		put_offer(wrap, &handshake->client_hello);
	}
	wrap_end(wrap);
}

/* An alert that follows a close is often no more than its consequence: both are said, in their
 * order. */
static void
put_failure(struct wrap *wrap, const struct handshake *handshake)
{
	const struct alert_fact *alert = handshake_fatal(handshake);
	struct ending ending = first_ending(handshake);
	bool ended = ending.frame != 0 && (alert == NULL || ending.frame < alert->at.frame);

	if (ended)
		wrap_format(wrap, ": the %s %s in frame %" PRIu64, side_name(ending.from),
			    ending.what, ending.frame);
	if (alert != NULL)
		wrap_format(wrap, "%s the %s sent the fatal alert %s (%u) in frame %" PRIu64,
			    ended ? ", then" : ":", side_name(alert->from), alert_name(alert->code),
			    alert->code, alert->at.frame);
}

static void
put_silence(struct wrap *wrap, const struct handshake *handshake)
{
	const struct client_hello_fact *hello = &handshake->client_hello;
	size_t times = hello->repeats.n + 1;

	wrap_format(wrap, ": ClientHello sent %zu %s", times, times == 1 ? "time" : "times");
	if (times > 1)
		wrap_format(wrap, " until frame %" PRIu64, hello->repeats.last.frame);
}

static void
put_outcome(struct wrap *wrap, const struct handshake *handshake)
{
	bool refused = handshake->unreachable.frame != 0;

	wrap_label(wrap, "", WRAP_PLAIN);
	wrap_text(wrap, outcome_name(handshake->outcome));
	if (handshake->resumed)
		wrap_text(wrap, ", resumed");
	if (handshake->outcome == OUTCOME_FAILED)
		put_failure(wrap, handshake);
	if (handshake->outcome == OUTCOME_UNANSWERED)
		put_silence(wrap, handshake);
	if (handshake->outcome == OUTCOME_INCOMPLETE && !refused)
		wrap_text(wrap, ": the capture does not show how it ends");
	if (refused)
		wrap_format(wrap, ", refused by ICMP (type %u, code %u) in frame %" PRIu64,
			    handshake->unreachable_type, handshake->unreachable_code,
			    handshake->unreachable.frame);
	if (!handshake->roles_known)
		wrap_text(wrap, "; who is the client was guessed from the ports");
	wrap_end(wrap);
}

/* What follows from the rest of what is said is left out. */
static bool
worth_saying(const struct handshake *handshake, const struct missing_fact *missing)
{
	if (handshake->outcome == OUTCOME_UNANSWERED || handshake->unreachable.frame != 0)
		return false;
	switch (missing->why) {
	case WHY_NOT_SENT:
	case WHY_CAPTURE_END:
		return false;
	case WHY_RESUMED:
		return !handshake->dtls; /* AnyConnect's DTLS always is */
	case WHY_TLS13_ENCRYPTED:
	case WHY_ANONYMOUS:
		return missing->what == MISSING_SERVER_CERTIFICATES;
	default:
		return true;
	}
}

static const char *
missing_name(const struct handshake *handshake, enum missing_what what)
{
	const struct cert_list_fact *certs = handshake->certs;

	switch (what) {
	case MISSING_CLIENT_HELLO:
		return "ClientHello";
	case MISSING_SERVER_HELLO:
		return "ServerHello";
	case MISSING_SERVER_CERTIFICATES:
		return certs[SIDE_SERVER].n > 0 ? "rest of the server's chain"
						: "server's certificate";
	case MISSING_CLIENT_CERTIFICATES:
		return certs[SIDE_CLIENT].n > 0 ? "rest of the client's chain"
						: "client's certificate";
	}
	return NULL;
}

static void
put_missing(struct wrap *wrap, const struct handshake *handshake)
{
	for (size_t i = 0; i < handshake->n_missing; i++) {
		const struct missing_fact *missing = &handshake->missing[i];

		if (!worth_saying(handshake, missing))
			continue;
		wrap_label(wrap, "", WRAP_PLAIN);
		wrap_format(wrap, "%s not seen: %s", missing_name(handshake, missing->what),
			    text_missing(missing->why));
		if (missing->length > 0)
			wrap_format(wrap, " (%" PRIu64 " bytes from byte %" PRIu64 " on)",
				    missing->length, missing->offset);
		if (missing->field != NULL)
			wrap_format(wrap, " (%s)", missing->field);
		wrap_end(wrap);
	}
}

static void
put_one(struct wrap *wrap, const struct report *report, const struct visit *visit, size_t index)
{
	const struct handshake *handshake = visit->handshakes[index];

	put_first_line(wrap, visit, handshake);
	put_outcome(wrap, handshake);
	text_certs(wrap, report, visit, index);
	put_missing(wrap, handshake);
}

/* Those that are like the one just written: how many, and where. */
static void
put_others_alike(struct wrap *wrap, const struct visit *visit, size_t index)
{
	const struct handshake *shown = visit->handshakes[index];
	size_t n = 0;

	for (size_t i = index + 1; i < visit->n; i++)
		if (alike(shown, visit->handshakes[i]))
			n++;
	if (n == 0)
		return;
	wrap_label(wrap, "", WRAP_PLAIN);
	wrap_format(wrap, "%zu more like this, frames ", n);
	for (size_t i = index + 1, said = 0; i < visit->n && said < RANGES_SHOWN; i++) {
		if (!alike(shown, visit->handshakes[i]))
			continue;
		if (said++ > 0)
			wrap_text(wrap, ", ");
		put_frames(wrap, visit->handshakes[i]);
	}
	if (n > RANGES_SHOWN)
		wrap_format(wrap, " and %zu more", n - RANGES_SHOWN);
	wrap_end(wrap);
}

void
text_handshakes(struct wrap *wrap, const struct report *report, const struct visit *visit)
{
	for (size_t i = 0; i < visit->n; i++) {
		if (first_alike(visit, i) != i)
			continue;
		put_one(wrap, report, visit, i);
		put_others_alike(wrap, visit, i);
	}
}
