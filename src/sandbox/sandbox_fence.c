/* Landlock: a name may contain "..", begin with a slash or lead over a link, and a filter of calls does not see names. */
#include "sandbox_room.h"

#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All that the first version of Landlock knows, in Linux 5.13. */
#define EVERYTHING ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

#define MAKING_FILES \
	(LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE)

bool
sandbox_fence(const struct sandbox_needs *needs)
{
	const struct landlock_ruleset_attr handled = {.handled_access_fs = EVERYTHING};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	bool fenced = rules >= 0;

	for (size_t i = 0; fenced && i < needs->n_directories; i++) {
		const struct landlock_path_beneath_attr beneath = {.allowed_access = MAKING_FILES,
								   .parent_fd = needs->directories[i]};

		fenced = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
	}
	fenced = fenced && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	if (rules >= 0)
		close(rules);
	return fenced;
}
