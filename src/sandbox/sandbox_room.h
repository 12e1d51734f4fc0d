/* What sandbox.c and sandbox_*.c share. */
#ifndef SRC_SANDBOX_SANDBOX_ROOM_H
#define SRC_SANDBOX_SANDBOX_ROOM_H

#include "sandbox.h"

/* sandbox_filter.c is libseccomp's room: sandbox_filter loads the filter; 0, or an errno. */
int sandbox_filter(const struct sandbox_needs *needs);

/* sandbox_fence.c: sandbox_fence leaves of all file systems what is in the directories; false where the kernel has no Landlock. */
bool sandbox_fence(const struct sandbox_needs *needs);

#endif
