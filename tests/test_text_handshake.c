/* How handshakes and their certificates are told in the text report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/output/sink.h"
#include "tests/sample.h"

static void (*change)(struct report *report);

static void
print(FILE *to)
{
	struct report *report = sample_report();

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

static struct handshake *
first(struct report *report, unsigned phone)
{
	return report->phones[phone].visits[report->phones[phone].n_visits - 1].handshakes[0];
}

static void
close_before_alert(struct report *report)
{
	first(report, SAMPLE_FAILING)->fin[SIDE_SERVER].frame = 17;
	first(report, SAMPLE_FAILING)->rst[SIDE_CLIENT].frame = 21;
}

static void
reset_behind_alert(struct report *report)
{
	first(report, SAMPLE_FAILING)->rst[SIDE_SERVER].frame = 21;
}

static void
reset_without_alert(struct report *report)
{
	first(report, SAMPLE_FAILING)->n_alerts = 0;
	first(report, SAMPLE_FAILING)->rst[SIDE_CLIENT].frame = 21;
	first(report, SAMPLE_FAILING)->fin[SIDE_SERVER].frame = 22;
}

static void
failures_are_told_in_their_order(void **state)
{
	(void)state;
	check(close_before_alert, "failed: the server closed the connection in frame 17, then the "
				  "client sent the fatal\n"
				  "           alert unknown_ca (48) in frame 20\n");
	check(reset_behind_alert,
	      "failed: the client sent the fatal alert unknown_ca (48) in frame 20\n");
	check(reset_without_alert, "failed: the client reset the connection in frame 21\n");
}

static void
take_another_cipher_between(struct report *report)
{
	struct handshake **handshakes = report->phones[SAMPLE_FAILING].visits[0].handshakes;

	handshakes[1]->server_hello.cipher = 0xc030;
}

static void
leave_certificate_empty(struct report *report)
{
	first(report, SAMPLE_FAILING)->certs[SIDE_CLIENT].at.frame = 18;
}

static void
fail_in_other_ways(struct report *report)
{
	struct handshake **handshakes = report->phones[SAMPLE_FAILING].visits[0].handshakes;

	for (size_t i = 0; i < 3; i++) {
		handshakes[i]->n_alerts = 0;
		handshakes[i]->rst[i % 2].frame = 21 + i;
	}
}

static void
close_or_reset(struct report *report)
{
	struct handshake **handshakes = report->phones[SAMPLE_FAILING].visits[0].handshakes;

	for (size_t i = 0; i < 3; i++)
		handshakes[i]->n_alerts = 0;
	handshakes[0]->rst[SIDE_CLIENT].frame = 21;
	handshakes[1]->fin[SIDE_CLIENT].frame = 22;
	handshakes[2]->rst[SIDE_CLIENT].frame = 23;
}

static void
offer_other_ciphers(struct report *report)
{
	static uint32_t other[] = {0x002f};
	struct visit *visit = &report->phones[SAMPLE_FAILING].visits[0];

	for (size_t i = 0; i < 3; i++)
		visit->handshakes[i]->server_hello = (struct server_hello_fact){.cipher = 0};
	visit->handshakes[1]->client_hello.ciphers = other;
	visit->handshakes[1]->client_hello.n_ciphers = 1;
}

static void
unlike_ones_are_not_folded(void **state)
{
	(void)state;
	check(take_another_cipher_between,
	      "           1 more like this, frames 48-56\n"
	      "  TLSv1.2  frames 30-38, 2016-04-01 20:14:22.759, ECDHE-RSA-AES256-GCM-SHA384\n"
	      "           failed: the client sent the fatal alert unknown_ca (48) in frame 38\n"
	      "           server's certificate in frame 15: the same as in frame 15\n");
	check(fail_in_other_ways, "           1 more like this, frames 48-56\n");
	check(fail_in_other_ways, "failed: the server reset the connection in frame 22\n");
	check(close_or_reset, "           1 more like this, frames 48-56\n");
	check(offer_other_ciphers, "           1 more like this, frames 48-56\n");
	check(offer_other_ciphers, "20:14:22.759, offering AES128-SHA\n");
	check(leave_certificate_empty,
	      "           client's Certificate message in frame 18 is empty\n");
}

static void
lose_the_chain(struct report *report)
{
	struct handshake *handshake = first(report, SAMPLE_FAILING);

	handshake->missing[0].what = MISSING_SERVER_CERTIFICATES;
	handshake->missing[0].why = WHY_CUT;
	handshake->n_missing = 1;
}

static void
the_rest_of_a_chain_is_told_from_the_leaf(void **state)
{
	(void)state;
	check(lose_the_chain,
	      "           rest of the server's chain not seen: the snap length cut it off\n");
}

static struct handshake many[40];
static struct handshake *many_list[40];

static void
repeat(struct report *report)
{
	struct visit *visit = &report->phones[SAMPLE_UNKNOWN].visits[1];

	for (size_t i = 0; i < 40; i++) {
		many[i] = *visit->handshakes[1];
		many[i].first.frame = many[i].last.frame = 1000 + i;
		many_list[i] = &many[i];
	}
	visit->handshakes = many_list;
	visit->n = 40;
}

static void
long_lists_are_cut(void **state)
{
	(void)state;
	check(repeat, "           39 more like this, frames 1001, 1002, 1003, 1004, 1005, 1006, "
		      "1007, 1008, 1009, 1010,\n"
		      "           1011, 1012 and 27 more\n");
}

/* Of three certificates the last one is known. */
static void
trust_an_issuer(struct report *report)
{
	static struct cert between = {.sha1 = {7}};
	static struct cert_fact chain[3];
	struct handshake *handshake = first(report, SAMPLE_WELL);

	chain[0] = chain[1] = handshake->certs[SIDE_SERVER].certs[0];
	chain[2] = handshake->certs[SIDE_SERVER].certs[1];
	chain[1].cert = &between;
	handshake->certs[SIDE_SERVER].certs = chain;
	handshake->certs[SIDE_SERVER].n = 3;
	memcpy(report->trust->hashes[0].hash.bytes, chain[2].cert->sha1, SHA1_SIZE);
	report->phones[SAMPLE_WELL].visits[0].verdict = VERDICT_UNKNOWN;
}

static void
know_no_hash(struct report *report)
{
	static const struct trust nothing;

	report->trust = &nothing;
	report->phones[SAMPLE_WELL].visits[0].verdict = VERDICT_UNKNOWN;
}

static void
trust_is_said_with_its_certificate(void **state)
{
	(void)state;
	check(trust_an_issuer, "           server's certificate in frame 103: RSA 2048 bits, "
			       "CN=vpn.example.com,O=Example \"VPN\",\n"
			       "           issued by CN=Example CA, valid until 2026-09-21, with 2 "
			       "more of its chain\n"
			       "           SHA-1 Eom4p6qf/YSGXjiTnzRmphtWCPw=, which the phone "
			       "trusts through its chain: SHA-1\n"
			       "           5X6B6plUwUSXZnjQ4kGM33mpMXY=, CN=ASA Temporary Self "
			       "Signed Certificate\n");
	check(know_no_hash, "Eom4p6qf/YSGXjiTnzRmphtWCPw=, no hash to compare it with\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_are_told_in_their_order),
		cmocka_unit_test(unlike_ones_are_not_folded),
		cmocka_unit_test(long_lists_are_cut),
		cmocka_unit_test(the_rest_of_a_chain_is_told_from_the_leaf),
		cmocka_unit_test(trust_is_said_with_its_certificate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
