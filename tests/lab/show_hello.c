/* Hellos that find no common ground, and versions older and newer than a phone's. */
#include "scenarios.h"

#include <openssl/rand.h>

static void
no_shared_cipher(struct lab *lab)
{
	struct party gateway = vpn_gateway;

	gateway.ciphers = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256";
	talk_all(lab, &vpn_old_phone, &gateway);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}});
}

static void
protocol_version(struct lab *lab)
{
	struct party gateway = vpn_gateway;

	gateway.least = TLS1_2_VERSION;
	talk_all(lab, &vpn_old_phone, &gateway);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}});
}

/* A gateway that hangs up after the ClientHello; last_words: the phone then writes an alert, which
 * is no cause. */
static void
hang_up(struct lab *lab, bool last_words)
{
	struct party phone = vpn_old_phone, gateway = vpn_gateway;

	phone.last_words = last_words;
	gateway.ciphers = "ECDHE-RSA-AES256-GCM-SHA384";
	gateway.refuses = MANNER_FIN;
	talk_all(lab, &phone, &gateway);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}});
}

static void
fin_after_hello(struct lab *lab)
{
	hang_up(lab, false);
}

static void
fin_then_alert(struct lab *lab)
{
	hang_up(lab, true);
}

static void
tls13(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;
	struct talk talk;

	phone.most = gateway.most = TLS1_3_VERSION;
	vpn_up(&talk, lab, &phone, &gateway, NULL);
	talk_close(&talk);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}});
}

static void
tls13_hello_retry(struct lab *lab)
{
	struct party phone = vpn_phone, gateway = vpn_gateway;

	phone.most = gateway.most = TLS1_3_VERSION;
	phone.groups = "X25519:P-256";
	gateway.groups = "P-256";
	gateway.shows[0] = GATEWAY_RENEWED;
	talk_all(lab, &phone, &gateway);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}});
}

/* RFC 5246 appendix E.2: a TLS 1.0 hello in SSLv2's clothes. */
static void
put_sslv2_hello(struct bytes *out)
{
	static const uint32_t specs[] = {0x000035, 0x00002f, 0x00000a, 0x010080, 0x0700c0};
	uint8_t challenge[32];

	RAND_bytes(challenge, sizeof(challenge));
	put(out, 2, 0);
	put(out, 1, 1); /* ClientHello */
	put(out, 2, TLS1_VERSION);
	put(out, 2, sizeof(specs) / sizeof(*specs) * 3);
	put(out, 2, 0); /* no session id */
	put(out, 2, sizeof(challenge));
	for (size_t i = 0; i < sizeof(specs) / sizeof(*specs); i++)
		put(out, 3, specs[i]);
	put_bytes(out, challenge, sizeof(challenge));
	put_at(out, 0, 2, 0x8000 | (out->n - 2));
}

static void
sslv2_hello(struct lab *lab)
{
	static const uint8_t unknown_ca[] = {21, 3, 1, 0, 2, 2, 48};
	struct party phone = vpn_old_phone, gateway = vpn_gateway;
	struct bytes hello = {.n = 0};
	struct talk talk;

	gateway.most = TLS1_VERSION;
	gateway.shows[0] = GATEWAY_RENEWED;
	talk_open(&talk, lab, &phone, &gateway);
	put_sslv2_hello(&hello);
	flight_write(&talk.end[CLIENT].out, hello.b, hello.n);
	talk_deliver(&talk, CLIENT);
	end_step(&talk.end[SERVER]);
	talk_deliver(&talk, SERVER);
	flight_write(&talk.end[CLIENT].out, unknown_ca, sizeof(unknown_ca));
	talk_deliver(&talk, CLIENT);
	talk.has_failed = true;
	talk.failed = CLIENT;
	talk_close(&talk);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}});
}

/* An SSLv3 record with one handshake message, both lengths left to the caller. */
static size_t
put_sslv3(struct bytes *out, uint8_t message)
{
	size_t at = put(out, 1, 22);

	put(out, 2, SSL3_VERSION);
	put(out, 2, 0);
	put(out, 1, message);
	put(out, 3, 0);
	return at;
}

