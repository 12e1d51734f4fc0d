/* Text: a whole report as it is read, and what may never be in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/output/sink.h"
#include "tests/sample.h"

/* As it is printed, line by line. */
/* clang-format off */
static const char whole[] =
	"phone.pcapng: 412 packets, 2016-04-01 20:14:22 to 20:15:03 UTC\n"
	"\n"
	"SEP001122334455 at 63.85.30.34:443 (vpn.example.com): FAILING\n"
	"  phone    10.0.0.5, 00:11:22:33:44:55, CP-8861, firmware sip88xx.12-5-1, named by its certificate\n"
	"           in frame 8\n"
	"  config   SEP001122334455.cnf.xml, https://vpn.example.com/phone\n"
	"  trusts   Eom4p6qf/YSGXjiTnzRmphtWCPw=\n"
	"           fZ2xQHMBcWj/fSoNs5IkPbA2Pt8=\n"
	"\n"
	"  TLSv1.2  frames 12-20, 2016-04-01 20:14:22.741, ECDHE-ECDSA-AES256-GCM-SHA384\n"
	"           failed: the client sent the fatal alert unknown_ca (48) in frame 20\n"
	"           server's certificate in frame 15: EC 256 bits (prime256v1), self-signed, CN=ASA Temporary\n"
	"           Self Signed Certificate, valid until 9999-12-31\n"
	"           SHA-1 5X6B6plUwUSXZnjQ4kGM33mpMXY=, which the phone does NOT trust\n"
	"           2 more like this, frames 30-38, 48-56\n"
	"\n"
	"  ERROR    The gateway shows an EC certificate, and the phone trusts an RSA one (ec-certificate,\n"
	"           proven)\n"
	"           The gateway chose ECDHE-ECDSA-AES256-GCM-SHA384 and showed \"CN=ASA Temporary Self Signed\n"
	"           Certificate\".\n"
	"  expected Eom4p6qf/YSGXjiTnzRmphtWCPw=\n"
	"           fZ2xQHMBcWj/fSoNs5IkPbA2Pt8=\n"
	"  actual   5X6B6plUwUSXZnjQ4kGM33mpMXY=\n"
	"  frames   14, 15, 20\n"
	"  cause    Since 9.4(1) an ASA prefers ECDSA ciphers, and makes itself a temporary self-signed EC\n"
	"           certificate for them. Its hash is not in the phone's configuration.\n"
	"  remedy\n"
	"           ssl cipher tlsv1.2 custom \"AES256-SHA:AES128-SHA\"\n"
	"           ssl cipher dtlsv1 custom \"AES256-SHA:AES128-SHA\"\n"
	"           (RSA ciphers alone, for TLS and for DTLS, make the gateway show its RSA certificate to\n"
	"           every phone again)\n"
	"  filter   frame.number in {14, 15, 20}\n"
	"  see      CSCuu02848, https://example.com/\n"
	"\n"
	"  WARNING  Parts are missing (capture-loss, likely)\n"
	"  doubt    Packets are missing in this capture, and may hide what speaks against it.\n"
	"  cause    It is so.\n"
	"\n"
	"10.0.0.6 at [2001:db8::1]:443: OK. 1 TLS and 1 DTLS handshakes established. Checked: certificate\n"
	"  hash, certificate dates, ciphers of TLS and DTLS against each other.\n"
	"\n"
	"10.0.0.7 at 63.85.30.34:443: UNKNOWN. No fault was found, but too little is seen to be sure.\n"
	"  phone    10.0.0.7\n"
	"  trusts   Eom4p6qf/YSGXjiTnzRmphtWCPw=\n"
	"           fZ2xQHMBcWj/fSoNs5IkPbA2Pt8=\n"
	"\n"
	"  DTLSv0.9 frames 200-230, 2016-04-01 20:14:22.929, offering AES256-SHA\n"
	"           unanswered: ClientHello sent 3 times until frame 230, refused by ICMP (type 3, code 3) in\n"
	"           frame 231\n"
	"  TLSv1.2  frame 240, 2016-04-01 20:14:22.969, port 8443, offering 4 ciphers\n"
	"           incomplete: the capture does not show how it ends\n"
	"           server's certificate not seen: bytes of it are missing in the capture (1460 bytes from\n"
	"           byte 4096 on)\n"
	"\n"
	"1 more handshake has nothing to do with a phone or a gateway; --all looks at every one.\n"
	"\n";
