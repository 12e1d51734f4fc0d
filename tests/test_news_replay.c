/* Every capture there is, read as if it came from an interface: what is said early must be in the report at the end, at least
 * as severe, and nothing is said twice. Prints how much of the report was said within a second of its frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>

#include "src/pipeline.h"
#include "src/watch/news.h"
#include "tests/config_of_file.h"

enum { SAID_MOST = 512, FRAMES_MOST = 1 << 20, PATH_SIZE = 1024 };

/* What was said early. */
struct said {
	const struct rule *rule;
	enum severity severity;
	bool visit, in_time;
	uint64_t evidence[LIMIT_EVIDENCE];
	size_t n;
};

static struct reading {
	const char *path;
	struct phone_config *config;
	struct trust trust;
	struct tally tally;
	struct cert_store *certs;
	struct cases *cases;
	struct pipeline *pipeline;
	struct news news;
	struct decided_copies open;
	bool stirred;
	int64_t now_us;
	struct said said[SAID_MOST];
	size_t n_said;
} reading;

static int64_t times_us[FRAMES_MOST]; /* of frames, from 1 on */

static struct counts {
	size_t captures, findings, said, in_time;
} counts;

static void
on_handshake(void *arg, struct handshake *handshake)
{
	(void)arg;
	cases_add(reading.cases, handshake, &reading.tally);
	reading.stirred = true;
}

static void
on_event(void *arg, struct event *event)
{
	(void)arg;
	assert_true(cases_add_event(reading.cases, event, &reading.tally));
	reading.stirred = true;
}

/* ---- what is said ---- */

static bool
rests_on(const struct finding *finding, const struct said *said)
{
	size_t n = said->visit ? finding->n_covered : finding->n_frames;

	if (finding->rule != said->rule || (finding->visit != NULL) != said->visit)
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t e = 0; e < said->n; e++)
			if ((said->visit ? finding->handshakes[i] : finding->frames[i]) == said->evidence[e])
				return true;
	return false;
}

static void
say(void *arg, const struct finding *finding)
{
	struct said *said = &reading.said[reading.n_said];
	size_t n = finding->visit != NULL ? finding->n_covered : finding->n_frames;

	(void)arg;
	assert_true(reading.n_said < SAID_MOST);
	*said = (struct said){finding->rule, finding->severity, finding->visit != NULL, false, {0}, 0};
	for (size_t i = 0; i < reading.n_said; i++)
		if (rests_on(finding, &reading.said[i]) && reading.said[i].severity >= finding->severity)
			fail_msg("%s: %s is said twice", reading.path, finding->rule->id);
	for (size_t i = n > LIMIT_EVIDENCE ? n - LIMIT_EVIDENCE : 0; i < n; i++)
		said->evidence[said->n++] = finding->visit != NULL ? finding->handshakes[i] : finding->frames[i];
	said->in_time = reading.now_us - times_us[finding->frames[finding->n_frames - 1]] <= 1000000;
	reading.n_said++;
}

static void
look(void)
{
	const struct report *report;

	assert_true(pipeline_decided(reading.pipeline, &reading.open));
	report = cases_findings(reading.cases, &reading.tally, reading.open.list, reading.open.n);
	assert_non_null(report);
	assert_true(news_read(&reading.news, report, reading.now_us, say, NULL));
	reading.stirred = false;
}

/* ---- one capture ---- */

static bool
begin(const char *path, const char *config)
{
	const struct capture_options options = {.filter = NULL};
	char error[PATH_SIZE * 2];
	struct capture *capture = capture_open_file(path, &options, error, sizeof(error));
	enum capture_status status;
	struct frame frame;

	if (capture == NULL)
		return false;
	reading = (struct reading){.path = path, .news.due_us = INT64_MAX};
	reading.config = config_of_file(config, error, sizeof(error));
	reading.trust = (struct trust){.configs = &reading.config, .n_configs = reading.config != NULL};
	reading.certs = cert_store_new(0);
	reading.cases = cases_new(&reading.trust);
	reading.pipeline = pipeline_new(reading.certs, &reading.tally, 1, on_handshake, on_event, NULL);
	while ((status = capture_next(capture, &frame)) == CAPTURE_FRAME && frame.when.frame < FRAMES_MOST) {
		times_us[frame.when.frame] = reading.now_us = frame.when.us;
		assert_true(pipeline_frame(reading.pipeline, &frame));
		if (pipeline_decided_news(reading.pipeline) || reading.stirred || frame.when.us >= reading.news.due_us)
			look();
	}
	capture_close(capture);
	assert_true(pipeline_finish(reading.pipeline));
	return true;
}

