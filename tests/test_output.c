/* Capture files that follow one another: their names, when they begin, and what becomes of them when
 * something goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "dissectors/link.h"
#include "src/capture/output.h"
#include "tests/allocations.h"

#define HEADER 24
#define RECORD 16

static char folder[] = "/tmp/handspan-XXXXXX";
static char path[sizeof folder + 300];
static char complaints[4000];
static const struct output_form ethernet = {.linktype = LINKTYPE_ETHERNET};

static void
complain(const char *sentence)
{
	size_t len = strlen(complaints);

	snprintf(complaints + len, sizeof complaints - len, "%s\n", sentence);
}

/* A plan whose file has this name in the folder. */
static struct output_plan
plan_of(const char *name)
{
	complaints[0] = '\0';
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return (struct output_plan){.path = path, .complain = complain};
}

static struct output *
begin_plan(const struct output_plan *plan, const struct input *input, char *err, size_t err_size)
{
	struct output *o = output_open(plan, err, err_size);

	if (o == NULL || output_begin(o, &ethernet, input, err, err_size))
		return o;
	output_close(o);
	return NULL;
}

static struct output *
open_plan(const struct output_plan *plan)
{
	char err[5000] = "";
	struct output *o = begin_plan(plan, NULL, err, sizeof err);

	if (o == NULL)
		fail_msg("%s", err);
	return o;
}

static void
expect_not_opened(const struct output_plan *plan, const char *rest)
{
	char err[5000] = "", sentence[5000];

	assert_null(begin_plan(plan, NULL, err, sizeof err));
	snprintf(sentence, sizeof sentence, "%s: %s", plan->path, rest);
	assert_string_equal(err, sentence);
}

/* A frame of so many bytes in this second. */
static bool
write_frame(struct output *o, int64_t second, size_t n)
{
	static const uint8_t bytes[5000];
	static uint64_t number;
	struct frame frame = {.when = {.frame = ++number, .us = second * 1000000},
			      .linktype = LINKTYPE_ETHERNET,
			      .bytes = slice_of(bytes, n),
			      .wire_len = n};

	return output_write(o, &frame);
}

static void
finish(struct output *o)
{
	assert_true(output_finish(o));
	output_close(o);
	assert_string_equal(complaints, "");
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* expect_files wants these names with their sizes in the folder, "a 10 b 20", and removes them. */
static void
expect_files(const char *wanted)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_file, by_name);
	char found[4000] = "", *end = found;

	assert_true(n >= 0);
	for (int i = 0; i < n; i++) {
		char name[sizeof folder + sizeof entries[i]->d_name];
		struct stat stat;

		snprintf(name, sizeof name, "%s/%s", folder, entries[i]->d_name);
		assert_int_equal(lstat(name, &stat), 0);
		end += snprintf(end, sizeof found - (size_t)(end - found), "%s%s %lld",
				i > 0 ? " " : "", entries[i]->d_name, (long long)stat.st_size);
		remove(name);
		free(entries[i]);
	}
	free(entries);
	assert_string_equal(found, wanted);
}

