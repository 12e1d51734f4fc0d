/* A report made by hand. Nothing in it is allocated, so nothing has to be freed. */
#include "tests/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissectors/alert.h"

#define START 1459541662741838 /* 2016-04-01T20:14:22.741838Z */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint32_t offer[] = {0xc02c, 0xc030, 0x0035, 0x002f, 0x00ff};
static uint32_t dtls_offer[] = {0x0035, 0x00ff};
static uint64_t repeated[] = {201, 230};
static char *dns_names[] = {"vpn.example.com", "*.example.com"};
static char *ip_addresses[] = {"198.51.100.1"};

static struct cert ec_cert = {
	.sha1 = {0xe5, 0x7e, 0x81, 0xea, 0x99, 0x54, 0xc1, 0x44, 0x97, 0x66,
		 0x78, 0xd0, 0xe2, 0x41, 0x8c, 0xdf, 0x79, 0xa9, 0x31, 0x76},
	.sha256 = {0xec},
	.parsed = true,
	.key_type = "EC",
	.key_bits = 256,
	.curve = "prime256v1",
	.subject = "CN=ASA Temporary Self Signed Certificate",
	.issuer = "CN=ASA Temporary Self Signed Certificate",
	.serial = "0a1b",
	.has_dates = true,
	.not_before = 1427932800,
	.not_after = 253402300799,
	.signature = "ecdsa-with-SHA256",
	.self_signed = true,
};

static struct cert rsa_cert = {
	.sha1 = {0x12, 0x89, 0xb8, 0xa7, 0xaa, 0x9f, 0xfd, 0x84, 0x86, 0x5e,
		 0x38, 0x93, 0x9f, 0x34, 0x66, 0xa6, 0x1b, 0x56, 0x08, 0xfc},
	.sha256 = {0x2a},
	.parsed = true,
	.key_type = "RSA",
	.key_bits = 2048,
	.subject = "CN=vpn.example.com,O=Example \"VPN\"",
	.issuer = "CN=Example CA",
	.serial = "02",
	.has_dates = true,
	.not_before = -2208988800,
	.not_after = 1790000000,
	.signature = "sha256WithRSAEncryption",
	.dns_names = dns_names,
	.n_dns_names = COUNT(dns_names),
	.ip_addresses = ip_addresses,
	.n_ip_addresses = COUNT(ip_addresses),
	.alt_names_cut = true,
};

static struct cert_fact ec_chain[] = {{{15, START + 20}, &ec_cert}};
static struct cert_fact rsa_chain[] = {{{103, START + 30}, &rsa_cert},
				       {{103, START + 30}, &ec_cert}};

static struct config_hash old_hash = {.text = "fZ2xQHMBcWj/fSoNs5IkPbA2Pt8=", .form = HASH_BASE64};
static struct config_hash rsa_hash = {.text = "Eom4p6qf/YSGXjiTnzRmphtWCPw=", .form = HASH_BASE64};
static struct config_url url = {"https://vpn.example.com/phone", "vpn.example.com", 443};
static struct phone_config config = {
	.source = "SEP001122334455.cnf.xml",
	.name = "SEP001122334455",
	.has_vpn_group = true,
	.urls = &url,
	.n_urls = 1,
	.hashes = &old_hash,
	.n_hashes = 1,
	.load = "sip88xx.12-5-1",
};
static struct phone_config *configs[] = {&config};
static struct trust trust = {
	.configs = configs, .n_configs = 1, .hashes = &rsa_hash, .n_hashes = 1};

static const char *const remedy[] = {
	"ssl cipher tlsv1.2 custom \"AES256-SHA:AES128-SHA\"",
	"ssl cipher dtlsv1 custom \"AES256-SHA:AES128-SHA\"",
	"(RSA ciphers alone, for TLS and for DTLS, make the gateway show its RSA certificate to "
	"every phone again)",
	NULL,
};
static const char *const references[] = {"CSCuu02848", "https://example.com/", NULL};
static const struct rule rule = {
	.id = "ec-certificate",
	.title = "The gateway shows an EC certificate, and the phone trusts an RSA one",
	.explanation = "Since 9.4(1) an ASA prefers ECDSA ciphers, and makes itself a temporary "
		       "self-signed EC "
		       "certificate for them. Its hash is not in the phone's configuration.",
	.remedy = remedy,
	.references = references,
};
static const struct rule bare_rule = {
	.id = "capture-loss", .title = "Parts are missing", .explanation = "It is so."};

static uint32_t finding_handshakes[] = {1, 2, 3};
static uint64_t finding_frames[] = {14, 15, 20};
static char *expected[] = {"Eom4p6qf/YSGXjiTnzRmphtWCPw=", "fZ2xQHMBcWj/fSoNs5IkPbA2Pt8="};
static char *actual[] = {"5X6B6plUwUSXZnjQ4kGM33mpMXY="};

