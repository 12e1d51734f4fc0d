/* Privileges, and how to be rid of them. */
#include "sandbox_room.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "diag.h"

static const struct passwd *
find_user(const char *user)
{
	static const char *const by_default[] = {"handspan", "tcpdump", "nobody"};
	const struct passwd *found = user != NULL ? getpwnam(user) : NULL;

	for (size_t i = 0; user == NULL && found == NULL && i < sizeof by_default / sizeof by_default[0]; i++)
		found = getpwnam(by_default[i]);
	return found;
}

bool
sandbox_becomes(const char *asked, uid_t *uid, gid_t *gid)
{
	const struct passwd *user = geteuid() == 0 ? find_user(asked) : NULL;

	if (user == NULL || user->pw_uid == 0)
		return false;
	*uid = user->pw_uid;
	*gid = user->pw_gid;
	return true;
}

/* Under no_new_privs the bounding set bounds nothing more; it is emptied for who looks at it. */
static void
empty_bounding_set(void)
{
	for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++)
		prctl(PR_CAPBSET_DROP, capability);
}

static bool
keep_no_capability(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

	return syscall(SYS_capset, &header, none) == 0;
}

/* False and errno where it cannot be done. Root without CAP_SETUID, in a container, is where it cannot. */
static bool
become(const struct passwd *user)
{
	if (initgroups(user->pw_name, user->pw_gid) != 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0)
		return false;
	errno = EPERM;
	return seteuid(0) != 0;
}

static bool
leave_root(const char *asked, int own)
{
	const struct passwd *user = find_user(asked);

	if (user == NULL && asked != NULL) {
		diag_error("-Z: there is no user '%s'", asked);
		return false;
	}
	empty_bounding_set();
	if (user == NULL) {
		diag_note("there is no user to become, neither tcpdump nor nobody: stays root, without its powers; -Z "
			  "names one");
		return true;
	}
	if (user->pw_uid == 0)
		return true;
	if (own >= 0 && fchown(own, user->pw_uid, user->pw_gid) != 0) {
		diag_error("--export: the directory cannot be given to user %s: %s; -Z names another", user->pw_name,
			   strerror(errno));
		return false;
	}
	if (become(user))
		return true;
	diag_error("cannot become user %s: %s; -Z names another, and -Z root stays root", user->pw_name,
		   strerror(errno));
	return false;
}

bool
sandbox_drop(const char *user, int own)
{
	if (geteuid() == 0) {
		if (!leave_root(user, own))
			return false;
	} else if (user != NULL) {
		diag_note("-Z: only root can become another user");
	}
	if (!keep_no_capability() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		diag_error("privileges cannot be dropped: %s", strerror(errno));
		return false;
	}
#ifdef SANDBOX_UNFILTERED
	prctl(PR_SET_DUMPABLE, 1); /* or a sanitizer could not look for leaks */
#endif
	return true;
}

/* Asked before the door is closed: who that is stands in a file. */
static void
say_user(const char *how)
{
	const struct passwd *user = getpwuid(geteuid());

	diag_note("reading as user %s, %s", user != NULL ? user->pw_name : "without a name", how);
}

#ifdef SANDBOX_UNFILTERED

bool
sandbox_enter(const struct sandbox_needs *needs)
{
	if (needs->verbose)
		say_user("without a sandbox: handspan was built without");
	return true;
}

#else

bool
sandbox_enter(const struct sandbox_needs *needs)
{
	int error;

	if (needs->verbose)
		say_user("in the sandbox");
	if (needs->n_directories > 0 && !sandbox_fence(needs) && needs->verbose)
		diag_note("this kernel has no Landlock to hold files in their directories");
	error = sandbox_filter(needs);
	if (error != 0)
		diag_error("no sandbox: this system takes no filter of system calls: %s; --no-sandbox reads without",
			   strerror(error));
	return error == 0;
}

#endif
