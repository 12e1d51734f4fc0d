/* IEEE 802.11 data frames. */
#ifndef DISSECTORS_WIFI_H
#define DISSECTORS_WIFI_H

#include "link.h"

/* wifi_dissect reads an 802.11 header; *next is ETHERTYPE_NONE for what holds no readable packet: management
 * and control frames, encrypted ones, fragments and aggregates. */
enum dis wifi_dissect(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at);

/* wifi_radiotap does the same behind a radiotap header. */
enum dis wifi_radiotap(struct slice *in, struct link_header *out, uint16_t *next, struct dis_at *at);

#endif
