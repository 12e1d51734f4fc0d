/* A host and a port as people write them. */
#include "host.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "text.h"

/* What stands between a URL's scheme and its path. */
struct authority {
	const char *host, *host_end;
	const char *port, *end; /* port: at its colon, or at the end */
};

/* after_scheme takes any number of slashes: "https:/host" is a slip that still has only one
 * meaning. */
static const char *
after_scheme(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *colon = text + strspn(text, letters);

	if (colon == text || colon[0] != ':' || colon[1] != '/')
		return text;
	return colon + 1 + strspn(colon + 1, "/");
}

static struct authority
find_authority(const char *text)
{
	struct authority a;
	const char *colon, *at_sign;

	a.host = after_scheme(text);
	a.end = a.host + strcspn(a.host, "/?#");
	at_sign = memrchr(a.host, '@', (size_t)(a.end - a.host));
	if (at_sign != NULL)
		a.host = at_sign + 1;
	a.host_end = a.port = a.end;
	if (*a.host == '[' && memchr(a.host, ']', (size_t)(a.end - a.host)) != NULL) {
		a.host_end = strchr(a.host, ']');
		a.host++;
		a.port = a.host_end + 1;
		return a;
	}
	/* More than one colon is an IPv6 address that lost its brackets. */
	colon = memchr(a.host, ':', (size_t)(a.end - a.host));
	if (colon != NULL && memrchr(a.host, ':', (size_t)(a.end - a.host)) == colon)
		a.host_end = a.port = colon;
	return a;
}

/* read_port takes nothing, a colon alone, or a colon and 1 to 65535. */
static bool
read_port(const struct authority *a, uint16_t default_port, uint16_t *out)
{
	unsigned long value = 0;
	const char *p = a->port;

	*out = default_port;
	if (p == a->end || (*p == ':' && p + 1 == a->end))
		return true;
	if (*p != ':')
		return false;
	while (++p < a->end) {
		if (*p < '0' || *p > '9')
			return false;
		value = value * 10 + (unsigned long)(*p - '0');
		if (value > UINT16_MAX)
			return false;
	}
	*out = (uint16_t)value;
	return value != 0;
}

/* plain_host makes one writing of a host out of many; NULL when out of memory. */
static char *
plain_host(const char *text, size_t n)
{
	char canonical[INET6_ADDRSTRLEN], *host;
	struct in6_addr address;

	if (n > 1 && text[n - 1] == '.') /* the root, which certificates leave out */
		n--;
	host = text_escape(slice_of(text, n));
	if (host == NULL)
		return NULL;
	if (inet_pton(AF_INET6, host, &address) == 1) {
		free(host);
		inet_ntop(AF_INET6, &address, canonical, sizeof(canonical));
		return text_escape_string(canonical);
	}
	for (char *p = host; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return host;
}

bool
host_read(const char *text, uint16_t default_port, char **host, uint16_t *port)
{
	struct authority a = find_authority(text);
	bool ok = read_port(&a, default_port, port);

	*host = plain_host(a.host, ok ? (size_t)(a.host_end - a.host) : 0);
	return *host != NULL;
}
