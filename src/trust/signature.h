/* Signatures of the files that CUCM signs for phones: RSA, PKCS #1 v1.5 (facts sheet cisco-phones, section 2.2). */
#ifndef SRC_TRUST_SIGNATURE_H
#define SRC_TRUST_SIGNATURE_H

#include "dissectors/signed_file.h"

enum signature_check {
	SIGNATURE_FITS,
	SIGNATURE_WRONG,
	SIGNATURE_UNCHECKED, /* an unknown digest, or a certificate without an RSA key */
	SIGNATURE_NO_MEMORY,
};

/* signature_check holds a file's signature against the certificate (DER) of its signer. */
enum signature_check signature_check(const struct signed_file *file, struct slice certificate);

#endif
