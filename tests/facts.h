/* What a wire shows, told by hand, an event a line and a frame an event, and judged as after a capture. Frames
 * count from 1 in the order told, a millisecond apart. A handshake's outcome is concluded from its facts. */
#ifndef TESTS_FACTS_H
#define TESTS_FACTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "dissectors/alert.h"
#include "src/findings/case.h"
#include "src/tls/conclude.h"

enum { FACTS_HANDSHAKES = 80, FACTS_EVENTS = 40, FACTS_CERTS = 12, FACTS_HASHES = 8, FACTS_CONFIGS = 3 };

#define FACTS_START 1459541662000000 /* 2016-04-01T20:14:22Z */
#define FACTS_DAY INT64_C(86400)

struct facts_cert {
	struct cert cert;
	char subject[64], issuer[64];
};

static struct facts {
	struct trust trust;
	struct tally tally;
	struct cases *cases;
	const struct report *report;
	struct when now;
	struct handshake *told[FACTS_HANDSHAKES];
	struct damage damage[FACTS_HANDSHAKES];
	size_t n;
	struct event *events[FACTS_EVENTS];
	size_t n_events;
	struct facts_cert certs[FACTS_CERTS];
	size_t n_certs;
	struct config_hash given[FACTS_HASHES], pinned[FACTS_CONFIGS][FACTS_HASHES];
	char text[FACTS_CONFIGS + 1][FACTS_HASHES][HASH_BASE64_SIZE];
	struct phone_config config[FACTS_CONFIGS], *configs[FACTS_CONFIGS];
	struct config_url url[FACTS_CONFIGS];
	struct gateway_name gateway;
} facts;

static inline int
facts_setup(void **state)
{
	(void)state;
	facts = (struct facts){.now = {0, FACTS_START}};
	facts.trust.configs = facts.configs;
	facts.trust.hashes = facts.given;
	facts.trust.gateways = &facts.gateway;
	facts.cases = cases_new(&facts.trust);
	return facts.cases == NULL;
}

/* Every certificate must have been given back. */
static inline int
facts_teardown(void **state)
{
	(void)state;
	for (size_t i = 0; facts.report == NULL && i < facts.n; i++)
		handshake_free(facts.told[i]);
	for (size_t i = 0; facts.report == NULL && i < facts.n_events; i++)
		event_free(facts.events[i]);
	cases_free(facts.cases);
	for (size_t i = 0; i < facts.n_certs; i++)
		assert_int_equal(facts.certs[i].cert.refs, 1);
	return 0;
}

#define FACTS_TEST(test) cmocka_unit_test_setup_teardown(test, facts_setup, facts_teardown)

/* later lets time pass before the next event, or before the capture's end. */
static inline void
later(int64_t seconds)
{
	facts.now.us += seconds * 1000000;
}

/* next gives the next frame, in which this side was seen. */
static inline struct when
next(struct handshake *handshake, enum side side)
{
	facts.now.frame++;
	facts.now.us += 1000;
	handshake->saw[side] = true;
	handshake->last = facts.now;
	return facts.now;
}

static inline struct ip_addr
v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct ip_addr){{[10] = 0xff, [11] = 0xff, [12] = a, [13] = b, [14] = c, [15] = d}};
}

/* Lists as arguments: suites end in 0, certificates in NULL. */
#define SUITES(...) ((const uint32_t[]){__VA_ARGS__, 0})
#define CERTS(...) ((const struct cert *const[]){__VA_ARGS__, NULL})

/* hellos begins a handshake of the phone 10.0.0.x at the gateway 198.51.100.x. */
static inline struct handshake *
hellos(bool dtls, uint8_t phone, uint8_t gateway, const uint32_t *suites)
{
	struct handshake *handshake = handshake_new();
	struct client_hello_fact *hello;

	assert_non_null(handshake);
	assert_true(facts.n < FACTS_HANDSHAKES);
	facts.told[facts.n++] = handshake;
	handshake->id = (uint32_t)facts.n;
	handshake->dtls = dtls;
	handshake->client = (struct endpoint){.ip = v4(10, 0, 0, phone), .port = (uint16_t)(50000 + facts.n)};
	handshake->server = (struct endpoint){.ip = v4(198, 51, 100, gateway), .port = 443};
	handshake->roles_known = handshake->from_start = true;
	handshake->saw[SIDE_SERVER] = !dtls;
	hello = &handshake->client_hello;
	hello->at = handshake->first = next(handshake, SIDE_CLIENT);
	hello->version = dtls ? 0x0100 : 0x0303;
	while (suites[hello->n_ciphers] != 0)
		hello->n_ciphers++;
	hello->ciphers = calloc(hello->n_ciphers + 1, sizeof(hello->ciphers[0]));
	assert_non_null(hello->ciphers);
	memcpy(hello->ciphers, suites, hello->n_ciphers * sizeof(suites[0]));
	if (dtls)
		memset(hello->session_id, 0xa5, hello->session_id_len = sizeof(hello->session_id));
	return handshake;
}

