/* The table of rules, and the builder that they write to. */
#include "tests/finding_check.h"

static struct findings findings;
static struct visit visits[2];
static const struct rule rule = {.id = "one"}, other_rule = {.id = "another"};
static struct handshake handshakes[LIMIT_EVIDENCE + 8];

static int
begin(void **state)
{
	(void)state;
	findings = (struct findings){.visit = &visits[0]};
	memset(handshakes, 0, sizeof(handshakes));
	for (size_t i = 0; i < sizeof(handshakes) / sizeof(handshakes[0]); i++)
		handshakes[i].id = (uint32_t)i + 1;
	return 0;
}

static int
end(void **state)
{
	(void)state;
	findings_free(&findings);
	assert_int_equal(findings.n, 0);
	assert_null(findings.list);
	return 0;
}

static struct finding *
raise(enum severity severity, enum certainty certainty, uint32_t id)
{
	struct finding *finding = finding_raise(&findings, &rule, severity, certainty, &handshakes[id - 1]);

	assert_non_null(finding);
	assert_false(findings.out_of_memory);
	return finding;
}

/* Ids are for ever: scripts look for them. */
static void
the_table(void **state)
{
	static const char *const ids[] = {
		"ec-certificate", "cert-hash-mismatch", "certificate-expired", "certificate-not-yet-valid",
		"host-id-mismatch", "server-certificate-rejected", "client-certificate-rejected",
		"client-certificate-missing", "no-shared-cipher", "protocol-version", "dtls-cipher-divergence",
		"dtls-cipher-not-offered", "dtls-session-not-resumed", "dtls-unanswered", "gateway-changes",
		"fatal-alert", "handshake-aborted", "certificate-expiring", "chain-incomplete", "chain-order",
		"capture-loss", "certificate-hidden", "ec-cipher-on-rsa-phone", "weak-crypto", "no-tftp-server",
		"tftp-not-found", "http-not-found", "tftp-timeout", "signature-wrong", "ctl-missing", "gateway-unreachable", "http-timeout", "config-unreadable", "no-vpn-group",
		"config-hash-unusable", "auto-network-detect", "dns-failure", "trust-list-mismatch", "cuc-trust", "cucm-trust",
	};
	size_t n = 0;

	(void)state;
	for (const struct rule *row = rules; row->id != NULL; row++, n++) {
		assert_ptr_equal(rule_find(row->id), row); /* the first of its id: no doubles */
		assert_true(strlen(row->title) > 0 && strlen(row->explanation) > 0 && strlen(row->decided) > 0);
		assert_non_null(row->remedy);
		assert_non_null(row->references);
		assert_true((row->judge != NULL) != (row->judge_phone != NULL));
	}
	assert_int_equal(n, sizeof(ids) / sizeof(ids[0]));
	for (size_t i = 0; i < n; i++)
		assert_non_null(rule_find(ids[i]));
	assert_null(rule_find("ec"));
	assert_null(rule_find(""));
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(severity_name(SEVERITY_INFO), "info");
	assert_string_equal(severity_name(SEVERITY_WARNING), "warning");
	assert_string_equal(severity_name(SEVERITY_ERROR), "error");
	assert_string_equal(certainty_name(CERTAINTY_LIKELY), "likely");
	assert_string_equal(certainty_name(CERTAINTY_PROVEN), "proven");
}

static void
one_finding_for_each_rule_and_visit(void **state)
{
	struct finding *finding;

	(void)state;
	raise(ERROR_PROVEN, 1);
	raise(ERROR_PROVEN, 2);
	assert_int_equal(findings.n, 1);
	finding = finding_raise(&findings, &other_rule, WARNING_LIKELY, &handshakes[0]);
	assert_non_null(finding);
	assert_ptr_equal(finding->rule, &other_rule);
	assert_int_equal(findings.n, 2);
	findings.visit = &visits[1];
	finding = raise(INFO_PROVEN, 3);
	assert_int_equal(findings.n, 3);
	assert_ptr_equal(finding->visit, &visits[1]);
	assert_int_equal(finding->severity, SEVERITY_INFO);
	assert_int_equal(findings.list[0].severity, SEVERITY_ERROR);
	assert_int_equal(findings.list[0].n_handshakes, 2);
}

