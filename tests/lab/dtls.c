/* Datagrams between two ends, one turn each. OpenSSL's timers run on our clock: they are made short
 * and waited for, and the capture's clock is set forward by what they should have been. */
#include "dtls.h"

#include <openssl/rand.h>
#include <time.h>

#define SECOND 1000000U

static const uint64_t thinks[] = {[CLIENT] = 4120, [SERVER] = 21640};

void
dtls_init(struct dtls *dtls, struct lab *lab, const struct party *client,
	  const struct party *server)
{
	*dtls = (struct dtls){.lab = lab,
			      .party = {*client, *server},
			      .port = {(uint16_t)(40210 + ++lab->connections), 443},
			      .version = DTLS1_BAD_VER,
			      .suite = "AES256-SHA"};
	RAND_bytes(dtls->secret, sizeof(dtls->secret));
	RAND_bytes(dtls->session, sizeof(dtls->session));
}

static unsigned
short_timer(SSL *ssl, unsigned last)
{
	(void)ssl, (void)last;
	return SECOND / 4;
}

/* Lets an end's timer run off; what it says again is in its out. */
static void
time_out(struct end *end)
{
	struct timeval left;

	while (DTLSv1_get_timeout(end->ssl, &left) == 1 && (left.tv_sec > 0 || left.tv_usec > 0)) {
		struct timespec wait = {.tv_sec = left.tv_sec, .tv_nsec = left.tv_usec * 1000};

		nanosleep(&wait, NULL);
	}
	if (DTLSv1_handle_timeout(end->ssl) < 0)
		lab_die("OpenSSL does not repeat itself");
}

static const SSL_CIPHER *
suite_named(const char *name)
{
	SSL_CTX *context = SSL_CTX_new(TLS_method());
	const STACK_OF(SSL_CIPHER) * all;
	const SSL_CIPHER *found = NULL;

	SSL_CTX_set_security_level(context, 0);
	if (SSL_CTX_set_cipher_list(context, name) != 1)
		lab_die("OpenSSL does not know %s", name);
	all = SSL_CTX_get_ciphers(context);
	for (int i = 0; i < sk_SSL_CIPHER_num(all); i++)
		if (strcmp(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(all, i)), name) == 0)
			found = sk_SSL_CIPHER_value(all, i);
	if (found == NULL)
		lab_die("OpenSSL does not know %s", name);
	SSL_CTX_free(context);
	return found;
}

/* The session that never had a handshake: its secret and id went through TLS. */
static SSL_SESSION *
fake_session(const struct dtls *dtls, const char *suite)
{
	SSL_SESSION *session = SSL_SESSION_new();

	if (session == NULL || SSL_SESSION_set_protocol_version(session, dtls->version) != 1 ||
	    SSL_SESSION_set_cipher(session, suite_named(suite)) != 1 ||
	    SSL_SESSION_set1_master_key(session, dtls->secret, sizeof(dtls->secret)) != 1 ||
	    SSL_SESSION_set1_id(session, dtls->session, sizeof(dtls->session)) != 1 ||
	    SSL_SESSION_set1_id_context(session, (const unsigned char *)END_SESSION_CONTEXT,
					strlen(END_SESSION_CONTEXT)) != 1)
		lab_die("cannot fake a session");
	return session;
}

static void
new_end(struct dtls *dtls, enum side side)
{
	dtls->party[side].ciphers = dtls->suite;
	end_new(&dtls->end[side], side, &dtls->party[side], dtls->version);
	SSL_set_options(dtls->end[side].ssl,
			SSL_OP_NO_ENCRYPT_THEN_MAC | SSL_OP_NO_EXTENDED_MASTER_SECRET);
	DTLS_set_timer_cb(dtls->end[side].ssl, short_timer);
	if (dtls->mtu > 0)
		SSL_set_mtu(dtls->end[side].ssl, dtls->mtu);
}

static void
hear(struct dtls *dtls, enum side side, const uint8_t *p, size_t n)
{
	struct end *end = &dtls->end[side];

	if (end->ssl == NULL) {
		dtls09_hear(&dtls->gateway, p, n, &end->out);
		return;
	}
	end_hear(end, p, n);
	end_step(end);
}

/* Puts a flight on the wire; what is heard of it may fill the other side's. */
static void
deliver(struct dtls *dtls, enum side from)
{
	struct flight flight = dtls->end[from].out;
	const struct host *src = dtls->party[from].host, *dst = dtls->party[!from].host;

	flight_clear(&dtls->end[from].out);
	if (dtls->tamper != NULL)
		dtls->tamper(from, dtls->turns, &flight);
	dtls->turns++;
	frames_wait(&dtls->lab->frames, thinks[from]);
	for (size_t i = 0, n; i < flight.writes; i++) {
		const uint8_t *p = flight_datagram(&flight, i, &n);

		wire_udp(&dtls->lab->frames, from, src, dtls->port[from], dst, dtls->port[!from], p,
			 n);
		frames_wait(&dtls->lab->frames, 140);
		hear(dtls, !from, p, n);
	}
}

