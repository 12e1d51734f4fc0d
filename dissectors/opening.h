/* Opening words that may lead to TLS on the same connection: proxies and STARTTLS. */
#ifndef DISSECTORS_OPENING_H
#define DISSECTORS_OPENING_H

#include "slice.h"

/* opening_leads_to_tls says whether the first bytes of a TCP stream, of either side, are those of a protocol
 * that can hand the connection over to TLS: HTTP CONNECT (RFC 9110 section 9.3.6), SOCKS (RFC 1928), SMTP (RFC 3207),
 * IMAP, POP3 and ACAP (RFC 2595), FTP (RFC 4217), NNTP (RFC 4642), LDAP (RFC 4511 section 4.14), XMPP (RFC 6120
 * section 5), ManageSieve (RFC 5804), IRC, PostgreSQL, MySQL and RDP. */
bool opening_leads_to_tls(struct slice first);

#endif
