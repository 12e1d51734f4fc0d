/* What ends a process in the sandbox, what is refused, and that all else works; and what is left of root. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/sandbox/sandbox.h"

static char folder[] = "/tmp/test_sandbox.XXXXXX";
static char path[sizeof folder + 8]; /* a file in it */
static int directory, second, file, pipe_ends[2];
static pid_t tester; /* this process, which is the parent of those in the sandbox */
static const struct sandbox_needs plain = {.verbose = false};

/* What a child does; it is right when it says so, unless it did not live to say anything. */
typedef bool (*act)(void);

/* in_sandbox gives how a child ended that did this in the sandbox: 0 when it was right. */
static int
in_sandbox(const struct sandbox_needs *needs, act does)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(sandbox_drop("root", -1) && sandbox_enter(needs) && does() ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
needs_filter(void)
{
#ifdef SANDBOX_UNFILTERED
	print_message("a sanitizer's build has no filter\n");
	skip();
#endif
}

struct named_act {
	const char *name;
	act does;
};

static void
expect_death(const struct sandbox_needs *needs, const struct named_act *acts, size_t n)
{
	needs_filter();
	for (size_t i = 0; i < n; i++) {
		int status = in_sandbox(needs, acts[i].does);

		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			fail_msg("%s: status %#x, not SIGSYS", acts[i].name, (unsigned)status);
	}
}

static void
expect_life(const struct sandbox_needs *needs, const struct named_act *acts, size_t n)
{
	needs_filter();
	for (size_t i = 0; i < n; i++) {
		int status = in_sandbox(needs, acts[i].does);

		if (status != 0)
			fail_msg("%s: status %#x", acts[i].name, (unsigned)status);
	}
}

#define ACT(name)           \
	{                   \
		#name, name \
	}
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* ---- what ends the process ---- */

static bool
runs_a_program(void)
{
	return execl("/bin/true", "true", NULL) == 0;
}

static bool
forks(void)
{
	return fork() >= 0;
}

static bool
opens_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool
traces_its_parent(void)
{
	return ptrace(PTRACE_ATTACH, tester, NULL, NULL) == 0;
}

static bool
kills_its_parent(void)
{
	return kill(tester, 0) == 0;
}

static bool
signals_a_thread_of_its_parent(void)
{
	return syscall(SYS_tgkill, tester, tester, 0) == 0;
}

static bool
opens_for_writing(void)
{
	return open(path, O_WRONLY) >= 0;
}

static bool
opens_for_both(void)
{
	return open(path, O_RDWR) >= 0;
}

static bool
makes_a_file(void)
{
	return open("/tmp/test_sandbox.made", O_RDONLY | O_CREAT, 0600) >= 0;
}

static bool
empties_a_file(void)
{
	return open(path, O_RDONLY | O_TRUNC) >= 0;
}

static bool
makes_a_file_without_name(void)
{
	return open(folder, O_TMPFILE | O_RDWR, 0600) >= 0;
}

static bool
makes_a_file_in_a_directory(void)
{
	return openat(directory, "made", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600) >= 0;
}

static bool
removes_a_file(void)
{
	return unlink(path) == 0;
}

static bool
renames_a_file(void)
{
	return rename(path, path) == 0;
}

static bool
changes_rights(void)
{
	return fchmod(file, 0777) == 0;
}

static bool
becomes_another(void)
{
	return setuid(0) == 0;
}

static bool
maps_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool
makes_memory_code(void)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(memory, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool
duplicates_a_descriptor(void)
{
	return dup2(file, 100) == 100;
}

static bool
reads_another_process(void)
{
	char byte;
	struct iovec here = {&byte, 1}, there = {&byte, 1};

	return process_vm_readv(tester, &here, 1, &there, 1, 0) == 1;
}

static bool
makes_a_ring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL) >= 0;
}

static void
what_analysis_never_does_ends_it(void **state)
{
	static const struct named_act acts[] = {
		ACT(runs_a_program),
		ACT(forks),
		ACT(opens_a_socket),
		ACT(traces_its_parent),
		ACT(kills_its_parent),
		ACT(signals_a_thread_of_its_parent),
		ACT(opens_for_writing),
		ACT(opens_for_both),
		ACT(makes_a_file),
		ACT(empties_a_file),
		ACT(makes_a_file_without_name),
		ACT(makes_a_file_in_a_directory),
		ACT(removes_a_file),
		ACT(renames_a_file),
		ACT(changes_rights),
		ACT(becomes_another),
		ACT(maps_code),
		ACT(makes_memory_code),
		ACT(duplicates_a_descriptor),
		ACT(reads_another_process),
		ACT(makes_a_ring),
	};
	const struct sandbox_needs live = {.sockets = pipe_ends, .n_sockets = 2};

	(void)state;
	expect_death(&plain, acts, LENGTH(acts));
	expect_death(&live, acts, LENGTH(acts));
}

