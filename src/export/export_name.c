/* Names for exported files. */
#include "export_name.h"

#include <stdio.h>

#include "trust/hash.h"

enum { CN_MOST = 80, SHA1_SHOWN = 4 };

static bool
is_safe(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
	       c == '-';
}

/* Copies n characters, as many as there is room for. */
static void
take(char *out, size_t size, const char *text, size_t n)
{
	if (n > size - 1)
		n = size - 1;
	for (size_t i = 0; i < n; i++)
		out[i] = text[i];
	out[n] = '\0';
	for (; *out != '\0'; out++)
		if (!is_safe(*out))
			*out = '_';
}

static void
take_stem(struct export_name *name, const char *text, size_t n)
{
	take(name->stem, sizeof name->stem, text, n);
	if (name->stem[0] == '.' || name->stem[0] == '-')
		name->stem[0] = '_';
	if (name->stem[0] == '\0')
		strcpy(name->stem, "unnamed");
}

struct export_name
export_name_of_file(const char *path, bool part)
{
	static const char suffix[] = ".part";
	const char *slash = strrchr(path, '/'), *last = slash != NULL ? slash + 1 : path;
	size_t stem = *last != '\0' ? 1 + strcspn(last + 1, ".") : 0;
	struct export_name name;

	take_stem(&name, last, stem);
	take(name.tail, sizeof name.tail - (part ? strlen(suffix) : 0), last + stem, strlen(last + stem));
	if (part)
		strcat(name.tail, suffix);
	return name;
}

struct export_name
export_name_of_cert(const struct cert *cert, const char *tail)
{
	const char *cn = cert->subject_cn != NULL && *cert->subject_cn != '\0' ? cert->subject_cn : "certificate";
	struct export_name name;
	size_t n;

	take_stem(&name, cn, strnlen(cn, CN_MOST));
	n = strlen(name.stem);
	name.stem[n] = '-';
	hash_hex(cert->sha1, SHA1_SHOWN, name.stem + n + 1);
	take(name.tail, sizeof name.tail, tail, strlen(tail));
	return name;
}

void
export_name_write(const struct export_name *name, unsigned number, char out[EXPORT_NAME_SIZE])
{
	if (number > 1)
		snprintf(out, EXPORT_NAME_SIZE, "%s-%u%s", name->stem, number, name->tail);
	else
		snprintf(out, EXPORT_NAME_SIZE, "%s%s", name->stem, name->tail);
}
