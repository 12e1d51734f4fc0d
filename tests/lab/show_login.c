/* Logins: those that work, what stands in front of them, and what stands beside them. */
#include "scenarios.h"

static const struct vpn_config right_hash = {.hashes = {GATEWAY_RSA}};
static const struct vpn_config by_certificate = {.hashes = {GATEWAY_RSA}, .by_certificate = true};

static void
ok_tls12(struct lab *lab)
{
	struct talk talk;
	struct dtls dtls;

	dtls_init(&dtls, lab, &vpn_phone, &vpn_gateway);
	dtls.gateway.verifies = true;
	vpn_up(&talk, lab, &vpn_phone, &vpn_gateway, &dtls);
	if (!dtls_resume(&dtls))
		lab_die("DTLS does not come up");
	dtls_alive(&dtls);
	talk_close(&talk);
	dtls_free(&dtls);
	vpn_config(lab, &right_hash);
}

static void
ok_tls10(struct lab *lab)
{
	struct talk talk;
	struct dtls dtls;

	if (!talk_start(&talk, lab, &vpn_old_phone, &vpn_gateway))
		lab_die("TLS 1.0 does not come up");
	vpn_login(&talk);
	talk_close(&talk);
	if (!talk_start(&talk, lab, &vpn_old_phone, &vpn_gateway))
		lab_die("TLS 1.0 does not come up");
	dtls_init(&dtls, lab, &vpn_old_phone, &vpn_gateway);
	vpn_tunnel(&talk, &dtls);
	if (!dtls_resume(&dtls))
		lab_die("DTLS does not come up");
	talk_close(&talk);
	dtls_free(&dtls);
	vpn_config(lab, &right_hash);
}

static void
resumed(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;
	struct talk talk;
	SSL_SESSION *session;

	phone.tickets = gateway.tickets = true;
	vpn_up(&talk, lab, &phone, &gateway, NULL);
	session = SSL_get1_session(talk.end[CLIENT].ssl);
	talk_close(&talk);
	frames_wait(&lab->frames, 5000000);
	talk_open(&talk, lab, &phone, &gateway);
	SSL_set_session(talk.end[CLIENT].ssl, session);
	SSL_SESSION_free(session);
	if (!talk_handshake(&talk) || !SSL_session_reused(talk.end[CLIENT].ssl))
		lab_die("the session is not resumed");
	vpn_tunnel(&talk, NULL);
	talk_close(&talk);
	vpn_config(lab, &right_hash);
}

static void
client_mic(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;
	struct talk talk;

	phone.shows[0] = PHONE_MIC;
	gateway.trust = TRUST_CHAIN;
	gateway.trusts = MANUFACTURING_CA;
	vpn_up(&talk, lab, &phone, &gateway, NULL);
	talk_close(&talk);
	vpn_config(lab, &by_certificate);
}

static void
client_lsc(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;
	struct talk talk;

	phone.shows[0] = PHONE_LSC;
	gateway.trust = TRUST_CHAIN;
	gateway.trusts = CAPF;
	vpn_up(&talk, lab, &phone, &gateway, NULL);
	talk_close(&talk);
	vpn_config(lab, &by_certificate);
}

static void
client_refused(struct lab *lab, enum who shows, enum manner manner)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;

	phone.shows[0] = shows;
	gateway.trust = TRUST_CHAIN;
	gateway.trusts = MANUFACTURING_CA;
	gateway.refuses = manner;
	talk_all(lab, &phone, &gateway);
	vpn_config(lab, &by_certificate);
}

static void
client_lsc_rejected(struct lab *lab)
{
	client_refused(lab, PHONE_LSC, MANNER_ALERT);
}

static void
client_lsc_reset(struct lab *lab)
{
	client_refused(lab, PHONE_LSC, MANNER_RST);
}

static void
client_certificate_missing(struct lab *lab)
{
	client_refused(lab, NOBODY, MANNER_ALERT);
}

static void
load_balancing(struct lab *lab)
{
	struct party second = vpn_gateway;
	struct talk talk;

	second.host = &host_gateway_2;
	second.shows[0] = GATEWAY_OTHER;
	if (!talk_start(&talk, lab, &vpn_phone, &vpn_gateway))
		lab_die("the phone does not get in");
	talk_say(&talk, CLIENT, "GET /VPNPhone HTTP/1.1\r\nHost: vpn.example.com\r\n\r\n");
	talk_say(&talk, SERVER,
		 "HTTP/1.0 302 Temporary moved\r\nContent-Length: 0\r\nConnection: Close\r\n"
		 "Location: https://198.51.100.2:443/+webvpn+/index.html\r\n\r\n");
	talk_close(&talk);
	talk_all(lab, &vpn_phone, &second);
	vpn_config(lab, &right_hash);
}

static void
proxy(struct lab *lab)
{
	struct party gateway = vpn_gateway;
	struct talk talk;

	gateway.host = &host_proxy;
	gateway.port = 8080;
	gateway.shows[0] = GATEWAY_RENEWED;
	talk_open(&talk, lab, &vpn_phone, &gateway);
	talk_bytes(&talk, CLIENT, "CONNECT 198.51.100.1:443 HTTP/1.1\r\n\r\n", 37);
	talk_bytes(&talk, SERVER, "HTTP/1.1 200 Connection established\r\n\r\n", 39);
	talk_handshake(&talk);
	talk_close(&talk);
}

