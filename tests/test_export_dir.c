/* --export: what is never touched, and what goes wrong. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "src/limit.h"
#include "tests/exporting.h"

/* ---- what is there already ---- */

static void
same_names(void **state)
{
	struct export *export = open_it(false);

	(void)state;
	put_config(export, "a.xml", "one");
	put_config(export, "x/a.xml", "two");
	put_config(export, "a-2.xml", "three"); /* the name that "two" got */
	put_config(export, "../a.xml", "one");
	put_config(export, "a.xml", "two");
	check_file("a.xml", "one");
	check_file("a-2.xml", "two");
	check_file("a-2-2.xml", "three");
	assert_int_equal(count_files(), 3);
	assert_true(export_close(export));
}

static void
another_run(void **state)
{
	struct export *export = open_it(false);

	(void)state;
	put_config(export, "a.xml", "one");
	put_config(export, "b.xml", "<b>1");
	assert_true(export_close(export));

	export = open_it(false);
	put_config(export, "a.xml", "one");
	assert_int_equal(times_said("is there already"), 0);
	put_config(export, "b.xml", "<b>2");
	put_config(export, "b.xml", "<b>2");
	put_config(export, "c.xml", "three");
	assert_int_equal(times_said("/out/b.xml is there already and is another; --force overwrites it"), 1);
	check_file("b.xml", "<b>1");
	check_file("c.xml", "three");
	assert_false(export_close(export));

	export = open_it(true);
	put_config(export, "b.xml", "<b>2");
	check_file("b.xml", "<b>2");
	assert_int_equal(count_files(), 3);
	assert_true(export_close(export));
}

/* Links are neither followed nor written through, and a pipe is not waited for. */
static void
traps_in_the_directory(void **state)
{
	struct export *export = open_it(false);
	struct stat stat;

	(void)state;
	make_file("../precious", "mine");
	assert_int_equal(symlink("../precious", path_of("link.xml")), 0);
	assert_int_equal(symlink("../new", path_of("dangling.xml")), 0);
	assert_int_equal(mkfifo(path_of("pipe.xml"), 0600), 0);
	assert_int_equal(mkdir(path_of("folder.xml"), 0700), 0);
	put_config(export, "link.xml", "mine"); /* the same bytes, but elsewhere */
	put_config(export, "dangling.xml", "bad");
	put_config(export, "pipe.xml", "bad");
	put_config(export, "folder.xml", "bad");
	assert_int_equal(times_said("--force overwrites it"), 4);
	assert_false(export_close(export));

	assert_int_equal(symlink("../precious", path_of(".handspan-export")), 0);
	export = open_it(true);
	put_config(export, "link.xml", "ours");
	put_config(export, "pipe.xml", "ours");
	check_file("link.xml", "ours");
	check_file("pipe.xml", "ours");
	check_file("../precious", "mine");
	assert_int_equal(lstat(path_of("link.xml"), &stat), 0);
	assert_true(S_ISREG(stat.st_mode));
	put_config(export, "folder.xml", "bad");
	assert_int_equal(times_said("folder.xml: Is a directory; nothing more"), 1);
	assert_int_equal(lstat(path_of(".handspan-export"), &stat), -1);
	assert_int_equal(lstat(path_of("../new"), &stat), -1);
	assert_false(export_close(export));
}

/* ---- what goes wrong ---- */

static void
no_directory(void **state)
{
	FILE *file = fopen(dir, "wb");

	(void)state;
	assert_non_null(file);
	fclose(file);
	assert_null(export_open(dir, false));
	assert_int_equal(times_said("out: Not a directory"), 1);
	assert_int_equal(unlink(dir), 0);
	snprintf(dir, sizeof dir, "%s/not/there", base);
	assert_null(export_open(dir, false));
	assert_int_equal(times_said("not/there: No such file"), 1);
}

/* A file that cannot be written whole is not left there, and that is said once. */
static void
a_full_disk(void **state)
{
	static char big[8192];
	struct rlimit limit;
	struct export *export = open_it(false);

	(void)state;
	memset(big, 'x', sizeof big);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	put_bytes(export, "big.tlv", PHONE_FILE_CTL, big, sizeof big);
	put_bytes(export, "big-too.tlv", PHONE_FILE_CTL, big, sizeof big);
	put_bytes(export, "small.tlv", PHONE_FILE_CTL, big, 1);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(count_files(), 0);
	assert_int_equal(times_said("big.tlv: File too large; nothing more is written there"), 1);
	assert_int_equal(times_said("handspan:"), 1);
	assert_false(export_close(export));
}

static void
too_many(void **state)
{
	struct export *export = open_it(false);
	char bytes[16];

	(void)state;
	for (unsigned i = 0; i < LIMIT_EXPORT_ALIKE + 5; i++) {
		snprintf(bytes, sizeof bytes, "%u", i);
		put_config(export, "a.xml", bytes);
	}
	assert_int_equal(count_files(), LIMIT_EXPORT_ALIKE);
	check_file("a-99.xml", "98");
	put_config(export, "b.xml", "b");
	assert_int_equal(count_files(), LIMIT_EXPORT_ALIKE);
	assert_int_equal(times_said("nothing more is written there"), 1);
	assert_true(export_close(export));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(same_names),
		IN_A_DIRECTORY(another_run),
		IN_A_DIRECTORY(traps_in_the_directory),
		IN_A_DIRECTORY(no_directory),
		IN_A_DIRECTORY(a_full_disk),
		IN_A_DIRECTORY(too_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
