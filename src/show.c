/* --show: what phones' files say, and who vouches for them. */
#include "show.h"

#include <stdlib.h>

#include "diag.h"
#include "output/json_file.h"
#include "output/text_file.h"

/* All files that could be read, in their order. */
struct shown {
	struct phone_file **files;
	size_t n;
	bool good; /* so far nothing was amiss */
};

static bool
no_memory(struct shown *shown)
{
	diag_error("out of memory");
	return shown->good = false;
}

/* is_any says whether a phone would ask for such a file. */
static bool
is_any(const struct phone_file *file)
{
	return file->kind != PHONE_FILE_OTHER || file->seal_state != SEAL_NONE;
}

static void
read_files(struct shown *shown, char *const *paths, size_t n, struct cert_store *certs)
{
	for (size_t i = 0; i < n; i++) {
		const char *why;
		struct phone_file *file = phone_file_open(paths[i], certs, &why);

		if (file != NULL && is_any(file)) {
			shown->files[shown->n++] = file;
			continue;
		}
		diag_error("%s: %s", paths[i], file == NULL ? why : file->config_error);
		shown->good = false;
		phone_file_free(file);
	}
}

/* vouches says whether a list may speak for others: a bad one was changed on its way. */
static bool
vouches(const struct phone_file *list)
{
	return phone_file_is_list(list) && list->seal_state != SEAL_BAD;
}

/* verify asks the user's lists first, then a list's own records, then the other lists shown. */
static bool
verify(struct shown *shown, const struct trust *trust)
{
	for (size_t i = 0; i < shown->n; i++) {
		struct phone_file *file = shown->files[i];

		for (size_t k = 0; k < trust->n_lists; k++)
			if (!phone_file_verify(file, trust->lists[k]))
				return no_memory(shown);
		if (phone_file_is_list(file) && !phone_file_verify(file, file))
			return no_memory(shown);
	}
	for (size_t i = 0; i < shown->n; i++)
		for (size_t k = 0; k < shown->n; k++)
			if (k != i && vouches(shown->files[k]) &&
			    !phone_file_verify(shown->files[i], shown->files[k]))
				return no_memory(shown);
	return true;
}

static void
write_json(FILE *to, const struct phone_file *file)
{
	struct json json;

	json_begin(&json, to, "file");
	json_file_members(&json, file);
	json_end(&json);
}

static void
write_text(FILE *to, const struct phone_file *file, bool styled, bool first)
{
	struct wrap wrap;

	wrap_begin(&wrap, to, styled);
	if (!first)
		wrap_gap(&wrap);
	wrap_line(&wrap);
	wrap_text(&wrap, file->name);
	wrap_text(&wrap, ": ");
	wrap_text(&wrap, file->kind == PHONE_FILE_OTHER ? "another file" : phone_file_kind_name(file->kind));
	wrap_format(&wrap, ", %zu bytes", file->n);
	wrap_end(&wrap);
	text_file(&wrap, file);
}

static void
write_files(FILE *to, const struct shown *shown, enum show_form form)
{
	for (size_t i = 0; i < shown->n; i++) {
		if (form == SHOW_JSON)
			write_json(to, shown->files[i]);
		else
			write_text(to, shown->files[i], form == SHOW_STYLED, i == 0);
	}
}

bool
show(FILE *to, char *const *paths, size_t n, const struct trust *trust, enum show_form form)
{
	struct shown shown = {.files = calloc(n, sizeof(*shown.files)), .good = true};
	struct cert_store *certs = cert_store_new(0);

	if (shown.files == NULL || certs == NULL)
		no_memory(&shown);
	else
		read_files(&shown, paths, n, certs);
	if (verify(&shown, trust))
		write_files(to, &shown, form);
	for (size_t i = 0; i < shown.n; i++)
		phone_file_free(shown.files[i]);
	free(shown.files);
	cert_store_free(certs);
	return shown.good;
}
