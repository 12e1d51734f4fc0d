/* The header of files that CUCM signs for phones, .sgn, .enc.sgn and .tlv: facts sheet cisco-phones, section 2.
 *
 *   TLV = tag (1), length (2), value; 3, 7, 9, 16, 17 and 21 only span the TLVs behind them; 13 is one lone byte. */
#ifndef DISSECTORS_SIGNED_FILE_H
#define DISSECTORS_SIGNED_FILE_H

#include "dis.h"
#include "slice.h"

/* Tag 8. 3 is SHA-512 in all that public tools write; an old tool had SHA-384 there. */
enum signed_digest { SIGNED_SHA1 = 1, SIGNED_SHA256 = 2, SIGNED_SHA512 = 3 };

/* What was not there is empty or 0. Texts come without their NUL. */
struct signed_file {
	uint8_t major, minor;   /* tag 1 */
	uint16_t header_length; /* tag 2: bytes from the file's first to its body's */
	uint8_t signer_major, signer_minor; /* tag 28 */
	struct slice signer_name, signer_serial, signer_issuer; /* tags 4, 5, 6 */
	uint8_t digest;    /* tag 8, enum signed_digest, or another */
	uint8_t algorithm; /* tag 10: 0 RSA */
	uint8_t modulus;   /* tag 11: 0 = 512 bits, 1 = 1024, 2 = 2048, 3 = 4096 */
	struct slice signature; /* tag 12 */
	struct slice before, behind; /* what was signed: all of the file but the TLV of tag 12 */
	struct slice file_name; /* tag 14 */
	bool has_time;
	uint32_t time; /* tag 15, seconds since 1970 */
	bool encrypted; /* tag 16 is there: the body is AES-CBC */
	struct slice iv, wrapped_key; /* tags 19, 25 */
	uint16_t key_bits;            /* tag 23 */
	struct slice body; /* behind the header */
};

/* signed_file_opens says whether bytes begin such a header: DIS_OK, DIS_MORE, DIS_BAD. */
enum dis signed_file_opens(struct slice file);

/* signed_file_dissect reads the header. Unknown tags are stepped over. DIS_MORE: the file ends inside its header. DIS_BAD:
 * what stands in it cannot be, or does not add up to the header's length. Where it fails, out has what came before. */
enum dis signed_file_dissect(struct slice file, struct signed_file *out, struct dis_at *at);

#endif
