/* The line of one handshake: by far the longest, so it has a room of its own. */
#ifndef SRC_OUTPUT_JSON_HANDSHAKE_H
#define SRC_OUTPUT_JSON_HANDSHAKE_H

#include <stdio.h>

#include "tls/fact.h"

/* json_handshake writes a handshake that is over. */
void json_handshake(FILE *to, const struct handshake *handshake);

#endif
