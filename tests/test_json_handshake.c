/* JSON: the line of a handshake, letter by letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dissectors/alert.h"
#include "dissectors/handshake.h"
#include "src/output/json_handshake.h"
#include "tests/sample.h"

static const struct handshake *shown;

static void
print(FILE *to)
{
	json_handshake(to, shown);
}

static void
check_handshake(const struct handshake *handshake, const char *expected)
{
	char *line;

	shown = handshake;
	line = sample_print(print);
	assert_string_equal(line, expected);
	free(line);
}

#define EC_CERTIFICATE(frame)                                                                 \
	"{\"frame\":" frame ",\"sha1\":\"e57e81ea9954c144976678d0e2418cdf79a93176\","         \
	"\"sha1_base64\":\"5X6B6plUwUSXZnjQ4kGM33mpMXY=\","                                   \
	"\"sha256\":\"ec00000000000000000000000000000000000000000000000000000000000000\","    \
	"\"sha256_base64\":\"7AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\","                 \
	"\"key_type\":\"EC\",\"key_bits\":256,\"curve\":\"prime256v1\","                      \
	"\"subject\":\"CN=ASA Temporary Self Signed Certificate\","                           \
	"\"issuer\":\"CN=ASA Temporary Self Signed Certificate\",\"serial\":\"0a1b\","        \
	"\"not_before\":\"2015-04-02T00:00:00.000000Z\",\"not_after\":\"9999-12-31T23:59:59." \
	"000000Z\","                                                                          \
	"\"signature\":\"ecdsa-with-SHA256\",\"self_signed\":true,\"dns_names\":[],\"ip_"     \
	"addresses\":[]}"

#define RSA_CERTIFICATE(frame)                                                                  \
	"{\"frame\":" frame ",\"sha1\":\"1289b8a7aa9ffd84865e38939f3466a61b5608fc\","           \
	"\"sha1_base64\":\"Eom4p6qf/YSGXjiTnzRmphtWCPw=\","                                     \
	"\"sha256\":\"2a00000000000000000000000000000000000000000000000000000000000000\","      \
	"\"sha256_base64\":\"KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\","                   \
	"\"key_type\":\"RSA\",\"key_bits\":2048,"                                               \
	"\"subject\":\"CN=vpn.example.com,O=Example \\\"VPN\\\"\",\"issuer\":\"CN=Example "     \
	"CA\",\"serial\":\"02\","                                                               \
	"\"not_before\":\"1900-01-01T00:00:00.000000Z\",\"not_after\":\"2026-09-21T14:13:20."   \
	"000000Z\","                                                                            \
	"\"signature\":\"sha256WithRSAEncryption\",\"self_signed\":false,"                      \
	"\"dns_names\":[\"vpn.example.com\",\"*.example.com\"],\"ip_addresses\":[\"198.51.100." \
	"1\"],"                                                                                 \
	"\"alt_names_cut\":true}"

static void
a_failing_handshake(void **state)
{
	const struct report *report = sample_report();

	(void)state;
	check_handshake(
		report->phones[SAMPLE_FAILING].visits[0].handshakes[0],
		"{\"schema\":1,\"event\":\"handshake\",\"id\":1,\"protocol\":\"TLS\",\"version\":"
		"\"TLSv1.2\","
		"\"outcome\":\"failed\",\"first_frame\":12,\"last_frame\":20,\"time\":\"2016-04-"
		"01T20:14:22.741838Z\","
		"\"client\":{\"ip\":\"10.0.0.5\",\"port\":50001,\"mac\":\"00:11:22:33:44:55\"},"
		"\"server\":{\"ip\":\"63.85.30.34\",\"port\":443},"
		"\"client_hello\":{\"frame\":12,\"version\":\"0x0303\","
		"\"ciphers\":[\"0xc02c\",\"0xc030\",\"0x0035\",\"0x002f\",\"0x00ff\"],\"session_"
		"id\":\"\"},"
		"\"server_hello\":{\"frame\":14,\"version\":\"0x0303\",\"cipher\":\"0xc02c\","
		"\"cipher_name\":\"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\","
		"\"cipher_openssl\":\"ECDHE-ECDSA-AES256-GCM-SHA384\",\"session_id\":\"\","
		"\"resumed\":false},"
		"\"server_certificates\":[" EC_CERTIFICATE(
			"15") "],\"client_certificates\":[],"
			      "\"alerts\":[{\"frame\":20,\"from\":\"client\",\"level\":\"fatal\","
			      "\"code\":48,\"name\":\"unknown_ca\"}],"
			      "\"missing\":[]}\n");
}

static void
an_unanswered_one(void **state)
{
	const struct report *report = sample_report();

	(void)state;
	check_handshake(report->phones[SAMPLE_UNKNOWN].visits[1].handshakes[0],
			"{\"schema\":1,\"event\":\"handshake\",\"id\":6,\"protocol\":\"DTLS\","
			"\"version\":\"DTLSv0.9\","
			"\"outcome\":\"unanswered\",\"first_frame\":200,\"last_frame\":230,"
			"\"time\":\"2016-04-01T20:14:22.929838Z\",\"client\":{\"ip\":\"10.0.0.5\","
			"\"port\":50006},"
			"\"server\":{\"ip\":\"63.85.30.34\",\"port\":443},"
			"\"client_hello\":{\"frame\":200,\"version\":\"0x0100\",\"ciphers\":["
			"\"0x0035\",\"0x00ff\"],"
			"\"session_id\":\"\",\"repeated\":[201,230]},"
			"\"server_certificates\":[],\"client_certificates\":[],\"alerts\":[],"
			"\"unreachable\":{\"frame\":231,\"type\":3,\"code\":3},\"missing\":[]}\n");
}

#define EVERY_HELLO                                                                               \
	"\"first_client_hello\":{\"frame\":1,\"version\":\"0x0303\","                             \
	"\"ciphers\":[\"0x00c02c\",\"0x00c030\",\"0x000035\",\"0x00002f\",\"0x0000ff\"],"         \
	"\"supported_versions\":[\"0x0a0a\",\"0x0304\"],\"server_name\":\"vpn\\\\x1b.example."    \
	"com\","                                                                                  \
	"\"session_id\":\"dead\"},"                                                               \
	"\"hello_retry\":{\"frame\":5,\"version\":\"0x0304\"},\"hello_verify\":{\"frame\":5,"     \
	"\"version\":\"0xfeff\"},"                                                                \
	"\"client_hello\":{\"frame\":1,\"version\":\"0x0303\","                                   \
	"\"ciphers\":[\"0xc02c\",\"0xc030\",\"0x0035\",\"0x002f\",\"0x00ff\"],"                   \
	"\"supported_versions\":[\"0x0a0a\",\"0x0304\"],\"server_name\":\"vpn\\\\x1b.example."    \
	"com\","                                                                                  \
	"\"session_id\":\"dead\",\"repeated\":[21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36]," \
	"\"repeated_total\":17},"                                                                 \
	"\"server_hello\":{\"frame\":6,\"version\":\"0x0304\",\"cipher\":\"0x1301\","             \
	"\"cipher_name\":\"TLS_AES_128_GCM_SHA256\",\"cipher_openssl\":\"TLS_AES_128_GCM_"        \
	"SHA256\","                                                                               \
	"\"session_id\":\"\",\"resumed\":true,\"repeated\":[7]}"

#define EVERY_END                                                                                  \
	"\"certificate_request\":{\"frame\":8,\"authorities\":[\"CN=Cisco Manufacturing CA "       \
	"SHA2,O=Cisco\","                                                                          \
	"\"CN=CAPF-0123abcd\"]},\"server_key_exchange\":{\"frame\":9,\"curve\":\"secp256r1\"},"    \
	"\"alerts\":[{\"frame\":10,\"from\":\"server\",\"level\":\"warning\",\"code\":0,\"name\":" \
	"\"close_notify\"},"                                                                       \
	"{\"frame\":11,\"from\":\"client\",\"level\":\"fatal\",\"code\":48,\"name\":\"unknown_"    \
	"ca\"}],"                                                                                  \
	"\"encrypted_alerts\":[{\"frame\":12,\"from\":\"server\"}],"                               \
	"\"end\":{\"fin\":[{\"frame\":13,\"from\":\"client\"},{\"frame\":14,\"from\":\"server\"}]" \
	","                                                                                        \
	"\"rst\":[{\"frame\":15,\"from\":\"server\"}]},"                                           \
	"\"unreachable\":{\"frame\":16,\"type\":3,\"code\":13},"                                   \
	"\"holes\":[{\"frame\":17,\"from\":\"server\",\"message\":\"certificate\",\"offset\":100," \
	"\"length\":1460,"                                                                         \
	"\"why\":\"hole\"},{\"frame\":18,\"from\":\"client\",\"offset\":0,\"length\":5,\"why\":"   \
	"\"cut\"}],"                                                                               \
	"\"missing\":[{\"what\":\"server_certificates\",\"why\":\"hole\",\"offset\":100,"          \
	"\"length\":1460},"                                                                        \
	"{\"what\":\"client_certificates\",\"why\":\"malformed\",\"field\":\"certificate.list\"}]"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct when
at(uint64_t frame)
{
	return (struct when){frame, 0};
}

static void
fill_hellos(struct handshake *handshake)
{
	static uint16_t versions[] = {0x0a0a, 0x0304};
	static uint64_t frames[LIMIT_REPEATS], frame[] = {7};
	struct client_hello_fact *hello = &handshake->client_hello;

	hello->at = at(1);
	hello->versions = versions;
	hello->n_versions = COUNT(versions);
	hello->server_name = "vpn\\x1b.example.com";
	memcpy(hello->session_id, (uint8_t[]){0xde, 0xad}, 2);
	hello->session_id_len = 2;
	handshake->first_hello = *hello;
	handshake->first_hello.sslv2 = true;
	for (size_t i = 0; i < LIMIT_REPEATS; i++)
		frames[i] = 21 + i;
	hello->repeats = (struct copies){.frames = frames, .n = LIMIT_REPEATS + 1};
	handshake->hello_retry.at = at(5);
	handshake->hello_retry.version = 0x0304;
	handshake->hello_verify = (struct hello_verify_fact){at(5), 0xfeff};
	handshake->server_hello.at = at(6);
	handshake->server_hello.cipher = 0x1301;
	handshake->server_hello.version = 0x0304;
	handshake->server_hello.repeats = (struct copies){.frames = frame, .n = COUNT(frame)};
}

static void
fill_certificates(struct handshake *handshake)
{
	static char *authorities[] = {"CN=Cisco Manufacturing CA SHA2,O=Cisco", "CN=CAPF-0123abcd"};
	static struct cert broken = {.sha1 = {1}, .sha256 = {2}};
	static struct cert_fact chain[] = {{{8, 0}, &broken}};

	handshake->certs[SIDE_CLIENT] = (struct cert_list_fact){at(8), chain, COUNT(chain)};
	handshake->cert_request =
		(struct cert_request_fact){at(8), authorities, COUNT(authorities)};
	handshake->server_key_exchange = at(9);
	handshake->curve = 23;
}

static void
fill_ends(struct handshake *handshake)
{
	static struct alert_fact alerts[] = {{{10, 0}, SIDE_SERVER, ALERT_WARNING, 0},
					     {{11, 0}, SIDE_CLIENT, ALERT_FATAL, 48}};

	handshake->alerts = alerts;
	handshake->n_alerts = COUNT(alerts);
	handshake->encrypted_alert[SIDE_SERVER] = at(12);
	handshake->fin[SIDE_CLIENT] = at(13);
	handshake->fin[SIDE_SERVER] = at(14);
	handshake->rst[SIDE_SERVER] = at(15);
	handshake->unreachable = at(16);
	handshake->unreachable_type = 3;
	handshake->unreachable_code = 13;
}

static void
fill_holes(struct handshake *handshake)
{
	static struct hole_fact holes[] = {{{17, 0}, SIDE_SERVER, 100, 1460, false, HS_CERTIFICATE},
					   {{18, 0}, SIDE_CLIENT, 0, 5, true, 255}};
	static struct missing_fact missing[] = {
		{MISSING_SERVER_CERTIFICATES, WHY_HOLE, 100, 1460, NULL},
		{MISSING_CLIENT_CERTIFICATES, WHY_MALFORMED, 0, 0, "certificate.list"}};

	handshake->holes = holes;
	handshake->n_holes = COUNT(holes);
	handshake->missing = missing;
	handshake->n_missing = COUNT(missing);
}

/* A handshake in which every key has something to say, whether it could be or not. */
static const struct handshake *
everything(void)
{
	struct handshake *all = sample_report()->phones[SAMPLE_WELL].visits[0].handshakes[0];

	all->roles_known = false;
	all->resumed = true;
	all->vlan[0] = 110;
	all->vlan[1] = 7;
	all->vlans = 2;
	all->server.ip = (struct ip_addr){{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
	all->server.has_mac = true;
	all->server.mac[5] = 0xfe;
	fill_hellos(all);
	fill_certificates(all);
	fill_ends(all);
	fill_holes(all);
	return all;
}

static void
every_key(void **state)
{
	(void)state;
	check_handshake(
		everything(),
		"{\"schema\":1,\"event\":\"handshake\",\"id\":4,\"protocol\":\"TLS\",\"version\":"
		"\"TLSv1.3\","
		"\"outcome\":\"established\",\"first_frame\":101,\"last_frame\":110,"
		"\"time\":\"2016-04-01T20:14:22.830838Z\",\"client\":{\"ip\":\"10.0.0.5\",\"port\":"
		"50004},"
		"\"server\":{\"ip\":\"2001:db8::1\",\"port\":443,\"mac\":\"00:00:00:00:00:fe\"},"
		"\"roles_guessed\":true,\"vlan\":[110,7]," EVERY_HELLO ","
		"\"server_certificates\":[" RSA_CERTIFICATE("103") "," EC_CERTIFICATE(
			"103") "],"
			       "\"client_certificates\":[{\"frame\":8,\"sha1\":"
			       "\"0100000000000000000000000000000000000000\","
			       "\"sha1_base64\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAA=\","
			       "\"sha256\":"
			       "\"0200000000000000000000000000000000000000000000000000000000000000"
			       "\","
			       "\"sha256_base64\":\"AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\","
			       "\"parsed\":false}]," EVERY_END "}\n");
}

/* A handshake seen from its middle: nothing is known but where it was. */
static void
next_to_nothing(void **state)
{
	struct handshake *handshake = calloc(1, sizeof *handshake);

	(void)state;
	assert_non_null(handshake);
	handshake->id = 1;
	handshake->roles_known = true;
	handshake->first.frame = handshake->last.frame = 3;
	handshake->first.us = INT64_MAX;
	handshake->certs[SIDE_CLIENT].at.frame = 3;
	handshake->server_key_exchange.frame = 3;
	handshake->curve = 0xfafa;
	check_handshake(handshake,
			"{\"schema\":1,\"event\":\"handshake\",\"id\":1,\"protocol\":\"TLS\","
			"\"outcome\":\"incomplete\","
			"\"first_frame\":3,\"last_frame\":3,\"client\":{\"ip\":\"::\",\"port\":0},"
			"\"server\":{\"ip\":\"::\",\"port\":0},\"server_certificates\":[],\"client_"
			"certificates\":[],"
			"\"empty_certificates\":[{\"frame\":3,\"from\":\"client\"}],"
			"\"server_key_exchange\":{\"frame\":3,\"curve\":\"0xfafa\"},\"alerts\":[],"
			"\"missing\":[]}\n");
	free(handshake);
}

/* SSLv2's ciphers are of three bytes; one that looks like TLS's NULL cipher has no name. */
static void
ciphers_of_sslv2_are_of_three_bytes(void **state)
{
	const struct report *report = sample_report();
	struct handshake *handshake = report->phones[SAMPLE_FAILING].visits[0].handshakes[0];
	char *line;

	(void)state;
	handshake->server_hello.version = 0x0002;
	handshake->server_hello.cipher = 0x010080;
	shown = handshake;
	line = sample_print(print);
	assert_non_null(strstr(
		line,
		"\"server_hello\":{\"frame\":14,\"version\":\"0x0002\",\"cipher\":\"0x010080\","
		"\"session_id\""));
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failing_handshake),
		cmocka_unit_test(an_unanswered_one),
		cmocka_unit_test(every_key),
		cmocka_unit_test(next_to_nothing),
		cmocka_unit_test(ciphers_of_sslv2_are_of_three_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
