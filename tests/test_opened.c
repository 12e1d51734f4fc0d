/* Files opened before they are read. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/sandbox/opened.h"

static char folder[] = "/tmp/test_opened.XXXXXX";

static void
write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
expect_text(int fd, const char *text)
{
	char read_text[64] = "";

	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(read(fd, read_text, sizeof read_text - 1), strlen(text));
	assert_string_equal(read_text, text);
	close(fd);
}

static void
a_file_is_what_it_was_when_it_was_opened(void **state)
{
	(void)state;
	write_file("a", "then");
	assert_true(opened_add("a"));
	assert_int_equal(unlink("a"), 0);
	write_file("a", "now");
	expect_text(opened_take("a"), "then");
	expect_text(opened_take("a"), "now"); /* once opened, once taken */
	opened_close();
}

static void
each_mention_is_a_file_of_its_own(void **state)
{
	(void)state;
	write_file("a", "text");
	assert_true(opened_add("a") && opened_add("a"));
	assert_int_equal(unlink("a"), 0);
	expect_text(opened_take("a"), "text");
	expect_text(opened_take("a"), "text");
	assert_int_equal(opened_take("a"), -1);
	assert_int_equal(errno, ENOENT);
	opened_close();
}

static void
what_is_missing_is_told_when_it_is_taken(void **state)
{
	(void)state;
	assert_true(opened_add("missing") && opened_add("missing/too"));
	write_file("missing", "too late");
	errno = 0;
	assert_int_equal(opened_take("missing"), -1);
	assert_int_equal(errno, ENOENT);
	unlink("missing");
	opened_close();
}

static void
a_pipe_is_not_waited_for(void **state)
{
	struct pollfd pollfd = {.events = POLLIN};
	int writer;

	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_true(opened_add("pipe"));
	pollfd.fd = opened_take("pipe");
	assert_true(pollfd.fd >= 0);
	assert_int_equal(poll(&pollfd, 1, 0), 0); /* nobody writes to it yet */
	writer = open("pipe", O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(writer, "text", 4), 4);
	assert_int_equal(poll(&pollfd, 1, 1000), 1);
	close(writer);
	expect_text(pollfd.fd, "text");
	unlink("pipe");
	opened_close();
}

static void
a_pipe_may_be_waited_for(void **state)
{
	(void)state;
	write_file("a", "text");
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_false(opened_may_wait());
	assert_true(opened_add("a") && opened_add("missing"));
	assert_false(opened_may_wait());
	assert_true(opened_add("pipe"));
	assert_true(opened_may_wait());
	close(opened_take("pipe"));
	assert_false(opened_may_wait());
	unlink("pipe");
	unlink("a");
	opened_close();
}

static void
stdin_is_a_minus(void **state)
{
	int real = dup(STDIN_FILENO), ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "text", 4), 4);
	dup2(ends[0], STDIN_FILENO);
	assert_true(opened_add("-"));
	dup2(real, STDIN_FILENO);
	expect_text(opened_take("-"), "text");
	close(real);
	close(ends[0]);
	close(ends[1]);
	opened_close();
}

static void
a_word_is_a_file_or_none(void **state)
{
	static char long_word[6000];

	(void)state;
	memset(long_word, 'a', sizeof long_word - 1);
	write_file("a", "text");
	assert_true(opened_is_file("a"));
	assert_false(opened_is_file("b"));
	assert_true(opened_add("a") && opened_add("b") && opened_add("a/b") && opened_add(long_word) &&
		    opened_add("/proc/self/pagemap-not") && opened_add("."));
	unlink("a");
	write_file("b", "text");
	assert_true(opened_is_file("a"));
	assert_false(opened_is_file("b"));
	assert_false(opened_is_file("a/b"));
	assert_false(opened_is_file(long_word));
	assert_true(opened_is_file("."));
	unlink("b");
	opened_close();
}

/* Of another user's, as far as root is concerned in a child that is root no more. */
static void
a_file_that_may_not_be_read_is_one(void **state)
{
	pid_t child;
	int status;

	(void)state;
	write_file("a", "text");
	assert_int_equal(chmod("a", 0), 0);
	assert_int_equal(chmod(".", 0755), 0);
	child = fork();
	if (child == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(1);
		_exit(opened_add("a") && opened_is_file("a") && opened_take("a") < 0 && errno == EACCES ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	unlink("a");
}

/* More files than a shell's limit allows. */
static void
many_files_are_opened(void **state)
{
	struct rlimit before, few;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &before);
	few = before;
	few.rlim_cur = 20;
	if (before.rlim_max < 60)
		skip();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	write_file("a", "text");
	for (size_t i = 0; i < 40; i++)
		assert_true(opened_add("a"));
	for (size_t i = 0; i < 40; i++)
		expect_text(opened_take("a"), "text");
	opened_close();
	setrlimit(RLIMIT_NOFILE, &before);
	unlink("a");
}

static int
enter_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink("a");
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_what_it_was_when_it_was_opened),
		cmocka_unit_test(each_mention_is_a_file_of_its_own),
		cmocka_unit_test(what_is_missing_is_told_when_it_is_taken),
		cmocka_unit_test(a_pipe_is_not_waited_for),
		cmocka_unit_test(a_pipe_may_be_waited_for),
		cmocka_unit_test(stdin_is_a_minus),
		cmocka_unit_test(a_word_is_a_file_or_none),
		cmocka_unit_test(a_file_that_may_not_be_read_is_one),
		cmocka_unit_test(many_files_are_opened),
	};

	return cmocka_run_group_tests(tests, enter_folder, remove_folder);
}
