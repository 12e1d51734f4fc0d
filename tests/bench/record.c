/* The lab's parties (tests/lab), recorded. */
#include "record.h"

#include <openssl/rand.h>
#include <stdlib.h>

#include "tests/lab/boot.h"
#include "tests/lab/vpn.h"

#define RECORD 16384 /* most bytes of a TLS record */

static struct lab
new_lab(void)
{
	struct lab lab = {.dir = ".", .name = "bench"};

	frames_init(&lab.frames);
	return lab;
}

static void
end_lab(struct lab *lab, struct script *out)
{
	script_of(out, &lab->frames);
	frames_free(&lab->frames);
}

/* The gateway gets a certificate that nobody has seen before; its key stays. Whoever compares it with another would see
 * OpenSSL's memory of the old one: no party here trusts by it. */
static void
renew(unsigned nth)
{
	const struct identity *me = pki(GATEWAY_RSA);
	X509_NAME *name = X509_NAME_new();
	char text[32];

	snprintf(text, sizeof(text), "vpn%u.example.com", nth);
	if (name == NULL ||
	    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC, (unsigned char *)text, -1, -1, 0) != 1 ||
	    X509_set_subject_name(me->cert, name) != 1 || X509_set_issuer_name(me->cert, name) != 1 ||
	    ASN1_INTEGER_set_uint64(X509_get_serialNumber(me->cert), 0x10000000U + nth) != 1 ||
	    X509_sign(me->cert, me->key, EVP_sha256()) <= 0)
		lab_die("cannot renew a certificate");
	X509_NAME_free(name);
}

/* ---- TLS ---- */

static struct party
trusting(const struct party *party)
{
	struct party any = *party;

	any.trust = TRUST_ANY;
	return any;
}

void
record_handshake(struct script *out, unsigned nth)
{
	struct party client = trusting(nth % 4 == 3 ? &vpn_old_phone : &vpn_phone);
	struct lab lab = new_lab();
	struct talk talk;

	renew(nth);
	if (!talk_start(&talk, &lab, &client, &vpn_gateway))
		lab_die("the phone does not get in");
	tcp_rst(&talk.tcp, CLIENT);
	end_free(&talk.end[CLIENT]);
	end_free(&talk.end[SERVER]);
	end_lab(&lab, out);
}

/* Sends a record; every second segment is acknowledged. */
static void
say_much(struct talk *talk, enum side from, const uint8_t *p, size_t n)
{
	struct bytes *said = &talk->end[from].out.bytes;
	size_t two = 2 * talk->tcp.mss;

	end_say(&talk->end[from], p, n);
	for (size_t at = 0; at < said->n; at += two)
		tcp_send(&talk->tcp, from, said->b + at, said->n - at < two ? said->n - at : two);
	flight_clear(&talk->end[from].out);
}

void
record_bulk(struct script *out, unsigned nth)
{
	struct party client = trusting(&vpn_phone), server = vpn_gateway;
	enum side much = nth % 4 == 3 ? CLIENT : SERVER;
	struct lab lab = new_lab();
	struct talk talk;
	uint8_t data[RECORD];

	client.ciphers = server.ciphers = CIPHERS_8861;
	server.mss = 1460;
	renew(nth);
	if (!talk_start(&talk, &lab, &client, &server))
		lab_die("the phone does not get in");
	for (unsigned i = 0, n = 64 + nth % 8 * 8; i < n; i++) {
		RAND_bytes(data, sizeof(data));
		if (i % 16 == 0)
			say_much(&talk, !much, data, 300);
		say_much(&talk, much, data, sizeof(data));
	}
	talk_close(&talk);
	end_lab(&lab, out);
}

/* ---- DTLS ---- */

void
record_resumption(struct script *out, unsigned nth)
{
	struct lab lab = new_lab();
	struct dtls dtls;

	(void)nth;
	dtls_init(&dtls, &lab, &vpn_phone, &vpn_gateway);
	dtls.gateway.verifies = true;
	if (!dtls_resume(&dtls))
		lab_die("DTLS does not come up");
	dtls_free(&dtls);
	end_lab(&lab, out);
}

