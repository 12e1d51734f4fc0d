/* labmake makes the captures of pcaps/: real OpenSSL ends talk over memory, and what they say is
 * written as frames. It needs no privileges, no network and no clock; only keys and randoms differ
 * from run to run.
 *
 *   labmake DIR [SCENARIO...]    write DIR/SCENARIO.pcap (and .cnf.xml), all without names
 *   labmake --table              print the table of pcaps/README.md */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenarios.h"

static const struct scenario *const tables[] = {
	certificate_scenarios, login_scenarios, dtls_scenarios,	    hello_scenarios,
	wire_scenarios,	       story_scenarios, transfer_scenarios, voice_scenarios,
	watch_scenarios};

#define TABLES (sizeof(tables) / sizeof(*tables))

static const struct scenario *
find(const char *name)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct scenario *row = tables[i]; row->name != NULL; row++)
			if (strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

static void
print_table(void)
{
	puts("| file | shows | must raise |\n|---|---|---|");
	for (size_t i = 0; i < TABLES; i++)
		for (const struct scenario *row = tables[i]; row->name != NULL; row++)
			printf("| `%s` | %s | %s |\n", row->name, row->shows,
			       *row->findings ? row->findings : "nothing");
}

static void
cut(const char *path, size_t n)
{
	struct stat is;

	if (stat(path, &is) != 0 || truncate(path, is.st_size - (off_t)n) != 0)
		lab_die("%s: cannot be cut", path);
}

static void
make(const struct scenario *scenario, const char *dir)
{
	struct lab lab = {.dir = dir, .name = scenario->name};
	char path[1024];

	frames_init(&lab.frames);
	scenario->make(&lab);
	snprintf(path, sizeof(path), "%s/%s.%s", dir, scenario->name,
		 lab.pcapng ? "pcapng" : "pcap");
	if (lab.pcapng)
		frames_save_pcapng(&lab.frames, path);
	else
		frames_save(&lab.frames, path);
	if (lab.cut > 0)
		cut(path, lab.cut);
	frames_free(&lab.frames);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--table") == 0) {
		print_table();
		return 0;
	}
	if (argc < 2 || argv[1][0] == '-') {
		fputs("usage: labmake DIR [SCENARIO...]\n       labmake --table\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		const struct scenario *scenario = find(argv[i]);

		if (scenario == NULL)
			lab_die("%s: no such scenario", argv[i]);
		make(scenario, argv[1]);
	}
	for (size_t i = 0; argc == 2 && i < TABLES; i++)
		for (const struct scenario *row = tables[i]; row->name != NULL; row++)
			make(row, argv[1]);
	pki_free();
	return 0;
}
