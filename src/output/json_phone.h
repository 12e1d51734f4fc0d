/* The line of one phone: who it is, what it was told, what happened to it. */
#ifndef SRC_OUTPUT_JSON_PHONE_H
#define SRC_OUTPUT_JSON_PHONE_H

#include <stdio.h>

#include "about.h"
#include "json_writer.h"

/* json_phone writes a phone and names its findings. */
void json_phone(FILE *to, const struct phone *phone, struct span findings);

/* json_gateway writes the server of a visit as "gateway". */
void json_gateway(struct json *json, const struct visit *visit);

#endif