static void
exchange(struct dtls *dtls)
{
	enum side side = CLIENT;

	for (unsigned idle = 0; idle < 2; side = !side) {
		if (dtls->end[side].out.writes == 0) {
			idle++;
			continue;
		}
		idle = 0;
		deliver(dtls, side);
	}
}

/* OpenSSL's DTLS 1.2 server has no memory of the session: it is told when it asks. */
static SSL_SESSION *
remember(SSL *ssl, const unsigned char *id, int n, int *copy)
{
	const struct dtls *dtls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	(void)id, (void)n;
	*copy = 0;
	return fake_session(dtls, dtls->suite);
}

static void
start_resumption(struct dtls *dtls)
{
	const char *suite = dtls->session_suite != NULL ? dtls->session_suite : dtls->suite;
	SSL_SESSION *session;

	dtls->gateway.secret = dtls->secret;
	new_end(dtls, CLIENT);
	if (dtls->version != DTLS1_BAD_VER) {
		new_end(dtls, SERVER);
		SSL_CTX_set_app_data(dtls->end[SERVER].context, dtls);
		SSL_CTX_sess_set_get_cb(dtls->end[SERVER].context, remember);
		SSL_CTX_set_session_cache_mode(dtls->end[SERVER].context, SSL_SESS_CACHE_SERVER);
	}
	session = fake_session(dtls, suite);
	if (SSL_set_session(dtls->end[CLIENT].ssl, session) != 1)
		lab_die("OpenSSL does not take the faked session");
	SSL_SESSION_free(session);
	end_step(&dtls->end[CLIENT]);
}

bool
dtls_resume(struct dtls *dtls)
{
	start_resumption(dtls);
	exchange(dtls);
	return dtls->end[CLIENT].up;
}

static int
bake_cookie(SSL *ssl, unsigned char *cookie, unsigned *n)
{
	(void)ssl;
	*n = 20;
	memcpy(cookie, "a cookie of 20 bytes", *n);
	return 1;
}

static int
taste_cookie(SSL *ssl, const unsigned char *cookie, unsigned n)
{
	(void)ssl;
	return n == 20 && memcmp(cookie, "a cookie of 20 bytes", n) == 0;
}

bool
dtls_full(struct dtls *dtls)
{
	new_end(dtls, CLIENT);
	new_end(dtls, SERVER);
	SSL_CTX_set_cookie_generate_cb(dtls->end[SERVER].context, bake_cookie);
	SSL_CTX_set_cookie_verify_cb(dtls->end[SERVER].context, taste_cookie);
	SSL_set_options(dtls->end[SERVER].ssl, SSL_OP_COOKIE_EXCHANGE);
	end_step(&dtls->end[CLIENT]);
	exchange(dtls);
	return dtls->end[CLIENT].up && dtls->end[SERVER].up;
}

void
dtls_repeat(struct dtls *dtls, unsigned seconds)
{
	frames_wait(&dtls->lab->frames, (uint64_t)seconds * SECOND);
	for (int side = CLIENT; side <= SERVER; side++)
		if (dtls->end[side].ssl != NULL)
			time_out(&dtls->end[side]);
	exchange(dtls);
}

void
dtls_blocked(struct dtls *dtls, unsigned times, bool refused)
{
	const struct host *client = dtls->party[CLIENT].host, *server = dtls->party[SERVER].host;
	struct end *end = &dtls->end[CLIENT];
	struct frames *frames = &dtls->lab->frames;

	start_resumption(dtls);
	for (unsigned i = 0; i < times; i++) {
		size_t n;
		const uint8_t *p = flight_datagram(&end->out, 0, &n);

		wire_udp(frames, CLIENT, client, dtls->port[CLIENT], server, dtls->port[SERVER], p,
			 n);
		flight_clear(&end->out);
		if (refused) {
			frames_wait(frames, thinks[SERVER]);
			wire_unreachable(frames, SERVER, server, client);
		}
		frames_wait(frames, SECOND << i);
		time_out(end);
	}
}

void
dtls_alive(struct dtls *dtls)
{
	static const uint8_t probe[] = {3, 'D', 'P', 'D'};

	end_say(&dtls->end[CLIENT], probe, sizeof(probe));
	exchange(dtls);
}

void
dtls_free(struct dtls *dtls)
{
	for (int side = CLIENT; side <= SERVER; side++)
		end_free(&dtls->end[side]);
}