static inline struct handshake *
tls_from(uint8_t phone, uint8_t gateway, const uint32_t *suites)
{
	return hellos(false, phone, gateway, suites);
}

/* dtls_from makes it AnyConnect's: DTLS 0.9 that asks for a session. */
static inline struct handshake *
dtls_from(uint8_t phone, uint8_t gateway, const uint32_t *suites)
{
	return hellos(true, phone, gateway, suites);
}

/* offers has its ClientHello offer this one by supported_versions. */
static inline void
offers(struct handshake *handshake, uint16_t version)
{
	struct client_hello_fact *hello = &handshake->client_hello;

	assert_int_equal(hello->n_versions, 0);
	hello->versions = calloc(1, sizeof(hello->versions[0]));
	assert_non_null(hello->versions);
	hello->versions[hello->n_versions++] = version;
}

/* is_repeated sends the ClientHello again, a second after the last. */
static inline void
is_repeated(struct handshake *handshake)
{
	later(1);
	assert_true(copies_add(&handshake->client_hello.repeats, next(handshake, SIDE_CLIENT)));
}

/* answers sends a ServerHello of the version and, in DTLS, with the session id that was asked for. */
static inline void
answers(struct handshake *handshake, uint32_t suite)
{
	const struct client_hello_fact *hello = &handshake->client_hello;
	struct server_hello_fact *answer = &handshake->server_hello;

	answer->at = next(handshake, SIDE_SERVER);
	answer->version = answer->legacy_version = hello->version;
	answer->cipher = suite;
	answer->session_id_len = hello->session_id_len;
	memcpy(answer->session_id, hello->session_id, sizeof(answer->session_id));
}

/* shows sends a Certificate; an empty one where the list ends at once. */
static inline void
shows(struct handshake *handshake, enum side side, const struct cert *const *certs)
{
	struct cert_list_fact *list = &handshake->certs[side];

	list->at = next(handshake, side);
	while (certs[list->n] != NULL)
		list->n++;
	list->certs = calloc(list->n + 1, sizeof(list->certs[0]));
	assert_non_null(list->certs);
	for (size_t i = 0; i < list->n; i++)
		list->certs[i] = (struct cert_fact){list->at, cert_ref(certs[i])};
}

/* asks sends a CertificateRequest that names one CA, or none. */
static inline void
asks(struct handshake *handshake, const char *authority)
{
	struct cert_request_fact *request = &handshake->cert_request;

	request->at = next(handshake, SIDE_SERVER);
	request->authorities = calloc(1, sizeof(request->authorities[0]));
	assert_non_null(request->authorities);
	if (authority != NULL)
		request->authorities[request->n_authorities++] = strdup(authority);
}

static inline void
exchanges_key(struct handshake *handshake)
{
	handshake->client_key_exchange = next(handshake, SIDE_CLIENT);
}

/* goes_on ends it well: both sides encrypt, and the client sends data. */
static inline void
goes_on(struct handshake *handshake)
{
	handshake->ccs[SIDE_CLIENT] = handshake->encrypted[SIDE_CLIENT] = next(handshake, SIDE_CLIENT);
	handshake->ccs[SIDE_SERVER] = handshake->encrypted[SIDE_SERVER] = next(handshake, SIDE_SERVER);
	handshake->app_data[SIDE_CLIENT] = next(handshake, SIDE_CLIENT);
}

static inline void
alerts(struct handshake *handshake, enum side side, uint8_t code)
{
	assert_true(handshake_add_alert(handshake, (struct alert_fact){next(handshake, side), side, ALERT_FATAL, code}));
}

static inline void
closes(struct handshake *handshake, enum side side)
{
	handshake->fin[side] = next(handshake, side);
}

static inline void
resets(struct handshake *handshake, enum side side)
{
	handshake->rst[side] = next(handshake, side);
}

/* loses is a hole in what this side sent. */
static inline void
loses(struct handshake *handshake, enum side side, uint8_t type, enum missing_what what)
{
	for (size_t i = 0; i < facts.n; i++)
		if (facts.told[i] == handshake)
			damage_add(&facts.damage[i], what, WHY_HOLE, 100, 50, NULL);
	assert_true(handshake_add_hole(handshake,
				       (struct hole_fact){next(handshake, side), side, 100, 50, false, type}));
}

