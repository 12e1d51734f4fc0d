/* --export: what phones downloaded, and certificates, written into a directory. */
#ifndef SRC_EXPORT_EXPORT_H
#define SRC_EXPORT_EXPORT_H

#include "story/event.h"

struct export;

/* export_open opens the directory, or makes it; force: files that are there are overwritten. NULL, and the reason has been
 * said, where it cannot. dir must outlive it. */
struct export *export_open(const char *dir, bool force);

/* export_directory gives the descriptor of the directory, -1 of none, and whether this run made it: it may be root's still when
 * root is left. */
int export_directory(const struct export *export, bool *made);

/* export_may_write says whether files can be made in it by whom this process now is; where not, the way out has been said. */
bool export_may_write(const struct export *export);

/* These write the certificates of both sides, and configurations and trust lists with the certificates in these, each
 * once. Both take a NULL export, and do nothing then. */
void export_handshake(struct export *export, const struct handshake *handshake);
void export_event(struct export *export, const struct event *event);

/* export_close says how much was written; false where something could not be, which has been said. */
bool export_close(struct export *export);

#endif
