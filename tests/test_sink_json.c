/* JSON: whole lines, letter by letter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sample.h"
#include "src/sink.h"

static const struct handshake *shown;

static void
print_handshake(FILE *to)
{
	sink_json.handshake(to, shown);
}

static void
print_report(FILE *to)
{
	sink_json.report(to, sample_report(), sample_tally());
}

static void
check_handshake(const struct handshake *handshake, const char *expected)
{
	char *line;

	shown = handshake;
	line = sample_print(print_handshake);
	assert_string_equal(line, expected);
	free(line);
}

/* The line of the report with this number, from 0, without its end; to be freed. */
static char *
report_line(unsigned number)
{
	char *text = sample_print(print_report), *line = text, *end, *copy;

	while (number-- > 0) {
		line = strchr(line, '\n');
		assert_non_null(line);
		line++;
	}
	end = strchr(line, '\n');
	assert_non_null(end);
	copy = strndup(line, (size_t)(end - line));
	free(text);
	return copy;
}

static void
check_report(unsigned number, const char *expected)
{
	char *line = report_line(number);

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
test_handshake(void **state)
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
test_dtls(void **state)
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

static void
test_everything(void **state)
{
	(void)state;
	check_handshake(
		sample_everything(),
		"{\"schema\":1,\"event\":\"handshake\",\"id\":7,\"protocol\":\"TLS\",\"version\":"
		"\"TLSv1.3\","
		"\"outcome\":\"failed\",\"first_frame\":1,\"last_frame\":20,\"time\":\"2016-04-"
		"01T20:14:22.730838Z\","
		"\"client\":{\"ip\":\"10.0.0.5\",\"port\":50007},"
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
test_little(void **state)
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
test_sslv2(void **state)
{
	const struct report *report = sample_report();
	struct handshake *handshake = report->phones[SAMPLE_FAILING].visits[0].handshakes[0];
	char *line;

	(void)state;
	handshake->server_hello.version = 0x0002;
	handshake->server_hello.cipher = 0x010080;
	shown = handshake;
	line = sample_print(print_handshake);
	assert_non_null(strstr(
		line,
		"\"server_hello\":{\"frame\":14,\"version\":\"0x0002\",\"cipher\":\"0x010080\","
		"\"session_id\""));
	free(line);
}

static void
test_finding(void **state)
{
	(void)state;
	check_report(
		0,
		"{\"schema\":1,\"event\":\"finding\",\"id\":\"ec-certificate\",\"severity\":"
		"\"error\","
		"\"certainty\":\"proven\","
		"\"title\":\"The gateway shows an EC certificate, and the phone trusts an RSA "
		"one\","
		"\"detail\":\"The gateway chose ECDHE-ECDSA-AES256-GCM-SHA384 and showed "
		"\\\"CN=ASA Temporary Self Signed Certificate\\\".\","
		"\"phone\":\"SEP001122334455\",\"gateway\":\"63.85.30.34:443\",\"handshakes\":[1,2,"
		"3],"
		"\"frames\":[14,15,20],\"filter\":\"frame.number in {14, 15, 20}\","
		"\"expected\":[\"Eom4p6qf/YSGXjiTnzRmphtWCPw=\",\"fZ2xQHMBcWj/fSoNs5IkPbA2Pt8=\"],"
		"\"actual\":\"5X6B6plUwUSXZnjQ4kGM33mpMXY=\","
		"\"explanation\":\"Since 9.4(1) an ASA prefers ECDSA ciphers, and makes itself a "
		"temporary "
		"self-signed EC certificate for them. Its hash is not in the phone's "
		"configuration.\","
		"\"remedy\":[\"ssl cipher tlsv1.2 custom \\\"AES256-SHA:AES128-SHA\\\"\","
		"\"ssl cipher dtlsv1 custom \\\"AES256-SHA:AES128-SHA\\\"\","
		"\"(RSA ciphers alone, for TLS and for DTLS, make the gateway show its RSA "
		"certificate to every "
		"phone again)\"],"
		"\"references\":[\"CSCuu02848\",\"https://example.com/\"]}");
	check_report(
		1,
		"{\"schema\":1,\"event\":\"finding\",\"id\":\"capture-loss\",\"severity\":"
		"\"warning\","
		"\"certainty\":\"likely\",\"title\":\"Parts are "
		"missing\",\"phone\":\"SEP001122334455\","
		"\"gateway\":\"63.85.30.34:443\",\"handshakes\":[],\"frames\":[],\"expected\":[],"
		"\"explanation\":\"It is so.\",\"remedy\":[],\"references\":[],\"tainted\":true}");
}

static void
print_many_actual(FILE *to)
{
	struct report *report = sample_report();
	char *actual[] = {"0x0035", "0x002f"};

	report->findings[0].actual = actual;
	report->findings[0].n_actual = 2;
	sink_json.report(to, report, sample_tally());
}

static void
test_many_actual(void **state)
{
	char *text = sample_print(print_many_actual);

	(void)state;
	assert_non_null(strstr(text, ",\"actual\":\"0x0035, 0x002f\","));
	free(text);
}

static void
test_phones(void **state)
{
	(void)state;
	check_report(2, "{\"schema\":1,\"event\":\"phone\",\"phone\":\"SEP001122334455\",\"name\":"
			"\"SEP001122334455\","
			"\"mac\":\"00:11:22:33:44:55\",\"model\":\"CP-8861\",\"firmware\":"
			"\"sip88xx.12-5-1\","
			"\"addresses\":[\"10.0.0.5\"],"
			"\"known_from\":[{\"what\":\"name\",\"from\":\"certificate\",\"frame\":8},"
			"{\"what\":\"mac\",\"from\":\"packets\"},{\"what\":\"model\",\"from\":"
			"\"certificate\"},"
			"{\"what\":\"firmware\",\"from\":\"configuration\"},{\"what\":"
			"\"addresses\",\"from\":\"packets\"}],"
			"\"configuration\":{\"source\":\"SEP001122334455.cnf.xml\","
			"\"urls\":[\"https://vpn.example.com/phone\"],\"hashes\":[\"fZ2xQHMBcWj/"
			"fSoNs5IkPbA2Pt8=\"]},"
			"\"handshakes\":[{\"gateway\":\"63.85.30.34:443\",\"host\":\"vpn.example."
			"com\",\"tls\":[1,2,3],"
			"\"dtls\":[]}],\"findings\":[\"ec-certificate\",\"capture-loss\"],"
			"\"verdict\":\"failing\"}");
	check_report(3, "{\"schema\":1,\"event\":\"phone\",\"phone\":\"10.0.0.6\",\"addresses\":["
			"\"10.0.0.6\"],"
			"\"known_from\":[{\"what\":\"addresses\",\"from\":\"packets\"}],"
			"\"handshakes\":[{\"gateway\":\"[2001:db8::1]:443\",\"tls\":[4],\"dtls\":["
			"5]}],\"findings\":[],"
			"\"verdict\":\"ok\"}");
	/* its other visit does not matter */
	check_report(4, "{\"schema\":1,\"event\":\"phone\",\"phone\":\"10.0.0.7\",\"addresses\":["
			"\"10.0.0.7\"],"
			"\"known_from\":[{\"what\":\"addresses\",\"from\":\"packets\"}],"
			"\"handshakes\":[{\"gateway\":\"63.85.30.34:443\",\"tls\":[7],\"dtls\":[6]}"
			"],\"findings\":[],"
			"\"verdict\":\"unknown\"}");
}

static void
print_twice_found(FILE *to)
{
	struct report *report = sample_report();

	report->findings[1].rule = report->findings[0].rule;
	report->phones[SAMPLE_WELL].visits[0].matters = 0;
	sink_json.report(to, report, sample_tally());
}

static void
test_finding_ids_once(void **state)
{
	char *text = sample_print(print_twice_found);

	(void)state;
	assert_non_null(strstr(text, "\"findings\":[\"ec-certificate\"],\"verdict\""));
	assert_null(strstr(text, "10.0.0.6"));
	assert_non_null(strstr(text, "\"phones\":2,"));
	free(text);
}

static void
test_summary(void **state)
{
	(void)state;
	check_report(5, "{\"schema\":1,\"event\":\"summary\",\"input\":\"phone.pcapng\","
			"\"first_time\":\"2016-04-01T20:14:22.741838Z\",\"last_time\":\"2016-04-"
			"01T20:15:03.741838Z\","
			"\"packets\":412,\"bytes\":99999,\"dropped_kernel\":0,\"dropped_"
			"interface\":0,\"unreadable\":0,"
			"\"cut\":0,\"fragments_lost\":0,\"flows\":9,\"handshakes\":8,\"tls\":6,"
			"\"dtls\":2,\"others\":1,"
			"\"certificates\":7,\"holes\":0,\"hole_bytes\":0,\"evicted_flows\":0,"
			"\"evicted_handshakes\":0,"
			"\"over_limit\":0,\"damaged\":false,\"phones\":3,"
			"\"findings\":{\"error\":1,\"warning\":1,\"info\":0}}");
}

static void
print_empty(FILE *to)
{
	const struct report report = {0};
	const struct tally tally = {.input = "empty\xff.pcap", .damaged = true};

	sink_json.report(to, &report, &tally);
}

static void
test_empty(void **state)
{
	char *text = sample_print(print_empty);

	(void)state;
	assert_string_equal(
		text, "{\"schema\":1,\"event\":\"summary\",\"input\":\"empty\xef\xbf\xbd.pcap\","
		      "\"packets\":0,"
		      "\"bytes\":0,\"dropped_kernel\":0,\"dropped_interface\":0,\"unreadable\":0,"
		      "\"cut\":0,"
		      "\"fragments_lost\":0,\"flows\":0,\"handshakes\":0,\"tls\":0,\"dtls\":0,"
		      "\"others\":0,"
		      "\"certificates\":0,\"holes\":0,\"hole_bytes\":0,\"evicted_flows\":0,"
		      "\"evicted_handshakes\":0,\"over_limit\":0,\"damaged\":true,\"phones\":0,"
		      "\"findings\":{\"error\":0,\"warning\":0,\"info\":0}}\n");
	free(text);
}

static void
test_table(void **state)
{
	(void)state;
	assert_ptr_equal(sink_find("json"), &sink_json);
	assert_ptr_equal(sink_find("text"), &sink_text);
	assert_null(sink_find("xml"));
	assert_null(sink_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_dtls),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_little),
		cmocka_unit_test(test_sslv2),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_many_actual),
		cmocka_unit_test(test_phones),
		cmocka_unit_test(test_finding_ids_once),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
