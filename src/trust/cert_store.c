/* Certificates kept: each distinct one once, for as long as somebody uses it; and what can be told
 * of one without OpenSSL. */
#include "cert.h"

#include <arpa/inet.h>
#include <stdlib.h>

#include "cert_parse.h"
#include "fetch.h"
#include "hash.h"
#include "limit.h"
#include "phone_name.h"
#include "text.h"

#define BUCKETS (LIMIT_CERTS * 2)

struct cert_store {
	uint64_t seed;
	struct cert *bucket[BUCKETS];
	STAILQ_HEAD(by_age, cert) by_age; /* the one that goes next first */
	size_t n;
	size_t living; /* certificates of this store, forgotten ones too */
	size_t held;   /* bytes in them, without what JSON says of them */
	size_t json_held;
	bool freed;    /* but for those that live */
};

struct cert_store *
cert_store_new(uint64_t seed)
{
	struct cert_store *store = cert_begin() ? calloc(1, sizeof(*store)) : NULL;

	if (store == NULL)
		return NULL;
	store->seed = seed;
	STAILQ_INIT(&store->by_age);
	return store;
}

static uint64_t
fold(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* As flow.c hashes its keys: whoever sends certificates can choose all of their bytes and even the first bits of their
 * SHA-256, but cannot aim at a bucket without the seed; and it is far cheaper. */
static uint64_t
hash_of(const struct cert_store *store, struct slice der)
{
	const uint64_t secret = store->seed ^ UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = fold(store->seed ^ der.n, UINT64_C(0xd6e8feb86659fd93));
	uint64_t word[2];

	while (slice_copy(&der, word, sizeof(word)))
		hash = fold(hash ^ word[0], secret ^ word[1]);
	word[0] = word[1] = 0;
	slice_copy(&der, word, der.n);
	return fold(hash ^ word[0], secret ^ word[1]);
}

/* What JSON says of one that is found will be wanted. */
static bool
is(const struct cert *cert, struct slice der, uint64_t hash)
{
	if (cert->hash != hash || cert->der_len != der.n)
		return false;
	fetch(cert->der, der.n);
	fetch(cert->json, cert->json_len);
	return slice_starts(der, cert->der, der.n);
}

static struct cert *
find(const struct cert_store *store, struct slice der, uint64_t hash)
{
	struct cert *cert = store->bucket[hash % BUCKETS];

	while (cert != NULL && !is(cert, der, hash))
		cert = cert->next;
	return cert;
}

/* forget lets the first one go that was not asked for again: what is asked for often stays, and asking costs no more
 * than a mark. */
static void
forget(struct cert_store *store)
{
	struct cert *cert, **at;

	while ((cert = STAILQ_FIRST(&store->by_age))->asked) {
		cert->asked = false;
		STAILQ_REMOVE_HEAD(&store->by_age, newer);
		STAILQ_INSERT_TAIL(&store->by_age, cert, newer);
	}
	STAILQ_REMOVE_HEAD(&store->by_age, newer);
	for (at = &store->bucket[cert->hash % BUCKETS]; *at != cert; at = &(*at)->next)
		continue;
	*at = cert->next;
	store->n--;
	cert_unref(cert);
}

void
cert_store_free(struct cert_store *store)
{
	if (store == NULL)
		return;
	while (store->n > 0)
		forget(store);
	if (store->living == 0)
		free(store);
	else
		store->freed = true;
}

size_t
cert_store_held(const struct cert_store *store)
{
	return store->held;
}

static size_t
text_size(const char *text)
{
	return text != NULL ? strlen(text) + 1 : 0;
}

static size_t
list_size(char *const *list, size_t n)
{
	size_t size = n * sizeof(*list);

	for (size_t i = 0; i < n; i++)
		size += text_size(list[i]);
	return size;
}

static size_t
cert_size(const struct cert *cert)
{
	return sizeof(*cert) + cert->der_len + text_size(cert->key_type) + text_size(cert->curve) +
	       text_size(cert->subject) + text_size(cert->issuer) + text_size(cert->subject_cn) +
	       text_size(cert->issuer_cn) + text_size(cert->serial) + text_size(cert->signature) +
	       list_size(cert->dns_names, cert->n_dns_names) + list_size(cert->ip_addresses, cert->n_ip_addresses);
}

/* keep parses a certificate that is new to the store; NULL when out of memory. */
static struct cert *
keep(struct cert_store *store, struct slice der, uint64_t hash)
{
	struct cert **bucket = &store->bucket[hash % BUCKETS], *cert = cert_parse(der);

	if (cert == NULL)
		return NULL;
	cert->refs = 1;
	cert->size = cert_size(cert);
	cert->store = store;
	store->living++;
	store->held += cert->size;
	while (store->n > 0 && (store->n == LIMIT_CERTS || store->held > LIMIT_CERT_BYTES))
		forget(store);
	cert->hash = hash;
	cert->next = *bucket;
	*bucket = cert;
	STAILQ_INSERT_TAIL(&store->by_age, cert, newer);
	store->n++;
	return cert;
}

const struct cert *
cert_store_get(struct cert_store *store, struct slice der)
{
	uint64_t hash = hash_of(store, der);
	struct cert *cert = find(store, der, hash);

	if (cert != NULL)
		cert->asked = true;
	else
		cert = keep(store, der, hash);
	return cert_ref(cert);
}

static void
free_list(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

void
cert_free(struct cert *cert)
{
	if (cert == NULL)
		return;
	free(cert->der);
	free(cert->json);
	free(cert->key_type);
	free(cert->curve);
	free(cert->subject);
	free(cert->issuer);
	free(cert->subject_cn);
	free(cert->issuer_cn);
	free(cert->serial);
	free(cert->signature);
	free_list(cert->dns_names, cert->n_dns_names);
	free_list(cert->ip_addresses, cert->n_ip_addresses);
	free(cert);
}

/* The count, and whether it has its JSON yet, are all that changes in a certificate, and they are this room's alone. */
const struct cert *
cert_ref(const struct cert *cert)
{
	if (cert != NULL)
		((struct cert *)cert)->refs++;
	return cert;
}

void
cert_unref(const struct cert *cert)
{
	struct cert_store *store;

	if (cert == NULL || --((struct cert *)cert)->refs > 0)
		return;
	store = cert->store;
	store->living--;
	store->held -= cert->size;
	store->json_held -= cert->json_len;
	if (store->freed && store->living == 0)
		free(store);
	cert_free((struct cert *)cert);
}

void
cert_keep_json(const struct cert *cert, struct slice json)
{
	struct cert *kept = (struct cert *)cert;
	struct cert_store *store = cert->store;

	if (store == NULL || cert->json != NULL || json.n == 0 || json.n > LIMIT_CERT_JSON - store->json_held)
		return;
	kept->json = malloc(json.n);
	if (kept->json == NULL)
		return;
	memcpy(kept->json, json.p, json.n);
	kept->json_len = json.n;
	store->json_held += json.n;
}

char *
cert_hex(const char *sign, struct slice bytes)
{
	char hex[LIMIT_TEXT + 4];

	bytes = slice_first(bytes, LIMIT_TEXT / 2 + 1);
	strcpy(hex, sign);
	hash_hex(bytes.p, bytes.n, hex + strlen(hex));
	return text_escape_string(hex);
}

/* ip_text gives an address; bytes of no address's length stay hex. */
static char *
ip_text(struct slice bytes)
{
	char text[INET6_ADDRSTRLEN];

	if (bytes.n != sizeof(struct in_addr) && bytes.n != sizeof(struct in6_addr))
		return cert_hex("", bytes);
	inet_ntop(bytes.n == sizeof(struct in_addr) ? AF_INET : AF_INET6, bytes.p, text,
		  sizeof(text));
	return text_escape_string(text);
}

bool
cert_add_alt_name(struct cert *cert, bool dns, struct slice bytes, size_t *room)
{
	char ***list = dns ? &cert->dns_names : &cert->ip_addresses;
	size_t *n = dns ? &cert->n_dns_names : &cert->n_ip_addresses;
	char *text, **longer;

	if (cert->alt_names_cut)
		return true;
	text = dns ? text_escape(bytes) : ip_text(bytes);
	if (text == NULL)
		return false;
	if (cert->n_dns_names + cert->n_ip_addresses == LIMIT_ALT_NAMES || strlen(text) > *room) {
		cert->alt_names_cut = true;
		free(text);
		return true;
	}
	longer = realloc(*list, (*n + 1) * sizeof(**list));
	if (longer == NULL) {
		free(text);
		return false;
	}
	*list = longer;
	longer[(*n)++] = text;
	*room -= strlen(text);
	return true;
}

bool
cert_issued(const struct cert *issuer, const struct cert *leaf)
{
	return issuer->parsed && leaf->parsed &&
	       memcmp(issuer->subject_id, leaf->issuer_id, SHA1_SIZE) == 0;
}

bool
cert_phone_name(const struct cert *cert, char name[PHONE_NAME_SIZE])
{
	const char *cn = cert->subject_cn == NULL ? "" : cert->subject_cn;
	size_t n = strlen(cn);
	const char *last = n < PHONE_NAME_SIZE - 1 ? cn : cn + n - (PHONE_NAME_SIZE - 1);

	return (last == cn || last[-1] == '-') && phone_name_read(last, name);
}
