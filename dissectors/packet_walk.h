/* The long way through a frame, behind packet.h: it reads any, and knows what is wrong with it. */
#ifndef DISSECTORS_PACKET_WALK_H
#define DISSECTORS_PACKET_WALK_H

#include "packet.h"

/* packet_walk does what packet_dissect does, layer by layer. */
enum dis packet_walk(uint32_t linktype, struct slice frame, struct packet *out, struct dis_at *at);

#endif
