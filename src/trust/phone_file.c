/* What a phone downloads: which file it is, and what stands in it. */
#include "phone_file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config_parse.h"
#include "dissectors/signed_file.h"
#include "dissectors/trust_list.h"
#include "file.h"
#include "hash.h"
#include "limit.h"
#include "phone_file_room.h"
#include "text.h"

/* ---- names ---- */

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), end_n = strlen(end);

	return n >= end_n && strcasecmp(name + n - end_n, end) == 0;
}

static bool
is_config_name(const char *name)
{
	static const char *const ends[] = {".cnf.xml", ".cnf.xml.sgn", ".cnf.xml.enc.sgn", ".cnf.xml.enc"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_in(name, ends[i]))
			return true;
	return false;
}

enum phone_file_kind
phone_file_kind_of_name(const char *name, char phone[PHONE_NAME_SIZE])
{
	const char *slash = strrchr(name, '/');

	name = slash == NULL ? name : slash + 1;
	phone[0] = '\0';
	for (const char *at = name; *at != '\0' && phone[0] == '\0'; at++)
		phone_name_read(at, phone);
	if (strncasecmp(name, "CTL", 3) == 0 && ends_in(name, ".tlv"))
		return PHONE_FILE_CTL;
	if (strncasecmp(name, "ITL", 3) == 0 && ends_in(name, ".tlv"))
		return PHONE_FILE_ITL;
	return phone[0] != '\0' && is_config_name(name) ? PHONE_FILE_CONFIG : PHONE_FILE_OTHER;
}

const char *
phone_file_kind_name(enum phone_file_kind kind)
{
	static const char *const names[] = {
		[PHONE_FILE_OTHER] = "other",
		[PHONE_FILE_CONFIG] = "configuration",
		[PHONE_FILE_CTL] = "CTL",
		[PHONE_FILE_ITL] = "ITL",
	};

	return names[kind];
}

static bool
is_list(enum phone_file_kind kind)
{
	return kind == PHONE_FILE_CTL || kind == PHONE_FILE_ITL;
}

bool
phone_file_is_list(const struct phone_file *file)
{
	return is_list(file->kind);
}

/* ---- texts ---- */

bool
keep_text(struct slice text, char **out)
{
	if (text.n == 0)
		return true;
	*out = text_escape(text);
	return *out != NULL;
}

bool
keep_serial(struct slice serial, char **out)
{
	char hex[LIMIT_TEXT + 1];
	uint8_t first;

	while (serial.n > 1 && slice_peek(serial, 0, &first) && first == 0)
		slice_skip(&serial, 1);
	if (serial.n == 0)
		return true;
	serial = slice_first(serial, LIMIT_TEXT / 2);
	hash_hex(serial.p, serial.n, hex);
	*out = text_escape_string(hex);
	return *out != NULL;
}

size_t
kept_size(const char *text)
{
	return text != NULL ? strlen(text) + 1 : 0;
}

/* ---- content ---- */

/* begins_record says whether a body is a list's, as far as it goes. */
static bool
begins_record(struct slice body)
{
	return body.n > 0 && slice_starts(body, "\1\0\2", body.n < 3 ? body.n : 3);
}

/* kind_of_list: a CTL and an ITL differ in nothing but their names and, mostly, their roles. */
static enum phone_file_kind
kind_of_list(const struct phone_file *file, enum phone_file_kind named, enum phone_file_kind sealed)
{
	if (is_list(sealed) || is_list(named))
		return is_list(sealed) ? sealed : named;
	for (size_t i = 0; i < file->n_records; i++)
		if (file->records[i].role == ROLE_TVS)
			return PHONE_FILE_ITL;
	return PHONE_FILE_CTL;
}

static bool
read_config(struct phone_file *file, struct slice xml, const char *name)
{
	const char *problem;
	bool cut;

	if (file->n == 0) {
		problem = "empty file: fetch it again";
	} else {
		file->config = config_parse(xml, name, &cut, &problem);
		file->cut |= cut;
	}
	if (file->config != NULL)
		return true;
	file->config_error = problem == NULL ? NULL : text_escape_string(problem);
	return file->config_error != NULL;
}

/* read_plain reads what is neither cut in its header, nor encrypted, nor begins as a list does. */
static bool
read_plain(struct phone_file *file, struct slice body, const char *name)
{
	if (!read_config(file, body, name))
		return false;
	if (file->config != NULL || file->cut) {
		file->kind = PHONE_FILE_CONFIG;
	} else if (is_list(file->kind)) {
		file->broken = file->seal_state == SEAL_NONE ? "signed_file.version" : "trust_list.record";
		free(file->config_error);
		file->config_error = NULL;
	}
	return true;
}

static bool
read_content(struct phone_file *file, const char *name, struct cert_store *certs)
{
	struct slice body = slice_of(file->bytes, file->n);
	enum phone_file_kind named = phone_file_kind_of_name(name, file->phone), sealed = PHONE_FILE_OTHER;
	bool header = body.n > 0 && signed_file_opens(body) != DIS_BAD;
	char phone[PHONE_NAME_SIZE];

	if (header && !seal_read(file, &body))
		return false;
	if (file->seal.file_name != NULL)
		sealed = phone_file_kind_of_name(file->seal.file_name, phone);
	file->kind = named != PHONE_FILE_OTHER ? named : sealed;
	if (header && begins_record(body)) {
		if (!records_read(file, body, certs))
			return false;
		file->kind = kind_of_list(file, named, sealed);
		return true;
	}
	if (file->seal.encrypted)
		file->kind = PHONE_FILE_CONFIG;
	return file->seal.encrypted || (header && file->cut) || read_plain(file, body, name);
}

struct phone_file *
phone_file_read(const char *name, struct slice bytes, struct cert_store *certs)
{
	struct phone_file *file = calloc(1, sizeof(*file));

	if (file == NULL)
		return NULL;
	file->name = text_escape_string(name);
	file->bytes = malloc(bytes.n + 1); /* malloc(0) may be NULL */
	file->n = bytes.n;
	if (file->name == NULL || file->bytes == NULL) {
		phone_file_free(file);
		return NULL;
	}
	slice_copy(&bytes, file->bytes, bytes.n);
	if (!read_content(file, name, certs)) {
		phone_file_free(file);
		return NULL;
	}
	return file;
}

struct phone_file *
phone_file_open(const char *path, struct cert_store *certs, const char **why)
{
	struct phone_file *file;
	uint8_t *bytes;
	size_t n;

	if (!file_read(path, LIMIT_CONFIG_BYTES, &bytes, &n, why))
		return NULL;
	file = phone_file_read(path, slice_of(bytes, n), certs);
	free(bytes);
	if (file == NULL)
		*why = "out of memory";
	return file;
}

void
phone_file_free(struct phone_file *file)
{
	if (file == NULL)
		return;
	records_free(file);
	seal_free(&file->seal);
	phone_config_free(file->config);
	free(file->config_error);
	free(file->verified_by);
	free(file->bytes);
	free(file->name);
	free(file);
}

size_t
phone_file_weight(const struct phone_file *file)
{
	size_t weight = sizeof(*file) + file->n + kept_size(file->name) + kept_size(file->verified_by) +
			kept_size(file->config_error) + seal_weight(&file->seal) + records_weight(file);

	return file->config == NULL ? weight : weight + phone_config_weight(file->config);
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
