/* --hash: certificates and hashes translated. */
#include "translate.h"

#include <ctype.h>

#include "diag.h"
#include "sandbox/opened.h"
#include "trust/cert.h"
#include "trust/hash.h"

static void
print_hash(FILE *to, const char *name, const uint8_t *bytes, size_t n)
{
	char hex[HASH_HEX_SIZE], base64[HASH_BASE64_SIZE];

	hash_hex(bytes, n, hex);
	hash_base64(bytes, n, base64);
	fprintf(to, "  %-8s hex       ", name);
	for (size_t i = 0; hex[i] != '\0'; i++)
		fprintf(to, "%s%c", i > 0 && i % 2 == 0 ? ":" : "", toupper((unsigned char)hex[i]));
	fprintf(to, "\n  %-8s Base64    %s\n", "", base64);
	if (n == SHA1_SIZE)
		fprintf(to, "  %-8s certHash  <certHash1>%s</certHash1>\n", "", base64);
}

/* The MD5 in hex is how a phone's configuration names the phone's own certificate. */
static void
print_cert(FILE *to, const char *path, const struct cert *cert)
{
	char md5[HASH_HEX_SIZE];

	fprintf(to, "%s\n", path);
	if (cert->parsed)
		fprintf(to, "  subject            %s\n  serial             %s\n", cert->subject, cert->serial);
	fprintf(to, "  DER                %zu bytes\n", cert->der_len);
	print_hash(to, "SHA-1", cert->sha1, SHA1_SIZE);
	print_hash(to, "SHA-256", cert->sha256, SHA256_SIZE);
	if (!cert->has_md5)
		return;
	hash_hex(cert->md5, MD5_SIZE, md5);
	fprintf(to, "  MD5      certHash  <certHash>%s</certHash>, of a phone's own certificate\n", md5);
}

static bool
translate_file(FILE *to, const char *path)
{
	struct cert_store *store = cert_store_new(0);
	const char *why = "out of memory";
	const struct cert *cert = store != NULL ? cert_file_read(store, path, &why) : NULL;

	if (cert == NULL) {
		diag_error("%s: %s", path, why);
	} else {
		print_cert(to, path, cert);
	}
	cert_unref(cert);
	cert_store_free(store);
	return cert != NULL;
}

bool
translate(FILE *to, const char *word)
{
	struct hash hash;

	if (opened_is_file(word))
		return translate_file(to, word);
	if (hash_parse(word, &hash) == HASH_BAD) {
		diag_error("%s: no such file, and neither Base64 nor hex of a SHA-1, SHA-256 or SHA-512", word);
		return false;
	}
	fprintf(to, "%s\n", word);
	print_hash(to, hash_name(&hash), hash.bytes, hash.n);
	return true;
}
