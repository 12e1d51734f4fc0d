/* Workloads of any length, written to stdout as a pcap file; tests/bench/bench.py measures with them. What real OpenSSL
 * ends have said once is said again by others, so that millions of packets take seconds; keys and randoms differ from
 * run to run, and nothing else.
 *
 * usage: workload KIND PACKETS >FILE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "record.h"
#include "span.h"

#define SCRIPTS_MOST 1024
#define PARTS 2

/* What is recorded of it before any of it is said. */
struct part {
	void (*record)(struct script *out, unsigned nth);
	unsigned n;
};

static const struct kind {
	const char *name, *shows;
	struct part parts[PARTS];
	size_t at_once;
	bool (*say)(struct voice *voice, struct out *out);
	void (*make)(struct out *out); /* in place of all that */
} kinds[] = {
	{"bulk", "TLS connections of one to two megabytes", {{record_bulk, 8}}, 32, voice_say, NULL},
	{"dtls", "DTLS handshakes alone: resumption, every fourth a full one", {{record_resumption, 300}, {record_dtls, 100}},
	 64, voice_say, NULL},
	{"handshakes", "TLS handshakes alone, with a thousand certificates", {{record_handshake, 1000}}, 64, voice_say, NULL},
	{"lossy", "both, with loss, late packets and copies", {{record_bulk, 8}, {record_handshake, 500}}, 64, voice_lose,
	 NULL},
	{"small", "acknowledgements and datagrams of 10,000 flows, 60 bytes each", {{record_keystrokes, 1}, {record_pings, 1}},
	 10000, voice_say, NULL},
	{.name = "span", .shows = "a phone's span: voice, browsing, the VPN now and then", .make = span_make},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static size_t
record(const struct kind *kind, struct script scripts[SCRIPTS_MOST])
{
	size_t n = 0;

	for (size_t i = 0; i < PARTS; i++)
		for (unsigned nth = 0; nth < kind->parts[i].n; nth++)
			kind->parts[i].record(&scripts[n++], nth);
	return n;
}

static void
make(const struct kind *kind, struct out *out)
{
	static struct script scripts[SCRIPTS_MOST];
	size_t n;

	if (kind->make != NULL) {
		kind->make(out);
		return;
	}
	n = record(kind, scripts);
	crowd_run(scripts, n, kind->at_once, kind->say, out);
	for (size_t i = 0; i < n; i++)
		script_free(&scripts[i]);
}

int
main(int argc, char **argv)
{
	uint64_t most = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
	struct out out;

	for (size_t i = 0; most > 0 && i < KINDS; i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		out_begin(&out, most);
		make(&kinds[i], &out);
		record_done();
		return out_end(&out) ? 0 : 1;
	}
	fputs("usage: workload KIND PACKETS >FILE\n", stderr);
	for (size_t i = 0; i < KINDS; i++)
		fprintf(stderr, "  %-10s  %s\n", kinds[i].name, kinds[i].shows);
	return 2;
}
