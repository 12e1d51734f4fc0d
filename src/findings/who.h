/* Who is who: the phones of a report, each gathered from all that names it. A phone's name is its MAC address behind "SEP", so
 * that CDP, LLDP, DHCP, the names of the files it asks for, its certificate and its frames all tell the same thing, and
 * a phone that changes its address stays one. */
#ifndef SRC_FINDINGS_WHO_H
#define SRC_FINDINGS_WHO_H

#include "case.h"

/* who_gather fills in the report's phones, their visits and their events; the handshakes and the report's events are by
 * first frame. A client that nothing names is known by its address alone. False when out of memory. */
bool who_gather(struct report *report, struct handshake *const *handshakes, size_t n);

/* who_is_asked_for says whether a name is that of a gateway given by the user, by --gateway or in a configuration. */
bool who_is_asked_for(const struct trust *trust, const char *name);

/* who_free frees the report's phones. */
void who_free(struct report *report);

#endif
