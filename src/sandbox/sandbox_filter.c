/* libseccomp's room: the system calls that are left, and what becomes of the others. */
#include "sandbox_room.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* What their numbers are told by: of more a process has none, but where an administrator allows it; such a one is taken for
 * that which has the same lower bits. */
#define DESCRIPTORS 65536

#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

/* Calls by names that not every architecture has: libseccomp passes over those it does not have. They name no file, no process
 * and no address, and where they take a descriptor, somebody opened it before. */
static const int allowed[] = {
	/* reading */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(close),
	SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(ftruncate), SCMP_SYS(ftruncate64),
	/* waiting, also once more after SIGCONT */
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64), SCMP_SYS(restart_syscall),
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	/* signals to itself */
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(sigaltstack),
	/* locks, time and random bytes: OpenSSL's, libxml2's, libnids's */
	SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(sched_yield), SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getrandom),
	/* who and where am I: sysinfo is qsort's question for how much memory there is, uname libpcap's in an error */
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(sched_getaffinity),
	/* ending */
	SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* Of an interface: what was dropped, is it still there. */
static const int allowed_live[] = {
	SCMP_SYS(getsockopt), SCMP_SYS(getsockname), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
};

static const int writing[] = {SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64)};

/* A library looks for a file of its own, or would like a setting: it does without. */
static const int refused[] = {
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat),
	SCMP_SYS(lstat64), SCMP_SYS(statx), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(prctl),
	SCMP_SYS(setsockopt),
};

/* The rules of one filter; error is the first thing that went wrong, as libseccomp says it: a negative errno. */
struct making {
	scmp_filter_ctx filter;
	int error;
};

static void
add(struct making *m, uint32_t action, int call, unsigned n, const struct scmp_arg_cmp *arguments)
{
	if (m->error == 0)
		m->error = seccomp_rule_add_array(m->filter, action, call, n, arguments);
}

static void
add_all(struct making *m, uint32_t action, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add(m, action, calls[i], 0, NULL);
}

static void
add_if(struct making *m, uint32_t action, int call, struct scmp_arg_cmp argument)
{
	add(m, action, call, 1, &argument);
}

/* Arguments are counted from 0. */
static struct scmp_arg_cmp
is(unsigned argument, scmp_datum_t value)
{
	return (struct scmp_arg_cmp){.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value};
}

static struct scmp_arg_cmp
is_not(unsigned argument, scmp_datum_t value)
{
	return (struct scmp_arg_cmp){.arg = argument, .op = SCMP_CMP_NE, .datum_a = value};
}

/* Of the bits in mask these are set, and no others. */
static struct scmp_arg_cmp
has(unsigned argument, scmp_datum_t mask, scmp_datum_t bits)
{
	return (struct scmp_arg_cmp){.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = bits};
}

/* Memory is never made executable. */
static void
add_memory(struct making *m)
{
	const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect)};

	for (size_t i = 0; i < LENGTH(calls); i++)
		add_if(m, SCMP_ACT_ALLOW, calls[i], has(2, PROT_EXEC, 0));
}

static bool
has_socket(const struct sandbox_needs *needs, unsigned first, unsigned n)
{
	for (size_t i = 0; i < needs->n_sockets; i++)
		if ((unsigned)needs->sockets[i] % DESCRIPTORS - first < n)
			return true;
	return false;
}

/* Any descriptor can be written to but the sockets, through which one could send. The kernel looks at the lower half of the
 * register alone, so that "not equal" would let the same number pass with another upper half: what is compared is bits, of
 * n descriptors, a power of 2, those that they have in common. */
static void
add_written(struct making *m, int call, const struct sandbox_needs *needs, unsigned first, unsigned n)
{
	if (!has_socket(needs, first, n)) {
		add_if(m, SCMP_ACT_ALLOW, call, has(0, DESCRIPTORS - n, first));
	} else if (n > 1) {
		add_written(m, call, needs, first, n / 2);
		add_written(m, call, needs, first + n / 2, n / 2);
	}
}

static void
add_writing(struct making *m, const struct sandbox_needs *needs)
{
	for (size_t i = 0; i < LENGTH(writing); i++)
		add_written(m, writing[i], needs, 0, DESCRIPTORS);
}

/* Of calls that are many in one: the harmless one is allowed, the others get an error. */
static void
add_only(struct making *m, int call, unsigned argument, unsigned long value)
{
	add_if(m, SCMP_ACT_ALLOW, call, is(argument, value));
	add_if(m, SCMP_ACT_ERRNO(EPERM), call, is_not(argument, value));
}