static struct handshake handshakes[8];
static struct alert_fact alerts[COUNT(handshakes)];
static struct missing_fact missing[COUNT(handshakes)];
static struct handshake *failing_list[] = {&handshakes[0], &handshakes[1], &handshakes[2]};
static struct handshake *well_list[] = {&handshakes[3], &handshakes[4]};
static struct handshake *unknown_list[] = {&handshakes[5], &handshakes[6]};
static struct handshake *other_list[] = {&handshakes[7]};
static struct visit failing_visit, well_visit, unknown_visits[2];
static struct phone_address addresses[SAMPLE_PHONES];
static struct phone phones[SAMPLE_PHONES];
static struct finding findings[2];
static struct report report;

static const struct tally tally = {
	.input = "phone.pcapng",
	.packets = 412,
	.bytes = 99999,
	.flows = 9,
	.handshakes = 8,
	.tls = 6,
	.dtls = 2,
	.certificates = 7,
	.first_us = START,
	.last_us = START + 41000000,
};

static struct ip_addr
v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct ip_addr){{[10] = 0xff, [11] = 0xff, [12] = a, [13] = b, [14] = c, [15] = d}};
}

static struct when
at(uint64_t frame)
{
	return (struct when){frame, START + (int64_t)(frame - 12) * 1000};
}

static void
fill(struct handshake *handshake, uint32_t id, bool dtls, uint64_t first, uint64_t last)
{
	handshake->id = id;
	handshake->alerts = &alerts[id - 1];
	handshake->missing = &missing[id - 1];
	handshake->dtls = dtls;
	handshake->first = at(first);
	handshake->last = at(last);
	handshake->roles_known = true;
	handshake->client.ip = v4(10, 0, 0, 5);
	handshake->client.port = (uint16_t)(50000 + id);
	handshake->server.ip = v4(63, 85, 30, 34);
	handshake->server.port = 443;
	handshake->client_hello.at = at(first);
	handshake->client_hello.version = dtls ? 0x0100 : 0x0303;
	handshake->client_hello.ciphers = dtls ? dtls_offer : offer;
	handshake->client_hello.n_ciphers = dtls ? COUNT(dtls_offer) : COUNT(offer);
}

static void
answer(struct handshake *handshake, uint64_t frame, uint32_t cipher)
{
	handshake->server_hello.at = at(frame);
	handshake->server_hello.version = handshake->client_hello.version;
	handshake->server_hello.cipher = cipher;
}

static void
show(struct handshake *handshake, enum side side, struct cert_fact *certs, size_t n)
{
	handshake->certs[side] = (struct cert_list_fact){certs[0].at, certs, n};
}

static void
miss(struct handshake *handshake, enum missing_what what, enum missing_why why)
{
	handshake->missing[0] = (struct missing_fact){.what = what, .why = why};
	handshake->n_missing = 1;
}

static void
fill_failing(void)
{
	ec_chain[0].cert = &ec_cert;
	for (unsigned i = 0; i < 3; i++) {
		struct handshake *handshake = &handshakes[i];

		fill(handshake, i + 1, false, 12 + 18 * i, 20 + 18 * i);
		answer(handshake, 14 + 18 * i, 0xc02c);
		show(handshake, SIDE_SERVER, ec_chain, 1);
		handshake->client.has_mac = true;
		memcpy(handshake->client.mac, (uint8_t[]){0, 0x11, 0x22, 0x33, 0x44, 0x55}, 6);
		handshake->alerts[0] =
			(struct alert_fact){at(20 + 18 * i), SIDE_CLIENT, ALERT_FATAL, 48};
		handshake->n_alerts = 1;
		handshake->outcome = OUTCOME_FAILED;
	}
}

static void
fill_well(void)
{
	fill(&handshakes[3], 4, false, 101, 110);
	answer(&handshakes[3], 103, 0x0035);
	show(&handshakes[3], SIDE_SERVER, rsa_chain, COUNT(rsa_chain));
	handshakes[3].outcome = OUTCOME_ESTABLISHED;
	fill(&handshakes[4], 5, true, 120, 124);
	answer(&handshakes[4], 121, 0x0035);
	handshakes[4].resumed = true;
	handshakes[4].outcome = OUTCOME_ESTABLISHED;
	miss(&handshakes[4], MISSING_SERVER_CERTIFICATES, WHY_RESUMED);
}

static void
fill_unknown(void)
{
	fill(&handshakes[5], 6, true, 200, 230);
	handshakes[5].outcome = OUTCOME_UNANSWERED;
	handshakes[5].client_hello.repeats = (struct copies){.frames = repeated, .n = 2, .last = at(230)};
	handshakes[5].unreachable = at(231);
	handshakes[5].unreachable_type = 3;
	handshakes[5].unreachable_code = 3;
	fill(&handshakes[6], 7, false, 240, 240);
	handshakes[6].outcome = OUTCOME_INCOMPLETE;
	handshakes[6].server.port = 8443;
	miss(&handshakes[6], MISSING_SERVER_CERTIFICATES, WHY_HOLE);
	handshakes[6].missing[0].offset = 4096;
	handshakes[6].missing[0].length = 1460;
	fill(&handshakes[7], 8, false, 300, 310);
}