/* cert_of makes a certificate that is valid from 2015 to 2030; its SHA-1 is its number, 20 times. */
static inline struct cert *
cert_of(const char *key_type, const char *subject_cn, const char *issuer_cn)
{
	struct facts_cert *made = &facts.certs[facts.n_certs++];
	struct cert *cert = &made->cert;

	assert_true(facts.n_certs <= FACTS_CERTS);
	snprintf(made->subject, sizeof(made->subject), "CN=%s", subject_cn);
	snprintf(made->issuer, sizeof(made->issuer), "CN=%s", issuer_cn);
	memset(cert->sha1, (int)facts.n_certs, sizeof(cert->sha1));
	memset(cert->sha256, (int)facts.n_certs, sizeof(cert->sha256));
	memset(cert->sha512, (int)facts.n_certs, sizeof(cert->sha512));
	memcpy(cert->subject_id, subject_cn, strnlen(subject_cn, sizeof(cert->subject_id)));
	memcpy(cert->issuer_id, issuer_cn, strnlen(issuer_cn, sizeof(cert->issuer_id)));
	cert->parsed = cert->has_dates = true;
	cert->key_type = (char *)(uintptr_t)key_type;
	cert->key_bits = strcmp(key_type, "EC") == 0 ? 256 : 2048;
	cert->subject = made->subject;
	cert->issuer = made->issuer;
	cert->subject_cn = made->subject + strlen("CN=");
	cert->issuer_cn = made->issuer + strlen("CN=");
	cert->not_before = INT64_C(1420070400);
	cert->not_after = INT64_C(1893456000);
	cert->signature = "sha256WithRSAEncryption";
	cert->self_signed = strcmp(subject_cn, issuer_cn) == 0;
	cert->refs = 1;
	return cert;
}

/* hash_of fills a configuration's hash with a certificate's digest of this size. */
static inline void
hash_of(struct config_hash *hash, char text[HASH_BASE64_SIZE], const struct cert *cert, size_t size)
{
	const uint8_t *digest = size == SHA1_SIZE ? cert->sha1 : size == SHA256_SIZE ? cert->sha256 : cert->sha512;

	hash->form = HASH_BASE64;
	hash->hash.n = size;
	memcpy(hash->hash.bytes, digest, size);
	hash_base64(digest, size, text);
	hash->text = text;
}

/* given_hash is --cert-hash. */
static inline void
given_hash(const struct cert *cert)
{
	size_t n = facts.trust.n_hashes++;

	assert_true(n < FACTS_HASHES);
	hash_of(&facts.given[n], facts.text[FACTS_CONFIGS][n], cert, SHA1_SIZE);
}

/* pins adds a hash to a configuration. */
static inline void
pins(struct phone_config *config, const struct cert *cert, size_t size)
{
	size_t c = (size_t)(config - facts.config), n = config->n_hashes++;

	assert_true(n < FACTS_HASHES);
	hash_of(&config->hashes[n], facts.text[c][n], cert, size);
}

/* given_config is --phone-config with the url of one gateway; no host: no url. */
static inline struct phone_config *
given_config(const char *name, const char *host)
{
	size_t c = facts.trust.n_configs++;
	struct phone_config *config = &facts.config[c];

	assert_true(c < FACTS_CONFIGS);
	facts.configs[c] = config;
	snprintf(config->name, sizeof(config->name), "%s", name);
	config->has_vpn_group = true;
	config->hashes = facts.pinned[c];
	config->urls = &facts.url[c];
	config->n_urls = host != NULL;
	facts.url[c] = (struct config_url){.host = (char *)(uintptr_t)host, .port = 443};
	config->enable_host_id_check = config->auth_method = config->hash_alg = -1;
	return config;
}

/* given_gateway is --gateway; port 0: any. */
static inline void
given_gateway(const char *host, uint16_t port)
{
	facts.gateway = (struct gateway_name){(char *)(uintptr_t)host, port};
	facts.trust.n_gateways = 1;
}

/* judged ends the capture, at its first call. */
static inline const struct report *
judged(void)
{
	if (facts.report != NULL)
		return facts.report;
	facts.tally.last_us = facts.now.us;
	for (size_t i = 0; i < facts.n; i++) {
		assert_true(conclude(facts.told[i], &facts.damage[i], facts.now));
		cases_add(facts.cases, facts.told[i], &facts.tally);
	}
	for (size_t i = 0; i < facts.n_events; i++)
		assert_true(cases_add_event(facts.cases, facts.events[i], &facts.tally));
	facts.report = cases_report(facts.cases, &facts.tally);
	assert_non_null(facts.report);
	return facts.report;
}

/* visit_at gives the visit of 10.0.0.x at 198.51.100.x. */
static inline const struct visit *
visit_at(uint8_t phone, uint8_t gateway)
{
	const struct report *report = judged();

	for (size_t p = 0; p < report->n_phones; p++)
		for (size_t v = 0; v < report->phones[p].n_visits; v++) {
			const struct visit *visit = &report->phones[p].visits[v];
			if (report->phones[p].ip.b[15] == phone && visit->server.b[15] == gateway)
				return visit;
		}
	fail_msg("no visit of %u at %u", phone, gateway);
	return NULL;
}

#endif
