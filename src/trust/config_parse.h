/* Reading the XML of a configuration: the door between phone_config.c, config_file.c and phone_file.c,
 * and nobody else's. */
#ifndef SRC_TRUST_CONFIG_PARSE_H
#define SRC_TRUST_CONFIG_PARSE_H

#include "dissectors/slice.h"
#include "phone_config.h"

/* What there is to say of one that cannot be read. */
extern const char config_encrypted[];

/* config_parse reads a document without a header; source names it. NULL with *problem set to static text, or to NULL
 * when out of memory. *cut says that there is a configuration in it, and that it ends in the middle. */
struct phone_config *config_parse(struct slice xml, const char *source, bool *cut, const char **problem);

#endif
