/* --hash: certificates and hashes translated between files, hex, Base64 and the certHash line. */
#ifndef SRC_TRANSLATE_H
#define SRC_TRANSLATE_H

#include <stdbool.h>
#include <stdio.h>

/* translate writes what a word is in all forms: a certificate file (PEM or DER), or a hash. False, with the reason
 * said, where it is neither. */
bool translate(FILE *to, const char *word);

#endif
