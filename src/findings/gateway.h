/* Which visits are at a gateway: the host of a url, by its address, by DNS, by the name asked for or shown, or who shows a
 * certificate that is trusted. */
#ifndef SRC_FINDINGS_GATEWAY_H
#define SRC_FINDINGS_GATEWAY_H

#include "case.h"

/* gateway_match sets MATTERS_GATEWAY where the visit is at one, and the configuration and host that say so. Which phone
 * the visit is of is known by then. */
void gateway_match(const struct report *report, struct visit *visit);

/* gateway_is_a_name says whether a url's host is a name, and no address. */
bool gateway_is_a_name(const char *host);

/* gateway_is_at says whether a configuration of this phone, or --gateway, or where the phone has none one that was given,
 * names this server: by its address, or by the phone's own look-ups. *host, where it is not NULL, becomes the name. */
bool gateway_is_at(const struct report *report, const struct phone *phone, const struct endpoint *server,
		   const char **host);

/* gateway_assume does so for a visit that the phone broke off on the port of its configuration's url, where nothing tells the
 * gateway's address and no other visit of it is at one. */
void gateway_assume(const struct phone *phone, struct visit *visit);

#endif
