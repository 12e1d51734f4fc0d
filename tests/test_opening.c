/* Opening words: first bytes as clients and servers of each protocol send them, and those of protocols that never
 * hand their connection over to TLS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "dissectors/opening.h"
#include "tests/prefixes.h"
#include "tests/tls_samples.h"

struct words {
	const char *bytes;
	size_t n;
};

#define WORDS(text) {text, sizeof(text) - 1}

static const struct words leading[] = {
	/* HTTP proxies, RFC 9110 section 9.3.6, and HAProxy's own line */
	WORDS("CONNECT vpn.example.com:443 HTTP/1.1\r\n"),
	WORDS("HTTP/1.0 200 Connection established\r\n\r\n"),
	WORDS("PROXY TCP4 192.0.2.1 198.51.100.1 50000 443\r\n"),
	/* SOCKS 5, RFC 1928: greeting with one, two and seven methods, the answer, no acceptable method; SOCKS 4 */
	WORDS("\x05\x01\x00"),
	WORDS("\x05\x02\x00\x02"),
	WORDS("\x05\x07\x00\x01\x02\x03\x04\x05\x06"),
	WORDS("\x05\xff"),
	WORDS("\x04\x01\x01\xbb\xc6\x33\x64\x01phone\x00"),
	WORDS("\x00\x5a\x01\xbb\xc6\x33\x64\x01"),
	WORDS("\x00\x5d\x00\x00\x00\x00\x00\x00"),
	/* SMTP, RFC 3207; LMTP; FTP, RFC 4217 */
	WORDS("220 mail.example.com ESMTP\r\n"),
	WORDS("220-FTP server\r\n"),
	WORDS("EHLO mail.example.com\r\n"),
	WORDS("ehlo mail\r\n"),
	WORDS("HELO x\r\n"),
	WORDS("LHLO x\r\n"),
	WORDS("AUTH TLS\r\n"),
	WORDS("USER anonymous\r\n"),
	WORDS("FEAT\r\n"),
	/* IMAP and POP3, RFC 2595 */
	WORDS("* OK IMAP4rev1 ready\r\n"),
	WORDS("* PREAUTH ready\r\n"),
	WORDS("a1 STARTTLS\r\n"),
	WORDS("A001 CAPABILITY\r\n"),
	WORDS("+OK POP3 ready\r\n"),
	WORDS("CAPA\r\n"),
	WORDS("STLS\r\n"),
	/* NNTP, RFC 4642; ManageSieve, RFC 5804; XMPP, RFC 6120; IRC */
	WORDS("200 news.example.com\r\n"),
	WORDS("201 reading only\r\n"),
	WORDS("CAPABILITIES\r\n"),
	WORDS("STARTTLS\r\n"),
	WORDS("\"IMPLEMENTATION\" \"Example\"\r\n"),
	WORDS("<?xml version='1.0'?><stream:stream to='example.com'>"),
	WORDS("<stream:stream to='example.com'>"),
	WORDS(":irc.example.com NOTICE * :hello\r\n"),
	WORDS("CAP LS 302\r\n"),
	WORDS("NICK phone\r\n"),
	/* PostgreSQL's SSLRequest and its answer; MySQL's greeting */
	WORDS("\x00\x00\x00\x08\x04\xd2\x16\x2f"),
	WORDS("S"),
	WORDS("\x4a\x00\x00\x00\x0a"
	      "8.0.36\x00"),
	/* LDAP, RFC 4511 section 4.14: a StartTLS request; RDP's negotiation in a TPKT */
	WORDS("\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
	      "1.3.6.1.4.1.1466.20037"),
	WORDS("\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00"),
};

static const struct words others[] = {
	WORDS("GET / HTTP/1.1\r\n"),
	WORDS("POST /upload HTTP/1.1\r\n"),
	WORDS("CONNECT"), /* not yet */
	WORDS("CONNECTION"),
	WORDS("connect vpn.example.com:443 HTTP/1.1\r\n"),
	WORDS("HTTP/2"),
	WORDS("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
	WORDS("SSH-2.0-OpenSSH_9.2\r\n"),
	WORDS("RFB 003.008\n"),
	WORDS("SIP/2.0 200 OK\r\n"),
	WORDS("REGISTER sip:cucm.example.com SIP/2.0\r\n"),
	WORDS("210 other\r\n"),
	WORDS("* BYE\r\n"),
	WORDS("-ERR\r\n"),
	WORDS("SS"),
	WORDS("N"),
	WORDS("\x05\x08\x00"),	/* SOCKS with methods that nobody has */
	WORDS("\x05"),
	WORDS("\x04\x02\x01\xbb\xc6\x33\x64\x01"), /* SOCKS 4's BIND */
	WORDS("\x00\x59\x00\x00\x00\x00\x00\x00"),
	WORDS("\x00\x5e\x00\x00\x00\x00\x00\x00"),
	WORDS("\x00\x5a\x01\xbb\xc6\x33\x64\x01\x00"), /* an answer has 8 bytes */
	WORDS("\x00\x5a\x01\xbb"),
	WORDS("\x00\x00\x00\x08\x04\xd2\x16\x2e"), /* PostgreSQL's CancelRequest */
	WORDS("\x00\x00\x00\x08\x04\xd2\x16"),
	WORDS("\x4a\x00\x01\x00\x0a"), /* not MySQL: too long, not the first, another version */
	WORDS("\x4a\x00\x00\x01\x0a"),
	WORDS("\x4a\x00\x00\x00\x09"),
	WORDS("\x4a\x00\x00\x00"),
	WORDS("\x30\x1d\x04\x01"),
	WORDS("\x31\x1d\x02\x01"),
	WORDS("\x30\x1d"),
	WORDS("\x03\x01\x00\x13"),
	WORDS("\x03\x00\x01\x13"),
	WORDS("\x03\x00"),
	WORDS(""),
};

static void
words_that_lead_to_tls(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(leading) / sizeof(leading[0]); i++)
		if (!opening_leads_to_tls(slice_of(leading[i].bytes, leading[i].n)))
			fail_msg("%zu: %s", i, leading[i].bytes);
}

static void
words_that_do_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (opening_leads_to_tls(slice_of(others[i].bytes, others[i].n)))
			fail_msg("%zu: %s", i, others[i].bytes);
}

/* TLS itself is no opening words: it needs none. */
static void
tls_does_not_lead_to_tls(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_SAMPLES; i++)
		assert_false(opening_leads_to_tls(SAMPLES[i]));
}

static void
note_last(struct slice prefix, void *last)
{
	*(bool *)last = opening_leads_to_tls(prefix);
}

/* However short the first segment was: nothing is read behind its end, and the whole of it leads to TLS. */
static void
every_prefix_is_read_within_itself(void **state)
{
	bool last;

	(void)state;
	for (size_t i = 0; i < sizeof(leading) / sizeof(leading[0]); i++) {
		every_prefix((const uint8_t *)leading[i].bytes, leading[i].n, note_last, &last);
		assert_true(last);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		every_prefix((const uint8_t *)others[i].bytes, others[i].n, note_last, &last);
		assert_false(last);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_that_lead_to_tls),
		cmocka_unit_test(words_that_do_not),
		cmocka_unit_test(tls_does_not_lead_to_tls),
		cmocka_unit_test(every_prefix_is_read_within_itself),
	};

	return cmocka_run_group_tests_name("opening", tests, NULL, NULL);
}
