/* Opening words that may lead to TLS. */
#include "opening.h"

static bool
starts_text(struct slice first, const char *text)
{
	return slice_starts(first, text, strlen(text));
}

static bool
starts_any_text(struct slice first)
{
	static const char *const words[] = {
		"CONNECT ", "HTTP/1.", "PROXY ", /* proxies; HTTP/1. answers a CONNECT */
		"220", "EHLO ", "ehlo ", "HELO ", "LHLO ", /* SMTP, LMTP, FTP's greeting */
		"AUTH ", "USER ", "FEAT", /* FTP */
		"* OK", "* PREAUTH", "a1 ", "A1 ", "a001 ", "A001 ", /* IMAP */
		"+OK", "CAPA", "STLS", /* POP3 */
		"200 ", "201 ", "CAPABILITIES", "STARTTLS", /* NNTP, IRC, ManageSieve */
		"\"IMPLEMENTATION\"", "<?xml", "<stream", ":", "CAP LS", "NICK ",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (starts_text(first, words[i]))
			return true;
	return false;
}

/* An SSLRequest: 8, 80877103 (PostgreSQL's protocol, section "Message Formats"), or the S that answers it. */
static bool
starts_postgresql(struct slice first)
{
	return slice_starts(first, "\0\0\0\x08\x04\xd2\x16\x2f", 8) || (first.n == 1 && starts_text(first, "S"));
}

/* A MySQL handshake packet: 3 bytes of length, number 0, protocol version 10. */
static bool
starts_mysql(struct slice first)
{
	uint8_t high = 0, number = 0, version = 0;

	return slice_peek(first, 2, &high) && high == 0 && slice_peek(first, 3, &number) && number == 0 &&
	       slice_peek(first, 4, &version) && version == 10;
}

/* SOCKS 5's greeting and its answer, SOCKS 4's request and its answer. */
static bool
starts_socks(struct slice first)
{
	uint8_t version = 0, second = 0;

	if (!slice_peek(first, 0, &version) || !slice_peek(first, 1, &second))
		return false;
	return (version == 5 && (second < 8 || second == 0xff)) || (version == 4 && second == 1) ||
	       (version == 0 && second >= 0x5a && second <= 0x5d && first.n == 8);
}

/* An LDAPMessage: a SEQUENCE, of a length of one byte or of Active Directory's five, that begins with an INTEGER of one
 * to four bytes (RFC 4511 section 4.1.1). */
static bool
starts_ldap(struct slice first)
{
	uint8_t tag = 0, length = 0, id = 0, id_length = 0;
	size_t id_at;

	if (!slice_peek(first, 0, &tag) || tag != 0x30 || !slice_peek(first, 1, &length))
		return false;
	id_at = length == 0x84 ? 6 : 2;
	return (length < 0x80 || length == 0x84) && slice_peek(first, id_at, &id) && id == 0x02 &&
	       slice_peek(first, id_at + 1, &id_length) && id_length >= 1 && id_length <= 4;
}

/* A TPKT (RFC 1006), as RDP's negotiation begins. */
static bool
starts_rdp(struct slice first)
{
	return slice_starts(first, "\x03\x00\x00", 3);
}

bool
opening_leads_to_tls(struct slice first)
{
	return starts_any_text(first) || starts_postgresql(first) || starts_mysql(first) ||
	       starts_socks(first) || starts_ldap(first) || starts_rdp(first);
}