static void
fill_findings(void)
{
	findings[0] = (struct finding){
		.rule = &rule,
		.severity = SEVERITY_ERROR,
		.certainty = CERTAINTY_PROVEN,
		.phone = &phones[SAMPLE_FAILING],
		.visit = &failing_visit,
		.handshakes = finding_handshakes,
		.n_handshakes = COUNT(finding_handshakes),
		.frames = finding_frames,
		.n_frames = COUNT(finding_frames),
		.expected = expected,
		.n_expected = COUNT(expected),
		.actual = actual,
		.n_actual = COUNT(actual),
		.detail = "The gateway chose ECDHE-ECDSA-AES256-GCM-SHA384 and showed \"CN=ASA "
			  "Temporary Self "
			  "Signed Certificate\".",
	};
	findings[1] = (struct finding){
		.rule = &bare_rule,
		.severity = SEVERITY_WARNING,
		.phone = &phones[SAMPLE_FAILING],
		.visit = &failing_visit,
		.tainted = true,
	};
}

static void
fill_visits(void)
{
	failing_visit = (struct visit){
		.phone = &phones[SAMPLE_FAILING],
		.server = v4(63, 85, 30, 34),
		.port = 443,
		.handshakes = failing_list,
		.n = COUNT(failing_list),
		.matters = MATTERS_GATEWAY,
		.config = &config,
		.host = "vpn.example.com",
		.verdict = VERDICT_FAILING,
	};
	well_visit = (struct visit){
		.phone = &phones[SAMPLE_WELL],
		.server = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
		.port = 443,
		.handshakes = well_list,
		.n = COUNT(well_list),
		.matters = MATTERS_ANYCONNECT,
		.verdict = VERDICT_OK,
	};
	unknown_visits[0] = (struct visit){
		.phone = &phones[SAMPLE_UNKNOWN],
		.server = v4(192, 0, 2, 9),
		.port = 443,
		.handshakes = other_list,
		.n = COUNT(other_list),
	};
	unknown_visits[1] = (struct visit){
		.phone = &phones[SAMPLE_UNKNOWN],
		.server = v4(63, 85, 30, 34),
		.port = 443,
		.handshakes = unknown_list,
		.n = COUNT(unknown_list),
		.matters = MATTERS_GATEWAY,
	};
}

static void
fill_phones(void)
{
	phones[SAMPLE_FAILING] = (struct phone){
		.ip = v4(10, 0, 0, 5),
		.has_mac = true,
		.mac = {0, 0x11, 0x22, 0x33, 0x44, 0x55},
		.name = "SEP001122334455",
		.name_from = "certificate",
		.name_at = at(8),
		.model = "CP-8861",
		.model_known = {"certificate", at(8)},
		.software = "sip88xx.12-5-1",
		.software_known = {"configuration", {0, 0}},
		.config = &config,
		.visits = &failing_visit,
		.n_visits = 1,
		.verdict = VERDICT_FAILING,
	};
	phones[SAMPLE_WELL] = (struct phone){
		.ip = v4(10, 0, 0, 6),
		.visits = &well_visit,
		.n_visits = 1,
		.verdict = VERDICT_OK,
	};
	phones[SAMPLE_UNKNOWN] = (struct phone){
		.ip = v4(10, 0, 0, 7),
		.visits = unknown_visits,
		.n_visits = COUNT(unknown_visits),
	};
	for (unsigned i = 0; i < SAMPLE_PHONES; i++) {
		addresses[i] = (struct phone_address){phones[i].ip, {"packets", {0, 0}}};
		phones[i].addresses = &addresses[i];
		phones[i].n_addresses = 1;
		phones[i].voice_vlan = -1;
	}
}

struct report *
sample_report(void)
{
	memset(handshakes, 0, sizeof handshakes);
	fill_failing();
	fill_well();
	fill_unknown();
	fill_findings();
	memcpy(rsa_hash.hash.bytes, rsa_cert.sha1, SHA1_SIZE);
	rsa_hash.hash.n = old_hash.hash.n = SHA1_SIZE;

	fill_visits();
	fill_phones();
	report = (struct report){.trust = &trust,
				 .phones = phones,
				 .n_phones = SAMPLE_PHONES,
				 .findings = findings,
				 .n_findings = COUNT(findings),
				 .others = 1};
	return &report;
}

const struct tally *
sample_tally(void)
{
	return &tally;
}

char *
sample_print(void (*print)(FILE *to))
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	if (to == NULL)
		abort();
	print(to);
	fclose(to);
	return text;
}
