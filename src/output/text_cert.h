/* Certificates as people read them, and whether the phone trusts them. */
#ifndef SRC_OUTPUT_TEXT_CERT_H
#define SRC_OUTPUT_TEXT_CERT_H

#include "findings/case.h"
#include "wrap.h"

/* text_certs writes the certificates of a visit's handshake; one that an earlier handshake of the
 * visit showed is only named. */
void text_certs(struct wrap *wrap, const struct report *report, const struct visit *visit,
		size_t index);

/* text_trusts writes what the phone was told to trust here, a line for each hash; nothing where
 * nothing is known. */
void text_trusts(struct wrap *wrap, const struct report *report, const struct visit *visit);

#endif
