/* JSON: phones with a story, letter by letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/output/sink.h"
#include "tests/sample_story.h"

static void (*change)(struct report *report);

static void
print(FILE *to)
{
	struct report *report = sample_story();

	if (change != NULL)
		change(report);
	sink_json.story(to, report, sample_tally());
}

static void
print_report(FILE *to)
{
	struct report *report = sample_story();

	if (change != NULL)
		change(report);
	sink_json.report(to, report, sample_tally());
}

static void
check(void (*to_report)(struct report *report), const char *expected)
{
	char *text;

	change = to_report;
	text = sample_print(print);
	if (strstr(text, expected) == NULL)
		fail_msg("not there: %s\nin: %s", expected, text);
	free(text);
}

static void
who_it_is(void **state)
{
	(void)state;
	check(NULL, "{\"schema\":1,\"event\":\"phone\",\"phone\":\"SEP001122334455\",\"name\":\"SEP001122334455\","
		    "\"mac\":\"00:11:22:33:44:55\",\"model\":\"CP-8861\",\"firmware\":\"sip88xx.12-5-1\","
		    "\"voice_vlan\":110,\"addresses\":[\"10.0.0.5\",\"10.0.0.99\"],"
		    "\"known_from\":[{\"what\":\"name\",\"from\":\"CDP\",\"frame\":1},"
		    "{\"what\":\"mac\",\"from\":\"packets\"},{\"what\":\"model\",\"from\":\"CDP\",\"frame\":1},"
		    "{\"what\":\"firmware\",\"from\":\"configuration\",\"frame\":9},"
		    "{\"what\":\"addresses\",\"ip\":\"10.0.0.5\",\"from\":\"DHCP\",\"frame\":2},"
		    "{\"what\":\"addresses\",\"ip\":\"10.0.0.99\",\"from\":\"packets\",\"frame\":30}],"
		    "\"certificate\":{\"kind\":\"MIC\",\"frame\":18,\"subject\":\"CN=CP-8861-SEP001122334455\","
		    "\"issuer\":\"CN=Cisco Manufacturing CA SHA2,O=Cisco\","
		    "\"sha1\":\"e57e81ea9954c144976678d0e2418cdf79a93176\",\"signature\":\"ecdsa-with-SHA256\"},");
}

static void
know_a_mac_alone(struct report *report)
{
	struct phone *phone = &report->phones[SAMPLE_FAILING];

	phone->name[0] = '\0';
	phone->ip = (struct ip_addr){{0}};
	phone->n_addresses = 0;
	phone->model = NULL;
	phone->software = NULL;
	phone->model_known = phone->software_known = (struct known){NULL, {0, 0}};
	phone->n_visits = 0;
	phone->verdict = VERDICT_UNKNOWN;
	report->n_findings = 0;
	story_cert.issuer_cn = "Other";
}

static void
who_is_nearly_unknown(void **state)
{
	(void)state;
	check(know_a_mac_alone, "\"event\":\"phone\",\"phone\":\"00:11:22:33:44:55\",\"mac\":\"00:11:22:33:44:55\","
				"\"voice_vlan\":110,\"addresses\":[],"
				"\"known_from\":[{\"what\":\"mac\",\"from\":\"packets\"}],\"certificate\":{\"frame\":18,");
	check(know_a_mac_alone, "\"handshakes\":[],\"timeline\":[");
}

static void
encrypt_later(struct report *report)
{
	static struct phone_file file;
	struct event *event = &story_events[STORY_PING_AGAIN];

	(void)report;
	file = (struct phone_file){
		.kind = PHONE_FILE_CONFIG, .name = "b.enc.sgn", .seal_state = SEAL_BAD, .seal.encrypted = true};
	event->kind = EVENT_TRANSFER;
	event->transfer.http = true;
	event->transfer.outcome = TRANSFER_DONE;
	event->transfer.content = &file;
	event->last = story_at(10);
}

static void
what_it_was_told(void **state)
{
	(void)state;
	check(NULL, ",\"configuration\":{\"source\":\"SEP001122334455.cnf.xml.sgn\",\"frame\":7,\"last_frame\":9,"
		    "\"protocol\":\"TFTP\",\"signature\":\"good\",\"signer\":\"CN=cucm-pub\",\"vpn_group\":true,"
		    "\"urls\":[\"https://vpn.example.com/phone\"],\"hashes\":[]},\"handshakes\":[");
	check(encrypt_later, ",\"hashes\":[]},\"encrypted_configuration\":{\"source\":\"b.enc.sgn\",\"frame\":6,"
			     "\"last_frame\":10,\"protocol\":\"HTTP\",\"signature\":\"bad\"},\"handshakes\":[");
}

static void
the_timeline(void **state)
{
	(void)state;
	check(NULL, "\"timeline\":[{\"step\":\"identity\",\"result\":\"said\",\"frame\":1,\"last_frame\":1,"
		    "\"time\":\"2016-04-01T20:14:00.500000Z\",\"after\":0.000000,"
		    "\"text\":\"CDP: SEP001122334455, Cisco IP Phone 8861\"},"
		    "{\"step\":\"address\",\"result\":\"ok\",\"frame\":2,\"last_frame\":2,"
		    "\"time\":\"2016-04-01T20:14:01.000000Z\",\"after\":0.500000,\"text\":\"DHCP gives ");
	check(NULL, "\"after\":2.500000,\"text\":\"TLSv1.2 with 63.85.30.34 port 443, ECDHE-ECDSA-AES256-GCM-SHA384: "
		    "failed, the client sent unknown_ca\",\"handshake\":1,\"first_failed\":true},"
		    "{\"step\":\"end\",\"result\":\"failed\",\"frame\":20,");
}

static void
lines_of_stories(void **state)
{
	char *text;
	unsigned lines = 0;

	(void)state;
	change = NULL;
	text = sample_print(print);
	for (const char *c = text; *c != '\0'; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 1); /* the others have none */
	free(text);
}

static void
find_of_the_phone(struct report *report)
{
	report->findings[0].visit = NULL;
	report->findings[0].source = "SEP001122334455.cnf.xml.sgn";
	report->findings[0].source_at = story_at(9);
	report->findings[1].source = "given.xml";
}

static void
findings(void **state)
{
	char *text;

	(void)state;
	change = find_of_the_phone;
	text = sample_print(print_report);
	assert_non_null(strstr(text, ",\"phone\":\"SEP001122334455\",\"handshakes\":[1,2,3],"));
	assert_non_null(strstr(text, ",\"expected_from\":{\"file\":\"SEP001122334455.cnf.xml.sgn\",\"frame\":9},\"actual\":"));
	assert_non_null(strstr(text, ",\"expected_from\":{\"file\":\"given.xml\"},\"explanation\":"));
	assert_non_null(strstr(text, "\"findings\":[\"ec-certificate\",\"capture-loss\"],\"verdict\":\"failing\""));
	assert_non_null(strstr(text, "\"phones\":3,"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_it_is),	    cmocka_unit_test(who_is_nearly_unknown),
		cmocka_unit_test(what_it_was_told), cmocka_unit_test(the_timeline),
		cmocka_unit_test(lines_of_stories), cmocka_unit_test(findings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