/* clang-format on */

static void (*change)(struct report *report);

static void
print(FILE *to)
{
	struct report *report = sample_report();

	if (change != NULL)
		change(report);
	sink_text.report(to, report, sample_tally());
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
a_whole_report(void **state)
{
	char *text;

	(void)state;
	change = NULL;
	text = sample_print(print);
	assert_string_equal(text, whole);
	free(text);
}

/* Colours change nothing but what is seen of them. */
static void
colours_are_laid_over_it(void **state)
{
	char *text, *plain, *to;

	(void)state;
	change = NULL;
	sink_text_color(true);
	text = sample_print(print);
	sink_text_color(false);
	assert_non_null(strstr(text, "\033[1mSEP001122334455 at 63.85.30.34:443 "
				     "(vpn.example.com):\033[1;31m FAILING\033[0m\n"));
	assert_non_null(strstr(text, "  \033[1;31mERROR\033[0m\033[1m    The gateway"));
	assert_non_null(
		strstr(text, "  \033[1;33mWARNING\033[0m\033[1m  Parts are missing\033[0m ("));
	plain = to = malloc(strlen(text) + 1);
	assert_non_null(plain);
	for (const char *from = text; *from != '\0'; from++) {
		if (*from == '\033')
			from = strchr(from, 'm');
		else
			*to++ = *from;
	}
	*to = '\0';
	assert_string_equal(plain, whole);
	free(plain);
	free(text);
}

static void
make_hostile(struct report *report)
{
	static char *values[] = {"\x1b]0;title\x07", "a\nb\xe2\x80\xae"};
	static struct cert cert;
	struct phone *phone = &report->phones[SAMPLE_FAILING];
	struct handshake *handshake = phone->visits[0].handshakes[0];

	cert = *handshake->certs[SIDE_SERVER].certs[0].cert;
	cert.subject = "CN=\x1b[31m";
	cert.curve = "\x9b";
	handshake->certs[SIDE_SERVER].certs[0].cert = &cert;
	phone->model = "\r\x08";
	phone->visits[0].host = "\x7f";
	report->findings[0].detail = "\x1b";
	report->findings[0].actual = values;
	report->findings[0].n_actual = 2;
}

static void
no_control_character_comes_out(void **state)
{
	char *text;

	(void)state;
	change = make_hostile;
	text = sample_print(print);
	for (const char *c = text; *c != '\0'; c++)
		if ((uint8_t)*c >= 0x7f || ((uint8_t)*c < 0x20 && *c != '\n'))
			fail_msg("character %02x", (uint8_t)*c);
	assert_non_null(strstr(text, "CN=\\x1b[31m"));
	assert_non_null(strstr(text, "\\x1b]0;title\\x07"));
	free(text);
}

/* All but commands stays within 100 columns. */
static void
lines_are_short(void **state)
{
	const char *line = whole, *end;

	(void)state;
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1)
		assert_in_range(end - line, 0, 100);
}

static void
find_worse_last(struct report *report)
{
	report->findings[0].severity = SEVERITY_INFO;
}

static void
the_worst_comes_first(void **state)
{
	(void)state;
	check(find_worse_last,
	      "  cause    It is so.\n\n  INFO     The gateway shows an EC certificate");
}

static void
note_where_well(struct report *report)
{
	report->findings[0].severity = SEVERITY_INFO;
	report->findings[1].severity = SEVERITY_INFO;
	report->phones[SAMPLE_FAILING].visits[0].verdict = VERDICT_OK;
}

static void
warn_where_well(struct report *report)
{
	note_where_well(report);
	report->findings[1].severity = SEVERITY_WARNING;
}