void
record_dtls(struct script *out, unsigned nth)
{
	struct party client = trusting(&vpn_phone);
	struct lab lab = new_lab();
	struct dtls dtls;

	renew(nth);
	dtls_init(&dtls, &lab, &client, &vpn_gateway);
	dtls.version = DTLS1_2_VERSION;
	if (!dtls_full(&dtls))
		lab_die("DTLS does not come up");
	dtls_free(&dtls);
	end_lab(&lab, out);
}

/* ---- packets of no account ---- */

/* A capture of one direction alone shows such: a download's acknowledgements. */
void
record_keystrokes(struct script *out, unsigned nth)
{
	struct lab lab = new_lab();
	struct tcp tcp = {.frames = &lab.frames,
			  .mss = 1460,
			  .end = {{.host = &host_phone, .port = 50000}, {.host = &host_web, .port = 22}}};

	(void)nth;
	tcp_open(&tcp);
	tcp_send(&tcp, CLIENT, (const uint8_t *)"login\n", 6);
	tcp_send(&tcp, SERVER, (const uint8_t *)"hello\n", 6);
	for (unsigned i = 0; i < 93; i++) {
		tcp.end[SERVER].next += 2920;
		tcp_send(&tcp, SERVER, NULL, 0);
	}
	end_lab(&lab, out);
}

static void
record_datagrams(struct script *out, unsigned each, const uint8_t *p, size_t n)
{
	struct lab lab = new_lab();

	for (unsigned i = 0; i < each; i++) {
		wire_udp(&lab.frames, CLIENT, &host_phone, 50000, &host_web, 443, p, n);
		wire_udp(&lab.frames, SERVER, &host_web, 443, &host_phone, 50000, p, n);
	}
	end_lab(&lab, out);
}

void
record_pings(struct script *out, unsigned nth)
{
	(void)nth;
	record_datagrams(out, 50, (const uint8_t *)"eighteen bytes.  \n", 18);
}

/* ---- a phone's span ---- */

void
record_voice(struct script *out, unsigned nth)
{
	enum { RTP_HEADER = 12, SAMPLES = 160 };
	uint8_t payload[RTP_HEADER + SAMPLES] = {0x80, [8] = 0x1d, 0xdc, 0x0f, 0xfe};

	(void)nth;
	RAND_bytes(payload + RTP_HEADER, SAMPLES);
	record_datagrams(out, 1, payload, sizeof(payload));
}

void
record_quic(struct script *out, unsigned nth)
{
	uint8_t payload[1250];

	(void)nth;
	RAND_bytes(payload, sizeof(payload));
	payload[0] = 0x40 | (payload[0] & 0x3f); /* a short header */
	record_datagrams(out, 1, payload, sizeof(payload));
}

void
record_lookup(struct script *out, unsigned nth)
{
	struct lab lab = new_lab();
	char text[32];
	struct name name = {.name = text, .answer = &host_web};

	snprintf(text, sizeof(text), "www%u.shop.test", nth);
	boot_lookup(&lab, &host_pc, &name);
	end_lab(&lab, out);
}

static void
put_arp(struct bytes *out, unsigned what, const struct host *asks, const struct host *asked)
{
	put(out, 6, 0x000108000604);
	put(out, 2, what);
	put_bytes(out, asks->mac, 6);
	put_bytes(out, asks->ip, 4);
	put_bytes(out, asked->mac, 6);
	put_bytes(out, asked->ip, 4);
}

void
record_neighbours(struct script *out, unsigned nth)
{
	struct lab lab = new_lab();
	struct bytes who_has = {.n = 0}, is_at = {.n = 0};

	(void)nth;
	announce_join(&lab, &device_phone);
	announce_join(&lab, &device_voice_switch);
	put_arp(&who_has, 1, &host_pc, &host_dns);
	put_arp(&is_at, 2, &host_dns, &host_pc);
	wire_ethernet(&lab.frames, CLIENT, &host_pc, host_everybody.mac, 0x0806, &who_has);
	wire_ethernet(&lab.frames, SERVER, &host_dns, host_pc.mac, 0x0806, &is_at);
	end_lab(&lab, out);
}

void
record_done(void)
{
	pki_free();
}
