/* DTLS 0.9 byte by byte: facts sheet anyconnect-wire, section 4. What is odd about it, against
 * DTLS 1.0: the ChangeCipherSpec has a message number of its own, and the Finished hash leaves out
 * the message headers. */
#include "dtls09.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "dissectors/slice.h"

enum { CHANGE_CIPHER_SPEC = 20, HANDSHAKE = 22, APPLICATION_DATA = 23 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, HELLO_VERIFY_REQUEST = 3, FINISHED = 20 };

#define BAD_VER 0x0100
#define RANDOM 32
#define BLOCK 16

struct offer {
	struct slice body, random, session, cookie, suites;
};

static void
need(bool ok)
{
	if (!ok)
		lab_die("the DTLS 0.9 server does not understand its client");
}

/* The PRF of TLS 1.0, RFC 2246 section 5. */
static void
prf(const uint8_t *secret, const char *label, struct slice seed, uint8_t *out, size_t n)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_TLS1_PRF, NULL);
	EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"MD5-SHA1", 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, (void *)secret,
						  DTLS09_SECRET),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, (void *)label,
						  strlen(label)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, (void *)seed.p, seed.n),
		OSSL_PARAM_construct_end()};

	need(EVP_KDF_derive(context, out, n, params) == 1);
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
}

/* A record's header up to its length, which the caller fills. */
static size_t
put_record(struct bytes *out, uint8_t type, uint16_t epoch, uint64_t sequence)
{
	put(out, 1, type);
	put(out, 2, BAD_VER);
	put(out, 2, epoch);
	put(out, 6, sequence);
	return put(out, 2, 0);
}

/* A message in one fragment. */
static void
put_message(struct bytes *out, uint8_t type, uint16_t number, const struct bytes *body)
{
	put(out, 1, type);
	put(out, 3, body->n);
	put(out, 2, number);
	put(out, 3, 0);
	put(out, 3, body->n);
	put_bytes(out, body->b, body->n);
}

/* Appends a record under AES-CBC and HMAC-SHA1, RFC 4346 section 6.2.3.2. */
static void
put_sealed(struct dtls09 *server, struct bytes *out, uint8_t type, const struct bytes *plain)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	struct bytes maced = {.n = 0}, sealed = *plain;
	uint8_t iv[BLOCK], mac[20];
	size_t length, pad;
	int done;

	put(&maced, 2, 1); /* epoch */
	put(&maced, 6, server->sequence);
	put(&maced, 1, type);
	put(&maced, 2, BAD_VER);
	put(&maced, 2, plain->n);
	put_bytes(&maced, plain->b, plain->n);
	HMAC(EVP_sha1(), server->mac_key, 20, maced.b, maced.n, mac, NULL);
	put_bytes(&sealed, mac, sizeof(mac));
	pad = BLOCK - 1 - sealed.n % BLOCK;
	for (size_t i = 0; i <= pad; i++)
		put(&sealed, 1, pad);
	RAND_bytes(iv, BLOCK);
	length = put_record(out, type, 1, server->sequence++);
	put_bytes(out, iv, BLOCK);
	need(EVP_EncryptInit_ex(context,
				server->key_size == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc(),
				NULL, server->key, iv) == 1);
	EVP_CIPHER_CTX_set_padding(context, 0);
	need(EVP_EncryptUpdate(context, out->b + out->n, &done, sealed.b, (int)sealed.n) == 1);
	out->n += (size_t)done;
	put_length(out, length, 2);
	EVP_CIPHER_CTX_free(context);
}

static void
read_offer(struct slice body, struct offer *out)
{
	out->body = body;
	need(slice_skip(&body, 2) && slice_take(&body, RANDOM, &out->random) &&
	     slice_vec(&body, 1, &out->session) && slice_vec(&body, 1, &out->cookie) &&
	     slice_vec(&body, 2, &out->suites));
}

static void
verify(struct bytes *out)
{
	struct bytes body = {.n = 0};
	size_t length = put_record(out, HANDSHAKE, 0, 0);

	put(&body, 2, BAD_VER);
	put(&body, 1, 20);
	put_text(&body, "a cookie of 20 bytes");
	put_message(out, HELLO_VERIFY_REQUEST, 0, &body);
	put_length(out, length, 2);
}

static void
put_hello(const struct dtls09 *server, const struct offer *offer, uint16_t suite,
	  struct bytes *body)
{
	uint8_t random[RANDOM + DTLS09_SESSION];

