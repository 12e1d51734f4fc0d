/* Names and configurations of any bytes: a name stays one in its folder, in a configuration nothing is put but '*'. */
#include <stdlib.h>

#include "src/export/export_blank.h"
#include "src/export/export_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void
check_name(const char *path, bool part)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	struct export_name name = export_name_of_file(path, part);
	char text[EXPORT_NAME_SIZE];

	for (unsigned number = 1; number < 3; number++) {
		export_name_write(&name, number, text);
		if (text[0] == '\0' || text[0] == '.' || text[0] == '-' || text[strspn(text, safe)] != '\0' ||
		    strlen(text) > 255)
			abort();
	}
}

static void
check_blank(const uint8_t *bytes, size_t n)
{
	uint8_t *copy = malloc(n + 1);
	size_t blanked;

	if (copy == NULL)
		abort();
	memcpy(copy, bytes, n);
	blanked = export_blank(copy, n);
	for (size_t i = 0; i < n; i++)
		if (copy[i] != bytes[i] && (copy[i] != '*' || blanked == 0))
			abort();
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *path = malloc(n + 1);

	if (path == NULL)
		abort();
	memcpy(path, bytes, n);
	path[n] = '\0';
	check_name(path, n % 2 == 0);
	check_blank(bytes, n);
	free(path);
	return 0;
}