/* A likely error is worse than a proven warning; among equals, what is proven stands. */
static void
the_worst_severity_stands(void **state)
{
	struct finding *finding = raise(WARNING_PROVEN, 1);

	(void)state;
	finding_detail(&findings, finding, "%s", "the warning");
	finding_detail(&findings, finding, "%s", "said too late");
	assert_string_equal(finding->detail, "the warning");
	raise(ERROR_LIKELY, 2);
	assert_int_equal(finding->severity, SEVERITY_ERROR);
	assert_int_equal(finding->certainty, CERTAINTY_LIKELY);
	assert_null(finding->detail);
	finding_detail(&findings, finding, "the error %d", 2);
	raise(WARNING_PROVEN, 3);
	finding_detail(&findings, finding, "the milder one");
	assert_int_equal(finding->severity, SEVERITY_ERROR);
	assert_int_equal(finding->certainty, CERTAINTY_LIKELY);
	raise(ERROR_PROVEN, 4);
	assert_int_equal(finding->certainty, CERTAINTY_PROVEN);
	raise(ERROR_LIKELY, 5);
	assert_int_equal(finding->certainty, CERTAINTY_PROVEN);
	assert_string_equal(finding->detail, "the error 2");
	assert_int_equal(finding->n_handshakes, 5);
}

static void
handshakes_rise_without_doubles(void **state)
{
	static const uint32_t order[] = {4, 2, 4, 5, 1, 2};
	static const uint32_t rising[] = {1, 2, 4, 5};
	const struct finding *finding = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		finding = raise(ERROR_PROVEN, order[i]);
	assert_int_equal(finding->n_handshakes, 4);
	assert_memory_equal(finding->handshakes, rising, sizeof(rising));
}

/* Any order of frames, held against the plain truth: a mark for each. */
static void
frames_rise_without_doubles(void **state)
{
	struct finding *finding = raise(ERROR_PROVEN, 1);
	bool there[LIMIT_EVIDENCE + 1] = {false};
	uint32_t random = 1;
	size_t n = 0, at = 0;

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		uint64_t frame;
		random = random * 1103515245 + 12345;
		frame = (random >> 16) % LIMIT_EVIDENCE;
		finding_frame(&findings, finding, (struct when){frame, 0});
		n += frame != 0 && !there[frame];
		there[frame] = true;
	}
	assert_true(n > 30);
	assert_int_equal(finding->n_frames, n);
	for (uint64_t frame = 1; frame <= LIMIT_EVIDENCE; frame++)
		if (there[frame])
			assert_int_equal(finding->frames[at++], frame);
}

static void
evidence_is_bounded(void **state)
{
	struct finding *finding = NULL;
	char text[16];

	(void)state;
	for (uint32_t i = 1; i <= LIMIT_EVIDENCE + 8; i++) {
		finding = raise(ERROR_PROVEN, i);
		finding_frame(&findings, finding, (struct when){i, 0});
		snprintf(text, sizeof(text), "value %u", i);
		finding_expected(&findings, finding, text);
		finding_actual(&findings, finding, text);
	}
	assert_int_equal(finding->n_handshakes, LIMIT_EVIDENCE);
	assert_int_equal(finding->n_frames, LIMIT_EVIDENCE);
	assert_int_equal(finding->n_expected, LIMIT_EVIDENCE);
	assert_int_equal(finding->n_actual, LIMIT_EVIDENCE);
	assert_int_equal(finding->handshakes[LIMIT_EVIDENCE - 1], LIMIT_EVIDENCE);
	assert_int_equal(finding->frames[LIMIT_EVIDENCE - 1], LIMIT_EVIDENCE);
	assert_string_equal(finding->expected[LIMIT_EVIDENCE - 1], "value 64");
	assert_false(findings.out_of_memory);
}

