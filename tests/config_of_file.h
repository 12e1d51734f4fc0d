/* A configuration alone, out of bytes or a file. */
#ifndef TESTS_CONFIG_OF_FILE_H
#define TESTS_CONFIG_OF_FILE_H

#include <stdio.h>
#include <stdlib.h>

#include "src/text.h"
#include "src/trust/phone_file.h"

/* config_take takes the configuration out of a file, which it frees; NULL with a sentence in err. */
static inline struct phone_config *
config_take(struct phone_file *file, const char *why, const char *source, char *err, size_t err_size)
{
	struct phone_config *config = file != NULL ? file->config : NULL;
	char *shown = NULL;

	if (config == NULL) {
		shown = text_escape_string(source);
		if (snprintf(err, err_size, "%s: %s", shown == NULL ? "?" : shown,
			     file != NULL ? phone_file_problem(file) : why) < 0)
			*err = '\0';
	} else {
		file->config = NULL;
	}
	free(shown);
	phone_file_free(file);
	return config;
}

static inline struct phone_config *
config_of_bytes(struct slice bytes, const char *source, char *err, size_t err_size)
{
	return config_take(phone_file_read(source, bytes, NULL), "out of memory", source, err, err_size);
}

static inline struct phone_config *
config_of_file(const char *path, char *err, size_t err_size)
{
	const char *why = NULL;
	struct phone_file *file = phone_file_open(path, NULL, &why);

	return config_take(file, why, path, err, err_size);
}

#endif
