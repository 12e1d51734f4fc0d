/* The command line. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "diag.h"
#include "options_capture.h"
#include "options_trust.h"
#include "options_write.h"

enum long_only {
	OPT_FORMAT = 256,
	OPT_JSON,
	OPT_FAIL_ON,
	OPT_COLOR,
	OPT_PHONE_CONFIG,
	OPT_CERT_HASH,
	OPT_GATEWAY,
	OPT_NOW,
	OPT_TRUST_LIST,
	OPT_HASH,
	OPT_SHOW,
	OPT_EXPLAIN,
	OPT_ALL,
	OPT_STORY,
	OPT_WATCH,
	OPT_EXPORT,
	OPT_FORCE,
	OPT_SAVE_HANDSHAKES,
	OPT_NO_SANDBOX,
	OPT_NO_FILTER,
	OPT_WORKERS,
};

static const struct option long_options[] = {
	{"read-file", required_argument, NULL, 'r'},
	{"interface", required_argument, NULL, 'i'},
	{"write-file", required_argument, NULL, 'w'},
	{"filter", required_argument, NULL, 'f'},
	{"filter-file", required_argument, NULL, 'F'},
	{"count", required_argument, NULL, 'c'},
	{"snapshot-length", required_argument, NULL, 's'},
	{"buffer-size", required_argument, NULL, 'B'},
	{"list-interfaces", no_argument, NULL, 'D'},
	{"no-promiscuous-mode", no_argument, NULL, 'p'},
	{"no-names", no_argument, NULL, 'n'},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"version", no_argument, NULL, 'V'},
	{"help", no_argument, NULL, 'h'},
	{"format", required_argument, NULL, OPT_FORMAT},
	{"json", no_argument, NULL, OPT_JSON},
	{"fail-on", required_argument, NULL, OPT_FAIL_ON},
	{"color", required_argument, NULL, OPT_COLOR},
	{"phone-config", required_argument, NULL, OPT_PHONE_CONFIG},
	{"cert-hash", required_argument, NULL, OPT_CERT_HASH},
	{"gateway", required_argument, NULL, OPT_GATEWAY},
	{"now", required_argument, NULL, OPT_NOW},
	{"trust-list", required_argument, NULL, OPT_TRUST_LIST},
	{"hash", no_argument, NULL, OPT_HASH},
	{"show", no_argument, NULL, OPT_SHOW},
	{"explain", no_argument, NULL, OPT_EXPLAIN},
	{"all", no_argument, NULL, OPT_ALL},
	{"story", no_argument, NULL, OPT_STORY},
	{"watch", no_argument, NULL, OPT_WATCH},
	{"export", required_argument, NULL, OPT_EXPORT},
	{"force", no_argument, NULL, OPT_FORCE},
	{"save-handshakes", required_argument, NULL, OPT_SAVE_HANDSHAKES},
	{"relinquish-privileges", required_argument, NULL, 'Z'},
	{"no-filter", no_argument, NULL, OPT_NO_FILTER},
	{"no-sandbox", no_argument, NULL, OPT_NO_SANDBOX},
	{"workers", required_argument, NULL, OPT_WORKERS},
	{NULL, 0, NULL, 0},
};

void
options_help(void)
{
	fputs("usage: handspan [options] FILE...          read captures (pcap, pcapng, snoop; - is stdin)\n"
	      "       handspan [options] -i INTERFACE     capture, say what is found, and report at Ctrl-C\n"
	      "       handspan --hash FILE|HASH...        translate certificates and hashes to certHash form\n"
	      "       handspan --show FILE...             what phones' files say: configurations, CTL and ITL files\n"
	      "       handspan --explain ID...            what a finding means, how it is decided and mended\n"
	      "\n"
	      "What the phone trusts:\n"
	      "  --phone-config FILE     SEP<MAC>.cnf.xml; may be given again\n"
	      "  --cert-hash HASH        Base64 or hex; may be given again\n"
	      "  --trust-list FILE       a CTL or ITL file, that signatures are held against; may be given again\n"
	      "  --gateway HOST[:PORT]   whose handshakes matter; may be given again\n"
	      "  --all                   every handshake matters\n"
	      "  --now TIME              date to judge certificates by (default: when they were shown)\n"
	      "Capture:\n"
	      "  -r, --read-file FILE    a capture file, as a bare word is\n"
	      "  -i, --interface NAME    capture live; may be given again\n"
	      "  -D, --list-interfaces   list the interfaces\n"
	      "  -f, --filter BPF        only frames that this filter takes; -F, --filter-file FILE\n"
	      "  --no-filter             capture voice and QUIC too, which -i leaves out\n"
	      "  -c, --count N           stop after N frames\n"
	      "  -w, --write-file FILE   write the frames too\n"
	      "  -C MEGABYTES, -G SECONDS, -W COUNT   begin new files, as tcpdump does\n"
	      "  --save-handshakes FILE  write the frames of handshakes and of the phones' stories, and no others\n"
	      "  -s, --snapshot-length N, -B, --buffer-size KIB, -p, --no-promiscuous-mode\n"
	      "  -Z, --relinquish-privileges USER    whom root becomes when all is open (default: tcpdump or nobody)\n"
	      "  --workers N             so many processes share the work (default: 1)\n"
	      "  --no-sandbox            read without the filter of system calls\n"
	      "Output:\n"
	      "  --format text|json, --json\n"
	      "  --story                 nothing but what happened to each phone, step by step\n"
	      "  --watch                 for days: nothing but what changes, a line each\n"
	      "  --export DIR            write configurations, trust lists and certificates there; --force overwrites\n"
	      "  --fail-on info|warning|error|never   exit with 1 at this severity (default: error)\n"
	      "  --color auto|always|never\n"
	      "  -q, --quiet, -v, --verbose, -n (names are never looked up), -V, --version, -h, --help\n"
	      "\n"
	      "Exit status: 0 nothing found, 1 findings, 2 wrong usage, 3 input, 4 interface.\n",
	      stdout);
}

bool
options_number(const char *text, const char *option, long most, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && *out > 0 && *out <= most)
		return true;
	diag_error("%s: '%s' is no number from 1 to %ld", option, text, most);
	return false;
}

static bool
choose_format(struct options *options, const char *name)
{
	options->sink = sink_find(name);
	if (options->sink == NULL)
		diag_error("--format: '%s' is none; there are text and json", name);
	return options->sink != NULL;
}

/* Which of a list of words this is; -1 where it is none, which has been said. */
static int
choose(const char *option, const char *text, const char *const *words, const char *all)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	diag_error("%s: '%s' is none of %s", option, text, all);
	return -1;
}