static void
end_sslv3(struct bytes *out, size_t at)
{
	put_length(out, at + 3, 2);
	put_length(out, at + 6, 3);
}

static void
put_sslv3_client_hello(struct bytes *out)
{
	uint8_t random[32];
	size_t at = put_sslv3(out, 1);

	RAND_bytes(random, sizeof(random));
	put(out, 2, SSL3_VERSION);
	put_bytes(out, random, sizeof(random));
	put(out, 1, 0);
	put(out, 2, 6);
	put(out, 6, 0x0035000a0005);
	put(out, 2, 0x0100); /* one compression method: none */
	end_sslv3(out, at);
}

static void
put_sslv3_server_flight(struct bytes *out, X509 *cert)
{
	uint8_t random[64], *der = NULL;
	int n = i2d_X509(cert, &der);
	size_t at = put_sslv3(out, 2);

	RAND_bytes(random, sizeof(random));
	put(out, 2, SSL3_VERSION);
	put_bytes(out, random, 32);
	put(out, 1, 32);
	put_bytes(out, random + 32, 32);
	put(out, 2, 0x0005); /* RC4-SHA */
	put(out, 1, 0);
	end_sslv3(out, at);
	if (n <= 0)
		lab_die("out of memory");
	at = put_sslv3(out, 11);
	put(out, 3, (uint64_t)n + 3);
	put(out, 3, (uint64_t)n);
	put_bytes(out, der, (size_t)n);
	end_sslv3(out, at);
	end_sslv3(out, put_sslv3(out, 14));
	OPENSSL_free(der);
}

/* No OpenSSL of today speaks SSLv3, so this one is written by hand. */
static void
sslv3(struct lab *lab)
{
	static const uint8_t bad_certificate[] = {21, 3, 0, 0, 2, 2, 42};
	struct bytes hello = {.n = 0}, answer = {.n = 0};
	struct talk talk;

	talk_open(&talk, lab, &vpn_old_phone, &vpn_gateway);
	put_sslv3_client_hello(&hello);
	talk_bytes(&talk, CLIENT, hello.b, hello.n);
	put_sslv3_server_flight(&answer, pki(GATEWAY_WEAK)->cert);
	talk_bytes(&talk, SERVER, answer.b, answer.n);
	talk_bytes(&talk, CLIENT, bad_certificate, sizeof(bad_certificate));
	talk.has_failed = true;
	talk.failed = CLIENT;
	talk_close(&talk);
	vpn_config(lab, &(struct vpn_config){.hashes = {GATEWAY_RSA}});
}

const struct scenario hello_scenarios[] = {
	{"45-no-shared-cipher",
	 "an old phone offers AES256-SHA and AES128-SHA, the gateway has ECDHE alone: "
	 "handshake_failure (40)",
	 "no-shared-cipher", no_shared_cipher},
	{"46-protocol-version",
	 "an old phone has TLS 1.0, the gateway wants TLS 1.2: protocol_version (70)",
	 "protocol-version", protocol_version},
	{"47-fin-after-hello", "no shared cipher, and a gateway that hangs up without an alert",
	 "handshake-aborted", fin_after_hello},
	{"48-fin-then-alert",
	 "the same with a phone that then writes decode_error (50), which is not the cause",
	 "handshake-aborted", fin_then_alert},
	{"49-tls13", "TLS 1.3, all is well as far as can be seen: the certificate is hidden",
	 "certificate-hidden", tls13},
	{"50-tls13-hello-retry",
	 "TLS 1.3 with a HelloRetryRequest; the certificate is hidden, the phone's "
	 "unknown_ca (48) is not",
	 "certificate-hidden, server-certificate-rejected", tls13_hello_retry},
	{"51-sslv2-hello",
	 "a TLS 1.0 ClientHello in SSLv2's form (by hand), OpenSSL's answer, unknown_ca (48)",
	 "cert-hash-mismatch", sslv2_hello},
	{"52-sslv3",
	 "SSLv3 by hand: RC4-SHA, a 1024 bit certificate signed by SHA-1, bad_certificate (42)",
	 "cert-hash-mismatch, weak-crypto", sslv3},
	{0}};
