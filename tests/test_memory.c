/* Memory runs out at every allocation of a whole run, libnids's, libpcap's, OpenSSL's and libxml2's
 * too: from the opening of a capture to both outputs, and until all is freed. Nothing crashes, ends
 * or stops, nothing is lost, and either all comes out as ever, or it is told and what came out
 * before is true. */
#include <dlfcn.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <libxml/parser.h>
#include <openssl/crypto.h>

#include "failing_malloc.h"
#include "src/output/sink.h"
#include "src/pipeline.h"
#include "tests/config_of_file.h"

#define CHILD_RAN 40 /* an exit status that no library would choose */

/* In pcaps/. */
struct sample {
	const char *capture, *config; /* config may be NULL */
};

/* How a run ended. */
struct ending {
	bool good;  /* false: it told of memory */
	bool began; /* the pipeline */
	struct failing_malloc memory;
	char error[1024];   /* a sentence, where a file could not be read */
	char text[1 << 16]; /* both outputs */
};

/* One run, from files to outputs. */
struct run {
	const struct sample *sample;
	FILE *to; /* with its own buffer */
	struct phone_config *config;
	struct trust trust;
	struct cert_store *certs;
	struct capture *capture;
	struct tally tally;
	struct cases *cases;
	struct pipeline *pipeline;
	bool out_of_memory; /* cases told of it */
	char path[512]; /* outlives the capture */
	struct ending *ending;
};

static void
on_handshake(void *arg, struct handshake *handshake)
{
	struct run *run = arg;

	sink_json.handshake(run->to, handshake);
	cases_add(run->cases, handshake, &run->tally);
}

static void
on_event(void *arg, struct event *event)
{
	struct run *run = arg;

	if (sink_json.event != NULL)
		sink_json.event(run->to, event);
	if (!cases_add_event(run->cases, event, &run->tally))
		run->out_of_memory = true;
}

static const char *
find(struct run *run, const char *name)
{
	const char *root = getenv("srcdir");

	snprintf(run->path, sizeof(run->path), "%s/pcaps/%s", root != NULL ? root : ".", name);
	return run->path;
}

/* Each of these is false when the run must end, for want of memory. */
static bool
open_all(struct run *run)
{
	const struct capture_options options = {.filter = NULL};
	char *error = run->ending->error;
	const size_t error_size = sizeof(run->ending->error);

	if (run->sample->config != NULL) {
		run->config = config_of_file(find(run, run->sample->config), error, error_size);
		if (run->config == NULL)
			return false;
		run->trust = (struct trust){.configs = &run->config, .n_configs = 1};
	}
	run->certs = cert_store_new(0);
	if (run->certs == NULL)
		return false;
	run->capture =
		capture_open_file(find(run, run->sample->capture), &options, error, error_size);
	if (run->capture == NULL)
		return false;
	run->cases = cases_new(&run->trust);
	run->pipeline = pipeline_new(run->certs, &run->tally, 1, on_handshake, on_event, run);
	return run->cases != NULL && run->pipeline != NULL;
}

static bool
read_all(struct run *run)
{
	enum capture_status status;
	struct frame frame;

	while ((status = capture_next(run->capture, &frame)) == CAPTURE_FRAME)
		if (!pipeline_frame(run->pipeline, &frame) || run->out_of_memory)
			return false;
	if (status == CAPTURE_CUT) {
		snprintf(run->ending->error, sizeof(run->ending->error), "%s",
			 capture_error(run->capture));
		return false;
	}
	return pipeline_finish(run->pipeline) && !run->out_of_memory;
}

static bool
report_all(struct run *run)
{
	const struct report *report = cases_report(run->cases, &run->tally);

	if (report == NULL)
		return false;
	sink_json.report(run->to, report, &run->tally);
	sink_text.report(run->to, report, &run->tally);
	return true;
}

static void
free_all(struct run *run)
{
	pipeline_free(run->pipeline);
	cases_free(run->cases);
	if (run->capture != NULL)
		capture_close(run->capture);
	cert_store_free(run->certs);
	phone_config_free(run->config);
}

/* The last run of a process has the libraries cleaned up behind it. */
static void
run_out(const struct sample *sample, size_t nth, bool lasting, bool last, struct ending *ending)
{
	static char buffer[4096];
	struct run run = {
		.sample = sample,
		.to = fmemopen(ending->text, sizeof(ending->text), "w"),
		.ending = ending,
	};

	ending->error[0] = '\0';
	setvbuf(run.to, buffer, _IOFBF, sizeof(buffer));
	failing_malloc_begin(nth, lasting);
	ending->good = open_all(&run) && read_all(&run) && report_all(&run);
	ending->began = run.pipeline != NULL;
	free_all(&run);
	failing_malloc_relent();
	if (last) {
		xmlCleanupParser();
		OPENSSL_cleanup();
	}
	ending->memory = failing_malloc_end();
	fclose(run.to);
}

