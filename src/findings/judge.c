/* What several rules ask of a handshake. */
#include "judge.h"

#include <stdio.h>

#include "dissectors/alert.h"
#include "dissectors/names.h"

const struct alert_fact *
judge_fatal(const struct handshake *handshake)
{
	const struct alert_fact *fatal = handshake_fatal(handshake);
	struct when closed;

	if (fatal == NULL || handshake->outcome == OUTCOME_ESTABLISHED || fatal->code == ALERT_CLOSE_NOTIFY ||
	    fatal->code == ALERT_USER_CANCELED)
		return NULL;
	closed = handshake->fin[fatal->from == SIDE_CLIENT ? SIDE_SERVER : SIDE_CLIENT];
	return closed.frame != 0 && closed.frame < fatal->at.frame ? NULL : fatal;
}

bool
judge_certificate_alert(uint8_t code)
{
	return (code >= ALERT_BAD_CERTIFICATE && code <= ALERT_UNKNOWN_CA && code != ALERT_ILLEGAL_PARAMETER) ||
	       code == ALERT_DECRYPT_ERROR;
}

const struct alert_fact *
judge_refused(const struct handshake *handshake)
{
	const struct alert_fact *fatal = judge_fatal(handshake);

	if (fatal == NULL || fatal->from != SIDE_CLIENT || !judge_certificate_alert(fatal->code) ||
	    handshake->resumed)
		return NULL;
	return fatal;
}

struct when
judge_end_frame(const struct handshake *handshake)
{
	const struct alert_fact *fatal = judge_fatal(handshake);
	const struct when ends[] = {handshake->fin[0], handshake->fin[1], handshake->rst[0], handshake->rst[1],
				    handshake->encrypted_alert[SIDE_CLIENT]};
	struct when first = {0, 0};

	if (fatal != NULL)
		return fatal->at;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].frame != 0 && (first.frame == 0 || ends[i].frame < first.frame))
			first = ends[i];
	return first;
}

bool
judge_closed(const struct handshake *handshake, enum side side)
{
	uint64_t end = judge_end_frame(handshake).frame;

	return end != 0 && (handshake->fin[side].frame == end || handshake->rst[side].frame == end);
}

bool
judge_turned_away(const struct handshake *handshake)
{
	if (judge_refused(handshake) != NULL)
		return true;
	return handshake->outcome == OUTCOME_FAILED && judge_fatal(handshake) == NULL &&
	       handshake->certs[SIDE_SERVER].n > 0 && handshake->client_key_exchange.frame == 0 &&
	       handshake->certs[SIDE_SERVER].at.frame < judge_end_frame(handshake).frame &&
	       judge_closed(handshake, SIDE_CLIENT);
}

bool
judge_accepted(const struct handshake *handshake)
{
	return handshake->outcome == OUTCOME_ESTABLISHED && handshake->app_data[SIDE_CLIENT].frame != 0;
}

bool
judge_is_named(const struct visit *visit)
{
	return (visit->matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT | MATTERS_PHONE)) != 0;
}

const char *
judge_suite(uint32_t cipher, char text[JUDGE_SUITE])
{
	const struct cipher_name *name = cipher <= 0xffff ? cipher_lookup((uint16_t)cipher) : NULL;

	if (name == NULL)
		snprintf(text, JUDGE_SUITE, "0x%04x", (unsigned)cipher);
	else
		snprintf(text, JUDGE_SUITE, "%s", name->openssl != NULL ? name->openssl : name->iana);
	return text;
}

static bool
visited(const struct phone *phone, uint64_t frame, bool established)
{
	for (size_t v = 0; v < phone->n_visits; v++) {
		const struct visit *visit = &phone->visits[v];
		if ((visit->matters & (MATTERS_GATEWAY | MATTERS_ANYCONNECT)) == 0)
			continue;
		for (size_t i = 0; i < visit->n; i++)
			if (visit->handshakes[i]->first.frame > frame &&
			    (!established || visit->handshakes[i]->outcome == OUTCOME_ESTABLISHED))
				return true;
	}
	return false;
}

bool
judge_attempted(const struct phone *phone, uint64_t frame)
{
	return visited(phone, frame, false);
}

bool
judge_arrived(const struct phone *phone, uint64_t frame)
{
	return visited(phone, frame, true);
}

const char *
judge_unreachable(uint8_t type, uint8_t code)
{
	static const char *const v4[] = {
		[0] = "no route to that network",
		[1] = "that host does not answer",
		[3] = "nobody listens on that port",
		[9] = "a filter prohibits that network",
		[10] = "a filter prohibits that host",
		[13] = "a filter on the way prohibits it",
	};
	static const char *const v6[] = {
		[0] = "no route there",
		[1] = "a filter on the way prohibits it",
		[3] = "that host does not answer",
		[4] = "nobody listens on that port",
	};
	const char *const *names = type == 1 ? v6 : v4;
	size_t n = type == 1 ? sizeof(v6) / sizeof(v6[0]) : sizeof(v4) / sizeof(v4[0]);

	return code < n && names[code] != NULL ? names[code] : "it cannot be reached";
}

void
judge_source(struct findings *out, struct finding *finding, struct received told)
{
	if (told.config == NULL)
		return;
	if (told.event == NULL) {
		finding_source(out, finding, told.config->source, (struct when){0, 0});
		return;
	}
	finding_source(out, finding, told.event->transfer.file, told.event->last);
	finding_frame(out, finding, told.event->last);
}