/* All texts together; a detail that gives way to a worse one makes room. */
static void
text_is_bounded(void **state)
{
	struct finding *finding = raise(WARNING_PROVEN, 1);
	char text[1024 + 1] = "";
	size_t fit;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	finding_detail(&findings, finding, "%s", text);
	findings.text = LIMIT_FINDING_TEXT - sizeof(text);
	finding_actual(&findings, finding, text);
	assert_int_equal(finding->n_actual, 1);
	finding_expected(&findings, finding, "x");
	assert_int_equal(finding->n_expected, 0);
	finding = raise(ERROR_PROVEN, 2);
	finding_expected(&findings, finding, "x");
	assert_int_equal(finding->n_expected, 1);
	fit = findings.text;
	finding_detail(&findings, finding, "%s", text);
	assert_null(finding->detail);
	assert_int_equal(findings.text, fit);
	assert_false(findings.out_of_memory);
}

static void
values_stand_in_order_without_doubles(void **state)
{
	struct finding *finding = raise(ERROR_PROVEN, 1);
	char text[] = "b";

	(void)state;
	finding_expected(&findings, finding, text);
	text[0] = 'a';
	finding_expected(&findings, finding, text);
	finding_expected(&findings, finding, "b");
	finding_actual(&findings, finding, "b");
	compares(finding, "b|a", "b");
}

/* Rules go on where finding_raise was out of memory. */
static void
no_finding_is_taken(void **state)
{
	(void)state;
	finding_frame(&findings, NULL, (struct when){1, 0});
	finding_expected(&findings, NULL, "a");
	finding_actual(&findings, NULL, "a");
	finding_detail(&findings, NULL, "a");
	assert_int_equal(findings.n, 0);
}

static void
only_errors_of_this_visit_explain(void **state)
{
	(void)state;
	assert_false(findings_explain(&findings, &handshakes[0]));
	raise(WARNING_PROVEN, 1);
	assert_false(findings_explain(&findings, &handshakes[0]));
	finding_raise(&findings, &other_rule, ERROR_LIKELY, &handshakes[1]);
	assert_false(findings_explain(&findings, &handshakes[0]));
	assert_true(findings_explain(&findings, &handshakes[1]));
	findings.visit = &visits[1];
	assert_false(findings_explain(&findings, &handshakes[1]));
	raise(ERROR_LIKELY, 3);
	assert_true(findings_explain(&findings, &handshakes[2]));
	assert_false(findings_explain(&findings, &handshakes[1]));
}

/* More than are named: a phone that comes back all day is explained all day. */
static void
all_that_were_raised_are_explained(void **state)
{
	(void)state;
	for (uint32_t i = 1; i <= LIMIT_EVIDENCE + 8; i++)
		raise(ERROR_PROVEN, i);
	for (uint32_t i = 1; i <= LIMIT_EVIDENCE + 8; i++)
		assert_true(findings_explain(&findings, &handshakes[i - 1]));
}

static void
a_hole_taints(void **state)
{
	const struct finding *finding = raise(ERROR_PROVEN, 1);

	(void)state;
	assert_false(finding->tainted);
	handshakes[1].n_holes = 1;
	raise(WARNING_LIKELY, 2);
	assert_true(finding->tainted);
	raise(ERROR_PROVEN, 3);
	assert_true(finding->tainted);
}

#define BUILDER_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table),
		cmocka_unit_test(names),
		BUILDER_TEST(one_finding_for_each_rule_and_visit),
		BUILDER_TEST(the_worst_severity_stands),
		BUILDER_TEST(handshakes_rise_without_doubles),
		BUILDER_TEST(frames_rise_without_doubles),
		BUILDER_TEST(evidence_is_bounded),
		BUILDER_TEST(text_is_bounded),
		BUILDER_TEST(values_stand_in_order_without_doubles),
		BUILDER_TEST(no_finding_is_taken),
		BUILDER_TEST(only_errors_of_this_visit_explain),
		BUILDER_TEST(all_that_were_raised_are_explained),
		BUILDER_TEST(a_hole_taints),
	};

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