	RAND_bytes(random, sizeof(random));
	put(body, 2, BAD_VER);
	put_bytes(body, random, RANDOM);
	put(body, 1, DTLS09_SESSION);
	if (server->forgetful)
		put_bytes(body, random + RANDOM, DTLS09_SESSION);
	else
		put_bytes(body, offer->session.p, offer->session.n);
	put(body, 2, suite);
	put(body, 1, 0);
}

static void
make_keys(struct dtls09 *server, const struct offer *offer, const struct bytes *hello)
{
	uint8_t keys[2 * (20 + 32)];
	struct bytes seed = {.n = 0};
	size_t size = (size_t)server->key_size;

	put_bytes(&seed, hello->b + 2, RANDOM);
	put_bytes(&seed, offer->random.p, RANDOM);
	prf(server->secret, "key expansion", slice_of(seed.b, seed.n), keys, 40 + 2 * size);
	memcpy(server->mac_key, keys + 20, 20); /* after the client's */
	memcpy(server->key, keys + 40 + size, size);
}

static void
put_finished(struct dtls09 *server, const struct offer *offer, const struct bytes *hello,
	     uint16_t number, struct bytes *out)
{
	struct bytes said = {.n = 0}, body = {.n = 0}, message = {.n = 0};
	uint8_t digest[36], proof[12];
	unsigned n;

	put_bytes(&said, offer->body.p, offer->body.n);
	put_bytes(&said, hello->b, hello->n);
	need(EVP_Digest(said.b, said.n, digest, &n, EVP_md5_sha1(), NULL) == 1);
	prf(server->secret, "server finished", slice_of(digest, n), proof, sizeof(proof));
	put_bytes(&body, proof, sizeof(proof));
	put_message(&message, FINISHED, number, &body);
	put_sealed(server, out, HANDSHAKE, &message);
}

/* ServerHello, ChangeCipherSpec and Finished in one datagram. */
static void
resume(struct dtls09 *server, const struct offer *offer, struct bytes *out)
{
	uint16_t number = offer->cookie.n > 0, suite = server->suite;
	struct slice offered = offer->suites;
	struct bytes hello = {.n = 0};
	size_t length;

	need(offer->session.n == DTLS09_SESSION && (suite != 0 || slice_u16(&offered, &suite)));
	server->key_size = suite == 0x0035 ? 32 : 16;
	server->sequence = 0;
	put_hello(server, offer, suite, &hello);
	make_keys(server, offer, &hello);
	length = put_record(out, HANDSHAKE, 0, number);
	put_message(out, SERVER_HELLO, number, &hello);
	put_length(out, length, 2);
	length = put_record(out, CHANGE_CIPHER_SPEC, 0, number + 1U);
	put(out, 1, 1);
	put(out, 2, number + 1U);
	put_length(out, length, 2);
	put_finished(server, offer, &hello, (uint16_t)(number + 2), out);
}

static void
hear_hello(struct dtls09 *server, struct slice message, struct bytes *out)
{
	struct offer offer;
	uint8_t type;

	need(slice_u8(&message, &type) && slice_skip(&message, 11));
	if (type != CLIENT_HELLO)
		return;
	read_offer(message, &offer);
	if (server->verifies && offer.cookie.n == 0)
		verify(out);
	else if (!server->silent_after_verify)
		resume(server, &offer, out);
}

void
dtls09_hear(struct dtls09 *server, const uint8_t *p, size_t n, struct flight *out)
{
	struct slice datagram = slice_of(p, n), body;
	struct bytes answer = {.n = 0}, alive = {.n = 0};
	uint16_t epoch;
	uint8_t type;

	while (datagram.n > 0) {
		need(slice_u8(&datagram, &type) && slice_skip(&datagram, 2) &&
		     slice_u16(&datagram, &epoch) && slice_skip(&datagram, 6) &&
		     slice_vec(&datagram, 2, &body));
		if (type == HANDSHAKE && epoch == 0)
			hear_hello(server, body, &answer);
		if (type == APPLICATION_DATA) {
			put(&alive, 1, 4); /* the answer to a dead peer detection */
			put_sealed(server, &answer, APPLICATION_DATA, &alive);
		}
	}
	if (answer.n > 0)
		flight_write(out, answer.b, answer.n);
}
