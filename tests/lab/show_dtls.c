/* What becomes of DTLS once TLS is up. */
#include "scenarios.h"

#define GCM "ECDHE-RSA-AES256-GCM-SHA384"

/* One login, its tunnel, and the DTLS that was agreed in it. */
struct call {
	struct party gateway;
	struct talk talk;
	struct dtls dtls;
};

static void
call_init(struct call *call, struct lab *lab, const char *tls_ciphers)
{
	call->gateway = vpn_gateway;
	call->gateway.ciphers = tls_ciphers;
	dtls_init(&call->dtls, lab, &vpn_phone, &call->gateway);
	call->dtls.gateway.verifies = true;
}

static void
call_up(struct call *call, struct lab *lab)
{
	vpn_up(&call->talk, lab, &vpn_phone, &call->gateway, &call->dtls);
}

static void
call_end(struct call *call, const struct lab *lab)
{
	talk_close(&call->talk);
	dtls_free(&call->dtls);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}});
}

static void
divergence(struct lab *lab, bool verifies, const char *session_suite)
{
	struct call call;

	call_init(&call, lab, GCM);
	call.dtls.gateway.verifies = verifies;
	call.dtls.session_suite = session_suite;
	call_up(&call, lab);
	if (dtls_resume(&call.dtls) != (session_suite == NULL))
		lab_die("DTLS does not do what it should");
	call_end(&call, lab);
}

static void
divergence_alert(struct lab *lab)
{
	divergence(lab, true, GCM);
}

static void
divergence_alert_unverified(struct lab *lab)
{
	divergence(lab, false, GCM);
}

static void
divergence_tolerated(struct lab *lab)
{
	divergence(lab, true, NULL);
}

static void
divergence_silence(struct lab *lab)
{
	struct call call;

	call_init(&call, lab, GCM);
	call.dtls.gateway.silent_after_verify = true;
	call_up(&call, lab);
	dtls_resume(&call.dtls);
	for (unsigned seconds = 1; seconds <= 8; seconds *= 2)
		dtls_repeat(&call.dtls, seconds);
	call_end(&call, lab);
}

static void
wrong_cipher(struct lab *lab)
{
	struct call call;

	call_init(&call, lab, "AES256-SHA");
	call.dtls.gateway.suite = 0x002f;
	call_up(&call, lab);
	if (dtls_resume(&call.dtls))
		lab_die("DTLS does not do what it should");
	call_end(&call, lab);
}

static void
not_resumed(struct lab *lab)
{
	struct call call;

	call_init(&call, lab, "AES256-SHA");
	call.dtls.gateway.forgetful = true;
	call_up(&call, lab);
	dtls_resume(&call.dtls);
	for (unsigned seconds = 1; seconds <= 4; seconds *= 2)
		dtls_repeat(&call.dtls, seconds);
	call_end(&call, lab);
}

static void
unanswered(struct lab *lab)
{
	struct call call;

	call_init(&call, lab, "AES256-SHA");
	call_up(&call, lab);
	dtls_blocked(&call.dtls, 5, false);
	call_end(&call, lab);
}

static void
unreachable(struct lab *lab)
{
	struct call call;

	call_init(&call, lab, "AES256-SHA");
	call_up(&call, lab);
	dtls_blocked(&call.dtls, 3, true);
	call_end(&call, lab);
}

static void
dtls12_resumed(struct lab *lab)
{
	struct call call;

	call_init(&call, lab, GCM);
	call.dtls.version = DTLS1_2_VERSION;
	call.dtls.suite = GCM;
	call_up(&call, lab);
	if (!dtls_resume(&call.dtls) || !SSL_session_reused(call.dtls.end[CLIENT].ssl))
		lab_die("DTLS 1.2 does not resume");
	call_end(&call, lab);
}

static void
full(struct lab *lab, dtls_tamper *tamper, int mtu)
{
	struct party gateway = vpn_gateway, phone = vpn_phone;
	struct dtls dtls;

	gateway.shows[0] = GATEWAY_ISSUED;
	gateway.shows[1] = ISSUING_CA;
	phone.trusts = GATEWAY_ISSUED;
	dtls_init(&dtls, lab, &phone, &gateway);
	dtls.version = DTLS1_2_VERSION;
	dtls.suite = GCM;
	dtls.tamper = tamper;
	dtls.mtu = mtu;
	if (!dtls_full(&dtls))
		dtls_repeat(&dtls, 1);
	if (!dtls.end[CLIENT].up)
		lab_die("DTLS 1.2 does not come up");
	dtls_free(&dtls);
}

static void
dtls12_full(struct lab *lab)
{
	full(lab, NULL, 1290);
}

/* Turn 3 is ServerHello to ServerHelloDone: two datagrams of the Certificate change places, a third
 * is lost. */
static void
mishap(enum side from, unsigned turn, struct flight *flight)
{
	struct flight good = *flight;
	static const size_t order[] = {0, 2, 1};

	if (from != SERVER || turn != 3)
		return;
	flight_clear(flight);
	for (size_t i = 0, n; i < good.writes; i++) {
		const uint8_t *p = flight_datagram(&good, i < 3 ? order[i] : i, &n);

		if (i != 3)
			flight_write(flight, p, n);
	}
}

static void
dtls12_fragments(struct lab *lab)
{
	full(lab, mishap, 300);
}

const struct scenario dtls_scenarios[] = {
	{"30-divergence-alert",
	 "TLS has ECDHE-RSA-AES256-GCM-SHA384, DTLS offers and gets AES256-SHA with the "
	 "session id echoed; the phone's session was faked from the TLS cipher: "
	 "illegal_parameter (47), 'old session cipher not returned'",
	 "dtls-cipher-divergence", divergence_alert},
	{"31-divergence-alert-no-verify",
	 "the same with a gateway that sends no HelloVerifyRequest", "dtls-cipher-divergence",
	 divergence_alert_unverified},
	{"32-divergence-tolerated", "the same ciphers with a newer client: DTLS works",
	 "dtls-cipher-divergence (warning)", divergence_tolerated},
	{"33-divergence-silence",
	 "the same ciphers; after the HelloVerifyRequest the gateway is silent, the phone "
	 "repeats itself and gives up",
	 "dtls-cipher-divergence (likely), dtls-unanswered", divergence_silence},
	{"34-wrong-cipher-returned",
	 "DTLS offers AES256-SHA and gets AES128-SHA: illegal_parameter (47), 'wrong "
	 "cipher returned'",
	 "dtls-cipher-not-offered", wrong_cipher},
	{"35-dtls-not-resumed",
	 "the gateway answers with another session id; the phone repeats itself, no alert",
	 "dtls-session-not-resumed", not_resumed},
	{"36-dtls-unanswered", "ClientHellos at 0, 1, 3, 7 and 15 s, nothing comes back",
	 "dtls-unanswered", unanswered},
	{"37-dtls-port-unreachable", "each ClientHello is answered by ICMP port unreachable",
	 "dtls-unanswered", unreachable},
	{"38-dtls12-resumed",
	 "the DTLS 1.2 form of the resumption (X-DTLS12-CipherSuite): all is well", "",
	 dtls12_resumed},
	{"39-dtls12-full",
	 "a full DTLS 1.2 handshake with HelloVerifyRequest and a chain of two "
	 "certificates; not AnyConnect's",
	 "", dtls12_full},
	{"40-dtls12-fragments",
	 "the same with 300 byte datagrams: two fragments of the Certificate change "
	 "places, a third is lost and comes with the retransmitted flight",
	 "", dtls12_fragments},
	{0}};