static void
notes_are_short_where_all_is_well(void **state)
{
	(void)state;
	check(note_where_well, "SEP001122334455 at 63.85.30.34:443 (vpn.example.com): OK. ");
	check(note_where_well, "           Certificate\".\n"
			       "  frames   14, 15, 20\n"
			       "  more     handspan --explain ec-certificate\n"
			       "  INFO     Parts are missing (capture-loss, likely)\n"
			       "  more     handspan --explain capture-loss\n"
			       "\n"
			       "10.0.0.6");
	check(warn_where_well, "SEP001122334455 at 63.85.30.34:443 (vpn.example.com): OK\n  phone");
}

static struct handshake *
first(struct report *report, unsigned phone)
{
	return report->phones[phone].visits[report->phones[phone].n_visits - 1].handshakes[0];
}

static void
know_no_hash(struct report *report)
{
	static const struct trust nothing;

	report->trust = &nothing;
	report->phones[SAMPLE_WELL].visits[0].n = 1;
}

static void
hide_certificate_where_well(struct report *report)
{
	struct handshake *handshake = first(report, SAMPLE_WELL);

	handshake->certs[SIDE_SERVER] = (struct cert_list_fact){.n = 0};
	handshake->missing[0] =
		(struct missing_fact){MISSING_SERVER_CERTIFICATES, WHY_TLS13_ENCRYPTED, 0, 0, NULL};
	handshake->n_missing = 1;
}

static void
what_was_not_checked_is_said(void **state)
{
	(void)state;
	check(know_no_hash,
	      "OK. 1 TLS handshake established. Checked: certificate dates. Not\n  checked: "
	      "certificate "
	      "hash (Eom4p6qf/YSGXjiTnzRmphtWCPw=; give --phone-config or --cert-hash), DTLS\n");
	check(hide_certificate_where_well,
	      "established. Checked: ciphers of TLS\n"
	      "  and DTLS against each other. Not checked: certificate (TLS 1.3 encrypts it).\n");
}

static void
find_at_another_phone(struct report *report)
{
	report->findings[1].phone = &report->phones[SAMPLE_UNKNOWN];
	report->findings[1].visit = &report->phones[SAMPLE_UNKNOWN].visits[1];
}

static void
findings_stand_at_their_phone(void **state)
{
	(void)state;
	check(find_at_another_phone, "10.0.0.7 at 63.85.30.34:443: UNKNOWN\n");
	check(find_at_another_phone, "  cause    It is so.\n\n1 more handshake");
}

static void
print_nothing(FILE *to)
{
	const struct report report = {0};
	const struct tally tally = {.input = NULL};

	sink_text.report(to, &report, &tally);
}

static void
nothing_is_said_to_be_nothing(void **state)
{
	char *text = sample_print(print_nothing);

	(void)state;
	assert_string_equal(
		text, "0 packets\n\nThere is no TLS or DTLS handshake in it.\n\n");
	free(text);
}

static void
print_news(FILE *to)
{
	const struct report *report = sample_report();

	for (size_t i = 0; i < 2; i++)
		sink_text.news(to, &report->findings[i], INT64_C(1459541662741838));
}

static void
news_is_a_paragraph(void **state)
{
	char *text = sample_print(print_news);

	(void)state;
	assert_string_equal(text,
			    "2016-04-01 20:14:22 ERROR SEP001122334455 at 63.85.30.34:443 (vpn.example.com): The gateway chose\n"
			    "  ECDHE-ECDSA-AES256-GCM-SHA384 and showed \"CN=ASA Temporary Self Signed Certificate\".\n"
			    "  (ec-certificate, proven; frames 14, 15, 20)\n"
			    "2016-04-01 20:14:22 WARNING SEP001122334455 at 63.85.30.34:443 (vpn.example.com): Parts are missing\n"
			    "  (capture-loss, likely, in doubt: packets are missing)\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_report),
		cmocka_unit_test(colours_are_laid_over_it),
		cmocka_unit_test(no_control_character_comes_out),
		cmocka_unit_test(lines_are_short),
		cmocka_unit_test(the_worst_comes_first),
		cmocka_unit_test(notes_are_short_where_all_is_well),
		cmocka_unit_test(what_was_not_checked_is_said),
		cmocka_unit_test(findings_stand_at_their_phone),
		cmocka_unit_test(nothing_is_said_to_be_nothing),
		cmocka_unit_test(news_is_a_paragraph),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
