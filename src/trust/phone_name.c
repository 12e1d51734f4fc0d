/* What a Cisco phone calls itself. */
#include "phone_name.h"

#include <string.h>
#include <strings.h>

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool
phone_name_read(const char *text, char name[PHONE_NAME_SIZE])
{
	static const char prefix[] = "SEP", digits[] = "0123456789ABCDEFabcdef";
	const size_t n = PHONE_NAME_SIZE - 1;

	if (strncasecmp(text, prefix, strlen(prefix)) != 0 ||
	    strspn(text + strlen(prefix), digits) != n - strlen(prefix) || is_letter(text[n]))
		return false;
	for (size_t i = 0; i < n; i++)
		name[i] = text[i] >= 'a' ? (char)(text[i] - 'a' + 'A') : text[i];
	name[n] = '\0';
	return true;
}