/* ---- what is refused ---- */

static bool
looks_for_a_file(void)
{
	struct stat stat_of_it;

	return open(path, O_RDONLY) < 0 && errno == EACCES && fopen(path, "re") == NULL && errno == EACCES &&
	       access(path, R_OK) < 0 && errno == EACCES && stat(path, &stat_of_it) < 0 && errno == EACCES;
}

static bool
asks_for_a_setting(void)
{
	char byte = '\n';

	return ioctl(file, TIOCSTI, &byte) < 0 && errno == EPERM && fcntl(file, F_DUPFD, 0) < 0 && errno == EPERM &&
	       fcntl(file, F_SETOWN, getpid()) < 0 && errno == EPERM;
}

static void
what_libraries_ask_for_is_refused(void **state)
{
	static const struct named_act acts[] = {ACT(looks_for_a_file), ACT(asks_for_a_setting)};

	(void)state;
	expect_life(&plain, acts, LENGTH(acts));
}

/* ---- what works ---- */

static bool
reads_what_is_open(void)
{
	char text[16];
	struct stat stat_of_it;
	struct pollfd pollfd = {.fd = file, .events = POLLIN};

	return poll(&pollfd, 1, 0) == 1 && read(file, text, sizeof text) == 5 && lseek(file, 0, SEEK_SET) == 0 &&
	       pread(file, text, sizeof text, 2) == 3 && fstat(file, &stat_of_it) == 0 && stat_of_it.st_size == 5 &&
	       !isatty(file) && errno == ENOTTY && close(file) == 0;
}

static bool
writes_what_is_open(void)
{
	FILE *stream = fdopen(pipe_ends[1], "w");
	char text[8];

	return stream != NULL && fprintf(stream, "%d", 12) == 2 && fclose(stream) == 0 &&
	       read(pipe_ends[0], text, sizeof text) == 2;
}

static bool
asks_for_memory(void)
{
	char *large = malloc(50 << 20);
	char *larger = large != NULL ? realloc(large, 100 << 20) : NULL;
	char *small[1000];

	if (larger == NULL)
		return false;
	memset(larger, 1, 100 << 20);
	free(larger);
	for (size_t i = 0; i < LENGTH(small); i++)
		small[i] = calloc(1, 5000);
	for (size_t i = 0; i < LENGTH(small); i++)
		free(small[i]);
	return true;
}

static int
compare_bytes(const void *a, const void *b)
{
	return memcmp(a, b, 1);
}

static bool
sorts_much(void)
{
	char *many = calloc(1 << 20, 2);

	qsort(many, 1 << 20, 2, compare_bytes);
	free(many);
	return true;
}

static volatile sig_atomic_t signalled;

static void
on_signal(int number)
{
	signalled = number;
}

static bool
signals_itself(void)
{
	return signal(SIGUSR1, on_signal) != SIG_ERR && raise(SIGUSR1) == 0 && signalled == SIGUSR1;
}

static bool
asks_for_random_bytes(void)
{
	char bytes[8];

	return getrandom(bytes, sizeof bytes, 0) == sizeof bytes;
}

static void
what_analysis_does_works(void **state)
{
	static const struct named_act acts[] = {
		ACT(reads_what_is_open), ACT(writes_what_is_open), ACT(asks_for_memory),
		ACT(sorts_much),	 ACT(signals_itself),	   ACT(asks_for_random_bytes),
	};

	(void)state;
	expect_life(&plain, acts, LENGTH(acts));
}

static bool
aborts(void)
{
	abort();
}

