/* The directory that is exported to. No file is ever followed out of it, and none overwritten unasked. */
#ifndef SRC_EXPORT_EXPORT_DIR_H
#define SRC_EXPORT_EXPORT_DIR_H

#include "dissectors/slice.h"

/* export_dir_open opens a directory, which it makes where it is missing; -1 and errno where it cannot. */
int export_dir_open(const char *path, bool *made);

enum export_result {
	EXPORT_WRITTEN,
	EXPORT_SAME,   /* it was there */
	EXPORT_OTHER,  /* something else is there, and stays */
	EXPORT_FAILED, /* errno says why; nothing half written is left */
};

/* export_dir_write writes a file of this name, which holds no path; force: also where something else is there. */
enum export_result export_dir_write(int dir, const char *name, struct slice bytes, bool force);

#endif
