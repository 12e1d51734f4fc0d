/* Rules about what was offered and what was chosen. */
#include <stdio.h>

#include "tls/conclude.h"
#include "dissectors/alert.h"
#include "dissectors/hello.h"
#include "dissectors/names.h"
#include "judge.h"

static void
add_offer(struct findings *out, struct finding *finding, const struct client_hello_fact *hello)
{
	char text[JUDGE_SUITE];

	for (size_t i = 0; i < hello->n_ciphers; i++)
		if (!cipher_is_signal((uint16_t)hello->ciphers[i]) && !cipher_is_grease((uint16_t)hello->ciphers[i]))
			finding_actual(out, finding, judge_suite(hello->ciphers[i], text));
}

/* The offer of a 79xx phone (facts sheet section 1): it knows nothing else. */
static bool
is_79xx_offer(const struct client_hello_fact *hello)
{
	for (size_t i = 0; i < hello->n_ciphers; i++)
		if (hello->ciphers[i] != 0x0035 && hello->ciphers[i] != 0x002f &&
		    !cipher_is_signal((uint16_t)hello->ciphers[i]))
			return false;
	return hello->n_ciphers > 0;
}

/* The server's fatal alert straight behind the ClientHello: with nothing between them, and nothing that shows that a
 * ServerHello was lost. */
static const struct alert_fact *
hello_refused(const struct handshake *handshake)
{
	const struct alert_fact *fatal = judge_fatal(handshake);
	bool answered = handshake->server_hello.at.frame != 0 || handshake->hello_retry.at.frame != 0 ||
			handshake->certs[SIDE_SERVER].at.frame != 0 || handshake->server_hello_done.frame != 0;
	bool went_on = handshake->certs[SIDE_CLIENT].at.frame != 0 || handshake->client_key_exchange.frame != 0;

	return fatal != NULL && fatal->from == SIDE_SERVER && !answered && !went_on ? fatal : NULL;
}

void
judge_no_shared_cipher(const struct rule *rule, const struct report *report, const struct visit *visit,
		       struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct alert_fact *refused = hello_refused(handshake);
		struct finding *finding;

		if (refused == NULL || handshake->client_hello.at.frame == 0 ||
		    (refused->code != ALERT_HANDSHAKE_FAILURE && refused->code != ALERT_INSUFFICIENT_SECURITY))
			continue;
		finding = finding_raise(out, rule, SEVERITY_ERROR, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, handshake->client_hello.at);
		finding_frame(out, finding, refused->at);
		add_offer(out, finding, &handshake->client_hello);
		finding_detail(out, finding, "The gateway answered the ClientHello with %s: it accepts none of the suites "
					     "offered%s.",
			       alert_name(refused->code),
			       is_79xx_offer(&handshake->client_hello)
				       ? " (AES256-SHA and AES128-SHA alone: a 79xx phone knows no others)" : "");
	}
}

/* The highest version in an offer; DTLS counts downwards, and 0.9 is the lowest of all. */
static bool
version_offered(const struct client_hello_fact *hello, uint16_t version, bool dtls)
{
	if (hello->n_versions > 0 || hello->sslv2) {
		for (size_t i = 0; i < hello->n_versions; i++)
			if (hello->versions[i] == version)
				return true;
		return hello->sslv2 || version <= hello->version;
	}
	if (dtls)
		return (hello->version == 0x0100) == (version == 0x0100) && version >= hello->version;
	return version <= hello->version;
}

void
judge_protocol_version(const struct rule *rule, const struct report *report, const struct visit *visit,
		       struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct alert_fact *fatal = judge_fatal(handshake);
		const struct client_hello_fact *offer = &handshake->client_hello;
		const struct server_hello_fact *answer = &handshake->server_hello;
		bool said = fatal != NULL && fatal->code == ALERT_PROTOCOL_VERSION;
		bool higher = handshake->outcome == OUTCOME_FAILED && offer->at.frame != 0 &&
			      answer->at.frame != 0 && !version_offered(offer, answer->version, handshake->dtls);
		struct finding *finding;

		if (!said && !higher)
			continue;
		finding = finding_raise(out, rule, SEVERITY_ERROR, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, offer->at);
		finding_frame(out, finding, answer->at);
		finding_frame(out, finding, judge_end_frame(handshake));
		if (offer->at.frame != 0 && version_name(offer->version) != NULL)
			finding_actual(out, finding, version_name(offer->version));
		if (answer->at.frame != 0 && version_name(answer->version) != NULL)
			finding_expected(out, finding, version_name(answer->version));
		if (said)
			finding_detail(out, finding, "The %s ended the handshake with protocol_version; the client offered "
						     "up to %s.",
				       fatal->from == SIDE_SERVER ? "gateway" : "client",
				       version_name(offer->version) != NULL ? version_name(offer->version) : "?");
		else
			finding_detail(out, finding, "The gateway chose a version that the client did not offer.");
	}
}

