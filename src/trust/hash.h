/* Certificate hashes as people write them: Base64 in a phone's configuration, hex in Wireshark and OpenSSL. */
#ifndef SRC_TRUST_HASH_H
#define SRC_TRUST_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cert.h"

/* A digest, judged by its length: 20 bytes SHA-1, 32 SHA-256, 64 SHA-512 (facts sheet cisco-phones, section 1.1). */
struct hash {
	uint8_t bytes[SHA512_SIZE];
	size_t n;
};

enum hash_form { HASH_BAD, HASH_BASE64, HASH_HEX };

#define HASH_BASE64_SIZE 89 /* Base64 of the longest, with its NUL */
#define HASH_HEX_SIZE 129

/* hash_parse reads Base64, or hex with or without colons, blanks and dashes. HASH_BAD: neither, or no digest's length. */
enum hash_form hash_parse(const char *text, struct hash *out);

/* hash_base64 and hash_hex (lower case) write n bytes as text; out is of HASH_BASE64_SIZE or HASH_HEX_SIZE. */
void hash_base64(const uint8_t *bytes, size_t n, char *out);
void hash_hex(const uint8_t *bytes, size_t n, char *out);

/* hash_fits says whether a certificate has this hash. */
bool hash_fits(const struct hash *hash, const struct cert *cert);

/* hash_name names a hash by its length: "SHA-1". */
const char *hash_name(const struct hash *hash);

#endif
