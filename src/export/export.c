/* --export: what is written, and what was written already. */
#include "export.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <unistd.h>

#include "diag.h"
#include "export_blank.h"
#include "export_dir.h"
#include "export_name.h"
#include "trust/hash.h"

struct written {
	char name[EXPORT_NAME_SIZE]; /* first, so that a bare name can be looked for */
	uint8_t sha256[SHA256_SIZE];
};

struct export {
	const char *path;
	int dir;
	bool made; /* by this run */
	bool force;
	void *by_name; /* tsearch's, of struct written: what this run has written, or found there */
	size_t files, bytes; /* in it */
	size_t n_written;
	bool failed;
	bool over;    /* nothing more is written */
	bool blanked; /* and that was said */
};

struct export *
export_open(const char *dir, bool force)
{
	struct export *export = calloc(1, sizeof(*export));

	if (export == NULL) {
		diag_error("out of memory");
		return NULL;
	}
	*export = (struct export){.path = dir, .force = force};
	export->dir = export_dir_open(dir, &export->made);
	if (export->dir >= 0)
		return export;
	diag_error("--export: %s: %s", dir, strerror(errno));
	free(export);
	return NULL;
}

int
export_directory(const struct export *export, bool *made)
{
	*made = export != NULL && export->made;
	return export != NULL ? export->dir : -1;
}

bool
export_may_write(const struct export *export)
{
	if (export == NULL || faccessat(export->dir, ".", W_OK | X_OK, AT_EACCESS) == 0)
		return true;
	diag_error("--export: %s: %s; as root, name the user whom it belongs to with -Z", export->path, strerror(errno));
	return false;
}

static void
give_up(struct export *export, const char *name, const char *why)
{
	diag_error("--export: %s/%s: %s; nothing more is written there", export->path, name, why);
	export->failed = true;
	export->over = true;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Finds a name that is free, "" where too many are taken. False: this file was written before. */
static bool
find_name(const struct export *export, const struct export_name *name, const uint8_t sha256[SHA256_SIZE],
	  char out[EXPORT_NAME_SIZE])
{
	for (unsigned number = 1; number <= LIMIT_EXPORT_ALIKE; number++) {
		struct written *const *node;

		export_name_write(name, number, out);
		node = tfind(out, &export->by_name, compare_names);
		if (node == NULL)
			return true;
		if (memcmp((*node)->sha256, sha256, SHA256_SIZE) == 0)
			return false;
	}
	*out = '\0';
	return true;
}

static bool
remember(struct export *export, const char *name, const uint8_t sha256[SHA256_SIZE])
{
	struct written *written = malloc(sizeof(*written));

	if (written != NULL) {
		strcpy(written->name, name);
		memcpy(written->sha256, sha256, SHA256_SIZE);
		if (tsearch(written, &export->by_name, compare_names) != NULL)
			return true;
	}
	free(written);
	give_up(export, name, strerror(ENOMEM));
	return false;
}

static bool
has_room(struct export *export, const char *name, size_t n)
{
	if (*name != '\0' && export->files < LIMIT_EXPORT_FILES && n <= LIMIT_EXPORT_BYTES - export->bytes)
		return true;
	diag_error("--export: %s: more than %d files, %d of one name, or %d MiB: nothing more is written there",
		   export->path, LIMIT_EXPORT_FILES, LIMIT_EXPORT_ALIKE, LIMIT_EXPORT_BYTES >> 20);
	export->over = true;
	return false;
}

static void
put_file(struct export *export, const struct export_name *name, struct slice bytes)
{
	char text[EXPORT_NAME_SIZE];
	uint8_t sha256[SHA256_SIZE];

	if (export->over)
		return;
	if (!cert_sha256(bytes, sha256)) {
		give_up(export, name->stem, strerror(ENOMEM));
		return;
	}
	if (!find_name(export, name, sha256, text) || !has_room(export, text, bytes.n) || !remember(export, text, sha256))
		return;
	export->files++;
	export->bytes += bytes.n;
	switch (export_dir_write(export->dir, text, bytes, export->force)) {
	case EXPORT_WRITTEN:
		export->n_written++;
		break;
	case EXPORT_SAME:
		break;
	case EXPORT_OTHER:
		diag_error("--export: %s/%s is there already and is another; --force overwrites it", export->path,
			   text);
		export->failed = true;
		break;
	case EXPORT_FAILED:
		give_up(export, text, strerror(errno));
		break;
	}
}

/* A certificate in text (RFC 7468); NULL when out of memory. */
static char *
make_pem(struct slice der)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----\n", end[] = "-----END CERTIFICATE-----\n";
	enum { LINE_BYTES = 48, LINE_TEXT = 65 };
	char *text = malloc(sizeof begin + sizeof end + (der.n / LINE_BYTES + 1) * LINE_TEXT), *to, line[HASH_BASE64_SIZE];
	uint8_t bytes[LINE_BYTES];

	if (text == NULL)
		return NULL;
	to = stpcpy(text, begin);
	while (der.n > 0) {
		size_t n = der.n < LINE_BYTES ? der.n : LINE_BYTES;

		slice_copy(&der, bytes, n);
		hash_base64(bytes, n, line);
		to = stpcpy(stpcpy(to, line), "\n");
	}
	stpcpy(to, end);
	return text;
}

