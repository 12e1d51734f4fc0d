/* The whole way: the bytes of a capture file in, both outputs out, with a configuration that makes every rule look. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "src/pipeline.h"
#include "src/output/sink.h"
#include "tests/config_of_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outputs {
	FILE *to;
	struct cases *cases;
	struct tally *tally;
};

static void
on_handshake(void *arg, struct handshake *handshake)
{
	struct outputs *outputs = arg;

	sink_json.handshake(outputs->to, handshake);
	cases_add(outputs->cases, handshake, outputs->tally);
}

static void
on_event(void *arg, struct event *event)
{
	struct outputs *outputs = arg;

	if (sink_json.event != NULL)
		sink_json.event(outputs->to, event);
	cases_add_event(outputs->cases, event, outputs->tally);
}

/* A configuration that names no gateway of the corpus but hashes that fit nothing. */
static struct phone_config *
configuration(void)
{
	static const char xml[] =
		"<device><vpnGroup><enableHostIDCheck>1</enableHostIDCheck><addresses><url1>https://198.51.100.1/x</url1>"
		"</addresses><credentials><certHash1>fZ2xQHMBcWj/fSoNs5IkPbA2Pt8=</certHash1></credentials></vpnGroup>"
		"</device>";
	char error[256];

	return config_of_bytes(slice_of(xml, sizeof(xml) - 1), "SEP001122334455.cnf.xml", error, sizeof(error));
}

static void
run(struct capture *capture, const struct trust *trust)
{
	struct tally tally = {.input = "fuzz"};
	struct cert_store *certs = cert_store_new(0);
	struct outputs outputs = {fopen("/dev/null", "w"), cases_new(trust), &tally};
	struct pipeline *pipeline = pipeline_new(certs, &tally, 1, on_handshake, on_event, &outputs);
	const struct report *report;
	struct frame frame;

	while (capture_next(capture, &frame) == CAPTURE_FRAME)
		pipeline_frame(pipeline, &frame);
	pipeline_finish(pipeline);
	report = cases_report(outputs.cases, &tally);
	if (report != NULL) {
		sink_json.report(outputs.to, report, &tally);
		sink_text.report(outputs.to, report, &tally);
	}
	pipeline_free(pipeline);
	cases_free(outputs.cases);
	cert_store_free(certs);
	fclose(outputs.to);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct phone_config *config;
	const struct capture_options options = {.filter = NULL};
	struct trust trust = {.configs = &config, .n_configs = 1};
	int file = memfd_create("capture", 0);
	char path[64], error[512];
	struct capture *capture;

	if (config == NULL)
		config = configuration();
	if (file < 0 || config == NULL || write(file, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	capture = capture_open_file(path, &options, error, sizeof(error));
	if (capture != NULL) {
		run(capture, &trust);
		capture_close(capture);
	}
	close(file);
	return 0;
}