/* What finds its memory damaged must be able to say so. */
static void
abort_is_heard(void **state)
{
	int status;

	(void)state;
	needs_filter();
	status = in_sandbox(&plain, aborts);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* ---- the socket that frames come from: a pipe stands in for it ---- */

static bool
writes_to_the_socket(void)
{
	return write(pipe_ends[1], "", 1) == 1;
}

static bool
writes_to_the_other_socket(void)
{
	return write(pipe_ends[0], "", 1) < 0 && errno == EBADF;
}

static bool
gathers_to_the_socket(void)
{
	struct iovec byte = {folder, 1};

	return writev(pipe_ends[1], &byte, 1) == 1;
}

/* The kernel takes the lower half of the register for the descriptor. */
static bool
writes_to_the_socket_by_a_larger_number(void)
{
	return syscall(SYS_write, (INT64_C(1) << 32) + pipe_ends[1], "", 1) == 1;
}

static bool
sends(void)
{
	return send(pipe_ends[1], "", 1, 0) == 1;
}

static bool
writes_to_all_others(void)
{
	int null = directory; /* which is no file: EBADF or EISDIR, but the call is made */

	return write(STDOUT_FILENO, "", 0) == 0 && write(STDERR_FILENO, "", 0) == 0 && write(null, "", 1) < 0 &&
	       write(1000, "", 1) < 0 && errno == EBADF;
}

static bool
asks_about_the_socket(void)
{
	struct sockaddr_storage address;
	socklen_t n = sizeof address;

	return getsockname(pipe_ends[1], (struct sockaddr *)&address, &n) < 0 && errno == ENOTSOCK;
}

static void
nothing_is_sent(void **state)
{
	static const struct named_act deaths[] = {
		ACT(writes_to_the_socket),
		ACT(writes_to_the_other_socket),
		ACT(gathers_to_the_socket),
		ACT(writes_to_the_socket_by_a_larger_number),
		ACT(sends),
	};
	static const struct named_act lives[] = {ACT(writes_to_all_others), ACT(asks_about_the_socket)};
	const struct sandbox_needs live = {.sockets = pipe_ends, .n_sockets = 2};

	(void)state;
	expect_death(&live, deaths, LENGTH(deaths));
	expect_life(&live, lives, LENGTH(lives));
}

/* ---- the directory of --export ---- */

static bool
replaces_a_file_there(void)
{
	int fd = openat(directory, "half", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool good = fd >= 0 && write(fd, "new", 3) == 3 && close(fd) == 0 &&
		    renameat(directory, "half", directory, "whole") == 0;

	fd = good ? openat(directory, "whole", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
	return fd >= 0 && unlinkat(directory, "whole", 0) == 0;
}

static bool
makes_a_file_in_the_second(void)
{
	return openat(second, "half", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) >= 0 &&
	       openat(second, "half", O_PATH | O_NOFOLLOW | O_CLOEXEC) >= 0 && unlinkat(second, "half", 0) == 0;
}

static bool
renames_from_one_to_the_other(void)
{
	return renameat(directory, "file", second, "file") == 0;
}

static bool
opens_a_file_that_is_there(void)
{
	return openat(directory, "file", O_WRONLY | O_NOFOLLOW) >= 0;
}

static bool
empties_a_file_that_is_there(void)
{
	return openat(directory, "file", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600) >= 0;
}

static bool
follows_a_link(void)
{
	return openat(directory, "link", O_RDONLY) >= 0;
}

static bool
makes_a_file_elsewhere(void)
{
	return open("/tmp/test_sandbox.made", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600) >= 0;
}

static bool
renames_out_of_it(void)
{
	return renameat(directory, "file", AT_FDCWD, "/tmp/test_sandbox.made") == 0;
}

static bool
leads_out_of_it(void)
{
	const int make = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;

	return openat(directory, "../test_sandbox.made", make, 0600) < 0 && errno == EACCES &&
	       openat(directory, "/tmp/test_sandbox.made", make, 0600) < 0 && errno == EACCES &&
	       openat(directory, "/etc/passwd", O_RDONLY | O_NOFOLLOW) < 0 && errno == EACCES &&
	       openat(directory, "link/passwd", O_RDONLY | O_NOFOLLOW) < 0 && errno == EACCES;
}

static void
files_are_made_in_one_directory(void **state)
{
	static const struct named_act deaths[] = {
		ACT(opens_a_file_that_is_there), ACT(empties_a_file_that_is_there), ACT(follows_a_link),
		ACT(makes_a_file_elsewhere),	 ACT(renames_out_of_it),	    ACT(removes_a_file),
		ACT(renames_from_one_to_the_other),
	};
	static const struct named_act lives[] = {ACT(replaces_a_file_there), ACT(makes_a_file_in_the_second),
						 ACT(reads_what_is_open)};
	static const struct named_act fenced[] = {ACT(leads_out_of_it)};
	const struct sandbox_needs exporting = {
		.directories = {second, directory}, .n_directories = 2};


	(void)state;
	expect_life(&exporting, lives, LENGTH(lives));
	expect_death(&exporting, deaths, LENGTH(deaths));
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) > 0)
		expect_life(&exporting, fenced, LENGTH(fenced));
	else
		print_message("no Landlock here: names that lead out of the directory are not tried\n");
}

/* ---- what is left of root ---- */

/* says looks for a line of /proc/self/status. */
static bool
says(const char *wanted)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	bool found = false;

	while (!found && fgets(line, sizeof line, status) != NULL)
		found = strncmp(line, wanted, strlen(wanted)) == 0;
	fclose(status);
	if (!found)
		fprintf(stderr, "/proc/self/status does not say %s\n", wanted);
	return found;
}