static void
make_file(const char *name, const char *text)
{
	char where[sizeof path];
	FILE *file;

	snprintf(where, sizeof where, "%s/%s", folder, name);
	file = fopen(where, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* ---- names ---- */

static void
numbers_have_as_many_digits_as_the_last(void **state)
{
	(void)state;
	assert_int_equal(output_digits(0), 0);
	assert_int_equal(output_digits(1), 0);
	assert_int_equal(output_digits(2), 1);
	assert_int_equal(output_digits(10), 1);
	assert_int_equal(output_digits(11), 2);
	assert_int_equal(output_digits(100), 2);
	assert_int_equal(output_digits(UINT32_MAX), 10);
}

static void
expect_name(const char *pattern, const int64_t *second, uint32_t number, unsigned digits,
	    const char *wanted)
{
	struct output_name name;

	assert_true(output_name(pattern, second, number, digits, &name));
	assert_string_equal(name.text, wanted);
}

static void
names_have_times_and_numbers(void **state)
{
	const int64_t second = 1459541662, early = -1;
	struct output_name name;
	char longest[NAME_MAX + 1];

	(void)state;
	expect_name("x.pcap", NULL, 0, 0, "x.pcap");
	expect_name("x.pcap", NULL, 12, 0, "x.pcap12");
	expect_name("x.pcap", NULL, 0, 3, "x.pcap000");
	expect_name("%H.pcap", NULL, 0, 0, "%H.pcap");
	expect_name("%Y-%m-%d_%H%M%S.pcap", &second, 0, 0, "2016-04-01_221422.pcap");
	expect_name("%Y.pcap", &early, 7, 2, "1970.pcap07");
	assert_false(output_name("", NULL, 0, 0, &name));
	assert_false(output_name("", &second, 1, 0, &name));
	assert_false(output_name("..", NULL, 0, 0, &name));
	assert_false(output_name("%D", &second, 0, 0, &name));
	memset(longest, 'x', sizeof longest);
	longest[NAME_MAX - 5] = '\0';
	expect_name(longest, NULL, 0, 0, longest);
	expect_name(longest, &second, 0, 0, longest);
	assert_false(output_name(longest, NULL, 1, 0, &name));
	longest[NAME_MAX - 5] = 'x';
	longest[NAME_MAX] = '\0';
	assert_false(output_name(longest, NULL, 0, 0, &name));
	assert_false(output_name(longest, NULL, 1, 9, &name));
	assert_false(output_name("%c%c%c%c%c%c%c%c%c%c%c%c", &second, 0, 0, &name));
}

/* ---- one file ---- */

static void
a_file_has_its_name_when_it_is_complete(void **state)
{
	const struct output_plan plan = plan_of("x");
	struct output *o;

	(void)state;
	make_file("x", "what was there before");
	make_file("x.part", "what a crash left behind");
	o = open_plan(&plan);
	assert_true(output_directory(o) >= 0);
	write_frame(o, 1, 100);
	output_flush(o);
	expect_files("x 21 x.part 140");
	output_close(o);
	expect_files("");

	o = open_plan(&plan);
	write_frame(o, 1, 100);
	finish(o);
	expect_files("x 140");

	finish(open_plan(&plan));
	expect_files("x 24");
}

static void
a_file_that_is_not_finished_stays_incomplete(void **state)
{
	const struct output_plan plan = plan_of("x");
	struct output *o = open_plan(&plan);

	(void)state;
	write_frame(o, 1, 100);
	output_close(o);
	expect_files("x.part 140");
}

static void
a_link_stands_for_its_file(void **state)
{
	const struct output_plan plan = plan_of("x");
	struct output *o;

	(void)state;
	make_file("y", "what was there before");
	assert_int_equal(symlink("y", path), 0);
	o = open_plan(&plan);
	write_frame(o, 1, 100);
	finish(o);
	expect_files("x 1 y 140");
}

static void
a_link_is_not_followed_by_the_part(void **state)
{
	const struct output_plan plan = plan_of("x");

	(void)state;
	make_file("y", "untouched");
	snprintf(path, sizeof path, "%s/x.part", folder);
	assert_int_equal(symlink("y", path), 0);
	snprintf(path, sizeof path, "%s/x", folder);
	finish(open_plan(&plan));
	expect_files("x 24 y 9");
}

static void
a_pipe_is_written_as_it_is(void **state)
{
	const struct output_plan plan = plan_of("x");
	uint8_t bytes[200];
	struct output *o;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, S_IRUSR | S_IWUSR), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	o = open_plan(&plan);
	assert_int_equal(output_directory(o), -1);
	write_frame(o, 1, 10);
	output_rotate(o);
	assert_int_equal(read(fd, bytes, sizeof bytes), HEADER + RECORD + 10);
	write_frame(o, 1, 10);
	finish(o);
	assert_int_equal(read(fd, bytes, sizeof bytes), RECORD + 10);
	assert_int_equal(read(fd, bytes, sizeof bytes), 0);
	close(fd);
	expect_files("x 0");
}

static void
only_plain_files_follow_one_another(void **state)
{
	struct output_plan plan = plan_of("x");

	(void)state;
	assert_int_equal(mkfifo(path, S_IRUSR | S_IWUSR), 0);
	plan.most_bytes = 1;
	expect_not_opened(&plan, "is no plain file, and cannot be followed by others");
	expect_files("x 0");
}

/* ---- one after the other ---- */

static void
a_large_file_is_followed_by_another(void **state)
{
	struct output_plan plan = plan_of("x");
	struct output *o;

	(void)state;
	plan.most_bytes = HEADER + RECORD + 100;
	o = open_plan(&plan);
	write_frame(o, 1, 100); /* as large as it may be, not larger */
	write_frame(o, 1, 1);
	write_frame(o, 1, 2000);
	write_frame(o, 1, 2);
	expect_files("x 157 x1 2040 x2.part 0");
	output_close(o);

	plan.files = 3;
	o = open_plan(&plan);
	for (size_t i = 0; i < 4; i++)
		write_frame(o, 1, 1000 + i);
	finish(o);
	expect_files("x0 1043 x1 1041 x2 1042");

	plan.files = 11;
	o = open_plan(&plan);
	write_frame(o, 1, 1000);
	finish(o);
	expect_files("x00 1040");
}

static void
a_file_that_lasts_is_followed_by_another(void **state)
{
	struct output_plan plan = plan_of("x-%M%S");
	struct output *o;

	(void)state;
	plan.every_seconds = 10;
	o = open_plan(&plan);
	expect_files("");
	write_frame(o, 59, 1);
	write_frame(o, 68, 2);
	write_frame(o, 50, 3);
	write_frame(o, 69, 4); /* 10 seconds after the first */
	write_frame(o, 78, 5);
	write_frame(o, 200, 6);
	write_frame(o, 209, 7);
	finish(o);
	expect_files("x-0059 78 x-0109 65 x-0320 69");

	plan.path = strcat(strcpy(path, folder), "/same");
	o = open_plan(&plan);
	write_frame(o, 1, 1);
	write_frame(o, 11, 2);
	finish(o);
	expect_files("same 42");
	o = open_plan(&plan);
	finish(o);
	expect_files("");
}

static void
so_many_periods_are_enough(void **state)
{
	struct output_plan plan = plan_of("x-%S");
	struct output *o;

	(void)state;
	plan.every_seconds = 10;
	plan.files = 2;
	o = open_plan(&plan);
	assert_true(write_frame(o, 1, 1));
	assert_true(write_frame(o, 11, 2));
	assert_true(write_frame(o, 20, 3));
	assert_false(write_frame(o, 21, 4));
	expect_files("x-01 41 x-11 61");
	finish(o);
	expect_files("");
}

/* With both, numbers begin anew with every period, and periods have no end. */
static void
size_and_time_go_together(void **state)
{
	struct output_plan plan = plan_of("x-%S.");
	struct output *o;

	(void)state;
	plan.every_seconds = 10;
	plan.most_bytes = 1000;
	plan.files = 2;
	o = open_plan(&plan);
	for (size_t i = 0; i < 4; i++)
		assert_true(write_frame(o, 1, 1000 + i));
	assert_true(write_frame(o, 11, 1));
	assert_true(write_frame(o, 21, 1));
	assert_true(write_frame(o, 31, 1000));
	assert_true(write_frame(o, 31, 1));
	finish(o);
	expect_files("x-01.0 1042 x-01.1 1043 x-11.0 41 x-21.0 41 x-31.0 1040 x-31.1 41");
}

static void
rotating_begins_the_next_number(void **state)
{
	struct output_plan plan = plan_of("x");
	struct output *o = open_plan(&plan);

	(void)state;
	output_rotate(o); /* of nothing nothing follows */
	write_frame(o, 1, 1);
	output_rotate(o);
	output_rotate(o);
	expect_files("x 41");
	write_frame(o, 1, 2);
	output_rotate(o);
	write_frame(o, 1, 3);
	finish(o);
	expect_files("x1 42 x2 43");

	plan.most_bytes = 1000;
	plan.files = 2;
	o = open_plan(&plan);
	for (size_t i = 0; i < 3; i++) {
		write_frame(o, 1, i);
		output_rotate(o);
	}
	finish(o);
	expect_files("x0 42 x1 41");
}

/* ---- what goes wrong ---- */

static void
says_what_is_no_name(void **state)
{
	struct output_plan plan = plan_of("");

	(void)state;
	expect_not_opened(&plan, "cannot be written: Is a directory");
	plan = plan_of("x%D");
	plan.every_seconds = 1;
	expect_not_opened(&plan, "is no name for a file, or too long for one");
	plan = plan_of("nowhere/x");
	expect_not_opened(&plan, "cannot be written: No such file or directory");
	plan.every_seconds = 1;
	expect_not_opened(&plan, "cannot be written: No such file or directory");
	expect_files("");
}

static void
expect_trouble(struct output *o, const char *format)
{
	char sentence[4000];

	assert_false(output_finish(o));
	output_close(o);
	snprintf(sentence, sizeof sentence, format, folder);
	assert_string_equal(complaints, sentence);
}

static void
limit_files_to(rlim_t most)
{
	const struct rlimit limit = {most, RLIM_INFINITY};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A limit for the size of files does what a full disk does. */
static void
a_full_disk_is_said_once(void **state)
{
	struct output_plan plan = plan_of("x");
	struct output *o = open_plan(&plan);

	(void)state;
	limit_files_to(HEADER + RECORD + 1000);
	for (int i = 0; i < 6; i++) {
		assert_true(write_frame(o, 1, 1000));
		output_flush(o);
		if (i == 3)
			output_rotate(o);
	}
	limit_files_to(RLIM_INFINITY);
	assert_true(write_frame(o, 1, 10));
	output_rotate(o);
	assert_true(write_frame(o, 1, 20));
	expect_trouble(o, "%s/x.part cannot be written any further: File too large; frames are "
			  "read on, but not written: SIGHUP begins a new file\n");
	expect_files("x.part 1040 x1.part 1040 x2 60");
}

static void
a_name_that_is_taken_is_said_once(void **state)
{
	struct output_plan plan = plan_of("x");
	char part[sizeof path];
	struct output *o = open_plan(&plan);

	(void)state;
	assert_int_equal(mkdir(path, S_IRWXU), 0);
	write_frame(o, 1, 1);
	output_rotate(o);
	snprintf(part, sizeof part, "%s/x1.part", folder);
	assert_int_equal(mkdir(part, S_IRWXU), 0);
	for (int i = 0; i < 3; i++)
		assert_true(write_frame(o, 1, 1));
	output_rotate(o);
	assert_true(write_frame(o, 1, 2));
	rmdir(part);
	rmdir(path);
	assert_false(output_finish(o));
	output_close(o);

	char *second = strchr(complaints, '\n');

	assert_non_null(second);
	assert_non_null(strstr(complaints, "/x.part is complete, but cannot be renamed to x: Is a "
					   "directory; rename it by hand\n"));
	assert_non_null(strstr(second, "/x1 cannot be written: Is a directory; frames are read on, "
				       "but not written: SIGHUP begins a new file\n"));
	assert_null(strchr(strchr(second + 1, '\n') + 1, '\n'));
	expect_files("x.part 41 x2 42");
}

static void
what_is_read_is_not_written_over(void **state)
{
	static const volatile sig_atomic_t stop;
	struct output_plan plan = plan_of("x1");
	char err[5000] = "";
	struct input *input;
	struct output *o;

	(void)state;
	make_file("x1", "input");
	input = input_open(path, &stop, err, sizeof err);
	assert_non_null(input);
	assert_null(begin_plan(&plan, input, err, sizeof err));
	assert_non_null(strstr(err, "/x1: is being read, it cannot be written at the same time"));
	plan = plan_of("x");
	o = begin_plan(&plan, input, err, sizeof err);
	assert_non_null(o);
	write_frame(o, 1, 1);
	output_rotate(o);
	write_frame(o, 1, 2);
	expect_trouble(o, "%s/x1 is being read, it cannot be written at the same time; frames are "
			  "read on, but not written: SIGHUP begins a new file\n");
	input_close(input);
	expect_files("x 41 x1 5");
}

/* ---- who writes ---- */

static uid_t
owner_of(const char *name)
{
	char where[sizeof path];
	struct stat stat;

	snprintf(where, sizeof where, "%s/%s", folder, name);
	assert_int_equal(lstat(where, &stat), 0);
	return stat.st_uid;
}

static void
files_are_the_later_user_s(void **state)
{
	const struct capture_owner nobody = {65534, 65534};
	struct output_plan plan = plan_of("x");
	struct output *o;

	(void)state;
	if (geteuid() != 0)
		skip();
	plan.owner = &nobody;
	assert_int_equal(chmod(folder, S_IRWXU | S_IRWXG | S_IRWXO), 0);
	o = open_plan(&plan);
	assert_true(output_directory(o) >= 0);
	finish(o);
	assert_int_equal(owner_of("x"), 65534);
	expect_files("x 24");

	/* who cannot rename in a directory writes under the name at once */
	assert_int_equal(chmod(folder, S_IRWXU), 0);
	make_file("x", "what was there before and is longer");
	o = open_plan(&plan);
	assert_int_equal(output_directory(o), -1);
	finish(o);
	assert_int_equal(owner_of("x"), 65534);
	expect_files("x 24");

	plan.most_bytes = 1;
	expect_not_opened(&plan, "no files can be made beside it: Permission denied; name another "
				 "directory, or with -Z a user who may write in this one");
	expect_files("");
	assert_int_equal(chown(folder, 65534, 0), 0);
	finish(open_plan(&plan));
	expect_files("x 24");
	assert_int_equal(chown(folder, 0, 0), 0);
}

/* ---- memory ---- */

static void
stands_without_memory(void **state)
{
	const struct output_plan plan = plan_of("x");
	bool failed = true;

	(void)state;
	for (size_t nth = 1; failed; nth++) {
		char err[1000] = "";
		bool written = true;
		struct output *o;

		complaints[0] = '\0';
		allocations_fail(nth);
		o = begin_plan(&plan, NULL, err, sizeof err);
		if (o != NULL) {
			write_frame(o, 1, 1);
			output_rotate(o);
			write_frame(o, 1, 1);
			written = output_finish(o);
			output_close(o);
		}
		failed = allocations_failed();
		if (o == NULL || !written)
			assert_true(failed);
		if (o == NULL)
			assert_non_null(strstr(err, "x: "));
		assert_true(written == (complaints[0] == '\0'));
	}
	expect_files("x 41 x1 41");
}

static int
set_up(void **state)
{
	(void)state;
	setenv("TZ", "HSP-2", 1);
	tzset();
	signal(SIGXFSZ, SIG_IGN);
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_as_many_digits_as_the_last),
		cmocka_unit_test(names_have_times_and_numbers),
		cmocka_unit_test(a_file_has_its_name_when_it_is_complete),
		cmocka_unit_test(a_file_that_is_not_finished_stays_incomplete),
		cmocka_unit_test(a_link_stands_for_its_file),
		cmocka_unit_test(a_link_is_not_followed_by_the_part),
		cmocka_unit_test(a_pipe_is_written_as_it_is),
		cmocka_unit_test(only_plain_files_follow_one_another),
		cmocka_unit_test(a_large_file_is_followed_by_another),
		cmocka_unit_test(a_file_that_lasts_is_followed_by_another),
		cmocka_unit_test(so_many_periods_are_enough),
		cmocka_unit_test(size_and_time_go_together),
		cmocka_unit_test(rotating_begins_the_next_number),
		cmocka_unit_test(says_what_is_no_name),
		cmocka_unit_test(a_full_disk_is_said_once),
		cmocka_unit_test(a_name_that_is_taken_is_said_once),
		cmocka_unit_test(what_is_read_is_not_written_over),
		cmocka_unit_test(files_are_the_later_user_s),
		cmocka_unit_test(stands_without_memory),
	};

	return cmocka_run_group_tests_name("output", tests, set_up, tear_down);
}
