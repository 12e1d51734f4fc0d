/* Text: what is told of a phone beside its handshakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/output/sink.h"
#include "tests/sample_story.h"

static void (*change)(struct report *report);
static bool only_story;

static void
print(FILE *to)
{
	struct report *report = sample_story();

	if (change != NULL)
		change(report);
	if (only_story)
		sink_text.story(to, report, sample_tally());
	else
		sink_text.report(to, report, sample_tally());
}

static char *
text_of(void (*to_report)(struct report *report), bool story)
{
	change = to_report;
	only_story = story;
	return sample_print(print);
}

static void
check(void (*to_report)(struct report *report), bool story, const char *expected)
{
	char *text = text_of(to_report, story);

	if (strstr(text, expected) == NULL)
		fail_msg("not there: %s\nin: %s", expected, text);
	free(text);
}

static void
check_not(void (*to_report)(struct report *report), bool story, const char *unexpected)
{
	char *text = text_of(to_report, story);

	if (strstr(text, unexpected) != NULL)
		fail_msg("there: %s\nin: %s", unexpected, text);
	free(text);
}

/* As it is printed, line by line. */
/* clang-format off */
#define STEPS \
	"  story    7 steps in frames 1-20, 1 failed, from 2016-04-01 20:14:00.500 UTC on\n" \
	"         1   +0.000  identity       CDP: SEP001122334455, Cisco IP Phone 8861\n" \
	"         2   +0.500  address        DHCP gives 10.0.0.5; TFTP server 10.0.0.9 (option 150)\n" \
	"         3   +0.500  trust-list     TFTP CTLSEP001122334455.tlv from 10.0.0.9: 1 File not found\n" \
	"   ?     5   +1.000  ping           ping to 10.0.0.9: no answer (2 times until frame 6)\n" \
	"         7   +0.500  configuration  TFTP SEP001122334455.cnf.xml.sgn from 10.0.0.9: 1230 bytes,\n" \
	"                                    signature good, 1 url and 1 hash\n" \
	"  !!    12   +2.500  tls            TLSv1.2 with 63.85.30.34 port 443,\n" \
	"                                    ECDHE-ECDSA-AES256-GCM-SHA384: failed, the client sent\n" \
	"                                    unknown_ca\n" \
	"        20   +4.000  end            it fails\n" \
	"\n"
static const char block[] =
	"\n\nSEP001122334455: FAILING\n"
	"  phone    CP-8861 (CDP, frame 1), firmware sip88xx.12-5-1 (configuration, frame 9),\n"
	"           00:11:22:33:44:55, voice VLAN 110, named by CDP in frame 1\n"
	"  address  10.0.0.5 (DHCP, frame 2), 10.0.0.99 (packets, frame 30)\n"
	"  cert     MIC in frame 18: CN=CP-8861-SEP001122334455, issued by CN=Cisco Manufacturing CA\n"
	"           SHA2,O=Cisco, ecdsa-with-SHA256, SHA-1 5X6B6plUwUSXZnjQ4kGM33mpMXY=\n"
	"  config   SEP001122334455.cnf.xml.sgn by TFTP in frames 7-9, signed by CN=cucm-pub: signature good,\n"
	"           https://vpn.example.com/phone\n"
	"\n"
	STEPS
	"SEP001122334455 at 63.85.30.34:443 (vpn.example.com): FAILING\n"
	"  trusts   Eom4p6qf/YSGXjiTnzRmphtWCPw=\n"
	"\n"
	"  TLSv1.2  frames 12-20, 2016-04-01 20:14:22.741, ECDHE-ECDSA-AES256-GCM-SHA384\n";
/* clang-format on */

static void
a_block_of_its_own(void **state)
{
	(void)state;
	check(NULL, false, block);
	check(NULL, false, "\n10.0.0.6 at [2001:db8::1]:443: OK. 1 TLS");
}

static void
stories_alone(void **state)
{
	char *text = text_of(NULL, true);

	(void)state;
	assert_non_null(strstr(text, "UTC\n\nSEP001122334455: FAILING\n"
				     "  phone    10.0.0.5, 10.0.0.99, 00:11:22:33:44:55, CP-8861, firmware sip88xx.12-5-1, "
				     "named by CDP in\n           frame 1\n" STEPS));
	assert_null(strstr(text, "10.0.0.6")); /* it has none */
	assert_null(strstr(text, "ERROR"));
	assert_null(strstr(text, "trusts"));
	free(text);
}

static void
no_phones(struct report *report)
{
	report->n_phones = report->n_findings = 0;
}

