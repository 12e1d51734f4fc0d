/* The same frames as other taps would have seen them. */
#ifndef LAB_RELINK_H
#define LAB_RELINK_H

#include "frames.h"

/* relink_tag puts a VLAN tag into every frame, outside of those that are there. */
void relink_tag(struct frames *frames, uint16_t ethertype, uint16_t vlan);

/* relink_tag_voice puts the frames from and to one MAC address into a VLAN, as a switch does with a
 * phone's; those to link-local groups (CDP, LLDP) go without a tag. */
void relink_tag_voice(struct frames *frames, const uint8_t mac[6], uint16_t vlan);

/* relink_pad fills short frames up to Ethernet's least: what everybody but their sender sees. */
void relink_pad(struct frames *frames);

/* relink turns Ethernet frames into those of another link type: DLT_RAW, DLT_NULL, DLT_LINUX_SLL or
 * DLT_LINUX_SLL2, as seen on the server. */
void relink(struct frames *frames, int linktype);

/* relink_erspan wraps every frame as a switch does that sends its span over IP: GRE and ERSPAN II.
 */
void relink_erspan(struct frames *frames);

/* relink_fragment cuts an IPv4 frame into fragments of at most n bytes of payload, a multiple of 8.
 */
void relink_fragment(struct frames *frames, size_t index, size_t n);

/* relink_offload shows one side's IPv4 and TCP as its own host sees them before the network card
 * fills in the checksums; frames too long for Ethernet have no total length either. */
void relink_offload(struct frames *frames, enum side from);

#endif