static void
hold_against(const struct report *report)
{
	for (size_t i = 0; i < reading.n_said; i++) {
		const struct said *said = &reading.said[i];
		bool found = false;

		for (size_t f = 0; f < report->n_findings; f++)
			found = found || (rests_on(&report->findings[f], said) &&
					  report->findings[f].severity >= said->severity);
		if (!found)
			fail_msg("%s: %s was said, and is not in the report", reading.path, said->rule->id);
	}
	for (size_t f = 0; f < report->n_findings; f++) {
		bool any = false, in_time = false;

		for (size_t i = 0; i < reading.n_said; i++) {
			any = any || rests_on(&report->findings[f], &reading.said[i]);
			in_time = in_time || (rests_on(&report->findings[f], &reading.said[i]) && reading.said[i].in_time);
		}
		counts.findings++;
		counts.said += any;
		counts.in_time += in_time;
	}
	counts.captures++;
}

static void
replay(const char *path, const char *config)
{
	const struct report *report;

	if (!begin(path, config))
		return;
	report = cases_report(reading.cases, &reading.tally);
	assert_non_null(report);
	hold_against(report);
	decided_copies_clear(&reading.open);
	pipeline_free(reading.pipeline);
	cases_free(reading.cases);
	news_free(&reading.news);
	cert_store_free(reading.certs);
	phone_config_free(reading.config);
}

/* ---- all of them ---- */

static const char *
root(void)
{
	return getenv("srcdir") != NULL ? getenv("srcdir") : ".";
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* all calls each for what is in a folder, by name; false where there is none. */
static bool
all(const char *folder, void (*each)(const char *path))
{
	char path[PATH_SIZE], *names[512];
	DIR *dir;
	struct dirent *entry;
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/%s", root(), folder);
	dir = opendir(path);
	if (dir == NULL)
		return false;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' && n < sizeof(names) / sizeof(names[0]))
			names[n++] = strdup(entry->d_name);
	closedir(dir);
	qsort(names, n, sizeof(names[0]), by_name);
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", root(), folder, names[i]);
		each(path);
		free(names[i]);
	}
	return true;
}

static void
with_its_configuration(const char *path)
{
	const char *end = strstr(path, ".pcap");
	char config[PATH_SIZE];

	if (end == NULL || strstr(path, ".tsv") != NULL)
		return;
	snprintf(config, sizeof(config), "%.*s.cnf.xml", (int)(end - path), path);
	replay(path, config);
}

static void
with_no_configuration(const char *path)
{
	if (strstr(path, ".pcap") != NULL && strstr(path, ".tsv") == NULL)
		replay(path, "none");
}

static void
of_the_lab(const char *path)
{
	char capture[PATH_SIZE + 16], config[PATH_SIZE + 32];

	snprintf(capture, sizeof(capture), "%s/capture.pcap", path);
	snprintf(config, sizeof(config), "%s/SEP001122334455.cnf.xml", path);
	replay(capture, config);
}

static void
print_counts(const char *of)
{
	print_message("%s: %zu captures, %zu findings, %zu of them said before the end, %zu within a second of their frames\n",
		      of, counts.captures, counts.findings, counts.said, counts.in_time);
	counts = (struct counts){.captures = 0};
}

static void
the_projects_own(void **state)
{
	(void)state;
	assert_true(all("pcaps", with_its_configuration));
	assert_true(counts.in_time >= 40);
	print_counts("pcaps");
	assert_true(all("pcaps", with_no_configuration));
	print_counts("pcaps, without their configurations");
}

static void
those_beside_it(void **state)
{
	(void)state;
	if (!all("../shared/captures/lab", of_the_lab)) {
		print_message("../shared is not there\n");
		skip();
	}
	print_counts("shared captures of a lab");
	all("../shared/captures/public", with_no_configuration);
	all("../shared/captures/matrix", with_no_configuration);
	print_counts("shared captures of others");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_projects_own),
		cmocka_unit_test(those_beside_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
