/* What phone_file.c shares with phone_file_seal.c and phone_file_list.c, and with nobody else. */
#ifndef SRC_TRUST_PHONE_FILE_ROOM_H
#define SRC_TRUST_PHONE_FILE_ROOM_H

#include "phone_file.h"

/* seal_read reads the header in front of body, which becomes what stands behind it. False when out of memory; and so in all
 * below. */
bool seal_read(struct phone_file *file, struct slice *body);

/* records_read reads the records of a trust list. */
bool records_read(struct phone_file *file, struct slice list, struct cert_store *certs);

/* What they hold. */
size_t seal_weight(const struct seal *seal);
void seal_free(struct seal *seal);
size_t records_weight(const struct phone_file *file);
void records_free(struct phone_file *file);

/* keep_text escapes text that is there, and else leaves NULL. */
bool keep_text(struct slice text, char **out);

/* keep_serial does so with a serial number, as lower-case hex of a number: without zero bytes in front. */
bool keep_serial(struct slice serial, char **out);

/* kept_size gives the bytes that a text takes; 0 for NULL. */
size_t kept_size(const char *text);

#endif
