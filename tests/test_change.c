/* Changes as they are written: each kind in text and in JSON, letter by letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/output/sink.h"

#define NOW INT64_C(1459541662741838)
#define TEXT "2016-04-01T20:14:22Z "
#define JSON "{\"schema\":1,\"event\":\"change\",\"change\":"
#define JSON_TIME "\"time\":\"2016-04-01T20:14:22.741838Z\""
#define HASH "5X6B6plUwUSXZnjQ4kGM33mpMXY="

static const struct phone phone = {.name = "SEP001122334455"};
static const struct phone nameless = {.ip = {{[10] = 0xff, [11] = 0xff, 10, 0, 0, 5}}};

static struct change
begin(enum change_kind kind, const struct phone *who, bool gateway)
{
	struct change change = {.kind = kind, .us = NOW, .phone = who, .has_gateway = gateway, .port = 443};

	change.server = (struct ip_addr){{[10] = 0xff, [11] = 0xff, 198, 51, 100, 1}};
	return change;
}

static void
add_leaf(struct change *change)
{
	change->has_leaf = true;
	change->leaf = (struct change_leaf){.name = "CN=gw", .hash = HASH, .has_dates = true, .not_after = 1893456000};
}

static void
writes(const struct change *change, const char *text, const char *json)
{
	const struct sink *const sinks[] = {&sink_text, &sink_json};
	const char *const expected[] = {text, json};

	for (size_t i = 0; i < 2; i++) {
		char *written;
		size_t n;
		FILE *to = open_memstream(&written, &n);

		assert_non_null(to);
		sinks[i]->change(to, change);
		fclose(to);
		assert_string_equal(written, expected[i]);
		free(written);
	}
}

#define LEAF_TEXT "CN=gw, " HASH ", valid until 2030-01-01\n"
#define LEAF_JSON "\"certificate\":{\"subject\":\"CN=gw\",\"hash\":\"" HASH "\",\"not_after\":\"2030-01-01T00:00:00.000000Z\"}"

static void
leaves(void **state)
{
	struct change change = begin(CHANGE_NEW_LEAF, NULL, true);

	(void)state;
	add_leaf(&change);
	change.host = "vpn.example.com";
	writes(&change, TEXT "- vpn.example.com:443 new certificate: " LEAF_TEXT,
	       JSON "\"new-leaf\"," JSON_TIME ",\"gateway\":\"198.51.100.1:443\",\"host\":\"vpn.example.com\"," LEAF_JSON "}\n");
	change.leaf = (struct change_leaf){.hash = HASH};
	change.host = NULL;
	writes(&change, TEXT "- 198.51.100.1:443 new certificate: a certificate that does not parse, " HASH "\n",
	       JSON "\"new-leaf\"," JSON_TIME ",\"gateway\":\"198.51.100.1:443\",\"certificate\":{\"hash\":\"" HASH "\"}}\n");
}

static void
ends(void **state)
{
	struct change change = begin(CHANGE_EXPIRES, NULL, true);

	(void)state;
	add_leaf(&change);
	change.n = 29;
	writes(&change, TEXT "- 198.51.100.1:443 expires in 29 days: " LEAF_TEXT,
	       JSON "\"expires\"," JSON_TIME ",\"gateway\":\"198.51.100.1:443\"," LEAF_JSON ",\"days\":29}\n");
	change.n = 1;
	writes(&change, TEXT "- 198.51.100.1:443 expires in 1 day: " LEAF_TEXT,
	       JSON "\"expires\"," JSON_TIME ",\"gateway\":\"198.51.100.1:443\"," LEAF_JSON ",\"days\":1}\n");
	change.n = 0;
	writes(&change, TEXT "- 198.51.100.1:443 expires within a day: " LEAF_TEXT,
	       JSON "\"expires\"," JSON_TIME ",\"gateway\":\"198.51.100.1:443\"," LEAF_JSON ",\"days\":0}\n");
	change.kind = CHANGE_EXPIRED;
	writes(&change, TEXT "- 198.51.100.1:443 has expired: " LEAF_TEXT,
	       JSON "\"expired\"," JSON_TIME ",\"gateway\":\"198.51.100.1:443\"," LEAF_JSON "}\n");
}

static void
hashes(void **state)
{
	static char name[] = "SEP001122334455.cnf.xml", text[] = "a\033[2Jb";
	const struct config_hash told = {.text = text};
	struct event transfer = {.kind = EVENT_TRANSFER, .last = {17, NOW}, .transfer.file = name};
	struct change change = begin(CHANGE_MISFIT, &phone, true);

	(void)state;
	add_leaf(&change);
	change.told = &told;
	change.n_told = 1;
	writes(&change,
	       TEXT "SEP001122334455 198.51.100.1:443 hash does not fit: told a\\x1b[2Jb, shown " LEAF_TEXT,
	       JSON "\"misfit\"," JSON_TIME ",\"phone\":\"SEP001122334455\",\"gateway\":\"198.51.100.1:443\"," LEAF_JSON
		    ",\"fitted_before\":false,\"told\":{\"hash\":\"a\\u001b[2Jb\",\"hashes\":1}}\n");
	change.before = true;
	change.n_told = 3;
	change.told_by.event = &transfer;
	writes(&change,
	       TEXT "SEP001122334455 198.51.100.1:443 hash no longer fits: told a\\x1b[2Jb and 2 more "
		    "(SEP001122334455.cnf.xml, frame 17), shown " LEAF_TEXT,
	       JSON "\"misfit\"," JSON_TIME ",\"phone\":\"SEP001122334455\",\"gateway\":\"198.51.100.1:443\"," LEAF_JSON
		    ",\"fitted_before\":true,\"told\":{\"hash\":\"a\\u001b[2Jb\",\"hashes\":3,"
		    "\"file\":\"SEP001122334455.cnf.xml\",\"frame\":17}}\n");
	change = begin(CHANGE_FITS, &nameless, true);
	add_leaf(&change);
	writes(&change, TEXT "10.0.0.5 198.51.100.1:443 hash fits again: shown " LEAF_TEXT,
	       JSON "\"fits\"," JSON_TIME ",\"phone\":\"10.0.0.5\",\"gateway\":\"198.51.100.1:443\"," LEAF_JSON "}\n");
}

static void
failing(void **state)
{
	static char detail[] = "It is so.";
	uint64_t frames[] = {7, 9};
	struct finding finding = {.rule = rule_find("fatal-alert"), .severity = SEVERITY_ERROR,
				  .certainty = CERTAINTY_PROVEN, .detail = detail, .frames = frames, .n_frames = 2};
	struct change change = begin(CHANGE_FAILING, &phone, true);

	(void)state;
	change.finding = &finding;
	writes(&change, TEXT "SEP001122334455 198.51.100.1:443 starts failing: fatal-alert (error, proven): It is so.\n",
	       JSON "\"failing\"," JSON_TIME ",\"phone\":\"SEP001122334455\",\"gateway\":\"198.51.100.1:443\","
		    "\"id\":\"fatal-alert\",\"severity\":\"error\",\"certainty\":\"proven\",\"detail\":\"It is so.\","
		    "\"frames\":[7,9]}\n");
	change = begin(CHANGE_FAILING, &phone, false);
	change.finding = &finding;
	change.rule = rule_find("dns-failure");
	finding.tainted = true;
	finding.detail = NULL;
	writes(&change,
	       TEXT "SEP001122334455 - fails otherwise: fatal-alert (error, proven, in doubt): A fatal alert ended the "
		    "handshake\n",
	       JSON "\"failing\"," JSON_TIME ",\"phone\":\"SEP001122334455\",\"id\":\"fatal-alert\",\"severity\":\"error\","
		    "\"certainty\":\"proven\",\"frames\":[7,9],\"tainted\":true,\"before\":\"dns-failure\"}\n");
	change.kind = CHANGE_WELL;
	change.finding = NULL;
	writes(&change, TEXT "SEP001122334455 - stops failing: dns-failure\n",
	       JSON "\"well\"," JSON_TIME ",\"phone\":\"SEP001122334455\",\"id\":\"dns-failure\"}\n");
}

static void
flapping(void **state)
{
	struct change change = begin(CHANGE_FLAPPING, &phone, false);

	(void)state;
	writes(&change, TEXT "SEP001122334455 - flaps: more changes within an hour than 6\n",
	       JSON "\"flapping\"," JSON_TIME ",\"phone\":\"SEP001122334455\"}\n");
	change.kind = CHANGE_CALM;
	writes(&change, TEXT "SEP001122334455 - calm again: no change for 30 min\n",
	       JSON "\"calm\"," JSON_TIME ",\"phone\":\"SEP001122334455\"}\n");
	change.rule = rule_find("dns-failure");
	writes(&change, TEXT "SEP001122334455 - calm again: no change for 30 min, failing: dns-failure\n",
	       JSON "\"calm\"," JSON_TIME ",\"phone\":\"SEP001122334455\",\"id\":\"dns-failure\"}\n");
}

static void
forgotten(void **state)
{
	struct change change = begin(CHANGE_FORGOTTEN, &phone, false);

	(void)state;
	writes(&change, TEXT "SEP001122334455 - forgotten: not seen for 24 h\n",
	       JSON "\"forgotten\"," JSON_TIME ",\"phone\":\"SEP001122334455\",\"why\":\"unseen\"}\n");
	change.why = FORGOTTEN_PHONES;
	writes(&change, TEXT "SEP001122334455 - forgotten: more than 4096 phones\n",
	       JSON "\"forgotten\"," JSON_TIME ",\"phone\":\"SEP001122334455\",\"why\":\"phones\"}\n");
	change = begin(CHANGE_FORGOTTEN, NULL, true);
	change.why = FORGOTTEN_GATEWAYS;
	writes(&change, TEXT "- 198.51.100.1:443 forgotten: more than 1024 gateways\n",
	       JSON "\"forgotten\"," JSON_TIME ",\"gateway\":\"198.51.100.1:443\",\"why\":\"gateways\"}\n");
	change.why = FORGOTTEN_LEAVES;
	add_leaf(&change);
	writes(&change, TEXT "- 198.51.100.1:443 forgotten: more than 8 certificates here: " LEAF_TEXT,
	       JSON "\"forgotten\"," JSON_TIME ",\"gateway\":\"198.51.100.1:443\"," LEAF_JSON ",\"why\":\"leaves\"}\n");
}

static void
unsaid(void **state)
{
	struct change change = begin(CHANGE_UNSAID, NULL, false);

	(void)state;
	change.n = 312;
	writes(&change, TEXT "- - 312 changes not said: more within a minute than 600\n",
	       JSON "\"unsaid\"," JSON_TIME ",\"changes\":312}\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaves),   cmocka_unit_test(ends),	 cmocka_unit_test(hashes), cmocka_unit_test(failing),
		cmocka_unit_test(flapping), cmocka_unit_test(forgotten), cmocka_unit_test(unsaid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