static void
starttls(struct lab *lab)
{
	struct party client = vpn_phone, server = vpn_gateway;
	struct talk talk;

	client.host = &host_pc;
	server.host = &host_mail;
	server.port = 25;
	server.shows[0] = GATEWAY_RENEWED;
	talk_open(&talk, lab, &client, &server);
	talk_bytes(&talk, SERVER, "220 mail.example.com ESMTP\r\n", 28);
	talk_bytes(&talk, CLIENT, "EHLO pc.example.com\r\n", 21);
	talk_bytes(&talk, SERVER, "250-mail.example.com\r\n250 STARTTLS\r\n", 36);
	talk_bytes(&talk, CLIENT, "STARTTLS\r\n", 10);
	talk_bytes(&talk, SERVER, "220 Ready to start TLS\r\n", 24);
	talk_handshake(&talk);
	talk_close(&talk);
}

static void
browser(struct lab *lab)
{
	struct party pc = {.host = &host_pc,
			   .most = TLS1_2_VERSION,
			   .server_name = "www.shop.test",
			   .trust = TRUST_CHAIN,
			   .trusts = ROOT_CA};
	struct party web = {.host = &host_web, .shows = {WEB_SERVER, ISSUING_CA}};
	struct party gateway = vpn_gateway;
	struct talk talk;

	if (!talk_start(&talk, lab, &pc, &web))
		lab_die("the browser does not get in");
	talk_say(&talk, CLIENT, "GET / HTTP/1.1\r\nHost: www.shop.test\r\n\r\n");
	talk_say(&talk, SERVER, "HTTP/1.1 204 No Content\r\n\r\n");
	talk_close(&talk);
	gateway.shows[0] = GATEWAY_RENEWED;
	talk_all(lab, &vpn_phone, &gateway);
	web.shows[1] = NOBODY;
	talk_all(lab, &pc, &web);
	vpn_config(lab, &right_hash);
}

/* CUCM calls Unity Connection: mutual TLS on the secure SIP port. */
static void
voice_mail(struct lab *lab, enum who cucm_trusts, enum who cuc_trusts)
{
	const struct party cucm = {.host = &host_cucm,
				   .least = TLS1_VERSION,
				   .most = TLS1_VERSION,
				   .ciphers = "AES128-SHA",
				   .shows = {CUCM},
				   .trust = TRUST_CHAIN,
				   .trusts = cucm_trusts};
	const struct party cuc = {.host = &host_cuc,
				  .port = 5061,
				  .least = TLS1_VERSION,
				  .most = TLS1_VERSION,
				  .ciphers = "AES128-SHA",
				  .shows = {CUC, CUC_ROOT},
				  .trust = TRUST_CHAIN,
				  .trusts = cuc_trusts};

	talk_all(lab, &cucm, &cuc);
}

static void
cucm_trust(struct lab *lab)
{
	voice_mail(lab, CAPF, CUCM);
}

static void
cuc_trust(struct lab *lab)
{
	voice_mail(lab, CUC_ROOT, CAPF);
}

const struct scenario login_scenarios[] = {
	{"01-ok-tls12-dtls09",
	 "all is well: TLS 1.2 with AES256-SHA, tunnel, DTLS 0.9 with HelloVerifyRequest", "",
	 ok_tls12},
	{"02-ok-tls10-two-connections",
	 "all is well on an old phone: TLS 1.0, one connection to log in, one for the "
	 "tunnel, DTLS 0.9 without HelloVerifyRequest",
	 "", ok_tls10},
	{"03-ok-resumed",
	 "the second TLS connection resumes the session of the first by a ticket: no "
	 "Certificate in it",
	 "", resumed},
	{"04-client-mic",
	 "the gateway asks for a client certificate, the phone shows its MIC, and is let in", "",
	 client_mic},
	{"05-client-lsc", "the same with an LSC from CAPF-12345678", "", client_lsc},
	{"06-client-lsc-rejected",
	 "the gateway trusts the Manufacturing CA alone, the phone shows an LSC: the "
	 "gateway sends unknown_ca (48)",
	 "client-certificate-rejected", client_lsc_rejected},
	{"07-client-lsc-reset", "the same with a gateway that sends no alert but a reset",
	 "handshake-aborted", client_lsc_reset},
	{"08-client-certificate-missing",
	 "the phone has no certificate to show: handshake_failure (40)",
	 "client-certificate-missing", client_certificate_missing},
	{"09-load-balancing",
	 "the first gateway sends the phone on to a second (302), whose certificate it "
	 "does not know: unknown_ca (48)",
	 "gateway-changes, cert-hash-mismatch", load_balancing},
	{"10-proxy",
	 "a CONNECT proxy on port 8080 in front of TLS; the phone refuses the certificate (48)",
	 "server-certificate-rejected", proxy},
	{"11-smtp-starttls",
	 "TLS begins after STARTTLS on port 25; the client refuses the certificate (48)",
	 "server-certificate-rejected", starttls},
	{"12-browser-beside",
	 "a PC's browser beside the phone: one good visit to a web shop, then the phone "
	 "with a renewed certificate, then a shop whose chain is broken; only the phone's "
	 "matters",
	 "cert-hash-mismatch", browser},
	{"13-cucm-refuses-cuc",
	 "CUCM to Unity Connection on port 5061: CUCM does not trust the certificate (48)",
	 "cucm-trust", cucm_trust},
	{"14-cuc-refuses-cucm",
	 "the same call, Unity Connection does not trust CUCM's certificate (48)", "cuc-trust",
	 cuc_trust},
	{0}};