/* ---- what must hold ---- */

/* Each line is one of those that come out with memory enough. */
static bool
lines_are_among(const char *lines, const char *all)
{
	while (*lines != '\0') {
		size_t n = strcspn(lines, "\n") + 1;
		const char *at = all;

		while (*at != '\0' && strncmp(at, lines, n) != 0)
			at += strcspn(at, "\n") + 1;
		if (*at == '\0')
			return false;
		lines += n;
	}
	return true;
}

/* Blocks that libnids loses where it lacks memory: all that it had when it began, later the node in
 * hand. */
static long
lost_by_libnids(const struct ending *ending)
{
	Dl_info who;

	if (dladdr(ending->memory.by, &who) == 0 || strstr(who.dli_fname, "libnids") == NULL)
		return 0;
	return ending->began ? 1 : 6;
}

/* NULL, or what is wrong with a run that ended like this when an allocation failed. */
static const char *
complaint(const struct ending *ending, const struct ending *enough)
{
	if (ending->good && strcmp(ending->text, enough->text) != 0)
		return "something else came out, and nothing was told";
	if (!ending->good && !lines_are_among(ending->text, enough->text))
		return "what came out is not true";
	if (ending->error[0] != '\0' && strstr(ending->error, "emory") == NULL)
		return ending->error;
	if (ending->memory.held > enough->memory.held + lost_by_libnids(ending))
		return "memory was lost";
	return NULL;
}

/* ---- one after the other ---- */

/* A library that lacked memory once is never what it was before: so each run has a process. What it
 * gave lives until the next. */
static const struct ending *
run_in_child(const struct sample *sample, size_t nth, bool lasting)
{
	static struct ending *ending;
	pid_t child;
	int status;

	if (ending == NULL)
		ending = mmap(NULL, sizeof(*ending), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(ending, MAP_FAILED);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		alarm(20); /* libnids has a pause() */
		run_out(sample, nth, lasting, true, ending);
		_exit(CHILD_RAN);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != CHILD_RAN)
		fail_msg("allocation %zu%s: wait status %#x", nth, lasting ? " and all after" : "",
			 (unsigned)status);
	return ending;
}

/* Near the beginning and the end, where most are ours, every allocation fails; between, where most
 * are OpenSSL's, one in a few, unless the environment wants EVERY_ALLOCATION. */
static void
run_dry(const struct sample *sample, const struct ending *enough, bool lasting, size_t few)
{
	const size_t near = getenv("EVERY_ALLOCATION") != NULL ? SIZE_MAX / 2 : 50;
	const struct ending *ending;
	size_t nth = 1;

	while ((ending = run_in_child(sample, nth, lasting))->memory.failed) {
		const char *wrong = complaint(ending, enough);

		if (wrong != NULL)
			fail_msg("allocation %zu%s: %s", nth, lasting ? " and all after" : "",
				 wrong);
		nth += nth < near || nth + few + near > enough->memory.asked ? 1 : few;
	}
	assert_int_equal(nth, enough->memory.asked + 1);
	assert_string_equal(ending->text, enough->text);
}

static void
runs_dry(void **state)
{
	const struct sample *sample = *state;
	static struct ending warm, enough;

	run_out(sample, 0, false, false, &enough); /* makes the libraries ready */
	run_out(sample, 0, false, false, &warm);
	assert_true(warm.good);
	assert_int_equal(warm.memory.held, 0);
	assert_string_equal(warm.text, enough.text);
	assert_non_null(strstr(warm.text, "\"event\":\"summary\""));
	enough = *run_in_child(sample, 0, false);
	assert_string_equal(warm.text, enough.text);
	run_dry(sample, &enough, false, 7);
	run_dry(sample, &enough, true, 61);
}

int
main(void)
{
	static struct sample samples[] = {
		{"04-client-mic.pcap", "04-client-mic.cnf.xml"},
		{"10-proxy.pcap", NULL},
		{"25-wildcard.pcap", "25-wildcard.cnf.xml"},
		{"40-dtls12-fragments.pcap", NULL},
		{"60-many-records.pcap", NULL},
		{"63-segment-lost.pcap", NULL},
		{"65-client-only.pcap", NULL},
		{"75-ip-fragments.pcap", NULL},
		{"76-pcapng.pcapng", NULL},
		{"80-boot-tftp.pcap", NULL},
		{"81-boot-http.pcap", NULL},
		{"93-auto-network-detect.pcap", NULL},
	};
	struct CMUnitTest tests[sizeof(samples) / sizeof(samples[0])];

	if (!failing_malloc_works()) {
		puts("SKIP: this build's malloc cannot be replaced");
		return 77;
	}
	/* Large blocks come from the kernel, zeroed: else each child would clear the flow table by
	 * hand. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		tests[i] = (struct CMUnitTest){.name = samples[i].capture,
					       .test_func = runs_dry,
					       .initial_state = &samples[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
