/* A host and a port as people write them. */
#ifndef SRC_TRUST_HOST_H
#define SRC_TRUST_HOST_H

#include <stdbool.h>
#include <stdint.h>

/* host_read takes host and port out of a URL with or without its scheme, "host", "host:port",
 * "[v6]:port" or a bare IPv6 address; without a port it is default_port. The caller frees *host:
 * escaped (text.h), lower case, no brackets, an IPv6 address as inet_ntop writes it; "" where text
 * has no host or a port that is none. False only when out of memory. */
bool host_read(const char *text, uint16_t default_port, char **host, uint16_t *port);

#endif
