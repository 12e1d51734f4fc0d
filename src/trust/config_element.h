/* What the elements of a phone's configuration say, by name and text: phone_config.c's other half,
 * without XML. */
#ifndef SRC_TRUST_CONFIG_ELEMENT_H
#define SRC_TRUST_CONFIG_ELEMENT_H

#include "phone_config.h"

/* config_take_vpn takes an element inside <vpnGroup>, however deep; text is not empty and trimmed.
 * Names count in any case, and those that mean nothing here are passed over. False when out of
 * memory; and so below. */
bool config_take_vpn(struct phone_config *config, const char *name, const char *text);

/* config_take_device takes an element that stands right in <device>. */
bool config_take_device(struct phone_config *config, const char *name, const char *text);

/* config_take_bare takes the lines that stand in <credentials> without an element of their own, if
 * they are hashes; it changes text. */
bool config_take_bare(struct phone_config *config, char *text);

#endif
