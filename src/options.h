/* The command line: names and flags as tcpdump and tshark users know them. */
#ifndef SRC_OPTIONS_H
#define SRC_OPTIONS_H

#include "capture/capture.h"
#include "findings/case.h"
#include "output/sink.h"

enum exit_status {
	EXIT_NOTHING = 0,    /* no finding at or above --fail-on */
	EXIT_FINDINGS = 1,   /* findings at or above it */
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,      /* an input cannot be read, or stdout not be written */
	EXIT_INTERFACE = 4,  /* an interface cannot be opened, or none is left */
};

enum task { TASK_ANALYSE, TASK_HASH, TASK_SHOW, TASK_EXPLAIN, TASK_LIST_INTERFACES, TASK_HELP, TASK_VERSION };

enum fail_on { FAIL_ON_INFO = SEVERITY_INFO, FAIL_ON_WARNING, FAIL_ON_ERROR, FAIL_ON_NEVER };

enum trust_file_kind { TRUST_FILE_CONFIG, TRUST_FILE_LIST };

struct trust_file {
	enum trust_file_kind kind;
	const char *path;
};

struct options {
	enum task task;
	char **words; /* captures; with TASK_HASH files and hashes, with TASK_SHOW files, with TASK_EXPLAIN ids */
	size_t n_words;
	const char *interfaces[LIMIT_CAPTURED]; /* of -i */
	size_t n_interfaces;
	struct capture_options capture;
	char *filter;   /* of -f or -F, owned */
	uint64_t count; /* -c; 0: all */
	const struct sink *sink;
	enum fail_on fail_on;
	bool color, quiet, verbose;
	bool progress; /* can be shown: prepare looks whether */
	bool story;            /* --story: nothing but the phones' stories */
	bool watch;            /* --watch: nothing but what changes */
	const char *export_to; /* --export; NULL: none */
	bool force;            /* --force: files that are there may be overwritten */
	const char *user;      /* -Z; NULL: sandbox_drop's own choice */
	bool no_sandbox, no_filter;
	unsigned workers; /* --workers */
	struct trust_file *trust_files; /* of --phone-config and --trust-list, in their order */
	size_t n_trust_files;
	struct trust trust;
};

/* options_parse reads the command line into out, and no file but that of -F. EXIT_NOTHING, or what to exit with; the reason has
 * been said. */
int options_parse(int argc, char **argv, struct options *out);

/* options_read_trust reads the trust files into trust; answers as options_parse does. */
int options_read_trust(struct options *options);

void options_free(struct options *options);

/* options_number reads a number from 1 to most; false where it is none, and that has been said. */
bool options_number(const char *text, const char *option, long most, long *out);

/* options_help prints the usage to stdout. */
void options_help(void);

#endif
