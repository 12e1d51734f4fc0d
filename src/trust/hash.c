/* Certificate hashes as people write them. */
#include "hash.h"

#include <string.h>
#include <strings.h>

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex_digits[] = "0123456789abcdef";

/* Not isspace: it asks the locale. */
static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_digest_size(size_t n)
{
	return n == SHA1_SIZE || n == SHA256_SIZE || n == SHA512_SIZE;
}

/* value_of gives what a digit is worth, -1 where it is none. */
static int
value_of(char c, const char *digits)
{
	const char *found = c == '\0' ? NULL : strchr(digits, c);
	return found == NULL ? -1 : (int)(found - digits);
}

static int
hex_value(char c)
{
	return value_of(c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c, hex_digits);
}

/* parse_hex takes separators between bytes, never inside one: a lost digit must not go unseen. */
static bool
parse_hex(const char *text, struct hash *out)
{
	*out = (struct hash){.n = 0};
	while (*text != '\0') {
		int high = hex_value(text[0]), low;
		if (high < 0 && out->n > 0 && (is_blank(*text) || *text == ':' || *text == '-')) {
			text++;
			continue;
		}
		low = high < 0 ? -1 : hex_value(text[1]);
		if (low < 0 || out->n == sizeof(out->bytes))
			return false;
		out->bytes[out->n++] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	return is_digest_size(out->n);
}

/* parse_base64 takes line breaks anywhere, and padding that is whole or not there at all. */
static bool
parse_base64(const char *text, struct hash *out)
{
	uint32_t bits = 0;
	unsigned waiting = 0; /* bits that make no whole byte yet */
	size_t padding = 0;

	*out = (struct hash){.n = 0};
	for (; *text != '\0'; text++) {
		int value = value_of(*text, base64_digits);
		if (is_blank(*text))
			continue;
		if (*text == '=') {
			padding++;
			continue;
		}
		if (value < 0 || padding > 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		waiting += 6;
		if (waiting < 8)
			continue;
		if (out->n == sizeof(out->bytes))
			return false;
		waiting -= 8;
		out->bytes[out->n++] = (uint8_t)(bits >> waiting);
	}
	return is_digest_size(out->n) && (padding == 0 || padding == 3 - out->n % 3);
}

/* after_label skips what openssl x509 -fingerprint writes before the digits: "SHA1 Fingerprint=".
 */
static const char *
after_label(const char *text)
{
	static const char label[] = "fingerprint=";

	for (const char *at = text; *at != '\0'; at++)
		if (strncasecmp(at, label, strlen(label)) == 0)
			return at + strlen(label);
	return text;
}

enum hash_form
hash_parse(const char *text, struct hash *out)
{
	text = after_label(text);
	while (is_blank(*text))
		text++;
	if (parse_hex(text, out))
		return HASH_HEX;
	/* Hex that lost some digits must not pass for Base64 that lost its padding. */
	if (text[strspn(text, "0123456789ABCDEFabcdef \t\r\n")] != '\0' && parse_base64(text, out))
		return HASH_BASE64;
	*out = (struct hash){.n = 0};
	return HASH_BAD;
}

void
hash_base64(const uint8_t *bytes, size_t n, char *out)
{
	for (size_t i = 0; i < n; i += 3) {
		uint32_t bits = (uint32_t)bytes[i] << 16;
		if (i + 1 < n)
			bits |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < n)
			bits |= bytes[i + 2];
		*out++ = base64_digits[bits >> 18];
		*out++ = base64_digits[bits >> 12 & 63];
		*out++ = i + 1 < n ? base64_digits[bits >> 6 & 63] : '=';
		*out++ = i + 2 < n ? base64_digits[bits & 63] : '=';
	}
	*out = '\0';
}

void
hash_hex(const uint8_t *bytes, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++) {
		*out++ = hex_digits[bytes[i] >> 4];
		*out++ = hex_digits[bytes[i] & 15];
	}
	*out = '\0';
}

/* digest_of gives the certificate's own digest of this size; NULL where there is none. */
static const uint8_t *
digest_of(const struct cert *cert, size_t n)
{
	switch (n) {
	case SHA1_SIZE:
		return cert->sha1;
	case SHA256_SIZE:
		return cert->sha256;
	case SHA512_SIZE:
		return cert->sha512;
	default:
		return NULL;
	}
}

bool
hash_fits(const struct hash *hash, const struct cert *cert)
{
	const uint8_t *digest = digest_of(cert, hash->n);
	return digest != NULL && memcmp(hash->bytes, digest, hash->n) == 0;
}

const char *
hash_name(const struct hash *hash)
{
	switch (hash->n) {
	case SHA1_SIZE:
		return "SHA-1";
	case SHA256_SIZE:
		return "SHA-256";
	case SHA512_SIZE:
		return "SHA-512";
	default:
		return "no digest";
	}
}