static void
put_cert(struct export *export, const struct cert *cert)
{
	struct export_name name = export_name_of_cert(cert, ".cer");
	char text[EXPORT_NAME_SIZE];
	char *pem;

	if (export->over || !find_name(export, &name, cert->sha256, text))
		return;
	put_file(export, &name, slice_of(cert->der, cert->der_len));
	name = export_name_of_cert(cert, ".pem");
	pem = make_pem(slice_of(cert->der, cert->der_len));
	if (pem != NULL)
		put_file(export, &name, slice_of(pem, strlen(pem)));
	else if (!export->over)
		give_up(export, name.stem, strerror(ENOMEM));
	free(pem);
}

/* A configuration in clear: where its passwords cannot be looked for, a text of wider characters, it is left out. */
static void
put_config(struct export *export, const struct export_name *name, const struct phone_file *file)
{
	size_t header = file->seal_state == SEAL_NONE ? 0 : file->seal.header_length;
	uint8_t *bytes = malloc(file->n);

	if (bytes == NULL) {
		give_up(export, name->stem, strerror(ENOMEM));
		return;
	}
	memcpy(bytes, file->bytes, file->n);
	header = header < file->n ? header : 0;
	if (memchr(bytes + header, '\0', file->n - header) != NULL) {
		diag_note("--export: %s%s is not written: no text in which passwords could be found", name->stem,
			  name->tail);
	} else {
		if (export_blank(bytes + header, file->n - header) > 0 && !export->blanked) {
			export->blanked = true;
			diag_note("--export: passwords in configurations are blanked by '*'; a signature over such a "
				  "file no longer fits");
		}
		put_file(export, name, slice_of(bytes, file->n));
	}
	free(bytes);
}

static void
put_phone_file(struct export *export, const struct phone_file *file, bool whole)
{
	struct export_name name = export_name_of_file(file->name, !whole || file->cut);

	if (file->kind == PHONE_FILE_CONFIG && !file->seal.encrypted)
		put_config(export, &name, file);
	else
		put_file(export, &name, slice_of(file->bytes, file->n));
	for (size_t i = 0; i < file->n_records; i++)
		if (file->records[i].cert != NULL)
			put_cert(export, file->records[i].cert);
}

void
export_event(struct export *export, const struct event *event)
{
	const struct phone_file *file;

	if (export == NULL || export->over || event->kind != EVENT_TRANSFER)
		return;
	file = event->transfer.content;
	if (file != NULL && file->kind != PHONE_FILE_OTHER && file->n > 0)
		put_phone_file(export, file, event->transfer.outcome == TRANSFER_DONE);
}

void
export_handshake(struct export *export, const struct handshake *handshake)
{
	if (export == NULL)
		return;
	for (unsigned side = 0; side < 2; side++)
		for (size_t i = 0; i < handshake->certs[side].n; i++)
			put_cert(export, handshake->certs[side].certs[i].cert);
}

bool
export_close(struct export *export)
{
	bool good;

	if (export == NULL)
		return true;
	diag_note("--export: %zu %s written to %s", export->n_written, export->n_written == 1 ? "file" : "files",
		  export->path);
	good = !export->failed;
	tdestroy(export->by_name, free);
	close(export->dir);
	free(export);
	return good;
}
