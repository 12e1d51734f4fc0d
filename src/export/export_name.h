/* Names for exported files, safe wherever they come from: letters, digits, '.', '_' and '-', beginning with neither '.' nor
 * '-', of bounded length. */
#ifndef SRC_EXPORT_EXPORT_NAME_H
#define SRC_EXPORT_EXPORT_NAME_H

#include "trust/cert.h"

struct export_name {
	char stem[96]; /* never empty */
	char tail[64]; /* what stands behind the number: ".cnf.xml.sgn"; "" */
};

#define EXPORT_NAME_SIZE (sizeof(struct export_name) + sizeof "-4294967295")

/* export_name_of_file takes the last component of a path, as it was asked for; part: the file did not come whole. */
struct export_name export_name_of_file(const char *path, bool part);

/* export_name_of_cert takes the subject's CN and the beginning of the SHA-1. */
struct export_name export_name_of_cert(const struct cert *cert, const char *tail);

/* export_name_write writes it; number tells apart what has the same name, and stands from 2 on: "stem-2.cnf.xml". */
void export_name_write(const struct export_name *name, unsigned number, char out[EXPORT_NAME_SIZE]);

#endif