/* Is it a terminal; is the interface up; may stdio write to it; how large may it become; and abort. */
static void
add_questions(struct making *m, bool live)
{
	add_only(m, SCMP_SYS(ioctl), 1, live ? SIOCGIFFLAGS : TCGETS);
	add_only(m, SCMP_SYS(fcntl), 1, F_GETFL);
	add_only(m, SCMP_SYS(fcntl64), 1, F_GETFL);
	add_only(m, SCMP_SYS(prlimit64), 2, 0);
	add_if(m, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), is(0, (scmp_datum_t)getpid()));
}

/* fstat is newfstatat of no name; one of a name, and a file to be read, are answered with an error. */
static void
add_files(struct making *m)
{
	const int stat_calls[] = {SCMP_SYS(newfstatat), SCMP_SYS(fstatat64)};
	const unsigned flags = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
	const struct scmp_arg_cmp reads[] = {has(0, UINT32_MAX, (uint32_t)AT_FDCWD), has(2, flags, O_RDONLY)};

	for (size_t i = 0; i < LENGTH(stat_calls); i++) {
		add_if(m, SCMP_ACT_ALLOW, stat_calls[i], has(3, AT_EMPTY_PATH, AT_EMPTY_PATH));
		add_if(m, SCMP_ACT_ERRNO(EACCES), stat_calls[i], has(3, AT_EMPTY_PATH, 0));
	}
	add(m, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), LENGTH(reads), reads);
	add_if(m, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), has(1, flags, O_RDONLY));
}

static void
add_directory(struct making *m, int directory)
{
	const unsigned flags = O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_NOFOLLOW;
	const struct scmp_arg_cmp from = is(0, (scmp_datum_t)directory), to = is(2, (scmp_datum_t)directory);
	const struct scmp_arg_cmp makes[] = {from, has(2, flags, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)};
	const struct scmp_arg_cmp reads[] = {from, has(2, flags, O_RDONLY | O_NOFOLLOW)};
	const struct scmp_arg_cmp renames[] = {from, to};

	add(m, SCMP_ACT_ALLOW, SCMP_SYS(openat), LENGTH(makes), makes);
	add(m, SCMP_ACT_ALLOW, SCMP_SYS(openat), LENGTH(reads), reads);
	add_if(m, SCMP_ACT_ALLOW, SCMP_SYS(unlinkat), from);
	add(m, SCMP_ACT_ALLOW, SCMP_SYS(renameat), LENGTH(renames), renames);
	add(m, SCMP_ACT_ALLOW, SCMP_SYS(renameat2), LENGTH(renames), renames);
}

/* Where an attribute cannot be set, the library is older than what it guards against, or the kernel is. Without the last one,
 * kernels before 5.16 slow speculative stores down for a filtered process: they guard against code that an interpreter runs, and
 * there is none in here. */
static void
set_attributes(struct making *m)
{
	seccomp_attr_set(m->filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	seccomp_attr_set(m->filter, SCMP_FLTATR_CTL_SSB, 1);
}

/* libseccomp 2.5 crashes, or leaves rules out, where memory ends while it makes them. Some 160 KiB are what it takes. */
static bool
has_memory(void)
{
	void *volatile room = malloc(1024 * 1024);

	free(room);
	return room != NULL;
}

int
sandbox_filter(const struct sandbox_needs *needs)
{
	struct making m = {.filter = has_memory() ? seccomp_init(SCMP_ACT_KILL_PROCESS) : NULL};

	if (m.filter == NULL)
		return ENOMEM;
	set_attributes(&m);
	add_all(&m, SCMP_ACT_ALLOW, allowed, LENGTH(allowed));
	add_all(&m, SCMP_ACT_ERRNO(EACCES), refused, LENGTH(refused));
	add_memory(&m);
	add_writing(&m, needs);
	add_questions(&m, needs->n_sockets > 0);
	add_files(&m);
	if (needs->children)
		add(&m, SCMP_ACT_ALLOW, SCMP_SYS(wait4), 0, NULL);
	if (needs->n_sockets > 0)
		add_all(&m, SCMP_ACT_ALLOW, allowed_live, LENGTH(allowed_live));
	for (size_t i = 0; i < needs->n_directories; i++)
		add_directory(&m, needs->directories[i]);
	if (m.error == 0)
		m.error = seccomp_load(m.filter);
	seccomp_release(m.filter);
	return -m.error;
}
