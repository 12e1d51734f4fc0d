/* What a phone's PC port shows while its user is on the phone and at work. */
#ifndef BENCH_SPAN_H
#define BENCH_SPAN_H

#include "out.h"

/* span_make fills out with one call after the other: voice in the voice VLAN, the PC's browsing beside it, and now and
 * then the phone's VPN. */
void span_make(struct out *out);

#endif