static bool
has_no_powers(void)
{
	return says("NoNewPrivs:\t1") && says("CapInh:\t0000000000000000") && says("CapPrm:\t0000000000000000") &&
	       says("CapEff:\t0000000000000000") && says("CapAmb:\t0000000000000000");
}

static const struct passwd *
first_user(void)
{
	static const char *const names[] = {"handspan", "tcpdump", "nobody"};

	for (size_t i = 0; i < LENGTH(names); i++)
		if (getpwnam(names[i]) != NULL)
			return getpwnam(names[i]);
	return NULL;
}

static bool
is_user(const struct passwd *user)
{
	uid_t uids[3];
	gid_t gids[3];

	getresuid(&uids[0], &uids[1], &uids[2]);
	getresgid(&gids[0], &gids[1], &gids[2]);
	for (size_t i = 0; i < 3; i++)
		if (uids[i] != user->pw_uid || gids[i] != user->pw_gid)
			return false;
	return true;
}

static bool
root_becomes_the_default_user(void)
{
	const struct passwd *user = first_user();
	struct stat made;
	char byte;

	return sandbox_drop(NULL, directory) && has_no_powers() && says("CapBnd:\t0000000000000000") && is_user(user) &&
	       getgroups(0, NULL) <= 1 && fstat(directory, &made) == 0 && made.st_uid == user->pw_uid &&
	       setuid(0) != 0 && open(path, O_RDONLY) < 0 && read(file, &byte, 1) == 1;
}

static bool
root_becomes_who_is_named(void)
{
	const struct passwd *nobody = getpwnam("nobody");
	uid_t uid;
	gid_t gid;

	return sandbox_becomes("nobody", &uid, &gid) && uid == nobody->pw_uid && gid == nobody->pw_gid && sandbox_drop("nobody", -1) && has_no_powers() && is_user(getpwnam("nobody"));
}

static bool
root_stays_root_without_powers(void)
{
	uid_t uid;
	gid_t gid;

	return !sandbox_becomes("root", &uid, &gid) && sandbox_drop("root", -1) && has_no_powers() && geteuid() == 0 &&
	       chown(path, 1, 1) != 0;
}

static bool
nobody_is_unknown(void)
{
	return !sandbox_drop("no-such-user", -1);
}

static bool
others_stay_who_they_are(void)
{
	return setresuid(4711, 4711, 4711) == 0 && sandbox_drop(NULL, -1) && sandbox_drop("nobody", -1) &&
	       has_no_powers() && geteuid() == 4711;
}

static bool
without_the_right_it_is_said(void)
{
	/* As in a container: root that may not become another. */
	return sandbox_drop("root", -1) && !sandbox_drop("nobody", -1);
}

static void
root_is_left(void **state)
{
	static const struct named_act acts[] = {
		ACT(root_becomes_the_default_user),  ACT(root_becomes_who_is_named), ACT(root_stays_root_without_powers),
		ACT(nobody_is_unknown),		     ACT(others_stay_who_they_are),  ACT(without_the_right_it_is_said),
	};

	(void)state;
	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < LENGTH(acts); i++) {
		pid_t child = fork();
		int status;

		if (child == 0)
			_exit(acts[i].does() ? 0 : 1);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (status != 0)
			fail_msg("%s: status %#x", acts[i].name, (unsigned)status);
	}
}

static int
make_folder(void **state)
{
	char link[sizeof path];

	(void)state;
	tester = getpid();
	if (mkdtemp(folder) == NULL || pipe2(pipe_ends, O_CLOEXEC) != 0)
		return -1;
	directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	second = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof path, "%s/file", folder);
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (write(file, "bytes", 5) != 5 || close(file) != 0)
		return -1;
	file = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(link, sizeof link, "%s/link", folder);
	return file >= 0 && directory >= 0 && symlink("/etc", link) == 0 ? 0 : -1;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlinkat(directory, "file", 0);
	unlinkat(directory, "link", 0);
	unlinkat(directory, "whole", 0);
	unlink("/tmp/test_sandbox.made");
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_analysis_never_does_ends_it),
		cmocka_unit_test(what_libraries_ask_for_is_refused),
		cmocka_unit_test(what_analysis_does_works),
		cmocka_unit_test(abort_is_heard),
		cmocka_unit_test(nothing_is_sent),
		cmocka_unit_test(files_are_made_in_one_directory),
		cmocka_unit_test(root_is_left),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
