/* JSON: the lines of a report, letter by letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/output/sink.h"
#include "tests/sample.h"

static void
print_report(FILE *to)
{
	sink_json.report(to, sample_report(), sample_tally());
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

static void
a_finding(void **state)
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
what_was_there_is_joined(void **state)
{
	char *text = sample_print(print_many_actual);

	(void)state;
	assert_non_null(strstr(text, ",\"actual\":\"0x0035, 0x002f\","));
	free(text);
}

static void
phones(void **state)
{
	(void)state;
	check_report(2, "{\"schema\":1,\"event\":\"phone\",\"phone\":\"SEP001122334455\",\"name\":"
			"\"SEP001122334455\","
			"\"mac\":\"00:11:22:33:44:55\",\"model\":\"CP-8861\",\"firmware\":"
			"\"sip88xx.12-5-1\","
			"\"addresses\":[\"10.0.0.5\"],"
			"\"known_from\":[{\"what\":\"name\",\"from\":\"certificate\",\"frame\":8},"
			"{\"what\":\"mac\",\"from\":\"packets\"},{\"what\":\"model\",\"from\":"
			"\"certificate\",\"frame\":8},"
			"{\"what\":\"firmware\",\"from\":\"configuration\"},{\"what\":"
			"\"addresses\",\"ip\":\"10.0.0.5\",\"from\":\"packets\"}],"
			"\"configuration\":{\"source\":\"SEP001122334455.cnf.xml\",\"vpn_group\":true,"
			"\"urls\":[\"https://vpn.example.com/phone\"],\"hashes\":[\"fZ2xQHMBcWj/"
			"fSoNs5IkPbA2Pt8=\"]},"
			"\"handshakes\":[{\"gateway\":\"63.85.30.34:443\",\"host\":\"vpn.example."
			"com\",\"tls\":[1,2,3],"
			"\"dtls\":[],\"verdict\":\"failing\"}],\"findings\":[\"ec-certificate\","
			"\"capture-loss\"],"
			"\"verdict\":\"failing\"}");
	check_report(3,
		     "{\"schema\":1,\"event\":\"phone\",\"phone\":\"10.0.0.6\",\"addresses\":["
		     "\"10.0.0.6\"],"
		     "\"known_from\":[{\"what\":\"addresses\",\"ip\":\"10.0.0.6\",\"from\":\"packets\"}],"
		     "\"handshakes\":[{\"gateway\":\"[2001:db8::1]:443\",\"tls\":[4],\"dtls\":[5],"
		     "\"verdict\":\"ok\"}],\"findings\":[],\"verdict\":\"ok\"}");
	/* its other visit does not matter */
	check_report(4, "{\"schema\":1,\"event\":\"phone\",\"phone\":\"10.0.0.7\",\"addresses\":["
			"\"10.0.0.7\"],"
			"\"known_from\":[{\"what\":\"addresses\",\"ip\":\"10.0.0.7\",\"from\":\"packets\"}],"
			"\"handshakes\":[{\"gateway\":\"63.85.30.34:443\",\"tls\":[7],\"dtls\":[6],"
			"\"verdict\":\"unknown\"}],\"findings\":[],\"verdict\":\"unknown\"}");
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
a_phone_names_each_finding_once(void **state)
{
	char *text = sample_print(print_twice_found);

	(void)state;
	assert_non_null(strstr(text, "\"findings\":[\"ec-certificate\"],\"verdict\""));
	assert_null(strstr(text, "10.0.0.6"));
	assert_non_null(strstr(text, "\"phones\":2,"));
	free(text);
}

static void
print_shared_findings(FILE *to)
{
	struct report *report = sample_report();

	report->findings[1].phone = &report->phones[SAMPLE_UNKNOWN];
	report->findings[1].visit = &report->phones[SAMPLE_UNKNOWN].visits[1];
	sink_json.report(to, report, sample_tally());
}

static void
findings_go_to_their_phone(void **state)
{
	char *text = sample_print(print_shared_findings);

	(void)state;
	assert_non_null(strstr(text, "\"findings\":[\"ec-certificate\"],\"verdict\":\"failing\""));
	assert_non_null(strstr(text, "\"findings\":[],\"verdict\":\"ok\""));
	assert_non_null(strstr(text, "\"findings\":[\"capture-loss\"],\"verdict\":\"unknown\""));
	free(text);
}

static void
the_summary(void **state)
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
			"\"evicted_handshakes\":0,\"evicted_events\":0,"
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
an_empty_input(void **state)
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
		      "\"evicted_handshakes\":0,\"evicted_events\":0,\"over_limit\":0,\"damaged\":true,\"phones\":0,"
		      "\"findings\":{\"error\":0,\"warning\":0,\"info\":0}}\n");
	free(text);
}

static void
print_news(FILE *to)
{
	sink_json.news(to, sample_report()->findings, INT64_C(1459541662741838));
}

static void
news_is_a_finding(void **state)
{
	const char *begin = "{\"schema\":1,\"event\":\"finding\",", *live = "\"live\":true,\"time\":\"2016-04-01T20:14:22.741838Z\",";
	char *news = sample_print(print_news), *line = report_line(0);

	(void)state;
	assert_memory_equal(news, begin, strlen(begin));
	assert_memory_equal(news + strlen(begin), live, strlen(live));
	assert_memory_equal(news + strlen(begin) + strlen(live), line + strlen(begin), strlen(line) - strlen(begin));
	free(line);
	free(news);
}

static void
the_table_of_sinks(void **state)
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
		cmocka_unit_test(a_finding),
		cmocka_unit_test(what_was_there_is_joined),
		cmocka_unit_test(phones),
		cmocka_unit_test(a_phone_names_each_finding_once),
		cmocka_unit_test(findings_go_to_their_phone),
		cmocka_unit_test(the_summary),
		cmocka_unit_test(an_empty_input),
		cmocka_unit_test(news_is_a_finding),
		cmocka_unit_test(the_table_of_sinks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