static void
no_story(void **state)
{
	(void)state;
	check(no_phones, true, "UTC\n\nThere is no phone in it.\n\n");
}

/* ---- what the phone was told ---- */

static void
sign_badly(struct report *report)
{
	(void)report;
	story_file.seal_state = SEAL_BAD;
}

static void
come_by_http_unsigned(struct report *report)
{
	story_file.seal_state = SEAL_NONE;
	story_config.has_vpn_group = false;
	story_config.n_urls = 0;
	story_events[STORY_CONFIG].transfer.http = true;
	story_events[STORY_CONFIG].last = story_events[STORY_CONFIG].at;
	report->phones[SAMPLE_FAILING].certificate = NULL;
}

/* What came in clear is older. */
static void
encrypt_later(struct report *report)
{
	static struct phone_file file;
	struct event *event = &story_events[STORY_PING_AGAIN];

	(void)report;
	file = (struct phone_file){.kind = PHONE_FILE_CONFIG, .name = "b.enc.sgn", .seal_state = SEAL_UNVERIFIED, .seal.encrypted = true};
	event->kind = EVENT_TRANSFER;
	event->transfer.outcome = TRANSFER_DONE;
	event->transfer.content = &file;
	event->last = story_at(10);
}

static void
encrypt_earlier(struct report *report)
{
	encrypt_later(report);
	story_events[STORY_PING_AGAIN].last = story_at(6);
}

static void
show_an_lsc(struct report *report)
{
	(void)report;
	story_cert.issuer_cn = "CAPF-12345678";
}

static void
show_another(struct report *report)
{
	(void)report;
	story_cert.issuer_cn = NULL;
}

static void
give_configuration(struct report *report)
{
	struct phone *phone = &report->phones[SAMPLE_FAILING];

	phone->n_received = 0;
	phone->visits[0].told = false;
	phone->visits[0].config = phone->config;
}

static void
what_it_was_told(void **state)
{
	(void)state;
	check(sign_badly, false, "signed by CN=cucm-pub: signature BAD,\n");
	check(come_by_http_unsigned, false,
	      "  config   SEP001122334455.cnf.xml.sgn by HTTP in frame 7, unsigned, no <vpnGroup>\n");
	check_not(come_by_http_unsigned, false, "  cert     ");
	check(encrypt_later, false,
	      "  config   b.enc.sgn by TFTP in frames 6-10, signed: signature not verified, encrypted: what it\n"
	      "           tells the phone cannot be read\n");
	check_not(encrypt_earlier, false, "b.enc.sgn");
	check(give_configuration, false, "  config   SEP001122334455.cnf.xml, https://vpn.example.com/phone\n\n  story");
	check(show_an_lsc, false, "  cert     LSC in frame 18: ");
	check(show_another, false, "  cert     neither MIC nor LSC, in frame 18: ");
}

/* ---- findings ---- */

static struct finding of_phone[3];

static void
add_own(struct report *report)
{
	static char *expected[] = {"SEP001122334455.cnf.xml"};

	of_phone[0] = report->findings[1];
	of_phone[0].visit = NULL;
	of_phone[0].detail = "Of the phone.";
	of_phone[0].tainted = false;
	of_phone[0].expected = expected;
	of_phone[0].n_expected = 1;
	of_phone[1] = report->findings[0];
	of_phone[1].source = "SEP001122334455.cnf.xml.sgn";
	of_phone[1].source_at = story_at(9);
	of_phone[2] = report->findings[1];
	report->findings = of_phone;
	report->n_findings = 3;
}

/* Who gave the file knows where it is. */
static void
add_own_given(struct report *report)
{
	add_own(report);
	of_phone[1].source_at = (struct when){0, 0};
}

static void
add_own_note(struct report *report)
{
	add_own(report);
	of_phone[0].severity = SEVERITY_INFO;
}

/* Without a story what is found of the phone goes with its one visit. */
static void
add_own_alone(struct report *report)
{
	add_own(report);
	of_phone[1].n_expected = 0;
	report->phones[SAMPLE_FAILING].n_steps = 0;
	report->n_findings = 2;
}

