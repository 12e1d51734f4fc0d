/* OpenSSL's settings for phones, gateways and browsers, and its two memory pipes. */
#include "end.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

void
flight_write(struct flight *flight, const uint8_t *p, size_t n)
{
	if (flight->writes == FLIGHT_WRITES)
		lab_die("too long a flight");
	put_bytes(&flight->bytes, p, n);
	flight->ends[flight->writes++] = flight->bytes.n;
}

const uint8_t *
flight_datagram(const struct flight *flight, size_t nth, size_t *n)
{
	size_t start = nth == 0 ? 0 : flight->ends[nth - 1];

	*n = flight->ends[nth] - start;
	return flight->bytes.b + start;
}

void
flight_clear(struct flight *flight)
{
	flight->bytes.n = flight->writes = 0;
}

/* Sees every write to an end's outgoing BIO, so that datagrams keep their limits. */
static long
on_write(BIO *bio, int what, const char *p, size_t n, int argi, long argl, int result, size_t *done)
{
	(void)argi, (void)argl, (void)done;
	if (what == BIO_CB_WRITE)
		flight_write((struct flight *)BIO_get_callback_arg(bio), (const uint8_t *)p, n);
	return result;
}

/* Takes a chain as a phone does, facts sheet anyconnect-wire section 8. */
static int
by_hash(X509_STORE_CTX *store, void *arg)
{
	const struct party *party = arg;
	const X509 *known = pki(party->trusts)->cert;
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(store);
	X509 *leaf = X509_STORE_CTX_get0_cert(store);

	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *cert = sk_X509_value(chain, i);
		bool issuer = X509_check_issued(cert, leaf) == X509_V_OK;

		if ((cert == leaf || issuer) && X509_cmp(cert, known) == 0)
			return 1;
	}
	X509_STORE_CTX_set_error(store, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
	return 0;
}

static void
set_trust(SSL_CTX *context, enum side side, const struct party *party)
{
	X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context), LAB_TIME);
	if (party->trust == TRUST_ANY)
		return;
	if (party->trust == TRUST_HASH)
		SSL_CTX_set_cert_verify_callback(context, by_hash, (void *)party);
	if (party->checks_host != NULL) {
		X509_VERIFY_PARAM_set1_host(SSL_CTX_get0_param(context), party->checks_host, 0);
		X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(context),
						X509_CHECK_FLAG_NO_WILDCARDS);
	}
	if (party->trusts != NOBODY)
		X509_STORE_add_cert(SSL_CTX_get_cert_store(context), pki(party->trusts)->cert);
	if (side == SERVER && party->trusts != NOBODY)
		SSL_CTX_add_client_CA(context, pki(party->trusts)->cert);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
}

static void
use(SSL_CTX *context, enum who who)
{
	const struct identity *me = pki(who);

	if (SSL_CTX_use_certificate(context, me->cert) != 1 ||
	    SSL_CTX_use_PrivateKey(context, me->key) != 1)
		lab_die("OpenSSL does not take a certificate");
}

static void
set_certificates(SSL_CTX *context, const struct party *party)
{
	SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
	if (party->also != NOBODY)
		use(context, party->also);
	if (party->shows[0] == NOBODY)
		return;
	use(context, party->shows[0]);
	for (size_t i = 1; i < PARTY_CHAIN && party->shows[i] != NOBODY; i++)
		if (SSL_CTX_add1_chain_cert(context, pki(party->shows[i])->cert) != 1)
			lab_die("OpenSSL does not take a chain");
}

/* All parties share these: a session can be resumed though each connection has a context of its
 * own. */
static void
set_tickets(SSL_CTX *context, const struct party *party)
{
	unsigned char keys[80] = "the same in all contexts";

	if (!party->tickets)
		SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
	SSL_CTX_set_tlsext_ticket_keys(context, keys, sizeof(keys));
	SSL_CTX_set_session_id_context(context, (const unsigned char *)END_SESSION_CONTEXT,
				       strlen(END_SESSION_CONTEXT));
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static void
set_versions(SSL_CTX *context, const struct party *party, int dtls)
{
	int least = dtls ? dtls : party->least, most = dtls ? dtls : party->most;

	SSL_CTX_set_security_level(context, 0); /* phones of 2009 live at this level */
	if (SSL_CTX_set_min_proto_version(context, least) != 1 ||
	    SSL_CTX_set_max_proto_version(context, most) != 1)
		lab_die("OpenSSL does not speak that version");
	if (party->ciphers != NULL && SSL_CTX_set_cipher_list(context, party->ciphers) != 1)
		lab_die("OpenSSL does not know %s", party->ciphers);
	if (party->groups != NULL && SSL_CTX_set1_groups_list(context, party->groups) != 1)
		lab_die("OpenSSL does not know %s", party->groups);
	SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_QUERY_MTU |
					     SSL_OP_LEGACY_SERVER_CONNECT);
}

static void
connect_pipes(struct end *end)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_null());

	if (in == NULL || out == NULL)
		lab_die("out of memory");
	BIO_set_mem_eof_return(in, -1);
	BIO_set_callback_ex(out, on_write);
	BIO_set_callback_arg(out, (char *)&end->out);
	SSL_set_bio(end->ssl, in, out);
}

void
end_new(struct end *end, enum side side, const struct party *party, int dtls)
{
	const SSL_METHOD *method = dtls ? DTLS_method() : TLS_method();
	SSL_CTX *context = SSL_CTX_new(method);

	if (context == NULL)
		lab_die("no OpenSSL");
	set_versions(context, party, dtls);
	set_trust(context, side, party);
	set_certificates(context, party);
	set_tickets(context, party);
	*end = (struct end){.party = party, .context = context, .ssl = SSL_new(context)};
	if (end->ssl == NULL)
		lab_die("no OpenSSL");
	connect_pipes(end);
	if (party->fragment > 0)
		SSL_set_max_send_fragment(end->ssl, (unsigned)party->fragment);
	if (party->server_name != NULL)
		SSL_set_tlsext_host_name(end->ssl, party->server_name);
	if (dtls)
		SSL_set_mtu(end->ssl, 1290);
	if (side == CLIENT)
		SSL_set_connect_state(end->ssl);
	else
		SSL_set_accept_state(end->ssl);
}

void
end_free(struct end *end)
{
	SSL_free(end->ssl);
	SSL_CTX_free(end->context);
	*end = (struct end){0};
}

void
end_hear(struct end *end, const uint8_t *p, size_t n)
{
	if (BIO_write(SSL_get_rbio(end->ssl), p, (int)n) != (int)n)
		lab_die("out of memory");
}

void
end_step(struct end *end)
{
	char heard[16384];
	int result;

	ERR_clear_error();
	do
		result = end->up ? SSL_read(end->ssl, heard, sizeof(heard))
				 : SSL_do_handshake(end->ssl);
	while (end->up && result > 0);
	if (!end->up && result == 1)
		end->up = true;
	else if (SSL_get_error(end->ssl, result) == SSL_ERROR_SSL)
		end->failed = true;
}

void
end_say(struct end *end, const void *p, size_t n)
{
	if (SSL_write(end->ssl, p, (int)n) != (int)n)
		lab_die("OpenSSL does not send");
}
