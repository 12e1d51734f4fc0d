/* What a Cisco phone calls itself. */
#ifndef SRC_TRUST_PHONE_NAME_H
#define SRC_TRUST_PHONE_NAME_H

#include <stdbool.h>

#define PHONE_NAME_SIZE 16 /* with its NUL */

/* phone_name_read says whether text begins with a phone's name: "SEP" and the 12 hex digits of its
 * MAC address, in any case, with no letter or digit behind them. It copies the name in upper case.
 */
bool phone_name_read(const char *text, char name[PHONE_NAME_SIZE]);

#endif
