/* A configuration in a file of its own: phone_file.c knows its forms. */
#include <stdio.h>
#include <stdlib.h>

#include "config_parse.h"
#include "file.h"
#include "limit.h"
#include "phone_file.h"
#include "text.h"

/* say writes a sentence about a file, whose name may be a stranger's. */
static void
say(char *err, size_t err_size, const char *source, const char *problem)
{
	char *shown = text_escape_string(source);

	snprintf(err, err_size, "%s: %s", shown == NULL ? "?" : shown, problem);
	free(shown);
}

const char *
phone_file_problem(const struct phone_file *file)
{
	if (file->config_error != NULL)
		return file->config_error;
	if (file->seal.encrypted)
		return config_encrypted;
	if (phone_file_is_list(file))
		return "not a phone configuration: a trust list";
	return "signed configuration (.sgn) cut short: fetch it again";
}

struct phone_config *
phone_config_parse(struct slice bytes, const char *source, char *err, size_t err_size)
{
	struct phone_file *file = phone_file_read(source, bytes, NULL);
	struct phone_config *config = NULL;

	if (file != NULL && file->config != NULL) {
		config = file->config;
		file->config = NULL;
	} else {
		say(err, err_size, source, file != NULL ? phone_file_problem(file) : "out of memory");
	}
	phone_file_free(file);
	return config;
}

struct phone_config *
phone_config_read(const char *path, char *err, size_t err_size)
{
	struct phone_config *config;
	uint8_t *bytes;
	size_t n;
	const char *why;

	if (!file_read(path, LIMIT_CONFIG_BYTES, &bytes, &n, &why)) {
		say(err, err_size, path, why);
		return NULL;
	}
	config = phone_config_parse(slice_of(bytes, n), path, err, err_size);
	free(bytes);
	return config;
}