static bool
was_offered(const struct client_hello_fact *hello, uint32_t cipher)
{
	for (size_t i = 0; i < hello->n_ciphers; i++)
		if (hello->ciphers[i] == cipher)
			return true;
	return false;
}

void
judge_cipher_not_offered(const struct rule *rule, const struct report *report, const struct visit *visit,
			 struct findings *out)
{
	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		const struct client_hello_fact *offer = &handshake->client_hello;
		const struct server_hello_fact *answer = &handshake->server_hello;
		char text[JUDGE_SUITE];
		struct finding *finding;

		if (offer->at.frame == 0 || answer->at.frame == 0 || answer->version == 0x0002 ||
		    offer->n_ciphers == LIMIT_CIPHERS || handshake->outcome == OUTCOME_ESTABLISHED ||
		    was_offered(offer, answer->cipher))
			continue;
		finding = finding_raise(out, rule, SEVERITY_ERROR, CERTAINTY_PROVEN, handshake);
		finding_frame(out, finding, offer->at);
		finding_frame(out, finding, answer->at);
		if (judge_fatal(handshake) != NULL)
			finding_frame(out, finding, judge_fatal(handshake)->at);
		for (size_t c = 0; c < offer->n_ciphers; c++)
			if (!cipher_is_signal((uint16_t)offer->ciphers[c]) &&
			    !cipher_is_grease((uint16_t)offer->ciphers[c]))
				finding_expected(out, finding, judge_suite(offer->ciphers[c], text));
		finding_actual(out, finding, judge_suite(answer->cipher, text));
		finding_detail(out, finding, "The gateway's %s ServerHello chose %s, which the client had not offered.",
			       handshake->dtls ? "DTLS" : "TLS", text);
	}
}

/* What the client's suites allow, and what the gateway's certificates are. */
struct cell {
	bool offers_rsa, offers_ec;
	bool shows_rsa, shows_ec;
};

static void
look_at_offer(struct cell *cell, const struct client_hello_fact *hello)
{
	for (size_t i = 0; i < hello->n_ciphers; i++) {
		const struct cipher_name *name = cipher_lookup((uint16_t)hello->ciphers[i]);
		cell->offers_rsa = cell->offers_rsa || (name != NULL && name->auth == AUTH_RSA);
		cell->offers_ec = cell->offers_ec || (name != NULL && name->auth == AUTH_ECDSA);
	}
}

static const char *
expectation(const struct cell *cell)
{
	if (cell->offers_rsa && cell->offers_ec) {
		if (cell->shows_ec && cell->shows_rsa)
			return "with both on the gateway, it chooses the EC certificate";
		return "the gateway would show an RSA one only where it had no EC one";
	}
	if (cell->offers_ec)
		return "a gateway with an RSA certificate alone cannot answer it";
	return "the gateway has to have an RSA certificate, or makes a self-signed one";
}

/* RSA among what is offered, and RSA shown, is what everybody expects: there is nothing to say. */
void
judge_ec_cipher_on_rsa_phone(const struct rule *rule, const struct report *report, const struct visit *visit,
			     struct findings *out)
{
	const struct handshake *first = NULL;
	struct cell cell = {false, false, false, false};
	struct finding *finding;

	(void)report;
	for (size_t i = 0; i < visit->n; i++) {
		const struct handshake *handshake = visit->handshakes[i];
		if (handshake->dtls || handshake->client_hello.at.frame == 0 ||
		    version_is_tls13(handshake->server_hello.version))
			continue;
		look_at_offer(&cell, &handshake->client_hello);
		first = first == NULL ? handshake : first;
	}
	if (first == NULL || !judge_is_named(visit) || (!cell.offers_rsa && !cell.offers_ec))
		return;
	cell.shows_rsa = visit->keys->rsa != NULL;
	cell.shows_ec = visit->keys->ec != NULL;
	if (!cell.shows_ec && (cell.offers_rsa || !cell.offers_ec))
		return;
	finding = finding_raise(out, rule, SEVERITY_INFO, CERTAINTY_PROVEN, first);
	finding_frame(out, finding, first->client_hello.at);
	finding_frame(out, finding, first->certs[SIDE_SERVER].at);
	finding_detail(out, finding, "The client offers suites for %s certificates, the gateway showed %s: %s.",
		       cell.offers_rsa && cell.offers_ec ? "RSA and EC" : cell.offers_ec ? "EC" : "RSA",
		       cell.shows_rsa && cell.shows_ec ? "both kinds"
		       : cell.shows_ec		       ? "an EC one"
		       : cell.shows_rsa		       ? "an RSA one"
						       : "none",
		       expectation(&cell));
}
