/* What handspan gives away before it reads the first byte from outside.
 *
 * Everything is opened first: the files that the command line names (opened.h), the interface, the directories in which files are
 * to be made; filters are compiled, for names in them may have to be looked up. Then sandbox_drop and sandbox_enter; then reading
 * begins. Opening first is tighter than letting the sandbox open files for reading, and it is what keeps a file readable that
 * only root may read. What is left inside:
 *
 *   memory       but none that can be executed; time, random bytes, waiting, ending
 *   descriptors  those that are open are read, written, told apart and closed; the sockets that frames come from are
 *                never written to, and no descriptor is duplicated into another
 *   files        none; in the directories of -w and --export alone files can be made, compared and replaced, and there Landlock,
 *                where the kernel has it, holds what the filter cannot see: that a name leads nowhere else
 *
 * A question that libraries ask in passing (is this a terminal, is there such a file) is answered with an error. Any other call,
 * a program, a process, a socket, a file to be written, ends the process with SIGSYS, "Bad system call": nothing in handspan
 * makes one, so somebody else does.
 *
 * Neither the filter nor Landlock looks at anything but system calls, of which a frame needs none: in files one call reads
 * many, of an interface the kernel's ring is read as memory. */
#ifndef SRC_SANDBOX_SANDBOX_H
#define SRC_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A sanitizer's own calls, opening, mapping and tracing, are what the filter is there to forbid. Others that write files of their
 * own when they end (--coverage) define it too. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_UNFILTERED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_UNFILTERED 1
#endif
#endif

/* sandbox_becomes says who this process will be after sandbox_drop; false: who it is, or there is no such user. */
bool sandbox_becomes(const char *user, uid_t *uid, gid_t *gid);

/* sandbox_drop makes root user, keeps no capability, and sees to it that no program started from here gets any. user NULL: the
 * first there is of handspan, which an administrator may have made, tcpdump, which its package makes for this very purpose, and
 * nobody, which is everywhere, but which other services may be too. "root" stays root without its powers. own: a directory that
 * this run made, which becomes user's as well, or -1. Whoever is not root stays who he is. False, and the reason has been said. */
bool sandbox_drop(const char *user, int own);

/* Of --export, -w and --save-handshakes. */
#define SANDBOX_DIRECTORIES 3

struct sandbox_needs {
	const int *sockets; /* frames come from them; none: they come from files */
	size_t n_sockets;
	/* Files are made in these while reading goes on: by openat with O_CREAT, O_EXCL and O_NOFOLLOW; what is there is
	 * replaced by unlinkat, or by renameat within the directory. */
	int directories[SANDBOX_DIRECTORIES];
	size_t n_directories;
	bool children; /* there are processes whose end is waited for */
	bool verbose;
};

/* sandbox_enter closes the door: there is no way back. False where the system knows no such filter, and that has been said. */
bool sandbox_enter(const struct sandbox_needs *needs);

#endif
