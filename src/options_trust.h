/* The options that say what the phone trusts. Each answers EXIT_NOTHING, or what to exit with; the reason has been said. */
#ifndef SRC_OPTIONS_TRUST_H
#define SRC_OPTIONS_TRUST_H

#include "options.h"

int trust_add_hash(struct trust *trust, const char *text);
int trust_add_gateway(struct trust *trust, const char *text);
int trust_set_now(struct trust *trust, const char *text);

/* trust_verify holds the configurations against the trust lists, and says where a signature is bad or a file is cut. */
int trust_verify(struct trust *trust);
void trust_free(struct trust *trust);

/* trust_name_file keeps the name of a configuration or of a trust list, for options_read_trust. */
int trust_name_file(struct options *options, enum trust_file_kind kind, const char *path);

/* options_no_memory says so, and answers what to exit with. */
int options_no_memory(void);

/* options_make_room makes room for one more element of a list of n; false when out of memory. */
bool options_make_room(void **list, size_t n, size_t size);

#endif