static bool
choose_fail_on(struct options *options, const char *text)
{
	static const char *const words[] = {"info", "warning", "error", "never", NULL};
	int chosen = choose("--fail-on", text, words, "info, warning, error, never");

	options->fail_on = (enum fail_on)chosen;
	return chosen >= 0;
}

static bool
color_by_default(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static bool
choose_color(struct options *options, const char *text)
{
	static const char *const words[] = {"never", "always", "auto", NULL};
	int chosen = choose("--color", text, words, "auto, always, never");

	options->color = chosen == 2 ? color_by_default() : chosen == 1;
	return chosen >= 0;
}

static int
add_word(struct options *options, char *word)
{
	if (!options_make_room((void **)&options->words, options->n_words, sizeof(char *)))
		return options_no_memory();
	options->words[options->n_words++] = word;
	return EXIT_NOTHING;
}

/* The options that say what to do, or how to say it. */
static int
take_switch(struct options *options, int option)
{
	switch (option) {
	case 'D':
		options->task = TASK_LIST_INTERFACES;
		break;
	case 'V':
		options->task = TASK_VERSION;
		break;
	case 'h':
		options->task = TASK_HELP;
		break;
	case OPT_HASH:
		options->task = TASK_HASH;
		break;
	case OPT_SHOW:
		options->task = TASK_SHOW;
		break;
	case OPT_EXPLAIN:
		options->task = TASK_EXPLAIN;
		break;
	case 'p':
		options->capture.no_promiscuous = true;
		break;
	case 'q':
		options->quiet = true;
		diag_quiet();
		break;
	case 'v':
		options->verbose = true;
		break;
	case OPT_JSON:
		options->sink = &sink_json;
		break;
	case OPT_ALL:
		options->trust.all = true;
		break;
	case OPT_STORY:
		options->story = true;
		break;
	case OPT_WATCH:
		options->watch = true;
		break;
	case OPT_FORCE:
		options->force = true;
		break;
	case OPT_NO_FILTER:
		options->no_filter = true;
		break;
	case OPT_NO_SANDBOX:
		options->no_sandbox = true;
		break;
	case 'n':
		break;
	default:
		fputs("Try 'handspan --help'.\n", stderr);
		return EXIT_USAGE;
	}
	return EXIT_NOTHING;
}

static int
take(struct options *options, int option, char *text)
{
	switch (option) {
	case 'r':
		return add_word(options, text);
	case 'i':
		return capturing_interface(options, text);
	case 'w':
		options->capture.write_to = text;
		return EXIT_NOTHING;
	case OPT_SAVE_HANDSHAKES:
		options->capture.save_to = text;
		return EXIT_NOTHING;
	case 'C':
	case 'G':
	case 'W':
		return write_rotate(&options->capture, option, text);
	case 'Z':
		options->user = text;
		return EXIT_NOTHING;
	case 'f':
		options->capture.filter = text;
		return EXIT_NOTHING;
	case 'F':
		return capturing_filter_file(options, text);
	case 'c':
	case 's':
	case 'B':
	case OPT_WORKERS:
		return capturing_number(options, option, text);
	case OPT_EXPORT:
		options->export_to = text;
		return EXIT_NOTHING;
	case OPT_FORMAT:
		return choose_format(options, text) ? EXIT_NOTHING : EXIT_USAGE;
	case OPT_FAIL_ON:
		return choose_fail_on(options, text) ? EXIT_NOTHING : EXIT_USAGE;
	case OPT_COLOR:
		return choose_color(options, text) ? EXIT_NOTHING : EXIT_USAGE;
	case OPT_PHONE_CONFIG:
		return trust_name_file(options, TRUST_FILE_CONFIG, text);
	case OPT_CERT_HASH:
		return trust_add_hash(&options->trust, text);
	case OPT_TRUST_LIST:
		return trust_name_file(options, TRUST_FILE_LIST, text);
	case OPT_GATEWAY:
		return trust_add_gateway(&options->trust, text);
	case OPT_NOW:
		return trust_set_now(&options->trust, text);
	default:
		return take_switch(options, option);
	}
}

/* What cannot go together, and what is missing. */
static int
check(const struct options *options)
{
	if (options->task == TASK_HASH && options->n_words == 0) {
		diag_error("--hash: name certificate files or hashes");
		return EXIT_USAGE;
	}
	if (options->task == TASK_SHOW && options->n_words == 0) {
		diag_error("--show: name a phone's files");
		return EXIT_USAGE;
	}
	if (options->task == TASK_EXPLAIN && options->n_words == 0) {
		diag_error("--explain: name a finding, or all; docs/findings.md lists them");
		return EXIT_USAGE;
	}
	if (options->task != TASK_ANALYSE)
		return EXIT_NOTHING;
	if (!capturing_check(options))
		return EXIT_USAGE;
	if (options->watch && options->story) {
		diag_error("--watch and --story do not go together: a story has an end");
		return EXIT_USAGE;
	}
	if (options->force && options->export_to == NULL) {
		diag_error("--force: overwrites what --export finds there; name a directory with it");
		return EXIT_USAGE;
	}
	return write_check(&options->capture, options->n_words);
}

int
options_parse(int argc, char **argv, struct options *out)
{
	int status = EXIT_NOTHING;
	int option;

	*out = (struct options){
		.sink = &sink_text, .fail_on = FAIL_ON_ERROR, .color = color_by_default(), .workers = 1};
	out->capture.complain = write_complain;
	out->capture.notice = capturing_notice;
	while (status == EXIT_NOTHING &&
	       (option = getopt_long(argc, argv, "r:i:w:C:G:W:f:F:c:s:B:Z:DpnqvVh", long_options, NULL)) != -1)
		status = take(out, option, optarg);
	for (int i = optind; status == EXIT_NOTHING && i < argc; i++)
		status = add_word(out, argv[i]);
	/* A file that is written shall be whole. */
	out->capture.leave_out = !out->no_filter && out->capture.write_to == NULL;
	if (status == EXIT_NOTHING)
		status = check(out);
	return status == EXIT_NOTHING ? trust_verify(&out->trust) : status;
}

void
options_free(struct options *options)
{
	trust_free(&options->trust);
	free(options->trust_files);
	free(options->words);
	free(options->filter);
}