static void
findings_of_its_own(void **state)
{
	(void)state;
	check(add_own, false,
	      "it fails\n\n  WARNING  Parts are missing (capture-loss, likely)\n           Of the phone.\n"
	      "  expected SEP001122334455.cnf.xml\n  cause    It is so.\n\nSEP001122334455 at ");
	check(add_own, false, "           fZ2xQHMBcWj/fSoNs5IkPbA2Pt8=\n  from     SEP001122334455.cnf.xml.sgn in frame 9\n"
			      "  actual ");
	check_not(add_own_given, false, "  from ");
	check(add_own_alone, false, "UTC\n\nSEP001122334455 at 63.85.30.34:443 (vpn.example.com): FAILING\n  phone  ");
	check(add_own_alone, false, "Certificate\".\n  expected one of SEP001122334455.cnf.xml.sgn in frame 9\n  actual ");
	check(add_own_alone, false, "  see      CSCuu02848, https://example.com/\n\n  WARNING  Parts are missing "
				    "(capture-loss, likely)\n           Of the phone.\n");
	check(add_own_note, false, "it fails\n\n  INFO     Of the phone. (capture-loss)\n\nSEP001122334455 at ");
}

static void
be_well(struct report *report)
{
	add_own_note(report);
	report->n_findings = 1;
	report->phones[SAMPLE_FAILING].verdict = VERDICT_OK;
	report->phones[SAMPLE_FAILING].visits[0].verdict = VERDICT_OK;
	story_steps[STORY_TLS].result = STEP_OK;
	story_steps[STORY_TLS].first_failed = false;
}

static void
never_call(struct report *report)
{
	be_well(report);
	report->phones[SAMPLE_FAILING].visits[0].matters = 0;
}

static void
be_nobody(struct report *report)
{
	never_call(report);
	report->n_findings = 0;
	report->phones[SAMPLE_FAILING].is_phone = false;
}

static void
who_is_well_is_short(void **state)
{
	(void)state;
	check(be_well, false, "UTC\n\nSEP001122334455 at 63.85.30.34:443 (vpn.example.com): OK. ");
	check(be_well, false, "\n  story    7 steps in frames 1-20; --story tells it\n"
			      "  INFO     Of the phone. (capture-loss)\n\n10.0.0.6 at ");
	check(be_well, true, "        12   +2.500  tls  ");
	check(never_call, false, "UTC\n\nSEP001122334455: no handshake that matters.\n  story    7 steps in frames 1-20; "
				 "--story tells it\n  INFO     Of the phone. (capture-loss)\n\n10.0.0.6 at ");
	check_not(be_nobody, false, "SEP001122334455");
	check_not(be_nobody, true, "SEP001122334455");
}

static void
get_an_address_alone(struct report *report)
{
	report->phones[SAMPLE_FAILING].is_phone = false;
	for (unsigned i = 0; i < STORY_TLS; i++)
		story_events[i].kind = EVENT_LEASE;
	story_events[STORY_CONFIG].kind = EVENT_TRANSFER;
	story_steps[STORY_CONFIG].event = NULL;
}

static void
get_an_address_of_a_phone(struct report *report)
{
	get_an_address_alone(report);
	report->phones[SAMPLE_FAILING].is_phone = true;
}

static void
an_address_is_no_story(void **state)
{
	(void)state;
	check_not(get_an_address_alone, false, "  story ");
	check(get_an_address_alone, true, "  story ");
	check(get_an_address_of_a_phone, false, "  story ");
}

/* ---- what comes from the wire ---- */

static void
be_hostile(struct report *report)
{
	struct phone *phone = &report->phones[SAMPLE_FAILING];

	phone->model = "\x1b[31m";
	phone->software = "\r";
	story_cert.subject = "\x9b";
	story_cert.issuer = "\x08";
	story_file.seal.signer = "\x1b]0;x\x07";
	story_config.source = "\xe2\x80\xae";
	story_steps[STORY_CDP].text = "\x1b[2J";
	story_steps[STORY_CDP].after_us = INT64_MIN;
	story_steps[STORY_CDP].at.us = INT64_MAX;
}

static void
no_control_character_comes_out(void **state)
{
	(void)state;
	for (unsigned story = 0; story < 2; story++) {
		char *text = text_of(be_hostile, story == 1);

		for (const char *c = text; *c != '\0'; c++)
			if ((uint8_t)*c >= 0x7f || ((uint8_t)*c < 0x20 && *c != '\n'))
				fail_msg("character %02x", (uint8_t)*c);
		assert_non_null(strstr(text, "\\x1b[2J"));
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_of_its_own),
		cmocka_unit_test(stories_alone),
		cmocka_unit_test(no_story),
		cmocka_unit_test(what_it_was_told),
		cmocka_unit_test(findings_of_its_own),
		cmocka_unit_test(who_is_well_is_short),
		cmocka_unit_test(an_address_is_no_story),
		cmocka_unit_test(no_control_character_comes_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
