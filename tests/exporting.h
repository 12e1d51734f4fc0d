/* A directory of its own for each test of --export, and what was said on stderr meanwhile. */
#ifndef TESTS_EXPORTING_H
#define TESTS_EXPORTING_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/export/export.h"

#define IN_A_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

static char base[] = "test_export.XXXXXX";
static char dir[64];
static FILE *said;
static int real_stderr;

static inline int
begin(void **state)
{
	(void)state;
	strcpy(base + strlen(base) - 6, "XXXXXX");
	if (mkdtemp(base) == NULL)
		return -1;
	snprintf(dir, sizeof dir, "%s/out", base);
	said = tmpfile();
	real_stderr = dup(STDERR_FILENO);
	fflush(stderr);
	return said != NULL && dup2(fileno(said), STDERR_FILENO) >= 0 ? 0 : -1;
}

static inline void
empty(const char *path)
{
	DIR *list = opendir(path);
	struct dirent *entry;
	char name[512];

	while (list != NULL && (entry = readdir(list)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= (int)sizeof name)
			continue;
		if (unlink(name) != 0) {
			empty(name);
			rmdir(name);
		}
	}
	if (list != NULL)
		closedir(list);
}

static inline int
end(void **state)
{
	(void)state;
	fflush(stderr);
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	fclose(said);
	empty(base);
	return rmdir(base);
}

/* times_said says how often a text stands in what was said so far. */
static inline unsigned
times_said(const char *text)
{
	static char all[65536];
	unsigned times = 0;
	size_t n;

	rewind(said);
	n = fread(all, 1, sizeof all - 1, said);
	all[n] = '\0';
	for (const char *at = all; (at = strstr(at, text)) != NULL; at++)
		times++;
	return times;
}

static inline const char *
path_of(const char *name)
{
	static char path[512];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static inline void
check_file(const char *name, const char *bytes)
{
	char text[4096];
	FILE *file = fopen(path_of(name), "rb");
	size_t n;

	if (file == NULL)
		fail_msg("%s is not there", name);
	n = fread(text, 1, sizeof text - 1, file);
	text[n] = '\0';
	fclose(file);
	assert_string_equal(text, bytes);
}

static inline size_t
count_files(void)
{
	DIR *list = opendir(dir);
	size_t n = 0;

	assert_non_null(list);
	while (readdir(list) != NULL)
		n++;
	closedir(list);
	return n - 2;
}

static inline void
make_file(const char *name, const char *bytes)
{
	FILE *file = fopen(path_of(name), "wb");

	assert_non_null(file);
	fputs(bytes, file);
	fclose(file);
}

static inline struct export *
open_it(bool force)
{
	struct export *export = export_open(dir, force);

	assert_non_null(export);
	return export;
}

static inline void
put_bytes(struct export *export, const char *name, enum phone_file_kind kind, const char *bytes, size_t n)
{
	struct phone_file file = {.kind = kind, .name = (char *)(uintptr_t)name, .bytes = (uint8_t *)(uintptr_t)bytes, .n = n};
	struct event event = {.kind = EVENT_TRANSFER};

	event.transfer.outcome = TRANSFER_DONE;
	event.transfer.content = &file;
	export_event(export, &event);
}

static inline void
put_config(struct export *export, const char *name, const char *xml)
{
	put_bytes(export, name, PHONE_FILE_CONFIG, xml, strlen(xml));
}

#endif
